/* Books read from a scripted service: page by page, name by name, with patience, and kept in a
 * record; what can't be read says why and stops nothing else. */
#include "replay/audit/read.h"
#include "replay/peer.h"
#include "results/record.h"
#include "shell/folder.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_NS INT64_C(30000000000)

static const char map_text[] = "api: 1\n"
                               "name: small\n"
                               "steps:\n"
                               "  add_to_cart: {method: POST, path: /cart}\n"
                               "audit:\n"
                               "  begin:\n"
                               "    - {method: POST, path: /sessions, body: '{}', expect: [201],\n"
                               "       capture: {admin: {json: /token}}}\n"
                               "  headers: {Authorization: 'Bearer {{admin}}'}\n"
                               "  books:\n"
                               "    stock:\n"
                               "      path: /stock?offset={{offset}}\n"
                               "      rows: /positions\n"
                               "      row: {place: /place, sku: /sku, on_hand: /units}\n"
                               "    orders:\n"
                               "      path: /orders?after={{next}}\n"
                               "      rows: /orders\n"
                               "      next: {json: /next}\n"
                               "      row: {order: /name, total: {json: /total, times: 100}}\n"
                               "      lines: /lines\n"
                               "      line: {sku: /sku, quantity: /n}\n"
                               "    points:\n"
                               "      path: /members/{{member}}\n"
                               "      each: member\n"
                               "      rows: ''\n"
                               "      row: {member: /id, balance: /points}\n"
                               "    reservations:\n"
                               "      path: /places/{{place}}/held/{{sku}}\n"
                               "      each: position\n"
                               "      rows: ''\n"
                               "      row: {place: /place, sku: /sku, quantity: /n}\n"
                               "    coupons:\n"
                               "      path: /coupons\n"
                               "      rows: /coupons\n"
                               "      row: {coupon: /id, redeemed: /used}\n"
                               "    movements:\n"
                               "      path: /movements?page={{page}}\n"
                               "      rows: /moves\n"
                               "      row: {sku: /sku, quantity: /n}\n"
                               "    payments:\n"
                               "      path: /payments\n"
                               "      rows: /payments\n"
                               "      row: {amount: /amount}\n";

/* ---- the service ----------------------------------------------------------------------------- */

static gint coupon_tries, log_ins, refuses_all;

