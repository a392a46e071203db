/* A small chain of which every option can be changed before it is built: what a branch may differ
 * in, and what not. */
#ifndef OMO_TESTS_FLOW_CHAIN_H
#define OMO_TESTS_FLOW_CHAIN_H

#include "flow/build.h"

#define CHAIN_SKUS 12
#define CHAIN_CHANNELS 4

struct chain {
    omo_run_options run;
    const char *routing;
    omo_stocking_options stocking; /* of stores */
    omo_integration_options integration;
    omo_shortage_kind shortage;
    omo_cost_options costs;
    omo_member_options members;
    bool keeps_members;
    omo_price_options prices;
    omo_sku_options sku; /* the first one */
    uint32_t skus, assorted;
    omo_place_options store; /* one of two; a warehouse and a supplier besides */
    bool second_store, warehouse_supplied;
    omo_lane_options lane; /* to each store */
    omo_zone_options zone;
    omo_segment_options segment;
    omo_channel_options channel[CHAIN_CHANNELS];
    double utility[CHAIN_CHANNELS];
    omo_promotion_options promotion[3];
    uint32_t promotions;
};

enum chain_kind {
    CHAIN_DELAYED, /* merged stock seen 2 h late, lost sales */
    CHAIN_SILOED,  /* split every 2 h, backorders, costs per period */
    /* merged stock seen as it was at the last of the syncs 2 h apart; members come, go, hold points */
    CHAIN_PERIODIC,
    CHAIN_CONTINUOUS, /* in real time, reviewed at each change, backorders */
    CHAIN_KIND_COUNT
};

/* Coupons, perishables, short shelves; ten days, warm-up of two. */
struct chain chain_new(enum chain_kind kind);
/* Builds and seals. Caller frees. */
omo_model *chain_model(const struct chain *c);

/* A change of one or a few options. */
struct chain_change {
    const char *name;
    void (*change)(struct chain *c);
    const char *text; /* of the refusal; NULL: a branch may differ so */
};

extern const struct chain_change chain_policies[], chain_shapes[];
extern const int chain_policy_count, chain_shape_count;

#endif
