/* The model of a retail chain: build it with add calls, seal it, share it.
 *
 * Life: omo_model_new, set/add in any order that respects references, omo_model_seal, then any
 * number of worlds on any number of threads, omo_model_free last. Before sealing a model belongs
 * to one thread; a sealed model is read-only. Option structs begin with `size` (sizeof of the
 * struct as the caller knows it): fill one with its omo_..._defaults() first. Strings are
 * copied. A call that fails changes nothing. All sizes and shares are checked at the call or at
 * sealing; the error text names the object by its id.
 */
#ifndef OMOSIM_MODEL_H
#define OMOSIM_MODEL_H

#include <omosim/kernel.h>
#include <omosim/law.h>
#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct omo_model omo_model;

#define OMO_LINES_MAX 16      /* lines of one order */
#define OMO_CHANNELS_MAX 24   /* channels of a model */
#define OMO_SEGMENTS_MAX 32   /* segments of a model */
#define OMO_PROMOTIONS_MAX 8  /* promotions of a model */
#define OMO_PRIORITIES 4      /* ranks that orders can have at a picker */
#define OMO_TOUR_MAX 32       /* parts that a courier can take at once */
#define OMO_DERIVED INT32_MIN /* "work it out from forecast demand" */

/* ---- run ------------------------------------------------------------------------------------- */

typedef enum omo_geometry { OMO_GEOMETRY_SPHERE, OMO_GEOMETRY_PLANE } omo_geometry;

typedef struct omo_run_options {
    size_t size;
    int64_t horizon_us;      /* simulated time that is run, warm-up included */
    int64_t warm_up_us;      /* measures are reset at this time */
    uint32_t first_weekday;  /* 0 = Monday; the weekday of day 0 */
    omo_geometry geometry;   /* positions are latitude/longitude in degrees, or x/y in km */
    double torus_side_km;    /* plane only: both axes wrap at this side; 0 = open plane */
    uint32_t reach_count;    /* how many nearest places an order may see, 1..32 */
    int64_t wait_over_us;    /* count waits at a till longer than this; negative = off */
    int64_t sojourn_over_us; /* count times in a till's system longer than this; negative = off */
    double distance_over_km; /* count nearest distances above this; negative = off */
    bool nearest_facts;      /* emit the distances to the three nearest places of each order */
    int32_t shelf_over;   /* count the time with more than this on a pickup shelf; negative = off */
    int64_t time_unit_us; /* unit of the textbook measures (W, cost per time unit ...) */
    uint64_t memory_max;  /* bytes that one world may take; 0 = no limit */
} omo_run_options;

/* ---- network --------------------------------------------------------------------------------- */

typedef enum omo_place_kind {
    OMO_PLACE_STORE,
    OMO_PLACE_DARK_STORE,
    OMO_PLACE_WAREHOUSE,
    OMO_PLACE_SUPPLIER, /* endless stock; only ships along lanes */
    OMO_PLACE_LOCKER,   /* a bank of boxes without stock or staff: `shelf_slots` of them */
    OMO_PLACE_KIND_COUNT
} omo_place_kind;

enum omo_capability { /* bits of omo_place_options.capabilities */
                      OMO_SELLS_ON_SITE = 1,
                      OMO_OFFERS_PICKUP = 2,
                      OMO_SHIPS_COURIER = 4,
                      OMO_SHIPS_PARCEL = 8,
                      OMO_ACCEPTS_RETURNS = 16
};

/* A counter hands over what customers come to fetch. */
typedef enum omo_role {
    OMO_ROLE_TILL,
    OMO_ROLE_PICKER,
    OMO_ROLE_COURIER,
    OMO_ROLE_COUNTER,
    OMO_ROLE_COUNT
} omo_role;

