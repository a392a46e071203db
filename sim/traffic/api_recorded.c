/* Recorded requests: HTTP/1.1 messages that a plan carries and that are sent as they were.
 *
 * The message is taken apart where it lies, each time: a walk over its head, no copies. What belongs
 * to the connection of then and not to the request is left out (RFC 9110 7.6.1: hop-by-hop headers,
 * those that Connection names, and the length, which the sender sets from the body); a target in
 * absolute form loses its scheme and authority, since the run has targets of its own. Lines may end
 * with LF alone, as hand-written plans do. Names that begin with ':' are HTTP/2's way of writing the
 * request line, which exporters leave in.
 */
#define _GNU_SOURCE /* memmem */
#include "traffic/api_private.h"

#include <string.h>

static const char *const left_out[] = {
    "connection", "content-length",   "host",    "keep-alive",        "proxy-authenticate",
    "te",         "proxy-connection", "trailer", "transfer-encoding", "upgrade",
};

static bool api_text_is(struct api_text text, const char *other)
{
    return text.size == strlen(other) && g_ascii_strncasecmp(text.text, other, text.size) == 0;
}

static struct api_text api_trim(const char *from, const char *to)
{
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    while (from < to && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r'))
        to--;
    return (struct api_text){from, (uint32_t)(to - from)};
}

/* Whether the comma-separated list of a Connection header has this name. */
static bool api_list_has(struct api_text list, struct api_text name)
{
    const char *at = list.text, *end = list.text + list.size;

    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        struct api_text item = api_trim(at, comma != NULL ? comma : end);
        if (item.size == name.size && g_ascii_strncasecmp(item.text, name.text, name.size) == 0)
            return true;
        at = comma != NULL ? comma + 1 : end;
    }
    return false;
}

static bool api_is_hop(struct api_text name, struct api_text connection)
{
    if (name.size == 0 || name.text[0] == ':' || api_list_has(connection, name))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(left_out); i++)
        if (api_text_is(name, left_out[i]))
            return true;
    return false;
}

/* The next line, without its end; FALSE past the last. */
static bool api_line(const char **at, const char *end, struct api_text *ret_line)
{
    if (*at >= end)
        return false;
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    const char *line_end = stop != NULL ? stop : end;
    const char *first = *at;
    *at = stop != NULL ? stop + 1 : end;
    if (line_end > first && line_end[-1] == '\r')
        line_end--;
    *ret_line = (struct api_text){first, (uint32_t)(line_end - first)};
    return true;
}

/* "http://host:80/a?b" becomes "/a?b". */
static struct api_text api_target(struct api_text target)
{
    const char *end = target.text + target.size;
    const char *scheme = memmem(target.text, target.size, "://", 3);

    if (target.text[0] == '/' || scheme == NULL)
        return target;
    for (const char *c = scheme + 3; c < end; c++)
        if (*c == '/')
            return (struct api_text){c, (uint32_t)(end - c)};
    return (struct api_text){"/", 1};
}

static bool api_request_line(struct api_text line, struct api_message *m)
{
    const char *end = line.text + line.size;
    const char *blank = memchr(line.text, ' ', line.size);

    if (blank == NULL || blank == line.text)
        return false;
    m->method = (struct api_text){line.text, (uint32_t)(blank - line.text)};
    const char *target = blank + 1;
    const char *version = memchr(target, ' ', (size_t)(end - target));
    if (version == NULL || version == target || end - version < 6 ||
        memcmp(version + 1, "HTTP/", 5) != 0)
        return false;
    m->path = api_target((struct api_text){target, (uint32_t)(version - target)});
    return m->path.text[0] == '/' || api_text_is(m->path, "*");
}

static bool api_header_line(struct api_text line, struct api_pair *ret_pair)
{
    /* A colon at the start belongs to a name of HTTP/2. */
    const char *colon = line.size > 1 ? memchr(line.text + 1, ':', line.size - 1) : NULL;

    if (colon == NULL)
        return false;
    ret_pair->name = (struct api_text){line.text, (uint32_t)(colon - line.text)};
    ret_pair->value = api_trim(colon + 1, line.text + line.size);
    return true;
}

/* Value of the Connection header, empty without one. */
static struct api_text api_connection(const char *at, const char *end)
{
    struct api_text line;
    struct api_pair pair;

    while (api_line(&at, end, &line) && line.size > 0)
        if (api_header_line(line, &pair) && api_text_is(pair.name, "connection"))
            return pair.value;
    return (struct api_text){"", 0};
}

enum api_render api_recorded_render(const struct api_values *values,
                                    struct api_message *ret_message)
{
    static const char *const twice[] = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
    struct plan_payload payload = plan_step_payload(values->step);
    struct api_message *m = ret_message;
    struct api_text line;

    if (payload.size == 0)
        return API_MISSING_VALUE;
    const char *at = payload.bytes, *end = at + payload.size;
    if (!api_line(&at, end, &line) || !api_request_line(line, m))
        return API_MISSING_VALUE;
    struct api_text connection = api_connection(at, end);
    m->header_count = 0;
    m->whole_path = false;
    while (api_line(&at, end, &line) && line.size > 0) {
        struct api_pair pair;
        if (!api_header_line(line, &pair))
            return API_MISSING_VALUE;
        if (api_is_hop(pair.name, connection))
            continue;
        if (m->header_count == API_HEADERS_MAX)
            return API_TOO_LARGE;
        m->header[m->header_count++] = pair;
    }
    m->body = (struct api_text){at < end ? at : NULL, (uint32_t)(end - at)};
    m->constant = false;
    m->head_only = api_text_is(m->method, "HEAD");
    m->idempotent = false;
    for (size_t i = 0; i < G_N_ELEMENTS(twice); i++)
        m->idempotent |= api_text_is(m->method, twice[i]);
    return API_RENDERED;
}
