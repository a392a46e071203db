/* What the tests of the invariants by literals share: a case and the usual map, made anew for each
 * test. Included by each program once. */
#ifndef TESTS_REPLAY_AUDIT_LITERALS_H
#define TESTS_REPLAY_AUDIT_LITERALS_H

#include "replay/audit_case.h"

#include <check.h>
#include <string.h>

static ApiMap *map;
static struct audit_case c;

static void set_up(void)
{
    map = audit_case_map(NULL);
    audit_case_begin(&c, map);
}

static void tear_down(void)
{
    audit_case_end(&c);
    api_free(map);
}

#define assert_verdict(invariant, expected)                                                        \
    do {                                                                                           \
        const struct audit_result *r = audit_case_result(&c, AUDIT_##invariant);                   \
        g_autofree char *said = audit_case_text(&c, AUDIT_##invariant);                            \
        ck_assert_msg(r->verdict == AUDIT_##expected, "%s\n%s", audit_verdict_name(r->verdict),    \
                      said);                                                                       \
    } while (0)
#define assert_says(invariant, text)                                                               \
    do {                                                                                           \
        g_autofree char *said = audit_case_text(&c, AUDIT_##invariant);                            \
        ck_assert_msg(strstr(said, text) != NULL, "%s", said);                                     \
    } while (0)

/* Runs them, each with a case of its own, and returns what main() does. */
static int run_literals(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, set_up, tear_down);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif
