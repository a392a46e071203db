/* What a replication's facts and gauges add up to: the one source that every KPI reads.
 *
 * Owns nothing but itself: a plain block of integers, so that parts merge exactly in any order and
 * a snapshot is a memcpy. Facts are summed by (kind, channel); the last column (OMO_CHANNELS_MAX)
 * holds facts without a channel, and readers that want all channels sum over the columns
 * (tally_count and friends take TALLY_ALL). Gauges are levels integrated over time. Costs that come
 * of areas (holding, backorders) are worked out by the world when it closes the books and stand in
 * `cost`.
 */
#ifndef OMO_MEASURE_TALLY_H
#define OMO_MEASURE_TALLY_H

#include <omosim/fact.h>
#include <omosim/model.h>

#include "base/core.h"
#include "base/gauge.h"

enum fact_kind {
#define FACT(name, amount, text) FACT_##name,
#include "measure/facts.def"
#undef FACT
    FACT_KIND_COUNT
};

enum gauge_kind {
    GAUGE_UNITS,         /* physical units in places: free, reserved, quarantined, less phantoms */
    GAUGE_VALUE,         /* their cost value, cents */
    GAUGE_IN_STOCK,      /* positions with at least one unreserved unit that is there */
    GAUGE_BACKORDERS,    /* units backordered */
    GAUGE_IN_TRANSIT,    /* units on order or under way to a place */
    GAUGE_TILL_QUEUE,    /* customers waiting, over all tills' stations */
    GAUGE_TILL_BUSY,     /* tills serving */
    GAUGE_TILL_OCCUPIED, /* till stations with at least one customer */
    GAUGE_PICKER_QUEUE,
    GAUGE_PICKER_BUSY,
    GAUGE_COURIER_QUEUE,
    GAUGE_COURIER_BUSY,
    GAUGE_SUBSCRIPTIONS,
    GAUGE_MEMBERS,     /* members who have joined and not left */
    GAUGE_POINTS,      /* points that members hold */
    GAUGE_ORDERS_OPEN, /* online orders in flight */
    GAUGE_COUNTER_QUEUE,
    GAUGE_COUNTER_BUSY,
    GAUGE_DUTY, /* servers on duty, of each role */
    GAUGE_DUTY_LAST = GAUGE_DUTY + OMO_ROLE_COUNT - 1,
    GAUGE_SHELF_LEVEL,      /* parts and parcels on pickup shelves */
    GAUGE_SHELF_SQUARE,     /* squares of the shelves' levels, together */
    GAUGE_SHELF_USED,       /* shelves with something on them */
    GAUGE_SHELF_OVER,       /* shelves with more than run.shelf_over */
    GAUGE_SHELF_FULL,       /* shelves all of whose slots are taken */
    GAUGE_SHELF_BACK,       /* ready, but waiting behind a full shelf */
    GAUGE_BOXES_TAKEN,      /* boxes of lockers in use */
    GAUGE_LOCKERS_FULL,     /* lockers all of whose boxes are taken */
    GAUGE_BOXES_BACK,       /* parcels at the depot that wait for a box */
    GAUGE_RETURNING,        /* units handed over that will come back and have not arrived yet */
    GAUGE_RETURNING_SQUARE, /* the square of that level, for its variance */
    GAUGE_QUARANTINE,       /* returned units that are not yet looked at */
    GAUGE_PHANTOM,          /* units on record that are not there */
    GAUGE_INACCURATE,       /* positions whose record is wrong either way */
    GAUGE_HELD,        /* units held for check-outs that are not paid yet */
    GAUGE_COUNT
};

struct tally_cell {
    int64_t count;
    int64_t quantity;
    core_int128 amount;
    core_int128 square; /* sum of squared amounts, for kinds of DISTANCE and SPAN only */
};

#define TALLY_CHANNELS (OMO_CHANNELS_MAX + 1)
#define TALLY_ALL UINT32_MAX

struct tally {
    struct tally_cell cell[FACT_KIND_COUNT][TALLY_CHANNELS];
    struct gauge gauge[GAUGE_COUNT];
    uint32_t channel_count;
    bool online[TALLY_CHANNELS];   /* the channel's kind is online */
    bool ships[TALLY_CHANNELS];    /* its goods leave by courier or parcel */
    bool comes_in[TALLY_CHANNELS]; /* its customers are in a store when they buy */
    uint64_t position_count;
    uint64_t member_potential; /* people who could be members; 0 = members are not kept */
    int64_t member_period_us;  /* of retention */
    double point_money;        /* what a point pays for, in currency units */
    uint32_t server_count[OMO_ROLE_COUNT]; /* finite servers of each role, all places together */
    uint32_t station_count[OMO_ROLE_COUNT];
    bool has_shifts[OMO_ROLE_COUNT];           /* servers of a role come and go */
    uint32_t shelf_count, shelf_limited_count; /* places with a pickup shelf; those with slots */
    uint32_t box_count, locker_count;
    int64_t span_us;       /* measured time: horizon less warm-up */
    int64_t time_unit_us;  /* of the textbook measures (L = lambda W holds in any); OMO_US_PER_HOUR
                              when the scenario is silent */
    uint64_t cycle_count;  /* replenishment cycles ended: receipts of single positions */
    uint64_t review_count; /* review periods closed while measuring (costs per period) */
    bool per_period;       /* holding and backorder costs were charged by review period */
    bool counts_over_wait, counts_over_sojourn, counts_over_distance,
        counts_over_shelf; /* run.wait_over and its like are set */
    bool counts_returns;   /* goods can come back */
    bool counts_accuracy;  /* the record of stock can be wrong */
    struct {
        int64_t holding_cents;
        int64_t backorder_cents;
    } cost;
    struct { /* running sums of costs charged by period */
        core_int128 holding;
        core_int128 backorder;
    } cost_microcents;
    struct { /* visits and returns of all days of the measured time, for the dispersion of daily
                counts */
        int64_t days;
        int64_t visits;
        core_int128 visits_square;
        int64_t first_quarter_visits; /* visits in the first six hours of each day */
        int64_t candidates;           /* arrivals proposed by thinning */
        int64_t accepted;
        int64_t returned; /* units */
        core_int128 returned_square;
    } arrival;
    struct { /* openings of the gates before pickers */
        int64_t count, empty;
        int64_t parts;
        core_int128 parts_square;
    } wave;
};

