/* A world: one replication under way. One arena of columns, one clock, one calendar, one tape. */
#ifndef OMO_FLOW_WORLD_H
#define OMO_FLOW_WORLD_H

#include "demand/arrivals.h"
#include "demand/basket.h"
#include "demand/behaviour.h"
#include "flow/model.h"
#include "kernel/calendar.h"
#include "kernel/tape.h"
#include "measure/detail.h"
#include "measure/feed.h"
#include "network/checkout.h"
#include "network/orders.h"
#include "network/pipeline.h"
#include "network/returns.h"
#include "network/labour.h"
#include "network/members.h"
#include "network/follow.h"
#include "network/groups.h"
#include "network/pickups.h"
#include "network/view.h"
#include "network/waiting.h"

struct audit { /* levels when the measures were last reset */
    int64_t free_units, reserved_units, held_units, on_order_units;
    int64_t waiting_cents;
    int64_t coupons_held, members, points_held;
    int64_t held_cents; /* for group buys */
    int64_t subscriptions;
    int64_t phantom;                   /* units on record and not there */
    int64_t quarantined, posted_units; /* returns */
    int64_t requested_cents;           /* paid for those that were asked for, not yet refunded */
    int64_t opening_units;             /* facts of the opening are kept over the warm-up */
    int64_t carried_units;             /* by customers at tills, not yet paid */
    int64_t due_cents;                 /* orders to be paid at collection */
    int64_t parcels;                   /* of third parties, at places */
};

/* A channel, as it is at the moment. */
struct touch_point {
    int64_t down_since_us;
    uint32_t down;    /* outages under way */
    uint32_t outages; /* by chance, so far */
    uint32_t terms;   /* changes of terms, so far */
    uint32_t spare;   /* 0: what is saved has no holes */
};

/* What the visits of the day under way may still need, at most (memory.c). */
struct memory_room {
    uint64_t shipments, chunks, events;
    uint64_t notes;                   /* stock changes on their way to a view */
    uint64_t visits, online, waiting; /* of the day: orders, online orders, backorders */
    uint64_t carrying;                /* who may wait at a till with limited patience */
    uint64_t members;                 /* who may change for the first time */
    uint64_t returns;                 /* of what the day's visits take away or order */
};

struct slot_booked { /* orders of a place in one of the slots that are on offer */
    int64_t slot;    /* number + 1; another one's: none yet */
    uint32_t orders;
    uint32_t spare; /* 0: what is saved has no holes */
};

struct omo_world {
    const omo_model *model;
    uint64_t seed;
    uint32_t replication;
    struct draw_key key;
    struct arena arena;
    int64_t now_us;
    omo_kernel *kernel; /* of a queueing network: all below is unused then (queueing.c) */
    int64_t day;        /* next day to begin */
    bool finished;
    omo_error *error;  /* of the run under way */
    omo_status status; /* first failure */

    struct calendar calendar;
    struct tape tape;
    struct arrivals arrivals;
    int64_t visits_today, visits_first_quarter;
    int64_t ordered_units; /* since the last audit */

    struct stock stock;
    struct view view;
    struct pipeline pipeline;
    struct waiting waiting;
    struct follow_ups follow_ups;
    struct checkouts checkouts;
    uint32_t derived_today; /* identities given to follow-ups */
    struct groups groups;
    struct touch_point touch[OMO_CHANNELS_MAX];
    uint8_t *won; /* [member / 8] bit: has bought; NULL where no channel pays for customers */
    struct returns returns;
    int64_t returned_today; /* units */
    struct orders orders;
    struct pickups pickups;
    struct batch *batch;    /* [place * channels + channel]; NULL: no channel has batches */
    struct gate *gate;      /* [place] parts that wait for the pickers' next wave */
    struct labour *station; /* [place * OMO_ROLE_COUNT + role] */
    struct labour_gauges labour_gauges[OMO_ROLE_COUNT];
    const struct reach *stores, *warehouses;
    struct reach stores_own; /* where places are drawn anew */
    struct members members;
    struct visit expected; /* the next one, and whose it is: drawn ahead (order_arrive.c) */
    uint32_t expected_person;
    uint32_t redeemed[OMO_PROMOTIONS_MAX]; /* [coupon] so far, in all */
    struct sync refresh;                   /* of the view or the fence; at once: never */
    int64_t charge_us;        /* between charges per period, 0 = costs are charged by area */
    struct slot_booked *slot; /* [channel.slot_first + place * slot_count + slot % slot_count] */
    uint32_t *lane_shipments; /* [lane] ordinals for the keyed lead times */
    int32_t *review_position, *review_quantity; /* [largest assortment] */
    struct memory_room room;

