/* `stations`: how many servers each place has for each role, and adding the places at last.
 *
 * A role's entry names where it stands by kind, entry or id; without `at` it stands wherever there
 * is work for it. Entries apply in order, a place's own `stations` last. A place without an entry
 * for a role has none, and the step takes no time.
 */
#include "scenario/build.h"

/* A place with any of these capabilities has work for the role. */
static const uint32_t build_stations_work[OMO_ROLE_COUNT] = {
    [OMO_ROLE_TILL] = OMO_SELLS_ON_SITE,
    [OMO_ROLE_PICKER] = OMO_OFFERS_PICKUP | OMO_SHIPS_COURIER | OMO_SHIPS_PARCEL,
    [OMO_ROLE_COURIER] = OMO_SHIPS_COURIER,
    [OMO_ROLE_COUNTER] = OMO_OFFERS_PICKUP,
};

/* Servers: a number, or a calendar of them. The shifts live as long as `b`. False with a finding. */
static bool build_stations_servers(struct build *b, struct schema_value entry,
                                   omo_role_options *options)
{
    struct schema_value block = schema_get(entry, "shifts"), at = schema_get(block, "at");
    guint before = b->list->len;

    if (schema_has(entry, "servers") == schema_has(entry, "shifts")) {
        diagnostic_add(b->list, schema_position(entry),
                       schema_has(entry, "servers") ? "the servers are counted in 'shifts': take "
                                                      "away 'servers' or that"
                                                    : "give the servers: servers or shifts");
        return false;
    }
    if (schema_has(entry, "servers")) {
        options->shift_count = 0;
        return build_read_servers(b, schema_get(entry, "servers"), &options->servers);
    }
    GArray *shifts = g_array_new(FALSE, FALSE, sizeof(omo_shift));
    uint32_t most = 0;
    g_ptr_array_add(b->shifts, shifts);
    options->shift_period_us = schema_get_duration_us(block, "period");
    for (uint32_t i = 0; i < schema_count(at); i++) {
        struct schema_value item = schema_item(at, i), from = schema_get(item, "from");
        const omo_shift shift = {.from_us = schema_as_duration_us(from),
                                 .servers = (uint32_t)schema_get_whole(item, "servers")};
        if (i == 0 && shift.from_us != 0)
            diagnostic_add(b->list, schema_position(from), "the first shift begins at 0h");
        else if (i > 0 && shift.from_us <= g_array_index(shifts, omo_shift, i - 1).from_us)
            diagnostic_add(b->list, schema_position(from),
                           "shifts stand in the order of time and do not overlap");
        else if (shift.from_us >= options->shift_period_us)
            diagnostic_add(b->list, schema_position(from), "a shift begins within the period");
        most = MAX(most, shift.servers);
        g_array_append_val(shifts, shift);
    }
    if (most == 0)
        diagnostic_add(b->list, schema_position(at), "no shift has a server");
    options->shifts = (const omo_shift *)(const void *)shifts->data;
    options->shift_count = shifts->len;
    options->servers = most;
    return b->list->len == before;
}

static void build_stations_at(struct build *b, struct schema_value at, uint32_t role,
                              const omo_role_options *options)
{
    for (uint32_t i = 0; i < schema_count(at); i++) {
        struct schema_value name = schema_item(at, i);
        g_autoptr(GArray) places =
            build_lanes_resolve(b, schema_position(name), schema_as_text(name));
        for (guint j = 0; places != NULL && j < places->len; j++)
            build_place_at(b, g_array_index(places, guint, j))->options.station[role] = *options;
    }
}

static void build_stations_role(struct build *b, uint32_t role)
{
    struct schema_value entries = schema_get(schema_get(b->top, "stations"), schema_roles[role]);

    for (uint32_t i = 0; i < schema_count(entries); i++) {
        struct schema_value entry = schema_item(entries, i);
        omo_role_options options = {.service = schema_get_law(entry, "service")};
        if (role == OMO_ROLE_PICKER && schema_has(entry, "wave"))
            options.wave_us = schema_get_duration_us(entry, "wave");
        if (!build_stations_servers(b, entry, &options))
            continue;
        if (schema_has(entry, "at")) {
            build_stations_at(b, schema_get(entry, "at"), role, &options);
            continue;
        }
        for (guint j = 0; j < b->places->len; j++) {
            omo_place_options *place = &build_place_at(b, j)->options;
            bool parcels = role == OMO_ROLE_COUNTER && place->parcels_per_day > 0;
            if (parcels || (place->capabilities & build_stations_work[role]) != 0)
                place->station[role] = options;
        }
    }
}

static void build_stations_own(struct build *b, struct build_place *place)
{
    for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++) {
        struct schema_value own = schema_get(place->stations, schema_roles[role]);
        omo_role_options *options = &place->options.station[role];
        if (schema_has(own, "servers") || schema_has(own, "shifts"))
            build_stations_servers(b, own, options);
        if (schema_has(own, "service"))
            options->service = schema_get_law(own, "service");
    }
}

void build_stations(struct build *b)
{
    omo_error error = {0};

    for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++)
        build_stations_role(b, role);
    for (guint i = 0; i < b->places->len; i++) {
        struct build_place *place = build_place_at(b, i);
        if (schema_is_present(place->stations))
            build_stations_own(b, place);
        place->added =
            omo_model_add_place(b->model, &place->options, &place->place, &error) == OMO_OK;
        if (!place->added)
            build_refused(b, place->at, &error);
    }
}
