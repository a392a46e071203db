/* Plans as files of other tools.
 *
 * Recorded requests go to har, vegeta and log as they were recorded. Steps of simulated traffic have
 * none: they go to csv as they are, and to the others as the requests that an API map makes of them.
 * What a map would capture from an answer is not known then: its place holds "{{NAME}}", escaped as
 * that place asks for. Steps that give no request are left out and counted.
 */
#ifndef TRAFFIC_EXPORT_H
#define TRAFFIC_EXPORT_H

#include "traffic/api.h"
#include "traffic/import.h"

struct export_options {
    const ApiMap *map;  /* or NULL */
    const char *target; /* "http://host:port": goes before paths without a host; or NULL */
    /* Called now and then with the share done; false stops the export. May be NULL. */
    bool (*go_on)(double share, void *context);
    void *context;
};

struct export_report {
    uint64_t requests;    /* written; csv: steps */
    uint64_t left_count;  /* steps that gave no request */
    uint64_t cut_count;   /* requests of which the format cannot hold all */
    const char *cut_what; /* of those: what it cannot hold */
};

/* Reads `plan_path` and writes `path` ("-": standard output), whole or not at all. */
gboolean traffic_export(enum traffic_format format, const char *plan_path, const char *path,
                        const struct export_options *options, struct export_report *ret_report,
                        GError **ret_error);

#endif
