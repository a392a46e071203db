/* Filters are looked at from the cheapest to the dearest; one that was not asked for is never
 * looked at.
 *
 * The sample is drawn by the member: the number that decides is a function of seed and member
 * alone. So a member's journeys stay together, in several plans too, and a sample of 5 % lies
 * within one of 10 % of the same seed. A clerk's task has an order but often no member: it goes by
 * the order; what has neither, by its number in the stream.
 */
#include "traffic/plan_filter.h"
#include "shell/diagnostic.h"
#include "shell/spelling.h"
#include "shell/units.h"
#include "traffic/steps.h"

#include <omosim/draws.h>
#include <omosim/types.h>
#include <string.h>

#define FILTER_SAMPLE_DRAW 160 /* purpose of the sample's draws; index: what the key is */

struct plan_filter {
    bool by_time, by_clock, by_member, by_number, by_sample;
    int64_t from_us, to_us;
    int64_t midnight_us; /* time 0 since a midnight */
    GHashTable *channels, *places;
    bool by_step, step[STEP_COUNT];
    uint64_t member;
    uint64_t first, count;
    uint64_t sample_below; /* of 2^32 */
    uint64_t seed;
};

static gboolean filter_fail(const char *option, GError **ret_error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static gboolean filter_fail(const char *option, GError **ret_error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "--%s: %s", option, text);
    return FALSE;
}

/* ---- times ----------------------------------------------------------------------------------- */

static gboolean filter_time(const char *option, const char *text, int64_t *ret_us,
                            GError **ret_error)
{
    g_autoptr(GError) reason = NULL;
    const gboolean parsed = strchr(text, ':') != NULL
                                ? units_parse_time_of_day_us(text, ret_us, &reason)
                                : units_parse_duration_us(text, 0, ret_us, &reason);

    if (parsed)
        return TRUE;
    return filter_fail(option, ret_error, "%s (or since time 0: 18h, 1d6h)", reason->message);
}

static gboolean filter_times(PlanFilter *filter, const struct plan_filter_options *options,
                             const PlanMerge *merge, GError **ret_error)
{
    const char *const given = options->from != NULL ? options->from : options->to;
    const int64_t epoch_us = plan_merge_about(merge)->epoch_us;

    if (given == NULL)
        return TRUE;
    filter->by_time = true;
    filter->by_clock = strchr(given, ':') != NULL;
    if (options->to != NULL && (strchr(options->to, ':') != NULL) != filter->by_clock)
        return filter_fail("to", ret_error,
                           "--from and --to are both times of day or both times since time 0");
    filter->from_us = 0;
    filter->to_us = filter->by_clock ? OMO_US_PER_DAY : INT64_MAX;
    if (!filter->by_clock && options->from == NULL)
        filter->from_us = INT64_MIN;
    if (epoch_us != INT64_MIN)
        filter->midnight_us = epoch_us % OMO_US_PER_DAY;
    if (options->from != NULL && !filter_time("from", options->from, &filter->from_us, ret_error))
        return FALSE;
    if (options->to != NULL && !filter_time("to", options->to, &filter->to_us, ret_error))
        return FALSE;
    if (!filter->by_clock && filter->to_us <= filter->from_us)
        return filter_fail("to", ret_error, "%s is not after %s", options->to,
                           options->from != NULL ? options->from : "0");
    return TRUE;
}

/* ---- names ----------------------------------------------------------------------------------- */

static gboolean filter_name(GHashTable *numbers, const char *option, enum plan_name list,
                            const char *name, const PlanMerge *merge, GError **ret_error)
{
    static const char *const none[] = {NULL};
    const char *const *names = plan_merge_names(merge, list);
    uint64_t number = 0;

    names = names != NULL ? names : none;
    const uint32_t count = g_strv_length((char **)(uintptr_t)names);
    while (number < count && strcmp(names[number], name) != 0)
        number++;
    if (number == count) {
        g_autofree char *hint = spelling_hint(name, names);
        if (!g_ascii_string_to_unsigned(name, 10, count, G_MAXUINT32, &number, NULL))
            return filter_fail(option, ret_error, "the plan names no '%s'%s", name, hint);
    }
    g_hash_table_add(numbers, GUINT_TO_POINTER((uint32_t)number));
    return TRUE;
}

static gboolean filter_names(GHashTable **ret_numbers, const char *option, enum plan_name list,
                             const char *texts, const PlanMerge *merge, GError **ret_error)
{
    if (texts == NULL)
        return TRUE;
    g_auto(GStrv) parts = g_strsplit(texts, ",", -1);
    *ret_numbers = g_hash_table_new(NULL, NULL);
    for (char **part = parts; *part != NULL; part++)
        if (!filter_name(*ret_numbers, option, list, g_strstrip(*part), merge, ret_error))
            return FALSE;
    return TRUE;
}

