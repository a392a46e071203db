/* Values with units.
 *
 * Every parser starts from the same scan of a decimal number into digits and a power of ten.
 * Scaling to cents, parts per million or microseconds then happens in 128-bit integers: 12.35 is
 * 1235 cents and not what 12.35 * 100.0 is. Doubles appear only where the result is one (distances,
 * rates), and there the power of ten is shifted in the text before strtod, so the result is the
 * nearest double to what was written.
 *
 * The scan keeps 24 digits. Fraction digits beyond them are dropped and remembered as "inexact",
 * which money refuses and the others round. strtod is never let near the raw text: it would take
 * inf, nan and hexadecimal.
 *
 * Errors say what was expected with an example of it. One sentence for all kinds of trouble proved
 * clearer than a sentence for each, except for the three that people run into: no unit, `m` for
 * minutes, and too large.
 */
#include "shell/units.h"
#include "shell/diagnostic.h"

#include <math.h>
#include <omosim/types.h>
#include <string.h>

#define UNITS_DIGITS_MAX 24 /* times a week in us: below 2^127 */
#define UNITS_EXPONENT_MAX 400

__extension__ typedef __int128 units_wide;

struct units_decimal {
    units_wide digits; /* with the sign */
    int exponent;      /* of ten */
    bool negative;
    bool inexact; /* digits were dropped */
};

static const struct units_time {
    const char *name;
    int64_t us;
} units_times[] = {
    {"us", 1},
    {"ms", OMO_US_PER_MS},
    {"s", OMO_US_PER_SECOND},
    {"min", OMO_US_PER_MINUTE},
    {"h", OMO_US_PER_HOUR},
    {"d", OMO_US_PER_DAY},
    {"w", 7 * OMO_US_PER_DAY},
};

/* What was found, fit for a message. */
static char *units_found(const char *text)
{
    if (*text == '\0')
        return g_strdup("nothing");
    if (g_utf8_strlen(text, -1) <= 40)
        return g_strdup_printf("'%s'", text);
    g_autofree char *head = g_utf8_substring(text, 0, 40);
    return g_strdup_printf("'%s...'", head);
}

static gboolean units_fail(GError **ret_error, const char *expected, const char *text,
                           const char *why)
{
    g_autofree char *found = units_found(text);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "expected %s, found %s%s",
                expected, found, why);
    return FALSE;
}

static char *units_trim(const char *text) { return g_strstrip(g_strdup(text)); }

/* Reads [sign] digits [. digits] [e exponent] at `text`; false when there is no number. */
static bool units_scan(const char *text, bool with_sign, struct units_decimal *ret_decimal,
                       const char **ret_end)
{
    struct units_decimal d = {0};
    int kept = 0, seen = 0;
    bool fraction = false;

    if (with_sign && (*text == '-' || *text == '+'))
        d.negative = *text++ == '-';
    for (; g_ascii_isdigit(*text) || (*text == '.' && !fraction && g_ascii_isdigit(text[1]));
         text++) {
        if (*text == '.') {
            fraction = true;
            continue;
        }
        seen++;
        if (kept == UNITS_DIGITS_MAX) {
            d.inexact |= *text != '0';
            d.exponent += fraction ? 0 : 1;
            continue;
        }
        d.digits = d.digits * 10 + (*text - '0');
        kept += d.digits != 0;
        d.exponent -= fraction ? 1 : 0;
    }
    if (seen == 0)
        return false;

    bool has_exponent = (*text == 'e' || *text == 'E') &&
                        (g_ascii_isdigit(text[1]) ||
                         ((text[1] == '-' || text[1] == '+') && g_ascii_isdigit(text[2])));
    if (has_exponent) {
        bool down = *++text == '-';
        int exponent = 0;
        if (*text == '-' || *text == '+')
            text++;
        for (; g_ascii_isdigit(*text); text++)
            exponent = MIN(exponent * 10 + (*text - '0'), UNITS_EXPONENT_MAX);
        d.exponent += down ? -exponent : exponent;
    }
    if (d.negative)
        d.digits = -d.digits;
    *ret_decimal = d;
    *ret_end = text;
    return true;
}

