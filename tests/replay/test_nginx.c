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
    struct customer_end *end = &customer->end[which];

    ck_assert_msg(!end->failed, "%s", outcome_name(end->outcome));
    ck_assert_uint_eq(end->status, 200);
    ck_assert_str_eq(end->body, "hello\n");
    g_free(end->body);
    *end = (struct customer_end){.ended = false};
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

static Suite *suite(void)
{
    Suite *s = suite_create("nginx");
    TCase *tc = tcase_create("nginx");

    tcase_add_unchecked_fixture(tc, start, stop);
    tcase_add_loop_test(tc, many_requests, 0, KINDS);
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
