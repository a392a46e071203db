/* Scenario files for tests, in a temporary directory that is the working directory meanwhile. */
#ifndef TESTS_SCENARIO_FIXTURE_H
#define TESTS_SCENARIO_FIXTURE_H

#include "scenario/scenario.h"

/* A valid chain of one shop, a warehouse and a supplier: see fixture.c for its lines. */
extern const char *const fixture_chain;

/* Makes a temporary directory and enters it; leaving removes it with all files. */
void fixture_enter(void);
void fixture_leave(void);
/* Writes a file there. */
void fixture_write(const char *name, const char *text);
/* `text` with the first `from` replaced by `to`; aborts when it isn't there. Caller frees. */
char *fixture_replace(const char *text, const char *from, const char *to);
/* Path of a file of the source tree. Caller frees. */
char *fixture_source(const char *relative);
/* The shipped scenarios whose tables are there. Caller frees with g_strfreev(). */
char **fixture_shipped(void);

#endif
