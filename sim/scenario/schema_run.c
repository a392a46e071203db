/* Schema of the blocks about the run: `run`, `geometry`, the bare `station`, `points`,
 * `calibration`.
 *
 * A run's length is given by exactly one of days, duration and (bare station) customers. Whether it
 * is one of them is checked by build_run.c; a --set or a point that writes one of them takes the
 * others away, see overrides.c.
 */
#include "scenario/tables.h"

static const char *const schema_weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                              "friday", "saturday", "sunday",    NULL};
static const char *const schema_geometries[] = {"sphere", "plane", NULL};
static const char *const schema_point_roles[] = {"none", "calibrated", "predicted", NULL};
static const char *const schema_scales[] = {"none", "per_year", "per_store_day", NULL};

const struct schema_key schema_run_keys[] = {
    {"days", SCHEMA_NUMBER, .above = "0", .at_most = "1000000",
     .help = "simulated days, warm-up included"},
    {"duration", SCHEMA_DURATION, .above = "0", .help = "the same as a duration"},
    {"customers", SCHEMA_NUMBER, .above = "0",
     .help =
         "bare station, queueing: length as the expected number of customers after the warm-up"},
    {"warm_up", SCHEMA_DURATION, .help = "time at the beginning that measures leave out"},
    {"warm_up_customers", SCHEMA_NUMBER, .at_least = "0",
     .help = "bare station, queueing: the same as a number of customers"},
    {"replications", SCHEMA_WHOLE, .fallback = "5", .at_least = "1", .at_most = "100000",
     .help = "independent repetitions"},
    {"seed", SCHEMA_WHOLE, .fallback = "1", .at_least = "0", .help = "of all randomness"},
    {"first_weekday", SCHEMA_ENUM, .names = schema_weekdays, .fallback = "monday",
     .help = "weekday of day 0"},
    {"reach", SCHEMA_WHOLE, .fallback = "16", .at_least = "1", .at_most = "32",
     .help = "how many of the nearest places an order may see"},
    {"kpis", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true,
     .help = "groups and names of KPIs to show; default: sales, service, fulfilment, "
             "stock, cost; of queueing: queue, queueing"},
    {"nearest_facts", SCHEMA_BOOL, .fallback = "false",
     .help = "record the distances to each order's nearest places"},
    {"distance_over", SCHEMA_DISTANCE, .help = "count nearest distances above this"},
    {"shelf_over", SCHEMA_WHOLE, .at_least = "0", .at_most = "1000000000",
     .help = "count the time with more than this on a place's pickup shelf"},
    {"memory_max", SCHEMA_TEXT, .help = "most memory that one world may take, such as 4GiB"},
    SCHEMA_END,
};

const struct schema_key schema_geometry_keys[] = {
    {"kind", SCHEMA_ENUM, .names = schema_geometries, .fallback = "sphere",
     .help = "positions are lat and lon in degrees, or x and y as distances"},
    {"torus", SCHEMA_DISTANCE, .above = "0m", .help = "plane: both axes wrap at this side"},
    SCHEMA_END,
};

static const struct schema_key schema_station_profile_keys[] = {
    {"amplitude", SCHEMA_NUMBER, .required = true, .at_least = "0", .at_most = "1",
     .help = "rate x (1 + amplitude sin(2 pi t / period))"},
    {"period", SCHEMA_DURATION, .fallback = "1d", .above = "0", .help = "of the sine"},
    SCHEMA_END,
};

const struct schema_key schema_station_keys[] = {
    {"servers", SCHEMA_TEXT, .fallback = "1", .help = "a number, or unlimited"},
    {"arrival_rate", SCHEMA_RATE, .required = true, .above = "0/d", .help = "customers per time"},
    {"service_rate", SCHEMA_RATE, .above = "0/d",
     .help = "customers that a busy server serves per time; service is exponential"},
    {"service", SCHEMA_TIME_LAW, .help = "service time, in place of a rate"},
    {"patience", SCHEMA_TIME_LAW,
     .help = "how long a customer waits in the queue before giving up; default: for ever"},
    {"wait_over", SCHEMA_DURATION, .help = "count waits longer than this"},
    {"sojourn_over", SCHEMA_DURATION, .help = "count times in the system longer than this"},
    {"profile", SCHEMA_MAPPING, .child = schema_station_profile_keys,
     .help = "how the arrival rate changes"},
    SCHEMA_END,
};

const struct schema_key schema_point_keys[] = {
    {"label", SCHEMA_TEXT, .help = "what tables and plots call the point"},
    {"role", SCHEMA_ENUM, .names = schema_point_roles, .fallback = "none",
     .help = "calibrated against published figures, or predicted"},
    {"default", SCHEMA_BOOL, .fallback = "false", .help = "the point that commands for one use"},
    SCHEMA_END,
};

const struct schema_key schema_factor_keys[] = {
    {"label", SCHEMA_TEXT, .help = "what tables and plots call the factor"},
    SCHEMA_END,
};

const struct schema_key schema_calibration_keys[] = {
    {"figure", SCHEMA_TEXT, .required = true, .help = "what was published, in words"},
    {"published", SCHEMA_NUMBER, .required = true, .help = "the published value"},
    {"measure", SCHEMA_TEXT, .required = true,
     .help = "KPI that stands for it, NAME or NAME.CHANNEL"},
    {"scale", SCHEMA_ENUM, .names = schema_scales, .fallback = "none",
     .help = "what a count over the measured time is brought to"},
    {"source", SCHEMA_TEXT, .help = "where it was published"},
    SCHEMA_END,
};
