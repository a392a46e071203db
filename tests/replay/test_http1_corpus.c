/* What the fuzz target runs over, without a fuzzer: each file of the corpus cut everywhere, then each
 * with bytes changed, cut at two places. OMO_SEED sets the seed. */
#include "replay/http1_case.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 300 /* for each file */

static uint32_t next_random(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*state >> 33) % below);
}

static void run_file(const char *path, uint64_t *state)
{
    g_autofree char *bytes = NULL;
    gsize size;

    ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
    http1_case_check_cuts(bytes, size, false);
    http1_case_check_cuts(bytes, size, true);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        g_autofree char *copy = g_memdup2(bytes, size);
        const gsize left = next_random(state, 4) == 0 ? next_random(state, (uint32_t)size) : size;
        for (uint32_t k = next_random(state, 4); k > 0 && left > 0; k--)
            copy[next_random(state, (uint32_t)left)] = (char)next_random(state, 256);
        const size_t first = next_random(state, (uint32_t)left + 1);
        http1_case_check_pair(copy, left, first, first + next_random(state, 20), i % 8 == 0);
    }
}

START_TEST(test_corpus)
{
    const char *seed = getenv("OMO_SEED");
    uint64_t state = seed != NULL ? strtoull(seed, NULL, 10) : 1;
    uint32_t count = 0;
    g_autofree char *folder =
        g_build_filename(getenv("OMO_SOURCE_DIR"), "tests", "replay", "corpus", "http1", NULL);
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);

    printf("OMO_SEED=%" G_GUINT64_FORMAT "\n", state);
    ck_assert_ptr_nonnull(entries);
    for (const char *name; (name = g_dir_read_name(entries)) != NULL; count++) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        run_file(path, &state);
    }
    ck_assert_uint_gt(count, 20);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http1_corpus");
    TCase *tcase = tcase_create("http1_corpus");

    tcase_add_test(tcase, test_corpus);
    tcase_set_timeout(tcase, 300);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
