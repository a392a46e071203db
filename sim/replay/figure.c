/* Figures: three digits say all that a reader compares, and a unit that fits keeps them short.
 *
 * Rounding comes before the choice of the unit, or 999.6 us would read "1000 us". Numbers of four
 * digits and more are whole and grouped. GLib formats, because the C library's decimal point is the
 * locale's.
 */
#include "replay/figure.h"

#include "shell/units.h"

#include <math.h>
#include <string.h>

/* Three significant digits, without zeros behind the point. */
static void figure_digits(double value, char ret_text[24])
{
    if (isnan(value))
        g_strlcpy(ret_text, "-", 24);
    else if (fabs(value) >= 999.5) {
        g_autofree char *grouped = units_format_count((int64_t)CLAMP(round(value), -1e18, 1e18));
        g_strlcpy(ret_text, grouped, 24);
    } else
        g_ascii_formatd(ret_text, 24, "%.3g", value);
}

static struct figure figure_make(double value, const char *unit)
{
    struct figure figure;
    char digits[24];

    figure_digits(value, digits);
    g_snprintf(figure.text, sizeof figure.text, "%s%s", digits, unit);
    return figure;
}

struct figure figure_time(double ns)
{
    static const struct {
        const char *unit;
        double ns, next;
    } units[] = {
        {" ns", 1, 999.5},    {" us", 1e3, 999.5},   {" ms", 1e6, 999.5},
        {" s", 1e9, 119.995}, {" min", 60e9, 119.5}, {" h", 3600e9, INFINITY},
    };
    size_t i = 0;

    if (ns == 0)
        return figure_make(0, " ms");
    while (i + 1 < G_N_ELEMENTS(units) && fabs(ns) >= units[i].next * units[i].ns)
        i++;
    return figure_make(ns / units[i].ns, isnan(ns) ? "" : units[i].unit);
}

struct figure figure_share(double share)
{
    double percent = share * 100;

    /* What is not all or nothing does not read so. */
    if (percent > 99.95 && percent < 100) {
        struct figure figure;
        char digits[24];
        g_ascii_formatd(digits, sizeof digits, "%.4f", MIN(percent, 99.9999));
        g_snprintf(figure.text, sizeof figure.text, "%s%%", digits);
        return figure;
    }
    return figure_make(percent, isnan(share) ? "" : "%");
}

struct figure figure_rate(double per_s) { return figure_make(per_s, isnan(per_s) ? "" : "/s"); }

struct figure figure_count(uint64_t count)
{
    struct figure figure;
    g_autofree char *grouped = units_format_count((int64_t)MIN(count, (uint64_t)INT64_MAX));

    g_strlcpy(figure.text, grouped, sizeof figure.text);
    return figure;
}

struct figure figure_bytes(uint64_t bytes)
{
    static const char *const units[] = {" B", " kB", " MB", " GB", " TB"};
    double value = (double)bytes;
    size_t i = 0;

    while (value >= 999.5 && i + 1 < G_N_ELEMENTS(units)) {
        value /= 1000;
        i++;
    }
    return figure_make(value, units[i]);
}

struct figure figure_number(double number) { return figure_make(number, ""); }
