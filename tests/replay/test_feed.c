/* Intended starts: exact counts and times, whoever takes them. */
#include "replay/feed.h"
#include "replay/load_case.h"

#include <check.h>
#include <math.h>

#define S INT64_C(1000000000)
#define STARTS_MAX 20000

static struct feed_start starts[STARTS_MAX];

static void open_plan(struct load_case *c, uint32_t journeys, bool members)
{
    load_case_open(c, NULL, "http://127.0.0.1:9");
    for (uint32_t i = 0; i < journeys; i++)
        load_case_journey(c, i * 100, members ? i + 1 : 0, 0, 0, "browse");
    c->options.stage_count = 0;
    g_autofree char *file = g_build_filename(c->folder, "test.plan", NULL);
    ck_assert(plan_writer_commit(c->writer, NULL, NULL));
    c->plan = plan_open(file, NULL);
    ck_assert_ptr_nonnull(c->plan);
    c->options.plan = c->plan;
}

/* All starts of one worker, put at their number. */
static uint32_t take_all(const struct load_options *options, uint32_t worker, uint32_t workers)
{
    struct plan_cursor first;
    int64_t first_us;
    struct feed feed;
    uint32_t count = 0;

    ck_assert(feed_find_first(options, &first, &first_us, NULL));
    feed_init(&feed, options, first, first_us, worker, workers);
    for (;;) {
        const struct feed_start start = feed_next(&feed);
        if (start.at_ns == INT64_MAX)
            break;
        if (start.journey == NULL)
            continue;
        ck_assert_uint_lt(start.number, STARTS_MAX);
        ck_assert_ptr_null(starts[start.number].journey);
        starts[start.number] = start;
        count++;
    }
    ck_assert(!feed.broken);
    return count;
}

static void forget_all(void)
{
    for (uint32_t i = 0; i < STARTS_MAX; i++)
        starts[i] = (struct feed_start){.journey = NULL};
}

START_TEST(test_plan_times)
{
    struct load_case c;

    open_plan(&c, 50, false);
    c.options.speed = 10;
    c.options.from_us = 1000000;
    c.options.to_us = 3000000;
    forget_all();
    ck_assert_uint_eq(take_all(&c.options, 0, 1), 20);
    for (uint32_t i = 0; i < 20; i++)
        ck_assert_int_eq(starts[i].at_ns, i * (S / 100));
    c.options.duration_ns = S / 10;
    forget_all();
    ck_assert_uint_eq(take_all(&c.options, 0, 1), 10);
    load_case_close(&c);
}
END_TEST

START_TEST(test_even_rate)
{
    const struct load_stage stages[] = {{3 * S, 0.1, 0.1}, {10 * S, 100, 100}};
    struct load_case c;

    open_plan(&c, 7, false);
    c.options.mode = LOAD_RATE;
    c.options.stages = stages;
    c.options.stage_count = 2;
    forget_all();
    /* 0.3 journeys in the first stage: the one at 0; the next is number 1 = 0.3 + 0.7 */
    ck_assert_uint_eq(take_all(&c.options, 0, 1), 1001);
    ck_assert_int_eq(starts[0].at_ns, 0);
    ck_assert_int_eq(starts[1].at_ns, 3 * S + 7 * S / 1000);
    ck_assert_int_eq(starts[1000].at_ns, 3 * S + 9997 * (S / 1000));
    ck_assert_uint_eq(starts[6].pass, 0);
    ck_assert_uint_eq(starts[7].pass, 1);
    ck_assert_ptr_eq(starts[7].journey, starts[0].journey);
    ck_assert_uint_eq(starts[1000].pass, 1000 / 7);
    load_case_close(&c);
}
END_TEST

START_TEST(test_ramps)
{
    const struct load_stage stages[] = {{10 * S, 0, 100},
                                        {10 * S, 100, 100},
                                        {10 * S, 100, 0},
                                        {5 * S, 0, 0},
                                        {S, 50, 50}};
    struct load_case c;

    open_plan(&c, 7, false);
    c.options.mode = LOAD_RATE;
    c.options.stages = stages;
    c.options.stage_count = 5;
    ck_assert_double_eq_tol(feed_integral(&c.options, 36 * S), 2050, 1e-9);
    forget_all();
    ck_assert_uint_eq(take_all(&c.options, 0, 1), 2050);
    for (uint32_t i = 1; i < 2050; i++)
        ck_assert_int_ge(starts[i].at_ns, starts[i - 1].at_ns);
    /* 5 t^2 = i while it rises; 1,000 on the plateau begin at 10 s */
    ck_assert_int_eq(starts[5].at_ns, S);
    ck_assert_int_eq(starts[320].at_ns, 8 * S);
    ck_assert_int_eq(starts[500].at_ns, 10 * S);
    ck_assert_int_eq(starts[1500].at_ns, 20 * S);
    ck_assert_int_lt(starts[1999].at_ns, 30 * S);
    ck_assert_int_eq(starts[2000].at_ns, 35 * S);
    load_case_close(&c);
}
END_TEST

