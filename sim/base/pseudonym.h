/* Numbers in place of numbers: a keyed permutation of 0 .. count - 1.
 *
 * Without the key nobody can tell which number stands for which, nor that two were neighbours; with
 * it the same one always stands for the same. */
#ifndef OMO_BASE_PSEUDONYM_H
#define OMO_BASE_PSEUDONYM_H

#include "base/core.h"

/* number < count. O(1), without memory. */
uint32_t pseudonym_of(uint64_t key, uint32_t number, uint32_t count);

#endif
