/* `places`: single ones, tables of them, generated ones.
 *
 * Places are gathered first and added to the model last: stations name places by kind and entry, so
 * that a place's options are complete only when all places are known. Duplicate ids are looked for
 * among the rows that a table's `where` lets through, because a directory of all shops in the world
 * may well hold a number twice somewhere else.
 */
#include "scenario/build.h"

#include "scenario/source.h"
#include "shell/units.h"

#include <string.h>

/* What a kind of place can do when the entry does not say. */
static uint32_t build_places_capabilities(omo_place_kind kind)
{
    switch (kind) {
    case OMO_PLACE_STORE:
        return OMO_SELLS_ON_SITE | OMO_OFFERS_PICKUP | OMO_SHIPS_COURIER | OMO_SHIPS_PARCEL |
               OMO_ACCEPTS_RETURNS;
    case OMO_PLACE_DARK_STORE:
        return OMO_OFFERS_PICKUP | OMO_SHIPS_COURIER;
    case OMO_PLACE_WAREHOUSE:
        return OMO_SHIPS_PARCEL | OMO_ACCEPTS_RETURNS;
    default:
        return 0;
    }
}

static uint32_t build_places_mask(struct schema_value list)
{
    uint32_t mask = 0;

    for (uint32_t i = 0; i < schema_count(list); i++)
        mask |= 1u << schema_as_enum(schema_item(list, i));
    return mask;
}

/* "all", "none" or a number of products. */
static bool build_places_stocks(struct build *b, const char *text, struct text_position at,
                                omo_assortment *ret_assortment)
{
    int64_t count = 0;

    if (strcmp(text, "all") == 0)
        count = b->sku_count;
    else if (strcmp(text, "none") != 0 &&
             (!units_parse_whole(text, &count, NULL) || count < 0 || count > UINT32_MAX - 1)) {
        diagnostic_add(b->list, at, "expected a number of products, all or none, found '%s'", text);
        return false;
    }
    return build_skus_assortment(b, (uint32_t)count, at, ret_assortment);
}

void build_places_kind(struct build *b, struct schema_value entry, omo_place_kind kind,
                       omo_place_options *options)
{
    struct schema_value stocks = schema_get(entry, "stocks");

    options->kind = kind;
    options->capabilities = schema_has(entry, "sells")
                                ? build_places_mask(schema_get(entry, "sells"))
                                : build_places_capabilities(kind);
    options->capabilities |= build_places_mask(schema_get(entry, "ships"));
    options->assortment.index = OMO_UNLIMITED;
    if (schema_is_present(stocks))
        build_places_stocks(b, schema_as_text(stocks), schema_position(stocks),
                            &options->assortment);
    else if (kind != OMO_PLACE_SUPPLIER && kind != OMO_PLACE_LOCKER)
        build_skus_assortment(b, b->sku_count, schema_position(entry), &options->assortment);
}

/* What all places of an entry have in common. */
static void build_places_common(struct build *b, struct schema_value entry,
                                omo_place_options *options)
{
    *options = omo_place_defaults();
    if (schema_has(entry, "opens") != schema_has(entry, "closes"))
        diagnostic_add(b->list, schema_position(entry), "'%s' is missing",
                       schema_has(entry, "opens") ? "closes" : "opens");
    else if (schema_has(entry, "opens")) {
        options->opens_us = schema_get_time_of_day_us(entry, "opens");
        options->closes_us = schema_get_time_of_day_us(entry, "closes");
    }
    options->opening = OMO_DERIVED;
    if (schema_has(entry, "opening"))
        options->opening = (int32_t)schema_get_whole(entry, "opening");
    else if (schema_has(entry, "opening_share"))
        diagnostic_add(b->list, schema_position(schema_get(entry, "opening_share")),
                       "opening_share belongs to 'opening', which is missing");
    options->opening_share_ppm = (uint32_t)schema_get_share_ppm(entry, "opening_share");
    options->acceptance_own = schema_has(entry, "acceptance");
    if (options->acceptance_own)
        options->acceptance_base = schema_get_number(entry, "acceptance");
    if (schema_has(entry, "shrink_factor"))
        options->shrink_factor = schema_get_number(entry, "shrink_factor");
    if (schema_has(entry, "attraction"))
        options->attraction = schema_get_number(entry, "attraction");
    if (schema_has(entry, "shelf_slots"))
        options->shelf_slots = (uint32_t)schema_get_whole(entry, "shelf_slots");
    if (schema_has(entry, "parcels")) {
        struct schema_value parcels = schema_get(entry, "parcels");
        options->parcels_per_day = schema_get_rate(parcels, "rate", OMO_US_PER_DAY);
        options->parcel_collect = schema_get_law(parcels, "collect");
        options->parcel_service = schema_get_law(parcels, "service");
        options->parcel_fee_cents = schema_get_money_cents(parcels, "fee");
    }
    build_places_kind(b, entry, (omo_place_kind)schema_get_enum(entry, "kind"), options);
}

