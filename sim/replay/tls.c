/* The bytes between a socket and a protocol, encrypted.
 *
 * OpenSSL reads and writes through a BIO of ours that owns no bytes: it reads from what the socket
 * has just given (tls->in) and hands what it is to write to link_write_raw() at once. A pair of
 * memory BIOs would copy every byte once more each way and keep two buffers a connection. OpenSSL
 * collects a flight of the handshake by itself, and writes a record with one call: one request that
 * fits into a record is one write to the socket.
 *
 * Plain bytes are read into one buffer a thread, all records of one read together, and passed on in
 * one piece: a server that gives each of its HTTP/2 frames a record of its own would otherwise make
 * us write once for each. The owner may write meanwhile (the next request on the same connection),
 * which does not touch what is being read.
 *
 * OpenSSL's queue of errors belongs to the thread and is looked at by SSL_get_error(); whoever
 * leaves an error in it makes the next connection look broken. So it is emptied after each failure
 * here, and never before a success, which costs more than one would think.
 *
 * close_notify is the end of the stream, as the socket's own end is. A peer that ends without it is
 * not told apart here: HTTP knows by itself whether an answer was whole.
 */
#include "replay/link.h"
#include "replay/tls_context.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#define TLS_RECORD_MAX SSL3_RT_MAX_PLAIN_LENGTH
#define TLS_PLAIN_SIZE (4 * TLS_RECORD_MAX)
#define TLS_CONNECTION_SIZE 18944

struct tls {
    SSL *ssl;
    struct tls_context *context;
    struct link *link;
    const char *in; /* the rest of what the socket gave, while tls_take() is on the stack */
    size_t in_size;
    bool is_up;
    bool heard; /* the peer has sent something that only it can have encrypted */
};

/* ---- the BIO --------------------------------------------------------------------------------- */

static int tls_bio_read(BIO *bio, char *buffer, size_t size, size_t *ret_read)
{
    struct tls *tls = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    if (tls->in_size == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    const size_t taken = size < tls->in_size ? size : tls->in_size;
    memcpy(buffer, tls->in, taken);
    tls->in += taken;
    tls->in_size -= taken;
    *ret_read = taken;
    return 1;
}

static int tls_bio_write(BIO *bio, const char *bytes, size_t size, size_t *ret_written)
{
    const struct tls *tls = BIO_get_data(bio);
    const uv_buf_t piece = {.base = (char *)bytes, .len = size};

    BIO_clear_retry_flags(bio);
    if (!link_write_raw(tls->link, &piece, 1))
        return 0;
    *ret_written = size;
    return 1;
}

static long tls_bio_ctrl(BIO *bio, int what, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return what == BIO_CTRL_FLUSH;
}

BIO_METHOD *tls_bio_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "link");

    if (method == NULL)
        return NULL;
    BIO_meth_set_read_ex(method, tls_bio_read);
    BIO_meth_set_write_ex(method, tls_bio_write);
    BIO_meth_set_ctrl(method, tls_bio_ctrl);
    return method;
}

/* ---- connections ----------------------------------------------------------------------------- */

struct tls *tls_new(struct tls_context *context)
{
    struct tls *tls = calloc(1, sizeof *tls);
    BIO *bio = BIO_new(context->method);

    if (tls != NULL)
        tls->ssl = SSL_new(context->ssl);
    if (tls == NULL || bio == NULL || tls->ssl == NULL ||
        (context->server_name != NULL &&
         SSL_set_tlsext_host_name(tls->ssl, context->server_name) != 1)) {
        BIO_free(bio);
        tls_free(tls);
        ERR_clear_error();
        return NULL;
    }
    tls->context = context;
    BIO_set_data(bio, tls);
    BIO_set_init(bio, 1);
    SSL_set_bio(tls->ssl, bio, bio);
    SSL_set_connect_state(tls->ssl);
    return tls;
}

void tls_free(struct tls *tls)
{
    if (tls == NULL)
        return;
    SSL_free(tls->ssl);
    free(tls);
}

void tls_set_error(struct tls *tls, const char *text)
{
    atomic_store(&tls->context->last_error, text);
}

/* Keeps the reason of a failure for the summary: static texts of OpenSSL's, or our own. */
static void tls_keep_error(struct tls *tls)
{
    const long verified = SSL_get_verify_result(tls->ssl);
    const unsigned long error = ERR_peek_error();
    const int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
    const char *text = ERR_reason_error_string(error);

    if (tls->context->verify && verified != X509_V_OK)
        text = X509_verify_cert_error_string(verified);
    else if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)
        text = "the answer was not TLS";
    tls_set_error(tls, text != NULL ? text : "the handshake failed");
}