typedef struct omo_role_options {
    /* 0 = the place has no such station and the step takes no time; OMO_UNLIMITED = never a
     * queue */
    uint32_t servers;
    omo_law service; /* microseconds */
    /* on duty by time of a period, in place of `servers`: the first from 0, ascending; who serves
     * at the end of a shift finishes */
    const omo_shift *shifts;
    uint32_t shift_count;
    int64_t shift_period_us;
    int64_t wave_us; /* pickers: orders wait at a gate that opens at its multiples; 0 = no gate */
} omo_role_options;

typedef struct omo_place_options {
    size_t size;
    const char *id;
    omo_place_kind kind;
    uint32_t capabilities;
    double lat, lon; /* degrees; with OMO_GEOMETRY_PLANE y and x in km */
    /* time of day; picking for online orders happens between opens and closes */
    int64_t opens_us;
    int64_t closes_us;         /* equal to opens_us: never closed */
    omo_assortment assortment; /* what the place stocks; index OMO_UNLIMITED = nothing */
    omo_role_options station[OMO_ROLE_COUNT];
    /* opening units of each of its positions; OMO_DERIVED = as the stocking rule of its kind
     * says */
    int32_t opening;
    /* used with `opening`: each position holds it with this probability, else 0 */
    uint32_t opening_share_ppm;
    /* drawn anew in each replication, uniform on the torus (the place field of
     * omo_model_set_field) */
    bool random_position;
    /* -- attraction -- */
    double attraction; /* how large the shop is for its customers' gravity, > 0; 1 */
    /* -- pickup shelf, lockers, third-party parcels -- */
    uint32_t shelf_slots;     /* of the pickup shelf, or boxes of a locker; 0 = no limit */
    double parcels_per_day;   /* of a third party, that people fetch here; 0 = none */
    omo_law parcel_collect;   /* time from arrival on the shelf to the visit that fetches it */
    omo_law parcel_service;   /* staff time to hand one over */
    int64_t parcel_fee_cents; /* that the third party pays for each one handed over */
    /* -- returns, shrinkage -- */
    double shrink_factor; /* what vanishes here, relative to what omo_accuracy_options says */
    /* -- acceptance of online orders -- */
    bool acceptance_own;    /* acceptance_base is this place's own */
    double acceptance_base; /* in place of integration's */
} omo_place_options;

typedef struct omo_sku_options {
    size_t size;
    const char *id;
    int64_t price_cents;
    int64_t cost_cents;
    double popularity;        /* relative weight, > 0 */
    uint32_t shelf_life_days; /* 0 = keeps for ever; at most 60 */
    /* with omo_model_set_returns: probability that a unit sold comes back */
    uint32_t return_rate_ppm;
} omo_sku_options;

typedef struct omo_lane_options {
    size_t size;
    omo_place from, to;       /* a place has at most one lane that supplies it */
    omo_law lead_time;        /* microseconds, drawn for each shipment */
    int64_t order_cost_cents; /* fixed cost of each purchase order (place and review) */
} omo_lane_options;

/* ---- demand ---------------------------------------------------------------------------------- */

#define OMO_NESTS_MAX 8         /* nests of a segment */
#define OMO_ALTERNATIVES_MAX 64 /* that a visit may choose from: channels x places x slots */

/* Channels that are more alike than others: nested logit. */
typedef struct omo_nest {
    uint32_t channel_mask; /* bit i = channel i; a channel is in at most one nest */
    double lambda;         /* above 0, at most 1: 1 = no more alike than all others */
} omo_nest;

/* Visits that only look and order elsewhere later. */
typedef struct omo_detour {
    uint32_t share_ppm;
    omo_law delay;         /* microseconds until the second visit */
    uint32_t channel_mask; /* that it chooses from: bit i = channel i; 0 = all that fit */
} omo_detour;

/* What customers of a shop do about lines that it lacks: shares of the visits that find one
 * missing, besides switch_ppm; the rest goes without. */
