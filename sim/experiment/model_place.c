/* The builder's checks of how goods are handed over: stations and their shifts, third parties'
 * parcels, and what a channel says of collection, couriers and carriers. */
#include "experiment/draft.h"

static omo_status place_shifts(struct arena *tables, const omo_role_options *o, const char *id,
                               struct station_spec *to, omo_error *ret_error)
{
    omo_shift *copy;

    DRAFT_CHECK(o->shifts != NULL && o->shift_period_us > 0,
                "%s: shifts need their list and a period above 0", id);
    to->servers = 0;
    for (uint32_t i = 0; i < o->shift_count; i++) {
        const omo_shift *shift = &o->shifts[i];
        DRAFT_CHECK(i == 0 ? shift->from_us == 0 : shift->from_us > o->shifts[i - 1].from_us,
                    "%s: shifts begin at 0 and ascend", id);
        DRAFT_CHECK(shift->from_us < o->shift_period_us,
                    "%s: shifts begin before the end of their period", id);
        DRAFT_CHECK(shift->servers < OMO_UNLIMITED / 2, "%s: a shift has a number of servers", id);
        to->servers = shift->servers > to->servers ? shift->servers : to->servers;
    }
    DRAFT_CHECK(to->servers > 0, "%s: no shift has a server", id);
    copy = arena_take(tables, o->shift_count, sizeof(copy[0]));
    if (copy == NULL)
        return draft_memory(ret_error);
    memcpy(copy, o->shifts, o->shift_count * sizeof(copy[0]));
    to->shift = copy;
    to->shift_count = o->shift_count;
    to->shift_period_us = o->shift_period_us;
    return OMO_OK;
}

omo_status draft_stations(struct arena *tables, const omo_place_options *options, const char *id,
                          struct station_spec ret_station[OMO_ROLE_COUNT], omo_error *ret_error)
{
    for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++) {
        const omo_role_options *o = &options->station[role];
        struct station_spec *to = &ret_station[role];
        *to = (struct station_spec){.servers = o->servers,
                                    .service = o->service,
                                    .wave_us = o->wave_us};
        if (o->shift_count != 0) {
            omo_status status = place_shifts(tables, o, id, to, ret_error);
            if (status != OMO_OK)
                return status;
        }
        DRAFT_CHECK(o->wave_us >= 0, "%s: a time between waves can't be negative", id);
        DRAFT_CHECK(o->wave_us == 0 || (role == OMO_ROLE_PICKER && to->servers != 0),
                    "%s: only pickers work in waves", id);
        if (to->servers == 0)
            continue;
        if (draft_keep_law(tables, &to->service, ret_error) != OMO_OK)
            return OMO_EINVAL;
        to->mean_us = law_round_us(omo_law_mean(&to->service));
    }
    return OMO_OK;
}

omo_status draft_parcels(struct arena *tables, const omo_place_options *options, const char *id,
                         struct parcel_point *ret_parcels, omo_error *ret_error)
{
    const double rate = options->parcels_per_day;

    *ret_parcels = (struct parcel_point){.place = OMO_NONE};
    DRAFT_CHECK(rate >= 0.0 && rate <= 1e7, "%s: parcels a day must be 0 to 10 million", id);
    DRAFT_CHECK(options->parcel_fee_cents >= 0, "%s: a fee for parcels can't be negative", id);
    DRAFT_CHECK(options->shelf_slots < OMO_UNLIMITED / 2, "%s: too many slots on a shelf", id);
    if (options->kind == OMO_PLACE_LOCKER) {
        DRAFT_CHECK(options->shelf_slots > 0, "%s: a locker needs boxes: shelf_slots", id);
        DRAFT_CHECK(options->assortment.index == OMO_NONE && options->capabilities == 0 &&
                        rate == 0.0,
                    "%s: a locker has boxes and nothing else", id);
    }
    if (rate == 0.0)
        return OMO_OK;
    DRAFT_CHECK(options->kind == OMO_PLACE_STORE,
                "%s: only a store can be a parcel point of third parties", id);
    *ret_parcels = (struct parcel_point){
        .place = 0,
        .interval = {.kind = OMO_LAW_EXPONENTIAL, .a = (double)OMO_US_PER_DAY / rate},
        .collect = options->parcel_collect,
        .service = options->parcel_service,
        .fee_cents = options->parcel_fee_cents,
    };
    return draft_keep_law(tables, &ret_parcels->collect, ret_error) == OMO_OK &&
                   draft_keep_law(tables, &ret_parcels->service, ret_error) == OMO_OK
               ? OMO_OK
               : OMO_EINVAL;
}

omo_status draft_collection(struct arena *tables, const char *id, const struct mode_kind *mode,
                            omo_channel_options *o, omo_error *ret_error)
{
    bool fetched = mode->path == MODE_COLLECT || mode->to_locker;

    DRAFT_CHECK(o->pickup_hold_us >= 0, "%s: a hold can't be negative", id);
    DRAFT_CHECK(o->no_show_ppm <= OMO_PPM, "%s: a share of no-shows can't be above 1", id);
    DRAFT_CHECK(o->no_show_ppm == 0 || o->pickup_hold_us > 0,
                "%s: goods that nobody fetches need a hold after which they go back", id);
    DRAFT_CHECK(fetched || (o->pickup_hold_us == 0 && o->no_show_ppm == 0),
                "%s: hold and no_show are of goods that are fetched; mode %s brings them", id,
                mode->name);
    DRAFT_CHECK(o->priority < OMO_PRIORITIES, "%s: a priority must be 0 to %d", id,
                OMO_PRIORITIES - 1);
    DRAFT_CHECK(o->batch_orders <= OMO_TOUR_MAX, "%s: a courier can take at most %d orders", id,
                OMO_TOUR_MAX);
    DRAFT_CHECK(o->batch_wait_us >= 0, "%s: a wait for a batch can't be negative", id);
    DRAFT_CHECK(o->batch_orders == 0 || mode->path == MODE_COURIER,
                "%s: only couriers take orders in batches; mode %s has none", id, mode->name);
    DRAFT_CHECK(o->cutoff_us < OMO_US_PER_DAY, "%s: a cut-off is a time of day", id);
    DRAFT_CHECK(o->cutoff_us < 0 || mode->path == MODE_PARCEL || mode->in_store,
                "%s: a cut-off is a carrier's; mode %s has none", id, mode->name);
    return draft_keep_law(tables, &o->travel, ret_error) == OMO_OK &&
                   draft_keep_law(tables, &o->collect, ret_error) == OMO_OK &&
                   draft_keep_law(tables, &o->verify, ret_error) == OMO_OK
               ? OMO_OK
               : OMO_EINVAL;
}
