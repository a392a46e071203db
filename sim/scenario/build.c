/* The order in which a scenario becomes a model, and what its builders share.
 *
 * First the schema checks every value alone; only a tree that passes is read, because the readers
 * of schema.h abort on values that it refused. Then the builders run in the order of references:
 * run and geometry, products, places, lanes, channels, zones, segments, policies. Each goes on
 * after a finding, so that one look at the messages shows all there is to mend; the library is
 * asked for the rest by adding to it. Sealing is left out when a file is only checked: it works out
 * levels for every position, which for a large chain takes longer than all the checks.
 *
 * What the library refuses while an object is added is placed at that object's node. At sealing it
 * begins with the object's id; the id is looked up in a table of where ids stood.
 */
#include "scenario/build.h"

#include "shell/units.h"

#include <math.h>
#include <string.h>

static struct build *build_new(const Node *root, int64_t time_unit_us, GPtrArray *list)
{
    struct build *b = g_new0(struct build, 1);

    b->top = schema_root(&schema_scenario, root, time_unit_us);
    b->time_unit_us = time_unit_us;
    b->list = list;
    b->model = omo_model_new();
    if (b->model == NULL)
        g_error("out of memory");
    b->texts = g_string_chunk_new(4096);
    b->positions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    b->assortments = g_hash_table_new(NULL, NULL);
    b->places = g_array_new(FALSE, TRUE, sizeof(struct build_place));
    b->place_ids = g_hash_table_new(g_str_hash, g_str_equal);
    b->channels = g_array_new(FALSE, TRUE, sizeof(struct build_channel));
    b->shifts = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    return b;
}

static void build_free(struct build *b)
{
    if (b == NULL)
        return;
    omo_model_free(b->model);
    g_hash_table_unref(b->positions);
    g_hash_table_unref(b->assortments);
    g_hash_table_unref(b->place_ids);
    g_array_unref(b->places);
    g_array_unref(b->channels);
    g_ptr_array_unref(b->shifts);
    g_string_chunk_free(b->texts);
    g_free(b->ranked);
    g_free(b);
}

void build_refused(struct build *b, struct text_position at, const omo_error *error)
{
    diagnostic_add(b->list, at, "%s", error->text);
}

void build_remember(struct build *b, const char *id, struct text_position at)
{
    if (g_hash_table_contains(b->positions, id))
        return;
    struct text_position *copy = g_new(struct text_position, 1);
    *copy = at;
    g_hash_table_insert(b->positions, g_string_chunk_insert_const(b->texts, id), copy);
}

/* Where the object stands that a refusal names first ("ID: text"); else the run, else the top. */
static struct text_position build_seal_position(const struct build *b, const char *text)
{
    const char *colon = strstr(text, ": ");
    g_autofree char *id = g_strndup(text, colon == NULL ? 0 : (gsize)(colon - text));
    const struct text_position *at = g_hash_table_lookup(b->positions, id);
    struct schema_value run = schema_get(b->top, "run");

    if (at != NULL)
        return *at;
    return schema_position(schema_is_present(run) ? run : b->top);
}

int64_t build_time_unit_us(const Node *root, GPtrArray *list)
{
    const Node *node = node_get(root, "time_unit");

    if (node != NULL && node_text(node) != NULL && strcmp(node_text(node), "week") == 0)
        return 7 * OMO_US_PER_DAY;
    return schema_time_unit_us(root, "time_unit", list);
}

/* The blocks that a chain needs; a bare station and queueing must have none of a chain's. */
static bool build_check_blocks(struct build *b)
{
    static const char *const needed[] = {"skus", "places", "channels", "demand"};
    static const char *const others[] = {"skus",     "places",  "lanes",     "stations",
                                         "channels", "demand",  "promotion", "geometry",
                                         "station",  "routing", "stocking",  "integration",
                                         "costs",    "shortage", "traffic",   "members",
                                         "returns",  "accuracy"};
    static const size_t of_station = 8; /* a bare station has costs, and bears policies */
    bool station = schema_has(b->top, "station"), queueing = schema_has(b->top, "queueing");
    guint before = b->list->len;

    if (station || queueing) {
        for (size_t i = 0; i < (queueing ? G_N_ELEMENTS(others) : of_station); i++)
            if (schema_has(b->top, others[i]))
                diagnostic_add(b->list, schema_position(schema_get(b->top, others[i])),
                               "%s has no %s: take away '%s' or this block",
                               queueing ? "a queueing network" : "a bare station", others[i],
                               queueing ? "queueing" : "station");
    } else {
        for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
            if (!schema_has(b->top, needed[i]))
                diagnostic_add(b->list, schema_position(b->top), "there is no block '%s'",
                               needed[i]);
    }
    return b->list->len == before;
}

