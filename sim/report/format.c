/* Digits are decided once, here, for tables, sentences and pictures alike.
 *
 * The step is a power of ten: the second digit of the half-width (two digits, since the second
 * still says whether 1.5 or 1.9 is meant). Values are rounded to the step and printed with as many
 * decimals as it has; steps above one print zeros, with thousands in groups. Minus and multiply
 * are the typographic characters, because a hyphen before a number is easily lost at a line's end.
 *
 * g_ascii_formatd() keeps the decimal point a point whatever the locale.
 */
#include "report/format.h"

#include <math.h>
#include <string.h>

struct format_unit format_unit_for(const char *unit, double magnitude)
{
    struct format_unit f = {.factor = 1.0};

    if (strcmp(unit, "1") == 0) {
        if (fabs(magnitude) > 1.0)
            return f;
        f.factor = 100.0;
        g_strlcpy(f.suffix, "%", sizeof f.suffix);
        g_strlcpy(f.difference, "pp", sizeof f.difference);
        return f;
    }
    g_strlcpy(f.suffix, unit, sizeof f.suffix);
    if (strcmp(unit, "h") == 0 && fabs(magnitude) < 1.0) {
        f.factor = 60.0;
        g_strlcpy(f.suffix, "min", sizeof f.suffix);
    } else if (strcmp(unit, "h") == 0 && fabs(magnitude) > 72.0) {
        f.factor = 1.0 / 24.0;
        g_strlcpy(f.suffix, "d", sizeof f.suffix);
    }
    if (strcmp(unit, "ms") == 0 && fabs(magnitude) >= 1000.0) {
        f.factor = 1e-3;
        g_strlcpy(f.suffix, "s", sizeof f.suffix);
    } else if (strcmp(unit, "ms") == 0 && fabs(magnitude) < 1.0) {
        f.factor = 1e3;
        g_strlcpy(f.suffix, "\u00b5s", sizeof f.suffix);
    }
    g_strlcpy(f.difference, f.suffix, sizeof f.difference);
    return f;
}

/* Exponent of the last digit that is shown. */
static int format_step(double value, double half_width, int style)
{
    double size = fabs(value);
    int step;

    if (isfinite(half_width) && half_width > 0.0) {
        step = (int)floor(log10(half_width)) - 1;
        return MIN(step, size > 0.0 ? (int)floor(log10(size)) : step);
    }
    if (size == 0.0 || (size == floor(size) && size < 1e6))
        return 0;
    step = (int)floor(log10(size)) - (style & FORMAT_COMPACT ? 2 : 3);
    /* A short decimal fraction keeps no zeros at its end. */
    while (step < 0 &&
           fabs(size * pow(10.0, -step - 1) - round(size * pow(10.0, -step - 1))) < 1e-9 * size)
        step++;
    return step;
}

/* Digits of a rounded number in groups of three, without sign. */
static char *format_grouped(double value, int decimals)
{
    char plain[400], form[16];
    size_t whole;
    GString *text = g_string_new(NULL);

    g_snprintf(form, sizeof form, "%%.%df", decimals);
    g_ascii_formatd(plain, sizeof plain, form, fabs(value));
    whole = strcspn(plain, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            g_string_append_c(text, ',');
        g_string_append_c(text, plain[i]);
    }
    g_string_append(text, plain + whole);
    return g_string_free(text, FALSE);
}

static char *format_rounded(double value, int step, int style)
{
    static const struct {
        double size;
        const char *suffix;
        int exponent;
    } prefixes[] = {{1e9, "\u00a0G", 9}, {1e6, "\u00a0M", 6}, {1e4, "\u00a0k", 3}};
    const char *suffix = "", *sign = "";
    g_autofree char *digits = NULL;
    double rounded;

    if (style & FORMAT_COMPACT)
        for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
            if (fabs(value) >= prefixes[i].size) {
                value /= pow(10.0, prefixes[i].exponent);
                step = MAX(step - prefixes[i].exponent, (int)floor(log10(fabs(value))) - 3);
                suffix = prefixes[i].suffix;
                break;
            }
    step = CLAMP(step, -9, 15);
    rounded = step > 0 ? round(value / pow(10.0, step)) * pow(10.0, step) : value;
    digits = format_grouped(rounded, step < 0 ? -step : 0);
    if (strspn(digits, "0.,") != strlen(digits))
        sign = value < 0.0 ? "\u2212" : style & FORMAT_SIGNED ? "+" : "";
    return g_strconcat(sign, digits, suffix, NULL);
}

char *format_number(double value, double half_width, const struct format_unit *unit, int style)
{
    double shown = value * unit->factor;

    if (!isfinite(value))
        return g_strdup("\u2013");
    return format_rounded(shown, format_step(shown, half_width * unit->factor, style), style);
}

char *format_half_width(double value, double half_width, const struct format_unit *unit, int style)
{
    double shown = half_width * unit->factor;

    if (!isfinite(half_width))
        return g_strdup("\u2013");
    return format_rounded(shown, format_step(value * unit->factor, shown, style),
                          style & ~FORMAT_SIGNED);
}

char *format_figure(double value, double half_width, const struct format_unit *unit, int style)
{
    g_autofree char *number = format_number(value, half_width, unit, style);
    const char *suffix = style & FORMAT_SIGNED ? unit->difference : unit->suffix;

    if (!isfinite(value) || suffix[0] == '\0')
        return g_steal_pointer(&number);
    return g_strconcat(number, "\u00a0", suffix, NULL);
}

char *format_change(double difference, double base)
{
    double share = base > 0.0 ? 100.0 * difference / base : (double)NAN;
    char text[64];

    if (!isfinite(share) || fabs(share) >= 1000.0)
        return g_strdup("");
    g_ascii_formatd(text, sizeof text, fabs(share) < 9.95 ? "%.1f" : "%.0f", fabs(share));
    return g_strconcat(share < 0.0 ? "\u2212" : "+", text, "\u00a0%", NULL);
}

char *format_html(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);

    return g_markup_escape_text(valid, -1);
}

char *format_name(const char *name)
{
    const char *dot = strchr(name, '.');
    g_autofree char *base = dot != NULL ? g_strndup(name, (size_t)(dot - name)) : g_strdup(name);

    g_strdelimit(base, "_", ' ');
    return dot != NULL ? g_strconcat(base, ", ", dot + 1, NULL) : g_steal_pointer(&base);
}
