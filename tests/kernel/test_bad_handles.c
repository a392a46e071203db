/* Jobs and timers that are used after their end, twice, or where they may not be: each stops the run
 * with a text or is harmless, as kernel.h says. */
#include <check.h>
#include <string.h>

#include "kernel/small.h"

#define SECOND OMO_US_PER_SECOND
#define NONE UINT32_MAX

/* ---- handles -------------------------------------------------------------------------------- */

START_TEST(stale_timers)
{
    struct small m = {0};

    small_begin(&m, NULL, 10, 10);
    omo_timer a = omo_schedule(m.k, m.bell, 10, 0), b = omo_schedule(m.k, m.bell, 20, 0);
    ck_assert(omo_cancel(m.k, a));
    ck_assert(!omo_cancel(m.k, a));
    omo_timer c = omo_schedule(m.k, m.bell, 30, 0); /* in the room of a */
    ck_assert(!omo_cancel(m.k, a));
    ck_assert_uint_eq(omo_reschedule(m.k, a, 40).slot, NONE);
    omo_timer d = omo_reschedule(m.k, c, 50);
    ck_assert(!omo_cancel(m.k, c));
    small_must_run(&m, 45);
    ck_assert_uint_eq(m.bells, 1); /* b */
    ck_assert(!omo_cancel(m.k, b));
    ck_assert_uint_eq(omo_reschedule(m.k, b, 1).slot, NONE);
    small_must_run(&m, OMO_FOREVER);
    ck_assert_int_eq(omo_kernel_now_us(m.k), 50);
    ck_assert_uint_eq(m.bells, 2);
    ck_assert(!omo_cancel(m.k, d));
    ck_assert(!omo_cancel(m.k, (omo_timer){NONE, 0}));
    ck_assert(!omo_cancel(m.k, (omo_timer){9, 0}));
    ck_assert_uint_eq(omo_kernel_event_count(m.k), 2);
    ck_assert_uint_eq(omo_kernel_stale_count(m.k), 2);
    ck_assert_int_eq(omo_kernel_status(m.k, NULL), OMO_OK);
    omo_kernel_free(m.k);
}
END_TEST

/* Cancelling gives its room back, for ever. */
START_TEST(ten_million_cancelled)
{
    struct small m = {0};

    small_begin(&m, NULL, 10, 2);
    omo_timer timer = omo_schedule(m.k, m.bell, SECOND, 0);
    for (uint32_t i = 0; i < 5000000; i++) {
        timer = omo_reschedule(m.k, timer, SECOND + i);
        omo_timer other = omo_schedule(m.k, m.bell, 100 * SECOND, 0);
        if (!omo_cancel(m.k, other))
            ck_abort_msg("timer %u was stale", i);
    }
    small_must_run(&m, OMO_FOREVER);
    ck_assert_uint_eq(m.bells, 1);
    ck_assert_uint_eq(omo_kernel_stale_count(m.k), 10000000);
    omo_kernel_free(m.k);
}
END_TEST

static void use_after_end(struct small *m, uint32_t subject)
{
    (void)subject;
    m->job = omo_job_new(m->k, m->door);
    omo_job_end(m->k, m->job);
    ck_assert(!omo_job_is_alive(m->k, m->job));
    omo_job_send(m->k, m->job, m->till);
}

static void end_twice(struct small *m, uint32_t subject)
{
    (void)subject;
    m->job = omo_job_new(m->k, m->door);
    omo_job_end(m->k, m->job);
    omo_job job = omo_job_new(m->k, m->door); /* in the same slot */
    omo_job_end(m->k, m->job);
    ck_assert(omo_job_is_alive(m->k, job));
}

static void data_after_end(struct small *m, uint32_t subject)
{
    (void)subject;
    m->job = omo_job_new(m->k, m->door);
    omo_job_end(m->k, m->job);
    ck_assert_ptr_null(omo_job_data(m->k, m->job));
}

static void to_nowhere(struct small *m, uint32_t subject)
{
    (void)subject;
    omo_job_send(m->k, omo_job_new(m->k, m->door), (omo_station){17});
}

static void of_no_source(struct small *m, uint32_t subject)
{
    (void)subject;
    ck_assert(!omo_job_is_alive(m->k, omo_job_new(m->k, (omo_source){17})));
}

static void of_no_kind(struct small *m, uint32_t subject)
{
    (void)subject;
    omo_schedule(m->k, (omo_kind){17}, 5, 0);
}

