/* The routes of the service are the operations of its OpenAPI document, each and no other. */
#include <check.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

static const struct {
    const char *method, *path;
} routes[] = {
#define ROUTE(method, path, handler, access, writes) {#method, path},
#include "backend/routes.def"
#undef ROUTE
};

static char *text; /* of the document */

static void read_document(void)
{
    const char *source = g_getenv("OMO_SOURCE_DIR");
    g_autofree char *path = g_build_filename(source != NULL ? source : "..", "scenarios", "api",
                                             "reference.openapi.yaml", NULL);

    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
}

/* Whether a path of the document has an operation of this method. */
static bool has_operation(const char *path, const char *method)
{
    g_autofree char *head = g_strdup_printf("\n  %s:\n", path);
    g_autofree char *lower = g_ascii_strdown(method, -1);
    g_autofree char *operation = g_strdup_printf("\n    %s:\n", lower);
    const char *at = strstr(text, head);

    if (at == NULL)
        return false;
    const char *end = strstr(at + strlen(head) - 1, "\n  /");
    const char *found = strstr(at + strlen(head) - 1, operation);
    return found != NULL && (end == NULL || found < end);
}

static size_t count_of(const char *part)
{
    size_t count = 0;

    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

START_TEST(test_routes)
{
    read_document();

    for (size_t i = 0; i < G_N_ELEMENTS(routes); i++)
        ck_assert_msg(has_operation(routes[i].path, routes[i].method),
                      "%s %s is not in the document", routes[i].method, routes[i].path);
    ck_assert_uint_eq(count_of("\n      operationId: "), G_N_ELEMENTS(routes));
    g_clear_pointer(&text, g_free);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("document");
    TCase *tcase = tcase_create("document");
    int failed;

    tcase_add_test(tcase, test_routes);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