    struct tally tally;
    struct feed feed;
    struct detail detail;
    bool detail_kept;
    struct audit audit;
    uint64_t event_count;
    omo_event_reader event_reader; /* NULL = none */
    void *event_reader_user;
};

/* A customer under way through one visit: who, where, and what is near. Lives on the stack. */
struct customer {
    uint64_t order;  /* identity */
    uint64_t basket; /* identity whose draws fill the basket */
    uint32_t zone;
    uint32_t segment;
    uint32_t member;   /* OMO_NONE = not a member */
    uint32_t prospect; /* who they would be as a member, or OMO_NONE */
    uint32_t channels; /* bit i = channel i may be chosen; 0 = as the segment offers */
    uint32_t avoid;    /* place that is not looked at, or OMO_NONE */
    uint16_t lines;    /* of the basket that are wanted; 0 = all */
    enum follow_cause cause;
    uint32_t from_channel; /* of the visit before, or OMO_FACT_NO_CHANNEL */
    uint32_t depth;        /* links passed on until this customer came */
    double lat, lon;
    const struct reach_near *store, *warehouse; /* nearest first */
    uint32_t store_count, warehouse_count;
    /* where the zone's list does not serve */
    struct reach_near own[REACH_COUNT_MAX + MODEL_WAREHOUSES_NEAR];
};

/* ---- memory.c -------------------------------------------------------------------------------- */

/* Takes all columns. */
bool memory_take(struct omo_world *w);
/* Makes room for a day with that many visits. Sets the world's error and returns false at
 * run.memory_max. */
bool memory_before_day(struct omo_world *w, uint64_t visits);
/* The room that midnight made was made for the model that saved the world: makes it anew when the
 * rest of the day may need another under this one. */
bool memory_after_restore(struct omo_world *w);
/* Makes room for one more follow-up; for one more visit, on top of the day's own. */
bool memory_before_follow_up(struct omo_world *w);
bool memory_before_visit(struct omo_world *w);
/* Makes room for one more order that joins a group, and for the group. */
bool memory_before_join(struct omo_world *w);
/* Makes room for what corrections of the record of so many positions lead to. */
bool memory_before_corrections(struct omo_world *w, uint64_t changes);
/* Makes room for one more parcel of a third party: its pickup and its event. */
bool memory_before_parcel(struct omo_world *w);
/* Makes room for the shipments of a review of `places` places with `lines` positions in all. */
bool memory_before_review(struct omo_world *w, uint64_t places, uint64_t lines);

/* ---- day.c ----------------------------------------------------------------------------------- */

bool day_begin(struct omo_world *w);
void day_end(struct omo_world *w);
void day_warm_up(struct omo_world *w);
void day_sync(struct omo_world *w);
void day_charge(struct omo_world *w);
/* Opening stock, fences, the first published view, and the events that recur. */
void day_open(struct omo_world *w);
/* Whether a position opens with its opening stock, or with nothing. */
bool day_opens_with(const struct omo_world *w, uint32_t place, uint32_t rank);
/* Time between charges where costs are charged per period: the review of the first kind of place
 * that has one. */
int64_t day_charge_period_us(const omo_model *m);
/* Areas become costs, at the horizon. */
void day_close_books(struct omo_world *w);

/* ---- shift.c ---------------------------------------------------------------------------------- */

/* Servers on duty when the world begins, and the first changes and openings of gates. */
void shift_open(struct omo_world *w);
/* A shift of the station begins; station = place and role. */
void shift_begin(struct omo_world *w, uint32_t station, uint32_t shift);

/* ---- parcel_point.c -------------------------------------------------------------------------- */

/* The first arrivals. */
void parcel_point_open(struct omo_world *w);
void parcel_point_arrive(struct omo_world *w, uint32_t point, uint32_t ordinal);

/* ---- audit.c --------------------------------------------------------------------------------- */

/* Recounts units, money and coupons against the facts since the last reset; names the law that
 * does not hold. */
