/* A monotone radix heap with digits of six bits, in chunks of fifteen events.
 *
 * Source: Ahuja, Mehlhorn, Orlin, Tarjan, Faster algorithms for the shortest path problem, Journal
 * of the ACM 37 (1990), the heap with several buckets a level. Time never runs backwards, so events
 * need not be sorted, only be sorted out: an event is filed under the highest digit in which its
 * time differs from a reference that no pending event precedes. The first bucket that is not empty
 * (two bit masks tell) then holds the earliest event. Taking that event moves the reference to its
 * time, and the rest of its bucket, which now agrees with the reference in one digit more, is filed
 * anew in lower rows. All lower buckets were empty, and all higher ones stay where they are, since
 * they differ from the old and the new reference in the same digit.
 *
 * Invariants. (1) reference_us <= now_us <= every pending time. (2) Each event is in the bucket
 * that calendar_index() names. (3) In a bucket, events of one instant and phase stand in the order
 * of their sequence: what is filed anew comes into empty buckets in its old order, and what is
 * pushed later has a larger sequence. So a million events of one instant need no sorting: in row 0
 * they wait first in, first out, a queue for each phase. (4) A bucket knows its earliest event;
 * peeking reads three words. (5) No event in a bucket is before one in the front.
 *
 * A bucket of few events is not opened: it is sorted into the front, an array of sixteen, and the
 * reference stays behind. That saves the last filings, where each event would end in a bucket of
 * its own; whoever has but a handful of events pending never leaves the front; and the front tells
 * which slots come next, so that the loop can fetch them early.
 *
 * Cost: an event is filed about log64(n) + 1 times, in streams of whole chunks, and compared with
 * its bucket's earliest; a heap misses the cache on each of its last levels. Hold model, a pop and
 * a push: 31 ns at 10^3 pending, 36 at 10^5, 43 to 62 at 10^6; the four-ary heap before it: 63, 120
 * and 370 to 400 (tests/bench/bench_kernel.c). Digits of four bits were half as slow again at
 * 10^6, chunks of seven events a third. Calendar queue and ladder queue were not taken: they guess
 * a bucket width from the spacing of events, and a review that puts a store's events on one instant
 * has no spacing; they would have to sort it. The price here: one chunk for each bucket in use,
 * 0.7 MB at most. */
#include "kernel/calendar.h"

#define CALENDAR_FEW 8 /* a bucket of no more is not opened */
#define CALENDAR_EVENTS (CALENDAR_SLOTS - 1)

_Static_assert(2 * CALENDAR_FEW <= CALENDAR_NEAR, "few events fit behind few others in front");
_Static_assert(PHASE_REVIEW < CALENDAR_DIGITS, "row 0 has a bucket for each phase");
_Static_assert(CALENDAR_ROWS <= 32, "the mask of rows is one word");
_Static_assert(CALENDAR_DIGITS <= 64, "the mask of digits is one word");

/* A bucket in use has a chunk that is not full at its end, and maybe one at its front; one more is
 * being emptied while its events are filed anew. Digit 0 of a row above 0 is never used. */
static uint32_t calendar_chunks(uint32_t capacity)
{
    const uint32_t phases = PHASE_REVIEW + 1;
    uint32_t buckets = phases + (CALENDAR_ROWS - 1) * (CALENDAR_DIGITS - 1);
    uint64_t chunks =
        (uint64_t)capacity / CALENDAR_EVENTS + 2 * core_min_u32(capacity, buckets) + 1;

    OMO_ASSERT(chunks <= UINT32_MAX / CALENDAR_SLOTS);
    return (uint32_t)chunks;
}

size_t calendar_size(uint32_t capacity)
{
    return (size_t)calendar_chunks(capacity) * CALENDAR_SLOTS * sizeof(union calendar_slot);
}

size_t calendar_used_size(const struct calendar *c)
{
    return (size_t)c->chunk_used * CALENDAR_SLOTS * sizeof(union calendar_slot);
}

void calendar_init(struct calendar *c, void *block, uint32_t capacity)
{
    *c = (struct calendar){.chunk_free = OMO_NONE};
    calendar_move(c, block, capacity);
}

void calendar_move(struct calendar *c, void *block, uint32_t capacity)
{
    OMO_ASSERT(capacity >= c->count);
    OMO_ASSERT(calendar_chunks(capacity) >= c->chunk_used);
    c->slot = block;
    c->capacity = capacity;
    c->chunk_count = calendar_chunks(capacity);
}

static uint32_t calendar_chunk_take(struct calendar *c)
{
    uint32_t chunk = c->chunk_free;

    if (chunk != OMO_NONE) {
        c->chunk_free = c->slot[chunk * CALENDAR_SLOTS].chunk_next;
        return chunk;
    }
    OMO_ASSERT(c->chunk_used < c->chunk_count);
    return c->chunk_used++;
}

