/* OpenSSL's server side in memory. */
#include "replay/tls_server.h"

#include <check.h>
#include <openssl/err.h>
#include <string.h>

static int choose(SSL *ssl, const unsigned char **ret, unsigned char *ret_size,
                  const unsigned char *offered, unsigned int size, void *user)
{
    const char *name = user;

    (void)ssl;
    for (unsigned int at = 0; at < size; at += 1 + offered[at])
        if (offered[at] == strlen(name) && memcmp(offered + at + 1, name, offered[at]) == 0) {
            *ret = offered + at + 1;
            *ret_size = offered[at];
            return SSL_TLSEXT_ERR_OK;
        }
    return SSL_TLSEXT_ERR_NOACK;
}

struct tls_server *tls_server_new(const char *certificate, const char *key, int version,
                                  const char *alpn)
{
    struct tls_server *s = g_new0(struct tls_server, 1);

    s->context = SSL_CTX_new(TLS_server_method());
    ck_assert_int_eq(SSL_CTX_use_certificate_chain_file(s->context, certificate), 1);
    ck_assert_int_eq(SSL_CTX_use_PrivateKey_file(s->context, key, SSL_FILETYPE_PEM), 1);
    SSL_CTX_set_max_proto_version(s->context, version);
    if (version != 0 && version < TLS1_2_VERSION) {
        SSL_CTX_set_min_proto_version(s->context, version);
        SSL_CTX_set_security_level(s->context, 0);
    }
    if (alpn != NULL)
        SSL_CTX_set_alpn_select_cb(s->context, choose, (void *)alpn);
    s->ssl = SSL_new(s->context);
    s->in = BIO_new(BIO_s_mem());
    s->out = BIO_new(BIO_s_mem());
    SSL_set_bio(s->ssl, s->in, s->out);
    SSL_set_accept_state(s->ssl);
    s->plain = g_string_new(NULL);
    return s;
}

void tls_server_free(struct tls_server *s)
{
    SSL_free(s->ssl);
    SSL_CTX_free(s->context);
    g_string_free(s->plain, TRUE);
    g_free(s);
}

void tls_server_run(struct tls_server *s, GByteArray *bytes)
{
    char plain[4096];
    int got;

    if (bytes->len > 0)
        BIO_write(s->in, bytes->data, (int)bytes->len);
    g_byte_array_set_size(bytes, 0);
    s->is_up = s->is_up || SSL_do_handshake(s->ssl) == 1;
    while (s->is_up && (got = SSL_read(s->ssl, plain, sizeof plain)) > 0)
        g_string_append_len(s->plain, plain, got);
    ERR_clear_error();
}
