/* What two models must have in common so that one can go on from the state of the other: a list of
 * counts and fingerprints, compared one by one.
 */
#ifndef OMO_BASE_TRAITS_H
#define OMO_BASE_TRAITS_H

#include <omosim/law.h>

#include "base/checksum.h"

#define TRAITS_MAX 64

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

struct traits {
    uint32_t count;
    struct trait trait[TRAITS_MAX];
};

void traits_count(struct traits *t, const char *name, uint64_t value);
/* Takes the fingerprint, and begins the checksum anew. */
void traits_print(struct traits *t, const char *name, struct checksum *c);
/* Puts a text, or a law, into a fingerprint. */
void traits_text(struct checksum *c, const char *text);
void traits_law(struct checksum *c, const omo_law *law);
#define TRAITS_VALUE(c, value) checksum_add((c), &(value), sizeof(value))

/* OMO_EINVAL names the first trait in which the saved model differs from this one. */
omo_status traits_check(const struct traits *saved, const struct traits *here,
                        omo_error *ret_error);

#endif
