/* What the connections of one target share of TLS, for tls.c and tls_context.c alone; the functions
 * are in link.h.
 *
 * Read-only after tls_context_new() but for `last_error`, which any thread may set at any time. */
#ifndef REPLAY_TLS_CONTEXT_H
#define REPLAY_TLS_CONTEXT_H

#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdbool.h>

struct tls_context {
    SSL_CTX *ssl;
    BIO_METHOD *method; /* of the BIO between OpenSSL and the link; set by tls.c */
    char *server_name;  /* for SNI; NULL = an address, or nothing to name */
    bool verify;
    _Atomic(const char *) last_error; /* static text */
};

/* The BIO's method: NULL when memory is short. Freed by the context. */
BIO_METHOD *tls_bio_method(void);

#endif
