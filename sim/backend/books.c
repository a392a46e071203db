/* The books, for the auditor: everything that the shop has written down, page by page.
 *
 * They tell what is in the tables and nothing else: no figure here is worked out from another one
 * that stands in the same book, so that whoever adds them up checks the shop and not this file. What
 * a fault has broken is told as it is broken. Pages are cut by row number, `next` is the last one:
 * asking again with ?after= goes on behind it, and an answer without `next` was the last page.
 *
 * A page is one statement within one snapshot; pages are not. An audit reads when the traffic is
 * over.
 */
#include "backend/shop.h"

#define BOOKS_LIMIT 500
#define BOOKS_LIMIT_MAX 5000

/* A column of an answer: its name, and how the column of the statement becomes its value. */
enum books_kind { BOOKS_END, BOOKS_WHOLE, BOOKS_WHOLE_OR_NULL, BOOKS_TEXT, BOOKS_POSITION };
struct books_column {
    const char *name;
    enum books_kind kind;
};

static json_t *books_value(struct call *call, enum statement s, int column, enum books_kind kind)
{
    const char *text = kind != BOOKS_WHOLE ? store_text(call->store, s, column) : "";

    if (text == NULL)
        return json_null();
    return kind == BOOKS_TEXT ? json_string(text) : json_integer(store_int(call->store, s, column));
}

static json_t *books_row(struct call *call, enum statement s, const struct books_column *column)
{
    json_t *row = json_object();

    for (int i = 1; column->kind != BOOKS_END; column++, i++) {
        if (column->kind == BOOKS_POSITION) {
            const int64_t position = store_int(call->store, s, i);
            json_object_set_new(row, "place", json_string(shop_place_name(call, position)));
            json_object_set_new(row, "sku", json_string(shop_product_name(call, position)));
        } else {
            json_object_set_new(row, column->name, books_value(call, s, i, column->kind));
        }
    }
    return row;
}

/* A page; `add` (NULL = nothing) adds to the row with this id what is in other tables. */
static void books_page(struct call *call, enum statement s, const struct books_column *column,
                       void (*add)(struct call *call, int64_t id, json_t *row))
{
    json_t *rows, *answer;
    int64_t after, limit, id = 0;

    if (!call_parameter_whole(call, "after", 0, INT64_MAX, 0, &after) ||
        !call_parameter_whole(call, "limit", 1, BOOKS_LIMIT_MAX, BOOKS_LIMIT, &limit))
        return;
    rows = json_array();
    store_bind(call->store, s, "ii", after, limit);
    while (store_row(call->store, s)) {
        json_t *row = books_row(call, s, column);
        id = store_int(call->store, s, 0);
        if (add != NULL)
            add(call, id, row);
        json_array_append_new(rows, row);
    }
    answer = json_pack("{s:o}", "rows", rows);
    if ((int64_t)json_array_size(rows) == limit)
        json_object_set_new(answer, "next", json_integer(id));
    call_answer(call, 200, answer);
}

/* GET /books/stock: positions to which anything has ever happened; `opening` is what was there when
 * the books were opened */
void books_stock(struct call *call)
{
    static const struct books_column columns[] = {{"", BOOKS_POSITION},
                                                  {"on_hand", BOOKS_WHOLE},
                                                  {"reserved", BOOKS_WHOLE},
                                                  {"available", BOOKS_WHOLE},
                                                  {"opening", BOOKS_WHOLE},
                                                  {0}};
    books_page(call, STATEMENT_book_stock, columns, NULL);
}

static void books_lines(struct call *call, int64_t order, json_t *row)
{
    static const struct books_column columns[] = {{"", BOOKS_POSITION},
                                                  {"quantity", BOOKS_WHOLE},
                                                  {"price_cents", BOOKS_WHOLE},
                                                  {"picked", BOOKS_WHOLE},
                                                  {"handed_over", BOOKS_WHOLE},
                                                  {"returned", BOOKS_WHOLE},
                                                  {0}};
    const enum statement s = STATEMENT_book_order_lines;
    static const char *const status[] = {"placed", "paid", "cancelled"};
    json_t *lines = json_array();

    store_bind(call->store, s, "i", order);
    while (store_row(call->store, s))
        json_array_append_new(lines, books_row(call, s, columns));
    json_object_set_new(row, "lines", lines);
    const json_int_t number = json_integer_value(json_object_get(row, "status"));
    json_object_set_new(row, "status", json_string(status[number]));
}