/* decimal * unit as a whole number, halves away from 0; false on overflow. */
static bool units_scale(struct units_decimal d, int64_t unit, int64_t *ret_value, bool *ret_exact)
{
    units_wide value = d.digits * unit;
    bool exact = !d.inexact;
    int exponent = d.exponent;

    for (; exponent > 0 && value != 0; exponent--) {
        value *= 10;
        if (value > INT64_MAX || value < INT64_MIN)
            return false;
    }
    if (value != 0 && exponent < -36) {
        value = 0;
        exact = false;
    }
    if (value != 0 && exponent < 0) {
        units_wide power = 1;
        for (; exponent < 0; exponent++)
            power *= 10;
        units_wide rest = value % power;
        value /= power;
        exact = exact && rest == 0;
        if (rest >= power - rest)
            value++;
        else if (-rest >= power + rest)
            value--;
    }
    if (value > INT64_MAX || value < INT64_MIN)
        return false;
    *ret_value = (int64_t)value;
    *ret_exact = exact;
    return true;
}

/* decimal * 10^shift as the nearest double; false when it isn't finite. */
static bool units_to_double(struct units_decimal d, int shift, double *ret_value)
{
    const units_wide half = INT64_C(1000000000000);
    const units_wide digits = d.negative ? -d.digits : d.digits;
    char text[64];
    g_snprintf(text, sizeof text, "%s%" G_GINT64_FORMAT "%012" G_GINT64_FORMAT "e%d",
               d.negative ? "-" : "", (int64_t)(digits / half), (int64_t)(digits % half),
               d.exponent + shift);
    double value = g_ascii_strtod(text, NULL);
    if (!isfinite(value))
        return false;
    *ret_value = value;
    return true;
}

/* Unit of time whose name is the `length` bytes at `name`, or 0. */
static int64_t units_time_us(const char *name, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(units_times); i++)
        if (strlen(units_times[i].name) == length && memcmp(units_times[i].name, name, length) == 0)
            return units_times[i].us;
    return 0;
}

static const char *units_skip_letters(const char *text)
{
    while (g_ascii_isalpha(*text))
        text++;
    return text;
}

gboolean units_parse_time_unit_us(const char *text, int64_t *ret_us, GError **ret_error)
{
    g_autofree char *word = units_trim(text);
    int64_t us = units_time_us(word, strlen(word));
    if (us == 0)
        return units_fail(ret_error, "a unit of time (us, ms, s, min, h, d, w)", word, "");
    *ret_us = us;
    return TRUE;
}

/* The parts of "1d12h30min", largest unit first. */
static gboolean units_parse_duration_parts(const char *text, int64_t *ret_us, GError **ret_error)
{
    int64_t total_us = 0, unit_last_us = INT64_MAX;
    const char *at = text;

    while (*at != '\0') {
        struct units_decimal number;
        int64_t part_us;
        bool exact;
        if (!units_scan(at, false, &number, &at))
            return units_fail(ret_error, UNITS_DURATION, text, "");
        while (*at == ' ')
            at++;
        const char *end = units_skip_letters(at);
        int64_t unit_us = units_time_us(at, (size_t)(end - at));
        if (unit_us == 0 && end - at == 1 && *at == 'm')
            return units_fail(ret_error, UNITS_DURATION, text, " (minutes are min)");
        if (unit_us == 0 && end == at && *at == '\0')
            return units_fail(ret_error, UNITS_DURATION, text, " without a unit");
        if (unit_us == 0 || unit_us >= unit_last_us)
            return units_fail(ret_error, UNITS_DURATION, text, "");
        if (!units_scale(number, unit_us, &part_us, &exact) ||
            __builtin_add_overflow(total_us, part_us, &total_us))
            return units_fail(ret_error, UNITS_DURATION, text, ", which is too large");
        unit_last_us = unit_us;
        at = end;
        while (*at == ' ')
            at++;
    }
    *ret_us = total_us;
    return TRUE;
}

gboolean units_parse_duration_us(const char *text, int64_t bare_us, int64_t *ret_us,
                                 GError **ret_error)
{
    g_autofree char *word = units_trim(text);
    struct units_decimal number;
    const char *end;

    if (!units_scan(word, false, &number, &end))
        return units_fail(ret_error, UNITS_DURATION, word, "");
    if (*end == '\0' && (bare_us > 0 || number.digits == 0)) {
        bool exact;
        if (!units_scale(number, MAX(bare_us, 1), ret_us, &exact))
            return units_fail(ret_error, UNITS_DURATION, word, ", which is too large");
        return TRUE;
    }
    return units_parse_duration_parts(word, ret_us, ret_error);
}

