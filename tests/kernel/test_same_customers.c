/* Two models with the same sources meet the same customers with the same needs: when they come, how
 * long their service takes and how long their patience is, whatever the stations are like. And what
 * can be asked about a job. */
#include <check.h>

#include "conformance/seed.h"

#include <omosim/kernel.h>

#define CUSTOMERS 2000
#define SOURCES 2

struct customer {
    uint64_t identity;
    int64_t came_us, began_us, served_us, lost_us; /* 0 = did not */
};

struct crowd {
    omo_kernel *k;
    struct customer customer[SOURCES][CUSTOMERS];
    uint32_t count[SOURCES];
    omo_source source[SOURCES];
};

static struct customer *customer_of(struct crowd *c, omo_job job)
{
    uint32_t source = omo_job_source(c->k, job).index - c->source[0].index;

    return &c->customer[source][*omo_job_data(c->k, job)];
}

static void on_arrival(omo_kernel *k, void *user, omo_job job)
{
    struct crowd *c = user;
    uint32_t source = omo_job_source(k, job).index - c->source[0].index;

    ck_assert_int_eq(omo_job_age_us(k, job), 0);
    ck_assert_uint_lt(source, SOURCES);
    ck_assert_uint_lt(c->count[source], CUSTOMERS);
    *omo_job_data(k, job) = c->count[source]++;
    *customer_of(c, job) =
        (struct customer){.identity = omo_job_identity(k, job), .came_us = omo_kernel_now_us(k)};
}

static void on_start(omo_kernel *k, void *user, omo_job job)
{
    customer_of(user, job)->began_us = omo_kernel_now_us(k);
}

static void on_done(omo_kernel *k, void *user, omo_job job)
{
    struct customer *c = customer_of(user, job);

    c->served_us = omo_kernel_now_us(k) - c->began_us;
    ck_assert_int_eq(omo_job_age_us(k, job), omo_kernel_now_us(k) - c->came_us);
    ck_assert_uint_eq(omo_job_identity(k, job), c->identity);
}

static void on_reneged(omo_kernel *k, void *user, omo_job job)
{
    struct customer *c = customer_of(user, job);

    c->lost_us = omo_kernel_now_us(k) - c->came_us;
}

static omo_law exponential(double minutes)
{
    return (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = minutes * (double)OMO_US_PER_MINUTE};
}

static void crowd_run(struct crowd *c, const omo_station_options *station, uint64_t seed)
{
    static const char *const name[SOURCES] = {"one", "two"};
    omo_kernel_options options = omo_kernel_defaults();
    omo_station_options o = *station;

    *c = (struct crowd){.k = NULL};
    options.seed = seed;
    c->k = omo_kernel_new(&options, NULL);
    o.service = exponential(2);
    o.on_start = on_start;
    o.on_done = on_done;
    o.on_reneged = on_reneged;
    o.user = c;
    omo_station till = omo_kernel_add_station(c->k, &o);
    for (uint32_t i = 0; i < SOURCES; i++) {
        omo_source_options door = omo_source_defaults(name[i]);
        door.interval = exponential(3);
        door.to = till;
        door.count_max = CUSTOMERS;
        door.priority = (int32_t)i;
        door.on_arrival = on_arrival;
        door.user = c;
        c->source[i] = omo_kernel_add_source(c->k, &door);
    }
    ck_assert_int_eq(omo_kernel_run(c->k, 10000 * OMO_US_PER_HOUR, NULL), OMO_OK);
    ck_assert_uint_eq(c->count[0] + c->count[1], SOURCES * CUSTOMERS);
    omo_kernel_free(c->k);
}

/* Returns how many were served by both, or lost patience with both. */
static uint32_t crowd_compare(const struct crowd *a, const struct crowd *b)
{
    uint32_t both = 0;

    for (uint32_t source = 0; source < SOURCES; source++)
        for (uint32_t i = 0; i < CUSTOMERS; i++) {
            const struct customer *x = &a->customer[source][i], *y = &b->customer[source][i];
            if (x->came_us != y->came_us || x->identity != y->identity)
                ck_abort_msg("customer %u of %u is another one", i, source);
            if (x->served_us != 0 && y->served_us != 0 && x->served_us != y->served_us)
                ck_abort_msg("customer %u of %u needs another service", i, source);
            if (x->lost_us != 0 && y->lost_us != 0 && x->lost_us != y->lost_us)
                ck_abort_msg("customer %u of %u has another patience", i, source);
            both +=
                (x->served_us != 0 && y->served_us != 0) || (x->lost_us != 0 && y->lost_us != 0);
        }
    return both;
}

