/* The contract of a fulfilment mode: how the goods of an order get to the customer. A channel is a
 * kind (where the customer meets the chain) with one mode. */
#ifndef OMO_DEMAND_MODE_H
#define OMO_DEMAND_MODE_H

#include <omosim/model.h>

#include "base/core.h"

/* How the flow layer goes on after the choice: more than one mode may share a path. */
enum mode_path {
    MODE_TAKE_AWAY, /* goods from the shelf, paid at the till */
    MODE_COLLECT,   /* made ready in a place, fetched by the customer */
    MODE_COURIER,   /* a courier brings it from a place near by */
    MODE_PARCEL     /* a parcel from a warehouse, or from stores where stock is merged */
};

struct mode_kind {
    const char *name;
    const char *help;
    enum mode_path path;
    bool customer_travels; /* the distance counts in the customer's utility */
    bool pays_at_collection;
    bool to_locker;      /* the parcel goes to a locker, where the customer fetches it */
    bool in_store;       /* the customer stands in the store that sends the goods, and pays there */
    uint32_t capability; /* what a place needs to serve it: bits of enum omo_capability */
    /* Sets the mode's own defaults in general ones; the channel's kind comes after it. */
    void (*defaults)(omo_channel_options *options);
};

extern const struct mode_kind *const mode_registry[];
extern const uint32_t mode_registry_count;
/* Index of a mode by its name, or OMO_NONE. */
uint32_t mode_find(const char *name);

#endif
