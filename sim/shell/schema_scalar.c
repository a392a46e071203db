/* Single values of a schema: what each type is called, how it is parsed, whether it keeps its
 * bounds.
 *
 * Bounds are written in the table as a user would write them ("1s", "90%"), parsed by the same
 * parser as the value, and so need no unit of their own and can be printed in messages as they
 * stand. They are parsed anew for each value: some hundred nanoseconds beside reading a YAML
 * scalar.
 */
#include "shell/schema_private.h"
#include "shell/units.h"

#include <omosim/types.h>

static const struct schema_type_row {
    const char *name;
    const char *expected;
} schema_types[SCHEMA_TYPE_COUNT] = {
    [SCHEMA_ANY] = {"anything", "a value"},
    [SCHEMA_BOOL] = {"true or false", "true or false"},
    [SCHEMA_WHOLE] = {"whole number", UNITS_WHOLE},
    [SCHEMA_NUMBER] = {"number", UNITS_NUMBER},
    [SCHEMA_SHARE] = {"share", UNITS_SHARE},
    [SCHEMA_MONEY] = {"money", UNITS_MONEY},
    [SCHEMA_DURATION] = {"duration", UNITS_DURATION},
    [SCHEMA_RATE] = {"rate", UNITS_RATE},
    [SCHEMA_DISTANCE] = {"distance", UNITS_DISTANCE},
    [SCHEMA_SPEED] = {"speed", UNITS_SPEED},
    [SCHEMA_TIME_OF_DAY] = {"time of day", UNITS_TIME_OF_DAY},
    [SCHEMA_TEXT] = {"text", "a text"},
    [SCHEMA_PATH] = {"file", "the path of a file"},
    [SCHEMA_ENUM] = {"name", "a name"},
    [SCHEMA_TIME_LAW] = {"law of time",
                         "a law such as exponential(4h) or a duration such as 15min"},
    [SCHEMA_COUNT_LAW] = {"law", "a law such as poisson(3) or a number"},
    [SCHEMA_MAPPING] = {"mapping", "a mapping"},
    [SCHEMA_LIST] = {"list", "a list"},
    [SCHEMA_NAMED] = {"mapping of names", "a mapping from names"},
    [SCHEMA_NAMED_OR_LIST] = {"mapping of names or list", "a mapping from names or a list"},
    [SCHEMA_MAPPING_OR_LIST] = {"mapping or list", "a mapping or a list"},
};

const char *schema_type_expected(enum schema_type type) { return schema_types[type].expected; }

const char *schema_type_name(enum schema_type type) { return schema_types[type].name; }

bool schema_type_is_law(enum schema_type type)
{
    return type == SCHEMA_TIME_LAW || type == SCHEMA_COUNT_LAW;
}

bool schema_type_is_list(enum schema_type type)
{
    return type == SCHEMA_LIST || type == SCHEMA_NAMED || type == SCHEMA_NAMED_OR_LIST ||
           type == SCHEMA_MAPPING_OR_LIST;
}

bool schema_type_has_bounds(enum schema_type type)
{
    return type >= SCHEMA_WHOLE && type <= SCHEMA_TIME_OF_DAY;
}

gboolean schema_scalar_parse(enum schema_type type, const char *text, int64_t time_unit_us,
                             struct schema_scalar *ret_scalar, GError **ret_error)
{
    gboolean truth = FALSE, done;

    switch (type) {
    case SCHEMA_BOOL:
        done = units_parse_bool(text, &truth, ret_error);
        if (done)
            ret_scalar->whole = truth;
        return done;
    case SCHEMA_WHOLE:
        return units_parse_whole(text, &ret_scalar->whole, ret_error);
    case SCHEMA_NUMBER:
        return units_parse_number(text, &ret_scalar->number, ret_error);
    case SCHEMA_SHARE:
        return units_parse_share_ppm(text, &ret_scalar->whole, ret_error);
    case SCHEMA_MONEY:
        return units_parse_money_cents(text, &ret_scalar->whole, ret_error);
    case SCHEMA_DURATION:
        return units_parse_duration_us(text, time_unit_us, &ret_scalar->whole, ret_error);
    case SCHEMA_RATE:
        return units_parse_rate(text, time_unit_us, OMO_US_PER_DAY, &ret_scalar->number, ret_error);
    case SCHEMA_DISTANCE:
        return units_parse_distance_m(text, &ret_scalar->number, ret_error);
    case SCHEMA_SPEED:
        return units_parse_speed_m_per_s(text, &ret_scalar->number, ret_error);
    case SCHEMA_TIME_OF_DAY:
        return units_parse_time_of_day_us(text, &ret_scalar->whole, ret_error);
    default:
        g_assert_not_reached();
    }
}

