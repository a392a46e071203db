/* Random networks keep the laws, whatever they consist of; and canaries show that a law that is
 * broken would be seen. */
#include <check.h>

#include "conformance/seed.h"

#include "kernel/engine.h"
#include "kernel/swarm.h"

#include <stdio.h>

#define SEEDS 200

START_TEST(the_laws_hold)
{
    uint64_t seed = seed_take(), events = 0;

    for (uint32_t i = 0; i < SEEDS; i++)
        swarm_one(seed + i, &events);
    printf("%d networks, %" PRIu64 " events\n", SEEDS, events);
    ck_assert_uint_ge(events, SEEDS * 200);
}
END_TEST

/* ---- canaries -------------------------------------------------------------------------------- */

static void lose_from_queue(struct omo_kernel *k) { k->station[0].waiting--; }
static void count_one_more_inside(struct omo_kernel *k) { k->station[0].inside++; }
static void count_one_more_busy(struct omo_kernel *k) { k->station[0].busy++; }
static void lengthen_the_queue_area(struct omo_kernel *k) { k->station[0].waiting_area++; }
static void count_another_arrival(struct omo_kernel *k) { k->station[0].sums[0].arrived++; }
static void forget_a_departure(struct omo_kernel *k) { k->station[0].sums[0].done--; }
static void forget_an_end(struct omo_kernel *k) { k->source[0].sums.done--; }
static void count_another_job(struct omo_kernel *k)
{
    k->source[0].sums.inside++;
    k->source[0].sums.arrived++;
}

static const struct {
    void (*corrupt)(struct omo_kernel *k);
    const char *text;
} canary[] = {
    {lose_from_queue, "station till: Little's law"},
    {count_one_more_inside, "station till: 3 waiting, 1 served, 0 blocked, 4 inside by its jobs"},
    {count_one_more_busy, "station till: 3 waiting, 1 served, 0 blocked, 4 inside by its jobs"},
    {lengthen_the_queue_area, "station till: Little's law"},
    {count_another_arrival, "station till: conservation of jobs"},
    {forget_a_departure, "station till: conservation of jobs"},
    {forget_an_end, "source door: conservation of jobs"},
    {count_another_job, "jobs alive are not those that the sources made"},
};
#define CANARIES (sizeof(canary) / sizeof(canary[0]))

/* A till at a standstill: one is served for ever, three wait, one was refused. */
static omo_kernel *standstill(void)
{
    omo_kernel *k = omo_kernel_new(NULL, NULL);
    omo_station_options till = omo_station_defaults("till");
    omo_source_options door = omo_source_defaults("door");

    till.service = (omo_law){.kind = OMO_LAW_CONSTANT, .a = 0x1p50};
    till.room = 4;
    door.interval = (omo_law){.kind = OMO_LAW_CONSTANT, .a = 1000};
    door.count_max = 5;
    door.to = omo_kernel_add_station(k, &till);
    omo_kernel_add_source(k, &door);
    ck_assert_int_eq(omo_kernel_run(k, 10000, NULL), OMO_OK);
    return k;
}

START_TEST(a_canary_is_seen)
{
    omo_kernel *k = standstill();
    omo_error error = {0}, again = {0};
    uint64_t events;

    ck_assert_int_eq(omo_kernel_run(k, 20000, &error), OMO_OK);
    canary[_i].corrupt(k);
    ck_assert_int_eq(omo_kernel_run(k, 20000, &error), OMO_EAUDIT);
    ck_assert_int_eq(error.status, OMO_EAUDIT);
    ck_assert_msg(strstr(error.text, canary[_i].text) == error.text, "%s", error.text);
    /* From then on it stands still, and says so again. */
    events = omo_kernel_event_count(k);
    ck_assert_int_eq(omo_kernel_run(k, OMO_FOREVER, &again), OMO_EAUDIT);
    ck_assert_str_eq(again.text, error.text);
    ck_assert_uint_eq(omo_kernel_event_count(k), events);
    omo_kernel_free(k);
}
END_TEST

/* The checks from outside see one, too. */
START_TEST(a_canary_is_seen_from_outside)
{
    static struct swarm s;

    swarm_make(&s, 1, 1);
    swarm_run(&s, s.until_us);
    ck_assert_ptr_null(swarm_check(&s));
    s.k->station[0].sums[0].done++;
    ck_assert_ptr_nonnull(swarm_check(&s));
    s.k->station[0].sums[0].done--;
    ck_assert_ptr_null(swarm_check(&s));
    s.k->source[0].sums.done--;
    ck_assert_ptr_nonnull(swarm_check(&s));
    omo_kernel_free(s.k);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel swarm");
    TCase *tcase = tcase_create("swarm");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, a_canary_is_seen, 0, (int)CANARIES);
    tcase_add_test(tcase, a_canary_is_seen_from_outside);
    tcase_add_test(tcase, the_laws_hold);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
