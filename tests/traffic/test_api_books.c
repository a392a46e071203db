/* The section `audit` of API maps: rows out of answers, paging, and what goes wrong. */
#include "shell/folder.h"
#include "traffic/api_case.h"
#include "traffic/books_case.h"

#include <string.h>

START_TEST(test_rows)
{
    struct books_case c;

    books_case_open(&c, "",
                    "  books:\n"
                    "    stock:\n"
                    "      path: /stock\n"
                    "      rows: /positions\n"
                    "      where: [{json: /kind, is_not: bin}, {json: /on, at_least: 0}]\n"
                    "      row:\n"
                    "        place: /place\n"
                    "        sku: {json: /name, regex: 'sku-(\\w+)'}\n"
                    "        on_hand: /on\n"
                    "        available: {json: /free, times: 10}\n");
    ck_assert(api_has_books(c.map) && api_has_book(c.map, BOOK_stock));
    ck_assert(!api_has_book(c.map, BOOK_orders) && !api_has_book(c.map, BOOK_order_lines));
    ck_assert_uint_eq(api_book_columns(c.map, BOOK_stock),
                      1u << BOOKS_COLUMN(stock, place) | 1u << BOOKS_COLUMN(stock, sku) |
                          1u << BOOKS_COLUMN(stock, on_hand) |
                          1u << BOOKS_COLUMN(stock, available));
    books_case_read(&c, BOOK_stock,
                    "{\"positions\": ["
                    "{\"place\": \"north\", \"name\": \"sku-tea;\", \"kind\": \"s\", \"on\": 5,"
                    " \"free\": 0.5},"
                    "{\"place\": 7, \"name\": \"sku-a\\u00e9\", \"kind\": \"s\", \"on\": \"12\"},"
                    "{\"place\": \"x\", \"name\": \"sku-b\", \"kind\": \"bin\", \"on\": 1},"
                    "{\"place\": \"x\", \"name\": \"sku-b\", \"on\": 1},"
                    "{\"place\": null, \"name\": \"sku-c\", \"kind\": \"s\", \"on\": 0, \"free\": "
                    "null}]}");
    ck_assert_uint_eq(c.rows, 5);
    ck_assert(!c.more);
    ck_assert_ptr_null(c.next);
    ck_assert_uint_eq(books_row_count(c.books, BOOK_stock), 3);
    books_case_assert_row(&c, BOOK_stock, 0, "place=north sku=tea on_hand=5 available=5");
    books_case_assert_row(&c, BOOK_stock, 1, "place=7 sku=a on_hand=12");
    books_case_assert_row(&c, BOOK_stock, 2, "sku=c on_hand=0");
    ck_assert(books_has(c.books, BOOK_stock) && !books_has(c.books, BOOK_orders));
    ck_assert(books_has_column(c.books, BOOK_stock, BOOKS_COLUMN(stock, available)));
    ck_assert(!books_has_column(c.books, BOOK_stock, BOOKS_COLUMN(stock, reserved)));
    books_case_read(&c, BOOK_stock, "{\"positions\": null}");
    ck_assert_uint_eq(c.rows, 0);
    books_fail(c.books, BOOK_stock, "the service went away");
    ck_assert(!books_has(c.books, BOOK_stock));
    ck_assert_str_eq(books_problem(c.books, BOOK_stock), "the service went away");
    books_case_close(&c);
}
END_TEST

