/* Where Location headers lead: the examples of RFC 3986, 5.4, and what may not be followed. */
#include "replay/location.h"

#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

static const char *resolve(const struct target *target, const char *base, const char *reference)
{
    static char text[256];
    char room[128];
    const struct api_text from = {base, (uint32_t)strlen(base)};
    const struct api_text to = {reference, (uint32_t)strlen(reference)};
    struct api_text path;

    if (!location_resolve(target, &from, &to, room, sizeof room, &path))
        return "elsewhere";
    g_snprintf(text, sizeof text, "%.*s", (int)path.size, path.text);
    return text;
}

START_TEST(test_relative)
{
    static const struct {
        const char *reference, *path;
    } cases[] = {
        {"g", "/b/c/g"},
        {"./g", "/b/c/g"},
        {"g/", "/b/c/g/"},
        {"/g", "/g"},
        {"//a/g", "/g"},
        {"//a", "/"},
        {"//a?y", "/?y"},
        {"?y", "/b/c/d;p?y"},
        {"g?y", "/b/c/g?y"},
        {"#s", "/b/c/d;p?q"},
        {"g#s", "/b/c/g"},
        {"g?y#s", "/b/c/g?y"},
        {";x", "/b/c/;x"},
        {"", "/b/c/d;p?q"},
        {".", "/b/c/"},
        {"./", "/b/c/"},
        {"..", "/b/"},
        {"../", "/b/"},
        {"../g", "/b/g"},
        {"../..", "/"},
        {"../../g", "/g"},
        {"../../../g", "/g"},
        {"/./g", "/g"},
        {"/../g", "/g"},
        {"g.", "/b/c/g."},
        {".g", "/b/c/.g"},
        {"g..", "/b/c/g.."},
        {"..g", "/b/c/..g"},
        {"./../g", "/b/g"},
        {"./g/.", "/b/c/g/"},
        {"g/./h", "/b/c/g/h"},
        {"g/../h", "/b/c/h"},
        {"g;x=1/../y", "/b/c/y"},
        {"g?y/./x", "/b/c/g?y/./x"},
        {"g?y/../x", "/b/c/g?y/../x"},
        {"http://a/g", "/g"},
        {"HTTP://A:80", "/"},
        {"http://a:/x/../y?z", "/y?z"},
        {"1:2", "/b/c/1:2"},
        {"a b\r\n\xc3\xa4", "/b/c/a%20b%0D%0A%C3%A4"},
    };
    struct target target = {.authority = (char[]){"a"}, .base_path = (char[]){""}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        ck_assert_str_eq(resolve(&target, "/b/c/d;p?q", cases[i].reference), cases[i].path);
    ck_assert_str_eq(resolve(&target, "*", "g"), "/g");
    ck_assert_str_eq(resolve(&target, "/a?b/c", "g"), "/g");
}
END_TEST

START_TEST(test_elsewhere)
{
    static const char *const foreign[] = {
        "https://a/g",  "http://b/g", "//b/g",     "http://a:81/g",  "http://a.b/g", "g:h",
        "http:g",       "http:",      "ftp://a/g", "http://u@a/g",   "http:///g",    "//",
        "http://a@b/g", "mailto:a",   "//a:443/g", "http://[::1]/g",
    };
    struct target target = {.authority = (char[]){"a"}, .base_path = (char[]){""}};

    for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++)
        ck_assert_msg(strcmp(resolve(&target, "/b", foreign[i]), "elsewhere") == 0, "%s",
                      foreign[i]);
}
END_TEST

START_TEST(test_ports)
{
    struct target six = {.authority = (char[]){"[::1]:8080"}, .base_path = (char[]){""}};
    struct target safe = {.authority = (char[]){"a"}, .base_path = (char[]){""}, .tls = true};

    ck_assert_str_eq(resolve(&six, "/", "http://[::1]:8080/x"), "/x");
    ck_assert_str_eq(resolve(&six, "/", "http://[::1]/x"), "elsewhere");
    ck_assert_str_eq(resolve(&six, "/", "http://[::1]:80/x"), "elsewhere");
    ck_assert_str_eq(resolve(&safe, "/", "https://a:443/x"), "/x");
    ck_assert_str_eq(resolve(&safe, "/", "http://a/x"), "elsewhere");
    ck_assert_str_eq(resolve(&safe, "/", "https://a:80/x"), "elsewhere");
}
END_TEST

START_TEST(test_too_long)
{
    g_autofree char *fits = g_strnfill(127, 'x'), *coded = g_strnfill(126, 'x');
    struct target target = {.authority = (char[]){"a"}, .base_path = (char[]){""}};

    ck_assert_uint_eq(strlen(resolve(&target, "/", fits)), 128);
    coded[125] = ' ';
    ck_assert_str_eq(resolve(&target, "/", coded), "elsewhere");
    ck_assert_str_eq(resolve(&target, "/bc/", fits), "elsewhere");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("replay_location");
    TCase *tests = tcase_create("location");

    tcase_add_test(tests, test_relative);
    tcase_add_test(tests, test_elsewhere);
    tcase_add_test(tests, test_ports);
    tcase_add_test(tests, test_too_long);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
