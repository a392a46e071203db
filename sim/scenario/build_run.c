/* `run` and `geometry`: how long, over which ground.
 *
 * A bare station may count its length in customers. The expected time of that many arrivals is
 * taken, not the exact number, so that the horizon is a number of the model and not of chance.
 */
#include "scenario/build.h"

#include "shell/units.h"

#include <math.h>
#include <string.h>

/* Microseconds that `customers` take to arrive at the bare station, or from all sources. */
static double build_run_customers_us(struct schema_value top, double customers)
{
    struct schema_value station = schema_get(top, "station"),
                        queueing = schema_get(top, "queueing");
    double per_day = schema_is_present(queueing)
                         ? build_queueing_rate(queueing)
                         : schema_get_rate(station, "arrival_rate", OMO_US_PER_DAY);

    return customers * ((double)OMO_US_PER_DAY / per_day);
}

/* The one of the keys that is written; absent with a finding when it isn't exactly one. */
static struct schema_value build_run_length(struct schema_value run, struct schema_value at,
                                            GPtrArray *list)
{
    static const char *const keys[] = {"days", "duration", "customers"};
    struct schema_value length = {0};
    const char *found = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (!schema_has(run, keys[i]))
            continue;
        length = schema_get(run, keys[i]);
        if (found != NULL) {
            diagnostic_add(list, schema_position(length), "there is '%s' already: keep one", found);
            return (struct schema_value){0};
        }
        found = keys[i];
    }
    if (found == NULL)
        diagnostic_add(list, schema_position(at), "run: give its length as days or duration");
    return length;
}

static bool build_run_fits(double us) { return us >= 0 && us <= 1e6 * (double)OMO_US_PER_DAY; }

/* The warm-up in microseconds. */
static double build_run_warm_up(struct schema_value top, struct schema_value run)
{
    if (schema_has(run, "warm_up"))
        return (double)schema_get_duration_us(run, "warm_up");
    if (schema_has(run, "warm_up_customers"))
        return build_run_customers_us(top, schema_get_number(run, "warm_up_customers"));
    return 0;
}

/* Whether the customers of a network can be counted, if the run is told in them. An interval of 0
 * can't; the source says so itself. */
static bool build_run_counted(struct schema_value top, struct schema_value run,
                              struct schema_value length, GPtrArray *list)
{
    if (!schema_has(top, "queueing") ||
        (!schema_has(run, "customers") && !schema_has(run, "warm_up_customers")))
        return true;
    double per_day = build_queueing_rate(schema_get(top, "queueing"));
    if (per_day == 0)
        diagnostic_add(list, schema_position(length),
                       "no source has arrivals that could be counted: give days or duration");
    return per_day > 0;
}

bool build_run_span(struct schema_value top, GPtrArray *list, int64_t *ret_horizon_us,
                    int64_t *ret_warm_up_us)
{
    struct schema_value run = schema_get(top, "run");
    struct schema_value length = build_run_length(run, schema_is_present(run) ? run : top, list);
    double horizon_us, warm_up_us;

    if (!schema_is_present(length))
        return false;
    if ((schema_has(run, "customers") || schema_has(run, "warm_up_customers")) &&
        !schema_has(top, "station") && !schema_has(top, "queueing")) {
        diagnostic_add(list, schema_position(length),
                       "only a bare station and queueing count their run in customers");
        return false;
    }
    if (!build_run_counted(top, run, length, list))
        return false;
    warm_up_us = build_run_warm_up(top, run);
    if (schema_has(run, "days"))
        horizon_us = schema_get_number(run, "days") * (double)OMO_US_PER_DAY;
    else if (schema_has(run, "duration"))
        horizon_us = (double)schema_get_duration_us(run, "duration");
    else
        horizon_us = warm_up_us + build_run_customers_us(top, schema_get_number(run, "customers"));
    if (!build_run_fits(horizon_us) || !build_run_fits(warm_up_us)) {
        diagnostic_add(list, schema_position(length), "a run lasts at most 1000000 days");
        return false;
    }
    if (warm_up_us >= horizon_us) {
        struct schema_value warm_up =
            schema_get(run, schema_has(run, "warm_up") ? "warm_up" : "warm_up_customers");
        diagnostic_add(list, schema_position(schema_is_present(warm_up) ? warm_up : length),
                       "the warm-up is not shorter than the run");
        return false;
    }
    *ret_horizon_us = llround(horizon_us);
    *ret_warm_up_us = llround(warm_up_us);
    return true;
}

