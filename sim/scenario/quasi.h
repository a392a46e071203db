/* Made-up data without chance: even sequences and quantiles that are the same on every machine.
 * Inside of sim/scenario. Pure functions, any thread.
 */
#ifndef SCENARIO_QUASI_H
#define SCENARIO_QUASI_H

#include <omosim/law.h>

/* Element `i` of an even sequence in [0, 1), a 64-bit fraction: multiples of the golden ratio. */
uint64_t quasi_fraction(uint64_t i);
/* Coordinate `dimension` (below `dimensions`, at most 16) of element `i` of an even sequence in the
 * unit cube of so many dimensions, a 64-bit fraction. In one dimension it is quasi_fraction(). */
uint64_t quasi_coordinate(uint64_t i, uint32_t dimension, uint32_t dimensions);
/* Value that a share `fraction` / 2^64 of the law lies below; false for kinds of laws without a
 * simple quantile. */
bool quasi_quantile(const omo_law *law, uint64_t fraction, double *ret_value);
/* rank to the power -exponent, rank above 0 (a whole number, or one moved by a shift). */
double quasi_zipf(double rank, double exponent);
/* Next point of an even pattern on the unit disc. `*cursor` starts at 0. */
void quasi_disc(uint64_t *cursor, double *ret_x, double *ret_y);

#endif