static void answer(int fd, const char *status, const char *body)
{
    g_autofree char *text =
        g_strdup_printf("HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body), body);
    peer_write(fd, text);
}

static void answer_stock(int fd, const char *request)
{
    const int offset = atoi(strstr(request, "offset=") + 7);
    g_autoptr(GString) body = g_string_new("{\"positions\": [");

    for (int i = offset; i < 5 && i < offset + 2; i++)
        g_string_append_printf(body, "%s{\"place\": \"p%d\", \"sku\": \"tea\", \"units\": %d}",
                               i > offset ? ", " : "", i, 10 * i);
    g_string_append(body, "]}");
    answer(fd, "200 OK", body->str);
}

static void answer_orders(int fd, const char *request)
{
    if (strstr(request, "after= ") != NULL)
        answer(fd, "200 OK",
               "{\"orders\": [{\"name\": \"1\", \"total\": 12.34, \"lines\": [{\"sku\": \"tea\", "
               "\"n\": 2}, {\"sku\": \"cup\", \"n\": 1}]}], \"next\": \"b c\"}");
    else if (strstr(request, "after=b%20c ") != NULL)
        answer(fd, "200 OK",
               "{\"orders\": [{\"name\": \"2\", \"total\": 5, \"lines\": []}, {\"name\": \"3\", "
               "\"total\": null, \"lines\": [{\"sku\": \"tea\", \"n\": 7}]}], \"next\": null}");
    else
        answer(fd, "400 Bad Request", "{}");
}

static void serve_one(int fd, const char *request)
{
    char place[32], sku[32], body[128];

    if (g_atomic_int_get(&refuses_all)) {
        answer(fd, "403 Forbidden", "{\"why\": \"closed\"}");
    } else if (g_str_has_prefix(request, "POST /sessions ")) {
        g_atomic_int_inc(&log_ins);
        answer(fd, "201 Created", "{\"token\": \"t1\"}");
    } else if (strstr(request, "\r\nAuthorization: Bearer t1\r\n") == NULL) {
        answer(fd, "401 Unauthorized", "{}");
    } else if (g_str_has_prefix(request, "GET /stock?")) {
        answer_stock(fd, request);
    } else if (g_str_has_prefix(request, "GET /orders?")) {
        answer_orders(fd, request);
    } else if (g_str_has_prefix(request, "GET /members/")) {
        g_snprintf(body, sizeof body, "{\"id\": \"%d\", \"points\": %d}", atoi(request + 13),
                   atoi(request + 13) * 3);
        answer(fd, "200 OK", body);
    } else if (sscanf(request, "GET /places/%31[^/]/held/%31[^ ]", place, sku) == 2) {
        g_snprintf(body, sizeof body, "{\"place\": \"%s\", \"sku\": \"%s\", \"n\": 1}", place, sku);
        answer(fd, "200 OK", body);
    } else if (g_str_has_prefix(request, "GET /coupons ")) {
        if (g_atomic_int_add(&coupon_tries, 1) < 2)
            answer(fd, "503 Service Unavailable", "");
        else
            answer(fd, "200 OK", "{\"coupons\": [{\"id\": \"ten\", \"used\": 4}]}");
    } else if (g_str_has_prefix(request, "GET /movements?")) {
        answer(fd, "200 OK", "{\"moves\": [{\"sku\": \"tea\", \"n\": -1}]}");
    } else {
        answer(fd, "404 Not Found", "{}");
    }
}

static void serve(struct peer *peer, int fd, uint32_t turn)
{
    char request[4096];

    (void)turn;
    while (peer_read(peer, fd, request, sizeof request))
        serve_one(fd, request);
}

/* ---- what is read ---------------------------------------------------------------------------- */

static ApiMap *map;
static Plan *plan;
static struct target *target;
static struct peer *peer;
static Fetch *fetch;

static void write_plan(void)
{
    static const char *const places[] = {"north", "south", NULL}, *const skus[] = {"tea", "cup",
                                                                                   NULL};
    static const char *const coupons[] = {"ten", NULL};
    const struct plan_about about = {.scenario = "small",
                                     .places = places,
                                     .skus = skus,
                                     .coupons = coupons,
                                     .epoch_us = INT64_MIN};
    const omo_plan_step usual = {.quantity = 1,
                                 .place = OMO_PLAN_NONE,
                                 .coupon = OMO_PLAN_NO_COUPON,
                                 .kind = STEP_add_to_cart};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanWriter) writer = plan_writer_open("small.plan", &about, &error);

    folder_assert_fine(error);
    for (uint32_t i = 0; i < 6; i++) {
        const omo_plan_journey journey = {.at_us = i * 1000,
                                          .member = 41 + i % 3,
                                          .place = i % 2,
                                          .step_count = 2};
        omo_plan_step steps[2] = {usual, usual};
        steps[0].at_us = steps[1].at_us = journey.at_us;
        steps[0].coupon = i == 0 ? 0 : OMO_PLAN_NO_COUPON;
        steps[1].sku = i == 5 ? 1 : 0;
        steps[1].place = 1;
        steps[1].kind = i == 4 ? STEP_browse : STEP_add_to_cart; /* which the map leaves out */
        steps[0].sku = 0;
        ck_assert(plan_write_journey(writer, &journey, steps, NULL, &error));
    }
    ck_assert(plan_writer_commit(writer, NULL, &error));
    plan = plan_open("small.plan", &error);
    folder_assert_fine(error);
}

static void set_up(void)
{
    g_autoptr(GError) error = NULL;

    signal(SIGPIPE, SIG_IGN);
    folder_enter();
    g_atomic_int_set(&coupon_tries, 0);
    g_atomic_int_set(&log_ins, 0);
    g_atomic_int_set(&refuses_all, 0);
    folder_write("small.yaml", map_text);
    map = api_read("small.yaml", NULL, &error);
    folder_assert_fine(error);
    write_plan();
    peer = peer_start(PEER_IPV4, serve);
    target = target_new(peer_url(peer), NULL, &error);
    folder_assert_fine(error);
    fetch = fetch_new(target, map, TIMEOUT_NS, &error);
    folder_assert_fine(error);
}

static void tear_down(void)
{
    fetch_free(fetch);
    if (peer != NULL)
        peer_stop(peer);
    target_free(target);
    plan_free(plan);
    api_free(map);
    folder_leave();
}

/* The names of a list, "a b c". Caller frees. */
static char *names_text(const GArray *list, const Intern *texts)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               intern_text(texts, g_array_index(list, uint32_t, i)));
    return g_string_free(text, FALSE);
}

static void assert_names(const GArray *list, const Intern *texts, const char *expected)
{
    g_autofree char *text = names_text(list, texts);

    ck_assert_str_eq(text, expected);
}