static void calendar_chunk_give(struct calendar *c, uint32_t chunk)
{
    c->slot[chunk * CALENDAR_SLOTS].chunk_next = c->chunk_free;
    c->chunk_free = chunk;
}

static inline uint32_t calendar_index(const struct calendar *c, const struct event *e)
{
    uint64_t at = (uint64_t)e->at_us, differing = at ^ (uint64_t)c->reference_us;

    if (differing == 0)
        return (uint32_t)(e->order >> EVENT_SEQUENCE_BITS);
    uint32_t place = (63 - (uint32_t)__builtin_clzll(differing)) / CALENDAR_DIGIT_BITS;
    uint32_t digit = (uint32_t)(at >> place * CALENDAR_DIGIT_BITS) % CALENDAR_DIGITS;
    return (place + 1) * CALENDAR_DIGITS + digit;
}

/* Gives a bucket a chunk more: it is empty, or its last chunk is full. */
static void calendar_extend(struct calendar *c, uint32_t index)
{
    struct calendar_bucket *b = &c->bucket[index];
    uint32_t row = index / CALENDAR_DIGITS, chunk = calendar_chunk_take(c);

    if (b->count == 0) {
        b->head = chunk * CALENDAR_SLOTS + 1;
        c->digits[row] |= UINT64_C(1) << index % CALENDAR_DIGITS;
        c->rows |= UINT32_C(1) << row;
    } else {
        c->slot[b->tail - CALENDAR_SLOTS].chunk_next = chunk;
    }
    b->tail = chunk * CALENDAR_SLOTS + 1;
}

static void calendar_vacate(struct calendar *c, uint32_t index)
{
    uint32_t row = index / CALENDAR_DIGITS;

    c->bucket[index] = (struct calendar_bucket){0};
    c->digits[row] &= ~(UINT64_C(1) << index % CALENDAR_DIGITS);
    if (c->digits[row] == 0)
        c->rows &= ~(UINT32_C(1) << row);
}

static void calendar_file_far(struct calendar *c, const struct event *e)
{
    uint32_t index = calendar_index(c, e);
    struct calendar_bucket *b = &c->bucket[index];

    if (b->tail % CALENDAR_SLOTS == 0) /* an empty bucket's tail is 0 */
        calendar_extend(c, index);
    if (b->count == 0 || e->at_us < b->first_us ||
        (e->at_us == b->first_us && e->order < b->first_order)) {
        b->first = b->tail;
        b->first_us = e->at_us;
        b->first_order = e->order;
    }
    b->count++;
    c->slot[b->tail++].event = *e;
}

/* Gives an event of the front, the last one there, back to the block. It is before all events that
 * wait there, so it comes first in its bucket, and equal times keep their sequence. */
static void calendar_file_back(struct calendar *c, const struct event *e)
{
    uint32_t index = calendar_index(c, e);
    struct calendar_bucket *b = &c->bucket[index];

    if (b->count == 0) {
        calendar_file_far(c, e);
        return;
    }
    if (b->head % CALENDAR_SLOTS == 1) {
        uint32_t chunk = calendar_chunk_take(c);
        c->slot[chunk * CALENDAR_SLOTS].chunk_next = b->head / CALENDAR_SLOTS;
        b->head = (chunk + 1) * CALENDAR_SLOTS;
    }
    c->slot[--b->head].event = *e;
    b->count++;
    b->first = b->head;
    b->first_us = e->at_us;
    b->first_order = e->order;
}

/* Sorts an event into the front, which begins at 0; when that is full, its last one goes to the
 * block. It may: the reference moves only when an event of that time is taken, so nothing pending
 * is before it. */
static void calendar_file_near(struct calendar *c, const struct event *e)
{
    struct event *near = c->near;
    uint32_t i;

    OMO_ASSERT(c->near_first == 0);
    if (c->near_end == CALENDAR_NEAR)
        calendar_file_back(c, &near[--c->near_end]);
    for (i = c->near_end++; i != 0 && event_before(e, &near[i - 1]); i--)
        near[i] = near[i - 1];
    near[i] = *e;
}

void calendar_file(struct calendar *c, bool is_near, int64_t at_us, uint64_t order,
                   struct event_about about)
{
    struct event e = event_make(at_us, order, about);

    if (is_near)
        calendar_file_near(c, &e);
    else
        calendar_file_far(c, &e);
}

/* Takes a slot out of the front of a bucket, and gives back the chunk that it was the last of. A
 * bucket that becomes empty has to be vacated by the caller. */
static inline struct event calendar_shift(struct calendar *c, struct calendar_bucket *b)
{
    struct event e = c->slot[b->head].event;
    uint32_t chunk = b->head / CALENDAR_SLOTS;

    b->count--;
    if (++b->head % CALENDAR_SLOTS == 0 || b->count == 0) {
        if (b->count != 0)
            b->head = c->slot[chunk * CALENDAR_SLOTS].chunk_next * CALENDAR_SLOTS + 1;
        calendar_chunk_give(c, chunk);
    }
    return e;
}

