/* The corpus of the fuzz target without a fuzzer: a small plan cut at every byte and with every byte
 * changed, files of recorded traffic, good and bad, and changed ones of them. */
#include "shell/folder.h"
#include "shell/mutate.h"
#include "traffic/chew.h"
#include "traffic/samples.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the records of a plan begin. */
static size_t records_at(const char *bytes)
{
    return sizeof(omo_plan_header) + ((const omo_plan_header *)(const void *)bytes)->names_size;
}

static void write_bytes(const char *path, const char *bytes, size_t size)
{
    ck_assert(g_file_set_contents(path, bytes, (gssize)size, NULL));
}

START_TEST(test_plan_cut_anywhere)
{
    g_autofree char *bytes = NULL;
    gsize size;

    samples_write("a.plan");
    ck_assert(g_file_get_contents("a.plan", &bytes, &size, NULL));
    ck_assert(chew_plan("a.plan"));
    for (gsize cut = 0; cut < size; cut++) {
        g_autoptr(GError) error = NULL;
        write_bytes("cut.plan", bytes, cut);
        ck_assert(!chew_plan("cut.plan"));
        ck_assert_ptr_null(plan_open("cut.plan", &error));
        if (cut >= records_at(bytes))
            ck_assert_msg(strstr(error->message, "cut after ") != NULL, "%zu: %s", cut,
                          error->message);
    }
}
END_TEST

/* The checksum finds each change of a record; the rest of the file may say something else. */
START_TEST(test_plan_changed_anywhere)
{
    static const char changes[] = {1, -128, -1};
    g_autofree char *bytes = NULL;
    gsize size;

    samples_write("a.plan");
    ck_assert(g_file_get_contents("a.plan", &bytes, &size, NULL));
    for (gsize at = 0; at < size; at++)
        for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
            bytes[at] ^= changes[i];
            write_bytes("changed.plan", bytes, size);
            bytes[at] ^= changes[i];
            const bool whole = chew_plan("changed.plan");
            ck_assert_msg(!whole || at < records_at(bytes), "byte %zu: not noticed", at);
        }
}
END_TEST

/* Blocks in another order, twice, left out: each is a record of its own. */
START_TEST(test_plan_blocks_moved)
{
    g_autofree char *bytes = NULL;
    gsize size;

    samples_write("a.plan");
    ck_assert(g_file_get_contents("a.plan", &bytes, &size, NULL));
    const gsize begin = records_at(bytes);
    for (gsize a = begin; a < size; a += 32)
        for (gsize b = begin; b < size; b += 32) {
            g_autofree char *moved = g_memdup2(bytes, size);
            memcpy(moved + a, bytes + b, 32);
            write_bytes("moved.plan", moved, size);
            const bool same = memcmp(moved, bytes, size) == 0;
            ck_assert(chew_plan("moved.plan") == same);
        }
}
END_TEST

static enum traffic_format format_of(const char *name)
{
    enum traffic_format format;
    const char *suffix = strrchr(name, '.');

    ck_assert_ptr_nonnull(suffix);
    ck_assert(traffic_format_find(suffix + 1, &format, NULL));
    return format;
}

static GPtrArray *corpus(void)
{
    const char *source = getenv("OMO_SOURCE_DIR");
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    ck_assert_ptr_nonnull(source);
    g_autofree char *folder = g_build_filename(source, "tests", "traffic", "corpus", NULL);
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    ck_assert_ptr_nonnull(entries);
    for (const char *name; (name = g_dir_read_name(entries)) != NULL;)
        g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    ck_assert_uint_gt(paths->len, 20);
    return paths;
}

/* Names begin with good_ or bad_. */
START_TEST(test_recorded)
{
    g_autoptr(GPtrArray) paths = corpus();

    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autofree char *name = g_path_get_basename(path);
        const bool taken = chew_import(format_of(name), path, "out.plan");
        ck_assert_msg(taken == g_str_has_prefix(name, "good_"), "%s: %s", name,
                      taken ? "is accepted" : "is refused");
    }
}
END_TEST

/* What changes put into a text. */
static const char *const pieces[] = {"\"", "\\",   "\\x0", "{",   "}",   ",",    ":",  "\n",
                                     "[",  "]",    " ",    "GET", "999", "\xff", "\t", "null",
                                     "é",  "\\\"", "-",    "+",   "%",   "\r",   "=",  "2038-"};

START_TEST(test_recorded_changed)
{
    g_autoptr(GPtrArray) paths = corpus();
    uint32_t state = 1;

    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autofree char *name = g_path_get_basename(path);
        g_autofree char *text = NULL;
        gsize size;
        ck_assert(g_file_get_contents(path, &text, &size, NULL));
        for (int round = 0; round < 60; round++) {
            g_autoptr(GString) mutated =
                mutate(text, size, pieces, G_N_ELEMENTS(pieces), 3, &state);
            write_bytes("mutated", mutated->str, mutated->len);
            (void)chew_import(format_of(name), "mutated", "out.plan");
        }
    }
}
END_TEST

int main(void)
{
    if (access("/dev/shm", W_OK) == 0) /* thousands of files, each flushed: no disk for that */
        g_setenv("TMPDIR", "/dev/shm", TRUE);
    const TTest *const tests[] = {test_plan_cut_anywhere, test_plan_changed_anywhere,
                                  test_plan_blocks_moved, test_recorded, test_recorded_changed};
    return folder_run("corpus", tests, G_N_ELEMENTS(tests));
}
