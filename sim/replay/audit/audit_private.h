/* What an audit is made of. Inside of sim/replay/audit, and for tests of how it is told. */
#ifndef REPLAY_AUDIT_AUDIT_PRIVATE_H
#define REPLAY_AUDIT_AUDIT_PRIVATE_H

#include "replay/audit/audit.h"

struct audit {
    struct audit_result results[AUDIT_INVARIANT_COUNT];
    struct audit_counts counts;
    GPtrArray *notes; /* char *, NULL at the end */
    struct audit_levels levels;
};

#endif