typedef struct omo_stockout {
    uint32_t substitute_ppm;    /* takes something like it from the shelf */
    uint32_t endless_aisle_ppm; /* orders it at the shop's screen, by parcel */
    uint32_t other_store_ppm;   /* goes to another shop for it */
    uint32_t backorder_ppm;     /* pays now and gets it when it comes in */
    omo_law travel;             /* microseconds to the other shop */
} omo_stockout;

typedef enum omo_zone_shape { OMO_ZONE_POINT, OMO_ZONE_SQUARE } omo_zone_shape;

typedef struct omo_zone_options {
    size_t size;
    const char *id;
    /* as places; a square zone's corner with the smallest coordinates (plane only) */
    double lat, lon;
    omo_zone_shape shape;
    double side_km;        /* of a square zone */
    double weight;         /* share of a segment's visits and of its members, >= 0 */
    uint32_t member_count; /* members who live here */
} omo_zone_options;

typedef enum omo_profile_kind {
    OMO_PROFILE_FLAT,
    OMO_PROFILE_HOURLY,
    OMO_PROFILE_SINUSOID
} omo_profile_kind;

typedef struct omo_segment_options {
    size_t size;
    const char *id;
    double visits_per_day; /* mean over a week */
    /* visits_per_day holds for each zone alike; else it is the total, spread by zone weight */
    bool visits_each_zone;
    omo_profile_kind profile;
    /* hourly: relative rate of each hour of a week from Monday 00:00; any positive scale */
    double hour_weight[168];
    /* sinusoid: rate x (1 + amplitude sin(2 pi t / period)), thinned (Lewis & Shedler 1979) */
    double amplitude;
    int64_t period_us;
    omo_law lines;             /* lines of a basket, rounded, clipped to 1..OMO_LINES_MAX */
    omo_law quantity;          /* units of a line, rounded, at least 1 */
    bool empty_basket;         /* customers buy nothing and only use the till: a bare station */
    uint32_t sku_count;        /* they choose among this many most popular SKUs; 0 = all */
    uint32_t member_share_ppm; /* visits made by a member of their zone */
    /* customers stand uniformly in a disc around the zone's point; 0 = at the point */
    double scatter_km;
    double price_sensitivity;    /* utility for a discount of 100 % */
    double distance_sensitivity; /* utility lost per km that the customer travels */
    double wait_sensitivity;     /* utility lost per promised hour */
    double fee_sensitivity;      /* utility lost per currency unit of fee */
    /* utility lost when 100 % of the basket is shown as sold out (online channels) */
    double missing_sensitivity;
    /* in the shop, a missing line is ordered online instead, where stock is merged */
    uint32_t switch_ppm;
    /* -- bursts -- */
    /* -- choice: nests, gravity, showrooming -- */
    uint32_t nest_count;
    omo_nest nest[OMO_NESTS_MAX];
    /* Huff (1964): utility of a shop gains attraction x ln(its attraction) and loses distance x
     * ln(km), within 50 m as at 50 m; both 0 = none */
    double gravity_attraction, gravity_distance;
    bool sees_queue;         /* the till's expected wait counts as a wait */
    double slot_utility[24]; /* of a slot that begins within that hour of the day */
    omo_detour showroom;     /* of visits to a shop that has all they want: order online later */
    omo_detour webroom;      /* of online choices: come to a shop later instead */
    /* -- what they do about a stock-out, a queue, a broken promise -- */
    omo_stockout stockout;
    uint32_t balk_queue; /* leave when so many wait at the till; 0 = never */
    omo_law balk_wait;   /* leave when they expect to wait longer; constant 0 = never */
    omo_law patience;    /* in the till's queue; constant 0 = endless */
    /* members who leave for good after an order that is late; that is cancelled, in part or whole */
    uint32_t churn_late_ppm, churn_cancelled_ppm;
} omo_segment_options;

