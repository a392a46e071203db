/* What the importers share.
 *
 * har, vegeta and log gather: a first pass finds the requests and adds their times, members and
 * places in the file; they are sorted into journeys; a second pass makes each request's message
 * when it is its turn to be written. So memory holds under 60 bytes a request and not the requests.
 */
#ifndef TRAFFIC_IMPORT_PRIVATE_H
#define TRAFFIC_IMPORT_PRIVATE_H

#include "shell/diagnostic.h"
#include "traffic/import.h"

struct import {
    const char *path;
    const char *plan_path;
    const struct import_options *options;
    struct import_report *report;
};

#define FORMAT(name) gboolean import_##name(const struct import *import, GError **ret_error);
#include "traffic/formats.def"
#undef FORMAT

/* A bad line or entry: counted, error freed and TRUE when such are skipped; else handed on and
 * FALSE. Takes `error`. */
gboolean import_skip(const struct import *import, GError *error, GError **ret_error);
/* FALSE with the error set when the import is to stop. */
gboolean import_go_on(const struct import *import, double share, GError **ret_error);

/* A file in memory, as mapped. Caller frees with g_mapped_file_unref(). */
GMappedFile *import_map(const char *path, GError **ret_error);
/* A member's number of what tells members apart; never 0. */
uint64_t import_member(const void *bytes, size_t size, uint64_t before);

/* ---- gathering ------------------------------------------------------------------------------- */

#define GATHER_NO_GROUP UINT32_MAX

typedef struct gather Gather;

Gather *gather_new(void);
void gather_free(Gather *gather);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gather, gather_free)

/* A request at `at_us`. Those of one group (a page) are one journey, those of none are cut into
 * journeys by gaps. `where` is handed back to gather_write()'s callback. */
void gather_add(Gather *gather, int64_t at_us, uint64_t member, uint32_t group, uint64_t where);
/* Requests whose times are the same whole second are spread over it, in the order of the file. */
void gather_spread_seconds(Gather *gather);
/* Makes the message of the request at `where`. */
typedef gboolean (*gather_message)(void *context, uint64_t where, GString *ret_message,
                                   GError **ret_error);
/* Writes the plan. `timed`: times are the clock's, and time 0 becomes the first request's; else
 * they are since time 0. */
gboolean gather_write(Gather *gather, const struct import *import, int64_t gap_us, bool timed,
                      gather_message message, void *context, GError **ret_error);

#endif