/* Levels below items, orders with their lines, names from above and from keys. */
START_TEST(test_nesting)
{
    struct books_case c;

    books_case_open(&c, "",
                    "  books:\n"
                    "    stock:\n"
                    "      path: /a\n"
                    "      rows: /items/*/levels/*\n"
                    "      row: {place: 0#, sku: 2/sku, on_hand: '', reserved: 2/held}\n"
                    "    orders:\n"
                    "      path: /b\n"
                    "      rows: /orders\n"
                    "      row:\n"
                    "        order: /ref\n"
                    "        total: {json: /total, times: 100}\n"
                    "        paid: {json: /payments/*/amount, where: {json: 1/state, is: ok}}\n"
                    "        coupon: /codes/*\n"
                    "        cancelled: {json: /state, one_of: [Cancelled, Refused]}\n"
                    "        settled: {json: /payments/*/state, is: ok}\n"
                    "      lines: /items\n"
                    "      line: {sku: /sku, quantity: /n, place: 2/place, price: /price}\n");
    books_case_read(&c, BOOK_stock,
                    "{\"items\": [{\"sku\": \"tea\", \"held\": 1, \"levels\": {\"north\": 3, "
                    "\"south\": 4}}, {\"sku\": \"rye\", \"levels\": {\"north\": 0}}]}");
    ck_assert_uint_eq(books_row_count(c.books, BOOK_stock), 3);
    books_case_assert_row(&c, BOOK_stock, 0, "place=north sku=tea on_hand=3 reserved=1");
    books_case_assert_row(&c, BOOK_stock, 1, "place=south sku=tea on_hand=4 reserved=1");
    books_case_assert_row(&c, BOOK_stock, 2, "place=north sku=rye on_hand=0");
    books_case_read(&c, BOOK_orders,
                    "{\"orders\": [{\"ref\": 1, \"total\": \"12.50\", \"state\": \"Paid\","
                    " \"place\": \"north\","
                    " \"payments\": [{\"amount\": 700, \"state\": \"ok\"},"
                    "{\"amount\": 9, \"state\": \"no\"}, {\"amount\": 550, \"state\": \"ok\"}],"
                    " \"codes\": [\"TEN\", \"FIVE\"],"
                    " \"items\": [{\"sku\": \"tea\", \"n\": 2, \"price\": 300},"
                    "{\"sku\": \"rye\", \"n\": 1}]},"
                    "{\"ref\": 2, \"total\": 0.29, \"state\": \"Refused\", \"payments\": [],"
                    " \"items\": []},"
                    "{\"ref\": 3, \"total\": 1e1, \"place\": \"south\","
                    " \"items\": [{\"sku\": \"rye\", \"n\": 9}]}]}");
    books_case_assert_row(&c, BOOK_orders, 0,
                          "order=1 total=1250 paid=1250 coupon=TEN cancelled=0 settled=1");
    books_case_assert_row(&c, BOOK_orders, 1, "order=2 total=29 paid=0 cancelled=1 settled=0");
    books_case_assert_row(&c, BOOK_orders, 2, "order=3 total=1000 cancelled=0 settled=0");
    ck_assert_uint_eq(books_row_count(c.books, BOOK_order_lines), 3);
    books_case_assert_row(&c, BOOK_order_lines, 0, "sku=tea place=north quantity=2 price=300");
    books_case_assert_row(&c, BOOK_order_lines, 1, "sku=rye place=north quantity=1");
    books_case_assert_row(&c, BOOK_order_lines, 2, "sku=rye place=south quantity=9");
    ck_assert_uint_eq(books_line_order(c.books)[0], 0);
    ck_assert_uint_eq(books_line_order(c.books)[1], 0);
    ck_assert_uint_eq(books_line_order(c.books)[2], 2);
    books_case_close(&c);
}
END_TEST

