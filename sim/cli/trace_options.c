/* Which ways of tracing go together.
 *
 * A trace in a file stands beside the study: the table is printed as always. Stepping, watching and
 * a trace on standard output need that stream for themselves, so they run one replication and no
 * study, and options about the study's results would do nothing: they are refused instead.
 */
#include "cli/trace_options.h"
#include "shell/diagnostic.h"
#include "shell/units.h"

#include <string.h>

static gboolean refuse(GError **ret_error, const char *text)
{
    g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, text);
    return FALSE;
}

void trace_options_clear(struct options_trace *trace)
{
    g_free(trace->events);
    g_strfreev(trace->watches);
    g_free(trace->replication_text);
    g_free(trace->from_text);
    g_free(trace->until_text);
    g_free(trace->limit_text);
    *trace = (struct options_trace){.step = FALSE};
}

bool trace_options_wanted(const struct options_trace *trace)
{
    return trace->events != NULL || trace->watches != NULL || trace->step;
}

bool trace_options_alone(const struct options_trace *trace)
{
    return trace->watches != NULL || trace->step ||
           (trace->events != NULL && strcmp(trace->events, "-") == 0);
}

static gboolean parse_number(const char *option, const char *text, uint64_t most,
                             uint64_t *ret_number, GError **ret_error)
{
    if (text == NULL || g_ascii_string_to_unsigned(text, 10, 0, most, ret_number, NULL))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "--%s: expected a whole number from 0 to %" G_GUINT64_FORMAT ", found '%s'", option,
                most, text);
    return FALSE;
}

static gboolean parse_time(const char *option, const char *text, int64_t *ret_us,
                           GError **ret_error)
{
    g_autoptr(GError) reason = NULL;

    if (text == NULL || units_parse_duration_us(text, 0, ret_us, &reason))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "--%s: %s", option,
                reason->message);
    return FALSE;
}

/* What is asked for besides a trace that is alone. */
static const char *study_option(const struct options_study *study)
{
    return study->json             ? "--json"
           : study->out != NULL    ? "--out"
           : study->report != NULL ? "--report"
           : study->kpis != NULL   ? "--kpis"
                                   : NULL;
}

gboolean trace_options_check(struct options_trace *trace, const struct options_study *study,
                             GError **ret_error)
{
    uint64_t replication = 0;

    trace->from_us = 0;
    trace->until_us = INT64_MAX;
    trace->limit = TRACE_OPTIONS_LIMIT;
    if (!parse_number("trace-replication", trace->replication_text, OPTIONS_REPLICATIONS_MAX - 1,
                      &replication, ret_error) ||
        !parse_number("trace-limit", trace->limit_text, G_MAXINT64, &trace->limit, ret_error) ||
        !parse_time("trace-from", trace->from_text, &trace->from_us, ret_error) ||
        !parse_time("trace-until", trace->until_text, &trace->until_us, ret_error))
        return FALSE;
    trace->replication = (uint32_t)replication;
    if (trace->from_us < 0 || trace->until_us <= trace->from_us)
        return refuse(ret_error, "--trace-until has to be later than --trace-from");
    if (!trace_options_wanted(trace)) {
        if (trace->replication_text != NULL || trace->from_text != NULL ||
            trace->until_text != NULL || trace->limit_text != NULL)
            return refuse(ret_error, "--trace-replication, --trace-from, --trace-until and "
                                     "--trace-limit need --trace-events, --watch or --step");
        return TRUE;
    }
    if (trace->events != NULL && trace->events[0] == '\0')
        return refuse(ret_error, "--trace-events: expected a file name, found ''");
    if (trace->step && trace->watches != NULL)
        return refuse(ret_error, "--step and --watch exclude each other; in step mode type, for "
                                 "example, w order=4.0.17");
    if ((trace->step || trace->watches != NULL) && trace->events != NULL &&
        strcmp(trace->events, "-") == 0)
        return refuse(ret_error, "--trace-events - and --step or --watch both print to standard "
                                 "output; give the trace a file");
    if (!trace_options_alone(trace) || study_option(study) == NULL)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "%s runs a single replication and no study: %s cannot go with it",
                trace->step              ? "--step"
                : trace->watches != NULL ? "--watch"
                                         : "--trace-events -",
                study_option(study));
    return FALSE;
}
