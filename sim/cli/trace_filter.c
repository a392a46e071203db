/* The filter of traced journeys.
 *
 * A channel is asked for by its id in the scenario, by its kind (`app`: all channels of the app), or
 * by its mode, in this order, so that a channel that is called `app` means itself. Days are counted
 * from 0 as everywhere else.
 */
#include "cli/trace_filter.h"
#include "cli/options.h"
#include "shell/diagnostic.h"
#include "shell/spelling.h"
#include "shell/units.h"

#include <omosim/registry.h>
#include <string.h>

struct trace_filter {
    const omo_model *model;
    int64_t first_day, day_count, from_us, to_us;
    bool *channel;
    bool *place; /* NULL: all */
    bool clerks;
};

void trace_filter_options_clear(struct trace_filter_options *o)
{
    g_free(o->days);
    g_free(o->day);
    g_free(o->from);
    g_free(o->to);
    g_free(o->channels);
    g_free(o->places);
    *o = (struct trace_filter_options){.clerks = TRUE};
}

void trace_filter_free(TraceFilter *f)
{
    if (f == NULL)
        return;
    g_free(f->channel);
    g_free(f->place);
    g_free(f);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceFilter, trace_filter_free)

/* ---- days and times -------------------------------------------------------------------------- */

/* Rounded up. */
static uint64_t whole_days(int64_t us)
{
    return (uint64_t)((us + OMO_US_PER_DAY - 1) / OMO_US_PER_DAY);
}

static gboolean parse_days(TraceFilter *f, const struct trace_filter_options *o, GError **ret_error)
{
    const int64_t days = (int64_t)whole_days(omo_model_horizon_us(f->model));
    uint64_t first = whole_days(omo_model_warm_up_us(f->model)), count = 1;

    if (o->day != NULL && !g_ascii_string_to_unsigned(o->day, 10, 0, G_MAXINT32, &first, NULL))
        return options_bad_usage(ret_error, "--day: expected a whole number from 0 on, found '%s'",
                                 o->day);
    if (o->days != NULL && !g_ascii_string_to_unsigned(o->days, 10, 1, G_MAXINT32, &count, NULL))
        return options_bad_usage(ret_error, "--days: expected a whole number from 1 on, found '%s'",
                                 o->days);
    if ((int64_t)(first + count) > days)
        return options_bad_usage(ret_error,
                                 "--day %" G_GUINT64_FORMAT " --days %" G_GUINT64_FORMAT
                                 ": the run has days 0 to %" G_GINT64_FORMAT
                                 " (--set run.days=%" G_GUINT64_FORMAT " makes it longer)",
                                 first, count, days - 1, first + count);
    f->first_day = (int64_t)first;
    f->day_count = (int64_t)count;
    return TRUE;
}

static gboolean parse_time(const char *option, const char *text, int64_t *ret_us,
                           GError **ret_error)
{
    g_autoptr(GError) reason = NULL;

    if (text == NULL || units_parse_time_of_day_us(text, ret_us, &reason))
        return TRUE;
    return options_bad_usage(ret_error, "--%s: %s", option, reason->message);
}

static gboolean parse_times(TraceFilter *f, const struct trace_filter_options *o,
                            GError **ret_error)
{
    f->from_us = 0;
    f->to_us = OMO_US_PER_DAY;
    if (!parse_time("from", o->from, &f->from_us, ret_error) ||
        !parse_time("to", o->to, &f->to_us, ret_error))
        return FALSE;
    if (f->from_us == f->to_us || f->from_us == OMO_US_PER_DAY)
        return options_bad_usage(ret_error, "--from %s --to %s: there is no time between", o->from,
                                 o->to == NULL ? "24:00" : o->to);
    return TRUE;
}

/* ---- channels and places --------------------------------------------------------------------- */

static const char *channel_kind(const omo_model *model, uint32_t channel)
{
    return omo_registry_name(OMO_REGISTRY_CHANNEL, omo_model_channel_kind(model, channel));
}

static const char *channel_mode(const omo_model *model, uint32_t channel)
{
    return omo_registry_name(OMO_REGISTRY_MODE, omo_model_channel_mode(model, channel));
}

