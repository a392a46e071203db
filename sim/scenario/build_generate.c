/* Generated places: around the rows of a table, on a grid, or as a Poisson field.
 *
 * Around a table of districts: the count is shared out by the weight column with the largest
 * remainders, and a district's places fill a disc around its seat with an even pattern (quasi.c)
 * that goes on from district to district, so that no two look alike. Degrees are rounded to 1e-6
 * (a hand's breadth): the cosine of the latitude comes from libm, whose last bit differs between
 * systems, and the rounding swallows it.
 *
 * A grid is as square as can be, row by row. A field is drawn by the library in each replication;
 * here it only gets as many places as it can need: the mean and six standard deviations.
 */
#include "scenario/build.h"

#include "scenario/quasi.h"
#include "scenario/source.h"

#include <math.h>

#define BUILD_GENERATE_COUNT_MAX 1000000
#define BUILD_GENERATE_KM_PER_DEGREE 111.195 /* of latitude */

struct build_district {
    double lat, lon, weight;
};

/* Takes place `number` of the entry, from 1. */
static void build_generate_take(struct build *b, struct schema_value entry,
                                omo_place_options *options, uint32_t number)
{
    g_autofree char *id = g_strdup_printf("%s_%u", schema_get_text(entry, "id"), number);

    build_places_take(b, options, id, entry, schema_position(schema_get(entry, "id")));
}

/* Whether a key is there; else a finding. */
static bool build_generate_needs(struct build *b, struct schema_value generate, const char *key)
{
    if (schema_has(generate, key))
        return true;
    diagnostic_add(b->list, schema_position(generate), "generate: '%s' is missing", key);
    return false;
}

/* Districts of the table; NULL with findings. */
static GArray *build_generate_districts(struct build *b, struct schema_value generate)
{
    g_autoptr(Source) table = source_open(generate, "by", b->list);
    guint before = b->list->len;

    if (table == NULL)
        return NULL;
    int64_t lat = source_column(table, b->plane ? "y" : "lat", true);
    int64_t lon = source_column(table, b->plane ? "x" : "lon", true);
    int64_t weight = -1;
    if (schema_has(generate, "weight"))
        weight = source_column_named(table, schema_get(generate, "weight"));
    if (b->list->len > before)
        return NULL;

    g_autoptr(GArray) districts = g_array_new(FALSE, FALSE, sizeof(struct build_district));
    double sum = 0;
    while (source_next(table)) {
        struct build_district d = {.weight = 1};
        bool read = b->plane ? source_distance_m(table, lat, &d.lat) &&
                                   source_distance_m(table, lon, &d.lon)
                             : source_number(table, lat, -90, 90, &d.lat) &&
                                   source_number(table, lon, -180, 180, &d.lon);
        if (!read || (weight >= 0 && !source_weight(table, weight, 0, 1e15, &d.weight)))
            continue;
        if (b->plane) {
            d.lat /= 1000;
            d.lon /= 1000;
        }
        sum += d.weight;
        g_array_append_val(districts, d);
    }
    if (sum <= 0 && b->list->len == before)
        diagnostic_add(b->list, schema_position(schema_get(generate, "by")),
                       districts->len == 0 ? "no row of the table fits"
                                           : "all weights of the table are 0");
    return b->list->len > before ? NULL : g_steal_pointer(&districts);
}

static double build_generate_round(double degrees) { return round(degrees * 1e6) / 1e6; }

void build_generate_spread(const struct build *b, uint64_t *cursor, double radius_km,
                           omo_place_options *options)
{
    double east, north;

    quasi_disc(cursor, &east, &north);
    east *= radius_km;
    north *= radius_km;
    if (b->plane) {
        options->lat = build_generate_round(options->lat + north);
        options->lon = build_generate_round(options->lon + east);
        return;
    }
    double shrink = fmax(0.01, cos(options->lat * G_PI / 180));
    double lat = options->lat + north / BUILD_GENERATE_KM_PER_DEGREE;
    double lon = options->lon + east / (BUILD_GENERATE_KM_PER_DEGREE * shrink);
    options->lat = build_generate_round(CLAMP(lat, -90, 90));
    options->lon = build_generate_round(lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon);
}

static void build_generate_table(struct build *b, struct schema_value entry,
                                 struct schema_value generate, omo_place_options *options)
{
    if (!build_generate_needs(b, generate, "count") || !build_generate_needs(b, generate, "by"))
        return;
    g_autoptr(GArray) districts = build_generate_districts(b, generate);
    if (districts == NULL)
        return;

