/* A client of an HTTP server at 127.0.0.1, for tests: one request a connection, plain sockets. */
#ifndef TESTS_SHELL_WEB_H
#define TESTS_SHELL_WEB_H

#include <arpa/inet.h>
#include <check.h>
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connects to the port in "http://127.0.0.1:PORT/". */
static inline int web_connect(const char *url)
{
    const char *colon = strrchr(url, ':');
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port =
                                      htons((uint16_t)g_ascii_strtoull(colon + 1, NULL, 10)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval patience = {.tv_sec = 20};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_ge(fd, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static inline void web_send(int fd, const char *text)
{
    ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* Reads until the text holds `until` (NULL = to the end of the connection). Caller frees. */
static inline char *web_read(int fd, const char *until)
{
    GString *text = g_string_new(NULL);
    char piece[4096];
    ssize_t size;

    while ((until == NULL || strstr(text->str, until) == NULL) &&
           (size = recv(fd, piece, sizeof piece, 0)) > 0)
        g_string_append_len(text, piece, size);
    return g_string_free(text, FALSE);
}

/* A whole answer, head and body. `lines` are more header lines, each with its end; caller frees. */
static inline char *web_ask(const char *url, const char *method, const char *path,
                            const char *lines)
{
    int fd = web_connect(url);
    g_autofree char *request =
        g_strdup_printf("%s %s HTTP/1.1\r\nConnection: close\r\n%s%s\r\n", method, path,
                        strstr(lines, "Host:") == NULL ? "Host: 127.0.0.1\r\n" : "", lines);
    char *answer;

    web_send(fd, request);
    answer = web_read(fd, NULL);
    close(fd);
    return answer;
}

static inline int web_status(const char *answer)
{
    const char *space = strchr(answer, ' ');

    return space != NULL ? (int)g_ascii_strtoll(space, NULL, 10) : 0;
}

#endif
