/* The corpus of the fuzz target without a fuzzer: requests, good and bad, in the order of their names,
 * and changed ones of them. Whatever comes, there is an answer below 500 or none, the shop goes on,
 * and its books agree with their ledgers. */
#include "backend/platform_case.h"
#include "backend/request_chew.h"
#include "shell/mutate.h"

#include <stdlib.h>
#include <string.h>

static int compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *corpus(void)
{
    const char *source = getenv("OMO_SOURCE_DIR");
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    ck_assert_ptr_nonnull(source);
    g_autofree char *folder = g_build_filename(source, "tests", "backend", "corpus", NULL);
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    ck_assert_ptr_nonnull(entries);
    for (const char *name; (name = g_dir_read_name(entries)) != NULL;)
        g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(paths, compare);
    ck_assert_uint_gt(paths->len, 20);
    return paths;
}

/* Names are NN_good_... or NN_bad_...: 2xx or 4xx. */
START_TEST(test_requests)
{
    g_autoptr(GPtrArray) paths = corpus();

    request_chew_begin();
    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autofree char *text = NULL;
        gsize size;
        ck_assert(g_file_get_contents(path, &text, &size, NULL));
        const int status = request_chew(text, size);
        ck_assert_msg(status / 100 == (strstr(path, "_good_") != NULL ? 2 : 4), "%s: %d", path,
                      status);
    }
    request_chew_end();
    ck_assert(request_chew_books_agree());
}
END_TEST

/* What changes put into a text. */
static const char *const pieces[] = {"\"",
                                     "\\",
                                     "\r\n",
                                     "{",
                                     "}",
                                     ":",
                                     "null",
                                     "-1",
                                     "999999999999999999999",
                                     "[",
                                     "\xff",
                                     "%00",
                                     "%2f",
                                     "\r\n\r\n",
                                     " ",
                                     "\t",
                                     "1e400",
                                     "Transfer-Encoding: chunked\r\n",
                                     "'",
                                     "é",
                                     ";--",
                                     "{{",
                                     "Content-Length: 3\r\n",
                                     "0",
                                     "true",
                                     "\\ud800",
                                     "HTTP/1.0",
                                     "?"};

START_TEST(test_changed)
{
    g_autoptr(GPtrArray) paths = corpus();
    uint32_t state = 1, answered = 0;

    request_chew_begin();
    for (int round = 0; round < 25; round++)
        for (guint i = 0; i < paths->len; i++) {
            g_autofree char *text = NULL;
            gsize size;
            ck_assert(g_file_get_contents(g_ptr_array_index(paths, i), &text, &size, NULL));
            g_autoptr(GString) mutated =
                mutate(text, size, pieces, G_N_ELEMENTS(pieces), 2, &state);
            answered += request_chew(mutated->str, mutated->len) != 0;
        }
    ck_assert_uint_gt(answered, 25 * paths->len / 4);
    request_chew_end();
    ck_assert(request_chew_books_agree());
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_requests, test_changed};

    return platform_run("corpus", tests, G_N_ELEMENTS(tests));
}
