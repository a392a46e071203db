/* The phase of every kind of event, from kinds.def.
 *
 * The order of phases at one instant is part of the model: stock that arrives at noon serves the
 * customer of noon, and a review at noon sees all of noon's demand (the field's simulators
 * differ here, and their results with them). */
#include "kernel/event.h"

const uint8_t event_phase_of[EVENT_KIND_COUNT] = {
#define EVENT(name, phase, text) [EVENT_##name] = PHASE_##phase,
#include "kernel/kinds.def"
#undef EVENT
};
