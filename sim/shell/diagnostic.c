/* Errors with positions, alone and in lists.
 *
 * Two forms meet here. GError is what every fallible function of the shell returns: one code, one
 * text. A check of a whole scenario wants to report all it finds, so it collects findings in a list
 * first; diagnostic_list_finish() joins their lines into one GError, which keeps "an error is
 * reported once, by the code that decides what to do" true for twenty errors as for one. A GError
 * with a hundred fields was the other way; nobody would read the fields.
 *
 * The list is capped: after twenty findings a broken indentation has said what it has to say. The
 * finding past the last is a marker, so the cap is visible and the list needs no counter beside it.
 */
#include "shell/diagnostic.h"
#include "shell/spelling.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

GQuark diagnostic_error_quark(void) { return g_quark_from_static_string("omo-shell-error"); }

int diagnostic_exit_status(const GError *error)
{
    if (error == NULL)
        return 0;
    if (error->domain == OMO_SHELL_ERROR && error->code != OMO_SHELL_ERROR_CANNOT_RUN)
        return 2;
    return 3;
}

struct text_position diagnostic_at(const char *file, uint32_t line, uint32_t column)
{
    return (struct text_position){
        .file = file == NULL ? NULL : g_intern_string(file),
        .line = line,
        .column = column,
    };
}

char *diagnostic_position_text(struct text_position at)
{
    if (at.file == NULL)
        return g_strdup("");
    if (at.line == 0)
        return g_strdup(at.file);
    if (at.column == 0)
        return g_strdup_printf("%s:%u", at.file, at.line);
    return g_strdup_printf("%s:%u:%u", at.file, at.line, at.column);
}

static void diagnostic_set_text(GError **ret_error, OmoShellError code, struct text_position at,
                                const char *text)
{
    if (ret_error == NULL)
        return;
    if (at.file == NULL) {
        g_set_error_literal(ret_error, OMO_SHELL_ERROR, (int)code, text);
        return;
    }

    g_autofree char *where = diagnostic_position_text(at);
    g_set_error(ret_error, OMO_SHELL_ERROR, (int)code, "%s: %s", where, text);
}

void diagnostic_set(GError **ret_error, OmoShellError code, struct text_position at,
                    const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    diagnostic_set_text(ret_error, code, at, text);
}

void diagnostic_bad_input(GError **ret_error, struct text_position at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    diagnostic_set_text(ret_error, OMO_SHELL_ERROR_BAD_INPUT, at, text);
}

void diagnostic_prefix(GError **error, struct text_position at)
{
    if (error == NULL || *error == NULL || at.file == NULL)
        return;
    g_autofree char *where = diagnostic_position_text(at);
    g_prefix_error(error, "%s: ", where);
}

static void diagnostic_free(gpointer data)
{
    struct diagnostic *d = data;
    g_free(d->text);
    g_free(d);
}

GPtrArray *diagnostic_list_new(void) { return g_ptr_array_new_with_free_func(diagnostic_free); }

static void diagnostic_append(GPtrArray *list, struct text_position at, char *text)
{
    struct diagnostic *d = g_new(struct diagnostic, 1);
    *d = (struct diagnostic){.at = at, .text = text};
    g_ptr_array_add(list, d);
}

void diagnostic_add(GPtrArray *list, struct text_position at, const char *format, ...)
{
    if (list->len > DIAGNOSTIC_COUNT_MAX)
        return;
    if (list->len == DIAGNOSTIC_COUNT_MAX) {
        diagnostic_append(list, diagnostic_at(NULL, 0, 0),
                          g_strdup_printf("more errors follow; the first %d are shown",
                                          DIAGNOSTIC_COUNT_MAX));
        return;
    }

    va_list arguments;
    va_start(arguments, format);
    diagnostic_append(list, at, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

void diagnostic_add_unknown(GPtrArray *list, struct text_position at, const char *what,
                            const char *found, const char *const *names)
{
    g_autofree char *hint = spelling_hint(found, names);
    diagnostic_add(list, at, "unknown %s '%s'%s", what, found, hint);
}

gboolean diagnostic_list_finish(const GPtrArray *list, GError **ret_error)
{
    if (list->len == 0)
        return TRUE;

    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++) {
        const struct diagnostic *d = g_ptr_array_index(list, i);
        g_autofree char *where = diagnostic_position_text(d->at);
        g_string_append_printf(text, "%s%s%s%s", i == 0 ? "" : "\n", where,
                               *where == '\0' ? "" : ": ", d->text);
    }
    g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, text->str);
    return FALSE;
}

gboolean diagnostic_use_colour(FILE *stream)
{
    const char *no_colour = getenv("NO_COLOR");
    if (no_colour != NULL && *no_colour != '\0')
        return FALSE;
    const char *terminal = getenv("TERM");
    if (terminal == NULL || strcmp(terminal, "dumb") == 0)
        return FALSE;
    int descriptor = fileno(stream);
    return descriptor >= 0 && isatty(descriptor);
}

void diagnostic_print(FILE *stream, const GError *error)
{
    if (error == NULL)
        return;

    const char *label = diagnostic_use_colour(stream) ? "\033[1;31merror:\033[0m" : "error:";
    g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        fprintf(stream, "%s %s\n", label, *line);
    fflush(stream);
}
