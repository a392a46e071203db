/* Options of load runs: texts to numbers.
 *
 * Durations are the shell's with two courtesies to people who come from other load tools: a bare
 * number is seconds, and "2m" is two minutes (elsewhere in omosim the unit is "min", for "m" is a
 * metre).
 */
#include "cli/replay_options.h"
#include "shell/diagnostic.h"
#include "shell/units.h"

#include <omosim/types.h>
#include <string.h>

#define RATE_MAX 1e9 /* a nanosecond between two */

static gboolean set_expected(GError **ret_error, const char *option, const char *expected,
                             const char *text)
{
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "--%s: expected %s, found '%s'", option, expected, text);
    return FALSE;
}

/* "2m" to "2min". Caller frees. */
static char *spell_minutes(const char *text)
{
    const size_t size = strlen(text);
    const bool minutes = size >= 2 && text[size - 1] == 'm' && g_ascii_isdigit(text[size - 2]);

    return g_strconcat(text, minutes ? "in" : "", NULL);
}

gboolean replay_parse_duration(const char *option, const char *text, int64_t *ret_ns,
                               GError **ret_error)
{
    int64_t us = 0;

    if (text == NULL)
        return TRUE;
    g_autofree char *spelt = spell_minutes(text);
    if (!units_parse_duration_us(spelt, OMO_US_PER_SECOND, &us, NULL) || us < 0 ||
        us > INT64_MAX / 4000)
        return set_expected(ret_error, option, "a duration such as 500ms, 30s or 2min", text);
    *ret_ns = us * 1000;
    return TRUE;
}

gboolean replay_parse_whole(const char *option, const char *text, uint64_t low, uint64_t high,
                            uint64_t *ret_value, GError **ret_error)
{
    if (text == NULL || g_ascii_string_to_unsigned(text, 10, low, high, ret_value, NULL))
        return TRUE;
    g_autofree char *expected =
        g_strdup_printf("a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, low,
                        high);
    return set_expected(ret_error, option, expected, text);
}

gboolean replay_parse_rate(const char *option, const char *text, bool zero, double *ret_rate,
                           GError **ret_error)
{
    double rate = 0;

    if (!units_parse_rate(text, OMO_US_PER_SECOND, OMO_US_PER_SECOND, &rate, NULL) &&
        !units_parse_number(text, &rate, NULL))
        return set_expected(ret_error, option, "a rate such as 1000, 50/s or 3000/min", text);
    if (rate < 0 || (rate == 0 && !zero) || rate > RATE_MAX)
        return set_expected(ret_error, option, "a rate above 0 and at most 1e9/s", text);
    *ret_rate = rate;
    return TRUE;
}

static gboolean parse_stage(const char *option, const char *text, struct load_stage *ret_stage,
                            GError **ret_error)
{
    const char *colon = strchr(text, ':');

    if (colon == NULL)
        return set_expected(ret_error, option,
                            "stages such as 30s:100,2min:1000,10s:1000-50 (length:rate)", text);
    g_autofree char *length = g_strndup(text, (size_t)(colon - text));
    g_auto(GStrv) rates = g_strsplit(colon + 1, "-", 2);
    if (!replay_parse_duration(option, length, &ret_stage->duration_ns, ret_error) ||
        !replay_parse_rate(option, rates[0] != NULL ? rates[0] : "", true, &ret_stage->from,
                           ret_error))
        return FALSE;
    ret_stage->to = ret_stage->from;
    if (rates[0] != NULL && rates[1] != NULL &&
        !replay_parse_rate(option, rates[1], true, &ret_stage->to, ret_error))
        return FALSE;
    if (ret_stage->duration_ns <= 0)
        return set_expected(ret_error, option, "a stage that lasts", text);
    return TRUE;
}

GArray *replay_parse_stages(const char *option, const char *text, GError **ret_error)
{
    g_autoptr(GArray) stages = g_array_new(FALSE, TRUE, sizeof(struct load_stage));
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    double rate_max = 0;
    int64_t length_ns = 0;

    for (char **part = parts; *part != NULL; part++) {
        struct load_stage stage = {0};
        if (!parse_stage(option, g_strstrip(*part), &stage, ret_error))
            return NULL;
        rate_max = MAX(rate_max, MAX(stage.from, stage.to));
        length_ns += stage.duration_ns;
        if (length_ns > INT64_MAX / 8) {
            set_expected(ret_error, option, "stages of at most a few decades", text);
            return NULL;
        }
        g_array_append_val(stages, stage);
    }
    if (rate_max == 0) {
        set_expected(ret_error, option, "a stage with a rate above 0", text);
        return NULL;
    }
    return g_steal_pointer(&stages);
}
