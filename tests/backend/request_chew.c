/* Requests go over a socket, as a client's: what is chewed is all of it, from the first byte to the
 * answer. Who sends half a request would wait for long, so after a moment without an answer the sending
 * side is shut down, which ends it. (Not at once: the library does not see an end that comes with the
 * last bytes.) */
#include "backend/request_chew.h"

#include "backend/platform_case.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOMENT_MS 15
#define PATIENCE_MS 5000

static Backend *shop;
static char *token;

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

/* Sends bytes, reads what comes until the connection ends. */
static GString *exchange(const char *bytes, size_t size)
{
    const char *colon = strrchr(backend_url(shop), ':');
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)atoi(colon + 1)),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        g_error("no connection to %s: %s", backend_url(shop), g_strerror(errno));
    for (size_t sent = 0; sent < size;) {
        const ssize_t step = send(fd, bytes + sent, size - sent, MSG_NOSIGNAL);
        if (step <= 0) /* it has heard enough */
            break;
        sent += (size_t)step;
    }
    GString *answer = read_all(fd);
    close(fd);
    return answer;
}

void request_chew_begin(void)
{
    static const char log_in[] = "POST /sessions HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n"
                                 "Content-Length: 15\r\n\r\n{\"member\": \"1\"}";

    shop = platform_start((struct backend_options){.threads = 1});
    g_autoptr(GString) answer = exchange(log_in, strlen(log_in));
    const char *body = strstr(answer->str, "\r\n\r\n");
    g_assert(body != NULL);
    json_t *session = json_loads(body, 0, NULL);
    token = g_strdup(json_string_value(json_object_get(session, "token")));
    json_decref(session);
    g_assert(token != NULL);
}

int request_chew(const char *bytes, size_t size)
{
    g_autoptr(GString) text = with_token(bytes, size);
    g_autoptr(GString) answer = exchange(text->str, text->len);
    int status = 0;

    if (answer->len > 0) {
        g_assert(g_str_has_prefix(answer->str, "HTTP/1.") && answer->len > 12);
        status = atoi(answer->str + strlen("HTTP/1.1 "));
        g_assert(status >= 100 && (status < 500 || status == 501 || status == 505));
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
