/* Empirical laws as text, as lists and from a file: the same object for the same numbers, and what
 * is refused with which words. */
#include "shell/folder.h"
#include "shell/law_table.h"

#include <string.h>

static omo_law read_law(const char *text, enum law_text_flavour flavour)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Node) node = node_read_text(text, strlen(text), "t", &error);
    omo_law law = {0};

    folder_assert_fine(error);
    law_text_read(node, flavour, 0, &law, NULL, &error);
    folder_assert_fine(error);
    ck_assert_int_eq(law.kind, OMO_LAW_EMPIRICAL);
    return law;
}

START_TEST(test_spellings_agree)
{
    static const char *const texts[] = {
        "empirical(1:0.5, 2:0.3, 5:0.2)",
        "' empirical( 1 : 0.5,2: 0.3 ,5:0.2 ) '",
        "{law: empirical, values: [1, 2, 5], weights: [0.5, 0.3, 0.2]}",
        "{law: empirical, file: sizes.csv}",
    };
    folder_write("sizes.csv", "weight,note,value\n0.5,a,1\n0.3,b,2\n0.2,c,5\n");
    const omo_law first = read_law(texts[0], LAW_TEXT_COUNT);

    ck_assert_double_eq_tol(omo_law_mean(&first), 2.1, 1e-14);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const omo_law law = read_law(texts[i], LAW_TEXT_COUNT);
        g_autofree char *text = law_text_format(&law, LAW_TEXT_COUNT);
        ck_assert_ptr_eq(law.table, first.table);
        ck_assert_str_eq(text, "empirical(1:0.5, 2:0.3, 5:0.2)");
    }
}
END_TEST

START_TEST(test_times_and_equal_weights)
{
    const omo_law law = read_law("empirical(10min, 12min, 0.5h)", LAW_TEXT_TIME);
    const omo_law again =
        read_law("{law: empirical, values: [10min, 12min, 30min]}", LAW_TEXT_TIME);
    g_autofree char *text = law_text_format(&law, LAW_TEXT_TIME);

    ck_assert_ptr_eq(law.table, again.table);
    ck_assert_double_eq(omo_empirical_value(law.table, 2), 30 * 60e6);
    ck_assert(g_str_has_prefix(text, "empirical(10min:0.333333333333333, 12min:"));
    /* Two values are not one value with a weight. */
    ck_assert_ptr_ne(read_law("empirical(1, 2)", LAW_TEXT_COUNT).table,
                     read_law("empirical(1:2)", LAW_TEXT_COUNT).table);
}
END_TEST

START_TEST(test_refusals)
{
    static const struct {
        const char *text, *message;
        uint32_t column;
    } bad[] = {
        {"empirical()", "expected a number, found nothing", 11},
        {"empirical(1:0.5, x:1)", "expected a number, found 'x'", 18},
        {"empirical(1:0.5, 2:y)", "weight: expected a number, found 'y'", 18},
        {"empirical(1:0.5, 2)",
         "empirical: 1 of 2 values have a weight; give all of them one or none", 11},
        {"empirical(1:0.5", "expected ')' at the end of the law", 16},
        {"empirical(1:0.5) z", "nothing may follow the law, found 'z'", 18},
        {"empirical(-1:1)", "empirical: value 1 must be a finite number from 0 to 2^62", 11},
        {"empirical(1:-1)", "empirical: weight 1 must be a finite number of at least 0", 11},
        {"empirical(1:0)", "empirical: the sum of the weights must be above 0 and finite", 11},
        {"empirical", "law 'empirical' needs its parameters: empirical(value:weight, ...)", 1},
        {"{law: empirical}",
         "law 'empirical' needs either 'values', with 'weights' or without, or a 'file'", 1},
        {"{law: empirical, values: [1], file: a.csv}",
         "law 'empirical' needs either 'values', with 'weights' or without, or a 'file'", 37},
        {"{law: empirical, values: 3}",
         "law 'empirical' needs a list of numbers as 'values', such as [1, 2, 5]", 26},
        {"{law: empirical, values: [1, [2]]}",
         "law 'empirical' needs a list of numbers as 'values', such as [1, 2, 5]", 30},
        {"{law: empirical, values: [1, 2], weights: [1]}",
         "law 'empirical' has 2 values and 1 weights", 43},
        {"{law: empirical, values: [1, b]}", "expected a number, found 'b'", 30},
        {"{law: empirical, values: [1], wieghts: [1]}",
         "law 'empirical' has no parameter 'wieghts', did you mean 'weights'? (one of law, "
         "values, weights, file)",
         31},
        {"{law: empirical, file: sizes.csv}", "./sizes.csv:3: expected a number, found 'two'", 24},
        {"{law: empirical, file: other.csv}",
         "./other.csv:1: no column 'value', did you mean 'valeu'? (one of valeu)", 24},
    };

    folder_write("sizes.csv", "value\n1\ntwo\n");
    folder_write("other.csv", "valeu\n1\n");
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Node) node = node_read_text(bad[i].text, strlen(bad[i].text), "t", &error);
        struct text_position at = {0};
        omo_law law = {.kind = OMO_LAW_KIND_COUNT};

        folder_assert_fine(error);
        ck_assert(!law_text_read(node, LAW_TEXT_COUNT, 0, &law, &at, &error));
        ck_assert_str_eq(error->message, bad[i].message);
        ck_assert_msg(at.column == bad[i].column, "%s: column %u", bad[i].text, at.column);
        ck_assert_int_eq(law.kind, OMO_LAW_KIND_COUNT);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_spellings_agree, test_times_and_equal_weights,
                                  test_refusals};

    return folder_run("law_table", tests, G_N_ELEMENTS(tests));
}
