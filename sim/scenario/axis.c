/* Values of a --vary argument, all of them or a sample.
 *
 * Values are YAML, so commas and colons inside brackets, braces, parentheses (laws) and quotes are
 * theirs. A single value of three parts "low:high:step", numbers with one unit at most, is a range:
 * it runs in decimal integers, so that 0:1:0.1 has eleven values, the eighth of which is 0.7 and
 * not 0.7000000000000001. high is taken in when the steps meet it.
 *
 * A sample is a Latin hypercube (McKay, Beckman and Conover, Technometrics 21, 1979): each axis is
 * cut into as many equal parts as there are points, and each part is met once. Which part goes with
 * which is not drawn by lot but by rank in a sequence that fills a cube evenly
 * (quasi_coordinate()), so that two axes together are filled evenly too, and the same sample is
 * made on every machine. A value of a range low:high is the middle of its part, rounded to the
 * decimals that low and high are written with: 0:4 gives whole numbers, 0.00:4.00 hundredths. Lists
 * are sampled alike, a value being a part of the axis.
 */
#include "scenario/axis.h"

#include "scenario/quasi.h"
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

/* Whether the parts are `count` numbers with one unit; a bare 0 has any. */
static bool axis_is_range(const GPtrArray *parts, uint32_t count, struct axis_number numbers[])
{
    const char *unit = "";

    if (parts->len != count)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!axis_number(g_ptr_array_index(parts, i), &numbers[i]))
            return false;
        if (*unit == '\0')
            unit = numbers[i].unit;
    }
    for (uint32_t i = 0; i < count; i++) {
        const bool bare_zero = numbers[i].digits == 0 && *numbers[i].unit == '\0';
        if (strcmp(numbers[i].unit, unit) != 0 && !bare_zero)
            return false;
        numbers[i].unit = unit;
    }
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

/* ---- axes ------------------------------------------------------------------------------------ */

/* Takes the path. */
static struct axis *axis_new(char *path)
{
    struct axis *axis = g_new0(struct axis, 1);

    axis->path = path;
    axis->texts = g_ptr_array_new_with_free_func(g_free);
    axis->numbers = g_array_new(FALSE, FALSE, sizeof(double));
    axis->about.path = axis->about.label = path;
    axis->about.unit = "";
    return axis;
}

void axis_free(gpointer data)
{
    struct axis *axis = data;

    if (axis == NULL)
        return;
    g_free(axis->path);
    g_free(axis->unit);
    g_free(axis->label);
    g_ptr_array_unref(axis->texts);
    g_array_unref(axis->numbers);
    g_free(axis);
}

/* Takes the texts. */
static struct axis *axis_with(char *path, GPtrArray *texts)
{
    struct axis *axis = axis_new(path);

    g_ptr_array_unref(axis->texts);
    axis->texts = texts;
    axis_measure(axis);
    return axis;
}

struct axis *axis_of_factor(const char *name, const char *label)
{
    struct axis *axis = axis_new(g_strdup(name));

    axis->about.kind = SCENARIO_AXIS_FACTOR;
    axis->about.label = axis->label = g_strdup(label);
    for (uint32_t on = 0; on < 2; on++) {
        double number = on;
        g_ptr_array_add(axis->texts, g_strdup(on ? "on" : "off"));
        g_array_append_val(axis->numbers, number);
    }
    return axis;
}

/* The path, and where its values begin; NULL with an error. Caller frees. */
static char *axis_path(const char *argument, const char **ret_values, GError **ret_error)
{
    const char *equals = argument;

    for (bool quoted = false; *equals != '\0' && (quoted || *equals != '='); equals++)
        quoted ^= *equals == '"';
    if (*equals != '=' || equals == argument) {
        axis_fail(argument, "expected path=value,value,... such as routing=nearest,cheapest",
                  ret_error);
        return NULL;
    }
    *ret_values = equals + 1;
    return g_strstrip(g_strndup(argument, (gsize)(equals - argument)));
}

