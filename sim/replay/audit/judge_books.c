/* The books: cells by name, and which order a row speaks of.
 *
 * Two namespaces name an order, its key (audit.order) and the service's own id. The book of orders
 * has a column for each; other books name orders by either, and what they mean is looked up among the
 * keys first.
 */
#include "replay/audit/judge.h"

guint judge_pair_hash(gconstpointer pair)
{
    const uint64_t mixed = ((uint64_t)GPOINTER_TO_SIZE(pair) + UINT64_C(0x9e3779b97f4a7c15)) *
                           UINT64_C(0xbf58476d1ce4e5b9);

    return (guint)((mixed ^ mixed >> 29) >> 32);
}

int64_t judge_number(const Books *books, enum book book, uint32_t column, uint32_t row)
{
    return books_has_column(books, book, column) && row < books_row_count(books, book)
               ? books_column(books, book, column)[row].number
               : BOOKS_NO_NUMBER;
}

uint32_t judge_text(const Books *books, enum book book, uint32_t column, uint32_t row)
{
    return books_has_column(books, book, column) && row < books_row_count(books, book)
               ? books_column(books, book, column)[row].text
               : BOOKS_NO_TEXT;
}

static uint32_t find(GHashTable *table, uint32_t name)
{
    const guint found = name == BOOKS_NO_TEXT
                            ? 0
                            : GPOINTER_TO_UINT(g_hash_table_lookup(table, GUINT_TO_POINTER(name)));

    return found > 0 ? found - 1 : JUDGE_NONE;
}

uint32_t judge_named_order(const struct judge *judge, uint32_t name)
{
    const uint32_t order = find(judge->order_of, name);

    return order != JUDGE_NONE ? order : find(judge->id_of, name);
}

uint32_t judge_named_row(const struct judge *judge, uint32_t name)
{
    const uint32_t row = find(judge->row_of_key, name);

    return row != JUDGE_NONE ? row : find(judge->row_of_id, name);
}

uint32_t judge_order_of_book_row(const struct judge *judge, uint32_t row)
{
    const uint32_t key = JUDGE_TEXT(judge->after, orders, order, row);
    const uint32_t order = find(judge->order_of, key);

    return order != JUDGE_NONE ? order
                               : find(judge->id_of, JUDGE_TEXT(judge->after, orders, id, row));
}

/* By its id where both readings have one, since a key may be used twice. */
bool judge_book_row_is_old(const struct judge *judge, uint32_t row)
{
    const uint32_t id = JUDGE_TEXT(judge->after, orders, id, row);
    const uint32_t key = JUDGE_TEXT(judge->after, orders, order, row);

    if (id != BOOKS_NO_TEXT && JUDGE_HAS(judge->before, orders, id))
        return g_hash_table_contains(judge->old_ids, GUINT_TO_POINTER(id));
    return key != BOOKS_NO_TEXT && g_hash_table_contains(judge->old_keys, GUINT_TO_POINTER(key));
}

bool judge_row_stood(const struct judge *judge, uint32_t row)
{
    uint32_t before = find(judge->old_ids, JUDGE_TEXT(judge->after, orders, id, row));

    if (before == JUDGE_NONE)
        before = find(judge->old_keys, JUDGE_TEXT(judge->after, orders, order, row));
    return before == JUDGE_NONE || !JUDGE_FLAG(judge->before, orders, cancelled, before);
}

/* The first row of each name stays. */
static void index_rows(const Books *books, uint32_t column, GHashTable *table)
{
    for (uint32_t row = books_row_count(books, BOOK_orders); row-- > 0;) {
        const uint32_t name = judge_text(books, BOOK_orders, column, row);
        if (name != BOOKS_NO_TEXT)
            g_hash_table_insert(table, GUINT_TO_POINTER(name), GUINT_TO_POINTER(row + 1));
    }
}

void judge_index_books(struct judge *judge)
{
    GHashTable **tables[] = {&judge->old_keys, &judge->old_ids, &judge->row_of_key,
                             &judge->row_of_id};

    for (uint32_t i = 0; i < G_N_ELEMENTS(tables); i++)
        *tables[i] = g_hash_table_new(NULL, NULL);
    index_rows(judge->before, BOOKS_COLUMN(orders, order), judge->old_keys);
    index_rows(judge->before, BOOKS_COLUMN(orders, id), judge->old_ids);
    index_rows(judge->after, BOOKS_COLUMN(orders, order), judge->row_of_key);
    index_rows(judge->after, BOOKS_COLUMN(orders, id), judge->row_of_id);
}