void build_places_take(struct build *b, const omo_place_options *options, const char *id,
                       struct schema_value entry, struct text_position at)
{
    gpointer first = g_hash_table_lookup(b->place_ids, id);
    bool many = schema_has(entry, "file") || schema_has(entry, "generate");
    struct build_place place = {
        .options = *options,
        .entry = many ? schema_get_text(entry, "id") : NULL,
        .at = at,
        .stations = schema_get(entry, "stations"),
    };

    if (first != NULL) {
        g_autofree char *where =
            diagnostic_position_text(build_place_at(b, GPOINTER_TO_UINT(first) - 1)->at);
        diagnostic_add(b->list, at, "there is a place '%s' already, at %s", id, where);
        return;
    }
    place.options.id = g_string_chunk_insert(b->texts, id);
    g_array_append_val(b->places, place);
    g_hash_table_insert(b->place_ids, (gpointer)place.options.id, GUINT_TO_POINTER(b->places->len));
    build_remember(b, place.options.id, at);
}

enum build_places_column {
    BUILD_PLACES_ID,
    BUILD_PLACES_LAT,
    BUILD_PLACES_LON,
    BUILD_PLACES_KIND,
    BUILD_PLACES_STOCKS,
    BUILD_PLACES_OPENS,
    BUILD_PLACES_CLOSES,
    BUILD_PLACES_OPENING,
    BUILD_PLACES_ATTRACTION,
    BUILD_PLACES_COLUMN_COUNT
};

static bool build_places_row_position(struct build *b, Source *table, const int64_t *columns,
                                      omo_place_options *options)
{
    if (!b->plane) {
        /* Both are read, so that both are reported. */
        bool lat = source_number(table, columns[BUILD_PLACES_LAT], -90, 90, &options->lat);
        bool lon = source_number(table, columns[BUILD_PLACES_LON], -180, 180, &options->lon);
        return lat && lon;
    }
    if (!source_distance_m(table, columns[BUILD_PLACES_LAT], &options->lat) ||
        !source_distance_m(table, columns[BUILD_PLACES_LON], &options->lon))
        return false;
    options->lat /= 1000;
    options->lon /= 1000;
    return true;
}

static void build_places_row(struct build *b, struct schema_value entry, Source *table,
                             const int64_t *columns, omo_place_options options,
                             uint64_t *spread_cursor)
{
    double spread_km = schema_get_distance_m(entry, "spread") / 1000;
    const char *id;
    uint32_t kind;
    int64_t opening;

    if (!source_id(table, columns[BUILD_PLACES_ID], &id) ||
        !build_places_row_position(b, table, columns, &options))
        return;
    if (spread_km > 0)
        build_generate_spread(b, spread_cursor, spread_km, &options);
    if (columns[BUILD_PLACES_KIND] >= 0) {
        if (!source_enum(table, columns[BUILD_PLACES_KIND], "kind", schema_place_kinds, &kind))
            return;
        build_places_kind(b, entry, (omo_place_kind)kind, &options);
    }
    if (columns[BUILD_PLACES_STOCKS] >= 0 &&
        !build_places_stocks(b, source_text(table, columns[BUILD_PLACES_STOCKS]),
                             source_position(table, columns[BUILD_PLACES_STOCKS]),
                             &options.assortment))
        return;
    if (columns[BUILD_PLACES_OPENS] >= 0 &&
        (!source_time_of_day_us(table, columns[BUILD_PLACES_OPENS], &options.opens_us) ||
         !source_time_of_day_us(table, columns[BUILD_PLACES_CLOSES], &options.closes_us)))
        return;
    if (columns[BUILD_PLACES_OPENING] >= 0) {
        if (!source_whole(table, columns[BUILD_PLACES_OPENING], 0, 500000000, &opening))
            return;
        options.opening = (int32_t)opening;
    }
    if (columns[BUILD_PLACES_ATTRACTION] >= 0 &&
        !source_number(table, columns[BUILD_PLACES_ATTRACTION], 1e-12, 1e12, &options.attraction))
        return;
    build_places_take(b, &options, id, entry, source_position(table, columns[BUILD_PLACES_ID]));
}

