/* Cancelling in the calendar: random sequences of scheduling, cancelling, rescheduling, sweeping
 * and taking, against a table of slots that is searched from end to end each time. And what is
 * pushed before a full front, where ties reach from the front into the block behind it. */
#include <check.h>

#include "conformance/seed.h"

#include "kernel/calendar.h"

#define SLOTS 600
#define CAPACITY 2000
#define OWNER 1
#define MARK 0xa5

/* ---- the table: what is pending, by slot ----------------------------------------------------- */

struct pending {
    bool live;
    int64_t at_us;
    uint8_t phase;
    uint64_t sequence;
    uint32_t arg;
};

struct bench {
    struct calendar calendar;
    void *block;
    uint32_t capacity;
    struct pending pending[SLOTS];
    uint32_t generation[SLOTS];
    uint32_t live, live_max;
    uint64_t sequence;
    uint64_t cancelled; /* in all */
    uint32_t unowned;   /* pending beside those of the table */
    uint64_t popped;    /* stale events that came out at the front */
};

/* Check writes a line to a pipe for each of its assertions: too slow for millions of them. */
static void must(bool holds, const char *what)
{
    if (!holds)
        ck_abort_msg("%s", what);
}

static void bench_init(struct bench *b, uint32_t capacity)
{
    size_t size = calendar_size(capacity);

    memset(b, 0, sizeof(*b));
    b->block = aligned_alloc(64, size + 64);
    b->capacity = capacity;
    ck_assert_ptr_nonnull(b->block);
    memset((uint8_t *)b->block + size, MARK, 64);
    calendar_init(&b->calendar, b->block, capacity);
    b->calendar.owner[OWNER] = b->generation;
}

static void bench_free(struct bench *b)
{
    const uint8_t *end = (const uint8_t *)b->block + calendar_size(b->capacity);

    for (uint32_t i = 0; i < 64; i++)
        ck_assert_uint_eq(end[i], MARK);
    free(b->block);
}

static void bench_push(struct bench *b, uint32_t slot, int64_t at_us, uint8_t phase, uint32_t arg)
{
    must(!b->pending[slot].live, "scheduled twice");
    b->pending[slot] = (struct pending){true, at_us, phase, b->sequence++, arg};
    b->live++;
    if (b->live > b->live_max)
        b->live_max = b->live;
    calendar_push(&b->calendar, at_us, phase,
                  (struct event_about){0, OWNER, slot, b->generation[slot], arg});
}

static void bench_cancel(struct bench *b, uint32_t slot)
{
    must(b->pending[slot].live, "cancelled twice");
    b->pending[slot].live = false;
    b->generation[slot]++;
    b->live--;
    b->cancelled++;
    calendar_cancelled(&b->calendar);
    must(b->calendar.count - b->live <= 64 + b->live + b->unowned, "more is stale than pending");
}

static bool bench_before(const struct pending *a, const struct pending *b)
{
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us;
    if (a->phase != b->phase)
        return a->phase < b->phase;
    return a->sequence < b->sequence;
}

static uint32_t bench_first(const struct bench *b)
{
    uint32_t first = OMO_NONE;

    for (uint32_t i = 0; i < SLOTS; i++)
        if (b->pending[i].live &&
            (first == OMO_NONE || bench_before(&b->pending[i], &b->pending[first])))
            first = i;
    return first;
}

/* Takes the earliest event that is not stale, which has to be the table's. */
static void bench_take(struct bench *b)
{
    const uint32_t due = bench_first(b);

    for (;;) {
        const struct event *peeked = calendar_peek(&b->calendar);
        must(peeked != NULL, "the calendar is empty too early");
        bool stale = calendar_is_stale(&b->calendar, peeked);
        struct event e = calendar_pop(&b->calendar);
        if (stale) {
            b->popped++;
            continue;
        }
        if (e.slot != due || e.at_us != b->pending[due].at_us || e.arg != b->pending[due].arg ||
            e.generation != b->generation[due])
            ck_abort_msg("slot %u came at %" PRId64 ", slot %u was due", e.slot, e.at_us, due);
        break;
    }
    b->pending[due].live = false;
    b->generation[due]++; /* the next event of this slot is another one */
    b->live--;
}

