/* What the exporters share. */
#ifndef TRAFFIC_EXPORT_PRIVATE_H
#define TRAFFIC_EXPORT_PRIVATE_H

#include "traffic/export.h"
#include "traffic/message.h"

#include <stdio.h>

struct export_job {
    const char *plan_path;
    const struct export_options *options;
    struct export_report *report;
    FILE *stream;  /* errors are found at the end */
    GString *text; /* for the exporter */
    GString *made; /* a message made by the map */
    char *scratch; /* EXPORT_SCRATCH_SIZE, for the map; NULL without one, as `variables` */
    struct api_text *variables; /* "{{NAME}}" of each; texts owned */
};

#define EXPORT_SCRATCH_SIZE ((size_t)4 << 20)

#define FORMAT(name) gboolean export_##name(struct export_job *job, GError **ret_error);
#include "traffic/formats.def"
#undef FORMAT

/* A request on its way out. */
struct export_request {
    uint64_t member;
    uint64_t number; /* of the journey, from 1 */
    int64_t at_us;   /* since 1970; since time 0 when that is not known */
    const char *url; /* of `needs_host` formats absolute, else as recorded; terminated */
    struct message message;
};

/* Calls `write` for each request of the plan in the order of time. `needs_host`: a path without a host and
 * without options->target is an error. */
typedef gboolean (*export_write)(struct export_job *job, const struct export_request *request,
                                 GError **ret_error);
gboolean export_requests(struct export_job *job, bool needs_host, export_write write,
                         GError **ret_error);
/* FALSE with the error set when the export is to stop. */
gboolean export_go_on(const struct export_job *job, double share, GError **ret_error);

/* Whether a step of the plan gives any request. */
bool export_has_requests(const struct export_job *job, const Plan *plan, const omo_plan_step *step);
/* A time of the plan since 1970; since time 0 when that is not known. */
int64_t export_at_us(const Plan *plan, int64_t at_us);
/* A text of a message as one that ends with a NUL. Caller frees. */
char *export_text(struct message_text text);

/* ---- requests of a map ----------------------------------------------------------------------- */

void export_map_begin(struct export_job *job);
void export_map_end(struct export_job *job);
/* Makes the payload of request `request` of the map for a step, valid until the next one. FALSE
 * with the error set when it is too large; size 0 when the step has not what it needs. */
gboolean export_map_request(struct export_job *job, uint32_t request,
                            const struct api_values *values, struct plan_payload *ret_payload,
                            GError **ret_error);

#endif