/* A whole text that is one number, with an optional suffix. */
static bool units_scan_all(const char *word, const char *suffix, struct units_decimal *ret_decimal)
{
    const char *end;
    return units_scan(word, true, ret_decimal, &end) && strcmp(end, suffix) == 0;
}

static gboolean units_parse_money(const char *text, bool rounded, int64_t *ret_cents,
                                  GError **ret_error)
{
    g_autofree char *word = units_trim(text);
    struct units_decimal number;
    int64_t cents;
    bool exact;

    if (!units_scan_all(word, "", &number))
        return units_fail(ret_error, UNITS_MONEY, word, "");
    if (!units_scale(number, 100, &cents, &exact))
        return units_fail(ret_error, UNITS_MONEY, word, ", which is too large");
    if (!exact && !rounded)
        return units_fail(ret_error, UNITS_MONEY " with at most two decimals", word, "");
    *ret_cents = cents;
    return TRUE;
}

gboolean units_parse_money_cents(const char *text, int64_t *ret_cents, GError **ret_error)
{
    return units_parse_money(text, false, ret_cents, ret_error);
}

gboolean units_parse_money_rounded_cents(const char *text, int64_t *ret_cents, GError **ret_error)
{
    return units_parse_money(text, true, ret_cents, ret_error);
}

gboolean units_parse_share_ppm(const char *text, int64_t *ret_ppm, GError **ret_error)
{
    g_autofree char *word = units_trim(text);
    struct units_decimal number;
    bool exact, percent = false;

    if (!units_scan_all(word, "", &number)) {
        percent = units_scan_all(word, "%", &number) || units_scan_all(word, " %", &number);
        if (!percent)
            return units_fail(ret_error, UNITS_SHARE, word, "");
    }
    if (!units_scale(number, percent ? OMO_PPM / 100 : OMO_PPM, ret_ppm, &exact))
        return units_fail(ret_error, UNITS_SHARE, word, ", which is too large");
    return TRUE;
}

/* Power of ten of a unit of length in metres, or -1. */
static int units_distance_shift(const char *name, size_t length)
{
    if (length == 1 && *name == 'm')
        return 0;
    return length == 2 && memcmp(name, "km", 2) == 0 ? 3 : -1;
}

gboolean units_parse_distance_m(const char *text, double *ret_m, GError **ret_error)
{
    g_autofree char *word = units_trim(text);
    struct units_decimal number;
    const char *end;

    if (!units_scan(word, false, &number, &end))
        return units_fail(ret_error, UNITS_DISTANCE, word, "");
    while (*end == ' ')
        end++;
    int shift = units_distance_shift(end, strlen(end));
    if (*end == '\0' && number.digits == 0)
        shift = 0;
    if (shift < 0)
        return units_fail(ret_error, UNITS_DISTANCE, word, *end == '\0' ? " without a unit" : "");
    if (!units_to_double(number, shift, ret_m))
        return units_fail(ret_error, UNITS_DISTANCE, word, ", which is too large");
    return TRUE;
}

gboolean units_parse_speed_m_per_s(const char *text, double *ret_m_per_s, GError **ret_error)
{
    g_autofree char *word = units_trim(text);
    struct units_decimal number;
    const char *end;
    double metres;

    if (!units_scan(word, false, &number, &end))
        return units_fail(ret_error, UNITS_SPEED, word, "");
    while (*end == ' ')
        end++;
    const char *slash = units_skip_letters(end);
    int shift = units_distance_shift(end, (size_t)(slash - end));
    int64_t unit_us = *slash == '/' ? units_time_us(slash + 1, strlen(slash + 1)) : 0;
    if (shift < 0 || unit_us == 0)
        return units_fail(ret_error, UNITS_SPEED, word, *end == '\0' ? " without a unit" : "");
    if (!units_to_double(number, shift, &metres))
        return units_fail(ret_error, UNITS_SPEED, word, ", which is too large");
    *ret_m_per_s = metres * (double)OMO_US_PER_SECOND / (double)unit_us;
    return TRUE;
}

