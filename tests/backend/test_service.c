/* The platform over HTTP: sessions, catalogue, whatever clients send that is wrong, and what survives
 * a restart. */
#include "backend/platform_case.h"
#include "backend/schema.h"
#include "shell/web.h"

#include <string.h>

#include "shell/diagnostic.h"

START_TEST(test_catalogue)
{
    g_autoptr(Backend) b = platform_start((struct backend_options){0});

    platform_expect(b, 200, "\"status\":\"ok\"", "GET", "/health", NULL);
    platform_expect(b, 200, "openapi: 3.1.0", "GET", "/openapi.yaml", NULL);
    platform_expect(b, 200, "{\"sku\":\"tea\",\"name\":\"tea\",\"price_cents\":500}", "GET",
                    "/products/tea", NULL);
    platform_expect(b, 200, "1250", "GET", "/products/rice%201%25", NULL);
    platform_expect(b, 200, "{\"place\":\"north/1\",\"sku\":\"tea\",\"available\":7}", "GET",
                    "/places/north%2F1/stock/tea", NULL);
    platform_expect(b, 200, "\"available\":0", "GET", "/places/s%C3%BCd/stock/tea", NULL);
    platform_expect(b, 200, "\"price_cents\":1250", "GET", "/places/s%C3%BCd/products/rice%201%25",
                    NULL);
    platform_expect(b, 200, "\"available\":40", "GET", "/places/s%C3%BCd/products/rice%201%25",
                    NULL);
    platform_expect(b, 200, "\"total\":2}", "GET", "/products?query=tEa", NULL);
    platform_expect(b, 200, "\"products\":[{\"sku\":\"tea\"", "GET", "/products?query=tea&limit=1",
                    NULL);
    platform_expect(b, 200, "\"total\":1}", "GET", "/products?query=ice+1", NULL);
    platform_expect(b, 200, "{\"products\":[],\"total\":0}", "GET", "/products?query=none", NULL);
    platform_expect(b, 404, "no_such_product", "GET", "/products/coffee", NULL);
    platform_expect(b, 404, "no_such_place", "GET", "/places/west/stock/tea", NULL);
    platform_expect(b, 404, "no_such_product", "GET", "/places/north%2F1/stock/x", NULL);
    ck_assert_int_eq(platform_ask(b, "HEAD", "/health", "", NULL, NULL), 200);
}
END_TEST

