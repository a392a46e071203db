/* OpenSSL's server side in memory, for tests of ours. */
#ifndef TESTS_REPLAY_TLS_SERVER_H
#define TESTS_REPLAY_TLS_SERVER_H

#include <glib.h>
#include <openssl/ssl.h>
#include <stdbool.h>

struct tls_server {
    SSL_CTX *context;
    SSL *ssl;
    BIO *in, *out;
    GString *plain;
    const char *alpn; /* it speaks this alone; NULL = it knows no ALPN */
    bool is_up;
};

/* Speaks at most `version` (0 = any), and only that when it is below TLS 1.2. */
struct tls_server *tls_server_new(const char *certificate, const char *key, int version,
                                  const char *alpn);
void tls_server_free(struct tls_server *server);
/* Takes what the client wrote, emptying it, and reads what there is. */
void tls_server_run(struct tls_server *server, GByteArray *bytes);

#endif