/* A row as "place=p1 sku=tea on_hand=10", columns that are not there left out. Caller frees. */
static char *row_text(const Books *books, enum book book, uint32_t row, const Intern *texts)
{
    uint32_t count = 0;
    const struct book_column *columns = book_columns(book, &count);
    GString *text = g_string_new(NULL);

    for (uint32_t i = 0; i < count; i++) {
        const union book_value value = books_column(books, book, i)[row];
        if (columns[i].type == BOOK_TEXT && value.text != BOOKS_NO_TEXT)
            g_string_append_printf(text, "%s=%s ", columns[i].name, intern_text(texts, value.text));
        else if (columns[i].type != BOOK_TEXT && value.number != BOOKS_NO_NUMBER)
            g_string_append_printf(text, "%s=%" G_GINT64_FORMAT " ", columns[i].name, value.number);
    }
    if (book == BOOK_order_lines)
        g_string_append_printf(text, "of=%u ", books_line_order(books)[row]);
    return g_string_free(text, FALSE);
}

static void assert_book(const Books *books, enum book book, const Intern *texts,
                        const char *const *rows)
{
    uint32_t count = 0;

    for (; rows[count] != NULL; count++) {
        ck_assert_uint_lt(count, books_row_count(books, book));
        g_autofree char *text = row_text(books, book, count, texts);
        ck_assert_str_eq(text, rows[count]);
    }
    ck_assert_uint_eq(books_row_count(books, book), count);
}

static void assert_all(const Books *books, const Intern *texts)
{
    static const char *const stock[] = {"place=p0 sku=tea on_hand=0 ",
                                        "place=p1 sku=tea on_hand=10 ",
                                        "place=p2 sku=tea on_hand=20 ",
                                        "place=p3 sku=tea on_hand=30 ",
                                        "place=p4 sku=tea on_hand=40 ",
                                        NULL};
    static const char *const orders[] = {"order=1 total=1234 ", "order=2 total=500 ", "order=3 ",
                                         NULL};
    static const char *const lines[] = {"sku=tea quantity=2 of=0 ", "sku=cup quantity=1 of=0 ",
                                        "sku=tea quantity=7 of=2 ", NULL};
    static const char *const points[] = {"member=41 balance=123 ", "member=42 balance=126 ",
                                         "member=43 balance=129 ", NULL};
    static const char *const held[] = {"place=north sku=tea quantity=1 ",
                                       "place=south sku=tea quantity=1 ",
                                       "place=south sku=cup quantity=1 ", NULL};
    static const char *const coupons[] = {"coupon=ten redeemed=4 ", NULL};

    assert_book(books, BOOK_stock, texts, stock);
    assert_book(books, BOOK_orders, texts, orders);
    assert_book(books, BOOK_order_lines, texts, lines);
    assert_book(books, BOOK_points, texts, points);
    assert_book(books, BOOK_reservations, texts, held);
    assert_book(books, BOOK_coupons, texts, coupons);
    for (enum book book = 0; book < BOOK_COUNT; book++)
        ck_assert_int_eq(books_has(books, book),
                         book == BOOK_stock || book == BOOK_orders || book == BOOK_order_lines ||
                             book == BOOK_points || book == BOOK_reservations ||
                             book == BOOK_coupons);
    ck_assert(books_has_column(books, BOOK_stock, book_column_find(BOOK_stock, "on_hand")));
    ck_assert(!books_has_column(books, BOOK_stock, book_column_find(BOOK_stock, "reserved")));
    ck_assert_ptr_null(books_problem(books, BOOK_stock));
    ck_assert_ptr_null(books_problem(books, BOOK_sales));
    ck_assert_ptr_nonnull(strstr(books_problem(books, BOOK_movements), "is the same"));
    ck_assert_ptr_nonnull(strstr(books_problem(books, BOOK_payments), "404"));
}

/* ---- tests ----------------------------------------------------------------------------------- */

START_TEST(test_names_of_a_plan)
{
    g_autoptr(Intern) texts = intern_new();
    g_autoptr(AuditNames) all = audit_names_of_plan(plan, map, INT64_MIN, INT64_MAX, texts);
    g_autoptr(AuditNames) some = audit_names_of_plan(plan, map, 1000, 2000, texts);

    assert_names(all->skus, texts, "tea cup");
    assert_names(all->places, texts, "north south");
    assert_names(all->members, texts, "41 42 43");
    assert_names(all->coupons, texts, "ten");
    assert_names(all->positions, texts, "north tea south tea south cup");
    assert_names(some->skus, texts, "tea");
    assert_names(some->places, texts, "south");
    assert_names(some->members, texts, "42");
    assert_names(some->coupons, texts, "");
    assert_names(some->positions, texts, "south tea");
}
END_TEST

