/* Shelves, parcel points, shifts and waves of random places; holds, counters, priorities, batches and
 * cut-offs of random channels. */
#include "flow/swarm.h"

static int64_t pick(uint64_t *state, int64_t low, int64_t high)
{
    return seed_between(state, low, high);
}

static bool chance(uint64_t *state, int64_t percent) { return pick(state, 1, 100) <= percent; }

static omo_law time_law(uint64_t *state, int64_t low_us, int64_t high_us)
{
    double mean_us = (double)pick(state, low_us, high_us);

    if (chance(state, 30))
        return build_constant(mean_us);
    if (chance(state, 50))
        return (omo_law){.kind = OMO_LAW_LOGNORMAL, .a = mean_us, .b = 1.0};
    return build_exponential(mean_us);
}

void swarm_modes_place(uint64_t state, omo_place_options *o)
{
    static omo_shift shifts[3]; /* read until the place is added */

    if (chance(&state, 50))
        o->shelf_slots = (uint32_t)pick(&state, 1, 12);
    if (o->kind == OMO_PLACE_STORE && chance(&state, 40)) {
        o->parcels_per_day = (double)pick(&state, 1, 60);
        o->parcel_collect = time_law(&state, OMO_US_PER_HOUR, 40 * OMO_US_PER_HOUR);
        o->parcel_service = time_law(&state, 10000000, 600000000);
        o->parcel_fee_cents = pick(&state, 0, 200);
    }
    shifts[0] = (omo_shift){0, 1};
    shifts[1] = (omo_shift){pick(&state, 1, 6) * OMO_US_PER_HOUR, (uint32_t)pick(&state, 0, 3)};
    shifts[2] = (omo_shift){pick(&state, 7, 12) * OMO_US_PER_HOUR, (uint32_t)pick(&state, 0, 3)};
    for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++) {
        omo_role_options *s = &o->station[role];
        if (s->servers != 0 && s->servers != OMO_UNLIMITED && chance(&state, 30)) {
            s->shifts = shifts;
            s->shift_count = (uint32_t)pick(&state, 1, 3);
            s->shift_period_us = pick(&state, 13, 30) * OMO_US_PER_HOUR;
        }
        if (role == OMO_ROLE_PICKER && s->servers != 0 && chance(&state, 30))
            s->wave_us = pick(&state, 5, 200) * OMO_US_PER_MINUTE;
    }
}

void swarm_modes_channel(uint64_t state, omo_channel_options *o)
{
    bool locker = strcmp(o->mode, "locker") == 0, home = strcmp(o->mode, "store_to_home") == 0;
    bool fetched = locker || strcmp(o->mode, "pickup") == 0 || strcmp(o->mode, "reserve") == 0;

    o->priority = (uint32_t)pick(&state, 0, OMO_PRIORITIES - 1);
    if ((home || strcmp(o->mode, "courier") == 0) && chance(&state, 50)) {
        o->batch_orders = (uint32_t)pick(&state, 1, 6);
        o->batch_wait_us = pick(&state, 0, 60) * OMO_US_PER_MINUTE;
    }
    if ((home || locker || strcmp(o->mode, "parcel") == 0) && chance(&state, 50))
        o->cutoff_us = pick(&state, 0, 23) * OMO_US_PER_HOUR;
    if (fetched && chance(&state, 50))
        o->verify = time_law(&state, 10000000, 600000000);
    if (fetched && chance(&state, 50)) {
        o->pickup_hold_us = pick(&state, 1, 48) * OMO_US_PER_HOUR;
        o->no_show_ppm = (uint32_t)pick(&state, 0, 300000);
    }
}
