/* Small plans that several tests write. */
#ifndef TESTS_TRAFFIC_SAMPLES_H
#define TESTS_TRAFFIC_SAMPLES_H

#include "traffic/plan.h"

#define SAMPLES_JOURNEYS 3
#define SAMPLES_STEPS 6

extern const struct plan_about samples_about;

/* Three journeys of three, one and two steps, the last two of which carry recorded requests. */
void samples_write(const char *path);
/* `count` journeys of `step_count` steps each, one a millisecond, of a thousand members. */
void samples_write_many(const char *path, uint64_t count, uint32_t step_count);

#endif
