/* nginx on loopback for tests and benchmarks: its own configuration in a new folder, free ports,
 * one worker. It ends with the test. */
#ifndef TESTS_REPLAY_NGINX_TLS_H
#define TESTS_REPLAY_NGINX_TLS_H

#include <stdbool.h>
#include <stdint.h>

struct nginx_tls_options {
    const char *certificate, *key;
    const char *client_ca; /* ask for certificates of clients; NULL = don't */
    uint32_t requests_max; /* of a connection; 0 = no limit */
    int core;              /* the worker's; -1 = any */
};

struct nginx_tls {
    int pid;
    char *folder;
    char *http, *http2, *https; /* "http://127.0.0.1:PORT": HTTP/1.1; HTTP/2; both by ALPN */
};

bool nginx_tls_is_installed(void);
/* "/" is "hello\n", "/big" 3 MiB, "/text" long text, packed when gzip is accepted; anything may be
 * posted to "/post"; "/kept" leads to "/moved" (307), that to "/post" (302). */
struct nginx_tls *nginx_tls_start(const struct nginx_tls_options *options);
void nginx_tls_stop(struct nginx_tls *nginx);

#endif
