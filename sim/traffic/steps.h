/* The kinds of steps: who takes them, what they are called, what their requests do to a service's
 * books and what answers tell. Static data, any thread. */
#ifndef TRAFFIC_STEPS_H
#define TRAFFIC_STEPS_H

#include <stdbool.h>
#include <stdint.h>

enum step_kind {
#define STEP(name, actor, help) STEP_##name,
#include "traffic/steps.def"
#undef STEP
    STEP_COUNT
};

enum step_actor { STEP_CUSTOMER, STEP_CLERK };

/* What requests do to the books of a service. */
enum deed {
#define DEED(name, help) DEED_##name,
#include "traffic/deeds.def"
#undef DEED
    DEED_COUNT
};
const char *deed_name(uint32_t deed); /* NULL past the end */
const char *deed_help(uint32_t deed);
/* What the last request of a step does unless its map says otherwise. */
enum deed step_deed(uint32_t kind);

/* What answers tell. */
enum telling {
#define TELLING(name, type, help) TELLING_##name,
#include "traffic/tellings.def"
#undef TELLING
    TELLING_COUNT
};
const char *telling_name(uint32_t telling); /* NULL past the end */
const char *telling_help(uint32_t telling);
bool telling_is_text(uint32_t telling);
const char *const *telling_names(void); /* NULL-terminated, for hints and records */

/* NULL past the end. */
const char *step_name(uint32_t kind);
const char *step_help(uint32_t kind);
enum step_actor step_actor(uint32_t kind);
/* Kind of that name, or STEP_COUNT. */
uint32_t step_find(const char *name);
/* All names, NULL-terminated, for hints. */
const char *const *step_names(void);

#endif
