/* The tape sorts a day as qsort would, whatever the day looks like. */
#include <check.h>
#include <signal.h>

#include "conformance/seed.h"

#include "kernel/tape.h"

#define VISITS 20000
#define DAY OMO_US_PER_DAY

static struct visit drawn[VISITS], sorted[VISITS], expected[VISITS];
static uint32_t bucket[VISITS + 1];

static int by_time_cell_ordinal(const void *a, const void *b)
{
    const struct visit *x = a, *y = b;

    if (x->at_us != y->at_us)
        return x->at_us < y->at_us ? -1 : 1;
    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    return x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

/* `count` visits of day `day` within the first `span_us` of a day, from `begin_us` on. */
static void check_day(uint32_t count, int64_t day, int64_t begin_us, int64_t span_us)
{
    uint64_t state = seed_take() + count;
    struct tape t;

    tape_init(&t, drawn, sorted, bucket, VISITS);
    tape_clear(&t);
    for (uint32_t i = 0; i < count; i++) {
        struct visit v = {.at_us = day * DAY + begin_us + seed_between(&state, 0, span_us - 1),
                          .cell = (uint32_t)seed_between(&state, 0, 20),
                          .ordinal = i};
        expected[i] = v;
        tape_add(&t, v);
    }
    qsort(expected, count, sizeof(expected[0]), by_time_cell_ordinal);
    tape_sort(&t, day * DAY, (day + 1) * DAY);
    for (uint32_t i = 0; i < count; i++) {
        const struct visit *peeked = tape_peek(&t);
        if (peeked == NULL || memcmp(peeked, &expected[i], sizeof(*peeked)) != 0)
            ck_abort_msg("visit %u of %u is another", i, count);
        tape_next(&t);
    }
    ck_assert_ptr_null(tape_peek(&t));
}

START_TEST(uniform)
{
    check_day(VISITS, 0, 0, DAY);
    check_day(2000, 12345, 0, DAY);
}
END_TEST

START_TEST(all_in_one_minute) { check_day(4000, 3, 11 * OMO_US_PER_HOUR, OMO_US_PER_MINUTE); }
END_TEST

START_TEST(all_at_one_instant)
{
    check_day(3000, 3, 0, 1);
    check_day(3000, 3, DAY - 1, 1);
}
END_TEST

START_TEST(few)
{
    for (uint32_t count = 0; count < 6; count++)
        check_day(count, 1, 0, DAY);
}
END_TEST

START_TEST(a_full_tape_is_a_bug)
{
    struct tape t;

    tape_init(&t, drawn, sorted, bucket, 1);
    for (uint32_t i = 0; i < 2; i++)
        tape_add(&t, (struct visit){0});
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tape");
    TCase *tcase = tcase_create("tape");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, uniform);
    tcase_add_test(tcase, all_in_one_minute);
    tcase_add_test(tcase, all_at_one_instant);
    tcase_add_test(tcase, few);
    if (srunner_fork_status(runner) == CK_FORK)
        tcase_add_test_raise_signal(tcase, a_full_tape_is_a_bug, SIGABRT);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
