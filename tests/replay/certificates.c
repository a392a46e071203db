/* Certificates for tests: P-256 keys, X.509 version 3. */
#include "replay/certificates.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define DAY (24 * 60 * 60)

struct issuer {
    X509 *certificate;
    EVP_PKEY *key;
};

static void extend(X509 *certificate, X509 *issuer, int kind, const char *value)
{
    X509V3_CTX context;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    g_assert_nonnull(extension);
    g_assert_true(X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

/* A certificate for `names` ("DNS:..."; NULL = an authority), valid from and for so many days, and
 * its key. Without issuer it signs itself. */
static struct issuer make(const char *title, const char *names, int from_day, int days,
                          const struct issuer *issuer)
{
    static long serial = 1;
    struct issuer made = {X509_new(), EVP_EC_gen("P-256")};
    X509 *const x = made.certificate;
    X509 *const by = issuer != NULL ? issuer->certificate : x;

    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), (long)from_day * DAY);
    X509_gmtime_adj(X509_getm_notAfter(x), (long)(from_day + days) * DAY);
    X509_set_pubkey(x, made.key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               (const unsigned char *)title, -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(by));
    extend(x, by, NID_basic_constraints, names == NULL ? "critical,CA:TRUE" : "CA:FALSE");
    if (names != NULL)
        extend(x, by, NID_subject_alt_name, names);
    g_assert_true(X509_sign(x, issuer != NULL ? issuer->key : made.key, EVP_sha256()) > 0);
    return made;
}

static char *write_pem(const char *folder, const char *name, X509 *certificate, EVP_PKEY *key,
                       const char *password)
{
    char *path = g_build_filename(folder, name, NULL);
    FILE *file = fopen(path, "w");

    g_assert_nonnull(file);
    if (certificate != NULL)
        g_assert_true(PEM_write_X509(file, certificate) == 1);
    if (key != NULL)
        g_assert_true(PEM_write_PrivateKey(file, key, password != NULL ? EVP_aes_256_cbc() : NULL,
                                           NULL, 0, NULL, (void *)password) == 1);
    fclose(file);
    return path;
}

static void release(struct issuer made)
{
    X509_free(made.certificate);
    EVP_PKEY_free(made.key);
}

static void make_files(struct certificates *c, const struct issuer *ca, const char *name,
                       const char *names, int from_day, char **ret_certificate, char **ret_key)
{
    const struct issuer made = make(name, names, from_day, 30, ca);
    g_autofree char *key_name = g_strconcat(name, ".key", NULL);

    *ret_certificate = write_pem(c->folder, name, made.certificate, NULL, NULL);
    *ret_key = write_pem(c->folder, key_name, NULL, made.key, NULL);
    if (c->locked_key == NULL && names[0] == 'e')
        c->locked_key = write_pem(c->folder, "locked.key", NULL, made.key, "secret");
    release(made);
}

struct certificates *certificates_new(void)
{
    struct certificates *c = g_new0(struct certificates, 1);
    const struct issuer ca = make("Test authority", NULL, -1, 60, NULL);

    c->folder = g_dir_make_tmp("omosim-tls-XXXXXX", NULL);
    g_assert_nonnull(c->folder);
    c->ca = write_pem(c->folder, "ca", ca.certificate, NULL, NULL);
    make_files(c, &ca, "good", "DNS:localhost,IP:127.0.0.1,IP:::1", -1, &c->good, &c->good_key);
    make_files(c, &ca, "expired", "DNS:localhost", -60, &c->expired, &c->expired_key);
    make_files(c, &ca, "future", "DNS:localhost", 10, &c->future, &c->future_key);
    make_files(c, &ca, "other", "DNS:other.example,DNS:*.wild.example", -1, &c->other,
               &c->other_key);
    make_files(c, NULL, "own", "DNS:localhost", -1, &c->own, &c->own_key);
    make_files(c, &ca, "client", "email:clerk@shop.example", -1, &c->client, &c->client_key);
    release(ca);
    return c;
}

void certificates_free(struct certificates *c)
{
    char **const files[] = {&c->ca,          &c->good,      &c->good_key,   &c->expired,
                            &c->expired_key, &c->future,    &c->future_key, &c->other,
                            &c->other_key,   &c->own,       &c->own_key,    &c->client,
                            &c->client_key,  &c->locked_key};

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_unlink(*files[i]);
        g_free(*files[i]);
    }
    g_rmdir(c->folder);
    g_free(c->folder);
    g_free(c);
}
