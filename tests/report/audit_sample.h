/* Records of runs that never were, as an audit leaves them: 20 s at 50 requests a second, the service
 * killed at second 8 and back at second 9.
 */
#ifndef TESTS_REPORT_AUDIT_SAMPLE_H
#define TESTS_REPORT_AUDIT_SAMPLE_H

#include <stdint.h>

enum audit_sample {
    AUDIT_SAMPLE_NONE,     /* nobody has audited it */
    AUDIT_SAMPLE_HOLDS,    /* all is well, one invariant cannot be told; nothing was killed */
    AUDIT_SAMPLE_VIOLATED, /* 9 of 24 units too many, 3 lost orders */
};

/* Writes the record; asserts that it can. */
void audit_sample_write(const char *path, enum audit_sample sample);

#endif