    uint32_t number = 0;
    uint64_t cursor = 0;
    double radius_km = schema_get_distance_m(generate, "spread") / 1000;
    g_autofree double *weights = g_new(double, districts->len);
    g_autofree uint32_t *counts = g_new(uint32_t, districts->len);
    for (guint i = 0; i < districts->len; i++)
        weights[i] = g_array_index(districts, struct build_district, i).weight;
    build_share_out((uint64_t)schema_get_whole(generate, "count"), weights, districts->len, counts);
    for (guint i = 0; i < districts->len; i++) {
        const struct build_district *d = &g_array_index(districts, struct build_district, i);
        for (uint32_t j = 0; j < counts[i]; j++) {
            options->lat = d->lat;
            options->lon = d->lon;
            build_generate_spread(b, &cursor, radius_km, options);
            build_generate_take(b, entry, options, ++number);
        }
    }
}

static void build_generate_grid(struct build *b, struct schema_value entry,
                                struct schema_value generate, omo_place_options *options)
{
    if (!build_generate_needs(b, generate, "count") ||
        !build_generate_needs(b, generate, "spacing"))
        return;
    uint32_t count = (uint32_t)schema_get_whole(generate, "count");
    uint32_t columns = (uint32_t)ceil(sqrt((double)count));
    double spacing_km = schema_get_distance_m(generate, "spacing") / 1000;
    for (uint32_t i = 0; i < count; i++) {
        options->lat = (double)(i / columns) * spacing_km;
        options->lon = (double)(i % columns) * spacing_km;
        build_generate_take(b, entry, options, i + 1);
    }
}

static void build_generate_field(struct build *b, struct schema_value entry,
                                 struct schema_value generate, omo_place_options *options)
{
    omo_error error = {0};

    if (!build_generate_needs(b, generate, "density_per_km2"))
        return;
    if (b->torus_km <= 0) {
        diagnostic_add(b->list, schema_position(generate),
                       "a field needs a torus: geometry: {kind: plane, torus: 100km}");
        return;
    }
    double density = schema_get_number(generate, "density_per_km2");
    double mean = density * b->torus_km * b->torus_km;
    double most = ceil(mean + 6 * sqrt(mean));
    if (most > BUILD_GENERATE_COUNT_MAX) {
        diagnostic_add(b->list, schema_position(schema_get(generate, "density_per_km2")),
                       "this makes more than %d places", BUILD_GENERATE_COUNT_MAX);
        return;
    }
    if (omo_model_set_field(b->model, density, &error) != OMO_OK) {
        build_refused(b, schema_position(generate), &error);
        return;
    }
    options->random_position = true;
    for (uint32_t i = 0; i < (uint32_t)most; i++)
        build_generate_take(b, entry, options, i + 1);
}

/* Which keys a layout has no use for. */
static void build_generate_refuse(struct build *b, struct schema_value generate, uint32_t layout)
{
    static const struct {
        const char *key;
        uint32_t layouts; /* bit i: layout i uses it */
    } keys[] = {{"count", 3},  {"by", 1},     {"where", 1},   {"columns", 1},
                {"weight", 1}, {"spread", 1}, {"spacing", 2}, {"density_per_km2", 4}};

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (schema_has(generate, keys[i].key) && (keys[i].layouts >> layout & 1) == 0)
            diagnostic_add(b->list, schema_position(schema_get(generate, keys[i].key)),
                           "'%s' does not go with 'on: %s'", keys[i].key,
                           schema_get_text(generate, "on"));
}

void build_generate(struct build *b, struct schema_value entry, const omo_place_options *options)
{
    struct schema_value generate = schema_get(entry, "generate");
    uint32_t layout = schema_get_enum(generate, "on");
    omo_place_options copy = *options;

    build_generate_refuse(b, generate, layout);
    if (layout == 0) {
        build_generate_table(b, entry, generate, &copy);
        return;
    }
    if (!b->plane) {
        diagnostic_add(b->list, schema_position(schema_get(generate, "on")),
                       "a %s needs a plane: geometry: {kind: plane}",
                       schema_get_text(generate, "on"));
        return;
    }
    if (layout == 1)
        build_generate_grid(b, entry, generate, &copy);
    else
        build_generate_field(b, entry, generate, &copy);
}
