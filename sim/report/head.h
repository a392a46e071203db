/* The head comment of a picture's .gp file, and the list of pictures; the format is described in
 * plots/index.def.
 */
#ifndef REPORT_HEAD_H
#define REPORT_HEAD_H

#include <glib.h>

struct head_query {
    char *name; /* of a data block */
    char *sql;
};

struct head {
    char *title, *question, *caption; /* caption: SQL, may be NULL */
    char *kind;                       /* of results that it is for; NULL = a simulation's */
    gboolean keys;
    GPtrArray *data; /* struct head_query *, at least one */
};

/* Names in index.def, in order (strings owned by the array). */
GPtrArray *head_read_index(const char *path, GError **ret_error);
/* Caller frees with head_free(). */
struct head *head_read(const char *path, GError **ret_error);
void head_free(struct head *head);

#endif