START_TEST(test_read_and_keep)
{
    g_autoptr(Intern) texts = intern_new();
    g_autoptr(AuditNames) names = audit_names_of_plan(plan, map, INT64_MIN, INT64_MAX, texts);
    g_autoptr(Books) books = books_new();
    g_autoptr(GError) error = NULL;
    uint64_t count = 0;

    audit_read_books(fetch, map, names, texts, books, NULL, NULL, &error);
    folder_assert_fine(error);
    assert_all(books, texts);
    ck_assert_int_eq(g_atomic_int_get(&log_ins), 1);
    ck_assert_int_eq(g_atomic_int_get(&coupon_tries), 3);

    Recorder *recorder = recorder_open("run.db", 1, NULL, &error);
    ck_assert(recorder_close(recorder, &count, &error));
    g_autoptr(Books) none = books_new();
    for (int turn = 0; turn < 2; turn++) { /* the second time replaces the first */
        ck_assert(audit_save_books(books, texts, "run.db", "before", &error));
        ck_assert(audit_save_books(turn == 0 ? none : books, texts, "run.db", "after", &error));
    }
    g_autoptr(Intern) others = intern_new();
    intern_put(others, "shift", -1); /* numbers differ */
    g_autoptr(Books) before = audit_load_books("run.db", "before", others, &error);
    folder_assert_fine(error);
    assert_all(before, others);
    g_autoptr(Books) after = audit_load_books("run.db", "after", others, &error);
    folder_assert_fine(error);
    assert_all(after, others);
    g_autoptr(Books) never = audit_load_books("run.db", "between", others, &error);
    folder_assert_fine(error);
    for (enum book book = 0; book < BOOK_COUNT; book++)
        ck_assert(!books_has(never, book) && books_problem(never, book) == NULL);
}
END_TEST

START_TEST(test_target_gone)
{
    g_autoptr(Intern) texts = intern_new();
    g_autoptr(AuditNames) names = audit_names_of_plan(plan, map, INT64_MIN, INT64_MAX, texts);
    g_autoptr(Books) books = books_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *expected = g_strdup_printf("POST %s/sessions: no connection", peer_url(peer));

    g_clear_pointer(&peer, peer_stop);
    ck_assert(!audit_read_books(fetch, map, names, texts, books, NULL, NULL, &error));
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
    ck_assert_str_eq(error->message, expected);
}
END_TEST

START_TEST(test_refused)
{
    g_autoptr(Intern) texts = intern_new();
    g_autoptr(AuditNames) names = audit_names_of_plan(plan, map, INT64_MIN, INT64_MAX, texts);
    g_autoptr(Books) books = books_new();
    g_autoptr(GError) error = NULL;

    g_atomic_int_set(&refuses_all, 1);
    ck_assert(!audit_read_books(fetch, map, names, texts, books, NULL, NULL, &error));
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
    ck_assert_ptr_nonnull(strstr(error->message, "403"));
}
END_TEST

static gboolean stop_at_orders(void *user, enum book book, uint64_t rows)
{
    uint64_t *seen = user;

    *seen = rows;
    return book != BOOK_orders;
}

START_TEST(test_stopped)
{
    g_autoptr(Intern) texts = intern_new();
    g_autoptr(AuditNames) names = audit_names_of_plan(plan, map, INT64_MIN, INT64_MAX, texts);
    g_autoptr(Books) books = books_new();
    g_autoptr(GError) error = NULL;
    uint64_t rows = 0;

    ck_assert(!audit_read_books(fetch, map, names, texts, books, stop_at_orders, &rows, &error));
    ck_assert_str_eq(error->message, "the reading of the books was stopped");
    ck_assert_uint_eq(rows, 1);
    ck_assert(books_has(books, BOOK_stock));
    ck_assert(!books_has(books, BOOK_orders) && !books_has(books, BOOK_coupons));
}
END_TEST

START_TEST(test_damaged_record)
{
    g_autoptr(Intern) texts = intern_new();
    g_autoptr(GError) error = NULL;

    folder_write("run.db", "this is no record");
    ck_assert_ptr_null(audit_load_books("run.db", "before", texts, &error));
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("audit_read");
    TCase *tests = tcase_create("audit_read");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_names_of_a_plan);
    tcase_add_test(tests, test_read_and_keep);
    tcase_add_test(tests, test_target_gone);
    tcase_add_test(tests, test_refused);
    tcase_add_test(tests, test_stopped);
    tcase_add_test(tests, test_damaged_record);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
