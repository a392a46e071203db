/* The contract of a channel kind: where the customer meets the chain. An instance is a group of the
 * scenario: a kind with one fulfilment mode and options of its own. */
#ifndef OMO_DEMAND_CHANNEL_H
#define OMO_DEMAND_CHANNEL_H

#include <omosim/model.h>

#include "base/core.h"
#include "demand/mode.h"

#define CHANNEL_MODES_MAX 8

struct channel_kind {
    const char *name;
    const char *help;
    bool online; /* sees stock through integration.*, identifies its members */
    /* Names of the modes that it can have, NULL at the end; the first is the default. */
    const char *modes[CHANNEL_MODES_MAX + 1];
    /* Sets the kind's own defaults in those of the mode; NULL: none. */
    void (*defaults)(omo_channel_options *options);
};

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
