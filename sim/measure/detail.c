/* Sums for the pictures of a report.
 *
 * Sales are counted when the customer pays and taken back when money is given back; a place's
 * sales are what was paid for the units that it set aside. Everything is integers, so the detail
 * is the same on every machine. Days are kept from the beginning, warm-up included; places,
 * flows and lead times only while measuring. */
#include "measure/detail.h"

bool detail_init(struct detail *d, struct arena *arena, uint32_t channel_count,
                 uint32_t place_count, uint32_t zone_count, int64_t day_count)
{
    size_t flows = (size_t)place_count * zone_count;

    *d = (struct detail){.channel_count = channel_count,
                         .place_count = place_count,
                         .zone_count = zone_count};
    d->day_capacity = (uint32_t)core_min_i64(day_count, DETAIL_DAYS_MAX);
    d->day = arena_take(arena, d->day_capacity, sizeof(d->day[0]));
    d->place = arena_take(arena, place_count, sizeof(d->place[0]));
    if (flows <= DETAIL_FLOWS_MAX)
        d->flow = arena_take(arena, flows, sizeof(d->flow[0]));
    if (d->day == NULL || d->place == NULL || (flows <= DETAIL_FLOWS_MAX && d->flow == NULL))
        return false;
    for (uint32_t c = 0; c < channel_count; c++) {
        d->lead[c] = omo_histogram_new(DETAIL_LEAD_MS_MAX);
        if (d->lead[c] == NULL)
            return false;
    }
    return true;
}

void detail_free(struct detail *d)
{
    for (uint32_t c = 0; c < OMO_CHANNELS_MAX; c++) {
        omo_histogram_free(d->lead[c]);
        d->lead[c] = NULL;
    }
}

static void detail_read_day(omo_day_row *today, const omo_fact *fact, uint32_t channel)
{
    switch (omo_fact_kind(fact)) {
    case FACT_PLACED:
        today->orders[channel]++;
        today->sales_cents[channel] += fact->amount;
        break;
    case FACT_REFUNDED:
        today->sales_cents[channel] -= fact->amount;
        break;
    case FACT_LOST:
        today->lost_units += omo_fact_quantity(fact);
        break;
    case FACT_OVERSOLD:
        today->oversold_units += omo_fact_quantity(fact);
        break;
    case FACT_WASTED:
        today->wasted_units += omo_fact_quantity(fact);
        break;
    default:
        break;
    }
}

static void detail_read_place(struct detail *d, const omo_fact *fact, uint32_t channel)
{
    omo_place_row *row = &d->place[fact->place];

    switch (omo_fact_kind(fact)) {
    case FACT_ROUTED:
    case FACT_PLACED: /* names a place only when a walk-in buys there */
        row->orders[channel]++;
        break;
    case FACT_RESERVED:
        row->units[channel] += omo_fact_quantity(fact);
        row->sales_cents[channel] += omo_fact_line_cents(fact);
        break;
    case FACT_PICK_NIL:
        row->units[channel] -= omo_fact_quantity(fact);
        row->sales_cents[channel] -= omo_fact_line_cents(fact);
        break;
    case FACT_LOST:
        row->lost_units += omo_fact_quantity(fact);
        break;
    case FACT_OVERSOLD:
        row->oversold_units += omo_fact_quantity(fact);
        break;
    case FACT_TRIP:
        if (d->flow != NULL && omo_fact_quantity(fact) < d->zone_count)
            d->flow[(size_t)fact->place * d->zone_count + omo_fact_quantity(fact)]++;
        break;
    default:
        break;
    }
}

void detail_read(struct detail *d, const omo_fact *fact)
{
    uint32_t channel = omo_fact_channel(fact);

    if (channel == OMO_FACT_NO_CHANNEL)
        channel = 0; /* waste has no channel and no per-channel column */
    detail_read_day(&d->today, fact, channel);
    if (!d->measuring)
        return;
    if (fact->place != OMO_NONE)
        detail_read_place(d, fact, channel);
    if (omo_fact_kind(fact) == FACT_CLOSED)
        omo_histogram_record(d->lead[channel], fact->amount / OMO_US_PER_MS, 1);
}

void detail_day(struct detail *d, int64_t day, const struct tally *t)
{
    d->today.day = day;
    d->today.stock_units = t->gauge[GAUGE_UNITS].level;
    d->today.in_transit_units = t->gauge[GAUGE_IN_TRANSIT].level;
    d->today.backorder_units = t->gauge[GAUGE_BACKORDERS].level;
    if (d->day_count < d->day_capacity)
        d->day[d->day_count++] = d->today;
    d->today = (omo_day_row){.day = day + 1};
}
