/* The block `queueing` while it is built: what build_queueing*.c share. For them alone. */
#ifndef SCENARIO_BUILD_QUEUEING_H
#define SCENARIO_BUILD_QUEUEING_H

#include "scenario/build.h"

#define SKILL_ANY (OMO_SKILLS_MAX - 1) /* the bit that every crew has */

struct build_queueing {
    struct build *b;
    struct schema_value sources, stations;
    GHashTable *numbers;  /* station's name to its number in the file + 1 */
    GPtrArray *names;     /* of stations, NULL last, for spelling */
    GPtrArray *skills;    /* names, NULL last */
    bool *added, *failed; /* [number] */
    omo_station *station; /* [number], where added */
};

/* build_queueing.c */

/* Number of the station that is meant, or -1 with a finding. */
int64_t build_queueing_find(struct build_queueing *q, const char *name, struct text_position at);
/* Bit of a skill; it is entered when it is new. */
uint32_t build_queueing_skill_bit(struct build_queueing *q, const char *name);
/* Which of some keys that exclude each other is written; NULL with a finding when more than one is,
 * or none (then `what` is said). */
const char *build_queueing_either(struct build *b, struct schema_value mapping,
                                  const char *const *keys, uint32_t count, const char *what);

/* build_queueing_stations.c */

void build_queueing_stations(struct build_queueing *q);

/* build_queueing_sources.c */

void build_queueing_sources(struct build_queueing *q);

#endif