/* Moves the front part of a queue of row 0, which is in order, to the front. */
static void calendar_refill_queue(struct calendar *c, uint32_t index)
{
    struct calendar_bucket *b = &c->bucket[index];

    while (b->count != 0 && c->near_end < CALENDAR_NEAR)
        c->near[c->near_end++] = calendar_shift(c, b);
    if (b->count == 0) {
        calendar_vacate(c, index);
        return;
    }
    b->first = b->head;
    b->first_order = c->slot[b->head].event.order;
}

static inline core_uint128 calendar_key(const struct event *e)
{
    return (core_uint128)(uint64_t)e->at_us << 64 | e->order;
}

/* Moves a bucket of few to the front, sorted: each event's place is the number of those before it,
 * which takes no branch that nothing could predict. */
static void calendar_refill_few(struct calendar *c, uint32_t index)
{
    struct calendar_bucket b = c->bucket[index];
    uint32_t count = b.count, rank[CALENDAR_FEW] = {0};
    struct event few[CALENDAR_FEW];

    for (uint32_t i = 0; i < count; i++) {
        few[i] = calendar_shift(c, &b);
        core_uint128 key = calendar_key(&few[i]);
        for (uint32_t j = 0; j < i; j++) {
            uint32_t after = key > calendar_key(&few[j]);
            rank[i] += after;
            rank[j] += 1 - after;
        }
    }
    for (uint32_t i = 0; i < count; i++)
        c->near[c->near_end + rank[i]] = few[i];
    c->near_end += count;
    calendar_vacate(c, index);
}

/* Opens a bucket of many: its earliest time becomes the reference, and all of it is filed anew, in
 * its order. */
static void calendar_open(struct calendar *c, uint32_t index)
{
    struct calendar_bucket b = c->bucket[index];
    uint32_t slot = b.head;

    OMO_ASSERT(b.first_us > c->reference_us);
    c->reference_us = b.first_us;
    calendar_vacate(c, index);
    while (b.count != 0) {
        uint32_t chunk = slot / CALENDAR_SLOTS, end = (chunk + 1) * CALENDAR_SLOTS;
        uint32_t next = c->slot[chunk * CALENDAR_SLOTS].chunk_next;
        end = core_min_u32(end, slot + b.count);
        b.count -= end - slot;
        for (uint32_t i = 0; i < CALENDAR_SLOTS && b.count != 0; i += 2)
            __builtin_prefetch(&c->slot[next * CALENDAR_SLOTS + i]);
        for (; slot < end; slot++)
            calendar_file_far(c, &c->slot[slot].event);
        calendar_chunk_give(c, chunk);
        slot = next * CALENDAR_SLOTS + 1;
    }
}

/* The front is empty: fetches at least the earliest event of the block, and what follows it in
 * buckets of few. Only the bucket of the earliest event is opened: the reference must not overtake
 * the time of the event that is taken next. */
void calendar_refill(struct calendar *c)
{
    c->near_first = c->near_end = 0;
    do {
        uint32_t index = calendar_bucket_first(c);
        if (index < CALENDAR_DIGITS)
            calendar_refill_queue(c, index);
        else if (c->bucket[index].count <= CALENDAR_FEW)
            calendar_refill_few(c, index);
        else if (c->near_end == 0)
            calendar_open(c, index);
        else
            return;
    } while (c->rows != 0 && c->near_end <= CALENDAR_NEAR - CALENDAR_FEW);
}

/* Keeps what is not stale, in its order. */
static void calendar_sweep_bucket(struct calendar *c, uint32_t index)
{
    struct calendar_bucket b = c->bucket[index];

    calendar_vacate(c, index);
    while (b.count != 0) {
        struct event e = calendar_shift(c, &b);
        if (calendar_is_stale(c, &e)) {
            c->count--;
            c->stale++;
        } else {
            calendar_file_far(c, &e);
        }
    }
}

void calendar_sweep(struct calendar *c)
{
    uint32_t kept = c->near_first;

    for (uint32_t i = c->near_first; i < c->near_end; i++) {
        if (calendar_is_stale(c, &c->near[i])) {
            c->count--;
            c->stale++;
        } else {
            c->near[kept++] = c->near[i];
        }
    }
    c->near_end = kept;
    for (uint32_t rows = c->rows; rows != 0; rows &= rows - 1) {
        uint32_t row = (uint32_t)__builtin_ctz(rows);
        for (uint64_t digits = c->digits[row]; digits != 0; digits &= digits - 1)
            calendar_sweep_bucket(c, row * CALENDAR_DIGITS + (uint32_t)__builtin_ctzll(digits));
    }
    c->cancelled = 0;
}

void calendar_cancelled(struct calendar *c)
{
    if (++c->cancelled > 64 && c->cancelled > c->count / 2)
        calendar_sweep(c);
}