/* Every one of these gets a problem, and the next good request a good answer. */
START_TEST(test_bad_input)
{
    static const struct {
        int status;
        const char *error, *method, *path, *body;
    } bad[] = {
        {404, "no_such_path", "GET", "/", NULL},
        {404, "no_such_path", "GET", "/nowhere", NULL},
        {404, "no_such_path", "GET", "/health/", NULL},
        {404, "no_such_path", "GET", "//health", NULL},
        {404, "no_such_path", "GET", "/places/north/1/stock/tea", NULL},
        {404, "no_such_path", "GET", "/a/b/c/d/e/f/g/h/i/j/k/l/m", NULL},
        {404, "no_such_path", "GET", "/products/..%2f..%2fetc/passwd", NULL},
        {405, "no_such_method", "DELETE", "/sessions", NULL},
        {405, "no_such_method", "POST", "/products/tea", "{}"},
        {405, "no_such_method", "BREW", "/health", NULL},
        {400, "bad_request", "GET", "/products/%", NULL},
        {400, "bad_request", "GET", "/products/%zz", NULL},
        {400, "bad_request", "GET", "/products/a%00b", NULL},
        {400, "bad_request", "GET", "/products/a%0ab", NULL},
        {400, "bad_request", "GET", "/products/%ff%fe", NULL},
        {404, "no_such_product", "GET", "/products/'%20OR%201=1;--", NULL},
        {404, "no_such_product", "GET", "/products/%7B%7Bsku%7D%7D", NULL},
        {404, "no_such_place", "GET", "/places/x'%3B%20DROP%20TABLE%20member%3B--/stock/tea", NULL},
        {400, "bad_request", "GET", "/products", NULL},
        {400, "bad_request", "GET", "/products?query=", NULL},
        {400, "bad_request", "GET", "/products?query=%01", NULL},
        {400, "bad_request", "GET", "/products?query=a&limit=0", NULL},
        {400, "bad_request", "GET", "/products?query=a&limit=-1", NULL},
        {400, "bad_request", "GET", "/products?query=a&limit=99999999999999999999", NULL},
        {400, "bad_request", "GET", "/products?query=a&limit=ten", NULL},
        {400, "bad_request", "POST", "/sessions", NULL},
        {400, "bad_request", "POST", "/sessions", ""},
        {400, "bad_request", "POST", "/sessions", "{"},
        {400, "bad_request", "POST", "/sessions", "{}"},
        {400, "bad_request", "POST", "/sessions", "[]"},
        {400, "bad_request", "POST", "/sessions", "42"},
        {400, "bad_request", "POST", "/sessions", "null"},
        {400, "bad_request", "POST", "/sessions", "{\"member\": 42}"},
        {400, "bad_request", "POST", "/sessions", "{\"member\": \"\"}"},
        {400, "bad_request", "POST", "/sessions", "{\"member\": [\"a\"]}"},
        {400, "bad_request", "POST", "/sessions", "{\"member\": \"a\", \"member\": \"b\"}"},
        {400, "bad_request", "POST", "/sessions", "{\"member\": \"a\\u0000b\"}"},
        {400, "bad_request", "POST", "/sessions", "{\"member\": \"a\\nb\"}"},
        {400, "bad_request", "POST", "/sessions", "{\"member\": \"\xff\"}"},
        {400, "bad_request", "POST", "/sessions", "{\"member\": \"a\"} {}"},
        {400, "bad_request", "POST", "/sessions", "{\"x\": 1e999, \"member\": \"a\"}"},
        {400, "bad_request", "POST", "/sessions",
         "{\"x\": 99999999999999999999, \"member\": \"a\"}"},
    };
    g_autoptr(Backend) b = platform_start((struct backend_options){0});

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        platform_expect(b, bad[i].status, bad[i].error, bad[i].method, bad[i].path, bad[i].body);
    platform_expect(b, 201, "token", "POST", "/sessions",
                    "{\"member\": \"x'); DROP TABLE member;--\"}");
    platform_expect(b, 201, "token", "POST", "/sessions", "{\"member\": \"{{member}} %s %n\"}");
    platform_expect(b, 200, "ok", "GET", "/health", NULL);
}
END_TEST

START_TEST(test_bad_bodies)
{
    g_autoptr(Backend) b = platform_start((struct backend_options){0});
    g_autofree char *huge = g_strnfill(10 << 20, ' '), *deep = g_strnfill(100000, '['),
                    *name = g_strnfill(CALL_ID_MAX + 1, 'x'), *answer = NULL, *fits = NULL,
                    *larger = g_strdup_printf("{\"member\": \"%s\"}", name);

    platform_expect(b, 413, "too_large", "POST", "/sessions", huge);
    platform_expect(b, 400, "deeper", "POST", "/sessions", deep);
    platform_expect(b, 400, "member", "POST", "/sessions", larger);
    name[CALL_ID_MAX] = '\0';
    fits = g_strdup_printf("{\"member\": \"%s\"}", name);
    platform_expect(b, 201, name, "POST", "/sessions", fits);
    ck_assert_int_eq(platform_ask(b, "POST", "/sessions", "Content-Type: text/xml\r\n",
                                  "{\"member\": \"a\"}", &answer),
                     415);
    ck_assert_ptr_nonnull(strstr(answer, "not_json"));
    ck_assert_int_eq(platform_ask(b, "POST", "/sessions",
                                  "Content-Type: Application/JSON; charset=utf-8\r\n",
                                  "{\"member\": \"a\"}", NULL),
                     201);
    ck_assert_int_eq(platform_ask(b, "POST", "/sessions", "Idempotency-Key: \x01\r\n",
                                  "{\"member\": \"a\"}", NULL),
                     400);
    g_autofree char *allow = web_ask(backend_url(b), "PUT", "/sessions", "");
    ck_assert_ptr_nonnull(strstr(allow, "Allow: POST\r\n"));
}
END_TEST

