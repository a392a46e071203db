/* TLS against OpenSSL's own server side in memory: who is trusted, what is said when not, pieces of
 * any size, ends. */
#include "replay/certificates.h"
#include "replay/fake_link.h"
#include "replay/tls_server.h"
#include "shell/diagnostic.h"

#include <check.h>
#include <malloc.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct certificates *certificates;

static void make_certificates(void) { certificates = certificates_new(); }
static void remove_certificates(void) { certificates_free(certificates); }

/* ---- both sides ------------------------------------------------------------------------------ */

/* Both sides in turns until neither says anything. The client gets pieces of at most `piece`. */
static void talk(struct fake_link *fake, struct tls_server *s, size_t piece)
{
    for (bool busy = true; busy;) {
        char *bytes;

        tls_server_run(s, fake->sent);
        const long size = BIO_get_mem_data(s->out, &bytes);
        g_autofree char *copy = g_memdup2(bytes, (gsize)size);
        (void)BIO_reset(s->out);
        for (size_t at = 0; at < (size_t)size; at += piece)
            if (!fake_take(fake, copy + at, MIN(piece, (size_t)size - at)))
                break;
        busy = fake->sent->len > 0;
    }
}

/* ---- clients --------------------------------------------------------------------------------- */

static struct tls_context *context_new(const struct tls_options *options, const char *host)
{
    g_autoptr(GError) error = NULL;
    struct tls_context *context = tls_context_new(options, host, &error);

    ck_assert_msg(context != NULL, "%s", error != NULL ? error->message : "");
    return context;
}

static struct fake_link *client_new(struct tls_context *context)
{
    struct fake_link *fake = fake_link_new(NULL, tls_new(context));

    fake->keep_plain = true;
    ck_assert(tls_start(fake->link));
    return fake;
}

/* ---- tests ----------------------------------------------------------------------------------- */

START_TEST(every_split)
{
    const struct tls_options options = {.ca_file = certificates->ca, .http2 = _i % 2 == 0};
    struct tls_context *context = context_new(&options, "localhost");
    const char *const alpn = _i % 2 == 0 ? "h2" : "http/1.1";

    for (size_t piece = 1; piece < 1600; piece = piece < 70 ? piece + 1 : piece * 5 / 4) {
        struct tls_server *s = tls_server_new(certificates->good, certificates->good_key,
                                              _i < 2 ? TLS1_3_VERSION : TLS1_2_VERSION, alpn);
        struct fake_link *fake = client_new(context);
        const uv_buf_t pieces[] = {{"GET / ", 6}, {"HTTP/1.1", 8}, {"", 0}, {"\r\n\r\n", 4}};

        talk(fake, s, piece);
        ck_assert_int_eq(fake->link->state, LINK_OPEN);
        ck_assert_ptr_eq(fake->link->protocol, _i % 2 == 0 ? &protocol_http2 : &protocol_http1);
        ck_assert_str_eq(SSL_get_servername(s->ssl, TLSEXT_NAMETYPE_host_name), "localhost");

        fake->write_count = 0;
        ck_assert(tls_write(fake->link, pieces, 4));
        ck_assert_uint_eq(fake->write_count, 1); /* one record, one write */
        SSL_write(s->ssl, "HTTP/1.1 200 OK", 15);
        talk(fake, s, piece);
        ck_assert_str_eq(s->plain->str, "GET / HTTP/1.1\r\n\r\n");
        ck_assert_uint_eq(fake->plain->len, 15);
        ck_assert_mem_eq(fake->plain->data, "HTTP/1.1 200 OK", 15);
        fake_link_free(fake);
        tls_server_free(s);
    }
    ck_assert_ptr_null(tls_last_error(context));
    tls_context_free(context);
}
END_TEST

/* One handshake; TRUE when both sides are content. */
static bool shake(const struct tls_options *options, const char *host, struct tls_server *s,
                  const char *why)
{
    struct tls_context *context = context_new(options, host);
    struct fake_link *fake = client_new(context);

    talk(fake, s, SIZE_MAX);
    const bool is_up = fake->link->state == LINK_OPEN;
    const char *error = tls_last_error(context);
    if (why != NULL)
        ck_assert_str_eq(error != NULL ? error : "none", why);
    else
        ck_assert_ptr_null(error);
    fake_link_free(fake);
    tls_server_free(s);
    tls_context_free(context);
    return is_up;
}

