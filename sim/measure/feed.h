/* The feed: every fact goes through here, once, to the tally, the digest, the detail and the
 * reader.
 *
 * The inline emitters know a fact's kind at compile time, so that only what the kind has is
 * added up. Costs about 10 ns a fact. One feed belongs to one world.
 */
#ifndef OMO_MEASURE_FEED_H
#define OMO_MEASURE_FEED_H

#include <omosim/world.h>

#include "base/digest.h"
#include "measure/tally.h"

#define FEED_BATCH 256

struct detail;

struct feed {
    struct tally *tally;
    struct digest digest;
    uint64_t fact_count;
    const int64_t *now_us;
    struct detail *detail;  /* NULL = not kept */
    omo_fact_reader reader; /* NULL = none */
    void *reader_user;
    uint32_t batch_count;
    omo_fact batch[FEED_BATCH];
};

/* What a fact is about. */
struct feed_about {
    uint64_t order;
    uint32_t place;   /* OMO_NONE = none */
    uint32_t channel; /* OMO_FACT_NO_CHANNEL = none */
};

/* Hands the batched facts to the reader. */
void feed_flush(struct feed *f);
/* The slow half of an emission: detail and reader. */
void feed_pass_on(struct feed *f, const omo_fact *fact);

static inline struct tally_cell *feed_emit(struct feed *f, enum fact_kind kind,
                                           struct feed_about about, int64_t quantity,
                                           uint64_t amount)
{
    OMO_ASSERT(quantity >= 0 && quantity <= (int64_t)OMO_FACT_QUANTITY_MAX);
    omo_fact fact = {
        .at_us = *f->now_us,
        .order = about.order,
        .place = about.place,
        .packed = (uint32_t)kind | about.channel << 8 | (uint32_t)quantity << 13,
        .amount = (int64_t)amount,
    };
    uint64_t word[4];
    memcpy(word, &fact, sizeof(word));
    digest_add(&f->digest, word);
    f->fact_count++;
    if (f->detail != NULL || f->reader != NULL)
        feed_pass_on(f, &fact);
    uint32_t column =
        about.channel == OMO_FACT_NO_CHANNEL ? f->tally->channel_count : about.channel;
    struct tally_cell *cell = &f->tally->cell[kind][column];
    cell->count++;
    cell->quantity += quantity;
    return cell;
}

static inline void feed_none(struct feed *f, enum fact_kind kind, struct feed_about about,
                             int64_t quantity)
{
    feed_emit(f, kind, about, quantity, 0);
}

static inline void feed_money(struct feed *f, enum fact_kind kind, struct feed_about about,
                              int64_t quantity, int64_t cents)
{
    feed_emit(f, kind, about, quantity, (uint64_t)cents)->amount += cents;
}

/* Times and distances: squares are summed too. */
static inline void feed_span(struct feed *f, enum fact_kind kind, struct feed_about about,
                             int64_t quantity, int64_t span)
{
    struct tally_cell *cell = feed_emit(f, kind, about, quantity, (uint64_t)span);
    cell->amount += span;
    cell->square += (core_int128)span * span;
}

static inline void feed_line(struct feed *f, enum fact_kind kind, struct feed_about about,
                             uint32_t sku, int64_t quantity, int64_t cents)
{
    OMO_ASSERT(cents >= INT32_MIN && cents <= INT32_MAX);
    feed_emit(f, kind, about, quantity, (uint64_t)sku << 32 | (uint32_t)cents)->amount += cents;
}

/* Units without an order or channel, split where they pass what one fact can hold. */
void feed_units(struct feed *f, enum fact_kind kind, uint32_t place, int64_t units);

#endif