START_TEST(test_tables_and_constants)
{
    struct books_case c;
    const struct api_paging north = {.place = "north", .sku = "t/a"};

    books_case_open(&c, "tables: {variants: {tea: 41, rye: 42}, names: {'7': member7}}\n",
                    "  books:\n"
                    "    stock:\n"
                    "      path: /places/{{place}}/stock?sku={{sku}}\n"
                    "      each: position\n"
                    "      row:\n"
                    "        place: {is: '{{place}}'}\n"
                    "        sku: {json: /id, table: variants, reverse: true}\n"
                    "        on_hand: /n\n"
                    "        opening: {is: '10'}\n"
                    "    points:\n"
                    "      path: /p\n"
                    "      row: {member: {json: /m, table: names}, balance: /b}\n");
    ck_assert_int_eq(api_book_each(c.map, BOOK_stock, 0), API_EACH_POSITION);
    ck_assert_int_eq(api_book_each(c.map, BOOK_points, 0), API_EACH_ONCE);
    g_autofree char *error = books_case_page(&c, BOOK_stock, &north, "{\"id\": 42, \"n\": 6}");
    ck_assert_msg(error == NULL, "%s", error);
    assert_text("/places/north/stock?sku=t%2Fa", api_case_text(c.message.path));
    ck_assert(c.message.idempotent);
    ck_assert_uint_eq(c.rows, 1);
    books_case_assert_row(&c, BOOK_stock, 0, "place=north sku=rye on_hand=6 opening=10");
    books_case_read(&c, BOOK_points, "[{\"m\": 7, \"b\": -3}, {\"m\": 8, \"b\": 0}]");
    books_case_assert_row(&c, BOOK_points, 0, "member=member7 balance=-3");
    books_case_assert_row(&c, BOOK_points, 1, "member=8 balance=0"); /* not in the table */
    books_case_close(&c);
}
END_TEST

START_TEST(test_paging)
{
    struct books_case c;
    struct api_paging paging = {.offset = 2, .page = 1};

    books_case_open(
        &c, "",
        "  books:\n"
        "    points:\n"
        "      path: /p?limit=2&offset={{offset}}&page={{page}}&number={{page_number}}\n"
        "      row: {member: /m, balance: /b}\n"
        "    sales:\n"
        "      graphql: 'query($a: String) { sales(after: $a) { rows } }'\n"
        "      variables: '{\"a\": {{next|quoted}}}'\n"
        "      path: /graphql\n"
        "      rows: /rows\n"
        "      row: {sale: /s, sku: /k, quantity: /q}\n"
        "      next: /end\n");
    books_case_read(&c, BOOK_points, "[{\"m\": 1, \"b\": 1}, {\"m\": 2, \"b\": 1}]");
    assert_text("/p?limit=2&offset=0&page=0&number=1", api_case_text(c.message.path));
    ck_assert(c.more);
    ck_assert_uint_eq(c.rows, 2);
    g_autofree char *good = books_case_page(&c, BOOK_points, &paging, "[{\"m\": 3, \"b\": 1}]");
    ck_assert_msg(good == NULL, "%s", good);
    assert_text("/p?limit=2&offset=2&page=1&number=2", api_case_text(c.message.path));
    ck_assert(c.more);
    g_autofree char *same = books_case_page(&c, BOOK_points, &paging, "[{\"m\": 3, \"b\": 1}]");
    ck_assert_str_eq(same, "map.yaml:6:7: GET /p?limit=2&offset={offset}&page={page}&number="
                           "{page_number}: a page is the same as the one before: does the service "
                           "know {{offset}}, {{page}} or {{next}} by another name?");
    g_autofree char *last = books_case_page(&c, BOOK_points, &paging, "[]");
    ck_assert_msg(last == NULL, "%s", last);
    ck_assert(!c.more);

    books_case_read(&c, BOOK_sales,
                    "{\"rows\": [{\"s\": 1, \"k\": \"tea\", \"q\": 1}],"
                    " \"end\": \"a\\\"b\"}");
    assert_text("{\"query\":\"query($a: String) { sales(after: $a) { rows } }\","
                "\"variables\":{\"a\": null}}",
                api_case_text(c.message.body));
    assert_text("POST", api_case_text(c.message.method));
    assert_text("application/json", api_case_header(&c.message, "content-type"));
    ck_assert(c.more);
    ck_assert_str_eq(c.next, "a\"b");
    paging = (struct api_paging){.offset = 1, .page = 1, .next = c.next};
    c.next = NULL;
    g_autofree char *end =
        books_case_page(&c, BOOK_sales, &paging, "{\"rows\": [], \"end\": \"\"}");
    ck_assert_msg(end == NULL, "%s", end);
    assert_text("{\"query\":\"query($a: String) { sales(after: $a) { rows } }\","
                "\"variables\":{\"a\": \"a\\\"b\"}}",
                api_case_text(c.message.body));
    ck_assert(!c.more);
    ck_assert_ptr_null(c.next);
    g_free((char *)paging.next);
    books_case_close(&c);
}
END_TEST

