/* Command lines: what is taken out, what is left, and what is said about the rest. */
#include "cli/options.h"
#include "shell/diagnostic.h"

#include <check.h>
#include <string.h>

static const struct options_page page = {
    .usage = "test [OPTION...] ONE [TWO]",
    .summary = "A test.\n",
    .examples = "  omosim test\n",
    .positional_min = 1,
    .positional_max = 2,
};

/* Parses up to seven words; *ret_words (freed by the caller) are the positional ones. */
static enum options_outcome parse(struct options_study *options, const char *line, char **ret_words,
                                  GError **ret_error)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    const GOptionEntry entries[] = {OPTIONS_STUDY(*options), {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autofree char **argv = g_memdup2(words, (g_strv_length(words) + 1) * sizeof(char *));
    char **rest = argv;
    int argc = (int)g_strv_length(words);

    *options = (struct options_study){.json = FALSE};
    const enum options_outcome outcome = options_parse(&page, entries, &argc, &rest, ret_error);
    *ret_words = outcome == OPTIONS_GO ? g_strjoinv(" ", rest + 1) : g_strdup("");
    return outcome;
}

static void expect_error(const char *line, const char *text)
{
    struct options_study options;
    g_autoptr(GError) error = NULL;
    g_autofree char *words = NULL;

    ck_assert_int_eq(parse(&options, line, &words, &error), OPTIONS_ERROR);
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE));
    ck_assert_msg(strstr(error->message, text) != NULL, "%s", error->message);
    options_study_clear(&options);
}

START_TEST(test_parse)
{
    struct options_study options;
    g_autoptr(GError) error = NULL;
    g_autofree char *words = NULL;

    ck_assert_int_eq(parse(&options,
                           "test a --set x=1 -n 3 --set y=2 b --seed=9223372036854775807 --json",
                           &words, &error),
                     OPTIONS_GO);
    ck_assert_str_eq(words, "a b");
    ck_assert_str_eq(options.sets[1], "y=2");
    ck_assert(options.json);
    ck_assert(options_study_check(&options, &error));
    ck_assert_uint_eq(options.seed, INT64_MAX);
    ck_assert(options.has_seed);
    ck_assert_uint_eq(options.replications, 3);
    ck_assert_uint_eq(options.threads, 0);
    options_study_clear(&options);
}
END_TEST

START_TEST(test_double_dash)
{
    struct options_study options;
    g_autoptr(GError) error = NULL;
    g_autofree char *words = NULL;

    ck_assert_int_eq(parse(&options, "test -- -file", &words, &error), OPTIONS_GO);
    ck_assert_str_eq(words, "-file");
    options_study_clear(&options);
}
END_TEST

START_TEST(test_errors)
{
    expect_error("test a --replicatons 3", "did you mean '--replications'?");
    expect_error("test a --nothing-like-it", "unknown option '--nothing-like-it'");
    expect_error("test", "an argument is missing");
    expect_error("test a b c", "too many arguments");
    expect_error("test a --seed", "--seed");
}
END_TEST

START_TEST(test_ranges)
{
    static const char *const lines[] = {"test a --seed -1",
                                        "test a --seed 9223372036854775808",
                                        "test a --seed 1.5",
                                        "test a -n 0",
                                        "test a -n 1000001",
                                        "test a -n x",
                                        "test a --threads 99999",
                                        "test a --threads -1"};

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        struct options_study options;
        g_autoptr(GError) error = NULL;
        g_autofree char *words = NULL;
        ck_assert_int_eq(parse(&options, lines[i], &words, &error), OPTIONS_GO);
        ck_assert_msg(!options_study_check(&options, &error), "%s", lines[i]);
        ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE));
        options_study_clear(&options);
    }
}
END_TEST

START_TEST(test_split)
{
    g_auto(GStrv) items = options_split(" sales,,fill_rate ,");
    g_auto(GStrv) none = options_split(NULL);

    ck_assert_uint_eq(g_strv_length(items), 2);
    ck_assert_str_eq(items[0], "sales");
    ck_assert_str_eq(items[1], "fill_rate");
    ck_assert_ptr_null(none[0]);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("options");
    TCase *t = tcase_create("options");

    tcase_add_test(t, test_parse);
    tcase_add_test(t, test_double_dash);
    tcase_add_test(t, test_errors);
    tcase_add_test(t, test_ranges);
    tcase_add_test(t, test_split);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
