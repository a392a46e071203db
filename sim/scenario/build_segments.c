/* The segments of `demand`: how often they come, when, what they want and how they choose.
 *
 * A profile has one of four forms: flat, hours and weekdays (the rate of an hour of the week is the
 * product of both), a table of all 168 hours, or a sine. The library gets 168 weights or a sine.
 */
#include "scenario/build.h"

#include "scenario/source.h"
#include "shell/units.h"

#include <string.h>

#define BUILD_WEEK_HOURS 168

static const char *const build_weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                             "friday", "saturday", "sunday",    NULL};

/* ---- profiles -------------------------------------------------------------------------------- */

/* "Monday", "mon" or 0 for monday. */
static bool build_profile_day(struct build *b, Source *table, int64_t column, uint32_t *ret_day)
{
    const char *text = source_text(table, column);
    g_autofree char *lower = g_ascii_strdown(text, -1);
    int64_t number;

    for (uint32_t i = 0; build_weekdays[i] != NULL; i++)
        if (strlen(lower) >= 3 && g_str_has_prefix(build_weekdays[i], lower)) {
            *ret_day = i;
            return true;
        }
    if (units_parse_whole(text, &number, NULL) && number >= 0 && number < 7) {
        *ret_day = (uint32_t)number;
        return true;
    }
    diagnostic_add(b->list, source_position(table, column),
                   "expected a weekday such as monday, or 0 for monday to 6, found '%s'", text);
    return false;
}

static void build_profile_row(struct build *b, Source *table, const int64_t columns[3],
                              double *weights, bool *seen)
{
    uint32_t day;
    int64_t hour;
    double weight;

    if (!build_profile_day(b, table, columns[0], &day) ||
        !source_whole(table, columns[1], 0, 23, &hour) ||
        !source_weight(table, columns[2], 0, 1e15, &weight))
        return;
    uint32_t i = day * 24 + (uint32_t)hour;
    if (seen[i])
        diagnostic_add(b->list, source_position(table, columns[0]),
                       "hour %u of %s stands in the table twice", (unsigned)hour,
                       build_weekdays[day]);
    seen[i] = true;
    weights[i] = weight;
}

static void build_profile_file(struct build *b, struct schema_value profile, double *weights)
{
    g_autoptr(Source) table = source_open(profile, "file", b->list);
    guint before = b->list->len;
    bool seen[BUILD_WEEK_HOURS] = {false};
    uint32_t count = 0;

    if (table == NULL)
        return;
    const int64_t columns[3] = {source_column(table, "day", true),
                                source_column(table, "hour", true),
                                source_column(table, "weight", true)};
    if (b->list->len > before)
        return;
    while (source_next(table))
        build_profile_row(b, table, columns, weights, seen);
    for (uint32_t i = 0; i < BUILD_WEEK_HOURS; i++)
        count += seen[i];
    if (count < BUILD_WEEK_HOURS && b->list->len == before)
        diagnostic_add(b->list, schema_position(schema_get(profile, "file")),
                       "the table has %u of the %d hours of a week", count, BUILD_WEEK_HOURS);
}

static void build_profile_hours(struct schema_value profile, double *weights)
{
    struct schema_value hours = schema_get(profile, "hours");
    struct schema_value weekdays = schema_get(profile, "weekdays");

    for (uint32_t i = 0; i < BUILD_WEEK_HOURS; i++) {
        double hour = schema_is_present(hours) ? schema_as_number(schema_item(hours, i % 24)) : 1;
        double day =
            schema_is_present(weekdays) ? schema_as_number(schema_item(weekdays, i / 24)) : 1;
        weights[i] = hour * day;
    }
}

static void build_profile(struct build *b, struct schema_value profile,
                          omo_segment_options *options)
{
    bool flat = schema_has(profile, "shape"), file = schema_has(profile, "file");
    bool sine = schema_has(profile, "amplitude");
    bool hours = schema_has(profile, "hours") || schema_has(profile, "weekdays");
    guint before = b->list->len;
    double sum = 0;

    options->profile = OMO_PROFILE_FLAT;
    if (!schema_is_present(profile))
        return;
    if (flat + file + sine + hours != 1) {
        diagnostic_add(b->list, schema_position(profile),
                       "a profile is flat, or has hours and weekdays, or a file, or an amplitude");
        return;
    }
    if (schema_has(profile, "period") && !sine)
        diagnostic_add(b->list, schema_position(schema_get(profile, "period")),
                       "'period' belongs to 'amplitude', which is missing");
    if (flat)
        return;
    if (sine) {
        options->profile = OMO_PROFILE_SINUSOID;
        options->amplitude = schema_get_number(profile, "amplitude");
        options->period_us = schema_has(profile, "period")
                                 ? schema_get_duration_us(profile, "period")
                                 : OMO_US_PER_DAY;
        return;
    }
    options->profile = OMO_PROFILE_HOURLY;
    if (file)
        build_profile_file(b, profile, options->hour_weight);
    else
        build_profile_hours(profile, options->hour_weight);
    for (uint32_t i = 0; i < BUILD_WEEK_HOURS; i++)
        sum += options->hour_weight[i];
    if (!(sum > 0) && b->list->len == before)
        diagnostic_add(b->list, schema_position(profile), "all hours of the profile are 0");
}

