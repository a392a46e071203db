/* The reference API map: it reads, and all of its steps can be rendered. */
#include "shell/folder.h"
#include "traffic/api_case.h"

#include <string.h>

static char *reference_path(const char *name)
{
    const char *source = g_getenv("OMO_SOURCE_DIR");

    return g_build_filename(source != NULL ? source : "..", "scenarios/api", name, NULL);
}

static char *reference_text(const char *name)
{
    g_autofree char *path = reference_path(name);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    folder_assert_fine(error);
    return text;
}

START_TEST(test_every_step_renders)
{
    g_autofree char *map = reference_text("reference.yaml");
    g_autofree char *document = reference_text("reference.openapi.yaml");
    struct api_case c;

    folder_write("reference.openapi.yaml", document);
    api_case_open(&c, map);
    for (uint32_t i = 0; i < api_variable_count(c.map); i++)
        c.variable[i] = (struct api_text){"7", 1};
    for (uint32_t step = 0; step < STEP_request; step++) {
        uint32_t count;
        uint32_t first = api_step_requests(c.map, step, &count);
        ck_assert_msg(count > 0, "%s", step_name(step));
        for (uint32_t i = 0; i < count; i++)
            ck_assert_msg(api_render(c.map, first + i, &c.values, c.room, sizeof(c.room),
                                     &c.message) == API_RENDERED,
                          "%s", api_request(c.map, first + i)->name);
    }
    api_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_every_step_renders};

    return folder_run("traffic/api_reference", tests, G_N_ELEMENTS(tests));
}