typedef struct omo_channel_options {
    size_t size;
    const char *id;
    /* a registered channel kind: omo_registry_name(OMO_REGISTRY_CHANNEL, i) */
    const char *kind;
    /* a mode that the kind can have: omo_channel_mode(); NULL = the kind's first one */
    const char *mode;
    bool enabled;
    double radius_km; /* places farther away are out of reach; 0 = no limit */
    /* promised time from order to hand-over; 0 = none (always on time) */
    int64_t promise_us;
    /* courier, parcel: time from shipping to delivery, besides distance */
    omo_law travel;
    double speed_kmh;          /* courier: adds distance / speed; 0 = distance takes no time */
    omo_law collect;           /* pickup: time from ready to collected */
    int64_t fee_cents;         /* paid by the customer per order */
    int64_t free_above_cents;  /* no fee from this basket value on; 0 = never free */
    uint32_t commission_ppm;   /* of net sales, paid to the platform */
    int64_t cost_order_cents;  /* handling per order */
    int64_t cost_line_cents;   /* handling per line picked */
    int64_t cost_parcel_cents; /* per parcel or courier trip */
    int64_t cost_km_cents;     /* per km of a parcel or trip */
    /* -- the touch point: steps, hours, outages, terms, what a customer costs -- */
    /* -- choice: places and slots offered -- */
    /* where the customer goes there: so many of the nearest places are alternatives of their own */
    uint32_t place_count;
    int64_t slot_us;                     /* length of the slots of handing over; 0 = no slots */
    uint32_t slot_count;                 /* how many of the next ones are offered */
    uint32_t slot_capacity;              /* orders of one place and slot; 0 = no limit */
    int64_t slot_from_us, slot_until_us; /* of each day: the first begins, the last ends */
    /* -- collection, couriers, parcels -- */
    int64_t pickup_hold_us; /* goods nobody fetches go back after this; 0 = they wait for ever */
    uint32_t no_show_ppm;   /* share of orders whose customer never comes; needs a hold */
    omo_law verify;         /* staff time to find an order and hand it over; constant 0 = none */
    uint32_t priority;      /* at pickers: the lowest of 0..OMO_PRIORITIES - 1 first */
    uint32_t batch_orders;  /* courier: a tour takes up to so many parts; 0 = trips of one part */
    int64_t batch_wait_us;  /* and leaves when the first of them has waited so long */
    int64_t cutoff_us;      /* a carrier calls once a day, at this time; negative = at once */
    /* -- holds and payment -- */
    /* Units are held from check-out on; payment comes after pay_time, fails, or comes too late. */
    omo_law pay_time;      /* microseconds; constant 0 and pay_fail_ppm 0: paid at check-out */
    uint32_t pay_fail_ppm; /* payments that fail */
    int64_t hold_us;       /* unpaid units are released after this; 0 = they wait for the payment */
    /* -- returns -- */
    /* A unit bought here comes back for a reason of the channel's own, besides the product's:
     * with rates p and q it comes back with probability 1 - (1 - p)(1 - q). */
    uint32_t return_rate_ppm;
    /* -- integration: buffer, credit -- */
    int32_t buffer; /* in place of integration.buffer; OMO_DERIVED = that */
    uint32_t
        credit_ppm; /* of an order's revenue that counts as sales of the store that fulfils it */
} omo_channel_options;

typedef enum omo_home { OMO_HOME_ALL, OMO_HOME_ONLINE, OMO_HOME_STORE } omo_home;

typedef struct omo_promotion_options {
    size_t size;
    const char *id;          /* what back ends call it; NULL or "" = nothing, else unique */
    const char *kind;        /* a registered promotion kind */
    uint32_t share_ppm;      /* percent_off: discount */
    int64_t amount_cents;    /* amount_off_threshold, coupon: amount off */
    int64_t threshold_cents; /* least basket value at list prices */
    /* coupon: a member who visits online and holds none claims one with this probability */
    uint32_t claim_ppm;
    uint32_t per_member; /* coupon: how many a member may claim in all, 1..3 */
    /* coupon: how many may be redeemed in all; held after that they grant nothing; 0 = no limit */
    uint32_t budget;
    /* bit i = channel i; 0 = all (a coupon also obeys integration.members) */
    uint32_t channel_mask;
    omo_home home;             /* the side that it was made for: integration.promotions */
    int64_t from_us, until_us; /* simulated time; until 0 = no end */
} omo_promotion_options;

