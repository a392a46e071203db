/* `integration`: the dial.
 *
 * What a dimension does not say of its sync it takes from the common one. A lag that outlasts the
 * run and a nightly sync without a time are slips that would run through and show as data that
 * never arrive, so they are found here, with the place of the slip.
 */
#include "scenario/build.h"

#define BUILD_SYNC_EVENT 3 /* in schema_integration.c's list: another word for delayed */

static omo_sync_kind build_sync_kind(struct schema_value block, const char *key)
{
    uint32_t kind = schema_get_enum(block, key);

    return kind == BUILD_SYNC_EVENT ? OMO_SYNC_DELAYED : (omo_sync_kind)kind;
}

/* A lag within the run. */
static void build_lag(struct build *b, struct schema_value block, const char *key, int64_t *ret_us)
{
    struct schema_value lag = schema_get(block, key);
    int64_t horizon_us = omo_model_horizon_us(b->model);

    if (!schema_is_present(lag))
        return;
    *ret_us = schema_as_duration_us(lag);
    if (*ret_us > horizon_us)
        diagnostic_add(b->list, schema_position(lag),
                       "a lag of %.6g h is longer than the run, whose horizon is %.6g h",
                       (double)*ret_us / (double)OMO_US_PER_HOUR,
                       (double)horizon_us / (double)OMO_US_PER_HOUR);
}

/* Whether a sync that is nightly has its time, written or inherited. */
static void build_nightly(struct build *b, struct schema_value block, const char *key,
                          const char *at_key, omo_sync_kind kind, bool at)
{
    if (kind == OMO_SYNC_NIGHTLY && !at)
        diagnostic_add(b->list, schema_position(schema_get(block, key)),
                       "a nightly sync needs its time of day: %s: 02:00", at_key);
    if (kind != OMO_SYNC_NIGHTLY && schema_has(block, at_key))
        diagnostic_add(b->list, schema_position(schema_get(block, at_key)),
                       "only a nightly sync has a time of day: %s: nightly", key);
}

static void build_dimension(struct build *b, struct schema_value integration, const char *name,
                            const omo_integration_options *common, omo_integration_kind *ret_mode,
                            omo_sync_options *ret_sync)
{
    struct schema_value block = schema_get(integration, name);

    if (schema_has(block, "mode"))
        *ret_mode = (omo_integration_kind)schema_get_enum(block, "mode");
    ret_sync->own =
        schema_has(block, "sync") || schema_has(block, "lag") || schema_has(block, "at");
    if (!ret_sync->own)
        return;
    ret_sync->kind = schema_has(block, "sync") ? build_sync_kind(block, "sync") : common->sync;
    ret_sync->lag_us = common->sync_lag_us;
    ret_sync->at_us = common->sync_at_us;
    build_lag(b, block, "lag", &ret_sync->lag_us);
    build_nightly(b, block, "sync", "at", ret_sync->kind,
                  schema_has(block, "at") || schema_has(integration, "sync_at"));
    if (schema_has(block, "at"))
        ret_sync->at_us = schema_get_time_of_day_us(block, "at");
}

static void build_sync(struct build *b, struct schema_value integration, omo_integration_options *o)
{
    if (schema_has(integration, "sync"))
        o->sync = build_sync_kind(integration, "sync");
    build_lag(b, integration, "sync_lag", &o->sync_lag_us);
    if (schema_has(integration, "sync_at"))
        o->sync_at_us = schema_get_time_of_day_us(integration, "sync_at");
    if (o->sync == OMO_SYNC_NIGHTLY)
        build_nightly(b, integration, "sync", "sync_at", o->sync,
                      schema_has(integration, "sync_at"));
    build_dimension(b, integration, "inventory", o, &o->inventory,
                    &o->own_sync[OMO_DATA_INVENTORY]);
    build_dimension(b, integration, "members", o, &o->members, &o->own_sync[OMO_DATA_MEMBERS]);
    build_dimension(b, integration, "prices", o, &o->prices, &o->own_sync[OMO_DATA_PRICES]);
    build_dimension(b, integration, "promotions", o, &o->promotions,
                    &o->own_sync[OMO_DATA_PROMOTIONS]);
    build_dimension(b, integration, "orders", o, &o->orders, &o->own_sync[OMO_DATA_ORDERS]);
}

static void build_entry(struct schema_value entry, omo_integration_options *o)
{
    if (schema_has(entry, "time"))
        o->entry_time = schema_get_law(entry, "time");
    if (schema_has(entry, "staff"))
        o->entry_staff = schema_get_bool(entry, "staff");
    if (schema_has(entry, "error"))
        o->entry_error_ppm = (uint32_t)schema_get_share_ppm(entry, "error");
    if (schema_has(entry, "error_cost"))
        o->entry_error_cents = schema_get_money_cents(entry, "error_cost");
}

static void build_acceptance(struct schema_value acceptance, omo_integration_options *o)
{
    o->acceptance = schema_is_present(acceptance);
    if (schema_has(acceptance, "base"))
        o->acceptance_base = schema_get_number(acceptance, "base");
    if (schema_has(acceptance, "credit"))
        o->acceptance_credit = schema_get_number(acceptance, "credit");
    if (schema_has(acceptance, "load"))
        o->acceptance_load = schema_get_number(acceptance, "load");
    if (schema_has(acceptance, "max_rejects"))
        o->reject_max = (uint32_t)schema_get_whole(acceptance, "max_rejects");
}

void build_integration(struct build *b)
{
    struct schema_value integration = schema_get(b->top, "integration");
    omo_integration_options o = omo_integration_defaults();
    omo_error error = {0};
    guint before = b->list->len;

    build_sync(b, integration, &o);
    if (schema_has(integration, "buffer"))
        o.buffer = (int32_t)schema_get_whole(integration, "buffer");
    if (schema_has(integration, "oversold"))
        o.oversold = (omo_oversold_kind)schema_get_enum(integration, "oversold");
    if (schema_has(integration, "online_share"))
        o.online_share_ppm = (uint32_t)schema_get_share_ppm(integration, "online_share");
    if (schema_has(integration, "mismatch"))
        o.mismatch = (omo_mismatch_kind)schema_get_enum(integration, "mismatch");
    if (schema_has(integration, "mismatch_leave"))
        o.mismatch_leave_ppm = (uint32_t)schema_get_share_ppm(integration, "mismatch_leave");
    build_entry(schema_get(integration, "entry"), &o);
    build_acceptance(schema_get(integration, "acceptance"), &o);
    if (b->list->len == before && omo_model_set_integration(b->model, &o, &error) != OMO_OK)
        build_refused(b, schema_position(integration), &error);
}
