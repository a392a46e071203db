/* The audit and a service that keeps its promises: no seed may make a false alarm. The same service
 * with one bug: the invariant that is meant for it must find it whenever the bug did something and
 * nothing was open; and with a noisy network it must still find most. OMO_SEED sets the first seed,
 * OMO_SWARM how many. */
#include "replay/audit_shop.h"

#include <check.h>

#define SEEDS 1000
#define BUG_SEEDS 120

static ApiMap *map;

static const struct {
    const char *name;
    enum audit_invariant invariant;
} bugs[] = {
#define BUG(name, invariant) {#name, AUDIT_##invariant},
    SHOP_BUGS
#undef BUG
};

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = g_getenv(variable);

    return text != NULL ? g_ascii_strtoull(text, NULL, 10) : otherwise;
}

static struct shop_options options_of(uint64_t seed, enum shop_bug bug, bool is_noisy)
{
    return (struct shop_options){.seed = seed,
                                 .bug = bug,
                                 .is_noisy = is_noisy,
                                 .orders = 4 + (uint32_t)(seed % 12),
                                 .sales = (uint32_t)(seed % 5)};
}

static void assert_clean(struct audit_case *c, uint64_t seed)
{
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        g_autofree char *text = audit_case_text(c, i);
        ck_assert_msg(audit_case_result(c, i)->violations == 0,
                      "OMO_SEED=%" G_GUINT64_FORMAT ": false alarm of %s:\n%.900s", seed,
                      audit_invariant_name(i), text);
    }
}

START_TEST(test_no_false_alarm)
{
    const uint64_t first = number_of("OMO_SEED", 1), count = number_of("OMO_SWARM", SEEDS);
    uint64_t open = 0;

    for (uint64_t seed = first; seed < first + count; seed++) {
        const struct shop_options options = options_of(seed, SHOP_BUG_none, seed % 4 != 0);
        struct audit_case c;
        audit_case_begin(&c, map);
        shop_run(&c, &options);
        audit_case_run(&c);
        assert_clean(&c, seed);
        open += audit_counts(c.audit)->open;
        ck_assert_uint_eq(audit_case_result(&c, AUDIT_stock_adds_up)->missing->len, 0);
        audit_case_end(&c);
    }
    ck_assert_uint_gt(open, count);
}
END_TEST

/* How many of the runs in which the bug did something the audit found. */
static void run_bug(enum shop_bug bug, bool is_noisy, uint32_t *ret_did, uint32_t *ret_found)
{
    const uint64_t first = number_of("OMO_SEED", 1);

    *ret_did = *ret_found = 0;
    for (uint64_t seed = first; seed < first + BUG_SEEDS; seed++) {
        const struct shop_options options = options_of(seed, bug, is_noisy);
        struct audit_case c;
        audit_case_begin(&c, map);
        const enum shop_deed deed = shop_run(&c, &options);
        const bool did = deed == SHOP_MUST_SHOW;
        const bool found = audit_case_result(&c, bugs[bug].invariant)->violations > 0;
        if (deed == SHOP_CLEAN)
            assert_clean(&c, seed);
        *ret_did += did;
        *ret_found += did && found;
        ck_assert_msg(is_noisy || !did || found, "OMO_SEED=%" G_GUINT64_FORMAT ": %s was not found",
                      seed, bugs[bug].name);
        audit_case_end(&c);
    }
}

START_TEST(test_bugs)
{
    uint32_t did, found;

    run_bug((enum shop_bug)_i, false, &did, &found);
    ck_assert_msg(did >= BUG_SEEDS / 40, "%s: only %u runs", bugs[_i].name, did);
    run_bug((enum shop_bug)_i, true, &did, &found);
    ck_assert_msg(did < 10 || found * 2 >= did, "%s: found in %u of %u noisy runs", bugs[_i].name,
                  found, did);
}
END_TEST

static void set_up(void) { map = audit_case_map(NULL); }

static void tear_down(void) { api_free(map); }

int main(void)
{
    Suite *suite = suite_create("audit_swarm");
    TCase *all = tcase_create("all");

    tcase_set_timeout(all, 300);
    tcase_add_unchecked_fixture(all, set_up, tear_down);
    tcase_add_test(all, test_no_false_alarm);
    tcase_add_loop_test(all, test_bugs, 0, SHOP_BUG_COUNT);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
