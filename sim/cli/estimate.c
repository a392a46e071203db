/* Estimates as text and JSON.
 *
 * A table shows two significant digits of the half-width and cuts the mean at the same place: the
 * digits behind are noise, and printing them invites comparing noise. Without a half-width the mean
 * gets five digits. JSON has every bit.
 */
#include "cli/estimate.h"
#include "shell/json.h"

#include <inttypes.h>
#include <math.h>
#include <omosim/registry.h>
#include <string.h>

#define DECIMALS_MAX 8
#define GROUPED_BELOW 1e15

/* Position of the leading digit: 0 for 1..9.99, 3 for 1000..9999. */
static int leading_digit(double number) { return (int)floor(log10(fabs(number))); }

static int decimals_for(double mean, double half_width)
{
    int decimals;

    if (isfinite(half_width) && half_width > 0)
        decimals = 1 - leading_digit(half_width);
    else if (mean == 0 || mean == floor(mean))
        decimals = 0;
    else
        decimals = 4 - leading_digit(mean);
    return CLAMP(decimals, 0, DECIMALS_MAX);
}

/* "-1,234.50" */
static char *format_grouped(double number, int decimals, bool sign)
{
    if (!(fabs(number) < GROUPED_BELOW))
        return g_strdup_printf(sign ? "%+.6g" : "%.6g", number);

    g_autofree char *plain = g_strdup_printf("%.*f", decimals, fabs(number));
    const size_t whole_size = strcspn(plain, ".");
    GString *text = g_string_new(NULL);

    if (number < 0 && strspn(plain, "0.") != strlen(plain))
        g_string_append_c(text, '-');
    else if (sign && number > 0)
        g_string_append_c(text, '+');
    for (size_t i = 0; i < whole_size; i++) {
        g_string_append_c(text, plain[i]);
        if (i + 1 < whole_size && (whole_size - i - 1) % 3 == 0)
            g_string_append_c(text, ',');
    }
    g_string_append(text, plain + whole_size);
    return g_string_free(text, FALSE);
}

char *estimate_format(omo_summary summary, bool sign)
{
    if (!isfinite(summary.mean))
        return g_strdup("–");

    const int decimals = decimals_for(summary.mean, summary.half_width);
    g_autofree char *mean = format_grouped(summary.mean, decimals, sign);
    if (!isfinite(summary.half_width))
        return g_steal_pointer(&mean);
    g_autofree char *half_width = format_grouped(summary.half_width, decimals, false);
    return g_strconcat(mean, " ± ", half_width, NULL);
}

char *estimate_format_mean(omo_summary summary)
{
    if (!isfinite(summary.mean))
        return g_strdup("–");
    return format_grouped(summary.mean, decimals_for(summary.mean, summary.half_width), false);
}

char *estimate_format_number(double number)
{
    if (!isfinite(number))
        return g_strdup("–");

    g_autofree char *text = format_grouped(number, decimals_for(number, 0) + 1, false);
    if (strchr(text, '.') != NULL && strchr(text, 'e') == NULL) {
        size_t size = strlen(text);
        while (text[size - 1] == '0')
            size--;
        text[size - (text[size - 1] == '.')] = '\0';
    }
    return g_steal_pointer(&text);
}

bool estimate_excludes_zero(omo_summary summary)
{
    return isfinite(summary.mean) && isfinite(summary.half_width) &&
           fabs(summary.mean) > summary.half_width;
}

const char *estimate_unit(uint32_t kpi, const char *currency)
{
    const char *unit = omo_kpi_unit(kpi);

    return strcmp(unit, "money") == 0 ? currency : unit;
}

json_t *estimate_json(omo_summary summary, const char *unit)
{
    json_t *object = json_object();

    json_object_set_new(object, "mean", json_make_number(summary.mean));
    json_object_set_new(object, "half_width", json_make_number(summary.half_width));
    json_object_set_new(object, "unit", json_make_text(unit));
    return object;
}

char *estimate_digest(uint64_t digest) { return g_strdup_printf("%016" PRIx64, digest); }
