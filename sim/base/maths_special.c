/* Special functions that statistics needs, by series that cannot cancel.
 *
 * The hypergeometric series with positive arguments is a sum of positive terms, each from the one
 * before by one factor, so its relative error is that of the factors: some 4 ulp a term before the
 * largest one. It is summed until what is left cannot matter: from there on the ratio of
 * neighbouring terms is at most q < 1 and the rest at most term q / (1 - q). Transformations to
 * 1 - z would need fewer terms near z = 1 and differences of gamma functions that cancel where
 * c - a - b is near a whole number; nothing here comes so near to 1 that it would pay.
 */
#include "base/maths.h"

#define MATHS_TERMS_MAX 100000000

double maths_hypergeometric(double a, double b, double c, double z)
{
    double term = 1, sum = 1;

    OMO_ASSERT(a > 0 && b > 0 && c > 0);
    OMO_ASSERT(z >= 0 && z < 1);
    for (uint32_t n = 0; n < MATHS_TERMS_MAX; n++) {
        const double ratio = (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        double limit;

        term *= ratio;
        sum += term;
        /* No later ratio is larger: each of the two quotients goes to 1 from its side. */
        limit = z * (a > c ? (a + n) / (c + n) : 1) * (b > 1 ? (b + n) / (n + 1.0) : 1);
        if (limit < 1 && term * limit <= 0x1p-54 * (1 - limit) * sum)
            break;
    }
    return sum;
}