/* A page without a payment, or whose rows are all passed over, is not the last one. */
START_TEST(test_paging_counts_the_outer_list)
{
    struct books_case c;

    books_case_open(&c, "",
                    "  books:\n"
                    "    payments:\n"
                    "      path: /o?offset={{offset}}\n"
                    "      rows: /orders/*/payments/*\n"
                    "      where: {json: 2/state, is: ok}\n"
                    "      row: {order: 2/id, amount: ''}\n");
    books_case_read(&c, BOOK_payments,
                    "{\"orders\": [{\"id\": 1, \"payments\": []}, {\"id\": 2, \"state\": \"no\","
                    " \"payments\": [1, 2]}, {\"id\": 3}]}");
    ck_assert_uint_eq(c.rows, 3);
    ck_assert(c.more);
    ck_assert_uint_eq(books_row_count(c.books, BOOK_payments), 0);
    books_case_read(&c, BOOK_payments,
                    "{\"orders\": [{\"id\": 4, \"state\": \"ok\", \"payments\": [5, 6]}]}");
    ck_assert_uint_eq(c.rows, 1);
    books_case_assert_row(&c, BOOK_payments, 0, "order=4 amount=5");
    books_case_assert_row(&c, BOOK_payments, 1, "order=4 amount=6");
    books_case_read(&c, BOOK_payments, "{\"orders\": []}");
    ck_assert(!c.more);
    books_case_close(&c);
}
END_TEST

START_TEST(test_begin)
{
    struct books_case c;
    static const struct api_text none[API_WANTED_MAX];
    const struct api_reply refused = {401, {"{\"why\":\n\"no\"}", 13}, none};
    const struct api_reply good = {200, {"{\"token\": \"t1\"}", 15}, none};
    const struct api_reply empty = {200, {"{}", 2}, none};
    g_autoptr(GError) error = NULL;

    g_setenv("OMO_TEST_PASSWORD", "se\"cret", TRUE);
    books_case_open(&c, "",
                    "  begin:\n"
                    "    - method: POST\n"
                    "      path: /login\n"
                    "      body: '{\"password\": \"{{env.OMO_TEST_PASSWORD}}\"}'\n"
                    "      capture: {admin: {json: /token}}\n"
                    "  headers: {Authorization: 'Bearer {{admin}}'}\n"
                    "  books:\n"
                    "    points: {path: '/p/{{admin}}', row: {member: /m, balance: /b}}\n");
    ck_assert_uint_eq(api_books_begin_count(c.map), 1);
    ck_assert(api_reading_begin_message(c.reading, 0, &c.message, &error));
    assert_text("{\"password\": \"se\\\"cret\"}", api_case_text(c.message.body));
    ck_assert_ptr_null(api_case_header(&c.message, "authorization"));
    const struct api_paging first = {0};
    ck_assert(!api_reading_message(c.reading, BOOK_points, 0, &first, &c.message, &error));
    ck_assert_str_eq(error->message, "map.yaml:11:13: GET /p/{admin} cannot be sent: {{admin}} has "
                                     "no value");
    g_clear_error(&error);
    ck_assert(!api_reading_begin_answer(c.reading, 0, &refused, &error));
    ck_assert_str_eq(error->message, "map.yaml:5:7: POST /login answered 401: {\"why\": \"no\"}");
    g_clear_error(&error);
    ck_assert(!api_reading_begin_answer(c.reading, 0, &empty, &error));
    ck_assert_str_eq(error->message,
                     "map.yaml:5:7: POST /login answered 200 without what is captured: {}");
    g_clear_error(&error);
    ck_assert(api_reading_begin_answer(c.reading, 0, &good, &error));
    books_case_read(&c, BOOK_points, "[]");
    assert_text("/p/t1", api_case_text(c.message.path));
    assert_text("Bearer t1", api_case_header(&c.message, "authorization"));
    books_case_close(&c);

    g_unsetenv("OMO_TEST_PASSWORD");
    ApiMap *map = api_read("map.yaml", NULL, &error); /* may be checked without */
    folder_assert_fine(error);
    ck_assert_ptr_null(api_reading_new(map, &error));
    ck_assert_str_eq(error->message,
                     "map.yaml:7:30: environment variable 'OMO_TEST_PASSWORD' is not set");
    api_free(map);
}
END_TEST

