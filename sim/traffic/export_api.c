/* Requests that an API map makes of simulated steps, as messages. Each variable is its own name in
 * double braces: a reader, or a tool that fills in values, sees what belongs there.
 */
#include "shell/diagnostic.h"
#include "traffic/export_private.h"

#include <string.h>

void export_map_begin(struct export_job *job)
{
    const ApiMap *map = job->options->map;
    const uint32_t count = map != NULL ? api_variable_count(map) : 0;

    job->made = g_string_new(NULL);
    if (map == NULL)
        return;
    job->scratch = g_malloc(EXPORT_SCRATCH_SIZE);
    job->variables = g_new0(struct api_text, (size_t)count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const char *text = g_strdup_printf("{{%s}}", api_variable_name(map, i));
        job->variables[i] = (struct api_text){text, (uint32_t)strlen(text)};
    }
}

void export_map_end(struct export_job *job)
{
    g_string_free(job->made, TRUE);
    for (struct api_text *v = job->variables; v != NULL && v->text != NULL; v++)
        g_free((char *)(uintptr_t)v->text);
    g_free(job->variables);
    g_free(job->scratch);
}

/* Caller frees. */
static char *map_text(struct api_text text) { return g_strndup(text.text, text.size); }

static gboolean map_message(const struct api_message *from, GString *message, GError **ret_error)
{
    g_autofree char *method = map_text(from->method);
    g_autofree char *path = map_text(from->path);

    if (!message_begin(message, method, path, ret_error))
        return FALSE;
    for (uint32_t i = 0; i < from->header_count; i++) {
        g_autofree char *name = map_text(from->header[i].name);
        g_autofree char *value = map_text(from->header[i].value);
        if (!message_add_header(message, name, value, NULL, ret_error))
            return FALSE;
    }
    return message_end(message, from->body.text != NULL ? from->body.text : "", from->body.size,
                       ret_error);
}

gboolean export_map_request(struct export_job *job, uint32_t request,
                            const struct api_values *values, struct plan_payload *ret_payload,
                            GError **ret_error)
{
    struct api_values filled = *values;
    struct api_message message;

    filled.variable = job->variables;
    *ret_payload = (struct plan_payload){NULL, 0};
    switch (api_render(job->options->map, request, &filled, job->scratch, EXPORT_SCRATCH_SIZE,
                       &message)) {
    case API_RENDERED:
        break;
    case API_MISSING_VALUE:
        return TRUE;
    case API_TOO_LARGE:
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: a request of '%s' is larger than %zu MiB", job->plan_path,
                    api_request(job->options->map, request)->name, EXPORT_SCRATCH_SIZE >> 20);
        return FALSE;
    }
    if (!map_message(&message, job->made, ret_error)) {
        g_prefix_error(ret_error, "%s: %s: ", job->plan_path,
                       api_request(job->options->map, request)->name);
        return FALSE;
    }
    *ret_payload = (struct plan_payload){job->made->str, job->made->len};
    return TRUE;
}
