/* What a customer does before an order and soon after it.
 *
 * The simulation knows a visit as one moment, t0: the customer wants these lines, pays this sum. In
 * life the moment is the last of some minutes in an app. These are laid backwards from it, so that
 * payment stands at t0 and everything that follows from it (picking, delivery) keeps its time. Each
 * step stands a think time after the one before; when they add up to more than half an hour all are
 * shortened alike, because a plan is written in the order of starts and must not wait for ever. Who
 * waits for a sale to begin (a rush) is the exception: check-out and payment come after t0 then, and
 * so do the tasks that come of them.
 *
 * For each line the product is found by its QR code, by a search or by browsing; at scan & go always by
 * its code, by an agent on the phone by a search and a look at the stock, by a link on its own page; a
 * subscription looks for nothing. The calls are those of whoever sits before the touch point: the
 * customer's phone, the shop's screen, the agent's desk. Pages looked at on
 * the way are of products that somebody else of the same segment wants: the wish of a visit that
 * never was, so that popular products are looked at more often, as they are bought more often.
 *
 * Every decision has a key of its own: purpose and order (and line). Switching one habit on leaves
 * all others as they were.
 */
#include "traffic/journeys_visit.h"

#include "traffic/steps.h"

#define ORDINALS ((UINT64_C(1) << 22) - 1)
/* From the first tap to the second: before an answer that is slow, after one that is not. */
#define TAP_US_MIN (200 * OMO_US_PER_MS)
#define TAP_US_SPAN 800000
#define RUSH_REACTION_US_MAX (10 * OMO_US_PER_MINUTE)

omo_draws journeys_draws(const struct journeys_options *o, enum journeys_draw purpose,
                         uint64_t order, uint32_t index)
{
    omo_draws draws;
    const omo_status status =
        omo_draws_open(&draws, o->seed, o->replication, purpose, order, index, NULL);

    g_assert(status == OMO_OK);
    return draws;
}

bool journeys_draw_share(omo_draws *draws, uint32_t share_ppm)
{
    return (uint64_t)omo_draws_word(draws) * OMO_PPM >> 32 < share_ppm;
}

uint32_t journeys_draw_below(omo_draws *draws, uint32_t count)
{
    return (uint32_t)((uint64_t)omo_draws_word(draws) * count >> 32);
}

