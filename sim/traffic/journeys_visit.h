/* One visit: what its facts say, and the steps that it is made of. Inside of sim/traffic, for
 * journeys*.c. */
#ifndef TRAFFIC_JOURNEYS_VISIT_H
#define TRAFFIC_JOURNEYS_VISIT_H

#include "traffic/journeys.h"

/* Purposes of the keyed draws, all of entity = order; the simulator's own are below 128. */
enum journeys_draw {
    JOURNEYS_DRAW_ACCOUNT = 128,
    JOURNEYS_DRAW_CHANNEL, /* of someone who only looks */
    JOURNEYS_DRAW_LOOKING,
    JOURNEYS_DRAW_ENQUIRY,
    JOURNEYS_DRAW_LINE, /* index = line */
    JOURNEYS_DRAW_THINK,
    JOURNEYS_DRAW_CANCEL,
    JOURNEYS_DRAW_RETURN, /* index = part */
    JOURNEYS_DRAW_TAP,
    JOURNEYS_DRAW_AFTER,
    JOURNEYS_DRAW_RUSH
};

omo_draws journeys_draws(const struct journeys_options *options, enum journeys_draw purpose,
                         uint64_t order, uint32_t index);
bool journeys_draw_share(omo_draws *draws, uint32_t share_ppm);
uint32_t journeys_draw_below(omo_draws *draws, uint32_t count);
/* A time of a law, 0 to span_us. */
int64_t journeys_draw_us(omo_draws *draws, const omo_law *law, int64_t span_us);

/* How an order comes about, by the kind of channel. */
enum journeys_manner {
    JOURNEYS_BY_CUSTOMER, /* at an app or a page of their own */
    JOURNEYS_BY_SCAN,     /* scan & go: each product by its code, in the shop */
    JOURNEYS_BY_SCREEN,   /* the shop's screen, which knows no member's affairs */
    JOURNEYS_BY_AGENT,    /* somebody on the phone, who looks products up and asks for them */
    JOURNEYS_BY_LINK,     /* the product's page, nothing to look for */
    JOURNEYS_BY_CLOCK     /* a subscription comes round: nobody looks */
};

struct journeys_line {
    uint32_t sku, quantity, place;
    int64_t cents;
};

/* Allocations of an order to places: 16 lines, each split at most so often. */
#define JOURNEYS_TAKEN_MAX (4 * OMO_LINES_MAX)

struct journeys_visit {
    uint64_t order; /* 0: none under way */
    int64_t at_us;  /* of its facts */
    /* When it is paid: then, or after a rush that it waited for. */
    int64_t paid_us;
    uint32_t channel, place, lacked_place;
    uint64_t member; /* as in a plan */
    bool switched;   /* it is made in the shop, of what that lacked */
    bool left, placed, failed, claimed;
    enum journeys_manner manner;
    uint32_t abandoned;   /* step of the touch point, from 1; 0 = not so */
    uint16_t coupon;      /* shown, in vain when its budget is used up; or OMO_PLAN_NO_COUPON */
    int64_t coupon_cents; /* what it takes off, or would have */
    uint32_t promotion, units;
    int64_t paid_cents;
    uint32_t line_count, taken_count;
    struct journeys_line line[OMO_LINES_MAX];       /* wanted, at list prices */
    struct journeys_line taken[JOURNEYS_TAKEN_MAX]; /* promised by a place, at what is paid */
    bool cancelled;
};

struct journeys_laying { /* steps of a visit, before their times are known */
    uint32_t count;
    omo_plan_step step[OMO_PLAN_STEPS_MAX];
    int64_t gap_us[OMO_PLAN_STEPS_MAX]; /* since the step before */
};

/* Fills in the steps of an online visit with their times; sets visit->paid_us and ->cancelled. */
void journeys_visit_lay(struct journeys_visit *visit, const struct journeys_options *options,
                        const omo_world *world, struct journeys_laying *ret_laying);
/* The same of a sale at a till. */
void journeys_visit_lay_till(const struct journeys_visit *visit,
                             struct journeys_laying *ret_laying);

#endif
