/* Point estimates over replications (Law, Simulation Modeling and Analysis, ch. 9): mean,
 * standard error, Student-t half-width.
 *
 * Sums run in the order of the replications and in two passes, so that the same values give the
 * same bits. A value that is not a number (a KPI without cases) is left out and the count says
 * so. */
#include <omosim/experiment.h>

#include "base/maths.h"

omo_summary omo_summarise(const double *values, uint32_t count, double confidence)
{
    double nan = (double)__builtin_nanf(""), sum = 0.0, square = 0.0;
    omo_summary s = {.mean = nan, .half_width = nan, .standard_error = nan};

    for (uint32_t i = 0; i < count; i++)
        if (values[i] == values[i]) {
            sum += values[i];
            s.count++;
        }
    if (s.count == 0)
        return s;
    s.mean = sum / s.count;
    if (s.count == 1)
        return s;
    for (uint32_t i = 0; i < count; i++)
        if (values[i] == values[i])
            square += (values[i] - s.mean) * (values[i] - s.mean);
    s.standard_error = maths_sqrt(square / (s.count - 1) / s.count);
    s.half_width = s.standard_error * maths_student_quantile(confidence, s.count - 1);
    return s;
}
