/* URLs of services: what they mean, what is refused, and what is never shown. */
#include "replay/pool.h"
#include "shell/diagnostic.h"

#include <arpa/inet.h>
#include <check.h>
#include <string.h>

static const struct {
    const char *url, *shown, *authority, *base, *unix_path, *authorization;
    bool tls;
    uint16_t port;
} good[] = {
    {"http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1:8080", "", .port = 8080},
    {"http://127.0.0.1", "http://127.0.0.1", "127.0.0.1", "", .port = 80},
    {"HTTP://127.0.0.1:80/", "HTTP://127.0.0.1:80/", "127.0.0.1", "", .port = 80},
    {"https://127.1.2.3/v1/", "https://127.1.2.3/v1/", "127.1.2.3", "/v1", .tls = true,
     .port = 443},
    {"https://localhost:8443/a/b", "https://localhost:8443/a/b", "localhost:8443", "/a/b",
     .tls = true, .port = 8443},
    {"http://[::1]:99", "http://[::1]:99", "[::1]:99", "", .port = 99},
    {"http://[::ffff:127.0.0.1]", "http://[::ffff:127.0.0.1]", "[::ffff:127.0.0.1]", "",
     .port = 80},
    {"unix:/run/x.sock", "unix:/run/x.sock", "localhost", "", .unix_path = "/run/x.sock"},
    {"unix:x.sock:/v1", "unix:x.sock:/v1", "localhost", "/v1", .unix_path = "x.sock"},
    {"http://ann:secret@127.0.0.1:81/x", "http://127.0.0.1:81/x", "127.0.0.1:81", "/x",
     .authorization = "Basic YW5uOnNlY3JldA==", .port = 81},
    {"http://a%40b@127.0.0.1", "http://127.0.0.1", "127.0.0.1", "",
     .authorization = "Basic YUBiOg==", .port = 80},
};

START_TEST(test_good)
{
    GError *error = NULL;
    struct target *target = target_new(good[_i].url, NULL, &error);

    ck_assert_msg(target != NULL, "%s", error != NULL ? error->message : "");
    ck_assert_str_eq(target->url, good[_i].shown);
    ck_assert_str_eq(target->authority, good[_i].authority);
    ck_assert_str_eq(target->base_path, good[_i].base);
    ck_assert_pstr_eq(target->unix_path, good[_i].unix_path);
    ck_assert_pstr_eq(target->authorization, good[_i].authorization);
    ck_assert(target->tls == good[_i].tls);
    ck_assert((target->address_count == 0) == (target->unix_path != NULL));
    if (target->address_count > 0) { /* the port is at the same place in both kinds */
        const struct sockaddr_in *in = (const void *)&target->address[0];
        ck_assert_uint_eq(ntohs(in->sin_port), good[_i].port);
    }
    target_free(target);
}
END_TEST

static const struct {
    const char *url, *message;
    int code;
} bad[] = {
    {"", "target '': expected http://host:port, https://host:port or unix:/path/of.sock",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"127.0.0.1:80",
     "target '127.0.0.1:80': expected http://host:port, https://host:port or unix:/path/of.sock",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"ftp://u:secret@127.0.0.1",
     "target 'ftp://127.0.0.1': expected http://host:port, https://host:port or "
     "unix:/path/of.sock",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"http://", "target 'http://': the host is missing", OMO_SHELL_ERROR_BAD_USAGE},
    {"http://:80", "target 'http://:80': the host is missing", OMO_SHELL_ERROR_BAD_USAGE},
    {"http://127.0.0.1:0", "target 'http://127.0.0.1:0': the port must be a number from 1 to 65535",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"http://127.0.0.1:65536",
     "target 'http://127.0.0.1:65536': the port must be a number from 1 to 65535",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"http://u:secret@127.0.0.1:x",
     "target 'http://127.0.0.1:x': the port must be a number from 1 to 65535",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"http://[::1", "target 'http://[::1': expected '[address]' or '[address]:port'",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"http://127.0.0.1/a?b=c",
     "target 'http://127.0.0.1/a?b=c': expected a path after the host, without '?' and '#'",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"http://127.0.0.1/a b",
     "target 'http://127.0.0.1/a b': blanks and such must be written as %XX",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"unix:", "target 'unix:': the path of a unix socket has 1 to 107 bytes",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"http://u:secret@192.0.2.1:8080",
     "target 'http://192.0.2.1:8080': '192.0.2.1' is not this machine; if you may load it, say "
     "--allow-host 192.0.2.1",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"http://0.0.0.0",
     "target 'http://0.0.0.0': '0.0.0.0' is not this machine; if you may load it, say --allow-host "
     "0.0.0.0",
     OMO_SHELL_ERROR_BAD_USAGE},
    {"http://[2001:db8::1]",
     "target 'http://[2001:db8::1]': '2001:db8::1' is not this machine; if you may load it, say "
     "--allow-host 2001:db8::1",
     OMO_SHELL_ERROR_BAD_USAGE},
};

START_TEST(test_bad)
{
    GError *error = NULL;

    ck_assert_ptr_null(target_new(bad[_i].url, NULL, &error));
    ck_assert_str_eq(error->message, bad[_i].message);
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, bad[_i].code));
    g_error_free(error);
}
END_TEST

START_TEST(test_allowed)
{
    static const char *const hosts[] = {"example.com", "192.0.2.1", "[2001:DB8::1]", NULL};
    struct target *four = target_new("http://192.0.2.1", hosts, NULL);
    struct target *six = target_new("http://[2001:db8::1]:81", hosts, NULL);

    ck_assert_ptr_nonnull(four);
    ck_assert_ptr_nonnull(six);
    ck_assert_ptr_null(target_new("http://192.0.2.2", hosts, NULL));
    target_free(four);
    target_free(six);
    target_free(NULL);
}
END_TEST

START_TEST(test_unknown_name)
{
    GError *error = NULL;

    static const char *const hosts[] = {"no-such-host.invalid", NULL};

    /* Nobody knows it to be this machine: whether it exists is not even the question. */
    ck_assert_ptr_null(target_new("http://u:secret@no-such-host.invalid:80", NULL, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "is not this machine"));
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE));
    g_clear_error(&error);
    ck_assert_ptr_null(target_new("http://u:secret@no-such-host.invalid:80", hosts, &error));
    ck_assert(g_str_has_prefix(error->message,
                               "target 'http://no-such-host.invalid:80': can't find "
                               "the address of 'no-such-host.invalid': "));
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
    g_error_free(error);
}
END_TEST

START_TEST(test_probe_unix)
{
    GError *error = NULL;
    struct target *target = target_new("unix:/nonexistent/x.sock", NULL, NULL);

    ck_assert_ptr_nonnull(target);
    ck_assert(!target_probe(target, 100, &error));
    ck_assert_str_eq(error->message,
                     "can't reach unix:/nonexistent/x.sock: No such file or directory");
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
    g_error_free(error);
    target_free(target);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("target");
    TCase *tcase = tcase_create("target");

    tcase_add_loop_test(tcase, test_good, 0, (int)G_N_ELEMENTS(good));
    tcase_add_loop_test(tcase, test_bad, 0, (int)G_N_ELEMENTS(bad));
    tcase_add_test(tcase, test_allowed);
    tcase_add_test(tcase, test_unknown_name);
    tcase_add_test(tcase, test_probe_unix);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
