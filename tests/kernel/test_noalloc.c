/* After its first run a kernel allocates nothing, whatever it is made of: handlers, timers, reports
 * and resets are part of it. */
#define _GNU_SOURCE
#include <check.h>

#include "conformance/noalloc.h"

#include "conformance/seed.h"

#include "kernel/swarm.h"

START_TEST(nothing_after_the_first_run)
{
    static struct swarm s;
    uint64_t seed = seed_take(), events = 0;
    unsigned long found = 0, before = calls;

    for (uint32_t i = 0; i < 100; i++) {
        omo_station_report station;
        omo_class_report source;
        swarm_make(&s, seed + i, seed);
        ck_assert(calls > before || !NOALLOC_COUNTS); /* the counter counts */
        ck_assert_int_eq(omo_kernel_run(s.k, 0, NULL), OMO_OK);
        before = calls;
        for (int64_t quarter = 1; quarter <= 4; quarter++) {
            omo_kernel_run(s.k, s.until_us * quarter / 4, NULL);
            omo_kernel_station(s.k, (omo_station){0}, &station);
            omo_kernel_station_class(s.k, (omo_station){0}, (omo_source){0}, &source);
            omo_kernel_source(s.k, (omo_source){0}, &source);
            omo_kernel_reset_measures(s.k);
        }
        found += calls - before;
        ck_assert_int_eq(omo_kernel_status(s.k, NULL), OMO_OK);
        events += omo_kernel_event_count(s.k);
        before = calls;
        omo_kernel_free(s.k);
    }
    ck_assert_uint_eq(found, 0);
    ck_assert_uint_ge(events, 100000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel, no allocation");
    TCase *tcase = tcase_create("noalloc");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, nothing_after_the_first_run);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