bool audit_check(struct omo_world *w);
/* The books of a day: the same laws by running levels alone, in O(1) but for the zones' members.
 * Sets the world's failure, which stops it. */
bool audit_night(struct omo_world *w);
/* Remembers the present levels as the base of the next check. */
void audit_reset(struct omo_world *w);

/* ---- trace.c --------------------------------------------------------------------------------- */

/* Hands an event (NULL: that visit) to the reader of events, and before it the facts of the one
 * before. False when the reader wants to stop here. */
bool trace_event(struct omo_world *w, const struct event *event, const struct visit *visit);

/* ---- the life of an order -------------------------------------------------------------------- */

void order_arrive(struct omo_world *w, const struct visit *visit);
/* The tills hear of a member's `claimed`th coupon. */
void order_arrive_known(struct omo_world *w, uint32_t member, uint32_t coupon, uint32_t claimed);
/* A visit, from the tape or following from another: all of the customer but where they stand and
 * what is near is known. */
void order_visit(struct omo_world *w, struct customer *customer);

/* Where a customer stands and what is near. */
void order_near(struct omo_world *w, struct customer *customer);

/* follow_up.c: an identity for a follow-up of which a visit may have many. */
uint64_t follow_up_identity(struct omo_world *w, uint32_t zone, uint32_t segment);
void follow_up_later(struct omo_world *w, struct follow_up follow_up, int64_t at_us);
void follow_up_begin(struct omo_world *w, uint32_t slot);

/* order_choose.c: looks at the channels, chooses, and goes on with what was chosen. */
void order_choose(struct omo_world *w, const struct customer *customer, const struct basket *basket,
                  const struct segment *segment);
/* Nearest place that serves a channel of walk-ins, or OMO_NONE. */
uint32_t order_choose_shop(const struct omo_world *w, const struct customer *customer,
                           const struct channel *channel, int64_t *ret_distance_mm);
/* The visit ends with nothing wanted. */
void order_choose_leave(struct omo_world *w, const struct customer *customer);

/* Lines wanted from one channel. */
struct wish {
    uint32_t line_count;
    uint32_t sku[OMO_LINES_MAX];
    int32_t quantity[OMO_LINES_MAX];
};

/* The lines of a basket as a wish, and as facts. */
void order_choose_wish(const struct basket *basket, struct wish *ret_wish);
void order_choose_lines(struct omo_world *w, struct feed_about about, const struct basket *basket);

/* Places that can serve a wish through a channel, and what the channel sees there. */
struct candidates {
    uint32_t count;
    int64_t slot; /* that the customer chose, or ORDER_SLOT_NONE */
    uint32_t place[ROUTING_PLACES_MAX];
    int64_t distance_mm[ROUTING_PLACES_MAX];
    int32_t available[OMO_LINES_MAX * ROUTING_PLACES_MAX]; /* [line * count + place] */
    uint32_t locker; /* where the customer fetches it, of a mode that goes to one */
    int64_t locker_mm;
};

/* order_touch.c: whether a channel works and is open at this hour; whether this customer may choose
 * it now. */
bool order_touch_works(const struct omo_world *w, uint32_t channel);
bool order_touch_open(const struct omo_world *w, const struct customer *customer, uint32_t channel);
/* The shop where a customer of a channel in a shop stands: the nearest, or OMO_NONE. */
uint32_t order_touch_shop(const struct omo_world *w, const struct customer *customer,
                          const struct channel *channel, int64_t *ret_distance_mm);
/* What that shop's shelf holds, for kinds that sell it: one candidate, or none. */
void order_touch_shelf(const struct omo_world *w, const struct customer *customer,
                       const struct channel *channel, const struct wish *wish,
                       struct candidates *ret);
/* A customer has chosen the channel: the platform is paid for the visit. */
void order_touch_traffic(struct omo_world *w, struct feed_about about);
/* They go through its steps. False when that was all for now: gave up, or joined a group. */
bool order_touch_enter(struct omo_world *w, const struct customer *customer,
                       const struct basket *basket, struct feed_about about);
/* Commission on net sales by the terms of the moment. */
uint32_t order_touch_commission_ppm(const struct omo_world *w, uint32_t channel);
/* An order was paid and is fulfilled, at least in part: what it costs besides, and what follows. */
void order_touch_paid(struct omo_world *w, const struct customer *customer, struct feed_about about,
                      int64_t net_cents);
