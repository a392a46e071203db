/* The registry of formats, and what importers share. */
#include "shell/spelling.h"
#include "traffic/import_private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const struct format {
    const char *name;
    gboolean (*import)(const struct import *import, GError **ret_error);
} formats[] = {
#define FORMAT(name) {#name, import_##name},
#include "traffic/formats.def"
#undef FORMAT
};

gboolean traffic_format_find(const char *name, enum traffic_format *ret_format, GError **ret_error)
{
    const char *names[FORMAT_COUNT + 1] = {NULL};

    for (uint32_t i = 0; i < FORMAT_COUNT; i++) {
        names[i] = formats[i].name;
        if (strcmp(name, names[i]) == 0) {
            *ret_format = (enum traffic_format)i;
            return TRUE;
        }
    }
    g_autofree char *hint = spelling_hint(name, names);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "unknown format '%s'%s",
                name, hint);
    return FALSE;
}

gboolean import_skip(const struct import *import, GError *error, GError **ret_error)
{
    if (!import->options->skip_bad) {
        g_propagate_error(ret_error, error);
        return FALSE;
    }
    if (import->report->bad_count++ == 0)
        import->report->first_bad = g_strdup(error->message);
    g_error_free(error);
    return TRUE;
}

gboolean import_go_on(const struct import *import, double share, GError **ret_error)
{
    const struct import_options *options = import->options;

    if (options->go_on == NULL || options->go_on(share, options->context))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: stopped",
                import->path);
    return FALSE;
}

GMappedFile *import_map(const char *path, GError **ret_error)
{
    g_autoptr(GError) reason = NULL;
    struct stat status;

    if (stat(path, &status) != 0) {
        g_set_error(ret_error, OMO_SHELL_ERROR,
                    errno == ENOENT ? OMO_SHELL_ERROR_BAD_INPUT : OMO_SHELL_ERROR_CANNOT_RUN,
                    "%s: %s", path, g_strerror(errno));
        return NULL;
    }
    if (!S_ISREG(status.st_mode)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: must be a regular file: it is read twice", path);
        return NULL;
    }
    GMappedFile *file = g_mapped_file_new(path, FALSE, &reason);
    if (file == NULL)
        g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                            reason->message);
    return file;
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923). */
uint64_t import_member(const void *bytes, size_t size, uint64_t before)
{
    const guchar *byte = bytes;
    uint64_t hash = before != 0 ? before : UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
    return hash != 0 ? hash : 1;
}

gboolean traffic_import(enum traffic_format format, const char *path, const char *plan_path,
                        const struct import_options *options, struct import_report *ret_report,
                        GError **ret_error)
{
    struct import_report report = {.bad_count = 0};
    const struct import import = {path, plan_path, options, &report};

    if (!formats[format].import(&import, ret_error)) {
        g_free(report.first_bad);
        return FALSE;
    }
    *ret_report = report;
    return TRUE;
}
