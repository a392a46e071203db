/* `channels` and the zones of `demand`.
 *
 * A channel starts as its kind is by default and changes what was written. That some place can
 * serve it is checked here, because a scenario with an app but no shop that offers pickup is a slip
 * that runs through and shows as zero orders; what a kind needs, the registry says.
 */
#include "scenario/build.h"

#include "scenario/source.h"
#include "scenario/tables.h"

#include <omosim/registry.h>
#include <string.h>

/* ---- channels -------------------------------------------------------------------------------- */

static void build_channels_money(struct schema_value channel, const char *key, int64_t *ret_cents)
{
    if (schema_has(channel, key))
        *ret_cents = schema_get_money_cents(channel, key);
}

static void build_channels_pay(struct schema_value pay, omo_channel_options *o)
{
    if (schema_has(pay, "time"))
        o->pay_time = schema_get_law(pay, "time");
    if (schema_has(pay, "fail"))
        o->pay_fail_ppm = (uint32_t)schema_get_share_ppm(pay, "fail");
    if (schema_has(pay, "hold"))
        o->hold_us = schema_get_duration_us(pay, "hold");
}

static omo_channel_options build_channels_options(struct schema_value channel, const char *id)
{
    const char *mode = schema_has(channel, "mode") ? schema_get_text(channel, "mode") : NULL;
    omo_channel_options o = omo_channel_defaults(schema_get_text(channel, "kind"), mode);

    o.id = id;
    o.kind = schema_get_text(channel, "kind");
    o.mode = mode;
    if (schema_has(channel, "enabled"))
        o.enabled = schema_get_bool(channel, "enabled");
    if (schema_has(channel, "radius"))
        o.radius_km = schema_get_distance_m(channel, "radius") / 1000;
    if (schema_has(channel, "promise"))
        o.promise_us = schema_get_duration_us(channel, "promise");
    if (schema_has(channel, "travel"))
        o.travel = schema_get_law(channel, "travel");
    if (schema_has(channel, "speed"))
        o.speed_kmh = schema_get_speed_m_per_s(channel, "speed") * 3.6;
    if (schema_has(channel, "collect"))
        o.collect = schema_get_law(channel, "collect");
    if (schema_has(channel, "commission"))
        o.commission_ppm = (uint32_t)schema_get_share_ppm(channel, "commission");
    build_channels_money(channel, "fee", &o.fee_cents);
    build_channels_money(channel, "free_above", &o.free_above_cents);
    build_channels_money(channel, "cost_order", &o.cost_order_cents);
    build_channels_money(channel, "cost_line", &o.cost_line_cents);
    build_channels_money(channel, "cost_parcel", &o.cost_parcel_cents);
    build_channels_money(channel, "cost_km", &o.cost_km_cents);
    /* -- the touch point: steps, hours, outages, terms, what a customer costs -- */
    /* -- choice: places and slots offered -- */
    build_channels_choice(channel, &o);
    /* -- collection, couriers, parcels -- */
    if (schema_has(channel, "hold"))
        o.pickup_hold_us = schema_get_duration_us(channel, "hold");
    if (schema_has(channel, "no_show"))
        o.no_show_ppm = (uint32_t)schema_get_share_ppm(channel, "no_show");
    if (schema_has(channel, "verify"))
        o.verify = schema_get_law(channel, "verify");
    if (schema_has(channel, "priority"))
        o.priority = (uint32_t)schema_get_whole(channel, "priority");
    if (schema_has(channel, "batch")) {
        struct schema_value batch = schema_get(channel, "batch");
        o.batch_orders = (uint32_t)schema_get_whole(batch, "orders");
        o.batch_wait_us = schema_get_duration_us(batch, "wait");
    }
    if (schema_has(channel, "cutoff"))
        o.cutoff_us = schema_get_time_of_day_us(channel, "cutoff");
    /* -- holds and payment -- */
    build_channels_pay(schema_get(channel, "pay"), &o);
    /* -- returns -- */
    if (schema_has(channel, "return_rate"))
        o.return_rate_ppm = (uint32_t)schema_get_share_ppm(channel, "return_rate");
    /* -- integration: buffer, credit -- */
    if (schema_has(channel, "buffer"))
        o.buffer = (int32_t)schema_get_whole(channel, "buffer");
    if (schema_has(channel, "credit"))
        o.credit_ppm = (uint32_t)schema_get_share_ppm(channel, "credit");
    return o;
}

static uint32_t build_channels_index(omo_registry registry, const char *name)
{
    uint32_t i = 0;

    while (i < omo_registry_count(registry) && strcmp(omo_registry_name(registry, i), name) != 0)
        i++;
    return i;
}

/* The mode of a channel, as a number of the registry. */
static uint32_t build_channels_mode(const struct build_channel *channel)
{
    const char *mode = channel->mode;

    if (mode == NULL)
        mode = omo_channel_mode(build_channels_index(OMO_REGISTRY_CHANNEL, channel->kind), 0);
    return build_channels_index(OMO_REGISTRY_MODE, mode);
}

