/* A run that is not one: numbers for the live page. */
#ifndef TESTS_REPLAY_LIVE_NUMBERS_H
#define TESTS_REPLAY_LIVE_NUMBERS_H

#include "replay/live.h"

/* One worker's measures: `seconds` seconds of 1,000 requests each, 3 of them timed out and 2
 * answered with a wrong status in all, sent 50 us late, answered after 4 ms, every hundredth after
 * 20 ms. */
struct live_numbers {
    struct measure *worker;
    struct measure_all *all;
    struct load_now now;
};

void live_numbers_open(struct live_numbers *numbers, int seconds);
void live_numbers_close(struct live_numbers *numbers);

#endif