/* ---- policies and the integration dial ------------------------------------------------------- */

typedef struct omo_stocking_options {
    size_t size;
    const char *policy;   /* a registered stocking policy */
    int64_t review_us;    /* period; 0 = continuous: the position is reviewed when it changes */
    int64_t review_at_us; /* offset of the first review */
    double safety_factor; /* standard deviations of lead-time demand held as safety stock */
    int32_t level_low;    /* s or r; OMO_DERIVED = from forecast demand */
    int32_t level_high;   /* S; OMO_DERIVED */
    int32_t quantity;     /* Q; OMO_DERIVED */
    int32_t level_min;    /* derived S is at least this (facing stock) */
    /* opening units of each position; OMO_DERIVED = the policy's upper level */
    int32_t opening;
    /* each position holds its opening stock with this probability, else 0 */
    uint32_t opening_share_ppm;
} omo_stocking_options;

typedef enum omo_integration_kind { OMO_SILOED, OMO_MERGED } omo_integration_kind;
/* How what happens on one side becomes known on the other: each change some time later, all
 * changes so far at regular times, or all of them once a day. */
typedef enum omo_sync_kind { OMO_SYNC_DELAYED, OMO_SYNC_PERIODIC, OMO_SYNC_NIGHTLY } omo_sync_kind;
typedef enum omo_data { /* the dimensions of the integration dial */
                        OMO_DATA_INVENTORY,
                        OMO_DATA_MEMBERS,
                        OMO_DATA_PRICES,
                        OMO_DATA_PROMOTIONS,
                        OMO_DATA_ORDERS,
                        OMO_DATA_COUNT
} omo_data;
typedef enum omo_oversold_kind { OMO_OVERSOLD_REROUTE, OMO_OVERSOLD_CANCEL } omo_oversold_kind;

/* The sync of one dimension where it differs from the common one. */
typedef struct omo_sync_options {
    bool own; /* false: the rest is ignored */
    omo_sync_kind kind;
    int64_t lag_us;
    int64_t at_us;
} omo_sync_options;

/* What the chain does when the price shown is not the one at the till. */
typedef enum omo_mismatch_kind {
    OMO_MISMATCH_HONOUR, /* the customer pays the lower one */
    OMO_MISMATCH_CHARGE  /* the till's price is charged, and who has to pay more may leave */
} omo_mismatch_kind;

typedef struct omo_integration_options {
    size_t size;
    /* -- merged or siloed, each with its sync -- */
    omo_integration_kind inventory; /* siloed: a fenced part of each shelf is sold online */
    omo_integration_kind members;   /* siloed: who is known online is a stranger at the till */
    omo_integration_kind prices;    /* siloed: online, price changes never arrive */
    omo_integration_kind
        promotions;              /* siloed: a promotion stays on the side that it was made for */
    omo_integration_kind orders; /* siloed: orders are keyed in by hand at the store */
    /* The common sync, of inventory, prices and promotions; members and orders are known at once
     * unless they have a sync of their own. */
    omo_sync_kind sync;
    /* delayed: age of what is seen; periodic: time between refreshes; 0 = real time */
    int64_t sync_lag_us;
    int64_t sync_at_us; /* nightly: time of day */
    omo_sync_options own_sync[OMO_DATA_COUNT];
    /* -- inventory -- */
    int32_t buffer; /* units of each position held back from online channels */
    omo_oversold_kind oversold;
    /* siloed: share of each store position ring-fenced for online orders at each refresh */
    uint32_t online_share_ppm;
    /* -- prices -- */
    omo_mismatch_kind mismatch;
    uint32_t mismatch_leave_ppm; /* charge: share of those asked for more who leave */
    /* -- orders siloed: manual entry at the store -- */
    omo_law entry_time;        /* microseconds of a clerk's time per part of an order */
    bool entry_staff;          /* the place's pickers key it in, where it has any */
    uint32_t entry_error_ppm;  /* parts keyed wrongly: cancelled, refunded, back on the shelf */
    int64_t entry_error_cents; /* what such a mistake costs besides (apology, voucher) */
    /* -- acceptance of online orders by stores -- */
    bool acceptance;
    /* P(accept) = logistic(base + credit x credited share - load x parts waiting for a picker) */
    double acceptance_base, acceptance_credit, acceptance_load;
    uint32_t reject_max; /* after so many rejections the next place has to take the order */
} omo_integration_options;

