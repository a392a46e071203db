/* Sync: which time is seen, and when something becomes known, by literals. */
#include <check.h>

#include "network/sync.h"

static const struct sync event = {SYNC_EVENT, 10, 0}, periodic = {SYNC_PERIODIC, 10, 0},
                         nightly = {SYNC_PERIODIC, 24, 2}, at_once = {.kind = SYNC_AT_ONCE},
                         never = {.kind = SYNC_NEVER};

START_TEST(what_is_seen)
{
    ck_assert_int_eq(sync_seen_us(&event, 25), 15);
    ck_assert_int_eq(sync_seen_us(&event, 4), 0); /* both sides agree at the beginning */
    ck_assert_int_eq(sync_seen_us(&periodic, 29), 20);
    ck_assert_int_eq(sync_seen_us(&periodic, 30), 30);
    ck_assert_int_eq(sync_seen_us(&nightly, 1), 0);
    ck_assert_int_eq(sync_seen_us(&nightly, 2), 2);
    ck_assert_int_eq(sync_seen_us(&nightly, 25), 2);
    ck_assert_int_eq(sync_seen_us(&nightly, 26), 26);
    ck_assert_int_eq(sync_seen_us(&at_once, 7), 7);
    ck_assert_int_eq(sync_seen_us(&never, 7), SYNC_NOTHING);
}
END_TEST

START_TEST(when_it_is_known)
{
    ck_assert_int_eq(sync_known_us(&event, 25), 35);
    ck_assert_int_eq(sync_known_us(&periodic, 21), 30);
    ck_assert_int_eq(sync_known_us(&periodic, 30), 30);
    ck_assert_int_eq(sync_known_us(&nightly, 1), 2);
    ck_assert_int_eq(sync_known_us(&nightly, 3), 26);
    ck_assert_int_eq(sync_known_us(&at_once, 7), 7);
    ck_assert_int_eq(sync_known_us(&never, 7), INT64_MAX);
    ck_assert_int_eq(sync_next_us(&periodic, 30), 40);
    ck_assert_int_eq(sync_next_us(&nightly, 2), 26);
}
END_TEST

/* What is known at a time is what was seen by then. */
START_TEST(both_agree)
{
    const struct sync all[] = {event, periodic, nightly, at_once};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        for (int64_t at = 1; at < 60; at++)
            for (int64_t now = at; now < 90; now++)
                ck_assert_int_eq(sync_known_us(&all[i], at) <= now,
                                 sync_seen_us(&all[i], now) >= at);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sync");
    TCase *tcase = tcase_create("sync");

    tcase_add_test(tcase, what_is_seen);
    tcase_add_test(tcase, when_it_is_known);
    tcase_add_test(tcase, both_agree);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
