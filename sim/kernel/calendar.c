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
 * peeking reads three words.
 *
 * A bucket of few events is not opened: its earliest event is taken out, the reference stays
 * behind. That saves the last filings, where each event would end in a bucket of its own.
 *
 * Cost: an event is filed about log64(n) + 1 times, in streams of whole chunks, and compared with
 * its bucket's earliest; a heap misses the cache on each of its last levels. Hold model, a pop and
 * a push: 31 ns at 10^3 pending, 43 at 10^5, 50 to 60 at 10^6; the four-ary heap before it: 64, 160
 * and 370 to 400 (tests/bench/bench_kernel.c). Digits of four bits were half as slow again at
 * 10^6, chunks of seven events a third. Calendar queue and ladder queue were not taken: they guess
 * a bucket width from the spacing of events, and a review that puts a store's events on one instant
 * has no spacing; they would have to sort it. The price here: one chunk for each bucket in use,
 * 0.36 MB at most. */
#include "kernel/calendar.h"

#define CALENDAR_FEW 8 /* a bucket of no more is not opened */
#define CALENDAR_EVENTS (CALENDAR_SLOTS - 1)

_Static_assert(CALENDAR_FEW <= CALENDAR_EVENTS, "few events stand in one chunk");
_Static_assert(PHASE_REVIEW < CALENDAR_DIGITS, "row 0 has a bucket for each phase");
_Static_assert(CALENDAR_ROWS <= 32, "the mask of rows is one word");
_Static_assert(CALENDAR_DIGITS <= 64, "the mask of digits is one word");

/* A bucket in use has one chunk that is not full, a queue of row 0 a second one at its front; one
 * more is being emptied while its events are filed anew. Digit 0 of a row above 0 is never used. */
static uint32_t calendar_chunks(uint32_t capacity)
{
    const uint32_t phases = PHASE_REVIEW + 1;
    uint32_t buckets = phases + (CALENDAR_ROWS - 1) * (CALENDAR_DIGITS - 1);
    uint64_t chunks = (uint64_t)capacity / CALENDAR_EVENTS + core_min_u32(capacity, buckets);

    chunks += phases + 1;
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

static inline void calendar_file(struct calendar *c, const struct event *e)
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

void calendar_push(struct calendar *c, int64_t at_us, enum event_kind kind, uint32_t slot,
                   uint32_t generation, uint32_t arg)
{
    OMO_ASSERT(at_us >= c->now_us);
    OMO_ASSERT(c->count < c->capacity);
    struct event e = {
        .at_us = at_us,
        .order = (uint64_t)event_phase_of[kind] << EVENT_SEQUENCE_BITS | c->sequence++,
        .kind = (uint16_t)kind,
        .slot = slot,
        .generation = generation,
        .arg = arg,
    };

    calendar_file(c, &e);
    c->count++;
}

/* Takes the earliest event of a bucket of row 0, which is the one filed first. */
static void calendar_pop_queue(struct calendar *c, uint32_t index)
{
    struct calendar_bucket *b = &c->bucket[index];
    uint32_t chunk = b->head / CALENDAR_SLOTS;

    if (--b->count == 0) {
        calendar_vacate(c, index);
        calendar_chunk_give(c, chunk);
        return;
    }
    if (++b->head % CALENDAR_SLOTS == 0) {
        b->head = c->slot[chunk * CALENDAR_SLOTS].chunk_next * CALENDAR_SLOTS + 1;
        calendar_chunk_give(c, chunk);
    }
    b->first = b->head;
    b->first_order = c->slot[b->head].event.order;
}

static inline core_uint128 calendar_key(const struct event *e)
{
    return (core_uint128)(uint64_t)e->at_us << 64 | e->order;
}

/* Takes the earliest event of a bucket of few: those behind it move up, and the next one is looked
 * for without branches, which nothing could predict. */
static void calendar_pop_few(struct calendar *c, uint32_t index)
{
    struct calendar_bucket *b = &c->bucket[index];

    if (--b->count == 0) {
        calendar_chunk_give(c, b->head / CALENDAR_SLOTS);
        calendar_vacate(c, index);
        return;
    }
    b->tail = b->head + b->count;
    for (uint32_t i = b->first; i < b->tail; i++)
        c->slot[i] = c->slot[i + 1];
    uint32_t best = b->head;
    core_uint128 key_best = calendar_key(&c->slot[best].event);
    for (uint32_t i = best + 1; i < b->tail; i++) {
        core_uint128 key = calendar_key(&c->slot[i].event);
        best = key < key_best ? i : best;
        key_best = key < key_best ? key : key_best;
    }
    b->first = best;
    b->first_us = c->slot[best].event.at_us;
    b->first_order = c->slot[best].event.order;
}

/* Takes the earliest event of a bucket of many: it becomes the reference, the others are filed
 * anew, in their order. */
static void calendar_pop_open(struct calendar *c, uint32_t index)
{
    struct calendar_bucket b = c->bucket[index];
    uint32_t chunk = b.head / CALENDAR_SLOTS;

    OMO_ASSERT(b.first_us > c->reference_us);
    c->reference_us = b.first_us;
    calendar_vacate(c, index);
    while (b.count != 0) {
        uint32_t here = core_min_u32(b.count, CALENDAR_EVENTS);
        uint32_t link = chunk * CALENDAR_SLOTS, next = c->slot[link].chunk_next;
        b.count -= here;
        for (uint32_t i = 0; i < CALENDAR_SLOTS && b.count != 0; i += 2)
            __builtin_prefetch(&c->slot[next * CALENDAR_SLOTS + i]);
        for (uint32_t i = link + 1; i <= link + here; i++)
            if (i != b.first)
                calendar_file(c, &c->slot[i].event);
        calendar_chunk_give(c, chunk);
        chunk = next;
    }
}

struct event calendar_pop(struct calendar *c)
{
    OMO_ASSERT(c->count != 0);
    uint32_t index = calendar_bucket_first(c);
    struct event e = c->slot[c->bucket[index].first].event;

    if (index < CALENDAR_DIGITS)
        calendar_pop_queue(c, index);
    else if (c->bucket[index].count <= CALENDAR_FEW)
        calendar_pop_few(c, index);
    else
        calendar_pop_open(c, index);
    c->count--;
    c->now_us = e.at_us;
    return e;
}
