/* Access logs in the common and the combined format, as Apache httpd and nginx write them:
 *
 *   CLIENT IDENT USER [10/Oct/2000:13:55:36 -0700] "GET /path HTTP/1.1" 200 2326 "REFERER" "AGENT"
 *
 * (the last two in the combined format; whatever follows is ignored). A member is who has the same
 * client address and user agent. A log does not say which requests were made side by side, so each
 * one is a journey of its own, sent when it was; --gap joins a member's requests into visits
 * instead. Times are whole seconds: the requests of one are spread over it in the order of the
 * file, or a replay would be a burst each second.
 *
 * A log has no bodies, so GET alone can be sent again as it was; the rest is left out unless asked
 * for. The servers escape quotes and bytes that are no text as \" and \xHH, which is undone.
 */
#include "traffic/import_lines.h"
#include "traffic/import_private.h"
#include "traffic/message.h"
#include "traffic/moment.h"

#include <string.h>

#define LOG_LOOK_EACH 8192 /* lines between looks at the clock */

struct log_line {
    int64_t at_us;
    struct message_text client;
    GString *request; /* unescaped, each */
    GString *referer; /* empty when there is none, each */
    GString *agent;
};

struct log_source {
    struct lines lines;
    struct log_line parsed;
    bool all_methods;
};

enum log_use { LOG_USED, LOG_LEFT, LOG_BAD };

/* ---- a line ---------------------------------------------------------------------------------- */

static int log_hex(const char *at, const char *end)
{
    if (end - at < 4 || at[1] != 'x' || !g_ascii_isxdigit(at[2]) || !g_ascii_isxdigit(at[3]))
        return -1;
    return g_ascii_xdigit_value(at[2]) * 16 + g_ascii_xdigit_value(at[3]);
}

/* Reads a quoted text at *at, which is left behind it; false when it does not end. */
static bool log_quoted(const char **at, const char *end, GString *ret_text)
{
    const char *c = *at;

    g_string_truncate(ret_text, 0);
    if (c == end || *c++ != '"')
        return false;
    for (; c < end && *c != '"'; c++) {
        const int byte = *c == '\\' ? log_hex(c, end) : -1;
        if (byte > 0) {
            g_string_append_c(ret_text, (char)byte);
            c += 3;
        } else {
            c += *c == '\\' && end - c > 1;
            g_string_append_c(ret_text, *c != '\0' ? *c : ' ');
        }
    }
    if (c >= end)
        return false;
    *at = c + 1;
    return true;
}

/* Skips a blank and a word; false when there is none. */
static bool log_word(const char **at, const char *end)
{
    const char *c = *at;

    if (c == end || *c++ != ' ' || c == end || *c == ' ')
        return false;
    while (c < end && *c != ' ')
        c++;
    *at = c;
    return true;
}

static bool log_is_status(const char *at, const char *end)
{
    return (end - at >= 2 && at[1] == '-') || (end - at >= 4 && g_ascii_isdigit(at[1]) &&
                                               g_ascii_isdigit(at[2]) && g_ascii_isdigit(at[3]));
}

/* Reads client and time; NULL, or where the trouble is. */
static const char *log_parse_head(const struct line *line, struct log_line *parsed,
                                  const char **ret_expected, const char **ret_at)
{
    const char *end = line->text + line->size;
    const char *blank = memchr(line->text, ' ', line->size);
    const char *open = blank;

    *ret_expected = "a client's address";
    if (blank == NULL || blank == line->text)
        return line->text;
    parsed->client = (struct message_text){line->text, (size_t)(blank - line->text)};
    while (open < end && !(*open == '[' && open[-1] == ' '))
        open++;
    *ret_expected = "a time such as [10/Oct/2000:13:55:36 -0700]";
    const char *close = open < end ? memchr(open, ']', (size_t)(end - open)) : NULL;
    if (close == NULL)
        return open < end ? open : blank + 1;
    if (!moment_parse_log(open + 1, (size_t)(close - open - 1), &parsed->at_us))
        return open + 1;
    *ret_at = close + 1;
    return NULL;
}

/* NULL when the line is one of a log, else where it is not. */
static const char *log_parse(const struct line *line, struct log_line *parsed,
                             const char **ret_expected)
{
    const char *end = line->text + line->size;
    const char *at = line->text;
    const char *wrong = log_parse_head(line, parsed, ret_expected, &at);

    if (wrong != NULL)
        return wrong;
    *ret_expected = "a quoted request such as \"GET /path HTTP/1.1\"";
    if (at == end || *at != ' ' || end - at < 2)
        return at;
    at++;
    if (!log_quoted(&at, end, parsed->request))
        return at;
    *ret_expected = "a status";
    if (!log_is_status(at, end) || !log_word(&at, end))
        return at < end ? at + 1 : at;
    *ret_expected = "a size";
    if (!log_word(&at, end))
        return at;
    g_string_truncate(parsed->referer, 0);
    g_string_truncate(parsed->agent, 0);
    if (end - at < 2 || at[0] != ' ' || at[1] != '"')
        return NULL; /* the common format */
    at++;
    *ret_expected = "a closing quote";
    if (!log_quoted(&at, end, parsed->referer))
        return at;
    if (end - at < 2 || at[0] != ' ' || at[1] != '"')
        return NULL;
    at++;
    return log_quoted(&at, end, parsed->agent) ? NULL : at;
}