static void too_skilled(struct small *m, uint32_t subject)
{
    (void)subject;
    omo_job_set_skill(m->k, omo_job_new(m->k, m->door), OMO_SKILLS_MAX);
}

/* Sent by hand twice; the second time it waits at the till. */
static void sent_twice(struct small *m, uint32_t subject)
{
    (void)subject;
    m->job = omo_job_new(m->k, m->door);
    omo_job_send(m->k, m->job, m->till);
    omo_job_send(m->k, m->job, m->till);
}

static void ended_at_the_till(struct small *m, uint32_t subject)
{
    (void)subject;
    m->job = omo_job_new(m->k, m->door);
    omo_job_send(m->k, m->job, m->till);
    omo_job_end(m->k, m->job);
}

static void changed_at_the_till(struct small *m, uint32_t subject)
{
    (void)subject;
    m->job = omo_job_new(m->k, m->door);
    omo_job_send(m->k, m->job, m->till);
    omo_job_set_priority(m->k, m->job, 3);
}

static const struct {
    void (*what)(struct small *m, uint32_t subject);
    const char *text;
} misuse[] = {
    {use_after_end, "after its end"},  {end_twice, "ended already"},
    {data_after_end, "after its end"}, {to_nowhere, "17, which does not exist"},
    {of_no_source, "source 17"},       {of_no_kind, "kind"},
    {too_skilled, "skill 32"},         {sent_twice, "sent to station till while"},
    {ended_at_the_till, "stands at"},  {changed_at_the_till, "priority while"},
};
#define MISUSES (sizeof(misuse) / sizeof(misuse[0]))

START_TEST(stale_and_wrong_handles)
{
    struct small m = {0};

    small_begin(&m, NULL, 10, 10);
    small_ring(&m, 5, misuse[_i].what);
    small_must_fail(&m, OMO_EINVAL, misuse[_i].text);
}
END_TEST

/* ---- handlers of jobs ----------------------------------------------------------------------- */

static void job_sends(omo_kernel *k, void *user, omo_job job)
{
    omo_job_send(k, job, ((struct small *)user)->till);
}
static void job_sends_twice(omo_kernel *k, void *user, omo_job job)
{
    job_sends(k, user, job);
    job_sends(k, user, job);
}
static void job_ends(omo_kernel *k, void *user, omo_job job)
{
    (void)user;
    omo_job_end(k, job);
}
static void job_ends_twice(omo_kernel *k, void *user, omo_job job)
{
    job_ends(k, user, job);
    job_ends(k, user, job);
}
static void job_sends_and_ends(omo_kernel *k, void *user, omo_job job)
{
    job_sends(k, user, job);
    job_ends(k, user, job);
}

static const omo_job_handler wrong_in_on_done[] = {job_sends_twice, job_ends_twice,
                                                   job_sends_and_ends};
static const omo_job_handler wrong_anywhere[] = {job_sends, job_ends};

START_TEST(handlers_that_do_two_things)
{
    struct small m = {.on_done = wrong_in_on_done[_i]};

    small_begin(&m, NULL, 10, 10);
    small_ring(&m, 5, small_one_job);
    small_must_fail(&m, OMO_EINVAL, "job");
}
END_TEST

START_TEST(handlers_that_may_not)
{
    struct small m = {.on_start = wrong_anywhere[_i]};

    small_begin(&m, NULL, 10, 10);
    small_ring(&m, 5, small_one_job);
    small_must_fail(&m, OMO_EINVAL, "job");
    m = (struct small){.on_end = wrong_anywhere[_i]};
    small_begin(&m, NULL, 10, 10);
    small_ring(&m, 5, small_one_job);
    small_must_fail(&m, OMO_EINVAL, "job");
    /* Of a job that has been nowhere. */
    m = (struct small){.on_end = wrong_anywhere[_i]};
    small_begin(&m, NULL, 10, 10);
    omo_job_end(m.k, omo_job_new(m.k, m.door));
    small_must_fail(&m, OMO_EINVAL, "job");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel, bad handles");
    TCase *tcase = tcase_create("bad handles");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, stale_timers);
    tcase_add_test(tcase, ten_million_cancelled);
    tcase_add_loop_test(tcase, stale_and_wrong_handles, 0, (int)MISUSES);
    tcase_add_loop_test(tcase, handlers_that_do_two_things, 0, 3);
    tcase_add_loop_test(tcase, handlers_that_may_not, 0, 2);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
