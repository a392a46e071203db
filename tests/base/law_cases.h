/* The laws that tests draw from, each with its exact moments and its distribution, written down
 * apart from the library's own. */
#ifndef TESTS_BASE_LAW_CASES_H
#define TESTS_BASE_LAW_CASES_H

#include <omosim/law.h>

struct law_case {
    omo_law law;
    double mean, variance;
    double (*below)(const omo_law *law, double x); /* P(X <= x) of a continuous law, or NULL */
    double (*share)(const omo_law *law, double k); /* P(X = k) of whole numbers, or NULL */
};

extern const struct law_case law_cases[];
extern const int law_case_count;

#endif
