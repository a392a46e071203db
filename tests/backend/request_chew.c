/* Requests go over a socket, as a client's: what is chewed is all of it, from the first byte to the
 * answer. Who sends half a request would wait for long, so after a moment without an answer the sending
 * side is shut down, which ends it. (Not at once: the library does not see an end that comes with the
 * last bytes.) */
#include "backend/request_chew.h"

#include "backend/platform_case.h"
#include "shell/web.h"

#include <poll.h>
#include <string.h>

#define MOMENT_MS 15
#define PATIENCE_MS 5000

static Backend *shop;
static char *token;

void request_chew_begin(void)
{
    g_autofree char *answer = NULL;

    shop = platform_start((struct backend_options){.threads = 1});
    platform_ask(shop, "POST", "/sessions", "", "{\"member\": \"1\"}", &answer);
    json_t *session = json_loads(answer, 0, NULL);
    token = g_strdup(json_string_value(json_object_get(session, "token")));
    json_decref(session);
    g_assert(token != NULL);
}

void request_chew_end(void)
{
    g_clear_pointer(&shop, backend_free);
    g_clear_pointer(&token, g_free);
}

/* The bytes with the token in its place. */
static GString *with_token(const char *bytes, size_t size)
{
    GString *text = g_string_new_len(bytes, (gssize)size);

    for (size_t at = 0; at + strlen(REQUEST_CHEW_TOKEN) <= text->len; at++)
        if (memcmp(text->str + at, REQUEST_CHEW_TOKEN, strlen(REQUEST_CHEW_TOKEN)) == 0) {
            g_string_erase(text, (gssize)at, (gssize)strlen(REQUEST_CHEW_TOKEN));
            g_string_insert(text, (gssize)at, token);
            at += strlen(token);
        }
    return text;
}

static GString *read_all(int fd)
{
    GString *answer = g_string_new(NULL);
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    char piece[4096];
    ssize_t size = 1;

    if (poll(&poll_fd, 1, MOMENT_MS) == 0)
        shutdown(fd, SHUT_WR);
    while (size > 0 && poll(&poll_fd, 1, PATIENCE_MS) > 0) {
        size = recv(fd, piece, sizeof piece, 0);
        if (size > 0)
            g_string_append_len(answer, piece, size);
        shutdown(fd, SHUT_WR); /* a connection that is kept ends with what has been sent */
    }
    return answer;
}

int request_chew(const char *bytes, size_t size)
{
    g_autoptr(GString) text = with_token(bytes, size);
    const int fd = web_connect(backend_url(shop));
    int status = 0;

    for (size_t sent = 0; sent < text->len;) {
        const ssize_t step = send(fd, text->str + sent, text->len - sent, MSG_NOSIGNAL);
        if (step <= 0) /* it has heard enough */
            break;
        sent += (size_t)step;
    }
    g_autoptr(GString) answer = read_all(fd);
    close(fd);
    if (answer->len > 0) {
        status = web_status(answer->str);
        g_assert(g_str_has_prefix(answer->str, "HTTP/1.") && status >= 100);
        g_assert(status < 500 || status == 505); /* another version of HTTP */
    }
    return status;
}

bool request_chew_books_agree(void)
{
    return platform_count(
               "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") == 0 &&
           platform_count(
               "SELECT count(*) FROM position AS p WHERE on_hand <> opening + (SELECT "
               "coalesce(sum(on_hand), 0) FROM movement WHERE position = p.id) OR reserved "
               "<> (SELECT coalesce(sum(reserved), 0) FROM movement WHERE position = p.id)"
               " OR on_hand - reserved < 0") == 0 &&
           platform_count("SELECT count(*) FROM member AS m WHERE points <> (SELECT "
                          "coalesce(sum(points), 0) FROM point_entry WHERE member = m.id)") == 0;
}