/* Drains it; then every event cancelled has been swept out or dropped at the front, once. */
static void bench_drain(struct bench *b)
{
    while (b->live != 0)
        bench_take(b);
    calendar_sweep(&b->calendar);
    ck_assert_uint_eq(b->calendar.count, 0);
    ck_assert_ptr_null(calendar_peek(&b->calendar));
    ck_assert_uint_eq(b->calendar.stale + b->popped, b->cancelled);
    bench_free(b);
}

/* ---- random sequences ------------------------------------------------------------------------ */

enum pattern { NOW, TIES, NEAR, WIDE, FAR, PATTERNS };

static int64_t at(enum pattern pattern, uint64_t *state, int64_t now_us)
{
    switch (pattern) {
    case NOW:
        return now_us + (seed_between(state, 0, 30) == 0);
    case TIES:
        return now_us - now_us % 50 + 50 * seed_between(state, 1, 3);
    case NEAR:
        return now_us + seed_between(state, 0, 300);
    case WIDE:
        return now_us + (seed_between(state, 0, 63) << seed_between(state, 0, 40));
    default:
        return now_us + ((INT64_MAX - now_us) >> seed_between(state, 0, 50));
    }
}

static uint32_t slot_where(const struct bench *b, uint64_t *state, bool live)
{
    uint32_t slot = (uint32_t)seed_between(state, 0, SLOTS - 1);

    while (b->pending[slot].live != live)
        slot = (slot + 1) % SLOTS;
    return slot;
}

static void random_push(struct bench *b, enum pattern pattern, uint64_t *state, uint32_t slot)
{
    bench_push(b, slot, at(pattern, state, b->calendar.now_us),
               (uint8_t)seed_between(state, 0, PHASE_REVIEW), (uint32_t)seed_next(state));
}

static void random_round(uint64_t *state, enum pattern pattern, int64_t cancel_share)
{
    static struct bench b;

    bench_init(&b, CAPACITY);
    for (uint32_t step = 0; step < 3000; step++) {
        int64_t what = seed_between(state, 0, 99);
        if (b.live == 0 || (b.live < SLOTS && what >= 55)) {
            random_push(&b, pattern, state, slot_where(&b, state, false));
        } else if (what < cancel_share) {
            uint32_t slot = slot_where(&b, state, true);
            bench_cancel(&b, slot);
            if (what % 2 == 0) /* reschedule */
                random_push(&b, pattern, state, slot);
        } else {
            bench_take(&b);
        }
        if (seed_between(state, 0, 400) == 0) {
            calendar_sweep(&b.calendar);
            ck_assert_uint_eq(b.calendar.count, b.live);
        }
    }
    ck_assert_uint_ge(b.cancelled, 100);
    bench_drain(&b);
}

START_TEST(as_a_table_that_is_searched)
{
    uint64_t state = seed_take();

    for (uint32_t round = 0; round < 8; round++)
        for (enum pattern pattern = 0; pattern < PATTERNS; pattern++) {
            random_round(&state, pattern, 10);
            random_round(&state, pattern, 45);
        }
}
END_TEST

/* Events without an owner are never stale, whatever the generations of others do. */
START_TEST(without_an_owner_nothing_is_stale)
{
    static struct bench b;
    const uint32_t marks = 40;
    uint32_t came = 0;

    bench_init(&b, CAPACITY);
    b.unowned = marks;
    for (uint32_t i = 0; i < marks; i++) {
        calendar_push(&b.calendar, 1000 + i, 0, (struct event_about){0, 0, i, 12345, i});
        bench_push(&b, i, 1000 + i, 1, 0);
    }
    for (uint32_t i = 0; i < marks; i++)
        bench_cancel(&b, i);
    calendar_sweep(&b.calendar);
    ck_assert_uint_eq(b.calendar.count, marks);
    ck_assert_uint_eq(b.calendar.stale, marks);
    for (; calendar_peek(&b.calendar) != NULL; came++)
        ck_assert_uint_eq(calendar_pop(&b.calendar).arg, came);
    ck_assert_uint_eq(came, marks);
    bench_free(&b);
}
END_TEST

