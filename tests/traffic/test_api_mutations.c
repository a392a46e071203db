/* API maps that something happened to: the reference map and its OpenAPI document with bytes changed,
 * lines lost, doubled and swapped. Whatever is left of them, it is read or refused with a position;
 * what is read can be rendered and judged. */
#include "conformance/seed.h"
#include "shell/folder.h"
#include "traffic/api_case.h"

#include <string.h>

#define MUTATIONS 400

static char *reference_text(const char *name)
{
    const char *source = g_getenv("OMO_SOURCE_DIR");
    g_autofree char *path =
        g_build_filename(source != NULL ? source : "..", "scenarios/api", name, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    folder_assert_fine(error);
    return text;
}

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

/* Returns whether the map was read. */
static bool use(struct api_case *c)
{
    static const struct api_text none[API_WANTED_MAX];
    static const char body[] = "{\"token\": \"t\", \"id\": 1, \"cart\": \"c\", \"total_cents\": 5}";
    const struct api_reply reply = {201, {body, sizeof(body) - 1}, none};
    g_autoptr(GError) error = NULL;
    g_autoptr(ApiMap) map = api_read("map.yaml", NULL, &error);

    if (map == NULL) {
        ck_assert_msg(strstr(error->message, ".yaml") != NULL, "%s", error->message);
        return false;
    }
    for (uint32_t i = 0; i < api_request_count(map) - 1; i++) {
        if (api_render(map, i, &c->values, c->room, sizeof(c->room), &c->message) == API_RENDERED)
            g_free(api_to_curl(map, &c->message, "http://h"));
        api_judge(map, i, &reply, c->room, sizeof(c->room), c->captured);
    }
    return true;
}

START_TEST(test_mutations)
{
    g_autofree char *map = reference_text("reference.yaml");
    g_autofree char *document = reference_text("reference.openapi.yaml");
    uint64_t state = seed_take();
    struct api_case c;
    uint32_t read = 0;

    folder_write("reference.openapi.yaml", document);
    api_case_open(&c, map);
    for (uint32_t i = 0; i < MUTATIONS; i++) {
        bool of_map = i % 4 != 0;
        g_autoptr(GString) text = g_string_new(of_map ? map : document);
        if (i % 2 == 0)
            mutate_bytes(text, &state);
        else
            mutate_lines(text, &state);
        folder_write("map.yaml", of_map ? text->str : map);
        folder_write("reference.openapi.yaml", of_map ? document : text->str);
        read += use(&c);
    }
    ck_assert_uint_gt(read, MUTATIONS / 20); /* comments, help texts and the like */
    ck_assert_uint_lt(read, MUTATIONS * 9 / 10);
    api_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_mutations};

    return folder_run("traffic/api_mutations", tests, G_N_ELEMENTS(tests));
}
