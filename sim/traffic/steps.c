/* The registries of what happens between customers, clerks and a service: kinds of steps, what
 * requests do to the books, what answers tell. One line each in a .def, tables made of it here. */
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

/* What is not named does nothing: DEED_nothing is the first. */
static const enum deed step_deeds[STEP_COUNT] = {
    [STEP_add_to_cart] = DEED_add,   [STEP_apply_coupon] = DEED_redeem,
    [STEP_check_out] = DEED_place,   [STEP_pay] = DEED_pay,
    [STEP_cancel] = DEED_cancel,     [STEP_collect] = DEED_hand_over,
    [STEP_deliver] = DEED_hand_over, [STEP_take_back] = DEED_take_back,
    [STEP_till] = DEED_sell,
};

static const char *const deed_names[] = {
#define DEED(name, help) #name,
#include "traffic/deeds.def"
#undef DEED
};

static const char *const deed_helps[] = {
#define DEED(name, help) help,
#include "traffic/deeds.def"
#undef DEED
};

enum telling_type { TELLING_IS_NUMBER, TELLING_IS_TEXT };

struct telling_kind {
    const char *help;
    enum telling_type type;
};

static const struct telling_kind tellings[] = {
#define TELLING(name, type, help) {help, TELLING_IS_##type},
#include "traffic/tellings.def"
#undef TELLING
};

static const char *const telling_list[] = {
#define TELLING(name, type, help) #name,
#include "traffic/tellings.def"
#undef TELLING
    NULL,
};

const char *deed_name(uint32_t deed) { return deed < DEED_COUNT ? deed_names[deed] : NULL; }

const char *deed_help(uint32_t deed) { return deed < DEED_COUNT ? deed_helps[deed] : NULL; }

enum deed step_deed(uint32_t kind) { return kind < STEP_COUNT ? step_deeds[kind] : DEED_nothing; }

const char *telling_name(uint32_t telling)
{
    return telling < TELLING_COUNT ? telling_list[telling] : NULL;
}

const char *telling_help(uint32_t telling)
{
    return telling < TELLING_COUNT ? tellings[telling].help : NULL;
}

bool telling_is_text(uint32_t telling)
{
    return telling < TELLING_COUNT && tellings[telling].type == TELLING_IS_TEXT;
}

const char *const *telling_names(void) { return telling_list; }

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