/* What a wrong answer, or a wrong map, is said to be. */
START_TEST(test_bad_answers)
{
    static const struct {
        const char *body, *error;
    } cases[] = {
        {"{\"orders\": [{\"id\": 1, \"items\": []}, {\"items\": []}]}",
         "/orders/1 has neither order nor id"},
        {"{\"orders\": [{\"id\": 1}]}", "/orders/0 has no lines"},
        {"{\"orders\": [{\"id\": {}, \"items\": []}]}",
         "/orders/0/id is no value but an object or a list"},
        {"{\"orders\": [{\"id\": 1, \"total\": \"dear\", \"items\": []}]}",
         "/orders/0/total is 'dear': expected a number up to 2^63"},
        {"{\"orders\": [{\"id\": 1, \"total\": true, \"items\": []}]}",
         "/orders/0/total is 'true': expected a number up to 2^63"},
        {"{\"orders\": [{\"id\": 1, \"total\": 1e30, \"items\": []}]}",
         "/orders/0/total is '1e+30': expected a number up to 2^63"},
        {"{\"orders\": [{\"id\": 1, \"items\": [{\"sku\": \"a\", \"n\": 1}, {\"n\": 1}]}]}",
         "/orders/0/items/1 has no sku"},
        {"{\"orders\": [{\"id\": 1, \"items\": [{\"sku\": \"a\", \"n\": null}]}]}",
         "/orders/0/items/0 has no quantity"},
        {"{\"data\": []}", "the answer has nothing where its rows should be"},
        {"{\"orders\": [", "the answer is not JSON at line 1, column 12: ']' expected near end of "
                           "file"},
        {"", "the answer is not JSON at line 1, column 0: unexpected token near end of file"},
    };
    struct books_case c;

    books_case_open(&c, "",
                    "  books:\n"
                    "    orders:\n"
                    "      path: /o\n"
                    "      rows: /orders\n"
                    "      check: {json: /errors, exists: false}\n"
                    "      row: {id: /id, total: /total}\n"
                    "      lines: /items\n"
                    "      line: {sku: /sku, quantity: /n}\n");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *expected = g_strdup_printf("map.yaml:6:7: GET /o: %s", cases[i].error);
        g_autofree char *error = books_case_page(&c, BOOK_orders, NULL, cases[i].body);
        ck_assert_ptr_nonnull(error);
        ck_assert_str_eq(error, expected);
    }
    g_autofree char *failed =
        books_case_page(&c, BOOK_orders, NULL, "{\"errors\": [1], \"orders\": []}");
    ck_assert_str_eq(failed, "map.yaml:6:7: GET /o answered 200, which fails a check: {\"errors\": "
                             "[1], \"orders\": []}");
    books_case_close(&c);
}
END_TEST

static void refused(const char *audit, const char *findings)
{
    g_autofree char *map = g_strdup_printf(
        "api: 1\nsteps: {browse: {path: /}}\ntables: {two: {a: x, b: x}}\naudit:\n%s", audit);

    api_case_refused(map, findings);
}

