/* The pool with TLS and HTTP/2 against a real nginx on loopback, end to end. */
#include "replay/certificates.h"
#include "replay/customer.h"
#include "replay/nginx_tls.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct certificates *certificates;
static struct nginx_tls *nginx;

static void start(void)
{
    certificates = certificates_new();
    nginx = nginx_tls_start(&(struct nginx_tls_options){.certificate = certificates->good,
                                                        .key = certificates->good_key,
                                                        .requests_max = 64,
                                                        .core = -1});
}

static void stop(void)
{
    nginx_tls_stop(nginx);
    certificates_free(certificates);
}

/* HTTP/1.1, then HTTP/2, over TLS; HTTP/2 without. */
enum { TLS_HTTP1, TLS_HTTP2, PLAIN_HTTP2, KINDS };

static struct tls_context *open_kind(struct customer *customer, int kind,
                                     const struct pool_options *options)
{
    const struct tls_options tls = {.ca_file = certificates->ca, .http2 = kind == TLS_HTTP2};
    struct tls_context *context = NULL;

    customer_open(customer, kind == PLAIN_HTTP2 ? nginx->http2 : nginx->https, options);
    if (kind == PLAIN_HTTP2) {
        customer->target->http2_prior = true;
    } else {
        context = tls_context_new(&tls, "127.0.0.1", NULL);
        ck_assert_ptr_nonnull(context);
        customer->target->tls_context = context;
    }
    return context;
}

/* Asks again with the same exchange until `user` requests have been sent. */
static void ask_again(struct customer *customer, uint32_t which)
{
    const struct customer_end *end = &customer->end[which];

    ck_assert_msg(!end->failed, "%s", outcome_name(end->outcome));
    ck_assert_uint_eq(end->status, 200);
    ck_assert_str_eq(end->body, "hello\n");
    customer_forget(customer, which);
    if (customer->user > 0) {
        customer->user--;
        customer_ask(customer, which);
    }
}

/* nginx ends each connection after 64 requests: with HTTP/2 by GOAWAY, with more streams under way.
 * None of them is lost. */
START_TEST(many_requests)
{
    struct customer customer;
    struct pool_options options = customer_options();

    options.streams = 10;
    options.links_max = 3;
    struct tls_context *context = open_kind(&customer, _i, &options);
    customer.after = ask_again;
    customer.user = 1000;
    for (uint32_t i = 0; i < 24; i++)
        customer_ask(&customer, i);
    customer_run(&customer, 1024);
    ck_assert_uint_ge(pool_counts(customer.pool)->opened, 1024 / 64);
    ck_assert_uint_le(pool_counts(customer.pool)->open_max, 3);
    customer_close(&customer);
    tls_context_free(context);
}
END_TEST

/* A body of 3 MiB: all of it is counted, the first MiB is kept; and one that comes packed. */
START_TEST(bodies)
{
    static const char *const paths[] = {"/big", "/text", "/post"};
    struct customer customer;
    struct tls_context *context = open_kind(&customer, _i, NULL);
    g_autofree char *upload = g_strnfill(500000, 'u');

    for (uint32_t i = 0; i < 3; i++) {
        customer.message.path = (struct api_text){paths[i], (uint32_t)strlen(paths[i])};
        if (i == 2) {
            customer.message.method = (struct api_text){"POST", 4};
            customer.message.body = (struct api_text){upload, 500000};
        }
        customer_ask(&customer, i);
        customer_run(&customer, i + 1);
        ck_assert(!customer.end[i].failed);
        ck_assert_uint_eq(customer.end[i].status, 200);
    }
    ck_assert_uint_eq(customer.end[0].body_bytes, 3 << 20);
    ck_assert_uint_eq(customer.end[0].body_size, API_BODY_MAX);
    ck_assert(customer.end[1].gzip);
    ck_assert_uint_eq(customer.end[1].body_size, 2000);
    ck_assert_uint_lt(customer.end[1].body_bytes, 200);
    ck_assert_str_eq(customer.end[2].body, "posted\n");
    ck_assert_uint_eq(pool_counts(customer.pool)->opened, 1);
    customer_close(&customer);
    tls_context_free(context);
}
END_TEST

