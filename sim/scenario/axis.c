/* Values of a --vary argument.
 *
 * Values are YAML, so commas and colons inside brackets, braces, parentheses (laws) and quotes are
 * theirs. A single value of three parts "low:high:step", numbers with one unit at most, is a range:
 * it runs in decimal integers, so that 0:1:0.1 has eleven values, the eighth of which is 0.7 and
 * not 0.7000000000000001. high is taken in when the steps meet it.
 */
#include "scenario/axis.h"

#include "shell/diagnostic.h"

#include <stdbool.h>
#include <string.h>

#define AXIS_DIGITS_MAX 15

static gboolean axis_fail(const char *argument, const char *why, GError **ret_error)
{
    diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at("--vary", 0, 0),
                   "%s, found '%s'", why, argument);
    return FALSE;
}

/* Splits at `separator` outside of brackets and quotes; parts are stripped. */
static GPtrArray *axis_split(const char *text, char separator)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
    const char *begin = text;
    int depth = 0;
    char quote = '\0';

    for (const char *c = text;; c++) {
        bool end = *c == '\0' || (*c == separator && depth <= 0 && quote == '\0');
        if (end) {
            g_ptr_array_add(parts, g_strstrip(g_strndup(begin, (gsize)(c - begin))));
            begin = c + 1;
        }
        if (*c == '\0')
            return parts;
        if (quote != '\0')
            quote = *c == quote ? '\0' : quote;
        else if (*c == '"' || *c == '\'')
            quote = *c;
        else if (strchr("([{", *c) != NULL)
            depth++;
        else if (strchr(")]}", *c) != NULL)
            depth--;
    }
}

struct axis_number {
    int64_t digits; /* value x 10^decimals */
    uint32_t decimals;
    const char *unit; /* rest of the text */
};

/* Decimal without exponent; false when the text doesn't begin with one. */
static bool axis_number(const char *text, struct axis_number *ret_number)
{
    struct axis_number n = {0};
    bool negative = *text == '-', point = false;
    uint32_t count = 0;

    for (text += negative; g_ascii_isdigit(*text) || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (++count > AXIS_DIGITS_MAX)
            return false;
        n.digits = n.digits * 10 + (*text - '0');
        n.decimals += point;
    }
    n.digits = negative ? -n.digits : n.digits;
    n.unit = text;
    *ret_number = n;
    return count > 0;
}

/* The number in units of 10^-decimals; false when it is too long for that. */
static bool axis_scale(const struct axis_number *n, uint32_t decimals, int64_t *ret_digits)
{
    int64_t digits = n->digits;

    for (uint32_t i = n->decimals; i < decimals; i++)
        if (__builtin_mul_overflow(digits, 10, &digits))
            return false;
    *ret_digits = digits;
    return digits < INT64_MAX / 4 && digits > -INT64_MAX / 4;
}

/* "0.7" of 70 with two decimals. */
static char *axis_format(int64_t digits, uint32_t decimals, const char *unit)
{
    uint64_t scale = 1, positive = digits < 0 ? -(uint64_t)digits : (uint64_t)digits;

    for (; decimals > 0 && positive % 10 == 0; decimals--)
        positive /= 10;
    for (uint32_t i = 0; i < decimals; i++)
        scale *= 10;
    if (decimals == 0)
        return g_strdup_printf("%s%" G_GUINT64_FORMAT "%s", digits < 0 ? "-" : "", positive, unit);
    return g_strdup_printf("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT "%s",
                           digits < 0 ? "-" : "", positive / scale, (int)decimals, positive % scale,
                           unit);
}

static bool axis_is_range(const GPtrArray *parts, struct axis_number numbers[3])
{
    if (parts->len != 3)
        return false;
    for (uint32_t i = 0; i < 3; i++)
        if (!axis_number(g_ptr_array_index(parts, i), &numbers[i]) ||
            strcmp(numbers[i].unit, numbers[0].unit) != 0)
            return false;
    return true;
}

/* Values of a range; NULL with an error. */
static GPtrArray *axis_range(const char *argument, const struct axis_number numbers[3],
                             GError **ret_error)
{
    uint32_t decimals = MAX(numbers[0].decimals, MAX(numbers[1].decimals, numbers[2].decimals));
    int64_t scaled[3];

    for (uint32_t i = 0; i < 3; i++)
        if (!axis_scale(&numbers[i], decimals, &scaled[i])) {
            axis_fail(argument, "expected a range of numbers with fewer digits", ret_error);
            return NULL;
        }
    if (scaled[2] <= 0 || scaled[1] < scaled[0]) {
        axis_fail(argument, "expected a range low:high:step with low <= high and step above 0",
                  ret_error);
        return NULL;
    }
    if ((scaled[1] - scaled[0]) / scaled[2] >= AXIS_VALUES_MAX) {
        axis_fail(argument, "expected a range of at most 10000 values", ret_error);
        return NULL;
    }
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    for (int64_t at = scaled[0]; at <= scaled[1]; at += scaled[2])
        g_ptr_array_add(values, axis_format(at, decimals, numbers[0].unit));
    return values;
}

GPtrArray *axis_parse(const char *argument, GError **ret_error)
{
    struct axis_number numbers[3];
    const char *equals = argument;

    for (bool quoted = false; *equals != '\0' && (quoted || *equals != '='); equals++)
        quoted ^= *equals == '"';
    if (*equals != '=' || equals == argument) {
        axis_fail(argument, "expected path=value,value,... such as routing=nearest,cheapest",
                  ret_error);
        return NULL;
    }
    g_autofree char *path = g_strstrip(g_strndup(argument, (gsize)(equals - argument)));
    g_autoptr(GPtrArray) values = axis_split(equals + 1, ',');
    g_autoptr(GPtrArray) parts = axis_split(equals + 1, ':');
    if (values->len == 1 && axis_is_range(parts, numbers)) {
        g_ptr_array_unref(values);
        values = axis_range(argument, numbers, ret_error);
        if (values == NULL)
            return NULL;
    }

    g_autoptr(GPtrArray) settings = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < values->len; i++) {
        const char *value = g_ptr_array_index(values, i);
        char *setting = g_strdup_printf("%s=%s", path, value);
        bool repeated = g_ptr_array_find_with_equal_func(settings, setting, g_str_equal, NULL);
        g_ptr_array_add(settings, setting);
        if (*value == '\0' || repeated) {
            axis_fail(argument, *value == '\0' ? "a value is empty" : "a value stands there twice",
                      ret_error);
            return NULL;
        }
    }
    return g_steal_pointer(&settings);
}
