/* What the fuzzer uses, too, asserts by itself: Check's assertions work within its tests only. */
#define _GNU_SOURCE
#include "backend/platform_case.h"

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

#include "shell/web.h"

static char *folder, *back;

void platform_begin(void)
{
    back = g_get_current_dir();
    folder = g_dir_make_tmp("omosim-test-XXXXXX", NULL);
    g_assert(folder != NULL);
    g_assert(chdir(folder) == 0);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

void platform_end(void)
{
    g_assert(chdir(back) == 0);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    g_clear_pointer(&folder, g_free);
    g_clear_pointer(&back, g_free);
}

void platform_fill(Backend *backend)
{
    static const struct backend_place places[] =
        {{.id = "north/1", .kind = "store", .sells = true, .pickup = true},
         {.id = "süd", .kind = "warehouse", .ships = true}};
    static const struct backend_product products[] = {{"tea", 500},
                                                      {"rice 1%", 1250},
                                                      {"TEA-2", 1}};

    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        g_assert(backend_seed_place(backend, &places[i], NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(products); i++)
        g_assert(backend_seed_product(backend, &products[i], NULL));
    g_assert(backend_seed_stock(backend, 0, 0, 7, NULL));
    g_assert(backend_seed_stock(backend, 1, 1, 40, NULL));
    g_assert(backend_seed_members(backend, PLATFORM_CARDS, NULL));
    g_assert(backend_seed_end(backend, "test", NULL));
}

void platform_make(void)
{
    g_autoptr(Backend) backend =
        backend_open(&(struct backend_options){.path = "shop.db", .address = "0"}, NULL);

    g_assert(backend != NULL);
    platform_fill(backend);
}

Backend *platform_start(struct backend_options options)
{
    GError *error = NULL;

    options.path = "shop.db";
    options.address = "0";
    options.openapi = "openapi: 3.1.0\n";
    Backend *backend = backend_open(&options, &error);
    g_assert_no_error(error);
    if (backend_is_new(backend))
        platform_fill(backend);
    backend_start(backend, &error);
    g_assert_no_error(error);
    return backend;
}

int platform_ask(Backend *backend, const char *method, const char *path, const char *lines,
                 const char *body, char **ret_body)
{
    g_autofree char *all =
        g_strdup_printf("%sContent-Length: %zu\r\n", lines, body != NULL ? strlen(body) : 0);
    g_autofree char *head =
        g_strdup_printf("%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n", method, path,
                        all);
    int fd = web_connect(backend_url(backend)), status;

    web_send(fd, head);
    if (body != NULL)
        for (size_t sent = 0, size = strlen(body); sent < size;) {
            const ssize_t step = send(fd, body + sent, size - sent, MSG_NOSIGNAL);
            ck_assert_int_gt(step, 0);
            sent += (size_t)step;
        }
    g_autofree char *answer = web_read(fd, NULL);
    close(fd);
    status = web_status(answer);
    const char *end = strstr(answer, "\r\n\r\n");
    ck_assert_msg(end != NULL, "%s %s: %s", method, path, answer);
    if (status >= 400)
        ck_assert_msg(strstr(answer, "application/problem+json") != NULL, "%s", answer);
    if (ret_body != NULL)
        *ret_body = g_strdup(end + 4);
    return status;
}

static void check_problem(const char *text, int status)
{
    json_t *problem = json_loads(text, 0, NULL);

    ck_assert_msg(problem != NULL, "%s", text);
    ck_assert_int_eq(json_integer_value(json_object_get(problem, "status")), status);
    ck_assert(json_is_string(json_object_get(problem, "title")));
    ck_assert(json_is_string(json_object_get(problem, "detail")));
    ck_assert(json_is_string(json_object_get(problem, "error")));
    json_decref(problem);
}

void platform_expect(Backend *backend, int status, const char *part, const char *method,
                     const char *path, const char *body)
{
    g_autofree char *answer = NULL;
    const int got =
        platform_ask(backend, method, path,
                     body != NULL ? "Content-Type: application/json\r\n" : "", body, &answer);

    ck_assert_msg(got == status && strstr(answer, part) != NULL,
                  "%s %s %.80s: expected %d with '%s', found %d: %.500s", method, path,
                  body != NULL ? body : "", status, part, got, answer);
    if (status >= 400)
        check_problem(answer, status);
}

int64_t platform_count(const char *sql)
{
    sqlite3 *sqlite;
    sqlite3_stmt *row;

    g_assert(sqlite3_open("shop.db", &sqlite) == SQLITE_OK);
    g_assert(sqlite3_prepare_v2(sqlite, sql, -1, &row, NULL) == SQLITE_OK);
    g_assert(sqlite3_step(row) == SQLITE_ROW);
    const int64_t count = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    sqlite3_close(sqlite);
    return count;
}

void platform_await(const char *sql, int64_t wanted)
{
    for (int i = 0; i < 1000 && platform_count(sql) != wanted; i++)
        g_usleep(20000);
    g_assert_cmpint(platform_count(sql), ==, wanted);
}

int platform_run(const char *name, const TTest *const *tests, size_t test_count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    int failed;

    for (size_t i = 0; i < test_count; i++)
        tcase_add_test(tcase, tests[i]);
    tcase_add_checked_fixture(tcase, platform_begin, platform_end);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