/* Cards are known, names are registered once; both have one row whoever comes again. */
START_TEST(test_members)
{
    {
        g_autoptr(Backend) b = platform_start((struct backend_options){0});
        platform_expect(b, 201, "\"member\":\"42\"", "POST", "/sessions", "{\"member\": \"42\"}");
        platform_expect(b, 201, "\"member\":\"42\"", "POST", "/sessions", "{\"member\": \"42\"}");
        platform_expect(b, 201, "1001", "POST", "/sessions", "{\"member\": \"1001\"}");
        platform_expect(b, 201, "042", "POST", "/sessions", "{\"member\": \"042\"}");
        platform_expect(b, 201, "me", "POST", "/sessions", "{\"member\": \"me\"}");
    }
    {
        g_autoptr(Backend) b = platform_start((struct backend_options){0});
        platform_expect(b, 201, "me", "POST", "/sessions", "{\"member\": \"me\"}");
        platform_expect(b, 201, "1000", "POST", "/sessions", "{\"member\": \"1000\"}");
        g_autofree char *summary = backend_summary(b);
        ck_assert_ptr_nonnull(
            strstr(summary, "\"requests\":2,\"refused\":0,\"failed\":0,\"writes\":2"));
    }
    ck_assert_int_eq(platform_count("SELECT count(*) FROM member"), 5);
    ck_assert_int_eq(platform_count("SELECT id FROM member WHERE name = '42'"), 42);
    ck_assert_int_gt(platform_count("SELECT id FROM member WHERE name = '1001'"),
                     SCHEMA_MEMBER_FIRST);
    ck_assert(!g_file_test("shop.db-wal", G_FILE_TEST_EXISTS)); /* one file is left */
}
END_TEST

START_TEST(test_tokens)
{
    struct backend_shared shared = {.secret = {1, 2, 3}}, other = {.secret = {1, 2, 4}};
    static const char *const names[] = {"a", "ab", "abc", "abcd", "süd/?+ ~"};
    char name[CALL_ID_MAX + 1];
    int64_t member;

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *token = session_make(&shared, 77, names[i], 10000000);
        ck_assert(session_check(&shared, token, 9000000, &member, name));
        ck_assert_int_eq(member, 77);
        ck_assert_str_eq(name, names[i]);
        ck_assert(!session_check(&shared, token, 11000000, &member, name));
        ck_assert(!session_check(&other, token, 9000000, &member, name));
        for (char *at = token; *at != '\0'; at++) { /* any change of it */
            *at ^= 1;
            ck_assert(!session_check(&shared, token, 9000000, &member, name));
            *at ^= 1;
        }
        for (size_t size = strlen(token); size-- > 0;) {
            token[size] = '\0';
            ck_assert(!session_check(&shared, token, 9000000, &member, name));
        }
    }
}
END_TEST

/* Who it is that a file belongs to, and who else is refused. */
START_TEST(test_database)
{
    g_autoptr(Backend) b = platform_start((struct backend_options){0});
    g_autoptr(Backend) second =
        backend_open(&(struct backend_options){.path = "shop.db", .address = "0"}, NULL);
    g_autoptr(GError) error = NULL;

    ck_assert(backend_is_new(b) && !backend_is_new(second));
    ck_assert_str_eq(backend_scenario(second), "test");
    ck_assert(!backend_start(second, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "another omosim backend"));
    static const struct {
        const char *name, *text, *part;
    } bad[] = {{"text.db", "this is no database, it is a text of some length......................",
                "not a database of omosim backend"},
               {"empty.db", "", "not a database of omosim backend"},
               {"/nowhere/shop.db", NULL, "unable to open"}};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) e = NULL;
        if (bad[i].text != NULL)
            ck_assert(g_file_set_contents(bad[i].name, bad[i].text, -1, NULL));
        ck_assert_ptr_null(
            backend_open(&(struct backend_options){.path = bad[i].name, .address = "0"}, &e));
        ck_assert_msg(strstr(e->message, bad[i].part) != NULL, "%s", e->message);
    }
}
END_TEST

/* A seeding that did not come to its end leaves nothing. */
START_TEST(test_half_seeded)
{
    const struct backend_options options = {.path = "shop.db", .address = "0"};
    const struct backend_place place = {.id = "a", .kind = "store"};

    Backend *half = backend_open(&options, NULL);
    ck_assert(backend_is_new(half));
    ck_assert(backend_seed_place(half, &place, NULL));
    g_autoptr(GError) twice = NULL;
    ck_assert(!backend_seed_place(half, &place, &twice));
    ck_assert_ptr_nonnull(strstr(twice->message, "place.name"));
    backend_free(half);
    g_autoptr(GDir) folder = g_dir_open(".", 0, NULL);
    ck_assert_ptr_null(g_dir_read_name(folder));
}
END_TEST

