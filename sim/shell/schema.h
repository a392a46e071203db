/* What a scenario may say: one table drives checking, reading, help and the editor's schema.
 *
 * A schema is static data, arrays of `struct schema_key` that end with SCHEMA_END:
 *
 *     static const char *const modes[] = {"silo", "merged", NULL};
 *     static const struct schema_key run_keys[] = {
 *         {"horizon", SCHEMA_DURATION, .required = true, .above = "0", .help = "simulated time"},
 *         {"warm_up", SCHEMA_DURATION, .fallback = "0s", .help = "left out of the KPIs"},
 *         {"threads", SCHEMA_WHOLE, .fallback = "1", .at_least = "1", .at_most = "256",
 *          .help = "worker threads"},
 *         SCHEMA_END,
 *     };
 *     static const struct schema_key routing_keys[] = {
 *         {"policy", SCHEMA_ENUM, .name_at = routing_name_at, .fallback = "nearest",
 *          .help = "who fulfils an order"},
 *         SCHEMA_END,
 *     };
 *     static const struct schema_key scenario_keys[] = {
 *         {"time_unit", SCHEMA_TEXT, .help = "what a bare number of time counts"},
 *         {"run", SCHEMA_MAPPING, .child = run_keys, .required = true, .help = "the run"},
 *         {"routing", SCHEMA_MAPPING, .child = routing_keys, .shorthand = "policy",
 *          .variant = "policy", .variant_keys = routing_parameter_keys, .help = "routing"},
 *         {"lanes", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = lane_keys, .help = "supply"},
 *         {"prices", SCHEMA_NAMED, .of = SCHEMA_MONEY, .help = "price by SKU"},
 *         {"points", SCHEMA_NAMED, .of = SCHEMA_ANY, .help = "named overrides"},
 *         SCHEMA_END,
 *     };
 *     static const struct schema_key scenario_schema = {
 *         "scenario", SCHEMA_MAPPING, .child = scenario_keys};
 *
 * and is used in two steps, first check everything, then read what is known to be right:
 *
 *     g_autoptr(GPtrArray) list = diagnostic_list_new();
 *     int64_t time_unit_us = schema_time_unit_us(root, "time_unit", list);
 *     struct schema_value top = schema_root(&scenario_schema, root, time_unit_us);
 *     schema_check(top, list);
 *     ... the caller's own checks across blocks, into the same list ...
 *     if (!diagnostic_list_finish(list, &error)) return NULL;
 *
 *     struct schema_value run = schema_get(top, "run");
 *     int64_t horizon_us = schema_get_duration_us(run, "horizon");
 *     struct schema_value lanes = schema_get(top, "lanes");
 *     for (uint32_t i = 0; i < schema_count(lanes); i++) {
 *         struct schema_value lane = schema_item(lanes, i);
 *         omo_law lead_time = schema_get_law(lane, "lead_time");
 *
 * Readers find type and default in the same table, so a default stands once. Asking for a key the
 * table doesn't have, for another type than the table's, or for a value that schema_check() refused
 * is a bug of the program and aborts.
 *
 * Keys of variants that are not chosen (another policy's parameters) are checked and otherwise
 * ignored, so that --set and --vary may switch between policies that are configured side by side.
 *
 * A value `~` (null) counts as absent, so a point or --set can take a key away; `key:` with nothing
 * behind it is an error. `struct schema_value` is a borrowed view passed by value: tree and tables
 * must outlive it. Any thread may read.
 */
#ifndef SHELL_SCHEMA_H
#define SHELL_SCHEMA_H

#include "shell/node.h"

#include <jansson.h>
#include <omosim/law.h>
#include <stdbool.h>
#include <stdio.h>