/* GET /books/orders, with their lines */
void books_orders(struct call *call)
{
    static const struct books_column columns[] =
        {{"reference", BOOKS_TEXT},       {"id", BOOKS_TEXT},
         {"member", BOOKS_TEXT},          {"status", BOOKS_WHOLE},
         {"settled", BOOKS_WHOLE},        {"total_cents", BOOKS_WHOLE},
         {"discount_cents", BOOKS_WHOLE}, {"paid_cents", BOOKS_WHOLE},
         {"coupon", BOOKS_TEXT},          {"points_spent", BOOKS_WHOLE},
         {"points_earned", BOOKS_WHOLE},  {0}};
    books_page(call, STATEMENT_book_orders, columns, books_lines);
}

/* GET /books/reservations: what is held now, for orders and for holds */
void books_reservations(struct call *call)
{
    static const struct books_column columns[] = {{"reference", BOOKS_TEXT},
                                                  {"", BOOKS_POSITION},
                                                  {"quantity", BOOKS_WHOLE},
                                                  {0}};
    books_page(call, STATEMENT_book_reservations, columns, NULL);
}

/* GET /books/movements: each change of units on hand */
void books_movements(struct call *call)
{
    static const struct books_column columns[] = {{"", BOOKS_POSITION},   {"quantity", BOOKS_WHOLE},
                                                  {"reason", BOOKS_TEXT}, {"reference", BOOKS_TEXT},
                                                  {"at_us", BOOKS_WHOLE}, {0}};
    books_page(call, STATEMENT_book_movements, columns, NULL);
}

/* GET /books/sales: lines of tills */
void books_sales(struct call *call)
{
    static const struct books_column columns[] = {{"reference", BOOKS_TEXT},
                                                  {"", BOOKS_POSITION},
                                                  {"quantity", BOOKS_WHOLE},
                                                  {"price_cents", BOOKS_WHOLE},
                                                  {"amount_cents", BOOKS_WHOLE},
                                                  {"member", BOOKS_TEXT},
                                                  {"points_earned", BOOKS_WHOLE},
                                                  {0}};
    books_page(call, STATEMENT_book_sales, columns, NULL);
}

/* GET /books/payments: money that came, and below 0 money that went back */
void books_payments(struct call *call)
{
    static const struct books_column columns[] = {{"reference", BOOKS_TEXT},
                                                  {"amount_cents", BOOKS_WHOLE},
                                                  {"method", BOOKS_TEXT},
                                                  {"at_us", BOOKS_WHOLE},
                                                  {0}};
    books_page(call, STATEMENT_book_payments, columns, NULL);
}

/* GET /books/coupons: null = no limit */
void books_coupons(struct call *call)
{
    static const struct books_column columns[] = {{"coupon", BOOKS_TEXT},
                                                  {"limit", BOOKS_WHOLE_OR_NULL},
                                                  {"per_member", BOOKS_WHOLE_OR_NULL},
                                                  {"redeemed", BOOKS_WHOLE},
                                                  {"held", BOOKS_WHOLE},
                                                  {0}};
    books_page(call, STATEMENT_book_coupons, columns, NULL);
}

/* GET /books/redemptions: those that stand */
void books_redemptions(struct call *call)
{
    static const struct books_column columns[] = {{"coupon", BOOKS_TEXT},
                                                  {"member", BOOKS_TEXT},
                                                  {"reference", BOOKS_TEXT},
                                                  {0}};
    books_page(call, STATEMENT_book_redemptions, columns, NULL);
}

/* GET /books/points: of members who ever had an entry */
void books_points(struct call *call)
{
    static const struct books_column columns[] = {{"member", BOOKS_TEXT},
                                                  {"balance", BOOKS_WHOLE},
                                                  {"earned", BOOKS_WHOLE},
                                                  {"spent", BOOKS_WHOLE},
                                                  {0}};
    books_page(call, STATEMENT_book_points, columns, NULL);
}
