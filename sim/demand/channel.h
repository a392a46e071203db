/* The contract of a channel kind: where the customer meets the chain. An instance is a group of the
 * scenario: a kind with one fulfilment mode and options of its own. */
#ifndef OMO_DEMAND_CHANNEL_H
#define OMO_DEMAND_CHANNEL_H

#include <omosim/model.h>

#include "base/core.h"
#include "demand/mode.h"

#define CHANNEL_MODES_MAX 8

/* What goes on after the customer has chosen a channel of this kind, and which options are its. */
enum channel_way {
    CHANNEL_ORDERS,    /* an order */
    CHANNEL_SHARES,    /* the same, by friends of buyers: social share */
    CHANNEL_GROUPS,    /* an order once a group is full: group buy */
    CHANNEL_SUBSCRIBES /* orders that come round, of those who have bought before */
};

struct channel_kind {
    const char *name;
    const char *help;
    bool online;     /* sees stock through integration.*, identifies its members */
    bool in_shop;    /* the customer stands in a shop that sells on site, and has travelled there */
    bool shelf;      /* sells what stands in that shop, as it is */
    bool guided;     /* a guide has a share */
    bool takes_over; /* a shop orders here what it lacks, with the customer still there */
    enum channel_way way;
    /* Names of the modes that it can have, NULL at the end; the first is the default. */
    const char *modes[CHANNEL_MODES_MAX + 1];
    /* Sets the kind's own defaults in those of the mode; NULL: none. */
    void (*defaults)(omo_channel_options *options);
    bool platform; /* a marketplace: members are known there by the platform's ids */
};

/* Nobody comes to a channel of these kinds by themselves, only as a visit that follows. */
static inline bool channel_is_followed(const struct channel_kind *kind)
{
    return kind->way == CHANNEL_SHARES || kind->way == CHANNEL_SUBSCRIBES;
}

/* Names the steps of the touch point, nobody gives up at them; NULL at the end. */
void channel_set_steps(omo_channel_options *options, const char *const *names);

/* Whether its orders are paid some time after check-out, their units held meanwhile. */
static inline bool channel_holds(const omo_channel_options *o)
{
    return o->pay_fail_ppm != 0 || o->pay_time.kind != OMO_LAW_CONSTANT || o->pay_time.a != 0.0;
}

extern const struct channel_kind *const channel_registry[];
extern const uint32_t channel_registry_count;
const struct channel_kind *channel_find(const char *name);
/* Index of the mode called `name` (NULL: of the kind's first one), or OMO_NONE when the kind
 * cannot have it. */
uint32_t channel_mode_find(const struct channel_kind *kind, const char *name);

#endif
