/* Conservation: whatever many clients do at once, the books add up, and they say what clients were
 * told. */
#include "backend/shop_swarm.h"

/* The books against what the clients were told. */
static void compare(const struct swarm_told *told)
{
    json_t *orders = shop_book("orders"), *payments = shop_book("payments");
    json_t *sales = shop_book("sales"), *row;
    int64_t paid_cents = 0, received_cents = 0, sold_cents = 0;
    size_t i;

    ck_assert_int_eq(json_array_size(orders), g_hash_table_size(told->orders));
    json_array_foreach(orders, i, row)
    {
        const char *reference = json_string_value(json_object_get(row, "reference"));
        const int total = GPOINTER_TO_INT(g_hash_table_lookup(told->orders, reference)) - 1;
        const bool cancelled =
            strcmp(json_string_value(json_object_get(row, "status")), "cancelled") == 0;
        ck_assert_msg(total == json_integer_value(json_object_get(row, "total_cents")), "%s: %d",
                      reference, total);
        ck_assert_int_eq(cancelled, g_hash_table_contains(told->cancelled, reference));
        paid_cents += json_integer_value(json_object_get(row, "paid_cents"));
    }
    json_array_foreach(payments, i, row) received_cents +=
        json_integer_value(json_object_get(row, "amount_cents"));
    json_array_foreach(sales, i, row) sold_cents +=
        json_integer_value(json_object_get(row, "amount_cents"));
    ck_assert_int_eq(paid_cents, told->paid_cents);
    ck_assert_int_eq(received_cents, told->paid_cents);
    ck_assert_int_eq(sold_cents, told->sold_cents);
    json_decref(orders);
    json_decref(payments);
    json_decref(sales);
}

/* Every book can be read page by page, and says what its table says. */
static void count_books(void)
{
    static const struct {
        const char *book, *sql;
    } books[] = {{"stock", "SELECT count(*) FROM position WHERE moved"},
                 {"orders", "SELECT count(*) FROM orders"},
                 {"reservations", "SELECT count(*) FROM reservation"},
                 {"movements", "SELECT count(*) FROM movement WHERE on_hand <> 0"},
                 {"sales", "SELECT count(*) FROM sale"},
                 {"payments", "SELECT count(*) FROM payment"},
                 {"coupons", "SELECT count(*) FROM coupon"},
                 {"redemptions", "SELECT count(*) FROM redemption"},
                 {"points", "SELECT count(DISTINCT member) FROM point_entry"}};

    for (size_t i = 0; i < G_N_ELEMENTS(books); i++) {
        json_t *rows = shop_book(books[i].book);
        ck_assert_msg((int64_t)json_array_size(rows) == platform_count(books[i].sql), "%s",
                      books[i].book);
        json_decref(rows);
    }
}

START_TEST(test_adds_up)
{
    const uint32_t seed = swarm_seed(2024);

    for (uint32_t i = 0; i < 3; i++) {
        struct swarm_told told;
        shop_open(NULL);
        swarm_run(seed + i, 6, 40, &told);
        g_autofree char *found = shop_audit();
        ck_assert_str_eq(found, "");
        compare(&told);
        count_books();
        ck_assert_uint_gt(told.done, 500);
        ck_assert_uint_gt(told.refused, 50);
        ck_assert_uint_gt(g_hash_table_size(told.cancelled), 5);
        swarm_clear(&told);
        /* All that is still open lapses, and the stock is what was not sold. */
        shop_wait_s(15 * 60 + 1);
        platform_await("SELECT count(*) FROM orders WHERE status = 0", 0);
        g_autofree char *later = shop_audit();
        ck_assert_str_eq(later, "");
        shop_close();
        ck_assert_int_eq(remove("shop.db"), 0);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_adds_up};

    return shop_run("shop_swarm", tests, G_N_ELEMENTS(tests));
}