static void build_channels_served(struct build *b, const struct build_channel *channel,
                                  struct text_position at)
{
    uint32_t mode = build_channels_mode(channel), needs = omo_mode_capabilities(mode);
    bool served = needs == 0, locker = !omo_mode_to_locker(mode);

    if (!channel->enabled)
        return;
    if (b->list->len > 0) /* a place may be missing for another reason */
        return;
    for (guint i = 0; i < b->places->len; i++) {
        const omo_place_options *place = &build_place_at(b, i)->options;
        served = served || (place->capabilities & needs) != 0;
        locker = locker || place->kind == OMO_PLACE_LOCKER;
    }
    if (!served)
        diagnostic_add(b->list, at, "no place can serve channel '%s': none sells %s", channel->id,
                       schema_capabilities[__builtin_ctz(needs)]);
    else if (!locker)
        diagnostic_add(b->list, at, "no place can serve channel '%s': there is no locker",
                       channel->id);
}

void build_channels(struct build *b)
{
    struct schema_value channels = schema_get(b->top, "channels");

    for (uint32_t i = 0; i < schema_count(channels); i++) {
        struct schema_value value = schema_item(channels, i);
        struct text_position at = schema_item_name_position(channels, i);
        omo_channel_options options = build_channels_options(value, schema_item_name(channels, i));
        struct build_channel channel = {.id = options.id,
                                        .kind = options.kind,
                                        .mode = options.mode,
                                        .enabled = options.enabled};
        omo_error error = {0};

        build_remember(b, options.id, at);
        build_channels_served(b, &channel, at);
        channel.added =
            omo_model_add_channel(b->model, &options, &channel.channel, &error) == OMO_OK;
        if (!channel.added)
            build_refused(b, at, &error);
        g_array_append_val(b->channels, channel);
    }
    if (schema_count(channels) == 0)
        diagnostic_add(b->list, schema_position(channels), "there are no channels");
}

int64_t build_channel_find(struct build *b, const char *id, struct text_position at)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < b->channels->len; i++) {
        const struct build_channel *channel = &g_array_index(b->channels, struct build_channel, i);
        if (strcmp(channel->id, id) == 0)
            return i;
        g_ptr_array_add(names, (gpointer)channel->id);
    }
    g_ptr_array_add(names, NULL);
    diagnostic_add_unknown(b->list, at, "channel", id, (const char *const *)names->pdata);
    return -1;
}

/* ---- zones ----------------------------------------------------------------------------------- */

struct build_zones {
    struct build *b;
    GArray *options;   /* omo_zone_options, ids in b->texts */
    GArray *positions; /* struct text_position */
    GHashTable *ids;   /* id to index + 1 */
};

static void build_zones_take(struct build_zones *z, omo_zone_options options, const char *id,
                             struct text_position at)
{
    gpointer first = g_hash_table_lookup(z->ids, id);

    if (first != NULL) {
        g_autofree char *where = diagnostic_position_text(
            g_array_index(z->positions, struct text_position, GPOINTER_TO_UINT(first) - 1));
        diagnostic_add(z->b->list, at, "there is a zone '%s' already, at %s", id, where);
        return;
    }
    options.id = g_string_chunk_insert(z->b->texts, id);
    g_array_append_val(z->options, options);
    g_array_append_val(z->positions, at);
    g_hash_table_insert(z->ids, (gpointer)options.id, GUINT_TO_POINTER(z->options->len));
    build_remember(z->b, options.id, at);
}

static void build_zones_list(struct build_zones *z, struct schema_value zones)
{
    for (uint32_t i = 0; i < schema_count(zones); i++) {
        struct schema_value zone = schema_item(zones, i);
        omo_zone_options options = omo_zone_defaults();

        if (!build_read_position(z->b, zone, &options.lat, &options.lon))
            continue;
        options.weight = schema_get_number(zone, "weight");
        options.member_count = (uint32_t)schema_get_whole(zone, "members");
        if (schema_has(zone, "square")) {
            options.shape = OMO_ZONE_SQUARE;
            options.side_km = schema_get_distance_m(zone, "square") / 1000;
            if (!z->b->plane) {
                diagnostic_add(z->b->list, schema_position(schema_get(zone, "square")),
                               "a square zone needs a plane: geometry: {kind: plane}");
                continue;
            }
        }
        build_zones_take(z, options, schema_get_text(zone, "id"),
                         schema_item_name_position(zones, i));
    }
}

