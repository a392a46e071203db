/* The calendar against a sorted list that is slow and plainly right: random pushes and pops. */
#include <check.h>
#include <signal.h>

#include "conformance/seed.h"

#include "kernel/calendar.h"

#define CAPACITY_MAX 1500
#define STEPS 3000
#define MARK 0xa5

/* ---- the list: time, then phase, then the order of scheduling -------------------------------- */

struct list {
    struct event event[CAPACITY_MAX];
    uint32_t count;
};

static void list_push(struct list *l, struct event e)
{
    uint32_t i = l->count++;

    for (; i > 0; i--) {
        const struct event *before = &l->event[i - 1];
        uint8_t phase = event_phase_of[e.kind], other = event_phase_of[before->kind];
        if (before->at_us < e.at_us || (before->at_us == e.at_us && other <= phase))
            break;
        l->event[i] = *before;
    }
    l->event[i] = e;
}

static struct event list_pop(struct list *l)
{
    struct event first = l->event[0];

    memmove(l->event, l->event + 1, --l->count * sizeof(l->event[0]));
    return first;
}

static void push(struct calendar *c, int64_t at_us, enum event_kind kind, uint32_t slot,
                 uint32_t generation, uint32_t arg)
{
    calendar_push(c, at_us, event_phase_of[kind],
                  (struct event_about){(uint16_t)kind, 0, slot, generation, arg});
}

/* ---- blocks that show who writes behind their end -------------------------------------------- */

static void *block_new(uint32_t capacity)
{
    size_t size = calendar_size(capacity);
    uint8_t *block = aligned_alloc(64, size + 64);

    ck_assert_ptr_nonnull(block);
    memset(block + size, MARK, 64);
    return block;
}

static void block_free(void *block, uint32_t capacity)
{
    const uint8_t *end = (const uint8_t *)block + calendar_size(capacity);

    for (uint32_t i = 0; i < 64; i++)
        ck_assert_uint_eq(end[i], MARK);
    free(block);
}

/* ---- random sequences ------------------------------------------------------------------------ */

enum pattern { AT_NOW, TIES, DENSE, SPARSE, SPREAD, FAR, MIXED, PATTERNS };

static int64_t pattern_at(enum pattern pattern, uint64_t *state, int64_t now_us)
{
    int64_t room_us = INT64_MAX - now_us, add_us = 0;

    switch (pattern) {
    case AT_NOW:
        add_us = seed_between(state, 0, 19) == 0;
        break;
    case TIES: /* on a grid that all share, most of them on its next point */
        add_us = 1000 * (1 + seed_between(state, 0, 9) / 9) - now_us % 1000;
        break;
    case DENSE:
        add_us = seed_between(state, 0, 200);
        break;
    case SPARSE:
        add_us = seed_between(state, 0, INT64_C(86400000000));
        break;
    case SPREAD: /* any digit of any place: as many buckets as can be */
        add_us = seed_between(state, 0, 63) << seed_between(state, 0, 56);
        break;
    case FAR: /* up to the end of all time */
        add_us = room_us >> seed_between(state, 0, 40);
        break;
    default:
        pattern =
            seed_between(state, 0, 199) == 0 ? FAR : (enum pattern)seed_between(state, 0, SPREAD);
        return pattern_at(pattern, state, now_us);
    }
    return now_us + core_min_i64(add_us, room_us);
}

static void check_pop(struct calendar *c, struct list *list)
{
    const struct event due = list_pop(list), peeked = *calendar_peek(c), came = calendar_pop(c);

    if (came.slot != due.slot || came.at_us != due.at_us || came.kind != due.kind ||
        came.generation != due.generation || came.arg != due.arg)
        ck_abort_msg("event %u came, %u was due", came.slot, due.slot);
    ck_assert_uint_eq(peeked.slot, came.slot);
    ck_assert_int_eq(c->now_us, came.at_us);
}

static void check_push(struct calendar *c, struct list *list, enum pattern pattern, uint64_t *state)
{
    struct event e = {
        .at_us = pattern_at(pattern, state, c->now_us),
        .kind = (uint16_t)seed_between(state, 0, EVENT_KIND_COUNT - 1),
        .slot = (uint32_t)c->sequence,
        .generation = (uint32_t)seed_next(state),
        .arg = (uint32_t)seed_next(state),
    };

    list_push(list, e);
    push(c, e.at_us, (enum event_kind)e.kind, e.slot, e.generation, e.arg);
}

static void *check_move(struct calendar *c, void *block, uint32_t capacity)
{
    void *to = block_new(capacity);
    uint32_t capacity_old = c->capacity;

    ck_assert_uint_le(calendar_used_size(c), calendar_size(capacity));
    memcpy(to, block, calendar_used_size(c));
    calendar_move(c, to, capacity);
    block_free(block, capacity_old);
    return to;
}

/* Pushes and pops, in waves that reach the capacity and empty the calendar again; now and then into
 * another block, as big or bigger. */
static void random_round(uint64_t *state, enum pattern pattern, uint32_t capacity)
{
    static struct list list;
    static struct calendar c;
    void *block = block_new(capacity);
    int64_t pushes_share = 70;

    list.count = 0;
    calendar_init(&c, block, capacity);
    for (uint32_t step = 0; step < STEPS; step++) {
        bool push = seed_between(state, 0, 99) < pushes_share;
        if (c.count == c.capacity) {
            push = false;
            pushes_share = 30;
        } else if (c.count == 0) {
            push = true;
            pushes_share = 70;
        }
        if (push)
            check_push(&c, &list, pattern, state);
        else
            check_pop(&c, &list);
        if (step % 1000 == 999) {
            uint32_t grown = c.capacity + (uint32_t)seed_between(state, 0, 9);
            block = check_move(&c, block, core_min_u32(grown, CAPACITY_MAX));
        }
    }
    while (list.count != 0)
        check_pop(&c, &list);
    ck_assert_ptr_null(calendar_peek(&c));
    block_free(block, c.capacity);
}

