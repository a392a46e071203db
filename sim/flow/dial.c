/* The integration dial: which data goes from one side of the chain to the other, and how late.
 *
 * Stores and online channels each know their own doings at once. What one side knows of the other
 * is a matter of five kinds of data, each siloed or merged with a sync of its own. Stock, prices
 * and promotions share the common sync: they are catalogue data, and one interface carries them.
 * Members and orders are about persons and are known at once unless they have a sync of their own,
 * so that a scenario that only makes the stock stale leaves the till and the picker as they were.
 * "Event" is called delayed in the options: each change arrives one lag later. */
#include "flow/model.h"

static omo_integration_kind dial_kind(const omo_integration_options *i, omo_data data)
{
    switch (data) {
    case OMO_DATA_INVENTORY:
        return i->inventory;
    case OMO_DATA_MEMBERS:
        return i->members;
    case OMO_DATA_PRICES:
        return i->prices;
    case OMO_DATA_PROMOTIONS:
        return i->promotions;
    case OMO_DATA_ORDERS:
    case OMO_DATA_COUNT:
        break;
    }
    return i->orders;
}

/* The times, whatever the kind of integration. */
static struct sync dial_times(const omo_integration_options *i, omo_data data)
{
    const omo_sync_options common = {true, i->sync, i->sync_lag_us, i->sync_at_us};
    const bool person = data == OMO_DATA_MEMBERS || data == OMO_DATA_ORDERS;
    const omo_sync_options *o = i->own_sync[data].own ? &i->own_sync[data] : &common;

    if (!i->own_sync[data].own && person)
        return (struct sync){.kind = SYNC_AT_ONCE};
    if (o->kind == OMO_SYNC_NIGHTLY)
        return (struct sync){SYNC_PERIODIC, OMO_US_PER_DAY, o->at_us % OMO_US_PER_DAY};
    if (o->lag_us == 0)
        return (struct sync){.kind = SYNC_AT_ONCE};
    return (struct sync){o->kind == OMO_SYNC_PERIODIC ? SYNC_PERIODIC : SYNC_EVENT, o->lag_us, 0};
}

struct sync model_sync(const omo_model *m, omo_data data)
{
    if (dial_kind(&m->integration, data) == OMO_SILOED)
        return (struct sync){.kind = SYNC_NEVER};
    return dial_times(&m->integration, data);
}

struct sync model_refresh(const omo_model *m)
{
    struct sync s = dial_times(&m->integration, OMO_DATA_INVENTORY);

    if (m->integration.inventory == OMO_SILOED) {
        s.kind = SYNC_PERIODIC; /* the fence is set anew, once a day where nothing else is said */
        s.lag_us = s.lag_us > 0 ? s.lag_us : OMO_US_PER_DAY;
    }
    return s.kind == SYNC_PERIODIC ? s : (struct sync){.kind = SYNC_AT_ONCE};
}