/* Takes the channels that a name means; FALSE: none. */
static bool take_channels(TraceFilter *f, const char *name)
{
    const uint32_t count = omo_model_channel_count(f->model);
    bool any = false;

    for (int way = 0; way < 3 && !any; way++)
        for (uint32_t i = 0; i < count; i++) {
            const char *by = way == 0   ? omo_model_channel_id(f->model, i)
                             : way == 1 ? channel_kind(f->model, i)
                                        : channel_mode(f->model, i);
            if (strcmp(by, name) == 0)
                any = f->channel[i] = true;
        }
    return any;
}

static gboolean unknown_channel(const TraceFilter *f, const char *name, GError **ret_error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (uint32_t i = 0; i < omo_model_channel_count(f->model); i++)
        g_ptr_array_add(names, (gpointer)omo_model_channel_id(f->model, i));
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = spelling_hint(name, (const char *const *)names->pdata);
    return options_bad_usage(ret_error, "--channel: unknown channel '%s'%s", name, hint);
}

static gboolean parse_channels(TraceFilter *f, const char *list, GError **ret_error)
{
    g_auto(GStrv) names = options_split(list);
    const uint32_t count = omo_model_channel_count(f->model);
    bool any = false;

    f->channel = g_new0(bool, count + 1);
    for (uint32_t i = 0; list == NULL && i < count; i++) {
        f->channel[i] = (omo_model_channel_capability(f->model, i) & OMO_SELLS_ON_SITE) == 0;
        any = any || f->channel[i];
    }
    for (char **name = names; *name != NULL; name++) {
        if (!take_channels(f, *name))
            return unknown_channel(f, *name, ret_error);
        any = true;
    }
    if (!any && list != NULL)
        return options_bad_usage(ret_error, "--channel: expected names, found '%s'", list);
    if (!any)
        return options_bad_usage(ret_error,
                                 count == 0
                                     ? "there are no customers of a chain to trace: a queueing "
                                       "network has neither channels nor orders"
                                     : "none of the channels is online; --channel walk_in "
                                       "traces the sales at tills");
    return TRUE;
}

static gboolean parse_places(TraceFilter *f, const char *list, GError **ret_error)
{
    g_auto(GStrv) wanted = options_split(list);
    const uint32_t count = omo_model_place_count(f->model);
    g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    if (list == NULL)
        return TRUE;
    if (wanted[0] == NULL)
        return options_bad_usage(ret_error, "--place: expected ids, found '%s'", list);
    for (uint32_t i = 0; i < count; i++) {
        g_ptr_array_add(names, (gpointer)omo_model_place_id(f->model, i));
        g_hash_table_insert(index, names->pdata[i], GUINT_TO_POINTER(i + 1));
    }
    g_ptr_array_add(names, NULL);
    f->place = g_new0(bool, count);
    for (char **id = wanted; *id != NULL; id++) {
        const uint32_t place = GPOINTER_TO_UINT(g_hash_table_lookup(index, *id));
        if (place == 0) {
            g_autofree char *hint = spelling_hint(*id, (const char *const *)names->pdata);
            return options_bad_usage(ret_error, "--place: unknown place '%s'%s", *id, hint);
        }
        f->place[place - 1] = true;
    }
    return TRUE;
}

TraceFilter *trace_filter_new(const struct trace_filter_options *o, const omo_model *model,
                              GError **ret_error)
{
    g_autoptr(TraceFilter) f = g_new0(TraceFilter, 1);

    f->model = model;
    f->clerks = o->clerks;
    if (!parse_channels(f, o->channels, ret_error) || !parse_places(f, o->places, ret_error) ||
        !parse_days(f, o, ret_error) || !parse_times(f, o, ret_error))
        return NULL;
    return g_steal_pointer(&f);
}

void trace_filter_apply(const TraceFilter *f, struct journeys_options *options)
{
    options->first_day = f->first_day;
    options->day_count = f->day_count;
    options->from_us = f->from_us;
    options->to_us = f->to_us;
    options->channel = f->channel;
    options->place = f->place;
    options->clerks = f->clerks;
}
