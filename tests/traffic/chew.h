/* Any bytes at all through everything that reads plans and recorded traffic: they may be refused,
 * with an error that can be shown, and nothing else may happen. For the tests of the corpus and for
 * the fuzzer. */
#ifndef TESTS_TRAFFIC_CHEW_H
#define TESTS_TRAFFIC_CHEW_H

#include "traffic/import.h"

/* Whether the file is a whole plan. */
bool chew_plan(const char *path);
/* Whether the importer takes it; writes `plan_path`, which is chewed, too. */
bool chew_import(enum traffic_format format, const char *path, const char *plan_path);

#endif