static bool build_run_memory(struct build *b, struct schema_value value, uint64_t *ret_size)
{
    static const struct {
        const char *name;
        uint64_t size;
    } units[] = {
        {"B", 1},           {"kB", 1000},          {"MB", 1000000},
        {"GB", 1000000000}, {"TB", 1000000000000}, {"KiB", 1 << 10},
        {"MiB", 1 << 20},   {"GiB", 1 << 30},      {"TiB", UINT64_C(1) << 40},
    };
    const char *text = schema_as_text(value);
    size_t digits = strspn(text, "0123456789.");
    g_autofree char *number_text = g_strndup(text, digits);
    double number;

    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (strcmp(text + digits, units[i].name) == 0 &&
            units_parse_number(number_text, &number, NULL) &&
            number * (double)units[i].size < 1e18) {
            *ret_size = (uint64_t)(number * (double)units[i].size);
            return true;
        }
    diagnostic_add(b->list, schema_position(value),
                   "expected a size of memory such as 512MiB or 4GiB, found '%s'", text);
    return false;
}

static void build_run_geometry(struct build *b, omo_run_options *options)
{
    struct schema_value geometry = schema_get(b->top, "geometry");

    b->plane = schema_get_enum(geometry, "kind") == 1;
    options->geometry = b->plane ? OMO_GEOMETRY_PLANE : OMO_GEOMETRY_SPHERE;
    if (!schema_has(geometry, "torus"))
        return;
    if (!b->plane) {
        diagnostic_add(b->list, schema_position(schema_get(geometry, "torus")),
                       "only a plane can be a torus: geometry.kind is sphere");
        return;
    }
    b->torus_km = schema_get_distance_m(geometry, "torus") / 1000;
    options->torus_side_km = b->torus_km;
}

void build_run(struct build *b)
{
    struct schema_value run = schema_get(b->top, "run");
    struct schema_value station = schema_get(b->top, "station");
    omo_run_options options = omo_run_defaults();
    omo_error error = {0};
    guint before = b->list->len;

    build_run_geometry(b, &options);
    build_run_span(b->top, b->list, &options.horizon_us, &options.warm_up_us);
    options.first_weekday = schema_get_enum(run, "first_weekday");
    options.reach_count = (uint32_t)schema_get_whole(run, "reach");
    options.nearest_facts = schema_get_bool(run, "nearest_facts");
    options.time_unit_us = b->time_unit_us > 0 ? b->time_unit_us : OMO_US_PER_HOUR;
    if (schema_has(run, "distance_over"))
        options.distance_over_km = schema_get_distance_m(run, "distance_over") / 1000;
    if (schema_has(run, "shelf_over"))
        options.shelf_over = (int32_t)schema_get_whole(run, "shelf_over");
    if (schema_has(run, "memory_max"))
        build_run_memory(b, schema_get(run, "memory_max"), &options.memory_max);
    if (schema_has(station, "wait_over"))
        options.wait_over_us = schema_get_duration_us(station, "wait_over");
    if (schema_has(station, "sojourn_over"))
        options.sojourn_over_us = schema_get_duration_us(station, "sojourn_over");
    if (b->list->len == before && omo_model_set_run(b->model, &options, &error) != OMO_OK)
        build_refused(b, schema_position(run), &error);
}