/* Tells which lines of an order at a shop's screen the shop does not stock. */
void order_touch_aisle(struct omo_world *w, const struct customer *customer,
                       struct feed_about about, const struct order_line *line, uint32_t line_count);
/* share_link.c: the buyer may share a link. */
void share_link(struct omo_world *w, const struct customer *customer, struct feed_about about);
/* subscription.c: the buyer may subscribe; a subscription ends; it comes round. */
void subscription_offer(struct omo_world *w, const struct customer *customer,
                        struct feed_about about);
void subscription_end(struct omo_world *w, const struct customer *customer);
void subscription_renew(struct omo_world *w, const struct customer *customer,
                        const struct basket *basket);
/* group_buy.c: a customer joins a group; the time of a group is up. */
void group_buy_join(struct omo_world *w, const struct customer *customer,
                    const struct basket *basket, uint32_t channel);
void group_buy_end(struct omo_world *w, uint32_t group);
/* channel_state.c: outages and terms go onto the calendar; one of them happens (`change` is the
 * event's); the run ends. */
void channel_open_books(struct omo_world *w);
void channel_event(struct omo_world *w, uint32_t channel, uint32_t change);
void channel_close_books(struct omo_world *w);
/* Which part of a place's stock a channel draws from. */
static inline enum stock_pool order_pool(const struct omo_world *w, uint32_t channel,
                                         uint32_t place)
{
    const struct channel *c = &w->model->demand.channel[channel];

    return c->mode->in_store || c->kind->shelf
               ? STOCK_SHOP
               : model_online_pool_of(w->model, &w->model->network.place[place]);
}

/* order_gather.c: fills `ret`. */
void order_gather(const struct omo_world *w, const struct customer *customer, uint32_t channel,
                  const struct wish *wish, struct candidates *ret);
/* Units of a wish that the candidates show, together. */
int64_t order_gather_units(const struct candidates *c, const struct wish *wish);
/* Keeps only the store that the customer chooses: the nearest that shows all, else the one that
 * shows most. */
void order_gather_pickup(struct candidates *c, const struct wish *wish);
/* Keeps only one of them. */
void order_gather_only(struct candidates *c, const struct wish *wish, uint32_t candidate);
/* Fee of a basket in a channel. */
int64_t order_fee(const struct channel *channel, int64_t basket_cents);
/* What promotions grant a basket: the best of them, and the best whose coupon came too late. */
struct discount {
    int64_t cents;
    uint32_t promotion; /* OMO_NONE = none */
    uint32_t turned_down;
    int64_t turned_down_cents;
};

/* Of `basket` holds_coupon is left to be found out. Returns its cents. */
int64_t order_discount(const struct omo_world *w, const struct customer *customer, uint32_t channel,
                       struct promotion_query basket, struct discount *ret_discount);
/* Emits it, and redeems the coupon. */
void order_discount_settle(struct omo_world *w, const struct customer *customer,
                           struct feed_about about, const struct discount *discount);

/* order_slot.c: the time slots of a channel, numbered from the first of day 0; a customer is offered
 * those that begin from now on and are not full at the place. */
#define ORDER_SLOT_NONE INT64_C(-1)
int64_t order_slot_first(const struct channel *channel, int64_t now_us);
int64_t order_slot_begin_us(const struct channel *channel, int64_t slot);
bool order_slot_free(const struct omo_world *w, const struct channel *channel, uint32_t place,
                     int64_t slot);
void order_slot_book(struct omo_world *w, const struct channel *channel, uint32_t place,
                     int64_t slot);

/* order_take.c: a walk-in at a shop takes goods to the till. */
void order_take(struct omo_world *w, const struct customer *customer, const struct basket *basket,
                uint32_t channel, uint32_t place);
/* What they hold is paid. */
void order_take_pay(struct omo_world *w, const struct customer *customer, const struct carried *g,
                    uint32_t channel, uint32_t place);

/* order_shortage.c: what a customer does about lines that the shop lacks. */
enum shortage_reaction {
    SHORTAGE_SWITCH,     /* orders them online */
    SHORTAGE_SUBSTITUTE, /* takes something like them */
    SHORTAGE_SCREEN,     /* orders them at the shop's screen */
    SHORTAGE_ELSEWHERE,  /* goes to another shop */
    SHORTAGE_BACKORDER,  /* pays and waits */
    SHORTAGE_LEAVE
};

