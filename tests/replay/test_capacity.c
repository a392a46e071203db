/* The search for the highest rate that holds, on services whose answer is known. */
#include "replay/capacity.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

struct service {
    double capacity;      /* journeys a second */
    double generator_max; /* above it the generator is too slow */
    double noise;         /* the capacity of each probe moves by this share, up and down in turns */
    uint32_t probes, stop_after;
    double breaks_once_at; /* above 0: a hiccup of the first search, from this rate on */
};

static gboolean probe(void *user, struct capacity_probe *p, GError **ret_error)
{
    struct service *s = user;
    const double capacity = s->capacity * (1.0 + (s->probes % 2 == 0 ? s->noise : -s->noise));

    (void)ret_error;
    if (s->stop_after > 0 && s->probes == s->stop_after)
        return FALSE;
    s->probes++;
    p->too_slow = p->rate > s->generator_max;
    p->held = p->rate <= capacity && !p->too_slow &&
              (s->breaks_once_at == 0.0 || p->repeat > 0 || p->rate < s->breaks_once_at);
    p->p99_ms = 5.0 / fmax(0.01, 1.0 - p->rate / s->capacity);
    return TRUE;
}

static struct capacity_result search(struct service *s, double from, uint32_t repeats)
{
    const struct capacity_options options = {.from = from,
                                             .rate_min = 1.0,
                                             .rate_max = 1e6,
                                             .precision = 0.02,
                                             .repeats = repeats,
                                             .user = s,
                                             .probe = probe};
    struct capacity_result result;

    ck_assert(capacity_search(&options, &result, NULL));
    return result;
}

START_TEST(test_finds_the_edge)
{
    static const double from[] = {1.0, 100.0, 777.0, 50000.0};

    for (uint32_t i = 0; i < 4; i++) {
        struct service s = {.capacity = 777.0, .generator_max = INFINITY};
        struct capacity_result r = search(&s, from[i], 1);

        ck_assert_int_eq(r.end, CAPACITY_FOUND);
        ck_assert(r.rate <= 777.0 && r.rate >= 777.0 / 1.02);
        ck_assert(r.high > 777.0 && r.high <= 777.0 * 1.02 * 1.0001);
        ck_assert(isnan(r.half_width));
        ck_assert_uint_eq(r.probes->len, s.probes);
        ck_assert_uint_le(s.probes, 26);
        capacity_clear(&r);
    }
}
END_TEST

START_TEST(test_repeats_give_an_interval)
{
    struct service s = {.capacity = 1000.0, .generator_max = INFINITY, .noise = 0.05};
    struct capacity_result r = search(&s, 100.0, 5);

    ck_assert_int_eq(r.end, CAPACITY_FOUND);
    ck_assert(r.half_width > 0.0 && r.half_width < 150.0);
    ck_assert(r.rate > 900.0 && r.rate < 1060.0);
    ck_assert(r.low <= r.rate);
    capacity_clear(&r);
}
END_TEST

START_TEST(test_ends)
{
    struct service dead = {.capacity = 0.5, .generator_max = INFINITY};
    struct capacity_result r = search(&dead, 100.0, 3);
    ck_assert_int_eq(r.end, CAPACITY_BELOW);
    ck_assert(r.rate == 0.0);
    capacity_clear(&r);

    struct service endless = {.capacity = 1e9, .generator_max = INFINITY};
    r = search(&endless, 100.0, 3);
    ck_assert_int_eq(r.end, CAPACITY_ABOVE);
    ck_assert(r.rate == 1e6 && isnan(r.high));
    capacity_clear(&r);

    struct service fast = {.capacity = 1e9, .generator_max = 5000.0};
    r = search(&fast, 100.0, 1);
    ck_assert_int_eq(r.end, CAPACITY_GENERATOR);
    ck_assert(r.rate <= 5000.0 && r.rate > 4800.0);
    capacity_clear(&r);

    struct service stopped = {.capacity = 1000.0, .generator_max = INFINITY, .stop_after = 2};
    r = search(&stopped, 100.0, 3);
    ck_assert_int_eq(r.end, CAPACITY_STOPPED);
    ck_assert_uint_eq(r.probes->len, 2);
    capacity_clear(&r);
}
END_TEST

/* A first search ends short of the highest rate, a later one holds there: nobody may say that the
 * service level holds at the highest rate. */
START_TEST(test_highest_rate_in_a_later_search)
{
    struct service s = {.capacity = 1050000.0, .generator_max = INFINITY, .breaks_once_at = 9e5};
    struct capacity_result r = search(&s, 850000.0, 2);

    ck_assert_int_eq(r.end, CAPACITY_FOUND);
    ck_assert(r.rate < 1e6 && r.rate > 850000.0 && r.half_width > 0.0);
    ck_assert(g_array_index(r.probes, struct capacity_probe, r.probes->len - 1).rate == 1e6);
    capacity_clear(&r);
}
END_TEST

START_TEST(test_knee)
{
    struct capacity_probe probes[20];

    for (uint32_t i = 0; i < 20; i++) { /* M/M/1: flat, then steep: the knee lies where it turns */
        probes[i] = (struct capacity_probe){.rate = 50.0 * (i + 1)};
        probes[i].p99_ms = 1.0 / (1.0 - probes[i].rate / 1010.0);
    }
    const double knee = capacity_knee(probes, 20);
    ck_assert(knee >= 750.0 && knee <= 950.0);
    ck_assert(isnan(capacity_knee(probes, 3)));
    for (uint32_t i = 0; i < 20; i++)
        probes[i].p99_ms = 1.0;
    ck_assert(isnan(capacity_knee(probes, 20)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("capacity");
    TCase *tcase = tcase_create("search");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, test_finds_the_edge);
    tcase_add_test(tcase, test_repeats_give_an_interval);
    tcase_add_test(tcase, test_ends);
    tcase_add_test(tcase, test_highest_rate_in_a_later_search);
    tcase_add_test(tcase, test_knee);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
