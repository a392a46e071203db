/* Distances and limits; libm is as good as any here. */
#include "base/fit.h"

#include <math.h>
#include <stdlib.h>

double fit_z(const double *value, int count, double expected)
{
    double sum = 0, squares = 0, mean;

    for (int i = 0; i < count; i++)
        sum += value[i];
    mean = sum / count;
    for (int i = 0; i < count; i++)
        squares += (value[i] - mean) * (value[i] - mean);
    if (fabs(mean - expected) <= 1e-12 * fabs(expected))
        return 0;
    return (mean - expected) / sqrt(squares / (count - 1) / count);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

double fit_ks(double *value, size_t count, double (*below)(const void *context, double x),
              const void *context)
{
    double n = (double)count, worst = 0;

    qsort(value, count, sizeof(value[0]), compare);
    for (size_t i = 0; i < count; i++) {
        double share = below(context, value[i]);

        worst = fmax(worst, fmax(share - (double)i / n, (double)(i + 1) / n - share));
    }
    return worst * sqrt(n);
}

double fit_ks_limit(void) { return sqrt(log(2 / STATISTICS_ALARM) / 2); }

double fit_chi_z(double chi, double degrees)
{
    return (cbrt(chi / degrees) - (1 - 2 / (9 * degrees))) / sqrt(2 / (9 * degrees));
}

double fit_counts_z(const uint32_t *count, const double *share, size_t size, double total)
{
    double chi = 0, degrees = 0, observed = 0, expected = 0, left = total, left_seen = total;

    for (size_t i = 0; i < size; i++) {
        observed += count[i];
        expected += share[i] * total;
        if (expected >= 20 && left - expected >= 20) {
            chi += (observed - expected) * (observed - expected) / expected;
            degrees++;
            left -= expected;
            left_seen -= observed;
            observed = expected = 0;
        }
    }
    chi += (left_seen - left) * (left_seen - left) / left;
    return fit_chi_z(chi, degrees);
}

double fit_z_limit(void)
{
    double low = 0, high = 20;

    for (int i = 0; i < 60; i++) {
        double z = (low + high) / 2;

        if (erfc(z / sqrt(2)) / 2 > STATISTICS_ALARM)
            low = z;
        else
            high = z;
    }
    return high;
}