static void build_zones_row(struct build_zones *z, Source *table, const int64_t columns[5])
{
    omo_zone_options options = omo_zone_defaults();
    const char *id;
    int64_t members = 0;
    bool read;

    options.weight = 1;
    if (!source_id(table, columns[0], &id))
        return;
    if (z->b->plane) {
        read = source_distance_m(table, columns[1], &options.lat) &&
               source_distance_m(table, columns[2], &options.lon);
        options.lat /= 1000;
        options.lon /= 1000;
    } else {
        read = source_number(table, columns[1], -90, 90, &options.lat) &&
               source_number(table, columns[2], -180, 180, &options.lon);
    }
    if (!read || (columns[3] >= 0 && !source_weight(table, columns[3], 0, 1e15, &options.weight)) ||
        (columns[4] >= 0 && !source_whole(table, columns[4], 0, INT64_C(4000000000), &members)))
        return;
    options.member_count = (uint32_t)members;
    build_zones_take(z, options, id, source_position(table, columns[0]));
}

static void build_zones_file(struct build_zones *z, struct schema_value zones)
{
    GPtrArray *list = z->b->list;
    g_autoptr(Source) table = source_open(zones, "file", list);
    guint before = list->len;

    if (table == NULL || !source_join(table, schema_get(zones, "join")))
        return;
    const int64_t columns[5] = {
        source_column(table, "id", true),
        source_column(table, z->b->plane ? "y" : "lat", true),
        source_column(table, z->b->plane ? "x" : "lon", true),
        source_column(table, "weight", false),
        source_column(table, "members", false),
    };
    if (list->len > before)
        return;
    while (source_next(table))
        build_zones_row(z, table, columns);
}

static void build_zones_one_per(struct build_zones *z, struct schema_value one_per)
{
    g_autoptr(GArray) places =
        build_lanes_resolve(z->b, schema_position(one_per), schema_as_text(one_per));

    for (guint i = 0; places != NULL && i < places->len; i++) {
        const struct build_place *place = build_place_at(z->b, g_array_index(places, guint, i));
        omo_zone_options options = omo_zone_defaults();
        if (place->options.random_position) {
            diagnostic_add(z->b->list, schema_position(one_per),
                           "the places of a field have no fixed position for a zone");
            return;
        }
        options.lat = place->options.lat;
        options.lon = place->options.lon;
        options.weight = 1;
        build_zones_take(z, options, place->options.id, schema_position(one_per));
    }
}

/* Shares the members of all zones out by weight. */
static void build_zones_members(struct build_zones *z, struct schema_value members)
{
    uint32_t count = z->options->len;
    g_autofree double *weights = g_new(double, count + 1);
    g_autofree uint32_t *counts = g_new(uint32_t, count + 1);
    double sum = 0;

    for (uint32_t i = 0; i < count; i++)
        sum += weights[i] = g_array_index(z->options, omo_zone_options, i).weight;
    if (sum <= 0)
        return;
    build_share_out((uint64_t)schema_as_whole(members), weights, count, counts);
    for (uint32_t i = 0; i < count; i++)
        g_array_index(z->options, omo_zone_options, i).member_count = counts[i];
}

/* Reads zones in whatever form; members are shared out when they are given for all together. */
static void build_zones_read(struct build_zones *z, struct schema_value zones)
{
    struct schema_value members = schema_get(zones, "members");
    bool file = schema_has(zones, "file"), one_per = schema_has(zones, "one_per");

    if (schema_is_list(zones)) {
        build_zones_list(z, zones);
        return;
    }
    if (file == one_per) {
        diagnostic_add(z->b->list, schema_position(zones),
                       "zones: give a list, or one of file and one_per");
        return;
    }
    if (file)
        build_zones_file(z, zones);
    else
        build_zones_one_per(z, schema_get(zones, "one_per"));
    if (schema_is_present(members) && schema_has(schema_get(zones, "columns"), "members"))
        diagnostic_add(z->b->list, schema_position(members),
                       "the table has a column of members already");
    else if (schema_is_present(members))
        build_zones_members(z, members);
}

void build_zones(struct build *b)
{
    struct schema_value zones = schema_get(schema_get(b->top, "demand"), "zones");
    struct build_zones z = {
        .b = b,
        .options = g_array_new(FALSE, FALSE, sizeof(omo_zone_options)),
        .positions = g_array_new(FALSE, FALSE, sizeof(struct text_position)),
        .ids = g_hash_table_new(g_str_hash, g_str_equal),
    };
    guint before = b->list->len;

    build_zones_read(&z, zones);
    for (guint i = 0; i < z.options->len; i++) {
        omo_error error = {0};
        omo_zone zone;
        if (omo_model_add_zone(b->model, &g_array_index(z.options, omo_zone_options, i), &zone,
                               &error) != OMO_OK)
            build_refused(b, g_array_index(z.positions, struct text_position, i), &error);
    }
    if (z.options->len == 0 && b->list->len == before)
        diagnostic_add(b->list, schema_position(zones), "there are no zones");
    g_array_unref(z.options);
    g_array_unref(z.positions);
    g_hash_table_unref(z.ids);
}