/* At the beginning of each period a share of the SKUs, drawn anew, has another price for that
 * period; all others have their list price. */
typedef struct omo_price_options {
    size_t size;
    int64_t every_us;   /* length of a period; 0 = prices never change */
    uint32_t share_ppm; /* of the SKUs */
    omo_law factor;     /* list price times this, which is cut at 2 */
} omo_price_options;

typedef enum omo_shortage_kind { OMO_SHORTAGE_LOST, OMO_SHORTAGE_BACKORDER } omo_shortage_kind;

typedef struct omo_cost_options {
    size_t size;
    /* per unit and day; with `per_period` per unit and review period */
    int64_t holding_microcents;
    uint32_t holding_value_ppm;   /* of the stock's cost value per year of 365 days, besides */
    int64_t backorder_microcents; /* per unit backordered and day, or review period */
    /* charge on the stock at the end of each review period, before ordering */
    bool per_period;
    int64_t lost_cents;     /* per unit of lost sale */
    int64_t oversold_cents; /* per oversold unit that ends cancelled (apology, voucher) */
    int64_t late_cents;     /* per order handed over after its promise */
} omo_cost_options;

/* ---- calls ----------------------------------------------------------------------------------- */

/* Returns an empty model with every option at its default, or NULL when memory is short. Caller
 * frees with omo_model_free. */
OMO_API omo_model *omo_model_new(void);
OMO_API void omo_model_free(omo_model *model);

OMO_API omo_run_options omo_run_defaults(void);
OMO_API omo_place_options omo_place_defaults(void);
OMO_API omo_sku_options omo_sku_defaults(void);
OMO_API omo_lane_options omo_lane_defaults(void);
OMO_API omo_zone_options omo_zone_defaults(void);
OMO_API omo_segment_options omo_segment_defaults(void);
/* The mode's own defaults (NULL: of the kind's first one), then the kind's; unknown kind: general
 * ones. */
OMO_API omo_channel_options omo_channel_defaults(const char *kind, const char *mode);
OMO_API omo_promotion_options omo_promotion_defaults(const char *kind);
OMO_API omo_stocking_options omo_stocking_defaults(void);
OMO_API omo_integration_options omo_integration_defaults(void);
OMO_API omo_price_options omo_price_defaults(void);
OMO_API omo_cost_options omo_cost_defaults(void);

OMO_API omo_status omo_model_set_run(omo_model *model, const omo_run_options *options,
                                     omo_error *ret_error);
/* A Poisson field: the places that were added with random_position stand uniformly on the torus
 * in each replication, and how many of them exist is Poisson with mean density_per_km2 x
 * torus_side_km^2 (so add at least mean + 6 standard deviations of them). */
OMO_API omo_status omo_model_set_field(omo_model *model, double density_per_km2,
                                       omo_error *ret_error);
OMO_API omo_status omo_model_set_routing(omo_model *model, const char *policy,
                                         omo_error *ret_error);
/* Sets the stocking rule of one kind of place. */
OMO_API omo_status omo_model_set_stocking(omo_model *model, omo_place_kind kind,
                                          const omo_stocking_options *options,
                                          omo_error *ret_error);
