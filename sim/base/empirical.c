/* Making an empirical table.
 *
 * The weights become an alias table (alias.c: a draw is two words and integer arithmetic, for any
 * number of values), which stands entry by entry beside the values, so that a draw touches two cache
 * lines at most. Mean and variance are worked out once, in two passes, so that the variance of
 * values far from zero keeps its digits; they are of the weights as given, from which the alias
 * table's probabilities differ by less than 2^-31.
 */
#define OMO_CORE_MAY_ALLOCATE
#include <stdlib.h>

#include "base/empirical.h"

size_t empirical_size(const omo_empirical *table)
{
    return sizeof(*table) + table->count * sizeof(table->entry[0]);
}

static bool empirical_good(double x) { return x >= 0 && x - x == 0; }

static omo_status empirical_check(const double *value, const double *weight, uint32_t count,
                                  omo_error *ret_error)
{
    double sum = 0;

    if (value == NULL || count == 0 || count > EMPIRICAL_COUNT_MAX)
        return core_error(ret_error, OMO_EINVAL, "empirical: a table has 1 to %u values",
                          EMPIRICAL_COUNT_MAX);
    for (uint32_t i = 0; i < count; i++) {
        double w = weight != NULL ? weight[i] : 1;

        if (!empirical_good(value[i]) || value[i] > EMPIRICAL_VALUE_MAX)
            return core_error(ret_error, OMO_EINVAL,
                              "empirical: value %u must be a finite number from 0 to 2^62", i + 1);
        if (!empirical_good(w))
            return core_error(ret_error, OMO_EINVAL,
                              "empirical: weight %u must be a finite number of at least 0", i + 1);
        sum += w;
    }
    if (!(sum > 0) || !empirical_good(sum))
        return core_error(ret_error, OMO_EINVAL,
                          "empirical: the sum of the weights must be above 0 and finite");
    return OMO_OK;
}

/* Shares and moments. */
static void empirical_fill(omo_empirical *t, const double *value, const double *weight)
{
    double sum = 0;

    for (uint32_t i = 0; i < t->count; i++)
        sum += weight != NULL ? weight[i] : 1;
    for (uint32_t i = 0; i < t->count; i++) {
        struct empirical_entry *e = &t->entry[i];

        e->value = value[i];
        e->share = (weight != NULL ? weight[i] : 1) / sum;
        t->mean += e->share * e->value;
    }
    for (uint32_t i = 0; i < t->count; i++) {
        const struct empirical_entry *e = &t->entry[i];

        t->variance += e->share * (e->value - t->mean) * (e->value - t->mean);
    }
}

static bool empirical_build_alias(omo_empirical *t)
{
    double *share = malloc(t->count * sizeof(*share));
    struct alias_entry *alias = malloc(t->count * sizeof(*alias));
    void *work = malloc(alias_work_size(t->count));
    bool good = share != NULL && alias != NULL && work != NULL;

    for (uint32_t i = 0; i < t->count && good; i++)
        share[i] = t->entry[i].share;
    if (good)
        alias_build(share, t->count, work, alias);
    for (uint32_t i = 0; i < t->count && good; i++)
        t->entry[i].alias = alias[i];
    free(share);
    free(alias);
    free(work);
    return good;
}

omo_empirical *omo_empirical_new(const double *value, const double *weight, uint32_t count,
                                 omo_error *ret_error)
{
    omo_empirical *t;

    if (empirical_check(value, weight, count, ret_error) != OMO_OK)
        return NULL;
    t = calloc(1, sizeof(*t) + count * sizeof(t->entry[0]));
    if (t != NULL) {
        t->count = count;
        empirical_fill(t, value, weight);
        if (empirical_build_alias(t))
            return t;
        free(t);
    }
    core_error(ret_error, OMO_ENOMEM, "no memory for an empirical table");
    return NULL;
}

void omo_empirical_free(omo_empirical *table) { free(table); }

uint32_t omo_empirical_count(const omo_empirical *table)
{
    return table != NULL ? table->count : 0;
}

double omo_empirical_value(const omo_empirical *table, uint32_t i)
{
    OMO_ASSERT(i < omo_empirical_count(table));
    return table->entry[i].value;
}

double omo_empirical_share(const omo_empirical *table, uint32_t i)
{
    OMO_ASSERT(i < omo_empirical_count(table));
    return table->entry[i].share;
}
