/* The corpus of the fuzz target without a fuzzer: API maps good and bad, and the reference map and its
 * OpenAPI document with bytes changed, lines lost, doubled and swapped. */
#include "conformance/seed.h"
#include "shell/folder.h"
#include "traffic/api_chew.h"

#include <string.h>

#define MUTATIONS 400

/* Path of a file below the sources. Caller frees. */
static char *source_path(const char *folder, const char *name)
{
    const char *source = g_getenv("OMO_SOURCE_DIR");

    ck_assert_ptr_nonnull(source);
    return g_build_filename(source, folder, name, NULL);
}

static char *source_text(const char *folder, const char *name)
{
    g_autofree char *path = source_path(folder, name);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    folder_assert_fine(error);
    return text;
}

/* Names begin with good_ or bad_. */
START_TEST(test_corpus)
{
    g_autofree char *folder = source_path("tests/traffic", "corpus_api");
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    uint32_t count = 0;

    ck_assert_ptr_nonnull(entries);
    for (const char *name; (name = g_dir_read_name(entries)) != NULL; count++) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        ck_assert_msg(api_chew_map(path) == g_str_has_prefix(name, "good_"), "%s", name);
    }
    ck_assert_uint_gt(count, 15);
}
END_TEST

static void mutate_bytes(GString *text, uint64_t *state)
{
    static const char liked[] = "{}[]:,'\"|-#&*!%@~?\n\t \\0x/$";

    if (text->len == 0)
        return;
    for (uint64_t n = 1 + seed_next(state) % 4; n > 0; n--)
        text->str[seed_next(state) % text->len] = liked[seed_next(state) % (sizeof(liked) - 1)];
}

static void mutate_lines(GString *text, uint64_t *state)
{
    g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);
    uint32_t count = g_strv_length(lines);
    uint32_t victim = (uint32_t)(seed_next(state) % count);
    uint32_t other = (uint32_t)(seed_next(state) % count);
    uint64_t what = seed_next(state) % 4;

    g_string_truncate(text, 0);
    for (uint32_t i = 0; i < count; i++) {
        if (what == 0 && i == victim)
            continue;
        g_string_append_printf(text, "%s\n", what == 1 && i == victim ? lines[other] : lines[i]);
        if (what == 2 && i == victim)
            g_string_append_printf(text, "%s\n", lines[other]);
        if (what == 3 && i == victim)
            break;
    }
}

START_TEST(test_mutations)
{
    g_autofree char *map = source_text("scenarios/api", "reference.yaml");
    g_autofree char *document = source_text("scenarios/api", "reference.openapi.yaml");
    uint64_t state = seed_take();
    uint32_t read = 0;

    for (uint32_t i = 0; i < MUTATIONS; i++) {
        bool of_map = i % 4 != 0;
        g_autoptr(GString) text = g_string_new(of_map ? map : document);
        if (i % 2 == 0)
            mutate_bytes(text, &state);
        else
            mutate_lines(text, &state);
        folder_write("map.yaml", of_map ? text->str : map);
        folder_write("reference.openapi.yaml", of_map ? document : text->str);
        read += api_chew_map("map.yaml");
    }
    ck_assert_uint_gt(read, MUTATIONS / 20); /* comments, help texts and the like */
    ck_assert_uint_lt(read, MUTATIONS * 9 / 10);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_corpus, test_mutations};

    return folder_run("traffic/api_mutations", tests, G_N_ELEMENTS(tests));
}