/* ---- capacity -------------------------------------------------------------------------------- */

/* Ten million timeouts far ahead, each cancelled long before it is due, pass through a calendar of
 * a thousand beside `standing` events that stay. */
static void many_cancelled(uint32_t standing, bool rescheduled)
{
    static struct bench b;
    const uint32_t busy = 40; /* slots that are scheduled and cancelled in turn */
    const uint32_t rounds = 10000000;
    uint64_t swept;

    bench_init(&b, 1000);
    for (uint32_t i = 0; i < standing; i++)
        bench_push(&b, busy + i, INT64_C(1) << 50, 0, 0);
    for (uint32_t i = 0; i < rounds; i++) {
        uint32_t slot = i % busy;
        if (b.pending[slot].live)
            bench_cancel(&b, slot);
        if (rescheduled || i / busy % 2 == 0)
            bench_push(&b, slot, (INT64_C(1) << 40) + i, (uint8_t)(i % 7), i);
    }
    swept = b.calendar.stale;
    ck_assert_uint_ge(swept + 2 * (uint64_t)b.capacity, b.cancelled);
    ck_assert_uint_ge(b.cancelled, rounds / 2 - busy);
    bench_drain(&b);
}

START_TEST(capacity_comes_back)
{
    static const uint32_t standing[] = {0, 100, 400};

    for (uint32_t i = 0; i < 3; i++)
        for (uint32_t rescheduled = 0; rescheduled < 2; rescheduled++)
            many_cancelled(standing[i], rescheduled != 0);
}
END_TEST

/* ---- a full front ---------------------------------------------------------------------------- */

/* Few instants, all phases: the front fills with ties, is pushed over, and what it spills meets its
 * equals in the block. */
START_TEST(ties_spilled_by_a_full_front)
{
    uint64_t state = seed_take();
    static struct bench b;

    for (uint32_t round = 0; round < 300; round++) {
        const int64_t instants = seed_between(&state, 1, 3);
        uint32_t first = (uint32_t)seed_between(&state, 1, 3 * CALENDAR_NEAR);
        bench_init(&b, CAPACITY);
        for (uint32_t i = 0; i < first; i++)
            bench_push(&b, i, 1000 + seed_between(&state, 0, instants),
                       (uint8_t)seed_between(&state, 0, PHASE_REVIEW), i);
        for (uint32_t i = 0; i < 200; i++) {
            int64_t now_us = b.calendar.now_us;
            if (b.live < SLOTS && (b.live == 0 || seed_between(&state, 0, 2) != 0))
                bench_push(&b, slot_where(&b, &state, false),
                           core_max_i64(now_us, 1000 - round % 2) +
                               seed_between(&state, 0, instants),
                           (uint8_t)seed_between(&state, 0, PHASE_REVIEW), i);
            else
                bench_take(&b);
        }
        bench_drain(&b);
    }
}
END_TEST

/* The same by hand: a queue of equals, in the block too, and one before all of them. */
START_TEST(one_before_a_full_front_of_equals)
{
    static struct bench b;

    bench_init(&b, CAPACITY);
    for (uint32_t i = 0; i < 5 * CALENDAR_NEAR; i++)
        bench_push(&b, i, 500, PHASE_WORK, i);
    for (uint32_t i = 0; i < 2 * CALENDAR_NEAR; i++)
        bench_push(&b, 100 + i, 500, PHASE_SYSTEM, i);
    for (uint32_t i = 0; i < 2 * CALENDAR_NEAR; i++)
        bench_push(&b, 200 + i, 499 - i, PHASE_REVIEW, i);
    for (uint32_t i = 0; i < 2 * CALENDAR_NEAR; i++) {
        bench_take(&b);
        bench_push(&b, 300 + i, 500, PHASE_WORK, i);
    }
    bench_drain(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calendar_cancel");
    TCase *tcase = tcase_create("calendar_cancel");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, as_a_table_that_is_searched);
    tcase_add_test(tcase, without_an_owner_nothing_is_stale);
    tcase_add_test(tcase, capacity_comes_back);
    tcase_add_test(tcase, ties_spilled_by_a_full_front);
    tcase_add_test(tcase, one_before_a_full_front_of_equals);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
