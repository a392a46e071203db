/* One axis of design points: a path of the scenario and the values that it takes. Inside of
 * sim/scenario. */
#ifndef SCENARIO_AXIS_H
#define SCENARIO_AXIS_H

#include "scenario/scenario.h"

#define AXIS_VALUES_MAX 10000
#define AXIS_DIMENSIONS_MAX 16

struct axis {
    struct scenario_axis about; /* its strings are those below */
    char *path, *unit, *label;
    GPtrArray *texts; /* char *, a value each, at least one */
    GArray *numbers;  /* double of each; NaN in a category */
};

/* Reads a --vary argument "path=v1,v2,..." or "path=low:high:step". A malformed argument is
 * BAD_USAGE. Caller frees with axis_free(). */
struct axis *axis_parse(const char *argument, GError **ret_error);
/* Reads "path=low:high", or one of the forms above, and takes `count` values of it, the
 * `dimension`-th of `dimensions` coordinates of a sample. Value i belongs to point i of the sample;
 * values repeat where there are fewer than points. */
struct axis *axis_sample(const char *argument, uint32_t dimension, uint32_t dimensions,
                         uint32_t count, GError **ret_error);
/* The axis of a factor: off, then on. */
struct axis *axis_of_factor(const char *name, const char *label);
void axis_free(gpointer axis);

/* Works out what the values measure, and fills numbers and unit (axis_kind.c). */
void axis_measure(struct axis *axis);

static inline const char *axis_text(const struct axis *axis, uint32_t value)
{
    return g_ptr_array_index(axis->texts, value);
}

#endif
