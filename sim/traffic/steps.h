/* The kinds of steps: who takes them and what they are called. Static data, any thread. */
#ifndef TRAFFIC_STEPS_H
#define TRAFFIC_STEPS_H

#include <stdint.h>

enum step_kind {
#define STEP(name, actor, help) STEP_##name,
#include "traffic/steps.def"
#undef STEP
    STEP_COUNT
};

enum step_actor { STEP_CUSTOMER, STEP_CLERK };

/* NULL past the end. */
const char *step_name(uint32_t kind);
const char *step_help(uint32_t kind);
enum step_actor step_actor(uint32_t kind);
/* Kind of that name, or STEP_COUNT. */
uint32_t step_find(const char *name);
/* All names, NULL-terminated, for hints. */
const char *const *step_names(void);

#endif
