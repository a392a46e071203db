/* The registry of step kinds: one line a kind in steps.def, tables made of it here. */
#include "traffic/steps.h"

#include <stddef.h>
#include <string.h>

struct step {
    const char *name;
    const char *help;
    enum step_actor actor;
};

static const struct step steps[] = {
#define STEP(name, actor, help) {#name, help, STEP_##actor},
#include "traffic/steps.def"
#undef STEP
};

static const char *const names[] = {
#define STEP(name, actor, help) #name,
#include "traffic/steps.def"
#undef STEP
    NULL,
};

const char *step_name(uint32_t kind) { return kind < STEP_COUNT ? steps[kind].name : NULL; }

const char *step_help(uint32_t kind) { return kind < STEP_COUNT ? steps[kind].help : NULL; }

enum step_actor step_actor(uint32_t kind)
{
    return kind < STEP_COUNT ? steps[kind].actor : STEP_CUSTOMER;
}

uint32_t step_find(const char *name)
{
    uint32_t kind = 0;

    while (kind < STEP_COUNT && strcmp(steps[kind].name, name) != 0)
        kind++;
    return kind;
}

const char *const *step_names(void) { return names; }