enum schema_type {
    SCHEMA_ANY,           /* not looked at: schema_node() */
    SCHEMA_BOOL,          /* true, false, yes, no, on, off */
    SCHEMA_WHOLE,         /* int64 */
    SCHEMA_NUMBER,        /* double, finite */
    SCHEMA_SHARE,         /* 0.12 or 12%: int64 ppm; 0 to 1 unless the key has bounds of its own */
    SCHEMA_MONEY,         /* 12.50: int64 cents; may be negative unless bounded */
    SCHEMA_DURATION,      /* 15min: int64 us, never negative */
    SCHEMA_RATE,          /* 350/d, or a bare number per time_unit; never negative */
    SCHEMA_DISTANCE,      /* 2.5km: double metres, never negative */
    SCHEMA_SPEED,         /* 18km/h: double metres per second, above 0 */
    SCHEMA_TIME_OF_DAY,   /* 06:30: int64 us since midnight, up to 24:00 */
    SCHEMA_TEXT,          /* any scalar; empty only when quoted */
    SCHEMA_PATH,          /* a file, relative to the file that names it */
    SCHEMA_ENUM,          /* one of `names` or `name_at` */
    SCHEMA_TIME_LAW,      /* exponential(4h): omo_law in us */
    SCHEMA_COUNT_LAW,     /* poisson(3): omo_law in plain numbers */
    SCHEMA_MAPPING,       /* the keys of `child` (and of the variant) */
    SCHEMA_LIST,          /* a sequence of items */
    SCHEMA_NAMED,         /* a mapping from names of the user's choice to items */
    SCHEMA_NAMED_OR_LIST, /* either; in a list, an item's `id` (or `name`) is its name */
    SCHEMA_MAPPING_OR_LIST, /* a mapping of `child`, or a list of `item`, else of such mappings */
    SCHEMA_TYPE_COUNT
};

struct schema_key {
    const char *name;
    enum schema_type type;
    bool required;
    bool single;          /* list: a value that is no sequence is a list of one */
    const char *fallback; /* default as a user writes it; NULL: absent, which schema_has() tells */
    const char *at_least; /* bounds, written like values of the type; NULL: none */
    const char *above;
    const char *at_most;

    const char *const *names;           /* enum: NULL-terminated, or ... */
    const char *(*name_at)(uint32_t i); /* ... name i of a registry, NULL past the last */

    const struct schema_key *child; /* mapping: its keys, SCHEMA_END last */
    const char *shorthand;          /* mapping: a scalar in its place is this key's value */
    const char *variant;            /* mapping: an enum key of `child` whose value adds ... */
    const struct schema_key *(*variant_keys)(const char *name); /* ... these keys; NULL: none */

    enum schema_type of; /* list, named: type of an item; child, names, bounds are the item's ... */
    const struct schema_key *item; /* ... or a whole description of an item, for lists of lists */
    uint32_t count_min;            /* list, named: fewest and most items; 0: no limit */
    uint32_t count_max;

    const char *help; /* one line, lower case, no full stop */
};

#define SCHEMA_END                                                                                 \
    {                                                                                              \
        .name = NULL                                                                               \
    }

struct schema_value {
    const struct schema_key *key; /* describes the value, or the list it is an item of */
    enum schema_type type;
    const Node *node;     /* NULL: absent, readers give the default */
    int64_t time_unit_us; /* meaning of bare numbers of time; 0: refused */
};

/* --- Checking --- */

/* Unit in a top-level key of the tree ("h"), 0 when the key isn't there; a wrong one is added to
 * `list`. */
int64_t schema_time_unit_us(const Node *root, const char *key, GPtrArray *list);
/* A view of a whole tree. Borrows both. */
struct schema_value schema_root(const struct schema_key *top, const Node *root,
                                int64_t time_unit_us);
/* Adds every error below the value to `list`; TRUE when there was none. */
gboolean schema_check(struct schema_value value, GPtrArray *list);

/* --- Walking --- */

/* Value of a key of a mapping (variant keys included); an absent mapping has absent values. */
struct schema_value schema_get(struct schema_value mapping, const char *name);
/* Whether a value is there (written, not defaulted). */
bool schema_has(struct schema_value mapping, const char *name);
bool schema_is_present(struct schema_value value);
/* SCHEMA_MAPPING_OR_LIST, SCHEMA_NAMED_OR_LIST: which of the two was written. */
bool schema_is_list(struct schema_value value);
/* Items of a list or named mapping, 0 when absent. A SCHEMA_MAPPING_OR_LIST that is a mapping has
 * one item, itself, when the table gives lists no `item` of their own, else none. */
