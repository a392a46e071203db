/* A plan of one GET, for load tests without a plan, and the parts of a target's URL. */
#ifndef CLI_REPLAY_PLAN_H
#define CLI_REPLAY_PLAN_H

#include "traffic/plan.h"

/* Cuts the path and query off a URL: "http://h:1/a?b" gives "http://h:1" and "/a?b" ("/" when there
 * is none). Caller frees both. */
char *replay_plan_split(const char *url, char **ret_path);
/* "https://u:p@host:8443/x" gives "host". Caller frees. */
char *replay_plan_host(const char *url);
/* A plan with one journey of one recorded request, GET `path`. Its file is gone once it is mapped.
 * Caller frees with plan_free(). */
Plan *replay_plan_of_get(const char *path, GError **ret_error);

#endif
