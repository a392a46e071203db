/* Values with units, written.
 *
 * Integers all the way: amounts and durations are split by division, so what is printed is exact
 * and reads back to the same number. Only the short form of a duration, made for people, goes
 * through double. Magnitudes are taken as unsigned, since the most negative integer has no
 * positive.
 */
#include "shell/units.h"

#include <omosim/types.h>
#include <string.h>

static const struct units_format_time {
    const char *name;
    int64_t us;
} units_format_times[] = {
    {"d", OMO_US_PER_DAY},    {"h", OMO_US_PER_HOUR}, {"min", OMO_US_PER_MINUTE},
    {"s", OMO_US_PER_SECOND}, {"ms", OMO_US_PER_MS},  {"us", 1},
};

static uint64_t units_format_magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

char *units_format_duration(int64_t us)
{
    GString *text = g_string_new(us < 0 ? "-" : "");
    uint64_t rest = units_format_magnitude(us);

    if (rest == 0)
        g_string_append(text, "0s");
    for (size_t i = 0; i < G_N_ELEMENTS(units_format_times) && rest > 0; i++) {
        uint64_t unit = (uint64_t)units_format_times[i].us;
        if (rest / unit > 0)
            g_string_append_printf(text, "%" G_GUINT64_FORMAT "%s", rest / unit,
                                   units_format_times[i].name);
        rest %= unit;
    }
    return g_string_free(text, FALSE);
}

/* Fixed decimals without the zeros at their end; the decimal point whatever the locale says. */
static void units_format_append(GString *text, const char *format, double value)
{
    char number[64];
    g_ascii_formatd(number, sizeof number, format, value);
    if (strchr(number, '.') != NULL) {
        size_t length = strlen(number);
        while (number[length - 1] == '0')
            length--;
        number[number[length - 1] == '.' ? length - 1 : length] = '\0';
    }
    g_string_append(text, number);
}

char *units_format_duration_short(int64_t us)
{
    GString *text = g_string_new(us < 0 ? "-" : "");
    uint64_t magnitude = units_format_magnitude(us);

    if (magnitude == 0)
        g_string_append(text, "0s");
    for (size_t i = 0; i < G_N_ELEMENTS(units_format_times) && magnitude > 0; i++) {
        if (magnitude < (uint64_t)units_format_times[i].us)
            continue;
        double value = (double)magnitude / (double)units_format_times[i].us;
        units_format_append(text, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
        g_string_append(text, units_format_times[i].name);
        break;
    }
    return g_string_free(text, FALSE);
}

static void units_format_append_grouped(GString *text, uint64_t value)
{
    char digits[24];
    int length = g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, value);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            g_string_append_c(text, ',');
        g_string_append_c(text, digits[i]);
    }
}

char *units_format_money(int64_t cents)
{
    GString *text = g_string_new(cents < 0 ? "-" : "");
    uint64_t magnitude = units_format_magnitude(cents);

    units_format_append_grouped(text, magnitude / 100);
    g_string_append_printf(text, ".%02u", (unsigned)(magnitude % 100));
    return g_string_free(text, FALSE);
}

char *units_format_share(int64_t ppm)
{
    GString *text = g_string_new(ppm < 0 ? "-" : "");
    uint64_t magnitude = units_format_magnitude(ppm);

    g_string_append_printf(text, "%" G_GUINT64_FORMAT, magnitude / 10000);
    unsigned fraction = (unsigned)(magnitude % 10000);
    if (fraction > 0) {
        g_string_append_printf(text, ".%04u", fraction);
        while (text->str[text->len - 1] == '0')
            g_string_truncate(text, text->len - 1);
    }
    g_string_append_c(text, '%');
    return g_string_free(text, FALSE);
}

char *units_format_count(int64_t count)
{
    GString *text = g_string_new(count < 0 ? "-" : "");
    units_format_append_grouped(text, units_format_magnitude(count));
    return g_string_free(text, FALSE);
}

char *units_format_time_of_day(int64_t us)
{
    int64_t second_us = us % OMO_US_PER_MINUTE;
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "%02d:%02d", (int)(us / OMO_US_PER_HOUR),
                           (int)(us / OMO_US_PER_MINUTE % 60));
    if (second_us != 0)
        g_string_append_printf(text, ":%02d", (int)(second_us / OMO_US_PER_SECOND));
    if (second_us % OMO_US_PER_SECOND != 0) {
        g_string_append_printf(text, ".%06d", (int)(second_us % OMO_US_PER_SECOND));
        while (text->str[text->len - 1] == '0')
            g_string_truncate(text, text->len - 1);
    }
    return g_string_free(text, FALSE);
}