static void build_chain(struct build *b)
{
    build_skus(b);
    build_places(b);
    build_stations(b);
    build_lanes(b);
    build_channels(b);
    build_zones(b);
    build_segments(b);
    build_members(b);
    build_policies(b);
    build_returns(b);
    build_accuracy(b);
}

omo_model *build_model(const Node *root, bool seal, GPtrArray *list)
{
    guint before = list->len;
    int64_t time_unit_us = build_time_unit_us(root, list);
    omo_model *model = NULL;
    omo_error error = {0};

    if (!schema_check(schema_root(&schema_scenario, root, time_unit_us), list) ||
        list->len > before)
        return NULL;
    struct build *b = build_new(root, time_unit_us, list);
    if (build_check_blocks(b)) {
        build_run(b);
        if (schema_has(b->top, "queueing"))
            build_queueing(b);
        else if (schema_has(b->top, "station"))
            build_station(b);
        else
            build_chain(b);
    }
    if (list->len == before && seal && omo_model_seal(b->model, &error) != OMO_OK)
        build_refused(b, build_seal_position(b, error.text), &error);
    if (list->len == before)
        model = g_steal_pointer(&b->model);
    build_free(b);
    return model;
}

bool build_read_servers(struct build *b, struct schema_value value, uint32_t *ret_servers)
{
    const char *text = schema_as_text(value);
    g_autoptr(GError) error = NULL;
    int64_t servers;

    if (strcmp(text, "unlimited") == 0) {
        *ret_servers = OMO_UNLIMITED;
        return true;
    }
    if (!units_parse_whole(text, &servers, &error) || servers < 0 || servers > 1000000) {
        diagnostic_add(b->list, schema_position(value),
                       "expected a number of servers from 0 to 1000000, or unlimited, found '%s'",
                       text);
        return false;
    }
    *ret_servers = (uint32_t)servers;
    return true;
}

struct build_remainder {
    double part;
    uint32_t index;
};

static int build_remainder_compare(const void *a, const void *b)
{
    const struct build_remainder *left = a, *right = b;

    if (left->part != right->part)
        return left->part > right->part ? -1 : 1;
    return left->index < right->index ? -1 : left->index > right->index;
}

void build_share_out(uint64_t total, const double *weights, uint32_t count, uint32_t *ret_counts)
{
    g_autofree struct build_remainder *remainders = g_new(struct build_remainder, count);
    double sum = 0;
    uint64_t given = 0;

    for (uint32_t i = 0; i < count; i++)
        sum += weights[i];
    for (uint32_t i = 0; i < count; i++) {
        double quota = (double)total * (weights[i] / sum);
        ret_counts[i] = (uint32_t)floor(quota);
        given += ret_counts[i];
        remainders[i] = (struct build_remainder){quota - floor(quota), i};
    }
    qsort(remainders, count, sizeof *remainders, build_remainder_compare);
    for (uint32_t i = 0; given < total; i = (i + 1) % count, given++)
        ret_counts[remainders[i].index]++;
}

bool build_read_position(struct build *b, struct schema_value value, double *ret_lat,
                         double *ret_lon)
{
    static const char *const sphere[] = {"lat", "lon"}, *const plane[] = {"x", "y"};
    const char *const *wanted = b->plane ? plane : sphere, *const *other =
                                                               b->plane ? sphere : plane;
    guint before = b->list->len;

    for (int i = 0; i < 2; i++) {
        if (schema_has(value, other[i]))
            diagnostic_add(b->list, schema_position(schema_get(value, other[i])),
                           "'%s' has no meaning on a %s: use %s", other[i],
                           b->plane ? "plane" : "sphere", b->plane ? "x and y" : "lat and lon");
        else if (!schema_has(value, wanted[i]))
            diagnostic_add(b->list, schema_position(value), "'%s' is missing", wanted[i]);
    }
    if (b->list->len > before)
        return false;
    *ret_lat =
        b->plane ? schema_get_distance_m(value, "y") / 1000 : schema_get_number(value, "lat");
    *ret_lon =
        b->plane ? schema_get_distance_m(value, "x") / 1000 : schema_get_number(value, "lon");
    return true;
}