OMO_API omo_status omo_model_set_integration(omo_model *model,
                                             const omo_integration_options *options,
                                             omo_error *ret_error);
OMO_API omo_status omo_model_set_prices(omo_model *model, const omo_price_options *options,
                                        omo_error *ret_error);
OMO_API omo_status omo_model_set_shortage(omo_model *model, omo_shortage_kind kind,
                                          omo_error *ret_error);
OMO_API omo_status omo_model_set_costs(omo_model *model, const omo_cost_options *options,
                                       omo_error *ret_error);

OMO_API omo_status omo_model_add_sku(omo_model *model, const omo_sku_options *options,
                                     omo_sku *ret_sku, omo_error *ret_error);
/* A set of SKUs that places stock; `skus` (count of them, no repeats) is copied. */
OMO_API omo_status omo_model_add_assortment(omo_model *model, const omo_sku *skus, size_t count,
                                            omo_assortment *ret_assortment, omo_error *ret_error);
OMO_API omo_status omo_model_add_place(omo_model *model, const omo_place_options *options,
                                       omo_place *ret_place, omo_error *ret_error);
OMO_API omo_status omo_model_add_lane(omo_model *model, const omo_lane_options *options,
                                      omo_error *ret_error);
OMO_API omo_status omo_model_add_zone(omo_model *model, const omo_zone_options *options,
                                      omo_zone *ret_zone, omo_error *ret_error);
OMO_API omo_status omo_model_add_channel(omo_model *model, const omo_channel_options *options,
                                         omo_channel *ret_channel, omo_error *ret_error);
OMO_API omo_status omo_model_add_segment(omo_model *model, const omo_segment_options *options,
                                         omo_segment *ret_segment, omo_error *ret_error);
#define OMO_UTILITY_ALWAYS 1e6 /* the segment never buys nothing */

/* Offers a channel to a segment with a utility (at most OMO_UTILITY_ALWAYS) against "buy
 * nothing" at 0. Without this call the segment does not use it. */
OMO_API omo_status omo_model_set_utility(omo_model *model, omo_segment segment, omo_channel channel,
                                         double utility, omo_error *ret_error);
OMO_API omo_status omo_model_add_promotion(omo_model *model, const omo_promotion_options *options,
                                           omo_error *ret_error);

/* ---- a queueing network in place of a chain -------------------------------------------------- */

/* A model has either places or stations. The options are the kernel's (kernel.h) and mean the same;
 * names, laws, shifts, crews, branches and rates are copied, handlers must be NULL. Names are
 * without dots, and none stands twice, because KPI columns are called KPI.STATION,
 * KPI.STATION.SOURCE (jobs of a source at a station that they can come to) and KPI.SOURCE (the jobs
 * of a source in the whole network). Branches and sources name stations that were added before. */
OMO_API omo_status omo_model_add_station(omo_model *model, const omo_station_options *options,
                                         omo_station *ret_station, omo_error *ret_error);
OMO_API omo_status omo_model_add_route(omo_model *model, omo_station from, omo_outcome outcome,
                                       omo_station to, uint32_t share_ppm, omo_error *ret_error);
OMO_API omo_status omo_model_add_source(omo_model *model, const omo_source_options *options,
                                        omo_source *ret_source, omo_error *ret_error);

/* Checks the whole, works out reach lists, levels and tables. After success the model can't
 * change. */
OMO_API omo_status omo_model_seal(omo_model *model, omo_error *ret_error);

