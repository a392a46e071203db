/* Saved worlds in memory. */
#ifndef OMO_TESTS_FLOW_SAVED_H
#define OMO_TESTS_FLOW_SAVED_H

#include "flow/build.h"

struct saved {
    unsigned char *bytes;
    size_t size;
    size_t at;    /* of the reader */
    size_t limit; /* of the writer; 0 = none */
};

bool saved_write(void *user, const void *bytes, size_t size);
bool saved_read(void *user, void *bytes, size_t size);
/* Saves a world; asserts that it takes the bytes that were announced. */
struct saved saved_of(const omo_world *w);
/* Restores from the beginning. */
omo_world *saved_restore(struct saved *s, const omo_model *m, omo_error *ret_error);
void saved_free(struct saved *s);
/* A new world that has run until then. */
omo_world *saved_world(const omo_model *m, uint64_t seed, int64_t until_us);

#endif
