/* What the connections of one target share of TLS: certificates, names and rules, read once.
 *
 * Verification is on unless asked otherwise: chain against the CA file or the system's, dates, and
 * the name of the server, a DNS name or an address, against the certificate's (RFC 6125, without
 * partial wildcards; an address only against the certificate's addresses). Everything about it is
 * set on the shared context, so that a new connection inherits it and costs nothing but its own
 * memory. TLS 1.2 is the least.
 *
 * Sessions are not resumed: a simulated customer is a new one, and a handshake that real customers
 * would pay for must not be saved in a measurement without being asked for. Nothing is asked for a
 * password: an encrypted key is an error.
 */
#include "replay/link.h"
#include "replay/tls_context.h"
#include "shell/diagnostic.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

/* Sets "what: why" from OpenSSL's queue, and empties it. `expected` says it better than OpenSSL where
 * a file is not what it should be; NULL = nothing is known. */
static void tls_context_error(GError **ret_error, OmoShellError code, const char *what,
                              const char *expected)
{
    const char *why = NULL;

    for (unsigned long number; (number = ERR_get_error()) != 0;) {
        if (ERR_SYSTEM_ERROR(number)) {
            g_set_error(ret_error, OMO_SHELL_ERROR, code, "%s: %s", what,
                        g_strerror(ERR_GET_REASON(number)));
            ERR_clear_error();
            return;
        }
        if (!ERR_COMMON_ERROR(number)) /* not just "PEM lib", "unsupported" */
            why = ERR_reason_error_string(number);
    }
    if (expected == NULL)
        g_set_error(ret_error, OMO_SHELL_ERROR, code, "%s: %s", what,
                    why != NULL ? why : "OpenSSL does not say why");
    else
        g_set_error(ret_error, OMO_SHELL_ERROR, code, "%s: expected %s%s%s%s", what, expected,
                    why != NULL ? " (" : "", why != NULL ? why : "", why != NULL ? ")" : "");
}

static int tls_context_no_password(char *buffer, int size, int is_write, void *user)
{
    (void)buffer;
    (void)size;
    (void)is_write;
    (void)user;
    return -1;
}

static bool tls_context_set_ca(struct tls_context *context, const char *ca_file, GError **ret_error)
{
    if (!context->verify)
        return true;
    SSL_CTX_set_verify(context->ssl, SSL_VERIFY_PEER, NULL);
    if (ca_file == NULL) {
        if (SSL_CTX_set_default_verify_paths(context->ssl) == 1)
            return true;
        tls_context_error(ret_error, OMO_SHELL_ERROR_CANNOT_RUN, "the system's CA certificates",
                          NULL);
        return false;
    }
    if (SSL_CTX_load_verify_file(context->ssl, ca_file) == 1)
        return true;
    tls_context_error(ret_error, OMO_SHELL_ERROR_BAD_INPUT, ca_file, "certificates in PEM form");
    return false;
}

/* The client's own certificate; its key may stand in the same file. */
static bool tls_context_set_own(struct tls_context *context, const char *certificate,
                                const char *key, GError **ret_error)
{
    if (certificate == NULL && key == NULL)
        return true;
    if (certificate == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: a key is of no use without its certificate", key);
        return false;
    }
    if (key == NULL)
        key = certificate;
    SSL_CTX_set_default_passwd_cb(context->ssl, tls_context_no_password);
    if (SSL_CTX_use_certificate_chain_file(context->ssl, certificate) != 1) {
        tls_context_error(ret_error, OMO_SHELL_ERROR_BAD_INPUT, certificate,
                          "a certificate in PEM form");
        return false;
    }
    if (SSL_CTX_use_PrivateKey_file(context->ssl, key, SSL_FILETYPE_PEM) != 1) {
        tls_context_error(ret_error, OMO_SHELL_ERROR_BAD_INPUT, key,
                          "the certificate's key in PEM form, without a password");
        return false;
    }
    return true; /* OpenSSL has held them against each other */
}

/* "[::1]" and "::1" are the same address. Caller frees with g_free(). */
static char *tls_context_bare_name(const char *name)
{
    const size_t size = strlen(name);

    if (size > 2 && name[0] == '[' && name[size - 1] == ']')
        return g_strndup(name + 1, size - 2);
    return g_strdup(name);
}

/* The name to ask for (SNI has no addresses, RFC 6066 3) and to find in the certificate. */
static bool tls_context_set_name(struct tls_context *context, const char *given, GError **ret_error)
{
    unsigned char address[sizeof(struct in6_addr)];
    X509_VERIFY_PARAM *param = SSL_CTX_get0_param(context->ssl);

    if (given == NULL) {
        if (!context->verify)
            return true;
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "the target has no name to find in its certificate: give one, or ask for no "
                    "verification");
        return false;
    }

    g_autofree char *name = tls_context_bare_name(given);
    const bool is_address =
        inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
    const bool good = is_address
                          ? X509_VERIFY_PARAM_set1_ip_asc(param, name) == 1
                          : name[0] != '\0' && X509_VERIFY_PARAM_set1_host(param, name, 0) == 1;

    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (!good || strlen(name) > TLSEXT_MAXLEN_host_name) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "'%s' is no name of a server", given);
        ERR_clear_error();
        return false;
    }
    if (!is_address)
        context->server_name = g_steal_pointer(&name);
    return true;
}

static bool tls_context_set_rules(struct tls_context *context, bool http2)
{
    static const unsigned char both[] = "\x02h2\x08http/1.1";
    const size_t skipped = http2 ? 0 : 3;
    SSL_CTX *ssl = context->ssl;

    SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(ssl, 1);
    return SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_alpn_protos(ssl, both + skipped,
                                   (unsigned int)(sizeof both - 1 - skipped)) == 0;
}

struct tls_context *tls_context_new(const struct tls_options *options, const char *host,
                                    GError **ret_error)
{
    struct tls_context *context = g_new0(struct tls_context, 1);
    const char *name = options->server_name != NULL ? options->server_name : host;

    ERR_clear_error();
    context->verify = !options->no_verify;
    context->ssl = SSL_CTX_new(TLS_client_method());
    context->method = tls_bio_method();
    if (context->ssl == NULL || context->method == NULL ||
        !tls_context_set_rules(context, options->http2)) {
        tls_context_error(ret_error, OMO_SHELL_ERROR_CANNOT_RUN, "TLS can't be set up", NULL);
        tls_context_free(context);
        return NULL;
    }
    if (!tls_context_set_ca(context, options->ca_file, ret_error) ||
        !tls_context_set_own(context, options->certificate, options->key, ret_error) ||
        !tls_context_set_name(context, name, ret_error)) {
        tls_context_free(context);
        return NULL;
    }
    return context;
}

void tls_context_free(struct tls_context *context)
{
    if (context == NULL)
        return;
    SSL_CTX_free(context->ssl);
    BIO_meth_free(context->method);
    g_free(context->server_name);
    g_free(context);
}

const char *tls_last_error(const struct tls_context *context)
{
    return context != NULL ? atomic_load(&((struct tls_context *)context)->last_error) : NULL;
}
