/* A scenario that is run while its facts are kept and its journeys derived. */
#ifndef TESTS_TRAFFIC_JOURNEYS_CASE_H
#define TESTS_TRAFFIC_JOURNEYS_CASE_H

#include "scenario/scenario.h"
#include "shell/folder.h"
#include "traffic/journeys.h"
#include "traffic/steps.h"

struct journeys_case {
    struct journeys_options options; /* at first: the whole run, online channels, clerks */
    omo_model *model;
    omo_world *world;
    GArray *facts;    /* omo_fact, of the time that is read */
    GArray *journeys; /* omo_plan_journey */
    GArray *first;    /* uint32_t: its first step */
    GArray *steps;    /* omo_plan_step */
    struct journeys_counts counts;
    bool channel[OMO_CHANNELS_MAX];
};

/* A file of scenarios/ with --set arguments (NULL-terminated or NULL). */
struct journeys_case *journeys_case_new(const char *file, const char *const *sets);
/* Runs the world from its beginning; once. */
void journeys_case_run(struct journeys_case *c);
void journeys_case_free(struct journeys_case *c);
typedef struct journeys_case JourneysCase;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JourneysCase, journeys_case_free)

/* Number of a kind of facts; aborts when there is none. */
uint32_t journeys_case_fact(const char *name);
/* Facts of a kind in the channels that are traced, their units and their cents. */
struct journeys_case_sum {
    int64_t count, units, cents;
};
struct journeys_case_sum journeys_case_facts(const struct journeys_case *c, const char *name);
/* The same of steps. */
struct journeys_case_sum journeys_case_steps(const struct journeys_case *c, enum step_kind kind);

static inline const omo_plan_journey *journeys_case_journey(const struct journeys_case *c,
                                                            uint32_t i)
{
    return &g_array_index(c->journeys, omo_plan_journey, i);
}
static inline const omo_plan_step *journeys_case_step(const struct journeys_case *c, uint32_t i,
                                                      uint32_t step)
{
    return &g_array_index(c->steps, omo_plan_step, g_array_index(c->first, uint32_t, i) + step);
}
/* First step of a kind in journey `i`, or NULL. */
const omo_plan_step *journeys_case_find(const struct journeys_case *c, uint32_t i,
                                        enum step_kind kind);
/* Whether a customer makes journey `i`. */
bool journeys_case_is_visit(const struct journeys_case *c, uint32_t i);

#endif
