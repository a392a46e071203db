/* A histogram as bytes, for saving: a block without pointers, whose unused end is zeros. */
#ifndef OMO_BASE_HISTOGRAM_H
#define OMO_BASE_HISTOGRAM_H

#include <omosim/histogram.h>

/* Bytes of the whole block, and of its front that holds all that is not zero. The block begins at
 * the handle; another one of the same value_max takes the front in place of its own. */
size_t histogram_size(const omo_histogram *h);
size_t histogram_used_size(const omo_histogram *h);

#endif