enum shortage_reaction order_shortage_reaction(const struct omo_world *w,
                                               const struct customer *customer);
/* A SKU on the shelf that does for another one, or OMO_NONE. */
uint32_t order_shortage_substitute(const struct omo_world *w, uint32_t place, uint32_t wanted,
                                   int32_t quantity);
/* Orders a wish in another channel, by SHORTAGE_SWITCH or SHORTAGE_SCREEN. False when none shows
 * any of it. */
bool order_shortage_order(struct omo_world *w, const struct customer *customer,
                          const struct wish *wish, struct feed_about here,
                          enum shortage_reaction reaction);
/* The customer goes to another shop for the lines of a set (bit i = line i of the basket); `line`
 * says which one each line of the wish is. Those not in the set stay in it. */
void order_shortage_elsewhere(struct omo_world *w, const struct customer *customer,
                              struct wish *wish, const uint8_t *line, uint16_t lines,
                              struct feed_about here);
void order_shortage_lost(struct omo_world *w, const struct wish *wish, struct feed_about about);

/* order_detour.c: whether a visit only looks, in a shop or online (OMO_NONE), and comes again. */
bool order_detour(struct omo_world *w, const struct customer *customer, const struct basket *basket,
                  uint32_t channel, uint32_t shop);
/* An order is about to be paid: names the visit that it came of, if that was another one. */
void order_detour_pays(struct omo_world *w, const struct customer *customer,
                       struct feed_about about, int64_t cents);
/* order_churn.c: a promise to whoever ordered is broken. */
/* An order of a member begins whose promise may be broken; it is broken. */
void order_churn_may(struct omo_world *w, uint32_t segment, uint32_t member);
enum churn_cause { CHURN_LATE, CHURN_CANCELLED };
void order_churn(struct omo_world *w, const struct order *order, enum churn_cause cause);

/* order_till.c: joins the queue, with goods or without (NULL). Who may lose patience there pays when
 * it is their turn, others at once. */
void order_till(struct omo_world *w, const struct customer *customer, uint32_t place,
                uint32_t channel, const struct carried *goods);
/* Whether the customer turns away at the sight of the queue; emits that. */
bool order_till_balks(struct omo_world *w, const struct customer *customer, uint32_t place,
                      uint32_t channel, uint32_t line_count, int64_t cents);
void order_till_renege(struct omo_world *w, uint32_t carried);
/* How long a customer who comes now expects to wait there. */
int64_t order_till_wait_us(const struct omo_world *w, uint32_t place);
/* The turn of somebody who waited. */
void order_till_turn(struct omo_world *w, uint32_t slot);
void order_till_done(struct omo_world *w, uint32_t slot);
/* order_place.c: an online order is promised, paid, routed, reserved. `order` is its identity. */
void order_place(struct omo_world *w, const struct customer *customer, uint64_t order,
                 const struct wish *wish, uint32_t channel, const struct candidates *candidates);
/* order_hold.c: the payment of a check-out comes, or fails, or its hold runs out. */
void order_hold_end(struct omo_world *w, uint32_t slot, bool expired);
/* The units that an order holds or has reserved, together. */
int64_t order_hold_units(const struct order_detail *d);
/* order_enter.c: a store hears of a part, at once, later, or when a clerk has keyed it in. */
void order_enter(struct omo_world *w, uint32_t slot, uint32_t part);
void order_enter_begin(struct omo_world *w, uint32_t slot, uint32_t part);
void order_enter_start(struct omo_world *w, uint32_t slot, uint32_t part);
void order_enter_done(struct omo_world *w, uint32_t slot, uint32_t part);
/* order_route.c */
void order_route(const struct omo_world *w, uint32_t channel, uint64_t order,
                 const struct wish *wish, const struct candidates *c,
                 struct routing_answer *ret_answer);
