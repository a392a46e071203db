/* What a touch point is made of, and the audiences that come to it in one go: parts of the options of
 * channels and segments (model.h). Plain data. */
#ifndef OMOSIM_TOUCH_H
#define OMOSIM_TOUCH_H

#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OMO_STEPS_MAX 12      /* steps of a touch point */
#define OMO_STEP_NAME_SIZE 24 /* of the name of one, with its end */
#define OMO_OUTAGES_MAX 8     /* planned outages of a channel */
#define OMO_TERMS_MAX 8       /* changes of a channel's terms */
#define OMO_BURSTS_MAX 4      /* bursts of a segment */

/* A step of a touch point, and how many give up at it. */
typedef struct omo_touch_step {
    char name[OMO_STEP_NAME_SIZE];
    uint32_t abandon_ppm;
} omo_touch_step;

typedef struct omo_outage {
    int64_t from_us, for_us;
} omo_outage;

/* What a platform asks from a time on. */
typedef struct omo_terms {
    int64_t at_us;
    uint32_t commission_ppm;
    int64_t visit_cost_cents;
} omo_terms;

/* Who may share a group of a group buy. */
typedef enum omo_group_scope { OMO_GROUP_OF_ZONE, OMO_GROUP_OF_CHAIN } omo_group_scope;

/* An audience that comes in one go: a live stream, a push. Besides the visits by the profile, a
 * Poisson number of them, with a density that falls by exp(-t / decay) from the beginning. */
typedef struct omo_burst {
    int64_t first_us; /* when the first one begins */
    int64_t every_us; /* from one to the next; 0 = it comes once */
    int64_t for_us;   /* how long one takes; at most every_us, where that is not 0 */
    int64_t decay_us; /* 0 = the same density all the time */
    double visits;    /* mean of one, of all zones together, spread by their weight */
} omo_burst;

#ifdef __cplusplus
}
#endif
#endif
