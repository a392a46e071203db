/* What the exporters share. */
#ifndef TRAFFIC_EXPORT_PRIVATE_H
#define TRAFFIC_EXPORT_PRIVATE_H

#include "traffic/export.h"
#include "traffic/message.h"
#include "traffic/plan_merge.h"

#include <stdio.h>

struct export
{
    const char *plan_path;
    const struct export_options *options;
    struct export_report *report;
    FILE *stream;  /* errors are found at the end */
    GString *text; /* for whoever needs one */
};

#define FORMAT(name) gboolean export_##name(struct export *export, GError **ret_error);
#include "traffic/formats.def"
#undef FORMAT

/* A request on its way out. */
struct export_request {
    const struct plan_visit *visit;
    const omo_plan_step *step;
    int64_t at_us;   /* since 1970; since time 0 when that is not known */
    const char *url; /* of `needs_host` formats absolute, else as recorded; terminated */
    struct message message;
};

/* Calls `write` for each recorded request of the plan. `needs_host`: a path without a host and
 * without options->target is an error. */
typedef gboolean (*export_write)(struct export *export, const struct export_request *request,
                                 GError **ret_error);
gboolean export_requests(struct export *export, bool needs_host, export_write write,
                         GError **ret_error);
/* FALSE with the error set when the export is to stop. */
gboolean export_go_on(const struct export *export, double share, GError **ret_error);

/* What time 0 is, since 1970; 0 when it is not known. */
int64_t export_epoch_us(const PlanMerge *merge);
/* A text of a message as one that ends with a NUL. Caller frees. */
char *export_text(struct message_text text);

#endif
