/* The sealed model, as the flow layer and the builder see it. Built in sim/experiment/model.c,
 * read-only afterwards. */
#ifndef OMO_FLOW_MODEL_H
#define OMO_FLOW_MODEL_H

#include <omosim/members.h>
#include <omosim/returns.h>

#include "base/arena.h"
#include "demand/demand.h"
#include "flow/queueing.h"
#include "network/network.h"
#include "network/reach.h"
#include "network/sync.h"
#include "network/view.h"
#include "policy/routing.h"
#include "policy/stocking.h"

#define MODEL_WAREHOUSES_NEAR 8 /* warehouses that an order may see, besides the nearest places */

struct stocking_rule { /* of a kind of place */
    const struct stocking_policy *policy;
    omo_stocking_options options;
};

struct returns_rule {
    bool on;
    omo_returns_options options;
    struct reach shops, warehouses; /* places that accept returns */
};

struct accuracy_rule {
    bool on;
    omo_accuracy_options options;
};

struct near_list { /* what a zone's customers see from its point */
    uint32_t store_count, warehouse_count;
    uint32_t first; /* in omo_model.near */
};

struct omo_model {
    struct arena arena;
    struct arena tables;       /* of empirical laws, from the call on that adds them */
    struct model_draft *draft; /* lists under construction; NULL once sealed */
    bool sealed;
    omo_run_options run;
    double field_density; /* > 0: places with random_position are drawn anew in each replication */
    struct network network;
    struct demand demand;
    const struct routing_policy *routing;
    struct stocking_rule stocking[OMO_PLACE_KIND_COUNT];
    omo_integration_options integration;
    omo_price_options prices;
    omo_shortage_kind shortage;
    omo_member_options members; /* as far as keeps_members */
    bool keeps_members;         /* members have ids, come and go, collect points */
    omo_cost_options costs;
    struct returns_rule returns;
    struct accuracy_rule accuracy;
    struct queueing queueing; /* in place of all that; no stations: a chain */

    struct reach stores; /* kinds store and dark store */
    struct reach warehouses;
    struct reach lockers;
    struct reach_near *near;     /* lists of the zones that are points */
    struct near_list *zone_near; /* [zone] */
    uint32_t review_places_max;  /* largest assortment */
    bool backorders;             /* shortages are backordered, or some customers ask for it */
    bool continuous;             /* some kind is reviewed continuously */
    uint32_t lane_depth;         /* most lanes one after another that supply a place */
    double *popularity;          /* [sku] weight */
    char *text;                  /* all ids */
    struct kpi_column *kpi_column;
    uint32_t kpi_column_count;
};

/* The sync of one dimension of the integration dial. */
struct sync model_sync(const omo_model *m, omo_data data);
/* When the view or the fence of online stock is refreshed: periodic, or at once where nothing is.
 */
struct sync model_refresh(const omo_model *m);

/* Which part of a place's stock online orders draw from. */
static inline enum stock_pool model_online_pool_of(const omo_model *m, const struct place *p)
{
    bool fenced =
        m->integration.inventory == OMO_SILOED && (p->capabilities & OMO_SELLS_ON_SITE) != 0;
    return fenced ? STOCK_FENCED : STOCK_SHOP;
}

/* Whether a place's shelves see at once what is on them: every so-manyth place. */
static inline bool model_has_sensors(const omo_model *m, uint32_t place)
{
    uint64_t share = m->accuracy.options.sensor_share_ppm;

    return (place + 1) * share / OMO_PPM != place * share / OMO_PPM;
}

/* Whether goods that were bought online may come back to a shop: it sees the order, and it can sell
 * them again. */
static inline bool model_returns_in_shop(const omo_model *m)
{
    return m->integration.inventory == OMO_MERGED && m->integration.orders == OMO_MERGED;
}

/* What channels see of the stock. */
static inline enum view_kind model_view_kind(const omo_model *m)
{
    switch (model_sync(m, OMO_DATA_INVENTORY).kind) {
    case SYNC_EVENT:
        return VIEW_DELAYED;
    case SYNC_PERIODIC:
        return VIEW_PERIODIC;
    case SYNC_NEVER:
    case SYNC_AT_ONCE:
        break;
    }
    return VIEW_REAL_TIME;
}

/* Whether units that were reserved may be free again. */
static inline bool model_gives_back(const omo_model *m)
{
    bool holds = m->integration.orders == OMO_SILOED && m->integration.entry_error_ppm != 0;

    for (uint32_t i = 0; i < m->demand.channel_count; i++)
        holds = holds || channel_holds(&m->demand.channel[i].options);
    return holds;
}

/* Units of each position that an online channel does not see. */
static inline int32_t model_buffer(const omo_model *m, const struct channel *c)
{
    return c->options.buffer != OMO_DERIVED ? c->options.buffer : m->integration.buffer;
}

/* Whether anything can happen to a member that has to be remembered. */
static inline bool model_remembers_members(const omo_model *m)
{
    bool remembers = m->keeps_members || m->demand.coupon_count != 0;

    for (uint32_t i = 0; i < m->demand.segment_count; i++)
        remembers = remembers || m->demand.segment[i].churn_late_ppm != 0 ||
                    m->demand.segment[i].churn_cancelled_ppm != 0;
    return m->demand.member_count != 0 && remembers;
}

/* Whether customers of some channel come to fetch what they have ordered. */
static inline bool model_fetches(const omo_model *m)
{
    for (uint32_t i = 0; i < m->demand.channel_count; i++)
        if (m->demand.channel[i].mode->path == MODE_COLLECT || m->demand.channel[i].mode->to_locker)
            return true;
    return false;
}

/* Whether couriers of some channel take several orders at once. */
static inline bool model_batches(const omo_model *m)
{
    for (uint32_t i = 0; i < m->demand.channel_count; i++)
        if (m->demand.channel[i].options.batch_orders != 0)
            return true;
    return false;
}

/* Whether some place of a kind has a lane that supplies it. */
static inline bool model_supplies(const omo_model *m, uint32_t kind)
{
    for (uint32_t i = 0; i < m->network.place_count; i++)
        if ((uint32_t)m->network.place[i].kind == kind && m->network.place[i].lane != OMO_NONE)
            return true;
    return false;
}

#endif
