/* How requests end. Static data, any thread. */
#ifndef REPLAY_OUTCOME_H
#define REPLAY_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

enum outcome {
#define OUTCOME(name, class, text) OUTCOME_##name,
#include "replay/outcomes.def"
#undef OUTCOME
    OUTCOME_COUNT
};

enum outcome_class { OUTCOME_ACKNOWLEDGED, OUTCOME_FAILED, OUTCOME_INDETERMINATE };

const char *outcome_name(enum outcome outcome);
const char *outcome_text(enum outcome outcome);
enum outcome_class outcome_class(enum outcome outcome);
/* All but ok and refused. */
static inline bool outcome_is_error(enum outcome outcome) { return outcome > OUTCOME_refused; }

#endif
