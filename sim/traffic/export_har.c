/* HTTP Archive 1.2 (see import_har.c). A journey becomes a page. The answers, which a plan does not
 * have, are given as the format asks: status 0, sizes -1. Entries are written as they come, and the
 * pages, which may stand behind them, in a second walk: memory does not depend on the plan.
 *
 * A body that is not UTF-8 is given in base64 with "_encoding", since the format has no word for it;
 * the importer knows it.
 */
#include "shell/json.h"
#include "traffic/export_private.h"
#include "traffic/moment.h"
#include "traffic/plan_private.h"

#include <omosim/types.h>
#include <string.h>

static json_t *har_pair(struct message_text name, struct message_text value)
{
    g_autofree char *name_text = export_text(name);
    g_autofree char *value_text = export_text(value);
    json_t *pair = json_object();

    json_object_set_new(pair, "name", json_make_text(name_text));
    json_object_set_new(pair, "value", json_make_text(value_text));
    return pair;
}

static json_t *har_headers(const struct message *message)
{
    struct message_text headers = message->headers, name, value;
    json_t *list = json_array();

    while (message_next_header(&headers, &name, &value))
        json_array_append_new(list, har_pair(name, value));
    return list;
}

/* "a=1&b" as names and values, still escaped. */
static json_t *har_query(const char *url)
{
    const char *at = strchr(url, '?');
    json_t *list = json_array();

    while (at != NULL && at[1] != '\0') {
        const char *begin = at + 1;
        at = strchr(begin, '&');
        const size_t size = at != NULL ? (size_t)(at - begin) : strlen(begin);
        const char *equals = memchr(begin, '=', size);
        const size_t name_size = equals != NULL ? (size_t)(equals - begin) : size;
        const size_t value_at = MIN(name_size + 1, size);
        json_array_append_new(list,
                              har_pair((struct message_text){begin, name_size},
                                       (struct message_text){begin + value_at, size - value_at}));
    }
    return list;
}

static json_t *har_post(const struct message *message)
{
    const struct message_text type = message_header(message, "Content-Type");
    g_autofree char *type_text = type.text != NULL ? export_text(type) : g_strdup("");
    const char *body = message->body.text;
    const size_t size = message->body.size;
    json_t *post = json_object();

    json_object_set_new(post, "mimeType", json_make_text(type_text));
    if (g_utf8_validate_len(body, size, NULL)) {
        json_object_set_new(post, "text", json_stringn(body, size));
    } else {
        g_autofree char *text = g_base64_encode((const guchar *)body, size);
        json_object_set_new(post, "text", json_make_text(text));
        json_object_set_new(post, "_encoding", json_make_text("base64"));
    }
    return post;
}

static json_t *har_request(const struct export_request *request)
{
    const struct message *message = &request->message;
    g_autofree char *method = export_text(message->method);
    json_t *json = json_object();

    json_object_set_new(json, "method", json_make_text(method));
    json_object_set_new(json, "url", json_make_text(request->url));
    json_object_set_new(json, "httpVersion", json_make_text("HTTP/1.1"));
    json_object_set_new(json, "cookies", json_array());
    json_object_set_new(json, "headers", har_headers(message));
    json_object_set_new(json, "queryString", har_query(request->url));
    if (message->body.size > 0)
        json_object_set_new(json, "postData", har_post(message));
    json_object_set_new(json, "headersSize", json_integer(-1));
    json_object_set_new(json, "bodySize", json_integer((json_int_t)message->body.size));
    return json;
}

static gboolean har_write(struct export_job *job, const struct export_request *request,
                          GError **ret_error)
{
    char time[MOMENT_TEXT_SIZE];
    g_autofree char *page = g_strdup_printf("journey_%" G_GUINT64_FORMAT, request->number);
    json_t *entry = json_object();

    (void)ret_error;
    json_object_set_new(entry, "pageref", json_make_text(page));
    json_object_set_new(entry, "startedDateTime",
                        json_make_text(moment_format_iso(request->at_us, time)));
    json_object_set_new(entry, "time", json_integer(0));
    json_object_set_new(entry, "request", har_request(request));
    json_object_set_new(entry, "response",
                        json_pack("{s:i,s:s,s:s,s:[],s:[],s:{s:i,s:s},s:s,s:i,s:i}", "status", 0,
                                  "statusText", "", "httpVersion", "", "cookies", "headers",
                                  "content", "size", 0, "mimeType", "", "redirectURL", "",
                                  "headersSize", -1, "bodySize", -1));
    json_object_set_new(entry, "cache", json_object());
    json_object_set_new(entry, "timings",
                        json_pack("{s:i,s:i,s:i}", "send", 0, "wait", 0, "receive", 0));
    g_string_truncate(job->text, 0);
    json_write_text(entry, FALSE, job->text);
    json_decref(entry);
    fprintf(job->stream, "%s\n%s", job->report->requests > 1 ? "," : "", job->text->str);
    return TRUE;
}

/* Whether a journey has any entry. */
static bool har_is_page(const struct export_job *job, const Plan *plan,
                        const omo_plan_journey *journey)
{
    const omo_plan_step *step = plan_first_step(journey);

    for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step))
        if (export_has_requests(job, plan, step))
            return true;
    return false;
}

static gboolean har_write_pages(struct export_job *job, GError **ret_error)
{
    g_autoptr(Plan) plan = plan_open(job->plan_path, ret_error);
    const omo_plan_journey *journey;
    uint64_t number = 0;
    bool first = true;

    if (plan == NULL)
        return FALSE;
    struct plan_check check = plan_check_begin(plan);
    while ((journey = plan_check_next(plan, &check)) != NULL) {
        char time[MOMENT_TEXT_SIZE];
        number++;
        if (!har_is_page(job, plan, journey))
            continue;
        fprintf(job->stream,
                "%s\n{\"startedDateTime\":\"%s\",\"id\":\"journey_%" G_GUINT64_FORMAT
                "\",\"title\":\"member %" G_GUINT64_FORMAT "\",\"pageTimings\":{}}",
                first ? "" : ",", moment_format_iso(export_at_us(plan, journey->at_us), time),
                number, journey->member);
        first = false;
    }
    return plan_check_end(plan, &check, ret_error);
}

gboolean export_har(struct export_job *job, GError **ret_error)
{
    fprintf(job->stream,
            "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"omosim\",\"version\":\"%s\"},"
            "\"entries\":[",
            omo_version());
    if (!export_requests(job, true, har_write, ret_error))
        return FALSE;
    fputs("\n],\"pages\":[", job->stream);
    if (!har_write_pages(job, ret_error))
        return FALSE;
    fputs("\n]}}\n", job->stream);
    return TRUE;
}
