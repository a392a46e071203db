/* Few sources keep their next arrival beside the calendar, many keep it inside: the same events come
 * in the same order. Sources that bring nobody push a model over the limit. */
#include <check.h>

#include <omosim/kernel.h>

#include "kernel/engine.h"

struct outcome {
    uint64_t digest, events;
    omo_station_report report;
};

static omo_law exponential(double hours)
{
    return (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = hours * (double)OMO_US_PER_HOUR};
}

static struct outcome run(uint32_t idle_sources, bool by_rates, int64_t step_us)
{
    static const omo_rate rates[] = {{0, 3.0}, {OMO_US_PER_HOUR * 8, 0.0}};
    omo_kernel *k = omo_kernel_new(NULL, NULL);
    omo_station_options desk = omo_station_defaults("desk");
    struct outcome o = {0};

    desk.servers = 2;
    desk.service = exponential(0.4);
    omo_station to = omo_kernel_add_station(k, &desk);
    for (uint32_t i = 0; i < 3; i++) {
        omo_source_options door = omo_source_defaults("door");
        door.to = to;
        door.interval = i == 2 ? (omo_law){.kind = OMO_LAW_CONSTANT, .a = 1e9} : exponential(0.7);
        if (by_rates && i == 0) {
            door.rates = rates;
            door.rate_count = 2;
            door.rate_period_us = OMO_US_PER_DAY;
        }
        door.until_us = (int64_t)(20 + i) * OMO_US_PER_DAY;
        omo_kernel_add_source(k, &door);
    }
    for (uint32_t i = 0; i < idle_sources; i++) {
        omo_source_options nobody = omo_source_defaults("nobody");
        nobody.to = to;
        nobody.interval = exponential(1.0);
        nobody.count_max = 0;
        omo_kernel_add_source(k, &nobody);
    }
    for (int64_t at_us = step_us; at_us < 21 * OMO_US_PER_DAY; at_us += step_us)
        ck_assert_int_eq(omo_kernel_run(k, at_us, NULL), OMO_OK);
    ck_assert_int_eq(omo_kernel_run(k, 30 * OMO_US_PER_DAY, NULL), OMO_OK);
    o.digest = omo_kernel_digest(k);
    o.events = omo_kernel_event_count(k);
    ck_assert_int_eq(omo_kernel_station(k, to, &o.report), OMO_OK);
    omo_kernel_free(k);
    return o;
}

START_TEST(few_or_many)
{
    for (int by_rates = 0; by_rates < 2; by_rates++) {
        struct outcome few = run(0, by_rates == 1, 30 * OMO_US_PER_DAY);
        ck_assert_uint_gt(few.events, 2000);
        for (uint32_t idle = SOURCES_AHEAD - 3; idle < SOURCES_AHEAD; idle++) {
            struct outcome more = run(idle, by_rates == 1, 30 * OMO_US_PER_DAY);
            ck_assert_uint_eq(more.digest, few.digest);
            ck_assert_uint_eq(more.events, few.events);
            ck_assert_double_eq(more.report.queue_mean, few.report.queue_mean);
        }
        ck_assert_uint_eq(run(0, by_rates == 1, OMO_US_PER_HOUR).digest, few.digest);
        ck_assert_uint_eq(run(SOURCES_AHEAD, by_rates == 1, OMO_US_PER_HOUR).digest, few.digest);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sources");
    TCase *tcase = tcase_create("sources");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, few_or_many);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
