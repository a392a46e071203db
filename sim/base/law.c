/* What the kinds of laws are called, what they take, and which parameters make sense.
 *
 * One table row a kind holds everything that does not draw: name, parameters, which of them carry
 * the variable's unit. Help, the scenario reader and its error texts read this table, so a new kind
 * appears everywhere at once. The bounds are those under which every draw is finite and not
 * negative: times, quantities and lead times have no meaning below 0. Nothing may be past 2^62
 * either; that holds for the mean of a Weibull law, too, which its shape can drive there.
 *
 * A coefficient of variation of 0 and a standard deviation of 0 are allowed and give a constant:
 * sweeps over variability start there. A Poisson or geometric mean is limited to 10^9, so that a
 * value fits in 32 bits; so are trials and ranks. A negative binomial is a Poisson variable whose
 * mean is a gamma variable; its bound keeps that mean below 10^9 whatever is drawn.
 */
#include <omosim/law.h>

#include "base/core.h"
#include "base/empirical.h"
#include "base/maths.h"

#define LAW_PHASES_MAX 1000
#define LAW_COUNT_MEAN_MAX 1e9
#define LAW_MIXED_MEAN_MAX 1e6
#define LAW_CV_MAX 1000.0
#define LAW_SHAPE_MIN 1e-6
#define LAW_SHAPE_MAX 1e9
#define LAW_EXPONENT_MAX 100.0
#define LAW_VALUE_MAX EMPIRICAL_VALUE_MAX /* nothing is measured in int64 past this */

struct law_kind {
    const char *name;
    const char *parameters;
    uint32_t parameter_count;
    uint32_t scale_mask; /* bit i: parameter i carries the variable's unit */
};

static const struct law_kind law_kinds[OMO_LAW_KIND_COUNT] = {
    [OMO_LAW_CONSTANT] = {"constant", "value", 1, 1},
    [OMO_LAW_EXPONENTIAL] = {"exponential", "mean", 1, 1},
    [OMO_LAW_UNIFORM] = {"uniform", "low, high", 2, 3},
    [OMO_LAW_ERLANG] = {"erlang", "mean, phases", 2, 1},
    [OMO_LAW_GAMMA] = {"gamma", "mean, cv", 2, 1},
    [OMO_LAW_LOGNORMAL] = {"lognormal", "mean, cv", 2, 1},
    [OMO_LAW_NORMAL] = {"normal", "mean, sd", 2, 3},
    [OMO_LAW_WEIBULL] = {"weibull", "scale, shape", 2, 1},
    [OMO_LAW_TRIANGULAR] = {"triangular", "low, mode, high", 3, 7},
    [OMO_LAW_POISSON] = {"poisson", "mean", 1, 1},
    [OMO_LAW_GEOMETRIC] = {"geometric", "mean", 1, 1},
    [OMO_LAW_BETA] = {"beta", "high, alpha, beta", 3, 1},
    [OMO_LAW_BINOMIAL] = {"binomial", "trials, probability", 2, 1},
    [OMO_LAW_NEGATIVE_BINOMIAL] = {"negative_binomial", "mean, size", 2, 1},
    [OMO_LAW_ZIPF] = {"zipf", "ranks, exponent", 2, 1},
    [OMO_LAW_EMPIRICAL] = {"empirical", "value:weight, ...", 0, 0},
};

/* The enum arrives from callers, who may hold any number in it. */
static bool law_known(omo_law_kind kind) { return (unsigned)kind < OMO_LAW_KIND_COUNT; }

const char *omo_law_name(omo_law_kind kind)
{
    return law_known(kind) ? law_kinds[kind].name : NULL;
}

const char *omo_law_parameters(omo_law_kind kind)
{
    return law_known(kind) ? law_kinds[kind].parameters : NULL;
}

uint32_t omo_law_parameter_count(omo_law_kind kind)
{
    return law_known(kind) ? law_kinds[kind].parameter_count : 0;
}

bool omo_law_parameter_scales(omo_law_kind kind, uint32_t i)
{
    return law_known(kind) && i < law_kinds[kind].parameter_count &&
           (law_kinds[kind].scale_mask >> i & 1);
}

static bool law_finite(double x) { return x - x == 0; }

static bool law_whole(double x) { return x == maths_floor(x); }