/* ---- its request ----------------------------------------------------------------------------- */

static gboolean log_add_header(GString *message, const char *name, const GString *value,
                               GError **ret_error)
{
    if (value->len == 0 || strcmp(value->str, "-") == 0)
        return TRUE;
    return message_add_header(message, name, value->str, NULL, ret_error);
}

/* The path of "http://host/path": a log is of one server. */
static const char *log_path(const char *target)
{
    const char *host = strstr(target, "://");

    if (*target == '/' || host == NULL)
        return target;
    const char *path = strchr(host + 3, '/');
    return path != NULL ? path : "/";
}

/* Makes the message of the parsed line. */
static enum log_use log_message(const struct log_source *source, GString *ret_message,
                                GError **ret_error)
{
    g_autofree char *request = g_strdup(source->parsed.request->str);
    char *target = strchr(request, ' ');
    char *version = strrchr(request, ' ');

    if (target == NULL || version == target || strncmp(version, " HTTP/", 6) != 0)
        return LOG_LEFT;
    *version = '\0';
    *target++ = '\0';
    if (!source->all_methods && strcmp(request, "GET") != 0)
        return LOG_LEFT;
    if (strcmp(request, "CONNECT") == 0)
        return LOG_LEFT;
    if (!message_begin(ret_message, request, log_path(target), ret_error) ||
        !log_add_header(ret_message, "Referer", source->parsed.referer, ret_error) ||
        !log_add_header(ret_message, "User-Agent", source->parsed.agent, ret_error) ||
        !message_end(ret_message, "", 0, ret_error))
        return LOG_BAD;
    return LOG_USED;
}

/* ---- both passes ----------------------------------------------------------------------------- */

static gboolean log_message_at(void *context, uint64_t where, GString *ret_message,
                               GError **ret_error)
{
    struct log_source *source = context;
    const struct line line = lines_at(&source->lines, where);
    const char *expected;

    if (log_parse(&line, &source->parsed, &expected) != NULL ||
        log_message(source, ret_message, ret_error) != LOG_USED) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "%s: was changed while it was read", source->lines.file);
        return FALSE;
    }
    return TRUE;
}

static enum log_use log_look(struct log_source *source, const struct line *line, GString *message,
                             GError **ret_error)
{
    const char *expected;
    const char *wrong = log_parse(line, &source->parsed, &expected);
    g_autoptr(GError) reason = NULL;

    if (wrong != NULL) {
        g_autofree char *found = g_strndup(wrong, (gsize)MIN(line->text + line->size - wrong, 40));
        g_autofree char *shown = g_utf8_make_valid(found, -1);
        *ret_error = lines_error(&source->lines, line, wrong, "expected %s, found %s%s%s", expected,
                                 *shown != '\0' ? "'" : "", *shown != '\0' ? shown : "the end",
                                 *shown != '\0' ? "'" : "");
        return LOG_BAD;
    }
    const enum log_use use = log_message(source, message, &reason);
    if (use == LOG_BAD)
        *ret_error = lines_error(&source->lines, line, line->text, "%s", reason->message);
    return use;
}

static gboolean log_gather(const struct import *import, struct log_source *source, Gather *gather,
                           GError **ret_error)
{
    g_autoptr(GString) message = g_string_new(NULL);
    const struct log_line *parsed = &source->parsed;
    struct line line;

    while (lines_next(&source->lines, &line)) {
        GError *error = NULL;
        switch (log_look(source, &line, message, &error)) {
        case LOG_USED: {
            /* With the blank behind the address: it parts the two. */
            const uint64_t client = import_member(parsed->client.text, parsed->client.size + 1, 0);
            gather_add(gather, parsed->at_us,
                       import_member(parsed->agent->str, parsed->agent->len, client),
                       GATHER_NO_GROUP, (uint64_t)(line.text - source->lines.begin));
            break;
        }
        case LOG_LEFT:
            import->report->left_count++;
            break;
        case LOG_BAD:
            if (!import_skip(import, error, ret_error))
                return FALSE;
        }
        if (source->lines.number % LOG_LOOK_EACH == 0 &&
            !import_go_on(import,
                          0.5 * (double)(source->lines.at - source->lines.begin) /
                              (double)(source->lines.end - source->lines.begin),
                          ret_error))
            return FALSE;
    }
    return TRUE;
}

gboolean import_log(const struct import *import, GError **ret_error)
{
    GMappedFile *map = import_map(import->path, ret_error);
    g_autoptr(Gather) gather = gather_new();

    if (map == NULL)
        return FALSE;
    struct log_source source = {
        .lines = lines_begin(import->path, map),
        .parsed = {.request = g_string_new(NULL),
                   .referer = g_string_new(NULL),
                   .agent = g_string_new(NULL)},
        .all_methods = import->options->all_methods,
    };
    import->report->left_why = source.all_methods
                                   ? "have no request with a path"
                                   : "are not GET (--all-methods takes others, without a body)";
    gboolean done = log_gather(import, &source, gather, ret_error);
    if (done) {
        gather_spread_seconds(gather);
        done = gather_write(gather, import, MAX(import->options->gap_us, 0), true, log_message_at,
                            &source, ret_error);
    }
    g_string_free(source.parsed.request, TRUE);
    g_string_free(source.parsed.referer, TRUE);
    g_string_free(source.parsed.agent, TRUE);
    g_mapped_file_unref(map);
    return done;
}
