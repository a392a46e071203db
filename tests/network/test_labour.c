/* Stations: first come, first served; never a queue where servers are without number; gauges. */
#include <check.h>
#include <signal.h>

#include <omosim/model.h>

#include "network/labour.h"

struct bench {
    struct labour station;
    uint32_t link[100];
    struct gauge queue, busy, occupied, duty;
    struct labour_gauges gauges;
};

static void bench_init(struct bench *b, uint32_t servers)
{
    *b = (struct bench){0};
    labour_init(&b->station, servers);
    b->gauges = (struct labour_gauges){&b->queue, &b->busy, &b->occupied, &b->duty};
}

static bool join(struct bench *b, uint32_t job, int64_t now_us)
{
    return labour_join(&b->station, job, b->link, &b->gauges, now_us);
}

static uint32_t leave(struct bench *b, int64_t now_us)
{
    return labour_leave(&b->station, b->link, &b->gauges, now_us);
}

START_TEST(first_come_first_served)
{
    struct bench b;

    bench_init(&b, 2);
    ck_assert(join(&b, 7, 0));
    ck_assert(join(&b, 3, 0));
    ck_assert(!join(&b, 9, 1));
    ck_assert(!join(&b, 1, 2));
    ck_assert(!join(&b, 5, 3));
    ck_assert_uint_eq(b.station.queue_count, 3);
    ck_assert_uint_eq(leave(&b, 4), 9);
    ck_assert_uint_eq(leave(&b, 5), 1);
    ck_assert(!join(&b, 9, 6)); /* a job may come again */
    ck_assert_uint_eq(leave(&b, 7), 5);
    ck_assert_uint_eq(leave(&b, 8), 9);
    ck_assert_uint_eq(leave(&b, 9), OMO_NONE);
    ck_assert_uint_eq(leave(&b, 10), OMO_NONE);
    ck_assert_uint_eq(b.station.busy, 0);
    ck_assert_uint_eq(b.station.first, OMO_NONE);
    ck_assert_uint_eq(b.station.last[0], OMO_NONE);
}
END_TEST

START_TEST(gauges_integrate_jobs)
{
    struct bench b;

    bench_init(&b, 1);
    join(&b, 0, 10);
    join(&b, 1, 20);
    leave(&b, 50);
    leave(&b, 60);
    join(&b, 2, 100);
    leave(&b, 105);
    ck_assert_int_eq((int64_t)b.queue.area, 30);
    ck_assert_int_eq((int64_t)b.busy.area, 55);
    ck_assert_int_eq((int64_t)b.occupied.area, 55);
    ck_assert_int_eq(b.queue.level + b.busy.level + b.occupied.level, 0);
}
END_TEST

START_TEST(without_number)
{
    struct bench b;

    bench_init(&b, OMO_UNLIMITED);
    b.gauges.occupied = NULL;
    for (uint32_t job = 0; job < 100; job++)
        ck_assert(join(&b, job, job));
    ck_assert_int_eq(b.busy.level, 100);
    ck_assert_int_eq(b.queue.level, 0);
    for (uint32_t job = 0; job < 100; job++)
        ck_assert_uint_eq(leave(&b, 100), OMO_NONE);
}
END_TEST

START_TEST(the_lowest_number_first)
{
    static const uint32_t job[] = {10, 11, 12, 13, 14, 15}, priority[] = {3, 1, 1, 0, 3, 1},
                          served[] = {13, 11, 12, 15, 10, 14};
    struct bench b;

    bench_init(&b, 1);
    join(&b, 0, 0);
    for (uint32_t i = 0; i < 6; i++)
        ck_assert(!labour_join_at(&b.station, job[i], priority[i], b.link, &b.gauges, 1));
    for (uint32_t i = 0; i < 6; i++)
        ck_assert_uint_eq(leave(&b, 2), served[i]);
    ck_assert_uint_eq(leave(&b, 3), OMO_NONE);
    for (uint32_t i = 0; i < OMO_PRIORITIES; i++)
        ck_assert_uint_eq(b.station.last[i], OMO_NONE);
}
END_TEST

START_TEST(servers_come_and_go)
{
    struct bench b;

    bench_init(&b, 2);
    b.duty.level = 2;
    join(&b, 1, 0);
    join(&b, 2, 0);
    join(&b, 3, 10);
    join(&b, 4, 10);
    labour_shift(&b.station, 1, &b.gauges, 20); /* one goes, when the job is done */
    ck_assert_int_eq(b.duty.level, 2);
    ck_assert_uint_eq(leave(&b, 30), OMO_NONE);
    ck_assert_int_eq(b.duty.level, 1);
    ck_assert_uint_eq(leave(&b, 40), 3);
    labour_shift(&b.station, 3, &b.gauges, 50); /* two come, one of them has work */
    ck_assert_int_eq(b.duty.level, 3);
    ck_assert_uint_eq(labour_call(&b.station, b.link, &b.gauges, 50), 4);
    ck_assert_uint_eq(labour_call(&b.station, b.link, &b.gauges, 50), OMO_NONE);
    labour_shift(&b.station, 0, &b.gauges, 60);
    ck_assert(!join(&b, 5, 60)); /* nobody takes it */
    ck_assert_int_eq(b.duty.level, 2);
    ck_assert_uint_eq(leave(&b, 70), OMO_NONE);
    ck_assert_uint_eq(leave(&b, 70), OMO_NONE);
    ck_assert_int_eq(b.duty.level, 0);
    ck_assert_int_eq((int64_t)b.duty.area, 2 * 30 + 1 * 20 + 3 * 10 + 2 * 10);
}
END_TEST

START_TEST(nobody_can_leave_an_empty_station)
{
    struct bench b;

    bench_init(&b, 1);
    leave(&b, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("station");
    TCase *tcase = tcase_create("station");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, first_come_first_served);
    tcase_add_test(tcase, gauges_integrate_jobs);
    tcase_add_test(tcase, without_number);
    tcase_add_test(tcase, the_lowest_number_first);
    tcase_add_test(tcase, servers_come_and_go);
    if (srunner_fork_status(runner) == CK_FORK)
        tcase_add_test_raise_signal(tcase, nobody_can_leave_an_empty_station, SIGABRT);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
