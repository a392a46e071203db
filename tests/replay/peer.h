/* A scripted server for tests of connections: a thread with plain sockets that does what a script
 * says, connection by connection. Ends by itself when the test does. */
#ifndef TESTS_REPLAY_PEER_H
#define TESTS_REPLAY_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peer;

/* Serves one accepted connection; the peer closes it afterwards. `turn` counts them from 0. */
typedef void peer_serve(struct peer *peer, int fd, uint32_t turn);

enum peer_kind { PEER_IPV4, PEER_IPV6, PEER_UNIX };

/* Listens on a free port (or on a socket in the current folder), and serves each connection in a
 * thread of its own. NULL = this machine has no IPv6. */
struct peer *peer_start(enum peer_kind kind, peer_serve *serve);
/* Closes all and waits for the threads. */
void peer_stop(struct peer *peer);
/* "http://127.0.0.1:4711". Borrowed. */
const char *peer_url(const struct peer *peer);
uint32_t peer_connections(const struct peer *peer);
uint32_t peer_requests(const struct peer *peer);

/* ---- for scripts ----------------------------------------------------------------------------- */

/* Reads up to the end of a request's head (and its body, by Content-Length); the text is kept in
 * `text`, cut at its size. FALSE = the client has gone. */
bool peer_read(struct peer *peer, int fd, char *text, size_t size);
void peer_write(int fd, const char *text);
void peer_write_bytes(int fd, const char *bytes, size_t size);
/* Closes with a reset instead of an end. */
void peer_reset(int fd);
/* Until the client closes. */
void peer_wait_end(int fd);
/* Ends its side and waits for the client to end its own: what it still sends causes no reset. */
void peer_end(int fd);
void peer_sleep_ms(uint32_t ms);

#define PEER_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
/* A script: PEER_ANSWER to each request until the client goes. */
void peer_serve_well(struct peer *peer, int fd, uint32_t turn);

#endif