/* What stands behind the slash of a rate: a unit, or a duration. */
static bool units_rate_period_us(const char *text, int64_t *ret_us)
{
    int64_t us = units_time_us(text, strlen(text));
    if (us == 0 && !units_parse_duration_us(text, 0, &us, NULL))
        return false;
    *ret_us = us;
    return us > 0;
}

gboolean units_parse_rate(const char *text, int64_t bare_us, int64_t per_us, double *ret_rate,
                          GError **ret_error)
{
    g_autofree char *word = units_trim(text);
    struct units_decimal number;
    const char *end;
    double count;
    int64_t period_us = bare_us;

    if (!units_scan(word, false, &number, &end))
        return units_fail(ret_error, UNITS_RATE, word, "");
    while (*end == ' ')
        end++;
    if (*end == '\0' && number.digits == 0)
        period_us = 1;
    else if (*end == '\0' && bare_us <= 0)
        return units_fail(ret_error, UNITS_RATE, word, " without a unit");
    else if (*end != '\0' && (*end != '/' || !units_rate_period_us(end + 1, &period_us)))
        return units_fail(ret_error, UNITS_RATE, word, "");
    if (!units_to_double(number, 0, &count) ||
        !isfinite(count * ((double)per_us / (double)period_us)))
        return units_fail(ret_error, UNITS_RATE, word, ", which is too large");
    *ret_rate = count * (double)per_us / (double)period_us;
    return TRUE;
}

gboolean units_parse_time_of_day_us(const char *text, int64_t *ret_us, GError **ret_error)
{
    g_autofree char *word = units_trim(text);
    const char *at = word;
    int64_t parts[2] = {0};
    int64_t second_us = 0;
    bool exact;

    for (int i = 0; i < 2; i++) {
        int digits = 0;
        for (; g_ascii_isdigit(*at) && digits < 2; digits++)
            parts[i] = parts[i] * 10 + (*at++ - '0');
        if (digits == 0 || (i == 0 ? *at++ != ':' : digits != 2))
            return units_fail(ret_error, UNITS_TIME_OF_DAY, word, "");
    }
    if (*at == ':') {
        struct units_decimal seconds;
        const char *end;
        if (!g_ascii_isdigit(at[1]) || !g_ascii_isdigit(at[2]) ||
            !units_scan(at + 1, false, &seconds, &end) || *end != '\0' ||
            !units_scale(seconds, OMO_US_PER_SECOND, &second_us, &exact))
            return units_fail(ret_error, UNITS_TIME_OF_DAY, word, "");
        at = end;
    }
    int64_t us = parts[0] * OMO_US_PER_HOUR + parts[1] * OMO_US_PER_MINUTE + second_us;
    if (*at != '\0' || parts[1] > 59 || second_us >= OMO_US_PER_MINUTE || us > OMO_US_PER_DAY)
        return units_fail(ret_error, UNITS_TIME_OF_DAY, word, "");
    *ret_us = us;
    return TRUE;
}

gboolean units_parse_whole(const char *text, int64_t *ret_whole, GError **ret_error)
{
    g_autofree char *word = units_trim(text);
    struct units_decimal number;
    int64_t whole;
    bool exact;

    if (!units_scan_all(word, "", &number))
        return units_fail(ret_error, UNITS_WHOLE, word, "");
    if (!units_scale(number, 1, &whole, &exact))
        return units_fail(ret_error, UNITS_WHOLE, word, ", which is too large");
    if (!exact)
        return units_fail(ret_error, UNITS_WHOLE, word, "");
    *ret_whole = whole;
    return TRUE;
}

gboolean units_parse_number(const char *text, double *ret_number, GError **ret_error)
{
    g_autofree char *word = units_trim(text);
    struct units_decimal number;

    if (!units_scan_all(word, "", &number))
        return units_fail(ret_error, UNITS_NUMBER, word, "");
    /* The text is a plain decimal by now, so strtod may have all of its digits. */
    double value = g_ascii_strtod(word, NULL);
    if (!isfinite(value))
        return units_fail(ret_error, UNITS_NUMBER, word, ", which is too large");
    *ret_number = value;
    return TRUE;
}

gboolean units_parse_bool(const char *text, gboolean *ret_bool, GError **ret_error)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
    g_autofree char *word = units_trim(text);

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_ascii_strcasecmp(word, words[i]) == 0) {
            *ret_bool = i % 2 == 1;
            return TRUE;
        }
    return units_fail(ret_error, "true or false", word, "");
}