int64_t journeys_draw_us(omo_draws *draws, const omo_law *law, int64_t span_us)
{
    const double us = omo_law_draw(law, draws);

    return us >= (double)span_us ? span_us : (int64_t)us;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static omo_plan_step *lay_step(struct journeys_laying *l, enum step_kind kind, int64_t gap_us)
{
    g_assert(l->count < OMO_PLAN_STEPS_MAX);
    omo_plan_step *step = &l->step[l->count];

    *step = (omo_plan_step){.sku = OMO_PLAN_NONE,
                            .place = OMO_PLAN_NONE,
                            .coupon = OMO_PLAN_NO_COUPON,
                            .kind = (uint8_t)kind};
    l->gap_us[l->count++] = gap_us;
    return step;
}

static void lay_product(omo_plan_step *step, uint32_t sku, uint32_t quantity, int64_t cents)
{
    step->sku = sku;
    step->quantity = (uint16_t)MIN(quantity, UINT16_MAX);
    step->amount = cents;
}

struct laying_visit { /* what the functions below share */
    const struct journeys_visit *visit;
    const struct journeys_habits *habits;
    const struct journeys_options *options;
    const omo_world *world;
    omo_draws think;
    bool stranger_known;
    omo_visitor stranger;
    uint32_t stranger_next;
    struct journeys_laying *to;
};

static omo_plan_step *lay_thought(struct laying_visit *l, enum step_kind kind)
{
    return lay_step(l->to, kind, journeys_draw_us(&l->think, &l->habits->think, JOURNEYS_SPAN_US));
}

/* A page of a product that is not bought in the end. */
static void lay_other_page(struct laying_visit *l)
{
    omo_visitor *s = &l->stranger;

    if (!l->stranger_known) {
        if (!omo_world_visitor(l->world, l->visit->order ^ ORDINALS, s))
            s->line_count = 0;
        l->stranger_known = true;
    }
    if (s->line_count == 0)
        return;
    const uint32_t i = l->stranger_next++ % s->line_count;
    lay_product(lay_thought(l, STEP_browse), s->sku[i], 0, s->cents[i] / s->quantity[i]);
}

/* Finding a product, and asking for it. */
static void lay_look(struct laying_visit *l, uint32_t i)
{
    const struct journeys_habits *h = l->habits;
    const struct journeys_line *line = &l->visit->line[i];
    const int64_t price_cents = line->cents / line->quantity;
    omo_draws draws = journeys_draws(l->options, JOURNEYS_DRAW_LINE, l->visit->order, i);
    const bool there = l->visit->place != OMO_PLAN_NONE; /* else no place was within reach */
    const enum journeys_manner manner = l->visit->manner;
    const bool scans = journeys_draw_share(&draws, h->scan_ppm) || manner == JOURNEYS_BY_SCAN;
    const bool scan = (scans || l->visit->switched) && there;
    const bool searches = journeys_draw_share(&draws, h->search_ppm);
    const bool search = (searches || manner == JOURNEYS_BY_AGENT) && manner != JOURNEYS_BY_LINK;
    const bool checks = journeys_draw_share(&draws, h->check_stock_ppm);
    const bool check = (checks || manner == JOURNEYS_BY_AGENT) && there;
    uint32_t pages = h->browse_ppm / OMO_PPM + journeys_draw_share(&draws, h->browse_ppm % OMO_PPM);

    if (manner == JOURNEYS_BY_AGENT)
        pages = 0;
    else if (manner == JOURNEYS_BY_LINK)
        pages = 1;
    if (scan) {
        omo_plan_step *step = lay_thought(l, STEP_scan);
        lay_product(step, line->sku, 0, price_cents);
        step->place = l->visit->place;
    } else {
        if (search)
            lay_product(lay_thought(l, STEP_search), line->sku, 0, price_cents);
        for (; pages > 1; pages--)
            lay_other_page(l);
        if (pages == 1)
            lay_product(lay_thought(l, STEP_browse), line->sku, 0, price_cents);
    }
    if (check) {
        omo_plan_step *step = lay_thought(l, STEP_check_stock);
        lay_product(step, line->sku, line->quantity, line->cents);
        step->place = l->visit->place;
    }
}

static void lay_enquiries(struct laying_visit *l)
{
    omo_draws draws = journeys_draws(l->options, JOURNEYS_DRAW_ENQUIRY, l->visit->order, 0);
    const bool points = journeys_draw_share(&draws, l->habits->points_ppm);
    const bool coupons = journeys_draw_share(&draws, l->habits->coupons_ppm);

    if (points)
        lay_thought(l, STEP_points);
    if (coupons || l->visit->claimed)
        lay_thought(l, STEP_coupons);
}

/* A step about the order as a whole. */
static void lay_order_step(struct laying_visit *l, enum step_kind kind, int64_t gap_us)
{
    const struct journeys_visit *v = l->visit;
    omo_plan_step *step = lay_step(l->to, kind, gap_us);

    step->coupon = v->coupon;
    step->amount = v->paid_cents;
    step->quantity = (uint16_t)MIN(v->units, UINT16_MAX);
    step->place = v->place;
}

static void lay_order(struct laying_visit *l)
{
    const struct journeys_visit *v = l->visit;
    const struct journeys_habits *h = l->habits;
    omo_draws draws = journeys_draws(l->options, JOURNEYS_DRAW_THINK, v->order, 1);
    omo_draws tap = journeys_draws(l->options, JOURNEYS_DRAW_TAP, v->order, 0);

    if (v->coupon != OMO_PLAN_NO_COUPON) {
        omo_plan_step *step = lay_thought(l, STEP_apply_coupon);
        step->coupon = v->coupon;
        step->amount = v->coupon_cents;
    }
    lay_order_step(l, STEP_check_out, journeys_draw_us(&l->think, &h->think, JOURNEYS_SPAN_US));
    if (journeys_draw_share(&tap, h->double_tap_ppm))
        lay_order_step(l, STEP_check_out, TAP_US_MIN + journeys_draw_below(&tap, TAP_US_SPAN));
    lay_order_step(l, STEP_pay, journeys_draw_us(&draws, &h->pay, JOURNEYS_SPAN_US));
}

/* Times, backwards from t0, where the last step so far stands. */
static void lay_times(struct journeys_laying *l, int64_t t0_us)
{
    const int64_t room_us = MIN(JOURNEYS_SPAN_US, t0_us);
    int64_t sum_us = 0, at_us = t0_us;

    for (uint32_t i = 1; i < l->count; i++)
        sum_us += l->gap_us[i];
    for (uint32_t i = l->count; i-- > 0;) {
        l->step[i].at_us = at_us;
        /* Both factors are at most half an hour: 1.8e9 us, squared 3.2e18. */
        at_us -= sum_us > room_us ? l->gap_us[i] * room_us / sum_us : l->gap_us[i];
    }
}

/* Who is ready a little before a sale begins waits for it, cart in hand: the coupon is shown and the
 * order made when it has begun. */
static void lay_rush(struct laying_visit *l, struct journeys_visit *v)
{
    const struct journeys_habits *h = l->habits;
    uint32_t i = 0;

    while (l->to->step[i].kind != STEP_apply_coupon && l->to->step[i].kind != STEP_check_out)
        i++;
    const int64_t early_us = h->rush_at_us - l->to->step[i].at_us % OMO_US_PER_DAY;
    if (early_us <= 0 || early_us > h->rush_hold_us)
        return;
    omo_draws draws = journeys_draws(l->options, JOURNEYS_DRAW_RUSH, v->order, 0);
    const int64_t later_us =
        early_us + journeys_draw_us(&draws, &h->rush_reaction, RUSH_REACTION_US_MAX);
    for (; i < l->to->count; i++)
        l->to->step[i].at_us += later_us;
    v->paid_us += later_us;
}

/* What follows a payment. */
static void lay_after(struct laying_visit *l, struct journeys_visit *v)
{
    const struct journeys_habits *h = l->habits;
    omo_draws draws = journeys_draws(l->options, JOURNEYS_DRAW_CANCEL, v->order, 0);
    omo_draws after = journeys_draws(l->options, JOURNEYS_DRAW_AFTER, v->order, 0);
    int64_t cancel_us = INT64_MAX, points_us = INT64_MAX;

    if (journeys_draw_share(&draws, h->cancel_ppm))
        cancel_us = v->paid_us + journeys_draw_us(&draws, &h->cancel_after, JOURNEYS_SPAN_US);
    if (journeys_draw_share(&after, h->points_after_ppm))
        points_us = v->paid_us + journeys_draw_us(&after, &h->think, JOURNEYS_SPAN_US);
    v->cancelled = cancel_us != INT64_MAX;
    if (points_us < cancel_us)
        lay_step(l->to, STEP_points, 0)->at_us = points_us;
    if (v->cancelled) {
        omo_plan_step *step = lay_step(l->to, STEP_cancel, 0);
        step->amount = v->paid_cents;
        step->place = v->place;
        step->at_us = cancel_us;
    }
    if (points_us >= cancel_us && points_us != INT64_MAX)
        lay_step(l->to, STEP_points, 0)->at_us = points_us;
}

void journeys_visit_lay(struct journeys_visit *v, const struct journeys_options *options,
                        const omo_world *world, struct journeys_laying *ret_laying)
{
    struct laying_visit l = {.visit = v,
                             .habits = &options->habits,
                             .options = options,
                             .world = world,
                             .think = journeys_draws(options, JOURNEYS_DRAW_THINK, v->order, 0),
                             .to = ret_laying};

    ret_laying->count = 0;
    v->cancelled = false;
    if (v->member != 0)
        lay_step(ret_laying, STEP_log_in, 0);
    if (v->manner <= JOURNEYS_BY_SCAN || v->manner == JOURNEYS_BY_LINK)
        lay_enquiries(&l);
    for (uint32_t i = 0; i < v->line_count; i++) {
        if (v->manner != JOURNEYS_BY_CLOCK)
            lay_look(&l, i);
        if (v->left)
            continue;
        omo_plan_step *step = lay_thought(&l, STEP_add_to_cart);
        lay_product(step, v->line[i].sku, v->line[i].quantity, v->line[i].cents);
        step->place = v->place;
    }
    if (v->placed)
        lay_order(&l);
    lay_times(ret_laying, v->at_us);
    if (!v->placed)
        return;
    if (options->habits.rush_hold_us > 0)
        lay_rush(&l, v);
    lay_after(&l, v);
}

void journeys_visit_lay_till(const struct journeys_visit *v, struct journeys_laying *ret_laying)
{
    ret_laying->count = 0;
    for (uint32_t i = 0; i < v->taken_count; i++) {
        omo_plan_step *step = lay_step(ret_laying, STEP_till, 0);
        lay_product(step, v->taken[i].sku, v->taken[i].quantity, v->taken[i].cents);
        step->place = v->taken[i].place;
        step->coupon = v->coupon;
        step->at_us = v->at_us;
    }
}