START_TEST(who_is_trusted)
{
    const struct certificates *c = certificates;
    const struct {
        const char *certificate, *key, *host, *name, *why;
    } cases[] = {
        {c->good, c->good_key, "localhost", NULL, NULL},
        {c->good, c->good_key, "LocalHost", NULL, NULL},
        {c->good, c->good_key, "127.0.0.1", NULL, NULL},
        {c->good, c->good_key, "::1", NULL, NULL},
        {c->good, c->good_key, "[::1]", NULL, NULL},
        {c->good, c->good_key, "127.0.0.2", NULL, "IP address mismatch"},
        {c->good, c->good_key, "shop.example", NULL, "hostname mismatch"},
        {c->good, c->good_key, "shop.example", "localhost", NULL},
        {c->other, c->other_key, "localhost", NULL, "hostname mismatch"},
        {c->other, c->other_key, "a.wild.example", NULL, NULL},
        {c->other, c->other_key, "wild.example", NULL, "hostname mismatch"},
        {c->other, c->other_key, "a.b.wild.example", NULL, "hostname mismatch"},
        {c->expired, c->expired_key, "localhost", NULL, "certificate has expired"},
        {c->future, c->future_key, "localhost", NULL, "certificate is not yet valid"},
        {c->own, c->own_key, "localhost", NULL, "self-signed certificate"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct tls_options options = {.ca_file = c->ca, .server_name = cases[i].name};
        const struct tls_options insecure = {.no_verify = true, .server_name = cases[i].name};
        const int version = _i == 0 ? TLS1_3_VERSION : TLS1_2_VERSION;

        ck_assert_int_eq(shake(&options, cases[i].host,
                               tls_server_new(cases[i].certificate, cases[i].key, version, NULL),
                               cases[i].why),
                         cases[i].why == NULL);
        ck_assert(shake(&insecure, cases[i].host,
                        tls_server_new(cases[i].certificate, cases[i].key, version, NULL), NULL));
    }
}
END_TEST

/* The system's authorities have never heard of ours. */
START_TEST(the_system_does_not_know_it)
{
    const struct tls_options options = {.ca_file = NULL};

    ck_assert(!shake(&options, "localhost",
                     tls_server_new(certificates->good, certificates->good_key, 0, NULL),
                     "unable to get local issuer certificate"));
}
END_TEST

START_TEST(old_versions_are_refused)
{
    const struct tls_options options = {.no_verify = true};

    ck_assert(
        !shake(&options, "localhost",
               tls_server_new(certificates->good, certificates->good_key, TLS1_1_VERSION, NULL),
               "tlsv1 alert protocol version"));
}
END_TEST

START_TEST(a_server_without_alpn_speaks_http1)
{
    const struct tls_options options = {.ca_file = certificates->ca, .http2 = true};
    struct tls_context *context = context_new(&options, "localhost");
    struct tls_server *s = tls_server_new(certificates->good, certificates->good_key, 0, NULL);
    struct fake_link *fake = client_new(context);

    talk(fake, s, SIZE_MAX);
    ck_assert_ptr_eq(fake->link->protocol, &protocol_http1);
    fake_link_free(fake);
    tls_server_free(s);
    tls_context_free(context);
}
END_TEST

/* h2 is not taken when it was not offered, whatever the server would like. */
START_TEST(http2_must_be_offered)
{
    const struct tls_options options = {.ca_file = certificates->ca};
    struct tls_context *context = context_new(&options, "localhost");
    struct tls_server *s = tls_server_new(certificates->good, certificates->good_key, 0, "h2");
    struct fake_link *fake = client_new(context);

    talk(fake, s, SIZE_MAX);
    ck_assert_ptr_eq(fake->link->protocol, &protocol_http1);
    fake_link_free(fake);
    tls_server_free(s);
    tls_context_free(context);
}
END_TEST

/* With TLS 1.3 the client is done before the server has looked at its certificate: the alert comes
 * when the link is up already, and must be told as what it is. */
START_TEST(clients_show_certificates)
{
    const struct certificates *c = certificates;
    const struct tls_options with = {.ca_file = c->ca,
                                     .certificate = c->client,
                                     .key = c->client_key};
    const struct tls_options without = {.ca_file = c->ca};
    const int version = _i == 0 ? TLS1_3_VERSION : TLS1_2_VERSION;

    for (int i = 0; i < 2; i++) {
        struct tls_server *s = tls_server_new(c->good, c->good_key, version, NULL);

        SSL_CTX_load_verify_file(s->context, c->ca);
        SSL_set_verify(s->ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
        const char *why = NULL;
        if (i == 1)
            why = _i == 0 ? "tlsv13 alert certificate required" : "sslv3 alert handshake failure";
        ck_assert_int_eq(shake(i == 0 ? &with : &without, "localhost", s, why), i == 0);
    }
}
END_TEST

static void expect_error(const struct tls_options *options, const char *host, int code,
                         const char *text)
{
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(tls_context_new(options, host, &error));
    ck_assert_ptr_nonnull(error);
    ck_assert_msg(strstr(error->message, text) != NULL, "%s", error->message);
    ck_assert_int_eq(error->code, code);
    ck_assert_uint_eq(ERR_peek_error(), 0);
}

START_TEST(bad_options)
{
    const struct certificates *c = certificates;
    g_autofree char *nowhere = g_build_filename(c->folder, "nowhere", NULL);
    const struct {
        struct tls_options options;
        const char *host, *text;
    } cases[] = {
        {{.ca_file = nowhere}, "localhost", "nowhere: No such file or directory"},
        {{.ca_file = c->good_key}, "localhost", "good.key: expected certificates in PEM form"},
        {{.ca_file = c->ca, .certificate = nowhere}, "localhost", "nowhere: No such file"},
        {{.ca_file = c->ca, .key = c->client_key}, "localhost", "no use without its certificate"},
        {{.ca_file = c->ca, .certificate = c->client},
         "localhost",
         "client: expected the certificate's key in PEM form"},
        {{.ca_file = c->ca, .certificate = c->client, .key = c->good_key},
         "localhost",
         "(key values mismatch)"},
        {{.ca_file = c->ca, .certificate = c->client, .key = c->locked_key},
         "localhost",
         "locked.key: expected the certificate's key in PEM form, without a password"},
        {{.ca_file = c->ca}, NULL, "no name to find"},
        {{.ca_file = c->ca}, "", "'' is no name"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        expect_error(&cases[i].options, cases[i].host, OMO_SHELL_ERROR_BAD_INPUT, cases[i].text);
    g_autofree char *long_name = g_strnfill(300, 'x');
    expect_error(&cases[7].options, long_name, OMO_SHELL_ERROR_BAD_INPUT, "is no name");
}
END_TEST

/* Records larger than what is read at once, and a write of many pieces, both ways. */
START_TEST(a_lot_of_bytes)
{
    const struct tls_options options = {.ca_file = certificates->ca};
    struct tls_context *context = context_new(&options, "localhost");
    struct tls_server *s = tls_server_new(certificates->good, certificates->good_key, 0, NULL);
    struct fake_link *fake = client_new(context);
    g_autofree char *bytes = g_malloc(1000000);
    uv_buf_t pieces[8];

    for (size_t i = 0; i < 1000000; i++)
        bytes[i] = (char)(i * 7 % 251);
    talk(fake, s, SIZE_MAX);
    for (size_t i = 0; i < 8; i++)
        pieces[i] = (uv_buf_t){.base = bytes + i * 125000, .len = 125000};
    fake->write_count = 0;
    ck_assert(tls_write(fake->link, pieces, 8));
    ck_assert_uint_eq(fake->write_count, (1000000 + 16383) / 16384);
    ck_assert_int_eq(SSL_write(s->ssl, bytes, 1000000), 1000000);
    talk(fake, s, _i == 0 ? SIZE_MAX : 65536);
    ck_assert_uint_eq(s->plain->len, 1000000);
    ck_assert_mem_eq(s->plain->str, bytes, 1000000);
    ck_assert_uint_eq(fake->plain->len, 1000000);
    ck_assert_mem_eq(fake->plain->data, bytes, 1000000);
    fake_link_free(fake);
    tls_server_free(s);
    tls_context_free(context);
}
END_TEST

/* close_notify ends the stream, with what came before it; so does the one that we say. */
START_TEST(close_notify)
{
    const struct tls_options options = {.ca_file = certificates->ca};
    struct tls_context *context = context_new(&options, "localhost");
    struct tls_server *s = tls_server_new(certificates->good, certificates->good_key, 0, NULL);
    struct fake_link *fake = client_new(context);
    enum outcome outcome = OUTCOME_reset;
    char *bytes;

    talk(fake, s, SIZE_MAX);
    tls_end(fake->link);
    tls_end(fake->link); /* once */
    tls_server_run(s, fake->sent);
    ck_assert_int_eq(SSL_get_shutdown(s->ssl), SSL_RECEIVED_SHUTDOWN);

    SSL_write(s->ssl, "the last", 8);
    SSL_shutdown(s->ssl);
    const long size = BIO_get_mem_data(s->out, &bytes);
    ck_assert(!tls_take(fake->link, bytes, (size_t)size, &outcome));
    ck_assert_int_eq(outcome, OUTCOME_ok);
    ck_assert_uint_eq(fake->plain->len, 8);
    ck_assert_ptr_null(tls_last_error(context));
    fake_link_free(fake);
    tls_server_free(s);
    tls_context_free(context);
}
END_TEST

/* Bytes that are not TLS: in place of the handshake, and later. */
START_TEST(not_tls)
{
    static const char http[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    const struct tls_options options = {.ca_file = certificates->ca};
    struct tls_context *context = context_new(&options, "localhost");
    struct tls_server *s = tls_server_new(certificates->good, certificates->good_key, 0, NULL);
    struct fake_link *fake = client_new(context);
    enum outcome outcome = OUTCOME_ok;

    if (_i > 0)
        talk(fake, s, SIZE_MAX);
    if (_i > 1) {
        SSL_write(s->ssl, "plain", 5);
        talk(fake, s, SIZE_MAX);
    }
    ck_assert(!tls_take(fake->link, http, sizeof http - 1, &outcome));
    /* once something was heard the connection broke, and that is all that can be said */
    ck_assert_int_eq(outcome, _i > 1 ? OUTCOME_reset : OUTCOME_tls_error);
    if (_i < 2)
        ck_assert_str_eq(tls_last_error(context), "the answer was not TLS");
    ck_assert(!tls_write(fake->link, &(uv_buf_t){.base = (char *)"x", .len = 1}, 1) || _i == 0);
    ck_assert_uint_eq(ERR_peek_error(), 0); /* the next connection of this thread starts clean */
    fake_link_free(fake);
    tls_server_free(s);
    tls_context_free(context);
}
END_TEST

/* Every byte of the server's side changed in turn, before and after the handshake: refused, or of no
 * matter, and never taken for data. */
START_TEST(changed_bytes)
{
    const struct tls_options options = {.ca_file = certificates->ca};
    struct tls_context *context = context_new(&options, "localhost");

    for (long at = 0, end = 1; at < end; at += at % 100 < 20 ? 1 : 7) {
        struct tls_server *s = tls_server_new(certificates->good, certificates->good_key,
                                              at % 2 == 0 ? TLS1_3_VERSION : TLS1_2_VERSION, NULL);
        struct fake_link *fake = client_new(context);
        bool changed = false;

        for (int turn = 0; turn < 4 && fake->link->state != LINK_CLOSING; turn++) {
            char *bytes;
            tls_server_run(s, fake->sent);
            if (s->is_up && turn < 3) {
                SSL_write(s->ssl, "data", 4);
                turn = 3;
            }
            const long size = BIO_get_mem_data(s->out, &bytes);
            if (!changed && at < size) {
                bytes[at] ^= (char)(1 << at % 8);
                changed = true;
            }
            end = turn == 0 ? size : end;
            fake_take(fake, bytes, (size_t)size);
            (void)BIO_reset(s->out);
        }
        ck_assert(fake->plain->len == 0 || memcmp(fake->plain->data, "data", 4) == 0);
        fake_link_free(fake);
        tls_server_free(s);
        ck_assert_uint_eq(ERR_peek_error(), 0);
    }
    tls_context_free(context);
}
END_TEST

/* A write that fails below TLS fails above it, and nothing is written any more. */
START_TEST(broken_links)
{
    const struct tls_options options = {.ca_file = certificates->ca};
    struct tls_context *context = context_new(&options, "localhost");
    struct tls_server *s = tls_server_new(certificates->good, certificates->good_key, 0, NULL);
    struct fake_link *fake = client_new(context);
    const uv_buf_t piece = {.base = (char *)"x", .len = 1};

    talk(fake, s, SIZE_MAX);
    fake->is_broken = true;
    ck_assert(!tls_write(fake->link, &piece, 1));
    tls_end(fake->link);
    ck_assert_uint_eq(ERR_peek_error(), 0);
    fake_link_free(fake);

    fake = fake_link_new(NULL, tls_new(context));
    fake->keep_plain = true;
    fake->is_broken = true;
    ck_assert(!tls_start(fake->link));
    fake_link_free(fake);
    tls_server_free(s);
    tls_context_free(context);
}
END_TEST

/* What a connection is said to take is about what it takes: what becomes free with it. */
START_TEST(memory_of_a_connection)
{
    const struct tls_options options = {.ca_file = certificates->ca};
    struct tls_context *context = context_new(&options, "localhost");
    struct fake_link *fake[100];

    for (size_t i = 0; i < G_N_ELEMENTS(fake); i++) {
        struct tls_server *s = tls_server_new(certificates->good, certificates->good_key, 0, NULL);

        fake[i] = client_new(context);
        talk(fake[i], s, SIZE_MAX);
        tls_write(fake[i]->link, &(uv_buf_t){.base = (char *)"ask", .len = 3}, 1);
        talk(fake[i], s, SIZE_MAX);
        SSL_write(s->ssl, "data", 4);
        talk(fake[i], s, SIZE_MAX);
        tls_server_free(s);
    }
    const size_t said = tls_memory(fake[0]->link->tls);
    const size_t before = mallinfo2().uordblks;
    for (size_t i = 0; i < G_N_ELEMENTS(fake); i++) {
        tls_free(fake[i]->link->tls);
        fake[i]->link->tls = NULL;
    }
    const size_t size = (before - mallinfo2().uordblks) / G_N_ELEMENTS(fake);
    if (size > 0) { /* the sanitizers' allocator does not tell */
        printf("a TLS connection takes %zu bytes, said to be %zu\n", size, said);
        ck_assert_uint_gt(said, size / 2);
        ck_assert_uint_lt(said, size * 2);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(fake); i++)
        fake_link_free(fake[i]);
    tls_context_free(context);
}
END_TEST

static gpointer shake_in_a_thread(gpointer context)
{
    for (int i = 0; i < 50; i++) {
        const bool good = i % 2 == 0;
        struct tls_server *s =
            tls_server_new(good ? certificates->good : certificates->expired,
                           good ? certificates->good_key : certificates->expired_key, 0, NULL);
        struct fake_link *fake = client_new(context);

        talk(fake, s, SIZE_MAX);
        ck_assert_int_eq(fake->link->state, good ? LINK_OPEN : LINK_CLOSING);
        fake_link_free(fake);
        tls_server_free(s);
    }
    return NULL;
}

START_TEST(threads_share_a_context)
{
    const struct tls_options options = {.ca_file = certificates->ca};
    struct tls_context *context = context_new(&options, "localhost");
    GThread *thread[4];

    for (int i = 0; i < 4; i++)
        thread[i] = g_thread_new("tls", shake_in_a_thread, context);
    for (int i = 0; i < 4; i++)
        g_thread_join(thread[i]);
    ck_assert_str_eq(tls_last_error(context), "certificate has expired");
    tls_context_free(context);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tls");
    TCase *tc = tcase_create("tls");

    tcase_add_unchecked_fixture(tc, make_certificates, remove_certificates);
    tcase_add_loop_test(tc, every_split, 0, 4);
    tcase_add_loop_test(tc, who_is_trusted, 0, 2);
    tcase_add_test(tc, the_system_does_not_know_it);
    tcase_add_test(tc, old_versions_are_refused);
    tcase_add_test(tc, a_server_without_alpn_speaks_http1);
    tcase_add_test(tc, http2_must_be_offered);
    tcase_add_loop_test(tc, clients_show_certificates, 0, 2);
    tcase_add_test(tc, bad_options);
    tcase_add_loop_test(tc, a_lot_of_bytes, 0, 2);
    tcase_add_test(tc, close_notify);
    tcase_add_loop_test(tc, not_tls, 0, 3);
    tcase_add_test(tc, changed_bytes);
    tcase_add_test(tc, broken_links);
    tcase_add_test(tc, memory_of_a_connection);
    tcase_add_test(tc, threads_share_a_context);
    tcase_set_timeout(tc, 120);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());

    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