static bool law_is_shape(double x) { return x >= LAW_SHAPE_MIN && x <= LAW_SHAPE_MAX; }

static const char *law_complaint_of_count(const omo_law *law)
{
    switch (law->kind) {
    case OMO_LAW_POISSON:
        return law->a < LAW_COUNT_MEAN_MAX ? NULL : "mean must be below 10^9";
    case OMO_LAW_GEOMETRIC:
        return law->a >= 1 && law->a < LAW_COUNT_MEAN_MAX
                   ? NULL
                   : "mean must be at least 1 and below 10^9";
    case OMO_LAW_BINOMIAL:
        if (!law_whole(law->a) || law->a >= LAW_COUNT_MEAN_MAX)
            return "trials must be a whole number below 10^9";
        return law->b <= 1 ? NULL : "probability must be at most 1";
    case OMO_LAW_NEGATIVE_BINOMIAL:
        if (!law_is_shape(law->b))
            return "size must be 10^-6 to 10^9";
        return law->a + law->a / law->b <= LAW_MIXED_MEAN_MAX
                   ? NULL
                   : "mean and mean / size must be at most 10^6 together";
    case OMO_LAW_ZIPF:
        if (!law_whole(law->a) || law->a < 1 || law->a >= LAW_COUNT_MEAN_MAX)
            return "ranks must be a whole number from 1 to below 10^9";
        return law->b <= LAW_EXPONENT_MAX ? NULL : "exponent must be at most 100";
    default:
        return NULL;
    }
}

/* What is wrong with the parameters of a known kind, all finite and not negative; NULL when nothing
 * is. */
static const char *law_complaint(const omo_law *law)
{
    switch (law->kind) {
    case OMO_LAW_UNIFORM:
        return law->a <= law->b ? NULL : "low is above high";
    case OMO_LAW_ERLANG:
        if (law->b >= 1 && law->b <= LAW_PHASES_MAX && law_whole(law->b))
            return NULL;
        return "phases must be a whole number from 1 to 1000";
    case OMO_LAW_GAMMA:
    case OMO_LAW_LOGNORMAL:
        return law->b <= LAW_CV_MAX ? NULL : "cv must be at most 1000";
    case OMO_LAW_WEIBULL:
        if (law->b <= 0)
            return "shape must be above 0";
        return omo_law_mean(law) <= LAW_VALUE_MAX ? NULL
                                                  : "shape is so small that the mean is past 2^62";
    case OMO_LAW_TRIANGULAR:
        return law->a <= law->b && law->b <= law->c ? NULL : "must be low <= mode <= high";
    case OMO_LAW_BETA:
        return law_is_shape(law->b) && law_is_shape(law->c)
                   ? NULL
                   : "alpha and beta must be 10^-6 to 10^9";
    case OMO_LAW_EMPIRICAL:
        return law->table != NULL ? NULL : "it needs a table of values";
    default:
        return law_complaint_of_count(law);
    }
}

omo_status omo_law_check(const omo_law *law, omo_error *ret_error)
{
    double parameter[3] = {0};
    const char *complaint;

    if (law == NULL)
        return core_error(ret_error, OMO_EINVAL, "no law given");
    if (!law_known(law->kind))
        return core_error(ret_error, OMO_EINVAL, "%u is no kind of law", (unsigned)law->kind);
    parameter[0] = law->a;
    parameter[1] = law->b;
    parameter[2] = law->c;
    for (uint32_t i = 0; i < law_kinds[law->kind].parameter_count; i++) {
        if (!law_finite(parameter[i]))
            return core_error(ret_error, OMO_EINVAL, "%s(%s): parameter %u is not a finite number",
                              omo_law_name(law->kind), omo_law_parameters(law->kind), i + 1);
        if (parameter[i] < 0 || parameter[i] > LAW_VALUE_MAX)
            return core_error(ret_error, OMO_EINVAL, "%s(%s): parameter %u is %s",
                              omo_law_name(law->kind), omo_law_parameters(law->kind), i + 1,
                              parameter[i] < 0 ? "negative" : "past 2^62");
    }
    complaint = law_complaint(law);
    if (complaint != NULL)
        return core_error(ret_error, OMO_EINVAL, "%s(%s): %s", omo_law_name(law->kind),
                          omo_law_parameters(law->kind), complaint);
    return OMO_OK;
}
