/* An access log in the combined format. It holds no bodies and no headers but two: requests that
 * had more are counted. The answer was never seen: status 000, size -. The client is the member's
 * number, so that importing it again keeps members apart.
 */
#include "traffic/export_private.h"
#include "traffic/moment.h"

#include <string.h>

/* A quoted text with what may not stand in one escaped, as servers do it. */
static void log_quoted(FILE *stream, struct message_text text)
{
    fputc('"', stream);
    if (text.size == 0)
        fputc('-', stream);
    for (size_t i = 0; i < text.size; i++) {
        const guchar c = (guchar)text.text[i];
        if (c == '"' || c == '\\')
            fprintf(stream, "\\%c", c);
        else if (c < ' ' || c >= 0x7f)
            fprintf(stream, "\\x%02X", c);
        else
            fputc(c, stream);
    }
    fputc('"', stream);
}

/* Whether the message has what a log line cannot hold. */
static bool log_is_cut(const struct message *message)
{
    struct message_text headers = message->headers, name, value;

    while (message_next_header(&headers, &name, &value))
        if (!(name.size == 7 && g_ascii_strncasecmp(name.text, "Referer", 7) == 0) &&
            !(name.size == 10 && g_ascii_strncasecmp(name.text, "User-Agent", 10) == 0))
            return true;
    return message->body.size > 0;
}

/* The path of a URL. */
static const char *log_path(const char *url)
{
    const char *host = *url == '/' ? NULL : strstr(url, "://");
    const char *path = host != NULL ? strchr(host + 3, '/') : url;

    return path != NULL ? path : "/";
}

static gboolean log_write(struct export_job *job, const struct export_request *request,
                          GError **ret_error)
{
    const struct message *message = &request->message;
    char time[MOMENT_TEXT_SIZE];

    (void)ret_error;
    job->report->cut_count += log_is_cut(message);
    if (request->member != 0)
        fprintf(job->stream, "member-%" G_GUINT64_FORMAT, request->member);
    else
        fputc('-', job->stream);
    g_string_printf(job->text, "%.*s %s HTTP/1.1", (int)message->method.size, message->method.text,
                    log_path(request->url));
    fprintf(job->stream, " - - [%s] ", moment_format_log(request->at_us, time));
    log_quoted(job->stream, (struct message_text){job->text->str, job->text->len});
    fputs(" 000 - ", job->stream);
    log_quoted(job->stream, message_header(message, "Referer"));
    fputc(' ', job->stream);
    log_quoted(job->stream, message_header(message, "User-Agent"));
    fputc('\n', job->stream);
    return TRUE;
}

gboolean export_log(struct export_job *job, GError **ret_error)
{
    job->report->cut_what = "have headers or bodies, which a log does not hold";
    return export_requests(job, false, log_write, ret_error);
}