START_TEST(as_a_sorted_list)
{
    static const uint32_t capacities[] = {1, 2, 8, 9, 16, 100, 700, CAPACITY_MAX};
    const uint64_t seed = seed_take();

    for (uint64_t round = 0; round < 10; round++)
        for (enum pattern pattern = 0; pattern < PATTERNS; pattern++)
            for (uint32_t i = 0; i < 8; i++) {
                uint64_t state = seed + 1000 * round + 10 * pattern + i;
                random_round(&state, pattern, capacities[i]);
            }
}
END_TEST

/* ---- by hand --------------------------------------------------------------------------------- */

START_TEST(time_then_phase_then_sequence)
{
    static struct calendar c;
    static const uint32_t expected[] = {4, 3, 1, 5, 0, 2, 6};
    void *block = block_new(8);

    calendar_init(&c, block, 8);
    push(&c, 20, EVENT_REVIEW, 0, 0, 0);
    push(&c, 20, EVENT_SYNC, 1, 0, 0);
    push(&c, 20, EVENT_REVIEW, 2, 0, 0);
    push(&c, 20, EVENT_RECEIVE, 3, 0, 0);
    push(&c, 10, EVENT_REVIEW, 4, 7, 9);
    push(&c, 20, EVENT_CHARGE, 5, 0, 0);
    push(&c, 21, EVENT_SYNC, 6, 0, 0);
    ck_assert_uint_eq(calendar_peek(&c)->slot, 4);
    ck_assert_uint_eq(calendar_peek(&c)->generation, 7);
    ck_assert_uint_eq(calendar_peek(&c)->arg, 9);
    for (uint32_t i = 0; i < 7; i++)
        ck_assert_uint_eq(calendar_pop(&c).slot, expected[i]);
    ck_assert_ptr_null(calendar_peek(&c));
    ck_assert_int_eq(c.now_us, 21);
    block_free(block, 8);
}
END_TEST

/* The bucket of a far event is first while nothing nearer is there; peeking must not bind us. */
START_TEST(before_what_was_peeked_at)
{
    static struct calendar c;
    void *block = block_new(100);

    calendar_init(&c, block, 100);
    for (uint32_t i = 0; i < 50; i++)
        push(&c, 1000000 + i, EVENT_SYNC, i, 0, 0);
    ck_assert_uint_eq(calendar_peek(&c)->slot, 0);
    push(&c, 5, EVENT_SYNC, 77, 0, 0);
    ck_assert_uint_eq(calendar_peek(&c)->slot, 77);
    push(&c, 5, EVENT_SYNC, 78, 0, 0);
    ck_assert_uint_eq(calendar_pop(&c).slot, 77);
    push(&c, 5, EVENT_SYNC, 79, 0, 0);
    ck_assert_uint_eq(calendar_pop(&c).slot, 78);
    ck_assert_uint_eq(calendar_pop(&c).slot, 79);
    for (uint32_t i = 0; i < 50; i++)
        ck_assert_uint_eq(calendar_pop(&c).slot, i);
    block_free(block, 100);
}
END_TEST

START_TEST(memory_is_the_events_and_little_more)
{
    ck_assert_uint_le(calendar_size(1000000), 1000000 * 32 / 10 * 11);
    ck_assert_uint_le(calendar_size(1024), 768 * 1024);
    ck_assert_uint_eq(calendar_size(1024) % 64, 0);
}
END_TEST

/* ---- bugs that must stop the run ------------------------------------------------------------- */

START_TEST(a_full_calendar_is_a_bug)
{
    static struct calendar c;

    calendar_init(&c, block_new(2), 2);
    for (uint32_t i = 0; i < 3; i++)
        push(&c, 5, EVENT_SYNC, 0, 0, 0);
}
END_TEST

START_TEST(the_past_is_closed)
{
    static struct calendar c;

    calendar_init(&c, block_new(2), 2);
    push(&c, 5, EVENT_SYNC, 0, 0, 0);
    calendar_pop(&c);
    push(&c, 4, EVENT_SYNC, 0, 0, 0);
}
END_TEST

START_TEST(nothing_comes_of_nothing)
{
    static struct calendar c;

    calendar_init(&c, block_new(1), 1);
    calendar_pop(&c);
}
END_TEST

START_TEST(a_smaller_block_is_a_bug)
{
    static struct calendar c;

    calendar_init(&c, block_new(3), 3);
    for (uint32_t i = 0; i < 3; i++)
        push(&c, 5, EVENT_SYNC, 0, 0, 0);
    calendar_move(&c, c.slot, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calendar");
    TCase *tcase = tcase_create("calendar");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, time_then_phase_then_sequence);
    tcase_add_test(tcase, before_what_was_peeked_at);
    tcase_add_test(tcase, memory_is_the_events_and_little_more);
    tcase_add_test(tcase, as_a_sorted_list);
    if (srunner_fork_status(runner) == CK_FORK) {
        tcase_add_test_raise_signal(tcase, a_full_calendar_is_a_bug, SIGABRT);
        tcase_add_test_raise_signal(tcase, the_past_is_closed, SIGABRT);
        tcase_add_test_raise_signal(tcase, nothing_comes_of_nothing, SIGABRT);
        tcase_add_test_raise_signal(tcase, a_smaller_block_is_a_bug, SIGABRT);
    }
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
