/* Shipped scenarios with random damage: a line taken out, two words swapped, a word put elsewhere,
 * a character changed. Whatever comes of it, the answer is a scenario or an error with positions,
 * and a scenario that was read can be asked everything. Prints OMO_SEED=... and obeys it. */
#include "scenario/fixture.h"

#include <check.h>
#include <string.h>

#define MUTATIONS 30

static GRand *chance;

static uint32_t below(uint32_t n)
{
    return n == 0 ? 0 : (uint32_t)g_rand_int_range(chance, 0, (gint32)n);
}

static char *without_line(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    uint32_t count = g_strv_length(lines), gone = below(count);
    GString *rest = g_string_new(NULL);

    for (uint32_t i = 0; i < count; i++)
        if (i != gone)
            g_string_append_printf(rest, "%s\n", lines[i]);
    return g_string_free(rest, FALSE);
}

/* Begin and length of a random word. */
static void some_word(const char *text, size_t *ret_begin, size_t *ret_length)
{
    static const char *const stops = " \n,:{}[]()\"#";
    size_t at = below((uint32_t)strlen(text));

    while (at > 0 && strchr(stops, text[at]) != NULL)
        at--;
    while (at > 0 && strchr(stops, text[at - 1]) == NULL)
        at--;
    *ret_begin = at;
    *ret_length = strcspn(text + at, stops);
}

/* One word in the place of another, with `swap` the other way round as well. */
static char *moved_word(const char *text, gboolean swap)
{
    size_t a, b, a_length, b_length;

    some_word(text, &a, &a_length);
    some_word(text, &b, &b_length);
    if (a > b || a + a_length > b)
        return g_strdup(text);
    return g_strdup_printf("%.*s%.*s%.*s%.*s%s", (int)a, text, (int)b_length, text + b,
                           (int)(b - a - a_length), text + a + a_length,
                           (int)(swap ? a_length : b_length), swap ? text + a : text + b,
                           text + b + b_length);
}

static char *changed_character(const char *text)
{
    static const char letters[] = "0aZ-~:{}[]\"'#&*!|>%@`,. \n\t\xff";
    char *copy = g_strdup(text);

    copy[below((uint32_t)strlen(text))] = letters[below(sizeof letters - 1)];
    return copy;
}

static char *mutate(const char *text)
{
    switch (below(4)) {
    case 0:
        return without_line(text);
    case 1:
        return moved_word(text, TRUE);
    case 2:
        return moved_word(text, FALSE);
    default:
        return changed_character(text);
    }
}

static void assert_positions(const GError *error, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);

    ck_assert(error->domain == OMO_SHELL_ERROR);
    for (uint32_t i = 0; lines[i] != NULL; i++) {
        gboolean placed =
            g_regex_match_simple("^[^ :]+(:[0-9]+(:[0-9]+)?)?: .", lines[i], G_REGEX_OPTIMIZE, 0);
        ck_assert_msg(placed || g_str_has_prefix(lines[i], "more errors follow"),
                      "no position: %s\nin:\n%s", lines[i], text);
    }
}

static void try(const char *text)
{
    g_autoptr(GError) error = NULL;

    ck_assert(g_file_set_contents("mutant.yaml", text, -1, NULL));
    g_autoptr(Scenario) s = scenario_read("mutant.yaml", NULL, &error);
    if (s == NULL) {
        assert_positions(error, text);
        return;
    }
    ck_assert_ptr_null(error);
    ck_assert_ptr_nonnull(scenario_title(s));
    ck_assert_ptr_nonnull(scenario_currency(s));
    ck_assert_double_gt(scenario_days(s), 0);
    ck_assert_uint_ge(scenario_replications(s), 1);
    for (uint32_t i = 0; i < scenario_point_count(s); i++)
        ck_assert_ptr_nonnull(scenario_point(s, i)->label);
}

/* Tables are named with their full path, the mutants stand elsewhere. */
static char *shipped_text(const char *path)
{
    char *text = NULL;
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *tables = g_strdup_printf(" %s/tables/", folder);

    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(text, " tables/", -1);
    g_free(text);
    return g_strjoinv(tables, parts);
}

START_TEST(test_mutations)
{
    g_auto(GStrv) paths = fixture_shipped();

    for (uint32_t i = 0; paths[i] != NULL; i++) {
        g_autofree char *text = shipped_text(paths[i]);
        if (strstr(text, "count: 40000") != NULL || strstr(text, "../") != NULL)
            continue; /* a second each */
        for (uint32_t j = 0; j < MUTATIONS; j++) {
            g_autofree char *once = mutate(text);
            g_autofree char *twice = mutate(once);
            try(once);
            try(twice);
        }
    }
}
END_TEST

START_TEST(test_chain_mutations)
{
    for (uint32_t i = 0; i < 20 * MUTATIONS; i++) {
        g_autofree char *text = mutate(fixture_chain);
        try(text);
    }
}
END_TEST

int main(void)
{
    const char *given = g_getenv("OMO_SEED");
    guint32 seed = given != NULL ? (guint32)g_ascii_strtoull(given, NULL, 10) : g_random_int();
    Suite *suite = suite_create("scenario_mutations");
    TCase *tests = tcase_create("mutations");
    SRunner *runner = srunner_create(suite);

    g_print("OMO_SEED=%u\n", seed);
    chance = g_rand_new_with_seed(seed);
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, fixture_enter, fixture_leave);
    tcase_add_test(tests, test_mutations);
    tcase_add_test(tests, test_chain_mutations);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    g_rand_free(chance);
    return failed > 0;
}