/* A database that nobody keeps serves as any other. */
START_TEST(test_nameless)
{
    g_autoptr(Backend) b = backend_open(&(struct backend_options){.address = "0"}, NULL);

    ck_assert(backend_is_new(b));
    platform_fill(b);
    ck_assert(backend_start(b, NULL));
    for (int i = 0; i < 20; i++) {
        platform_expect(b, 201, "me", "POST", "/sessions", "{\"member\": \"me\"}");
        platform_expect(b, 200, "\"available\":7", "GET", "/places/north%2F1/stock/tea", NULL);
    }
    ck_assert(backend_stop(b, NULL));
}
END_TEST

static void ask_many(Backend *b, uint32_t count, uint32_t *by_status)
{
    for (uint32_t i = 0; i < count; i++) {
        g_autofree char *body = g_strdup_printf("{\"member\": \"m%u\"}", i);
        const int status = platform_ask(b, "POST", "/sessions", "", body, NULL);
        by_status[status]++;
    }
}

/* Half of the failed ones were done all the same. */
START_TEST(test_error)
{
    static const char *const faults[] = {"error=0.5", NULL};
    uint32_t by_status[600] = {0};
    Backend *b = platform_start((struct backend_options){.faults = faults});

    ask_many(b, 200, by_status);
    backend_free(b);
    ck_assert_uint_eq(by_status[201] + by_status[500], 200);
    ck_assert_int_le(abs((int)by_status[500] - 100), 6);
    ck_assert_int_le(abs((int)platform_count("SELECT count(*) FROM member") - 150), 6);
}
END_TEST

START_TEST(test_slow)
{
    static const char *const faults[] = {"slow=0.5:100", NULL};
    g_autoptr(Backend) b = platform_start((struct backend_options){.faults = faults});
    uint32_t slow = 0;

    for (int i = 0; i < 24; i++) {
        const int64_t began_us = g_get_monotonic_time();
        platform_expect(b, 200, "tea", "GET", "/products/tea", NULL);
        slow += g_get_monotonic_time() - began_us >= 100000;
    }
    ck_assert_uint_ge(slow, 9); /* a busy machine makes more of them so */
    ck_assert_uint_lt(slow, 24);
}
END_TEST

START_TEST(test_stall)
{
    static const char *const faults[] = {"stall=300ms@1s", NULL};
    g_autoptr(Backend) b = platform_start((struct backend_options){.faults = faults});
    const int64_t began_us = g_get_monotonic_time();
    int64_t longest_us = 0;

    while (g_get_monotonic_time() - began_us < 2 * G_USEC_PER_SEC) {
        const int64_t asked_us = g_get_monotonic_time();
        platform_expect(b, 200, "tea", "GET", "/products/tea", NULL);
        longest_us = MAX(longest_us, g_get_monotonic_time() - asked_us);
    }
    ck_assert_int_ge(longest_us, 150000);
}
END_TEST

/* An answer about stock outlives the stock. */
START_TEST(test_stale)
{
    static const char *const faults[] = {"stale-stock=1h", NULL};
    g_autoptr(Backend) b = platform_start((struct backend_options){.faults = faults});
    sqlite3 *sqlite;

    platform_expect(b, 200, "\"available\":7", "GET", "/places/north%2F1/stock/tea", NULL);
    ck_assert_int_eq(sqlite3_open("shop.db", &sqlite), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(sqlite, "UPDATE position SET on_hand = 3", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(sqlite);
    platform_expect(b, 200, "\"available\":7", "GET", "/places/north%2F1/stock/tea", NULL);
    platform_expect(b, 200, "\"available\":3", "GET", "/places/s%C3%BCd/stock/rice%201%25", NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_catalogue, test_bad_input, test_bad_bodies,  test_members,
                                  test_tokens,    test_database,  test_half_seeded, test_nameless,
                                  test_error,     test_slow,      test_stall,       test_stale};

    return platform_run("service", tests, G_N_ELEMENTS(tests));
}