OMO_API uint32_t omo_model_place_count(const omo_model *model);
OMO_API uint32_t omo_model_sku_count(const omo_model *model);
OMO_API uint32_t omo_model_zone_count(const omo_model *model);
OMO_API uint32_t omo_model_channel_count(const omo_model *model);
OMO_API uint64_t omo_model_position_count(const omo_model *model);
/* Stations and sources of a queueing network, 0 of a chain; names live as long as the model. */
OMO_API uint32_t omo_model_station_count(const omo_model *model);
OMO_API const char *omo_model_station_name(const omo_model *model, uint32_t index);
OMO_API uint32_t omo_model_source_count(const omo_model *model);
OMO_API const char *omo_model_source_name(const omo_model *model, uint32_t index);
/* Simulated time that is run. */
OMO_API int64_t omo_model_horizon_us(const omo_model *model);
/* When measuring begins. */
OMO_API int64_t omo_model_warm_up_us(const omo_model *model);
/* Id, kind and position of a place, zone, SKU or channel; strings live as long as the model. Index
 * below the count. */
OMO_API const char *omo_model_place_id(const omo_model *model, uint32_t index);
OMO_API omo_place_kind omo_model_place_kind(const omo_model *model, uint32_t index);
OMO_API void omo_model_place_position(const omo_model *model, uint32_t index, double *ret_lat,
                                      double *ret_lon);
OMO_API void omo_model_zone_position(const omo_model *model, uint32_t index, double *ret_lat,
                                     double *ret_lon);
OMO_API const char *omo_model_zone_id(const omo_model *model, uint32_t index);
OMO_API const char *omo_model_channel_id(const omo_model *model, uint32_t index);
OMO_API const char *omo_model_sku_id(const omo_model *model, uint32_t index);
OMO_API int64_t omo_model_sku_price_cents(const omo_model *model, uint32_t index);
/* What a place offers: bits of enum omo_capability. */
OMO_API uint32_t omo_model_place_capabilities(const omo_model *model, uint32_t index);
/* How many SKUs a place stocks; a supplier none. */
OMO_API uint32_t omo_model_place_position_count(const omo_model *model, uint32_t index);
/* Members of all zones; they are numbered from 0, zone after zone. */
OMO_API uint32_t omo_model_member_count(const omo_model *model);
OMO_API uint32_t omo_model_zone_member_count(const omo_model *model, uint32_t index);
/* Promotions in the order of adding, as omo_fact_quantity() of a DISCOUNT numbers them; strings of
 * *ret_options live as long as the model. */
OMO_API uint32_t omo_model_promotion_count(const omo_model *model);
OMO_API void omo_model_promotion(const omo_model *model, uint32_t index,
                                 omo_promotion_options *ret_options);
/* Kind of a channel: its number in OMO_REGISTRY_CHANNEL; its mode: the number in
 * OMO_REGISTRY_MODE. */
OMO_API uint32_t omo_model_channel_kind(const omo_model *model, uint32_t index);
OMO_API uint32_t omo_model_channel_mode(const omo_model *model, uint32_t index);
/* Whether customers of a segment may choose a channel: it is enabled and has a utility. */
OMO_API bool omo_model_segment_offers(const omo_model *model, uint32_t segment, uint32_t channel);
/* What a place needs to serve a channel: bits of enum omo_capability. */
OMO_API uint32_t omo_model_channel_capability(const omo_model *model, uint32_t index);
/* Bytes of a world's columns per stock position, for benchmarks; sealed models only. */
OMO_API double omo_model_position_size(const omo_model *model);

/* Great-circle distance in km (haversine, R = 6371.0088 km); degrees. */
OMO_API double omo_distance_km(double lat_a, double lon_a, double lat_b, double lon_b);
/* The up to `count` places nearest to a point, nearest first, ties by index: ret_places and
 * ret_km have room for count (1..32). Sealed models only. Returns how many were found; km_max >
 * 0 leaves out those farther away. */
OMO_API uint32_t omo_model_nearest(const omo_model *model, double lat, double lon, uint32_t count,
                                   double km_max, omo_place *ret_places, double *ret_km);
/* How many places stand within km of a point. Sealed models only. */
OMO_API uint32_t omo_model_within(const omo_model *model, double lat, double lon, double km);

#ifdef __cplusplus
}
#endif
#endif
