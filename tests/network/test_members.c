/* The table of members who are no longer as they began: found and made by number, all kept when it
 * is filled anew at another size. */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "network/members.h"

static struct members table(uint32_t capacity)
{
    return (struct members){.item = calloc(capacity, sizeof(struct member)), .capacity = capacity};
}

START_TEST(nobody_is_there_before_something_changed)
{
    struct members m = table(8);

    ck_assert_ptr_null(members_find(&m, 0));
    ck_assert_ptr_null(members_find(&m, UINT32_MAX - 1));
    members_take(&m, 7)->purchases = 3;
    ck_assert_uint_eq(m.count, 1);
    ck_assert_uint_eq(members_find(&m, 7)->purchases, 3);
    ck_assert_ptr_eq(members_take(&m, 7), members_find(&m, 7));
    ck_assert_uint_eq(m.count, 1);
    ck_assert_ptr_null(members_find(&m, 6));
    free(m.item);
}
END_TEST

START_TEST(all_are_there_at_another_size)
{
    struct members small = table(4096), large = table(16384);

    for (uint32_t i = 0; i < 2048; i++)
        members_take(&small, i * 48271u)->points[OMO_ID_OWN] = i + 1;
    ck_assert_uint_eq(small.count, 2048);
    members_refill(&large, small.item, small.capacity);
    ck_assert_uint_eq(large.count, 2048);
    for (uint32_t i = 0; i < 2048; i++) {
        const struct member *e = members_find(&large, i * 48271u);
        ck_assert_ptr_nonnull(e);
        ck_assert_int_eq(e->points[OMO_ID_OWN], i + 1);
    }
    ck_assert_ptr_null(members_find(&large, 1));
    free(small.item);
    free(large.item);
}
END_TEST

START_TEST(half_full_and_no_fuller)
{
    struct members m = table(8);

    for (uint32_t i = 0; i < 4; i++)
        members_take(&m, i);
    members_take(&m, 4);
    free(m.item);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("members");
    TCase *tcase = tcase_create("members");

    tcase_add_test(tcase, nobody_is_there_before_something_changed);
    tcase_add_test(tcase, all_are_there_at_another_size);
    SRunner *runner = srunner_create(suite);
    if (srunner_fork_status(runner) == CK_FORK)
        tcase_add_test_raise_signal(tcase, half_full_and_no_fuller, SIGABRT);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