START_TEST(test_poisson)
{
    const struct load_stage stage = {100 * S, 100, 100};
    struct load_case c;
    double sum = 0;
    double squares = 0;

    open_plan(&c, 7, false);
    c.options.mode = LOAD_RATE;
    c.options.stages = &stage;
    c.options.stage_count = 1;
    c.options.poisson = true;
    c.options.seed = 42;
    forget_all();
    const uint32_t count = take_all(&c.options, 0, 1);
    ck_assert_uint_ge(count, 10000 - 5 * 100); /* five standard deviations */
    ck_assert_uint_le(count, 10000 + 5 * 100);
    for (uint32_t i = 1; i < count; i++) {
        const double gap = (double)(starts[i].at_ns - starts[i - 1].at_ns) / 1e7;
        sum += gap;
        squares += gap * gap;
    }
    ck_assert_double_eq_tol(sum / count, 1, 0.05);
    ck_assert_double_eq_tol(squares / count, 2, 0.3); /* an exponential's second moment */
    load_case_close(&c);
}
END_TEST

START_TEST(test_any_number_of_workers)
{
    const struct load_stage stages[] = {{5 * S, 10, 500}, {5 * S, 500, 500}};
    static struct feed_start alone[STARTS_MAX];
    struct load_case c;

    open_plan(&c, 1000, true);
    c.options.mode = LOAD_RATE;
    c.options.stages = stages;
    c.options.stage_count = 2;
    c.options.poisson = true;
    forget_all();
    const uint32_t count = take_all(&c.options, 0, 1);
    for (uint32_t i = 0; i < count; i++)
        alone[i] = starts[i];
    for (uint32_t workers = 2; workers <= 5; workers += 3) {
        uint32_t sum = 0;
        forget_all();
        for (uint32_t worker = 0; worker < workers; worker++)
            sum += take_all(&c.options, worker, workers);
        ck_assert_uint_eq(sum, count);
        for (uint32_t i = 0; i < count; i++) {
            ck_assert_int_eq(starts[i].at_ns, alone[i].at_ns);
            ck_assert_ptr_eq(starts[i].journey, alone[i].journey);
            ck_assert_uint_eq(starts[i].pass, alone[i].pass);
        }
    }
    load_case_close(&c);
}
END_TEST

START_TEST(test_members_stay)
{
    const struct load_stage stage = {10 * S, 100, 100};
    struct load_case c;
    uint32_t worker_of[8] = {0};

    open_plan(&c, 8, true); /* 125 passes over 8 members */
    c.options.mode = LOAD_RATE;
    c.options.stages = &stage;
    c.options.stage_count = 1;
    for (uint32_t worker = 0; worker < 3; worker++) {
        forget_all();
        take_all(&c.options, worker, 3);
        for (uint32_t i = 0; i < 1000; i++)
            if (starts[i].journey != NULL)
                worker_of[starts[i].journey->member - 1] |= 1u << worker;
    }
    for (uint32_t m = 0; m < 8; m++)
        ck_assert_msg(worker_of[m] == 1 || worker_of[m] == 2 || worker_of[m] == 4, "member %u", m);
    load_case_close(&c);
}
END_TEST

START_TEST(test_empty_window)
{
    struct load_case c;
    struct plan_cursor first;
    int64_t first_us;
    g_autoptr(GError) error = NULL;

    open_plan(&c, 3, false);
    c.options.from_us = 5000000;
    ck_assert(!feed_find_first(&c.options, &first, &first_us, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "no journey begins in the window"));
    load_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_plan_times,  test_even_rate,    test_ramps,
                                  test_poisson,     test_empty_window, test_any_number_of_workers,
                                  test_members_stay};
    Suite *suite = suite_create("feed");
    TCase *cases = tcase_create("feed");

    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
        tcase_add_test(cases, tests[i]);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