/* order_pick.c, order_ship.c, order_collect.c, order_close.c */
void order_pick_schedule(struct omo_world *w, uint32_t slot, uint32_t part);
void order_pick_start(struct omo_world *w, uint32_t slot, uint32_t part);
void order_pick_begin(struct omo_world *w, uint32_t slot, uint32_t part);
void order_pick_done(struct omo_world *w, uint32_t slot, uint32_t part);
void order_pick_wave(struct omo_world *w, uint32_t place);
/* A picked part goes to a batch, a courier or a carrier. */
void order_ship_begin(struct omo_world *w, uint32_t slot, uint32_t part);
/* Earliest time from now_us on at which a place is open. */
int64_t order_pick_open_us(const struct place *p, int64_t now_us);
void order_ship(struct omo_world *w, uint32_t slot, uint32_t part);
/* A courier takes a part, or the batch that it stands for. */
void order_courier_start(struct omo_world *w, uint32_t job);
/* order_tour.c */
void order_tour_join(struct omo_world *w, uint32_t slot, uint32_t part);
void order_tour_wait_over(struct omo_world *w, uint32_t batch, uint32_t ordinal);
void order_tour_start(struct omo_world *w, uint32_t leader);
void order_tour_done(struct omo_world *w, uint32_t place);
/* order_locker.c: the nearest locker with a free box that a channel offers at a point, or OMO_NONE;
 * a parcel has come to its locker. */
uint32_t order_locker_near(const struct omo_world *w, uint32_t channel, double lat, double lon,
                           int64_t *ret_distance_mm);
void order_locker_arrive(struct omo_world *w, uint32_t slot, uint32_t part);
void order_trip_done(struct omo_world *w, uint32_t slot, uint32_t part);
void order_part_done(struct omo_world *w, uint32_t slot);
/* order_nil.c: the picker looks for the units of a part. What is not there is re-routed, or cancelled
 * and refunded. False when nothing of the part is left. */
bool order_pick_find(struct omo_world *w, uint32_t slot, uint32_t part);
/* order_again.c: units of an order that its place could not provide after all. `open` says how many of
 * each line and what the customer pays for them. Other places are asked by the rules of an oversold
 * order; the rest is cancelled and refunded. */
void order_again(struct omo_world *w, uint32_t slot, uint32_t place,
                 struct order_line open[OMO_LINES_MAX]);
/* Units of a part leave the place. */
void order_part_issue(struct omo_world *w, uint32_t slot, uint32_t part);

/* Money back for units of an order, or no longer due. */
void order_give_back(struct omo_world *w, struct order_detail *d, struct feed_about about,
                     int64_t units, int64_t cents);

/* order_shelf.c: a part of an order is ready to be fetched at a place, or a third party's parcel. */
void order_shelf_put(struct omo_world *w, const struct pickup *pickup);
/* Somebody has it, or nobody will: it leaves the shelf, and the next from behind takes its slot. */
void order_shelf_leave(struct omo_world *w, uint32_t pickup);
/* Whether a place has room for one more. */
bool order_shelf_room(const struct omo_world *w, uint32_t place);
/* order_collect.c: the customer comes; the counter has found it. */
void order_collect(struct omo_world *w, uint32_t pickup);
void order_collect_start(struct omo_world *w, uint32_t pickup);
void order_collect_done(struct omo_world *w, uint32_t pickup);
/* order_expire.c */
bool order_expire_no_show(const struct omo_world *w, const struct order *o);
void order_expire(struct omo_world *w, uint32_t pickup);

/* ---- price.c --------------------------------------------------------------------------------- */

/* Price of a SKU at a time (SYNC_NOTHING: its list price), at the tills now, and as the online
 * channels show it now. */
int64_t price_at(const struct omo_world *w, uint32_t sku, int64_t at_us);
int64_t price_now(const struct omo_world *w, uint32_t sku);
int64_t price_shown(const struct omo_world *w, uint32_t sku);

/* Units of one line that a customer takes away, together. */
struct sale {
    uint64_t identity; /* of the order */
    uint32_t place, channel, line, sku;
    uint32_t first; /* how many units of the line stand before them, taken away or not */
    int32_t quantity;
    uint32_t member; /* who bought them, OMO_NONE = nobody's */
    int64_t cents;   /* paid for them */
};

/* order_return.c: draws which of them come back, and when. Nothing without returns. */
void order_return_sold(struct omo_world *w, const struct sale *sale);
/* The same for all that a part of an order hands over. */
void order_return_part(struct omo_world *w, uint32_t slot, uint32_t part);
void order_return_bring(struct omo_world *w, uint32_t slot);
void order_return_arrive(struct omo_world *w, uint32_t slot);
void order_return_inspect(struct omo_world *w, uint32_t slot);

