/* What commands that send traffic at services share: the plan, the API map, the targets, and how to
 * connect to them. */
#ifndef CLI_REPLAY_OPTIONS_H
#define CLI_REPLAY_OPTIONS_H

#include "replay/load.h"

#include <stdbool.h>

/* Set by GOption; texts are checked by replay_options_check(). Zeroed before use, freed with
 * replay_options_clear(). */
struct replay_options {
    char *api, *openapi, *tables;
    char **target_urls, **allowed_hosts;
    char *speed_text, *from_text, *to_text;
    char *connections_text, *threads_text, *timeout_text, *drain_text, *warm_up_text;
    char *pipeline_text, *streams_text, *in_flight_text;
    char *ca, *certificate, *key;
    char *pace_text, *seed_text, *pass_text, *own_lateness_text, *redirects_text;
    gboolean http2, insecure, poisson;

    /* made by replay_options_check() and replay_options_open() */
    struct load_options load; /* filled in as far as these options say */
    Plan *plan;
    ApiMap *map;
    GPtrArray *targets; /* struct target */
    char *request_path; /* path of the target's URL when there is no plan */
};

/* Appends the GOptionEntry rows that fill in `options`. */
void replay_options_add(GArray *entries, struct replay_options *options);
/* Those of them that say which service it is and how to connect to it, for commands that send no
 * traffic. */
void replay_options_add_service(GArray *entries, struct replay_options *options);
void replay_options_clear(struct replay_options *options);
/* Turns the texts into numbers. BAD_USAGE. */
gboolean replay_options_check(struct replay_options *options, GError **ret_error);
/* Opens plan, map and targets. Without a plan (`plan_path` NULL) the target's path becomes a GET. */
gboolean replay_options_open(struct replay_options *options, const char *plan_path,
                             GError **ret_error);
/* The same for options of replay_options_add_service(): targets are as many as were given, and may be
 * none; the map is needed. */
gboolean replay_options_check_service(struct replay_options *options, GError **ret_error);
gboolean replay_options_open_service(struct replay_options *options, GError **ret_error);
/* Tries each target once. CANNOT_RUN when one can't be reached. */
gboolean replay_options_probe(const struct replay_options *options, GError **ret_error);
/* Without user info; NULL-terminated. Caller frees the array alone. */
const char **replay_options_urls(const struct replay_options *options);

/* ---- texts of options to numbers: BAD_USAGE "--timeout: expected ..., found '12x'" ------------- */

/* NULL leaves *ret_value alone. Bare numbers are seconds; "2m" is two minutes, as in other tools. */
gboolean replay_parse_duration(const char *option, const char *text, int64_t *ret_ns,
                               GError **ret_error);
gboolean replay_parse_whole(const char *option, const char *text, uint64_t low, uint64_t high,
                            uint64_t *ret_value, GError **ret_error);
/* Journeys a second: "1000", "50/s", "3000/min". Above 0, or at least 0 with `zero`. */
gboolean replay_parse_rate(const char *option, const char *text, bool zero, double *ret_rate,
                           GError **ret_error);
/* "30s:100,2m:1000,10s:1000-50": duration:rate or duration:from-to. Returns an array of struct
 * load_stage (caller frees with g_array_unref()). */
GArray *replay_parse_stages(const char *option, const char *text, GError **ret_error);

#endif
