/* What the values of an axis measure, so that a picture can place them.
 *
 * Only texts are looked at: durations first (a bare 0 is one), then numbers with one unit after
 * them (12%, 2.5km, 350/d), and whatever is neither is a category. The schema would know better
 * what a key holds, but not what a picture needs: a list of laws, or of mappings, is no number
 * under any key.
 */
#include "scenario/axis.h"

#include "shell/units.h"

#include <math.h>
#include <omosim/types.h>
#include <stdbool.h>
#include <string.h>

static bool axis_measure_durations(struct axis *axis)
{
    bool named = false; /* all zeros are numbers */

    for (guint i = 0; i < axis->texts->len; i++) {
        int64_t us;
        if (!units_parse_duration_us(axis_text(axis, i), 0, &us, NULL))
            return false;
        named = named || us != 0;
        double seconds = (double)us / (double)OMO_US_PER_SECOND;
        g_array_append_val(axis->numbers, seconds);
    }
    return named;
}

static bool axis_measure_numbers(struct axis *axis, const char **ret_unit)
{
    const char *unit = "";

    for (guint i = 0; i < axis->texts->len; i++) {
        const char *text = axis_text(axis, i);
        char *end;
        double number = g_ascii_strtod(text, &end);
        if (end == text || !isfinite(number) || strpbrk(end, " :,{[(") != NULL)
            return false;
        if (*unit == '\0')
            unit = end;
        if (strcmp(unit, end) != 0 && (number != 0 || *end != '\0'))
            return false;
        g_array_append_val(axis->numbers, number);
    }
    for (guint i = 0; i < axis->texts->len; i++) /* "1, 2h": the first unit came late */
        if (!g_str_has_suffix(axis_text(axis, i), unit) &&
            g_array_index(axis->numbers, double, i) != 0)
            return false;
    *ret_unit = unit;
    return true;
}

void axis_measure(struct axis *axis)
{
    const char *unit = "s";

    axis->about.kind = SCENARIO_AXIS_DURATION;
    if (!axis_measure_durations(axis)) {
        g_array_set_size(axis->numbers, 0);
        axis->about.kind = SCENARIO_AXIS_NUMBER;
        if (!axis_measure_numbers(axis, &unit)) {
            double none = (double)NAN;
            unit = "";
            axis->about.kind = SCENARIO_AXIS_CATEGORY;
            g_array_set_size(axis->numbers, 0);
            for (guint i = 0; i < axis->texts->len; i++)
                g_array_append_val(axis->numbers, none);
        }
    }
    axis->about.unit = axis->unit = g_strdup(unit);
}