/* ---- segments -------------------------------------------------------------------------------- */

static void build_segments_visits(struct build *b, struct schema_value segment,
                                  struct text_position at, omo_segment_options *options)
{
    bool total = schema_has(segment, "visits"), each = schema_has(segment, "visits_per_zone");

    if (total == each) {
        diagnostic_add(b->list, at, "give one of visits and visits_per_zone");
        return;
    }
    options->visits_each_zone = each;
    options->visits_per_day =
        schema_get_rate(segment, each ? "visits_per_zone" : "visits", OMO_US_PER_DAY);
}

static void build_segments_taste(struct schema_value segment, omo_segment_options *options)
{
    options->price_sensitivity = schema_get_number(segment, "price_sensitivity");
    options->distance_sensitivity = schema_get_number(segment, "distance_sensitivity");
    options->wait_sensitivity = schema_get_number(segment, "wait_sensitivity");
    options->fee_sensitivity = schema_get_number(segment, "fee_sensitivity");
    options->missing_sensitivity = schema_get_number(segment, "missing_sensitivity");
    options->member_share_ppm = (uint32_t)schema_get_share_ppm(segment, "member_share");
}

static void build_segments_assortment(struct build *b, struct schema_value segment,
                                      omo_segment_options *options)
{
    struct schema_value assortment = schema_get(segment, "assortment");

    options->sku_count = 0;
    if (!schema_is_present(assortment))
        return;
    if (schema_as_whole(assortment) > b->sku_count && b->sku_count > 0) {
        diagnostic_add(b->list, schema_position(assortment), "there are only %u products",
                       b->sku_count);
        return;
    }
    options->sku_count = (uint32_t)schema_as_whole(assortment);
}

/* One entry of `utility`; FALSE with a finding. */
static bool build_segments_utility_value(struct build *b, struct schema_value value,
                                         double *ret_utility)
{
    const char *text = schema_as_text(value);

    if (strcmp(text, "always") == 0) {
        *ret_utility = OMO_UTILITY_ALWAYS;
        return true;
    }
    if (units_parse_number(text, ret_utility, NULL) && *ret_utility >= -1000 &&
        *ret_utility <= 1000)
        return true;
    diagnostic_add(b->list, schema_position(value),
                   "expected a utility from -1000 to 1000, or always, found '%s'", text);
    return false;
}

static void build_segments_utility(struct build *b, struct schema_value utilities, bool added,
                                   omo_segment segment)
{
    for (uint32_t i = 0; i < schema_count(utilities); i++) {
        if (node_is_null(schema_node(schema_item(utilities, i)))) /* taken away by a point */
            continue;
        struct text_position at = schema_item_name_position(utilities, i);
        int64_t found = build_channel_find(b, schema_item_name(utilities, i), at);
        omo_error error = {0};
        double utility;

        if (!build_segments_utility_value(b, schema_item(utilities, i), &utility) || found < 0 ||
            !added)
            continue;
        const struct build_channel *channel =
            &g_array_index(b->channels, struct build_channel, found);
        if (channel->added &&
            omo_model_set_utility(b->model, segment, channel->channel, utility, &error) != OMO_OK)
            build_refused(b, schema_position(schema_item(utilities, i)), &error);
    }
}

static void build_segments_one(struct build *b, struct schema_value value, const char *id,
                               struct text_position at)
{
    omo_segment_options options = omo_segment_defaults();
    omo_error error = {0};
    omo_segment segment = {0};
    guint before = b->list->len;
    bool added = false;

    options.id = id;
    build_segments_visits(b, value, at, &options);
    build_profile(b, schema_get(value, "profile"), &options);
    build_segments_assortment(b, value, &options);
    build_segments_taste(value, &options);
    build_segments_choice(b, value, &options);
    options.lines = schema_get_law(value, "lines");
    options.quantity = schema_get_law(value, "quantity");
    options.scatter_km = schema_get_distance_m(value, "scatter") / 1000;
    if (b->list->len == before) {
        added = omo_model_add_segment(b->model, &options, &segment, &error) == OMO_OK;
        if (!added)
            build_refused(b, at, &error);
    }
    build_segments_utility(b, schema_get(value, "utility"), added, segment);
}

void build_segments(struct build *b)
{
    struct schema_value segments = schema_get(schema_get(b->top, "demand"), "segments");

    for (uint32_t i = 0; i < schema_count(segments); i++) {
        const char *id = schema_item_name(segments, i);
        struct text_position at = schema_item_name_position(segments, i);
        build_remember(b, id, at);
        build_segments_one(b, schema_item(segments, i), id, at);
    }
}
