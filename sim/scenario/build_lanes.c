/* References to places, and `lanes`.
 *
 * A reference is an id, the name of an entry that makes many places, or a kind, looked for in that
 * order. A lane from several places (`from: warehouse`) means the one nearest to each receiver,
 * which is how a chain with a few warehouses is drawn without a line per shop.
 */
#include "scenario/build.h"

#include <math.h>
#include <string.h>

static void build_lanes_unknown(struct build *b, struct text_position at, const char *text)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const char *entry = NULL;

    for (guint i = 0; i < b->places->len; i++) {
        const struct build_place *place = build_place_at(b, i);
        if (place->entry == NULL || !g_str_has_prefix(place->options.id, place->entry))
            g_ptr_array_add(names, (gpointer)place->options.id);
        if (place->entry != NULL && place->entry != entry)
            g_ptr_array_add(names, (gpointer)(entry = place->entry));
    }
    for (uint32_t i = 0; schema_place_kinds[i] != NULL; i++)
        g_ptr_array_add(names, (gpointer)schema_place_kinds[i]);
    g_ptr_array_add(names, NULL);
    diagnostic_add_unknown(b->list, at, "place", text, (const char *const *)names->pdata);
}

static void build_lanes_kind(struct build *b, const char *text, GArray *found)
{
    for (uint32_t kind = 0; schema_place_kinds[kind] != NULL; kind++) {
        if (strcmp(schema_place_kinds[kind], text) != 0)
            continue;
        for (guint i = 0; i < b->places->len; i++)
            if ((uint32_t)build_place_at(b, i)->options.kind == kind)
                g_array_append_val(found, i);
    }
}

GArray *build_lanes_resolve(struct build *b, struct text_position at, const char *text)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint));
    gpointer known = g_hash_table_lookup(b->place_ids, text);

    if (known != NULL) {
        guint i = GPOINTER_TO_UINT(known) - 1;
        g_array_append_val(found, i);
        return g_steal_pointer(&found);
    }
    for (guint i = 0; i < b->places->len; i++) {
        const char *entry = build_place_at(b, i)->entry;
        if (entry != NULL && strcmp(entry, text) == 0)
            g_array_append_val(found, i);
    }
    if (found->len == 0)
        build_lanes_kind(b, text, found);
    if (found->len > 0)
        return g_steal_pointer(&found);
    if (b->places_failed)
        return NULL;
    if (g_strv_contains(schema_place_kinds, text))
        diagnostic_add(b->list, at, "there is no place of kind '%s'", text);
    else
        build_lanes_unknown(b, at, text);
    return NULL;
}

static double build_lanes_distance(const struct build *b, const struct build_place *from,
                                   const struct build_place *to)
{
    if (!b->plane)
        return omo_distance_km(from->options.lat, from->options.lon, to->options.lat,
                               to->options.lon);
    double y = fabs(from->options.lat - to->options.lat);
    double x = fabs(from->options.lon - to->options.lon);
    if (b->torus_km > 0) {
        y = fmin(y, b->torus_km - y);
        x = fmin(x, b->torus_km - x);
    }
    return sqrt(x * x + y * y);
}

/* The place of `from` nearest to `to`, ties to the first, never `to` itself; NULL when there is no
 * other. O(places from x places to): chains have a few warehouses. */
static struct build_place *build_lanes_nearest(struct build *b, const GArray *from, guint to)
{
    struct build_place *best = NULL;
    double best_km = 0;

    for (guint i = 0; i < from->len; i++) {
        guint index = g_array_index(from, guint, i);
        if (index == to)
            continue;
        struct build_place *place = build_place_at(b, index);
        double km = from->len == 1 ? 0 : build_lanes_distance(b, place, build_place_at(b, to));
        if (best == NULL || km < best_km) {
            best = place;
            best_km = km;
        }
    }
    return best;
}

/* Adds the lane to one receiver; FALSE after a finding that would repeat for the others. */
static bool build_lanes_add(struct build *b, struct schema_value lanes, uint32_t i,
                            const struct build_place *from, struct build_place *to)
{
    struct schema_value lane = schema_item(lanes, i);
    omo_lane_options options = omo_lane_defaults();
    omo_error error = {0};

    if (to->options.kind == OMO_PLACE_SUPPLIER) {
        diagnostic_add(b->list, schema_position(schema_get(lane, "to")),
                       "a supplier has endless stock: no lane leads to '%s'", to->options.id);
        return false;
    }
    if (to->supplied_by > 0) {
        g_autofree char *first =
            diagnostic_position_text(schema_position(schema_item(lanes, to->supplied_by - 1)));
        diagnostic_add(b->list, schema_position(schema_get(lane, "to")),
                       "'%s' is supplied by the lane at %s already", to->options.id, first);
        return false;
    }
    to->supplied_by = i + 1;
    if (!from->added || !to->added)
        return true;
    options.from = from->place;
    options.to = to->place;
    options.lead_time = schema_get_law(lane, "lead_time");
    options.order_cost_cents = schema_get_money_cents(lane, "order_cost");
    if (omo_model_add_lane(b->model, &options, &error) != OMO_OK) {
        build_refused(b, schema_position(lane), &error);
        return false;
    }
    return true;
}

static void build_lanes_one(struct build *b, struct schema_value lanes, uint32_t i)
{
    struct schema_value lane = schema_item(lanes, i);
    struct schema_value from_value = schema_get(lane, "from"), to_value = schema_get(lane, "to");
    g_autoptr(GArray) from =
        build_lanes_resolve(b, schema_position(from_value), schema_as_text(from_value));
    g_autoptr(GArray) to =
        build_lanes_resolve(b, schema_position(to_value), schema_as_text(to_value));
    uint32_t count = 0;

    if (from == NULL || to == NULL)
        return;
    for (guint j = 0; j < to->len; j++) {
        guint index = g_array_index(to, guint, j);
        const struct build_place *nearest = build_lanes_nearest(b, from, index);
        if (nearest == NULL)
            continue;
        count++;
        if (!build_lanes_add(b, lanes, i, nearest, build_place_at(b, index)))
            return;
    }
    if (count == 0)
        diagnostic_add(b->list, schema_position(to_value), "a place cannot supply itself");
}

void build_lanes(struct build *b)
{
    struct schema_value lanes = schema_get(b->top, "lanes");

    for (uint32_t i = 0; i < schema_count(lanes); i++)
        build_lanes_one(b, lanes, i);
}