/* Requests of a journey are given up: with HTTP/2 the others on the connection go on. */
START_TEST(giving_up)
{
    struct customer customer;
    struct pool_options options = customer_options();

    options.links_max = 1;
    options.streams = 10;
    struct tls_context *context = open_kind(&customer, _i, &options);
    customer.message.path = (struct api_text){"/big", 4};
    for (uint32_t i = 0; i < 5; i++)
        customer_ask(&customer, i);
    customer_run_ms(&customer, 5);
    uint32_t given_up = 0;
    for (uint32_t i = 0; i < 5; i += 2)
        if (!customer.end[i].ended) {
            pool_cancel(customer.pool, &customer.exchange[i]);
            given_up++;
        }
    customer_run(&customer, 5 - given_up);
    for (uint32_t i = 0; i < 5; i++)
        if (customer.end[i].ended)
            ck_assert_uint_eq(customer.end[i].body_bytes, 3 << 20);
    if (_i != TLS_HTTP1)
        ck_assert_uint_eq(pool_counts(customer.pool)->opened, 1);
    customer_close(&customer);
    tls_context_free(context);
}
END_TEST

static void expect_tls_error(const struct tls_options *options, const char *host, const char *why)
{
    struct customer customer;
    struct tls_context *context = tls_context_new(options, host, NULL);

    customer_open(&customer, nginx->https, NULL);
    customer.target->tls_context = context;
    for (uint32_t i = 0; i < 10; i++)
        customer_ask(&customer, i);
    customer_run(&customer, 10);
    for (uint32_t i = 0; i < 10; i++)
        ck_assert_str_eq(outcome_name(customer.end[i].outcome), "tls_error");
    ck_assert_str_eq(tls_last_error(context), why);
    customer_close(&customer);
    tls_context_free(context);
}

START_TEST(certificates_that_do_not_fit)
{
    const struct tls_options good = {.ca_file = certificates->ca};
    const struct tls_options other = {.ca_file = certificates->own};

    expect_tls_error(&good, "shop.example", "hostname mismatch");
    expect_tls_error(&other, "127.0.0.1", "unable to get local issuer certificate");
}
END_TEST

/* TLS towards a port that speaks HTTP, and HTTP/2 towards one that speaks HTTP/1.1. */
START_TEST(the_wrong_protocol)
{
    const struct tls_options options = {.ca_file = certificates->ca};
    struct customer customer;

    customer_open(&customer, nginx->http, NULL);
    customer.target->tls = true;
    customer.target->tls_context = tls_context_new(&options, "127.0.0.1", NULL);
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    ck_assert_str_eq(outcome_name(customer.end[0].outcome), "tls_error");
    ck_assert_str_eq(tls_last_error(customer.target->tls_context), "the answer was not TLS");
    tls_context_free(customer.target->tls_context);
    customer.target->tls_context = NULL;
    customer_close(&customer);

    customer_open(&customer, nginx->http, NULL);
    customer.target->http2_prior = true;
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    ck_assert(customer.end[0].failed);
    ck_assert_str_eq(outcome_name(customer.end[0].outcome), "bad_response");
    customer_close(&customer);
}
END_TEST

/* nginx asks for a certificate, and answers 400 to who has none. */
START_TEST(clients_show_certificates)
{
    struct nginx_tls *strict = nginx_tls_start(&(struct nginx_tls_options){
        .certificate = certificates->good,
        .key = certificates->good_key,
        .client_ca = certificates->ca,
        .core = -1,
    });
    const struct tls_options options[2] = {
        {.ca_file = certificates->ca, .http2 = _i == 1},
        {.ca_file = certificates->ca,
         .http2 = _i == 1,
         .certificate = certificates->client,
         .key = certificates->client_key},
    };

    for (int i = 0; i < 2; i++) {
        struct customer customer;
        struct tls_context *context = tls_context_new(&options[i], "127.0.0.1", NULL);

        customer_open(&customer, strict->https, NULL);
        customer.target->tls_context = context;
        customer_ask(&customer, 0);
        customer_run(&customer, 1);
        ck_assert(!customer.end[0].failed);
        ck_assert_uint_eq(customer.end[0].status, i == 0 ? 400 : 200);
        customer_close(&customer);
        tls_context_free(context);
    }
    nginx_tls_stop(strict);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("nginx");
    TCase *tc = tcase_create("nginx");

    tcase_add_unchecked_fixture(tc, start, stop);
    tcase_add_loop_test(tc, many_requests, 0, KINDS);
    tcase_add_loop_test(tc, bodies, 0, KINDS);
    tcase_add_loop_test(tc, giving_up, 0, KINDS);
    tcase_add_test(tc, certificates_that_do_not_fit);
    tcase_add_test(tc, the_wrong_protocol);
    tcase_add_loop_test(tc, clients_show_certificates, 0, 2);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    if (!nginx_tls_is_installed())
        return 77;

    SRunner *runner = srunner_create(suite());

    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
