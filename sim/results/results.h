/* The result of a simulation: one SQLite file, written point by point, read by the report and by
 * any SQL tool.
 *
 *     g_autoptr(Results) results = results_create("out.db", &meta, &error);
 *     ... in on_point: results_add_point(results, experiment, point, &note, &error) ...
 *     if (!results_close(g_steal_pointer(&results), &error)) return FALSE;
 *
 * While it is written the file is in WAL mode and each design point is one transaction: other
 * processes may read along, and a process that is killed at any moment loses at most the point in
 * flight. results_close() folds the log into the single file. The bytes depend on the command's
 * inputs alone: no clock, no host, no thread count.
 * One thread uses a Results at a time (on_point callbacks are never two at once: that is enough).
 * Errors: BAD_INPUT for files that are no omosim results, CANNOT_RUN for what the machine refuses
 * ("out.db: no space left on device"); a failed call leaves the finished points readable.
 *
 * Tables. `point` is a point's index from 0; SQL NULL stands for "no cases".
 *
 *   table            one row per, and its columns
 *   run              fact about the whole (command, title, currency, seed, ...): key, value
 *   point            design point: point, name, label (what people read), role ('calibrated',
 *                    'predicted', ''), overrides, digest
 *   axis             axis of a sweep: axis, path (of a factor: its name), label, kind ('number', 'duration',
 *                    'category', 'factor'), unit
 *   axis_value       where a point stands on an axis: point, axis, text, number (durations in seconds,
 *                    NULL in a category)
 *   effect           what a factorial design says of a KPI: row, kind ('base', 'alone', 'sum', 'all',
 *                    'synergy', 'effect'), term ('a x b'), size (its factors), kpi (name), mean,
 *                    half_width, standard_error, count
 *   sweep_kpi        KPI column that a sweep shows, the objective first: row, name
 *   expected         KPI of a point that a closed form is known for: point, kpi (its name), name (of the
 *                    closed form), value
 *   channel          channel of the models: channel, id
 *   kpi_column       KPI column in the library's order: kpi, name, base (the KPI's own name),
 *                    channel ('' = all), unit, family, direction (1, -1, 0), definition
 *   kpi              point and KPI column: point, kpi, mean, half_width (95 % Student-t),
 *                    standard_error, count
 *   paired           the same of the paired difference to point 0; same columns as kpi
 *   replication      replication: point, replication, digest, events, facts
 *   replication_kpi  replication and KPI column: point, replication, kpi, value
 *   series           day of replication 0, measure, channel: point, day, name, channel (-1 = all),
 *                    value
 *   place            place, replication 0: point, place, id, kind, lat, lon, lost_units,
 *                    oversold_units
 *   place_channel    place and channel with orders: point, place, channel, orders, units,
 *                    sales_cents
 *   flow             busiest place-zone pairs: point, rank, place, zone, zone_lat, zone_lon, trips
 *   latency          histogram bucket in use: point, name, channel, low, high, count; the name
 *                    'lead_time' (order to hand-over, replication 0) is in milliseconds
 *   audit            conservation law that was checked: point, law, held, detail
 *   calibration      published figure: row, figure, source, point, kpi, unit, published, scale
 *
 * series names: stock_units, in_transit_units, backorder_units, lost_units, oversold_units,
 * wasted_units (channel -1); orders, sales_cents (per channel). place.kind is store, dark store,
 * warehouse or supplier. Digests are 16 hex digits. The file's application_id is
 * RESULTS_APPLICATION_ID, its user_version RESULTS_FORMAT.
 */
#ifndef RESULTS_RESULTS_H
#define RESULTS_RESULTS_H

#include <glib.h>
#include <stdio.h>

#include <omosim/experiment.h>

#define RESULTS_APPLICATION_ID 0x6F6D6F72 /* "omor" */
#define RESULTS_FORMAT 2

typedef struct results Results;

/* ---- what the whole file is about ------------------------------------------------------------ */

/* A published figure, held against `scale` x the mean of one KPI column at one point. Strings are
 * borrowed for the call when written, and live as long as the Results when read. */