/* The books in cents. Each money fact is in exactly one line, so that nothing is taken off twice;
 * refunds are in net_sales. */
struct tally_books {
    int64_t net_sales_cents;  /* PLACED less REFUNDED, and less what is due and not SETTLED: what
                                 customers paid and kept paid, fees included */
    int64_t services_cents;   /* PARCEL_FEE; no channel's own */
    int64_t goods_cents;      /* GOODS less GOODS_BACK */
    int64_t fulfilment_cents; /* HANDLING, SHIPPED, PURCHASE and RETURN_COST */
    int64_t holding_cents;    /* cost.holding_cents; no channel's own */
    int64_t waste_cents;      /* WASTED and RETURN_WASTED */
    int64_t shrink_cents;     /* SHRUNK */
    int64_t counting_cents;   /* COUNTED */
    int64_t commission_cents; /* COMMISSION */
    int64_t touch_cents;      /* TRAFFIC, ACQUIRED, AGENT and GUIDED: what touch points cost */
    int64_t penalties_cents;  /* PENALTY */
    int64_t backorder_cents;  /* cost.backorder_cents; no channel's own */
    int64_t profit_cents;     /* the first two lines less all the others */
};

/* Sums over one channel, or over all of them and the facts without a channel (TALLY_ALL). */
int64_t tally_count(const struct tally *t, enum fact_kind kind, uint32_t channel);
int64_t tally_quantity(const struct tally *t, enum fact_kind kind, uint32_t channel);
double tally_amount(const struct tally *t, enum fact_kind kind, uint32_t channel);
double tally_square(const struct tally *t, enum fact_kind kind, uint32_t channel);
/* Exact sum of money; for LINE facts of their cents. */
int64_t tally_cents(const struct tally *t, enum fact_kind kind, uint32_t channel);
/* Count and quantity over the online channels alone; 0 for a channel that is not online. */
int64_t tally_online_count(const struct tally *t, enum fact_kind kind, uint32_t channel);
int64_t tally_online_quantity(const struct tally *t, enum fact_kind kind, uint32_t channel);
/* Count over the channels that ship; 0 for a channel that does not. */
int64_t tally_shipping_count(const struct tally *t, enum fact_kind kind, uint32_t channel);
/* Units of demand. Units switched to another channel or sought in another shop are a line again
 * there: in a channel they are its demand that it did not serve, in the total they count once. */
int64_t tally_demand(const struct tally *t, uint32_t channel);
/* Units sold from some shelf: reserved, but for those that the picker did not find. */
int64_t tally_sold(const struct tally *t, uint32_t channel);
/* Units of demand handed out from stock: sold, but not those that filled a backorder or stand in the
 * place of others. */
int64_t tally_from_stock(const struct tally *t, uint32_t channel);
/* Customers who came to a till's queue and were served, gave up, or turned away at its sight. */
int64_t tally_at_tills(const struct tally *t, uint32_t channel);
struct tally_books tally_books(const struct tally *t, uint32_t channel);
/* Members who were one at any time while measuring. */
static inline double tally_members_ever(const struct tally *t)
{
    return (double)(t->gauge[GAUGE_MEMBERS].level +
                    tally_quantity(t, FACT_MEMBERS_LEFT, TALLY_ALL));
}
static inline bool tally_no_members(const struct tally *t) { return t->member_potential == 0; }
/* Time average of a gauge over the measured time. */
double tally_level(const struct tally *t, enum gauge_kind gauge);

/* Servers on duty of a role on average, all places together; 0 where some are unlimited. */
double tally_servers(const struct tally *t, omo_role role);

/* a / b, or NaN when b is 0: a KPI without cases has no value, and reports show a dash. */
static inline double tally_ratio(double a, double b)
{
    return b != 0.0 ? a / b : (double)__builtin_nanf("");
}
static inline double tally_share(int64_t a, int64_t b) { return tally_ratio((double)a, (double)b); }
static inline double tally_money(int64_t cents) { return (double)cents / 100.0; }
/* Mean amount of a fact, in units of `unit` (1e6 mm to a km, OMO_US_PER_HOUR ...). */
static inline double tally_mean(const struct tally *t, enum fact_kind kind, uint32_t channel,
                                double unit)
{
    return tally_ratio(tally_amount(t, kind, channel),
                       (double)tally_count(t, kind, channel) * unit);
}
/* Mean time of a fact in the scenario's time unit. */
static inline double tally_mean_time(const struct tally *t, enum fact_kind kind, uint32_t channel)
{
    return tally_mean(t, kind, channel, (double)t->time_unit_us);
}
/* Measured time in days, and in the scenario's time unit. */
static inline double tally_days(const struct tally *t)
{
    return (double)t->span_us / (double)OMO_US_PER_DAY;
}
static inline double tally_time_units(const struct tally *t)
{
    return tally_ratio((double)t->span_us, (double)t->time_unit_us);
}

#endif
