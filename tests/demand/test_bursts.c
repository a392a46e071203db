/* Bursts: a Poisson count with the right mean, times with the right density, parts of two days that
 * make one burst, and a profile that knows nothing of them. Fixed keys; |z| <= 4. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "demand/arrivals.h"
#include "demand/bursts.h"
#include "flow/model.h"
#include "network/orders.h"

#define DAYS 400
#define TAPE 200000
#define BINS 20

static struct visit drawn[TAPE], sorted[TAPE];
static uint32_t bucket[TAPE + 1], count[8], burst_count[8];
static struct tape tape;

static omo_model *model_of(const omo_segment_options *segment, uint32_t zones)
{
    omo_model *m = omo_model_new();
    omo_place_options place = omo_place_defaults();
    omo_zone_options zone = omo_zone_defaults();
    omo_channel_options channel = omo_channel_defaults("live_stream", NULL);
    omo_sku_options sku = omo_sku_defaults();
    omo_error error = {0};

    ck_assert_int_eq(omo_model_add_sku(m, &sku, NULL, &error), OMO_OK);
    ck_assert_int_eq(omo_model_add_place(m, &place, NULL, &error), OMO_OK);
    ck_assert_int_eq(omo_model_add_channel(m, &channel, NULL, &error), OMO_OK);
    for (uint32_t i = 0; i < zones; i++) {
        zone.weight = i + 1.0;
        ck_assert_int_eq(omo_model_add_zone(m, &zone, NULL, &error), OMO_OK);
    }
    ck_assert_int_eq(omo_model_add_segment(m, segment, NULL, &error), OMO_OK);
    ck_assert_msg(omo_model_seal(m, &error) == OMO_OK, "%s", error.text);
    return m;
}

static omo_segment_options segment_of(omo_burst burst)
{
    omo_segment_options o = omo_segment_defaults();

    o.burst_count = 1;
    o.burst[0] = burst;
    return o;
}

static struct arrivals arrivals_of(const omo_model *m, uint32_t replication)
{
    return (struct arrivals){.demand = &m->demand,
                             .key = draw_key_make(3, replication),
                             .count = count,
                             .burst_count = burst_count};
}

static void day_of(struct arrivals *a, int64_t day)
{
    tape_init(&tape, drawn, sorted, bucket, TAPE);
    uint64_t sum = arrivals_count(a, day);
    arrivals_draw(a, day, INT64_MAX, &tape);
    ck_assert_uint_eq(sum, tape.count);
}

/* F of a burst of length T and decay d, both in hours. */
static double until(double t, double length, double decay)
{
    return decay == 0.0 ? t / length : (1.0 - exp(-t / decay)) / (1.0 - exp(-length / decay));
}

static const double decays[] = {0.0, 0.5, 3.0};