struct results_calibration {
    const char *figure; /* what is counted: "orders a day, all stores" */
    const char *source; /* where it was published; "" or NULL = not said */
    const char *point;  /* name or label; "" or NULL = the first point that is "calibrated" */
    const char *kpi;    /* column name: "orders_per_day", "orders.app" */
    const char *unit;   /* of the published figure; "" or NULL = the KPI's own */
    double published;
    double scale; /* 0 = 1 */
};

/* An axis of a sweep; strings borrowed for the call. */
struct results_axis {
    const char *path, *label, *kind, *unit;
};

/* Where a point stands on an axis. */
struct results_value {
    const char *text;
    double number; /* NaN = none */
};

/* What a closed form says of a KPI at a point. */
struct results_expected {
    const char *kpi, *name; /* name: of the closed form */
    double value;
};

/* Written and read back alike. Strings may be NULL where they are not known, and are "" then. */
struct results_meta {
    const char *command;         /* the command line that makes this file again */
    const char *scenario;        /* path as given */
    const char *scenario_digest; /* SHA-256 of the scenario text, hex */
    const char *title;
    const char *question;
    const char *currency;  /* stands in for the unit "money" */
    const char *objective; /* KPI that decides the winner; NULL = "profit" */
    const char *version;   /* NULL = omo_version() */
    uint64_t seed;
    uint32_t replications;
    uint32_t point_count; /* planned; with fewer in the file the run was cut short. 0 = not known */
    int64_t horizon_us;   /* simulated time, warm-up included; 0 = not known */
    int64_t warm_up_us;
    omo_geometry geometry;
    const struct results_calibration *calibration;
    uint32_t calibration_count;
    const struct results_axis *axes; /* written only, like the KPIs that a sweep shows */
    uint32_t axis_count;             /* read too */
    const char *const *kpis;
    uint32_t kpi_count;
};

/* ---- writing --------------------------------------------------------------------------------- */

/* What the experiment does not know of a point. All may be NULL. */
struct results_point_note {
    const char *label;                  /* NULL = the point's name */
    const char *role;                   /* "calibrated", "predicted" or "" */
    const char *overrides;              /* "path=value" settings of the point, one per line */
    const struct results_value *values; /* one for each axis of the result */
    const struct results_expected *expected;
    uint32_t expected_count;
};

/* Starts a fresh file. An omosim result or an empty file of that name is removed first; any other
 * file is refused untouched. Caller ends with results_close() or results_free(). */
Results *results_create(const char *path, const struct results_meta *meta, GError **ret_error);
/* Saves one finished point, all of it or nothing. Points are numbered in the order of the calls;
 * the first is the base of paired differences. `note` may be NULL. */
gboolean results_add_point(Results *results, const omo_experiment *experiment, uint32_t point,
                           const struct results_point_note *note, GError **ret_error);
/* An effect of a factorial design; strings borrowed for the call. */
struct results_effect {
    const char *kind, *term, *kpi;
    uint32_t size;
    omo_summary value;
};

/* Saves the effects of a design, all or nothing; once, after its points. */
gboolean results_add_effects(Results *results, const struct results_effect *effects, uint32_t count,
                             GError **ret_error);
/* Folds the log into the file and closes. Takes `results`, also on failure. */
gboolean results_close(Results *results, GError **ret_error);
/* Closes without a word; what was added stays saved. */
void results_free(Results *results);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Results, results_free)

/* ---- reading --------------------------------------------------------------------------------- */

struct results_point {
    const char *name, *label, *role, *overrides;
    uint64_t digest;
    uint32_t replications;
};

struct results_column {
    const char *name;    /* "orders.app" */
    const char *base;    /* "orders" */
    const char *channel; /* "app" or "" */
    const char *unit;    /* "money" has become the run's currency already */
    const char *family;  /* the KPI's group: "sales", "stock", ... */
    const char *definition;
    int direction; /* 1 more is better, -1 less is better, 0 neither */
};

struct results_place {
    const char *id; /* interned */
    omo_place_kind kind;
    double lat, lon;
    omo_place_row row;
};

