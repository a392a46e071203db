/* The scripted server. */
#include "replay/peer.h"

#include <check.h>
#include <fcntl.h>
#include <glib.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CONNECTIONS_MAX 4096

struct peer_connection {
    struct peer *peer;
    pthread_t thread;
    uint32_t turn;
    int fd;
};

struct peer {
    peer_serve *serve;
    char *url;
    char *path;
    int listener;
    pthread_t thread;
    atomic_uint accepted, requests;
    struct peer_connection connection[CONNECTIONS_MAX];
};

static void *serve_connection(void *user)
{
    struct peer_connection *connection = user;

    connection->peer->serve(connection->peer, connection->fd, connection->turn);
    shutdown(connection->fd, SHUT_RDWR);
    return NULL;
}

static void *accept_connections(void *user)
{
    struct peer *peer = user;

    for (uint32_t turn = 0; turn < CONNECTIONS_MAX; turn++) {
        const int fd = accept(peer->listener, NULL, NULL);
        if (fd < 0)
            break;
        struct peer_connection *connection = &peer->connection[turn];
        *connection = (struct peer_connection){.peer = peer, .turn = turn, .fd = fd};
        atomic_fetch_add(&peer->accepted, 1);
        ck_assert_int_eq(pthread_create(&connection->thread, NULL, serve_connection, connection),
                         0);
    }
    return NULL;
}

static int listen_on(struct peer *peer, enum peer_kind kind)
{
    struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "peer.sock"};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *address = kind == PEER_UNIX   ? (struct sockaddr *)&path
                               : kind == PEER_IPV4 ? (struct sockaddr *)&in
                                                   : (struct sockaddr *)&in6;
    socklen_t size = kind == PEER_UNIX   ? sizeof(path)
                     : kind == PEER_IPV4 ? sizeof(in)
                                         : sizeof(in6);
    const int fd = socket(address->sa_family, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, address, size) != 0) {
        ck_assert_int_eq(kind, PEER_IPV6);
        close(fd);
        return -1;
    }
    ck_assert_int_eq(listen(fd, 1024), 0);
    ck_assert_int_eq(getsockname(fd, address, &size), 0);
    if (kind == PEER_UNIX) {
        peer->path = g_canonicalize_filename("peer.sock", NULL);
        peer->url = g_strdup_printf("unix:%s", peer->path);
    } else if (kind == PEER_IPV4) {
        peer->url = g_strdup_printf("http://127.0.0.1:%u", ntohs(in.sin_port));
    } else {
        peer->url = g_strdup_printf("http://[::1]:%u", ntohs(in6.sin6_port));
    }
    return fd;
}

struct peer *peer_start(enum peer_kind kind, peer_serve *serve)
{
    struct peer *peer = g_new0(struct peer, 1);

    peer->serve = serve;
    peer->listener = listen_on(peer, kind);
    if (peer->listener < 0) {
        g_free(peer);
        return NULL;
    }
    ck_assert_int_eq(pthread_create(&peer->thread, NULL, accept_connections, peer), 0);
    return peer;
}

void peer_stop(struct peer *peer)
{
    shutdown(peer->listener, SHUT_RDWR);
    pthread_join(peer->thread, NULL);
    close(peer->listener);
    for (uint32_t i = 0; i < peer->accepted; i++) {
        shutdown(peer->connection[i].fd, SHUT_RDWR);
        pthread_join(peer->connection[i].thread, NULL);
        close(peer->connection[i].fd);
    }
    if (peer->path != NULL)
        unlink(peer->path);
    g_free(peer->path);
    g_free(peer->url);
    g_free(peer);
}

const char *peer_url(const struct peer *peer) { return peer->url; }

uint32_t peer_connections(const struct peer *peer) { return peer->accepted; }

uint32_t peer_requests(const struct peer *peer) { return peer->requests; }

bool peer_read(struct peer *peer, int fd, char *text, size_t size)
{
    static const char length_line[] = "\r\nContent-Length: ";
    g_autoptr(GString) request = g_string_new(NULL);
    uint64_t body = 0;

    while (
        !g_str_has_suffix(request->str, "\r\n\r\n")) { /* by single bytes: none of the next one */
        char c;
        if (recv(fd, &c, 1, 0) != 1)
            return false;
        g_string_append_c(request, c);
    }
    const char *length = strstr(request->str, length_line);
    if (length != NULL)
        body = strtoull(length + sizeof(length_line) - 1, NULL, 10);
    while (body > 0) {
        char bytes[65536];
        const ssize_t got = recv(fd, bytes, MIN(body, sizeof(bytes)), 0);
        if (got <= 0)
            return false;
        g_string_append_len(request, bytes, got);
        body -= (uint64_t)got;
    }
    if (text != NULL)
        g_strlcpy(text, request->str, size);
    atomic_fetch_add(&peer->requests, 1);
    return true;
}

void peer_write_bytes(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        size -= (size_t)sent;
    }
}

void peer_write(int fd, const char *text) { peer_write_bytes(fd, text, strlen(text)); }

void peer_reset(int fd)
{
    const struct linger at_once = {.l_onoff = 1};
    const int none = open("/dev/null", O_RDONLY);

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    dup2(none, fd); /* closes the connection, but keeps its number */
    close(none);
}

void peer_wait_end(int fd)
{
    char bytes[4096];

    while (recv(fd, bytes, sizeof(bytes), 0) > 0)
        ;
}

void peer_end(int fd)
{
    shutdown(fd, SHUT_WR);
    peer_wait_end(fd);
}

void peer_sleep_ms(uint32_t ms) { g_usleep(ms * 1000ul); }

void peer_serve_well(struct peer *peer, int fd, uint32_t turn)
{
    (void)turn;
    while (peer_read(peer, fd, NULL, 0))
        peer_write(fd, PEER_ANSWER);
}