START_TEST(test_refused_maps)
{
    refused("  books:\n"
            "    stck: {path: /, row: {sku: /a}}\n"
            "    order_lines: {path: /, row: {sku: /a}}\n",
            "map.yaml:6:5: unknown book 'stck', did you mean 'stock'?\n"
            "map.yaml:7:5: lines are read with their orders: `lines` and `line` of orders");
    refused(
        "  books:\n"
        "    stock:\n"
        "      path: /a?o={{offst}}\n"
        "      rows: positions\n"
        "      row:\n"
        "        skuu: /a\n"
        "        place: {is: x, regex: y}\n"
        "        on_hand: {json: 2x/a, is: 3}\n"
        "        reserved: {}\n"
        "        available: {json: /a, times: 0}\n"
        "        opening: {json: /a, table: tow}\n",
        "map.yaml:7:20: unknown name 'offst' in a template: neither a step's value nor "
        "captured, did you mean 'offset'? (one of offset, page, page_number, next, sku, place, "
        "member, coupon)\n"
        "map.yaml:8:13: 'positions' is no JSON pointer: \"\" or steps that begin with '/', such "
        "as /items/0/id\n"
        "map.yaml:10:9: unknown column 'skuu', did you mean 'sku'? (one of place, sku, on_hand, "
        "reserved, available, opening)\n"
        "map.yaml:11:31: regex needs json: where the value stands\n"
        "map.yaml:12:26: '2x/a' is no JSON pointer: \"\" or steps that begin with '/', such as "
        "/items/0/id, with how many levels up before it: 2/sku\n"
        "map.yaml:12:35: 'on_hand' is a number: checks are for flags, constants without json, "
        "and `where` says what counts\n"
        "map.yaml:13:19: it says where: json, or is: a constant\n"
        "map.yaml:14:38: expected a factor such as 100 or 0.01, found '0'\n"
        "map.yaml:15:36: unknown table 'tow', did you mean 'two'? (one of two)\n"
        "map.yaml:10:9: the book 'stock' needs the column 'sku'");
    refused(
        "  books:\n"
        "    orders:\n"
        "      - {path: '/{{next}}', row: {total: /a}}\n"
        "      - {path: /, row: {id: /a}, lines: /b, next: /n}\n"
        "      - {path: /, row: {id: {json: /a, table: two, reverse: true}}, line: {sku: /a}}\n"
        "    stock: {path: /, row: {sku: /a}, lines: /b, line: {sku: /a, quantity: /b}}\n",
        "map.yaml:7:34: the book 'orders' needs the column 'order' or 'id'\n"
        "map.yaml:7:9: {{next}} needs `next`: where an answer has it\n"
        "map.yaml:8:41: lines and line go together\n"
        "map.yaml:8:51: the next page is asked for with {{next}}, in the path or the body\n"
        "map.yaml:9:47: the table 'two' has no reverse: 'x' stands for several keys, 'b' is one "
        "of them\n"
        "map.yaml:9:75: lines and line go together\n"
        "map.yaml:10:45: lines are those of orders");
}
END_TEST

/* An included map's books are changed key by key. */
START_TEST(test_include)
{
    g_autoptr(GError) error = NULL;

    folder_write("base.yaml", "api: 1\nsteps: {browse: {path: /}}\n"
                              "audit:\n"
                              "  order: 'a-{{order}}'\n"
                              "  books:\n"
                              "    points: {path: /p, row: {member: /m, balance: /b}}\n"
                              "    stock: {path: /s, row: {sku: /k}}\n");
    folder_write("map.yaml", "include: base.yaml\n"
                             "audit:\n"
                             "  books:\n"
                             "    stock: []\n"
                             "    points: {row: {balance: {json: /c, times: 2}}}\n");
    g_autoptr(ApiMap) map = api_read("map.yaml", NULL, &error);
    folder_assert_fine(error);
    ck_assert(!api_order_key_is_plain(map));
    ck_assert(!api_has_book(map, BOOK_stock) && api_has_book(map, BOOK_points));
    ck_assert_uint_eq(api_book_columns(map, BOOK_points), 3);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_rows,
        test_nesting,
        test_tables_and_constants,
        test_paging,
        test_paging_counts_the_outer_list,
        test_begin,
        test_bad_answers,
        test_refused_maps,
        test_include,
    };

    return folder_run("traffic/api_books", tests, G_N_ELEMENTS(tests));
}
