/* Stock never below zero: not in the books, not in an answer. */
#include "replay/audit/judge.h"

static void judge_column(const struct judge *judge, const Books *books, const char *moment,
                         uint32_t column, const char *name, struct audit_result *result)
{
    for (uint32_t row = 0; row < books_row_count(books, BOOK_stock); row++) {
        const int64_t units = judge_number(books, BOOK_stock, column, row);
        if (units == BOOKS_NO_NUMBER)
            continue;
        result->checked++;
        if (units >= 0 || !judge_violated(result, -units))
            continue;
        const uint32_t at = judge_position_find(judge, JUDGE_TEXT(books, stock, place, row),
                                                JUDGE_TEXT(books, stock, sku, row));
        judge_find(result, -units, -1, judge_position_text(judge, judge_position(judge, at)),
                   g_strdup_printf("the book %s the run has %" G_GINT64_FORMAT " units %s", moment,
                                   units, name));
    }
}

static void judge_answers(const struct judge *judge, struct audit_result *result)
{
    int64_t units;

    for (uint32_t row = 0; row < judge->row_count; row++) {
        if (!judge_told(judge, row, TELLING_available, &units))
            continue;
        result->checked++;
        if (units >= 0 || !judge_violated(result, -units))
            continue;
        judge_show(judge,
                   judge_find(result, -units, judge->rows[row].done_us,
                              judge_sku_text(judge, &judge->rows[row]),
                              g_strdup_printf("a customer was told that %" G_GINT64_FORMAT
                                              " units may be promised",
                                              units)),
                   row);
    }
}

void stock_not_negative_judge(const struct judge *judge, struct audit_result *result)
{
    judge_needs(result, judge->after, "after", BOOK_stock);
    for (int moment = 0; moment < 2; moment++) {
        const Books *books = moment == 0 ? judge->before : judge->after;
        const char *name = moment == 0 ? "before" : "after";
        judge_column(judge, books, name, BOOKS_COLUMN(stock, on_hand), "on hand", result);
        judge_column(judge, books, name, BOOKS_COLUMN(stock, reserved), "reserved", result);
        judge_column(judge, books, name, BOOKS_COLUMN(stock, available), "available", result);
    }
    judge_answers(judge, result);
}
