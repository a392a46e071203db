/* Exact means and variances of the laws.
 *
 * Most are one formula; Zipf's are quotients of sums of powers over up to 10^9 ranks. The first 32
 * terms are added one by one, the rest by the formula of Euler and Maclaurin with five correction
 * terms, whose first neglected one is below 10^-17 of the sum. They run over k - 1 and its square
 * from rank 2 on: then nothing cancels when nearly every value is 1.
 */
#include <omosim/law.h>

#include "base/empirical.h"
#include "base/laws.h"

#define LAW_DIRECT_TERMS 32

/* The integral of x^-exponent from `low` to `high`, both at least 1. */
static double law_power_integral(double low, double high, double exponent)
{
    double log_span = maths_log(high / low);

    return maths_pow(low, 1 - exponent) * log_span * law_exp_quotient((1 - exponent) * log_span);
}

/* Euler and Maclaurin's corrections at one end: the sum of B_2j / (2j)! f^(2j-1)(x). */
static double law_power_corrections(double x, double exponent)
{
    static const double coefficient[] = {1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600,
                                         1.0 / 47900160};
    double derivative = -exponent * maths_pow(x, -exponent - 1);
    double order = exponent + 1;
    double sum = 0;

    for (uint32_t j = 0; j < 5; j++) {
        sum += coefficient[j] * derivative;
        derivative *= order * (order + 1) / (x * x);
        order += 2;
    }
    return sum;
}

/* Sum of k^-exponent for whole k from `first` to `last`. */
static double law_power_sum(double first, double last, double exponent)
{
    double sum = 0;
    double k = first;

    for (; k <= last && k < LAW_DIRECT_TERMS; k++)
        sum += maths_pow(k, -exponent);
    if (k > last)
        return sum;
    return sum + law_power_integral(k, last, exponent) +
           (maths_pow(k, -exponent) + maths_pow(last, -exponent)) / 2 +
           law_power_corrections(last, exponent) - law_power_corrections(k, exponent);
}

struct law_zipf_moments {
    double mean, variance;
};

static struct law_zipf_moments law_zipf_moments(double ranks, double exponent)
{
    double tail = law_power_sum(2, ranks, exponent);
    double tail_first = law_power_sum(2, ranks, exponent - 1);
    double tail_second = law_power_sum(2, ranks, exponent - 2);
    double above = (tail_first - tail) / (1 + tail);

    return (struct law_zipf_moments){1 + above, (tail_second - 2 * tail_first + tail) / (1 + tail) -
                                                    above * above};
}

double omo_law_mean(const omo_law *law)
{
    switch (law->kind) {
    case OMO_LAW_UNIFORM:
        return law->a + (law->b - law->a) / 2;
    case OMO_LAW_WEIBULL:
        return law->a * maths_exp(maths_log_gamma(1 + 1 / law->b));
    case OMO_LAW_TRIANGULAR:
        return law->a / 3 + law->b / 3 + law->c / 3;
    case OMO_LAW_BETA:
        return law->a * (law->b / (law->b + law->c));
    case OMO_LAW_BINOMIAL:
        return law->a * law->b;
    case OMO_LAW_ZIPF:
        return law_zipf_moments(law->a, law->b).mean;
    case OMO_LAW_EMPIRICAL:
        return law->table->mean;
    default:
        return law->a;
    }
}

/* Variance over squared scale, by the quotient of the second moment and the squared mean. */
static double law_weibull_variance(double shape)
{
    double mean_log = maths_log_gamma(1 + 1 / shape);
    double excess = maths_log_gamma(1 + 2 / shape) - 2 * mean_log;

    return maths_exp(2 * mean_log) * (excess * law_exp_quotient(excess));
}

static double law_triangular_variance(const omo_law *law)
{
    double left = law->b - law->a;
    double right = law->c - law->b;

    return (left * left + left * right + right * right) / 18;
}

static double law_beta_variance(const omo_law *law)
{
    double sum = law->b + law->c;
    double share = law->b / sum;

    return law->a * law->a * (share * (law->c / sum) / (sum + 1));
}

double omo_law_variance(const omo_law *law)
{
    double a = law->a;
    double b = law->b;

    switch (law->kind) {
    case OMO_LAW_EXPONENTIAL:
        return a * a;
    case OMO_LAW_UNIFORM:
        return (b - a) * (b - a) / 12;
    case OMO_LAW_ERLANG:
        return a * a / b;
    case OMO_LAW_GAMMA:
    case OMO_LAW_LOGNORMAL:
        return a * b * (a * b);
    case OMO_LAW_NORMAL:
        return b * b;
    case OMO_LAW_WEIBULL:
        return a * a * law_weibull_variance(b);
    case OMO_LAW_TRIANGULAR:
        return law_triangular_variance(law);
    case OMO_LAW_POISSON:
        return a;
    case OMO_LAW_GEOMETRIC:
        return a * (a - 1);
    case OMO_LAW_BETA:
        return law_beta_variance(law);
    case OMO_LAW_BINOMIAL:
        return a * b * (1 - b);
    case OMO_LAW_NEGATIVE_BINOMIAL:
        return a + a * a / b;
    case OMO_LAW_ZIPF:
        return law_zipf_moments(a, b).variance;
    case OMO_LAW_EMPIRICAL:
        return law->table->variance;
    case OMO_LAW_CONSTANT:
    case OMO_LAW_KIND_COUNT:
        break;
    }
    return 0;
}