struct schema_bounds {
    const char *at_least, *above, *at_most;
};

/* A share is a share of something and a speed moves, unless the table says otherwise. */
static struct schema_bounds schema_bounds(const struct schema_key *key, enum schema_type type)
{
    struct schema_bounds b = {key->at_least, key->above, key->at_most};

    if (b.at_least == NULL && b.above == NULL && type == SCHEMA_SHARE)
        b.at_least = "0";
    if (b.at_most == NULL && type == SCHEMA_SHARE)
        b.at_most = "1";
    return b;
}

char *schema_bounds_text(const struct schema_key *key, enum schema_type type)
{
    if (!schema_type_has_bounds(type))
        return NULL;
    struct schema_bounds b = schema_bounds(key, type);
    if (b.at_least != NULL && b.at_most != NULL)
        return g_strdup_printf("%s to %s", b.at_least, b.at_most);
    if (b.above != NULL && b.at_most != NULL)
        return g_strdup_printf("above %s, at most %s", b.above, b.at_most);
    if (b.at_least != NULL)
        return g_strdup_printf("at least %s", b.at_least);
    if (b.above != NULL)
        return g_strdup_printf("above %s", b.above);
    return b.at_most == NULL ? NULL : g_strdup_printf("at most %s", b.at_most);
}

/* -1, 0, 1 as the scalar is below, at, above a bound. */
static int schema_bound_compare(enum schema_type type, struct schema_scalar scalar,
                                const char *bound, int64_t time_unit_us)
{
    struct schema_scalar limit = {0};
    g_autoptr(GError) error = NULL;

    if (!schema_scalar_parse(type, bound, MAX(time_unit_us, 1), &limit, &error))
        g_error("a schema's bound doesn't parse: %s", error->message);
    if (scalar.whole != limit.whole)
        return scalar.whole < limit.whole ? -1 : 1;
    return (scalar.number > limit.number) - (scalar.number < limit.number);
}

gboolean schema_scalar_in_bounds(const struct schema_key *key, enum schema_type type,
                                 const char *text, struct schema_scalar scalar,
                                 int64_t time_unit_us, GError **ret_error)
{
    if (!schema_type_has_bounds(type))
        return TRUE;
    struct schema_bounds b = schema_bounds(key, type);
    bool speed_stands = type == SCHEMA_SPEED && scalar.number <= 0;
    bool fits =
        !speed_stands &&
        (b.at_least == NULL || schema_bound_compare(type, scalar, b.at_least, time_unit_us) >= 0) &&
        (b.above == NULL || schema_bound_compare(type, scalar, b.above, time_unit_us) > 0) &&
        (b.at_most == NULL || schema_bound_compare(type, scalar, b.at_most, time_unit_us) <= 0);
    if (fits)
        return TRUE;

    g_autofree char *bounds =
        speed_stands ? g_strdup("a speed above 0") : schema_bounds_text(key, type);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "expected %s, found '%s'",
                bounds, text);
    return FALSE;
}

const char *schema_enum_name(const struct schema_key *key, uint32_t i)
{
    return key->name_at != NULL ? key->name_at(i) : key->names[i];
}

const char **schema_enum_names(const struct schema_key *key)
{
    GPtrArray *names = g_ptr_array_new();
    const char *name;

    for (uint32_t i = 0; (name = schema_enum_name(key, i)) != NULL; i++)
        g_ptr_array_add(names, (gpointer)name);
    g_ptr_array_add(names, NULL);
    return (const char **)g_ptr_array_free(names, FALSE);
}
