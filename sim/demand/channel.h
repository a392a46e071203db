/* The contract of a channel kind: how its customers get their goods. An instance is a group of
 * the scenario. */
#ifndef OMO_DEMAND_CHANNEL_H
#define OMO_DEMAND_CHANNEL_H

#include <omosim/model.h>

#include "base/core.h"

enum channel_mode {                    /* fulfilment modes */
                    CHANNEL_TAKE_AWAY, /* goods from the shelf, paid at the till */
                    CHANNEL_PICKUP,    /* click & collect (BOPIS) */
                    CHANNEL_COURIER,   /* ship from store by courier */
                    CHANNEL_PARCEL /* parcel from a warehouse, or from stores where stock is merged */
};

struct channel_kind {
    const char *name;
    const char *help;
    enum channel_mode mode;
    bool online;           /* sees stock through integration.*, identifies its members */
    bool customer_travels; /* the distance counts in the customer's utility */
    uint32_t capability;   /* what a place needs to serve it */
    /* Sets the kind's own defaults in general ones. */
    void (*defaults)(omo_channel_options *options);
};

extern const struct channel_kind *const channel_registry[];
extern const uint32_t channel_registry_count;
const struct channel_kind *channel_find(const char *name);

#endif
