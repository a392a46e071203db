/* The calendar against a naive sorted list, over random pushes and pops with many ties. */
#include <check.h>
#include <signal.h>

#include "conformance/seed.h"

#include "kernel/calendar.h"

#define CAPACITY 600

/* A list that is always sorted: time, then phase, then the order of scheduling. */
struct naive {
    struct event event[CAPACITY];
    uint32_t count;
};

static void naive_push(struct naive *n, struct event e)
{
    uint32_t i = n->count++;

    for (; i > 0; i--) {
        const struct event *before = &n->event[i - 1];
        uint8_t phase = event_phase_of[e.kind], other = event_phase_of[before->kind];
        if (before->at_us < e.at_us || (before->at_us == e.at_us && other <= phase))
            break;
        n->event[i] = *before;
    }
    n->event[i] = e;
}

static struct event naive_pop(struct naive *n)
{
    struct event first = n->event[0];

    memmove(n->event, n->event + 1, --n->count * sizeof(n->event[0]));
    return first;
}

START_TEST(time_then_phase_then_sequence)
{
    struct event heap[8];
    struct calendar c;
    static const uint32_t expected[] = {4, 3, 1, 5, 0, 2, 6};

    calendar_init(&c, heap, 8);
    calendar_push(&c, 20, EVENT_REVIEW, 0, 0, 0);
    calendar_push(&c, 20, EVENT_SYNC, 1, 0, 0);
    calendar_push(&c, 20, EVENT_REVIEW, 2, 0, 0);
    calendar_push(&c, 20, EVENT_RECEIVE, 3, 0, 0);
    calendar_push(&c, 10, EVENT_REVIEW, 4, 7, 9);
    calendar_push(&c, 20, EVENT_CHARGE, 5, 0, 0);
    calendar_push(&c, 21, EVENT_SYNC, 6, 0, 0);
    ck_assert_uint_eq(calendar_peek(&c)->slot, 4);
    ck_assert_uint_eq(calendar_peek(&c)->generation, 7);
    ck_assert_uint_eq(calendar_peek(&c)->arg, 9);
    for (uint32_t i = 0; i < 7; i++)
        ck_assert_uint_eq(calendar_pop(&c).slot, expected[i]);
    ck_assert_ptr_null(calendar_peek(&c));
    ck_assert_int_eq(c.now_us, 21);
}
END_TEST

/* Pushes and pops; moves to another array now and then. Times fall on a grid of `grid` us. */
static void random_round(uint64_t *state, int64_t grid)
{
    static struct event heap[2][CAPACITY];
    static struct naive naive;
    struct calendar c;
    uint32_t slot = 0;

    naive.count = 0;
    calendar_init(&c, heap[0], CAPACITY);
    for (uint32_t step = 0; step < 3000; step++) {
        bool push = c.count == 0 || (c.count < CAPACITY && seed_between(state, 0, 99) < 55);
        if (push) {
            struct event e = {
                .at_us = c.now_us + grid * seed_between(state, 0, 5),
                .kind = (uint16_t)seed_between(state, 0, EVENT_KIND_COUNT - 1),
                .slot = slot++,
            };
            naive_push(&naive, e);
            calendar_push(&c, e.at_us, (enum event_kind)e.kind, e.slot, 0, 0);
        } else {
            struct event a = calendar_pop(&c), b = naive_pop(&naive);
            if (a.slot != b.slot || a.at_us != b.at_us || a.kind != b.kind)
                ck_abort_msg("event %u came, %u was due", a.slot, b.slot);
        }
        if (step % 500 == 499) {
            struct event *to = c.heap == heap[0] ? heap[1] : heap[0];
            memcpy(to, c.heap, c.count * sizeof(to[0]));
            calendar_move(&c, to, CAPACITY);
        }
    }
    ck_assert_uint_eq(c.count, naive.count);
}

START_TEST(as_a_sorted_list)
{
    uint64_t state = seed_take();

    for (uint32_t round = 0; round < 60; round++)
        random_round(&state, round % 3 == 0 ? 0 : round % 3 == 1 ? 1 : 1000003);
}
END_TEST

START_TEST(a_full_calendar_is_a_bug)
{
    struct event heap[2];
    struct calendar c;

    calendar_init(&c, heap, 2);
    for (uint32_t i = 0; i < 3; i++)
        calendar_push(&c, 5, EVENT_SYNC, 0, 0, 0);
}
END_TEST

START_TEST(the_past_is_closed)
{
    struct event heap[2];
    struct calendar c;

    calendar_init(&c, heap, 2);
    calendar_push(&c, 5, EVENT_SYNC, 0, 0, 0);
    calendar_pop(&c);
    calendar_push(&c, 4, EVENT_SYNC, 0, 0, 0);
}
END_TEST

START_TEST(nothing_comes_of_nothing)
{
    struct event heap[1];
    struct calendar c;

    calendar_init(&c, heap, 1);
    calendar_pop(&c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calendar");
    TCase *tcase = tcase_create("calendar");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, time_then_phase_then_sequence);
    tcase_add_test(tcase, as_a_sorted_list);
    if (srunner_fork_status(runner) == CK_FORK) {
        tcase_add_test_raise_signal(tcase, a_full_calendar_is_a_bug, SIGABRT);
        tcase_add_test_raise_signal(tcase, the_past_is_closed, SIGABRT);
        tcase_add_test_raise_signal(tcase, nothing_comes_of_nothing, SIGABRT);
    }
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