/* Begins at 21:00 and takes five hours: two of them belong to the next day. */
START_TEST(count_and_times)
{
    const double decay = decays[_i], mean = 60.0, length = 5.0;
    const omo_burst b = {.first_us = 21 * OMO_US_PER_HOUR,
                         .every_us = 2 * OMO_US_PER_DAY,
                         .for_us = 5 * OMO_US_PER_HOUR,
                         .decay_us = (int64_t)(decay * (double)OMO_US_PER_HOUR),
                         .visits = mean};
    omo_segment_options o = segment_of(b);
    omo_model *m = model_of(&o, 2);
    struct arrivals a = arrivals_of(m, 0);
    double n = 0.0, sum = 0.0, square = 0.0, bin[BINS] = {0}, chi = 0.0, of_last = 0.0;

    for (int64_t day = 0; day < DAYS; day += 2) {
        double of_burst = 0.0;
        for (int64_t part = 0; part < 2; part++) {
            day_of(&a, day + part);
            for (uint32_t i = 0; i < tape.count; i++) {
                int64_t since_us = drawn[i].at_us - day * OMO_US_PER_DAY - b.first_us;
                ck_assert_int_ge(since_us, 0);
                ck_assert_int_lt(since_us, b.for_us);
                ck_assert_int_eq(drawn[i].at_us / OMO_US_PER_DAY, day + part);
                double share = until((double)since_us / (double)OMO_US_PER_HOUR, length, decay);
                bin[(uint32_t)fmin(BINS - 1, floor(share * BINS))] += 1.0;
                of_last += drawn[i].cell == 1;
            }
            of_burst += tape.count;
        }
        n += 1.0;
        sum += of_burst;
        square += of_burst * of_burst;
    }
    double variance = (square - sum * sum / n) / (n - 1.0);
    ck_assert_double_le(fabs(sum - n * mean) / sqrt(n * mean), 4.0);
    ck_assert_double_le(fabs(variance / mean - 1.0) / sqrt(2.0 / n), 4.0);
    for (uint32_t i = 0; i < BINS; i++)
        chi += (bin[i] - sum / BINS) * (bin[i] - sum / BINS) / (sum / BINS);
    ck_assert_double_le(fabs(chi - (BINS - 1.0)) / sqrt(2.0 * (BINS - 1.0)), 4.0);
    /* Zones have weights 1 and 2. */
    ck_assert_double_le(fabs(of_last - sum * 2.0 / 3.0) / sqrt(sum * 2.0 / 9.0), 4.0);
    omo_model_free(m);
}
END_TEST

START_TEST(once_or_every_so_often)
{
    const omo_burst b = {.first_us = 3 * OMO_US_PER_DAY, .for_us = OMO_US_PER_HOUR, .visits = 1e3};
    omo_segment_options o = segment_of(b);

    for (int hourly = 0; hourly < 2; hourly++) {
        o.burst[0].every_us = hourly ? OMO_US_PER_HOUR : 0;
        omo_model *m = model_of(&o, 1);
        struct arrivals a = arrivals_of(m, 1);
        for (int64_t day = 0; day < 6; day++) {
            double mean = day < 3 ? 0.0 : hourly ? 24e3 : day == 3 ? 1e3 : 0.0;
            day_of(&a, day);
            ck_assert_double_le(fabs(tape.count - mean), 4.0 * sqrt(mean));
        }
        omo_model_free(m);
    }
}
END_TEST

/* The visits of a burst keep their names and times whatever the profile brings, and no name stands
 * for two. */
START_TEST(names_do_not_meet)
{
    const omo_burst b = {.for_us = OMO_US_PER_HOUR, .visits = 500.0};
    omo_segment_options o = segment_of(b);
    struct visit alone[2000];
    uint32_t alone_count;
    struct arrivals a;

    omo_model *m = model_of(&o, 1);
    a = arrivals_of(m, 2);
    day_of(&a, 0);
    alone_count = tape.count;
    ck_assert_uint_le(alone_count, 2000);
    memcpy(alone, drawn, alone_count * sizeof(alone[0]));
    omo_model_free(m);
    o.visits_per_day = 3000.0;
    m = model_of(&o, 1);
    a = arrivals_of(m, 2);
    day_of(&a, 0);
    uint32_t found = 0;
    for (uint32_t i = 0; i < tape.count; i++) {
        ck_assert_uint_ge(drawn[i].ordinal, 1);
        ck_assert_uint_lt(drawn[i].ordinal, ORDERS_DERIVED);
        for (uint32_t k = 0; k < alone_count; k++)
            found += alone[k].ordinal == drawn[i].ordinal && alone[k].at_us == drawn[i].at_us;
    }
    ck_assert_uint_eq(found, alone_count);
    ck_assert_uint_gt(tape.count, alone_count + 2500);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bursts");
    TCase *tcase = tcase_create("bursts");
    SRunner *runner = srunner_create(suite);

    tcase_add_loop_test(tcase, count_and_times, 0, sizeof(decays) / sizeof(decays[0]));
    tcase_add_test(tcase, once_or_every_so_often);
    tcase_add_test(tcase, names_do_not_meet);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