struct results_flow {
    uint32_t place, zone;
    double zone_lat, zone_lon;
    uint64_t trips;
};

struct results_bucket { /* low..high, both included, hold count values */
    int64_t low, high;
    uint64_t count;
};

struct results_audit {
    const char *law, *detail; /* interned */
    gboolean held;
};

/* Opens a finished file, one that is being written, or one whose writer was killed. What it knows
 * of points is as of now. Caller frees with results_free(). */
Results *results_open(const char *path, GError **ret_error);

/* Borrowed until results_free(), like the strings within. */
const struct results_meta *results_get_meta(const Results *results);
uint32_t results_point_count(const Results *results);
const struct results_point *results_get_point(const Results *results, uint32_t point);
uint32_t results_channel_count(const Results *results);
const char *results_channel_id(const Results *results, uint32_t channel);
uint32_t results_column_count(const Results *results);
const struct results_column *results_get_column(const Results *results, uint32_t column);
/* Column of that name, or -1. */
int64_t results_find_column(const Results *results, const char *name);

/* Summary of a column at a point; a column that the point lacks gives count 0 and NaN. */
gboolean results_summary(Results *results, uint32_t point, uint32_t column,
                         omo_summary *ret_summary, GError **ret_error);
/* Difference point - base, over the replications that both have. */
gboolean results_paired(Results *results, uint32_t point, uint32_t base, uint32_t column,
                        omo_summary *ret_summary, GError **ret_error);

/* Arrays that the caller frees with g_array_unref(). */
GArray *results_values(Results *results, uint32_t point, uint32_t column,
                       GError **ret_error); /* double per replication, NaN = no cases */
GArray *results_digests(Results *results, uint32_t point,
                        GError **ret_error); /* uint64_t per replication */
/* Detail of replication 0; empty where none was kept. */
GArray *results_days(Results *results, uint32_t point, GError **ret_error); /* omo_day_row */
GArray *results_places(Results *results, uint32_t point,
                       GError **ret_error); /* struct results_place */
GArray *results_flows(Results *results, uint32_t point,
                      GError **ret_error); /* struct results_flow, busiest first */
GArray *results_lead_times(Results *results, uint32_t point, uint32_t channel,
                           GError **ret_error); /* struct results_bucket, milliseconds, rising */
GArray *results_audits(Results *results, uint32_t point,
                       GError **ret_error); /* struct results_audit */

/* ---- any other question ---------------------------------------------------------------------- */

/* A named parameter of a query, ":name" in its text. */
struct results_parameter {
    const char *name;
    const char *text; /* used when not NULL, else `number` */
    double number;
};

/* A function that queries may call, NAME(value, half_width, unit): returns text that SQLite frees
 * with g_free(). NULL values arrive as NaN. `user` must outlive the Results. */
typedef char *(*results_format)(void *user, double value, double half_width, const char *unit);
gboolean results_add_format(Results *results, const char *name, results_format format, void *user,
                            GError **ret_error);

/* First column of the first row of one SELECT as text, "" when there is none. Caller frees. */
char *results_query_text(Results *results, const char *sql,
                         const struct results_parameter *parameters, uint32_t count,
                         GError **ret_error);
/* All rows of one SELECT as texts (NULL gives ""), row by row, the columns' names first. Caller
 * frees with g_ptr_array_unref(); *ret_column_count is at least 1. */
GPtrArray *results_query_cells(Results *results, const char *sql,
                               const struct results_parameter *parameters, uint32_t count,
                               uint32_t *ret_column_count, GError **ret_error);
/* Runs one SELECT and writes its rows to `stream`: tab-separated, a heading row first, numbers
 * shortest, NULL as NaN, text quoted for gnuplot. Statements that would change the file are refused
 * with BAD_INPUT. *ret_row_count (headings not counted) may be NULL. */
gboolean results_query(Results *results, const char *sql,
                       const struct results_parameter *parameters, uint32_t count, FILE *stream,
                       uint64_t *ret_row_count, GError **ret_error);

#endif