START_TEST(whatever_the_station_is_like)
{
    static struct crowd first, other;
    uint64_t seed = seed_take();
    omo_station_options plain = omo_station_defaults("till"), o;

    plain.servers = 2;
    crowd_run(&first, &plain, seed);
    for (uint32_t what = 0; what < 6; what++) {
        o = plain;
        switch (what) {
        case 0:
            o.discipline = OMO_LIFO;
            o.servers = 1;
            break;
        case 1:
            o.discipline = OMO_SHORTEST;
            o.room = 4;
            break;
        case 2:
            o.discipline = OMO_RANDOM;
            break;
        case 3:
            o.discipline = OMO_PRIORITY;
            o.balk_ppm = OMO_PPM / 2;
            o.balk_from = 1;
            break;
        case 4:
            o.wave_us = OMO_US_PER_HOUR;
            o.servers = 20;
            break;
        default:
            o.servers = OMO_UNLIMITED;
            break;
        }
        crowd_run(&other, &o, seed);
        ck_assert_uint_ge(crowd_compare(&first, &other), CUSTOMERS / 2);
    }
    crowd_run(&other, &plain, seed + 1);
    ck_assert_int_ne(first.customer[0][0].came_us, other.customer[0][0].came_us);
}
END_TEST

START_TEST(patience_too)
{
    static struct crowd first, other;
    uint64_t seed = seed_take();
    omo_station_options o = omo_station_defaults("till");

    o.impatient = true;
    o.patience = exponential(10);
    crowd_run(&first, &o, seed);
    o.discipline = OMO_LIFO;
    crowd_run(&other, &o, seed);
    ck_assert_uint_ge(crowd_compare(&first, &other), CUSTOMERS / 2);
}
END_TEST

/* Identities are different, of all jobs of all sources. */
START_TEST(identities_are_never_used_again)
{
    static struct crowd c;
    omo_station_options o = omo_station_defaults("till");

    o.servers = 3;
    crowd_run(&c, &o, seed_take());
    for (uint32_t i = 0; i < CUSTOMERS; i++)
        for (uint32_t j = 0; j < CUSTOMERS; j++) {
            bool same = c.customer[0][i].identity == c.customer[1][j].identity;
            same = same || (i != j && c.customer[0][i].identity == c.customer[0][j].identity);
            if (same)
                ck_abort_msg("%u and %u have one identity", i, j);
        }
}
END_TEST

/* The model's own draws depend on (seed, replication, stream, entity) alone. */
START_TEST(draws_of_the_model)
{
    omo_kernel_options options = omo_kernel_defaults();
    omo_law law = exponential(1);

    options.seed = seed_take();
    omo_kernel *a = omo_kernel_new(&options, NULL), *b = omo_kernel_new(&options, NULL);
    options.replication = 1;
    omo_kernel *other = omo_kernel_new(&options, NULL);
    omo_kernel_run(b, OMO_US_PER_DAY, NULL);
    uint32_t same = 0;
    for (uint32_t stream = 0; stream < 50; stream++)
        for (uint64_t entity = 0; entity < 50; entity++) {
            int64_t us = omo_kernel_draw_us(a, &law, stream, entity);
            double unit = omo_kernel_draw_unit(a, stream, entity);
            ck_assert_int_eq(omo_kernel_draw_us(b, &law, stream, entity), us);
            ck_assert(omo_kernel_draw_unit(b, stream, entity) == unit);
            ck_assert(unit > 0 && unit < 1);
            same += omo_kernel_draw_us(other, &law, stream, entity) == us;
            same += omo_kernel_draw_us(a, &law, stream, entity + 1) == us;
            same += omo_kernel_draw_us(a, &law, stream + 1, entity) == us;
        }
    ck_assert_uint_le(same, 2); /* chance, in microseconds of a minute */
    omo_kernel_free(a);
    omo_kernel_free(b);
    omo_kernel_free(other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel, same customers");
    TCase *tcase = tcase_create("same customers");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, whatever_the_station_is_like);
    tcase_add_test(tcase, patience_too);
    tcase_add_test(tcase, identities_are_never_used_again);
    tcase_add_test(tcase, draws_of_the_model);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
