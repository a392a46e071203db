/* What two models must have in common so that one can go on from the state of the other.
 *
 * A trait is a count or a fingerprint of some of a sealed model. All of them together say which
 * places, goods, customers and measures the state speaks of; what a policy decides is in none.
 * include/omosim/checkpoint.h lists both sides.
 */
#ifndef OMO_FLOW_LIKENESS_H
#define OMO_FLOW_LIKENESS_H

#include "flow/model.h"

#define LIKENESS_TRAITS_MAX 48

/* offset size
 *      0   40  name     what the model's text calls it
 *     40    8  counted  1: the value is a number to be shown, 0: a fingerprint
 *     48    8  value */
struct trait {
    char name[40];
    uint64_t counted;
    uint64_t value;
};
_Static_assert(sizeof(struct trait) == 56, "written to files");

struct likeness {
    uint32_t count;
    struct trait trait[LIKENESS_TRAITS_MAX];
};

void likeness_of(const omo_model *m, struct likeness *ret_likeness);
/* OMO_EINVAL names the first trait in which the saved model differs from this one. */
omo_status likeness_check(const struct likeness *saved, const struct likeness *here,
                          omo_error *ret_error);

#endif