/* The values of a list or of a range with a step; NULL with an error. */
static GPtrArray *axis_values(const char *argument, const char *text, GError **ret_error)
{
    struct axis_number numbers[3];
    g_autoptr(GPtrArray) values = axis_split(text, ',');
    g_autoptr(GPtrArray) parts = axis_split(text, ':');

    if (values->len == 1 && axis_is_range(parts, 3, numbers))
        return axis_range(argument, numbers, ret_error);
    for (guint i = 0; i < values->len; i++) {
        const char *value = g_ptr_array_index(values, i);
        guint first;
        if (*value == '\0') {
            axis_fail(argument, "a value is empty", ret_error);
            return NULL;
        }
        if (g_ptr_array_find_with_equal_func(values, value, g_str_equal, &first) && first != i) {
            axis_fail(argument, "a value stands there twice", ret_error);
            return NULL;
        }
    }
    return g_steal_pointer(&values);
}

struct axis *axis_parse(const char *argument, GError **ret_error)
{
    const char *text;
    g_autofree char *path = axis_path(argument, &text, ret_error);
    GPtrArray *values = path == NULL ? NULL : axis_values(argument, text, ret_error);

    return values == NULL ? NULL : axis_with(g_steal_pointer(&path), values);
}

/* ---- samples --------------------------------------------------------------------------------- */

/* ret_part[i]: which of `count` equal parts of the axis point i lies in. */
static void axis_parts(uint32_t dimension, uint32_t dimensions, uint32_t count, uint32_t *ret_part)
{
    g_autofree uint64_t *at = g_new(uint64_t, count);

    for (uint32_t i = 0; i < count; i++)
        at[i] = quasi_coordinate(i, dimension, dimensions);
    for (uint32_t i = 0; i < count; i++) { /* O(count^2) for at most 10000 points */
        ret_part[i] = 0;
        for (uint32_t j = 0; j < count; j++)
            ret_part[i] += at[j] < at[i] || (at[j] == at[i] && j < i);
    }
}

/* Middles of parts of low..high; NULL with an error. */
static GPtrArray *axis_span(const char *argument, const struct axis_number numbers[2],
                            const uint32_t *part, uint32_t count, GError **ret_error)
{
    uint32_t decimals = MAX(numbers[0].decimals, numbers[1].decimals);
    int64_t low, high;

    if (!axis_scale(&numbers[0], decimals, &low) || !axis_scale(&numbers[1], decimals, &high) ||
        high - low > INT64_MAX / (4 * AXIS_VALUES_MAX)) {
        axis_fail(argument, "expected a range of numbers with fewer digits", ret_error);
        return NULL;
    }
    if (low > high) {
        axis_fail(argument, "expected a range low:high with low <= high", ret_error);
        return NULL;
    }
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    for (uint32_t i = 0; i < count; i++) {
        int64_t middle = ((high - low) * (2 * (int64_t)part[i] + 1) + count) / (2 * (int64_t)count);
        g_ptr_array_add(values, axis_format(low + middle, decimals, numbers[0].unit));
    }
    return values;
}

struct axis *axis_sample(const char *argument, uint32_t dimension, uint32_t dimensions,
                         uint32_t count, GError **ret_error)
{
    struct axis_number numbers[3];
    const char *text;
    g_autofree uint32_t *part = g_new(uint32_t, count);
    g_autofree char *path = axis_path(argument, &text, ret_error);

    if (path == NULL)
        return NULL;
    axis_parts(dimension, dimensions, count, part);
    g_autoptr(GPtrArray) ends = axis_split(text, ':');
    if (axis_is_range(ends, 2, numbers)) {
        GPtrArray *values = axis_span(argument, numbers, part, count, ret_error);
        return values == NULL ? NULL : axis_with(g_steal_pointer(&path), values);
    }
    g_autoptr(GPtrArray) list = axis_values(argument, text, ret_error);
    if (list == NULL)
        return NULL;
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    for (uint32_t i = 0; i < count; i++)
        g_ptr_array_add(values, g_strdup(g_ptr_array_index(list, (guint)((uint64_t)part[i] *
                                                                         list->len / count))));
    return axis_with(g_steal_pointer(&path), values);
}