static gboolean filter_steps(PlanFilter *filter, const char *texts, GError **ret_error)
{
    if (texts == NULL)
        return TRUE;
    g_auto(GStrv) parts = g_strsplit(texts, ",", -1);
    filter->by_step = true;
    for (char **part = parts; *part != NULL; part++) {
        const uint32_t kind = step_find(g_strstrip(*part));
        if (kind == STEP_COUNT) {
            g_autofree char *hint = spelling_hint(*part, step_names());
            return filter_fail("step", ret_error, "unknown kind of step '%s'%s", *part, hint);
        }
        filter->step[kind] = true;
    }
    return TRUE;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static gboolean filter_numbers(PlanFilter *filter, const struct plan_filter_options *options,
                               GError **ret_error)
{
    int64_t share_ppm;

    if (options->member != NULL) {
        filter->by_member = true;
        if (!g_ascii_string_to_unsigned(options->member, 10, 0, G_MAXUINT64, &filter->member, NULL))
            return filter_fail("member", ret_error, "expected a member's number, found '%s'",
                               options->member);
    }
    if (options->journeys != NULL) {
        g_auto(GStrv) parts = g_strsplit(options->journeys, ":", 2);
        filter->by_number = true;
        if (g_strv_length(parts) != 2 ||
            !g_ascii_string_to_unsigned(parts[0], 10, 1, G_MAXINT64, &filter->first, NULL) ||
            !g_ascii_string_to_unsigned(parts[1], 10, 1, G_MAXINT64, &filter->count, NULL))
            return filter_fail("journeys", ret_error,
                               "expected FIRST:COUNT, both from 1 on, such as 1:100, found '%s'",
                               options->journeys);
    }
    if (options->sample != NULL) {
        g_autoptr(GError) reason = NULL;
        filter->by_sample = true;
        if (!units_parse_share_ppm(options->sample, &share_ppm, &reason))
            return filter_fail("sample", ret_error, "%s", reason->message);
        if (share_ppm < 0 || share_ppm > OMO_PPM)
            return filter_fail("sample", ret_error,
                               "expected a share from 0%% to 100%%, found '%s'", options->sample);
        filter->sample_below = ((uint64_t)share_ppm << 32) / OMO_PPM;
    }
    return TRUE;
}

PlanFilter *plan_filter_new(const struct plan_filter_options *options, const PlanMerge *merge,
                            GError **ret_error)
{
    g_autoptr(PlanFilter) filter = g_new0(PlanFilter, 1);

    filter->seed = options->seed;
    if (!filter_times(filter, options, merge, ret_error) ||
        !filter_names(&filter->channels, "channel", PLAN_CHANNEL, options->channels, merge,
                      ret_error) ||
        !filter_names(&filter->places, "place", PLAN_PLACE, options->places, merge, ret_error) ||
        !filter_steps(filter, options->steps, ret_error) ||
        !filter_numbers(filter, options, ret_error))
        return NULL;
    return g_steal_pointer(&filter);
}

void plan_filter_free(PlanFilter *filter)
{
    if (filter == NULL)
        return;
    g_clear_pointer(&filter->channels, g_hash_table_unref);
    g_clear_pointer(&filter->places, g_hash_table_unref);
    g_free(filter);
}

/* ---- matching -------------------------------------------------------------------------------- */

static bool filter_time_fits(const PlanFilter *filter, int64_t at_us)
{
    if (!filter->by_clock)
        return at_us >= filter->from_us && at_us < filter->to_us;
    int64_t clock_us = (at_us + filter->midnight_us) % OMO_US_PER_DAY;
    clock_us += clock_us < 0 ? OMO_US_PER_DAY : 0;
    if (filter->from_us <= filter->to_us)
        return clock_us >= filter->from_us && clock_us < filter->to_us;
    return clock_us >= filter->from_us || clock_us < filter->to_us;
}

static bool filter_place_fits(const PlanFilter *filter, const struct plan_visit *visit)
{
    if (g_hash_table_contains(filter->places, GUINT_TO_POINTER(visit->journey.place)))
        return true;
    for (uint32_t i = 0; i < visit->journey.step_count; i++)
        if (g_hash_table_contains(filter->places, GUINT_TO_POINTER(visit->steps[i].place)))
            return true;
    return false;
}

static bool filter_step_fits(const PlanFilter *filter, const struct plan_visit *visit)
{
    for (uint32_t i = 0; i < visit->journey.step_count; i++)
        if (filter->step[visit->steps[i].kind])
            return true;
    return false;
}

static bool filter_sample_fits(const PlanFilter *filter, const struct plan_visit *visit)
{
    const uint64_t keys[] = {visit->journey.member, visit->journey.order, visit->number};
    uint32_t index = 0;
    omo_draws draws;

    while (keys[index] == 0)
        index++;
    if (omo_draws_open(&draws, filter->seed, 0, FILTER_SAMPLE_DRAW, keys[index], index, NULL) !=
        OMO_OK)
        g_assert_not_reached();
    return omo_draws_word(&draws) < filter->sample_below;
}

bool plan_filter_match(const PlanFilter *filter, const struct plan_visit *visit)
{
    const omo_plan_journey *journey = &visit->journey;

    if (filter->by_number &&
        (visit->number < filter->first || visit->number - filter->first >= filter->count))
        return false;
    if (filter->by_time && !filter_time_fits(filter, journey->at_us))
        return false;
    if (filter->by_member && journey->member != filter->member)
        return false;
    if (filter->channels != NULL &&
        !g_hash_table_contains(filter->channels, GUINT_TO_POINTER((uint32_t)journey->channel)))
        return false;
    if (filter->by_step && !filter_step_fits(filter, visit))
        return false;
    if (filter->places != NULL && !filter_place_fits(filter, visit))
        return false;
    return !filter->by_sample || filter_sample_fits(filter, visit);
}
