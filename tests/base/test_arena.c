/* Columns are zeroed, aligned, kept while growing, and limited; bugs end the process. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

#define MIB ((size_t)1 << 20)

static bool is_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

START_TEST(test_take)
{
    static const size_t sizes[] = {0, 1, 63, 64, 65, 4096, 2 * MIB - 64, 2 * MIB, 5 * MIB + 1};
    struct arena a;

    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        unsigned char *column = arena_take(&a, sizes[i], 1);

        ck_assert_ptr_nonnull(column);
        ck_assert_uint_eq((uintptr_t)column % 64, 0);
        ck_assert(is_zero(column, sizes[i]));
        memset(column, 0xff, sizes[i]);
    }
    arena_free(&a);
    ck_assert_uint_eq(a.size, 0);
    /* Usable again, and still zeroed where memory is used a second time. */
    ck_assert(is_zero(arena_take(&a, 4096, 1), 4096));
    arena_free(&a);
    arena_free(&a);
}
END_TEST

START_TEST(test_size_is_counted)
{
    struct arena a;

    arena_init(&a, 0);
    arena_take(&a, 10, 8);
    ck_assert_uint_eq(a.size, 128);
    arena_take(&a, 3 * MIB, 1);
    ck_assert_uint_eq(a.size, 128 + 3 * MIB);
    arena_free(&a);
}
END_TEST

START_TEST(test_grow)
{
    struct arena a;
    uint32_t *column, *other;

    arena_init(&a, 0);
    column = arena_take(&a, 100, sizeof(*column));
    other = arena_take(&a, 100, sizeof(*other));
    for (uint32_t i = 0; i < 100; i++) {
        column[i] = i + 1;
        other[i] = i + 1000;
    }
    /* Through the step from heap to mapping and on. */
    for (size_t count = 100; count < 4000000; count *= 3) {
        column = arena_grow(&a, column, count, count * 3, sizeof(*column));
        ck_assert_ptr_nonnull(column);
        for (uint32_t i = 0; i < 100; i++)
            ck_assert_uint_eq(column[i], i + 1);
        ck_assert(is_zero((unsigned char *)(column + 100), (count * 3 - 100) * sizeof(*column)));
    }
    for (uint32_t i = 0; i < 100; i++)
        ck_assert_uint_eq(other[i], i + 1000);
    other = arena_grow(&a, other, 100, 100, sizeof(*other));
    ck_assert_uint_eq(other[99], 1099);
    arena_free(&a);
}
END_TEST

START_TEST(test_limit)
{
    struct arena a;
    unsigned char *column;

    arena_init(&a, 1000);
    column = arena_take(&a, 512, 1);
    ck_assert_ptr_nonnull(column);
    ck_assert_ptr_null(arena_take(&a, 512, 1));
    column[0] = 7;
    /* While growing both columns count. */
    ck_assert_ptr_null(arena_grow(&a, column, 512, 576, 1));
    ck_assert_uint_eq(column[0], 7);
    ck_assert_uint_eq(a.size, 512);
    ck_assert_ptr_nonnull(arena_take(&a, 448, 1));
    ck_assert_ptr_null(arena_take(&a, 64, 1));
    arena_free(&a);
}
END_TEST

START_TEST(test_overflow)
{
    struct arena a;

    arena_init(&a, 0);
    ck_assert_ptr_null(arena_take(&a, SIZE_MAX, 8));
    ck_assert_ptr_null(arena_take(&a, SIZE_MAX / 8 + 1, 8));
    ck_assert_ptr_null(arena_take(&a, SIZE_MAX, 1));
    ck_assert_uint_eq(a.size, 0);
    arena_free(&a);
}
END_TEST

START_TEST(test_columns_are_known)
{
    struct arena a;
    void *column[3];

    arena_init(&a, 0);
    ck_assert_uint_eq(arena_count(&a), 0);
    for (size_t i = 0; i < 3; i++)
        column[i] = arena_take(&a, i * MIB, 1);
    column[1] = arena_grow(&a, column[1], 0, 4 * MIB, 1);
    ck_assert_uint_eq(arena_count(&a), 3);
    for (size_t i = 0; i < 3; i++)
        ck_assert(arena_holds(&a, column[i]));
    ck_assert(!arena_holds(&a, &a));
    ck_assert(!arena_holds(&a, NULL));
    arena_free(&a);
    ck_assert_uint_eq(arena_count(&a), 0);
}
END_TEST

START_TEST(test_zeroed_arena_is_free)
{
    struct arena a = {0};

    arena_free(&a);
    ck_assert_ptr_nonnull(arena_take(&a, 1, 1));
    arena_free(&a);
}
END_TEST

START_TEST(test_assert_aborts)
{
    int two = 2;

    OMO_ASSERT(two == 2);
    OMO_ASSERT(two == 3);
}
END_TEST

START_TEST(test_grow_of_a_stranger_aborts)
{
    static alignas(64) unsigned char memory[256];
    struct arena a;

    arena_init(&a, 0);
    arena_grow(&a, memory + 128, 1, 2, 1);
}
END_TEST

START_TEST(test_error)
{
    omo_error error;
    char wide[1000];

    ck_assert_int_eq(core_error(&error, OMO_EINVAL, "place %d of %s", 7, "lane"), OMO_EINVAL);
    ck_assert_int_eq(error.status, OMO_EINVAL);
    ck_assert_str_eq(error.text, "place 7 of lane");
    ck_assert_int_eq(core_error(NULL, OMO_ELIMIT, "not wanted"), OMO_ELIMIT);
    memset(wide, 'x', sizeof(wide) - 1);
    wide[sizeof(wide) - 1] = '\0';
    core_error(&error, OMO_ENOMEM, "%s", wide);
    ck_assert_uint_eq(strlen(error.text), sizeof(error.text) - 1);
    ck_assert_str_eq(omo_version(), "0.1.0");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("arena");
    TCase *t = tcase_create("arena");

    tcase_add_test(t, test_take);
    tcase_add_test(t, test_size_is_counted);
    tcase_add_test(t, test_grow);
    tcase_add_test(t, test_limit);
    tcase_add_test(t, test_overflow);
    tcase_add_test(t, test_columns_are_known);
    tcase_add_test(t, test_zeroed_arena_is_free);
    tcase_add_test(t, test_error);
    /* Death needs a process of its own, which CK_FORK=no (sanitizers, debuggers) takes away. */
    if (getenv("CK_FORK") == NULL || strcmp(getenv("CK_FORK"), "no") != 0) {
        tcase_add_test_raise_signal(t, test_assert_aborts, SIGABRT);
        tcase_add_test_raise_signal(t, test_grow_of_a_stranger_aborts, SIGABRT);
    }
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