static void build_places_file(struct build *b, struct schema_value entry,
                              const omo_place_options *options)
{
    g_autoptr(Source) table = source_open(entry, "file", b->list);
    guint before = b->list->len, count = b->places->len;
    uint64_t spread_cursor = 0;

    if (table == NULL || !source_join(table, schema_get(entry, "join")))
        return;
    const int64_t columns[BUILD_PLACES_COLUMN_COUNT] = {
        [BUILD_PLACES_ID] = source_column(table, "id", true),
        [BUILD_PLACES_LAT] = source_column(table, b->plane ? "y" : "lat", true),
        [BUILD_PLACES_LON] = source_column(table, b->plane ? "x" : "lon", true),
        [BUILD_PLACES_KIND] = source_column(table, "kind", false),
        [BUILD_PLACES_STOCKS] = source_column(table, "stocks", false),
        [BUILD_PLACES_OPENS] = source_column(table, "opens", false),
        [BUILD_PLACES_CLOSES] = source_column(table, "closes", false),
        [BUILD_PLACES_OPENING] = source_column(table, "opening", false),
        [BUILD_PLACES_ATTRACTION] = source_column(table, "attraction", false),
    };
    if ((columns[BUILD_PLACES_OPENS] < 0) != (columns[BUILD_PLACES_CLOSES] < 0))
        diagnostic_add(b->list, schema_position(schema_get(entry, "columns")),
                       "opens and closes go together");
    if (b->list->len > before)
        return;
    while (source_next(table))
        build_places_row(b, entry, table, columns, *options, &spread_cursor);
    if (b->places->len == count && b->list->len == before)
        diagnostic_add(b->list, schema_position(schema_get(entry, "file")),
                       "no row of the table fits: there are no places");
}

/* Keys that a form of an entry has no use for. */
static void build_places_refuse(struct build *b, struct schema_value entry, const char *form,
                                const char *const *keys, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (schema_has(entry, keys[i]))
            diagnostic_add(b->list, schema_position(schema_get(entry, keys[i])),
                           "'%s' does not go with '%s'", keys[i], form);
}

static void build_places_entry(struct build *b, struct schema_value entry)
{
    static const char *const position[] = {"lat", "lon", "x", "y"};
    static const char *const table[] = {"where", "columns", "join", "spread", "file"};
    bool file = schema_has(entry, "file"), generate = schema_has(entry, "generate");
    omo_place_options options;

    if (generate)
        build_places_refuse(b, entry, "generate", table, G_N_ELEMENTS(table));
    else if (!file)
        build_places_refuse(b, entry, "a single place", table, 4);
    if (file || generate)
        build_places_refuse(b, entry, file ? "file" : "generate", position, G_N_ELEMENTS(position));
    if (!file && !schema_has(entry, "id"))
        diagnostic_add(b->list, schema_position(entry), "a place needs an 'id'");

    guint before = b->list->len;
    build_places_common(b, entry, &options);
    if (!file && !schema_has(entry, "id"))
        return;
    if (generate)
        build_generate(b, entry, &options);
    else if (file)
        build_places_file(b, entry, &options);
    else if (build_read_position(b, entry, &options.lat, &options.lon) && b->list->len == before)
        build_places_take(b, &options, schema_get_text(entry, "id"), entry,
                          schema_position(schema_get(entry, "id")));
}

void build_places(struct build *b)
{
    struct schema_value places = schema_get(b->top, "places");
    guint before = b->list->len;

    for (uint32_t i = 0; i < schema_count(places); i++)
        build_places_entry(b, schema_item(places, i));
    if (b->places->len == 0 && b->list->len == before)
        diagnostic_add(b->list, schema_position(places), "there are no places");
    b->places_failed = b->list->len > before;
}
