/* Texts to numbers: the same text the same number, texts that stay where they are, and as many as a
 * history has, checked against the list they were made from.
 */
#include "shell/folder.h"
#include "shell/intern.h"

#include <inttypes.h>
#include <string.h>

START_TEST(test_numbers)
{
    g_autoptr(Intern) intern = intern_new();

    ck_assert_uint_eq(intern_count(intern), 1);
    ck_assert_uint_eq(intern_put(intern, "", -1), INTERN_NONE);
    ck_assert_uint_eq(intern_put(intern, "anything", 0), INTERN_NONE);
    ck_assert_str_eq(intern_text(intern, INTERN_NONE), "");
    ck_assert_uint_eq(intern_put(intern, "sku_0004", -1), 1);
    ck_assert_uint_eq(intern_put(intern, "sku_00040", 8), 1);
    ck_assert_uint_eq(intern_put(intern, "sku_00040", -1), 2);
    ck_assert_uint_eq(intern_put(intern, "sku_00040", -1), 2);
    ck_assert_str_eq(intern_text(intern, 1), "sku_0004");
    ck_assert_uint_eq(intern_put_number(intern, 0), 3);
    ck_assert_uint_eq(intern_put_number(intern, UINT64_MAX), 4);
    ck_assert_uint_eq(intern_put(intern, "18446744073709551615", -1), 4);
    ck_assert_uint_eq(intern_put(intern, "0", -1), 3);
    ck_assert_uint_eq(intern_count(intern), 5);
}
END_TEST

/* Texts that differ in one byte only, at each place of theirs, and by a zero byte behind. */
START_TEST(test_differences)
{
    g_autoptr(Intern) intern = intern_new();
    char text[41];
    uint32_t next = 1;

    for (size_t size = 1; size <= 40; size++) {
        for (size_t at = 0; at < size; at++) {
            memset(text, 'a', sizeof text);
            text[at] = 'b';
            ck_assert_uint_eq(intern_put(intern, text, (int64_t)size), next++);
        }
        memset(text, 'a', sizeof text);
        text[size] = '\0';
        ck_assert_uint_eq(intern_put(intern, text, (int64_t)size), next++);
        ck_assert_uint_eq(intern_put(intern, text, (int64_t)size), next - 1);
    }
    ck_assert_uint_eq(intern_put(intern, "a\0", 2), next++);
    ck_assert_uint_eq(intern_count(intern), next);
}
END_TEST

/* A text that is larger than a block, between small ones. */
START_TEST(test_large)
{
    g_autoptr(Intern) intern = intern_new();
    const size_t size = 3u << 20;
    g_autofree char *large = g_malloc(size + 1);

    memset(large, 'x', size);
    large[size] = '\0';
    ck_assert_uint_eq(intern_put(intern, "before", -1), 1);
    ck_assert_uint_eq(intern_put(intern, large, -1), 2);
    ck_assert_uint_eq(intern_put(intern, large, (int64_t)size - 1), 3);
    ck_assert_uint_eq(intern_put(intern, "behind", -1), 4);
    ck_assert_str_eq(intern_text(intern, 1), "before");
    ck_assert_uint_eq(strlen(intern_text(intern, 3)), size - 1);
    ck_assert_str_eq(intern_text(intern, 4), "behind");
    ck_assert_uint_eq(intern_put(intern, large, -1), 2);
}
END_TEST

#define MANY 100000u

/* Each text twice, in another order the second time. Pointers given early still hold at the end. */
START_TEST(test_many)
{
    g_autoptr(Intern) intern = intern_new();
    g_autofree const char **given = g_new0(const char *, MANY + 1);
    char text[40];

    for (uint32_t i = 1; i <= MANY; i++) {
        snprintf(text, sizeof text, "%" PRIu32 "-order-%" PRIu32, i % 977, i);
        ck_assert_uint_eq(intern_put(intern, text, -1), i);
        given[i] = intern_text(intern, i);
    }
    ck_assert_uint_eq(intern_count(intern), MANY + 1);
    for (uint32_t k = 0; k < MANY; k++) {
        const uint32_t i = (uint32_t)((uint64_t)k * 7919 % MANY) + 1;
        snprintf(text, sizeof text, "%" PRIu32 "-order-%" PRIu32, i % 977, i);
        ck_assert_uint_eq(intern_put(intern, text, -1), i);
        ck_assert_ptr_eq(given[i], intern_text(intern, i));
        ck_assert_str_eq(given[i], text);
    }
    ck_assert_uint_eq(intern_count(intern), MANY + 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_numbers, test_differences, test_large, test_many};
    return folder_run("intern", tests, G_N_ELEMENTS(tests));
}