/* Goes on with the handshake as far as bytes allow. */
static bool tls_shake(struct tls *tls, enum outcome *ret_outcome)
{
    const int result = SSL_do_handshake(tls->ssl);

    if (result == 1) {
        const unsigned char *name;
        unsigned int size;

        SSL_get0_alpn_selected(tls->ssl, &name, &size);
        tls->is_up = true;
        link_is_up(tls->link,
                   size == 2 && memcmp(name, "h2", 2) == 0 ? &protocol_http2 : &protocol_http1);
        return true;
    }
    if (SSL_get_error(tls->ssl, result) == SSL_ERROR_WANT_READ)
        return true;
    tls_keep_error(tls);
    ERR_clear_error();
    *ret_outcome = OUTCOME_tls_error;
    return false;
}

bool tls_start(struct link *link)
{
    enum outcome outcome;

    link->tls->link = link;
    return tls_shake(link->tls, &outcome);
}

/* A read that gave nothing: TRUE when bytes are wanting, else why the stream ended. An alert before
 * anything else was heard belongs to the handshake: TLS 1.3 servers look at the client's
 * certificate after the client is done. */
static bool tls_stopped(struct tls *tls, enum outcome *ret_outcome)
{
    switch (SSL_get_error(tls->ssl, 0)) {
    case SSL_ERROR_WANT_READ:
        return true;
    case SSL_ERROR_ZERO_RETURN:
        *ret_outcome = OUTCOME_ok;
        return false;
    default:
        *ret_outcome = OUTCOME_reset;
        if (!tls->heard) {
            tls_keep_error(tls);
            *ret_outcome = OUTCOME_tls_error;
        }
        ERR_clear_error();
        tls->is_up = false;
        return false;
    }
}

/* Reads records while they fit, *ret_size bytes. *ret_more: there may be more in what the socket
 * gave. FALSE = the stream has ended, after those bytes. */
static bool tls_read(struct tls *tls, char *plain, size_t *ret_size, bool *ret_more,
                     enum outcome *ret_outcome)
{
    size_t size = 0, got;

    *ret_more = true;
    while (*ret_more && size <= TLS_PLAIN_SIZE - TLS_RECORD_MAX) {
        if (SSL_read_ex(tls->ssl, plain + size, TLS_PLAIN_SIZE - size, &got) != 1) {
            *ret_more = false;
            *ret_size = size;
            return tls_stopped(tls, ret_outcome);
        }
        size += got;
        tls->heard = true;
        *ret_more = tls->in_size > 0 || SSL_has_pending(tls->ssl) != 0;
    }
    *ret_size = size;
    return true;
}

bool tls_take(struct link *link, const char *bytes, size_t size, enum outcome *ret_outcome)
{
    static _Thread_local char plain[TLS_PLAIN_SIZE];
    struct tls *tls = link->tls;

    tls->in = bytes;
    tls->in_size = size;
    if (!tls->is_up && !tls_shake(tls, ret_outcome))
        return false;
    for (bool more = tls->is_up; more && link->state != LINK_CLOSING;) {
        size_t got;
        const bool goes_on = tls_read(tls, plain, &got, &more, ret_outcome);

        if (got > 0 && !link_take_plain(link, plain, got)) {
            *ret_outcome = OUTCOME_reset;
            return false;
        }
        if (!goes_on)
            return false;
    }
    return true;
}

static bool tls_write_record(struct tls *tls, const char *bytes, size_t size)
{
    size_t written;

    if (size == 0 || SSL_write_ex(tls->ssl, bytes, size, &written) == 1)
        return true;
    ERR_clear_error();
    tls->is_up = false;
    return false;
}

bool tls_write(struct link *link, const uv_buf_t *pieces, uint32_t count)
{
    static _Thread_local char packed[TLS_RECORD_MAX];
    struct tls *tls = link->tls;
    size_t size = 0;

    if (count == 1)
        return tls_write_record(tls, pieces->base, pieces->len);
    for (uint32_t i = 0; i < count; i++) {
        const char *bytes = pieces[i].base;
        size_t left = pieces[i].len;

        while (left > 0) {
            const size_t taken = left < sizeof packed - size ? left : sizeof packed - size;
            memcpy(packed + size, bytes, taken);
            size += taken;
            bytes += taken;
            left -= taken;
            if (size == sizeof packed) {
                if (!tls_write_record(tls, packed, size))
                    return false;
                size = 0;
            }
        }
    }
    return tls_write_record(tls, packed, size);
}

void tls_end(struct link *link)
{
    struct tls *tls = link->tls;

    if (tls->is_up && SSL_shutdown(tls->ssl) < 0)
        ERR_clear_error();
}

/* OpenSSL does not tell. Measured for OpenSSL 3.0 with the host's allocator: a client connection
 * after its handshake, its buffers released. */
size_t tls_memory(const struct tls *tls)
{
    return tls != NULL ? sizeof *tls + TLS_CONNECTION_SIZE : 0;
}
