/* Plans from recorded traffic.
 *
 * Bad lines are errors with file:line:column (entries of a HAR file with their number), unless they
 * are to be skipped and counted. What a format holds beside requests that can be sent again is left
 * out and counted, too.
 */
#ifndef TRAFFIC_IMPORT_H
#define TRAFFIC_IMPORT_H

#include "traffic/plan.h"

enum traffic_format {
#define FORMAT(name) FORMAT_##name,
#include "traffic/formats.def"
#undef FORMAT
    FORMAT_COUNT
};

/* A format by its name; an unknown one is BAD_USAGE with the nearest. */
gboolean traffic_format_find(const char *name, enum traffic_format *ret_format, GError **ret_error);

struct import_options {
    bool skip_bad;
    bool all_methods;  /* log: not GET alone */
    int64_t gap_us;    /* har, log: a journey ends when its member was silent for so long; 0: one
                          * request a journey; below 0: what is usual for the format */
    double rate_per_s; /* vegeta */
    const char *like;  /* csv: a plan whose names, numbers and header the new one takes; or NULL */
    /* Called now and then with the share done; false stops the import. May be NULL. */
    bool (*go_on)(double share, void *context);
    void *context;
};

struct import_report {
    struct plan_counts counts;
    uint64_t bad_count;  /* skipped */
    char *first_bad;     /* what was wrong with the first, or NULL; caller frees */
    uint64_t left_count; /* left out, and why */
    const char *left_why;
};

/* Reads `path` and writes `plan_path` ("-": standard output), whole or not at all. An import
 * that `go_on` stopped fails with CANNOT_RUN. */
gboolean traffic_import(enum traffic_format format, const char *path, const char *plan_path,
                        const struct import_options *options, struct import_report *ret_report,
                        GError **ret_error);

#endif