/* ---- the life of stock ----------------------------------------------------------------------- */

/* Units left a position's free stock: out-of-stock fact, view, continuous review. */
void stock_changed(struct omo_world *w, uint32_t place, size_t position, bool last_unit);
void stock_review(struct omo_world *w, omo_place_kind kind);
void stock_review_one(struct omo_world *w, uint32_t place, uint32_t rank);
/* Units of an order that nobody wants any more are sold again, by the shop's part, or thrown away:
 * `reserved` ones that never left the place, or such as come back. May move orders and details. */
void stock_put_back(struct omo_world *w, uint32_t place, uint32_t sku, int32_t quantity,
                    bool reserved);
/* Units that an order had reserved and no picker has touched are free again, where they were. */
void stock_unreserve(struct omo_world *w, uint32_t channel, uint32_t place, uint32_t sku,
                     int32_t units);
void stock_receive_shipment(struct omo_world *w, uint32_t shipment);
/* stock_count.c: the events that make the record wrong and put it right. */
void stock_count_open(struct omo_world *w);
void stock_shrink(struct omo_world *w);
void stock_count(struct omo_world *w, uint32_t slice);
/* Puts the record of one position right, and whoever goes by it knows. */
void stock_count_one(struct omo_world *w, uint32_t place, size_t position);
/* The fact of a change of the record; none for 0. */
void stock_written(struct omo_world *w, uint32_t place, uint32_t sku, int32_t change);
/* Units of a line were taken from a position: some may be booked on another one. */
void stock_scan(struct omo_world *w, const struct sale *sale);
/* Units of a line were picked from a position: a picker may have taken others. */
void stock_mispick(struct omo_world *w, const struct sale *sale);
/* Units have joined a position's free stock: serves those who wait, and tells the view. */
void stock_arrived(struct omo_world *w, uint32_t place, size_t position, int32_t quantity);

static inline struct feed_about world_about(uint64_t order, uint32_t place, uint32_t channel)
{
    return (struct feed_about){.order = order, .place = place, .channel = channel};
}

static inline void world_schedule(struct omo_world *w, int64_t at_us, enum event_kind kind,
                                  uint32_t slot, uint32_t generation, uint32_t arg)
{
    calendar_push(&w->calendar, at_us, event_phase_of[kind],
                  (struct event_about){(uint16_t)kind, 0, slot, generation, arg});
}

/* Whether the slot that an event is about has moved on since it was scheduled. */
static inline bool world_stale(const struct omo_world *w, const struct event *e)
{
    switch ((enum event_kind)e->kind) {
    case EVENT_RENEGE:
        return w->orders.carrying.generation[e->slot] != e->generation;
    case EVENT_FOLLOW_UP:
        return w->follow_ups.pool.generation[e->slot] != e->generation;
    case EVENT_GROUP_END:
        return w->groups.pool.generation[e->slot] != e->generation;
    case EVENT_PAY:
        return w->checkouts.pool.generation[e->slot] != e->generation;
    case EVENT_RETURN_BRING:
    case EVENT_RETURN_ARRIVE:
    case EVENT_RETURN_INSPECT:
        return w->returns.pool.generation[e->slot] != e->generation;
    case EVENT_RECEIVE:
        return w->pipeline.shipments.generation[e->slot] != e->generation;
    case EVENT_COLLECT:
    case EVENT_PICKUP_EXPIRE:
    case EVENT_VERIFY_DONE:
        return w->pickups.pool.generation[e->slot] != e->generation;
    case EVENT_TILL_DONE:
    case EVENT_ENTRY_BEGIN:
    case EVENT_ENTRY_DONE:
    case EVENT_PICK_BEGIN:
    case EVENT_PICK_DONE:
    case EVENT_TRIP_DONE:
    case EVENT_CARRIER:
        return w->orders.slots.generation[e->slot] != e->generation;
    default:
        return false;
    }
}

/* Whether the calendar's earliest event (NULL = none) comes before the tape's next visit. */
static inline bool world_takes_event(const struct event *top, const struct visit *visit)
{
    return top != NULL && (visit == NULL || top->at_us < visit->at_us ||
                           (top->at_us == visit->at_us &&
                            top->order >> EVENT_SEQUENCE_BITS < (uint64_t)PHASE_DEMAND));
}

#endif
