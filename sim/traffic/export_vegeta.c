/* Targets of vegeta, one JSON object a line. Times are lost: vegeta takes a rate instead. */
#include "shell/json.h"
#include "traffic/export_private.h"

static json_t *vegeta_header(const struct message *message)
{
    struct message_text headers = message->headers, name, value;
    json_t *header = json_object();

    while (message_next_header(&headers, &name, &value)) {
        g_autofree char *key = export_text(name);
        g_autofree char *text = export_text(value);
        json_t *values = json_object_get(header, key);
        if (values == NULL) {
            values = json_array();
            json_object_set_new(header, key, values);
        }
        json_array_append_new(values, json_make_text(text));
    }
    return header;
}

static gboolean vegeta_write(struct export_job *job, const struct export_request *request,
                             GError **ret_error)
{
    const struct message *message = &request->message;
    g_autofree char *method = export_text(message->method);
    json_t *target = json_object();

    (void)ret_error;
    json_object_set_new(target, "method", json_make_text(method));
    json_object_set_new(target, "url", json_make_text(request->url));
    if (message->body.size > 0) {
        g_autofree char *body =
            g_base64_encode((const guchar *)message->body.text, message->body.size);
        json_object_set_new(target, "body", json_make_text(body));
    }
    if (message->headers.size > 0)
        json_object_set_new(target, "header", vegeta_header(message));
    g_string_truncate(job->text, 0);
    json_write_text(target, FALSE, job->text);
    json_decref(target);
    fprintf(job->stream, "%s\n", job->text->str);
    return TRUE;
}

gboolean export_vegeta(struct export_job *job, GError **ret_error)
{
    return export_requests(job, true, vegeta_write, ret_error);
}