uint32_t schema_count(struct schema_value list);
struct schema_value schema_item(struct schema_value list, uint32_t i);
/* Name of item `i`: its key, or the text of its `id` or `name`; NULL when it has none. Borrowed. */
const char *schema_item_name(struct schema_value list, uint32_t i);
/* Where the item's name stands, else where the item does. */
struct text_position schema_item_name_position(struct schema_value list, uint32_t i);
/* The node, NULL when absent. Borrowed. */
const Node *schema_node(struct schema_value value);
/* Where the value stands, for checks across blocks; no file when absent. */
struct text_position schema_position(struct schema_value value);

/* --- Reading --- */

bool schema_as_bool(struct schema_value value);
int64_t schema_as_whole(struct schema_value value);
double schema_as_number(struct schema_value value);
int64_t schema_as_share_ppm(struct schema_value value);
int64_t schema_as_money_cents(struct schema_value value);
int64_t schema_as_duration_us(struct schema_value value);
/* Count per `per_us` of time. */
double schema_as_rate(struct schema_value value, int64_t per_us);
double schema_as_distance_m(struct schema_value value);
double schema_as_speed_m_per_s(struct schema_value value);
int64_t schema_as_time_of_day_us(struct schema_value value);
/* Text, enum and path as written; NULL when absent without a default. Borrowed. */
const char *schema_as_text(struct schema_value value);
/* Index in the enum's list. An enum that is absent without a default gives UINT32_MAX. */
uint32_t schema_as_enum(struct schema_value value);
/* Path resolved against the directory of the file it was written in (the working directory for
 * --set), NULL when absent. Caller frees with g_free(). */
char *schema_as_path(struct schema_value value);
/* Constant 0 when absent without a default. */
omo_law schema_as_law(struct schema_value value);

/* schema_get_X(mapping, name) is schema_as_X(schema_get(mapping, name)). */
bool schema_get_bool(struct schema_value mapping, const char *name);
int64_t schema_get_whole(struct schema_value mapping, const char *name);
double schema_get_number(struct schema_value mapping, const char *name);
int64_t schema_get_share_ppm(struct schema_value mapping, const char *name);
int64_t schema_get_money_cents(struct schema_value mapping, const char *name);
int64_t schema_get_duration_us(struct schema_value mapping, const char *name);
double schema_get_rate(struct schema_value mapping, const char *name, int64_t per_us);
double schema_get_distance_m(struct schema_value mapping, const char *name);
double schema_get_speed_m_per_s(struct schema_value mapping, const char *name);
int64_t schema_get_time_of_day_us(struct schema_value mapping, const char *name);
const char *schema_get_text(struct schema_value mapping, const char *name);
uint32_t schema_get_enum(struct schema_value mapping, const char *name);
char *schema_get_path(struct schema_value mapping, const char *name);
omo_law schema_get_law(struct schema_value mapping, const char *name);

/* --- Telling --- */

/* Prints path, type, default and help of every key whose path begins with `prefix` (NULL: all). */
void schema_print_help(const struct schema_key *top, const char *prefix, FILE *stream);
/* The same rows for whoever makes a table of their own: `fallback` is NULL when the table has none. */
typedef void (*schema_row)(void *user, const char *path, const char *type, const char *fallback,
                           const char *help);
void schema_list_rows(const struct schema_key *top, const char *prefix, schema_row row, void *user);
/* JSON Schema (draft 2020-12) for editors. Caller frees with json_decref(). */
json_t *schema_to_json_schema(const struct schema_key *top);
/* Checks the table itself: defaults and bounds parse, shorthands and variants exist, every key has
 * help. For tests. */
gboolean schema_audit(const struct schema_key *top, GError **ret_error);

#endif
