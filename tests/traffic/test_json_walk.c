/* Ways through a JSON tree: pointers, "*", up and to the side. */
#include "traffic/json_walk.h"

#include "shell/folder.h"

#include <string.h>

static const char *const text =
    "{\"a\": [{\"n\": 1, \"m\": {\"x\": 2, \"y\": 3}}, {\"n\": 4}, [5, 6]],"
    " \"~/\": 7, \"\": 8, \"01\": 9, \"e\": []}";

static bool append(void *user, const struct json_place *place)
{
    g_autofree char *where = json_place_text(place);

    g_string_append_printf(user, "%s ", where);
    return true;
}

/* Pointers of all that a walk leads to from a place that another, absolute, leads to first. */
static char *walk_from(const char *from, const char *pointer)
{
    json_t *root = json_loads(text, 0, NULL);
    size_t offset;
    struct json_walk *first = json_walk_new(from, false, &offset);
    struct json_walk *walk = json_walk_new(pointer, true, &offset);
    struct json_place place;
    GString *found = g_string_new(NULL);

    ck_assert(root != NULL && first != NULL && walk != NULL);
    json_place_begin(&place, root);
    for (uint32_t i = 0; i < first->count; i++) { /* as a walk does, step by step */
        const json_t *holder = json_place_value(&place);
        const struct json_walk_step *step = &first->step[i];
        const bool list = json_is_array(holder);
        place.spot[place.depth++] = (struct json_spot){list ? json_array_get(holder, step->index)
                                                            : json_object_get(holder, step->key),
                                                       list ? NULL : step->key, step->index};
    }
    json_walk_go(walk, &place, append, found);
    json_walk_free(first);
    json_walk_free(walk);
    json_decref(root);
    return g_string_free(found, FALSE);
}

static void assert_walk(const char *from, const char *pointer, const char *expected)
{
    g_autofree char *found = walk_from(from, pointer);

    ck_assert_msg(strcmp(found, expected) == 0, "%s from %s: '%s', not '%s'", pointer, from, found,
                  expected);
}

START_TEST(test_down)
{
    assert_walk("", "", " ");
    assert_walk("", "/a", "/a ");
    assert_walk("", "/a/0/m/y", "/a/0/m/y ");
    assert_walk("", "/a/1", "/a/1 ");
    assert_walk("", "/a/01", "");
    assert_walk("", "/a/3", "");
    assert_walk("", "/a/n", "");
    assert_walk("", "/b", "");
    assert_walk("", "/~0~1", "/~0~1 ");
    assert_walk("", "/", "/ ");
    assert_walk("", "/01", "/01 ");
    assert_walk("", "/a/0/n/x", "");
}
END_TEST

START_TEST(test_each)
{
    assert_walk("", "/a/*", "/a/0 /a/1 /a/2 ");
    assert_walk("", "/a/*/n", "/a/0/n /a/1/n ");
    assert_walk("", "/a/*/*", "/a/0/n /a/0/m /a/1/n /a/2/0 /a/2/1 ");
    assert_walk("", "/a/*/m/*", "/a/0/m/x /a/0/m/y ");
    assert_walk("", "/e/*", "");
    assert_walk("", "/a/0/n/*", "");
    assert_walk("/a/0", "/m/*", "/a/0/m/x /a/0/m/y ");
}
END_TEST

START_TEST(test_relative)
{
    assert_walk("/a/0/m/x", "0", "/a/0/m/x ");
    assert_walk("/a/0/m/x", "1/y", "/a/0/m/y ");
    assert_walk("/a/0/m/x", "2/n", "/a/0/n ");
    assert_walk("/a/0/m/x", "3/1/n", "/a/1/n ");
    assert_walk("/a/0/m/x", "4", " ");
    assert_walk("/a/0/m/x", "5", "");
    assert_walk("/a/0/m/x", "0#", "/a/0/m/x ");
    assert_walk("", "0#", "");
    assert_walk("/a/1", "0-1", "/a/0 ");
    assert_walk("/a/1", "0+1/0", "/a/2/0 ");
    assert_walk("/a/1", "0+2", "");
    assert_walk("/a/1", "0-2", "");
    assert_walk("/a/0/m", "0+1", "");
    assert_walk("/a/0/m", "1+1/n", "/a/1/n ");
}
END_TEST

START_TEST(test_bad_pointers)
{
    static const struct {
        const char *text;
        bool relative;
        size_t offset;
    } cases[] = {
        {"a", false, 0},   {"0/a", false, 0}, {"a", true, 0},    {"/a~2", false, 2},
        {"/~", false, 1},  {"01/a", true, 2}, {"1x", true, 1},   {"0+/a", true, 2},
        {"0#/a", true, 2}, {"0+0", true, 3},  {"-1/a", true, 0}, {"1234567890/a", true, 9},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        size_t offset = 99;
        ck_assert_msg(json_walk_new(cases[i].text, cases[i].relative, &offset) == NULL, "%s",
                      cases[i].text);
        ck_assert_msg(offset == cases[i].offset, "%s: %zu", cases[i].text, offset);
    }
    g_autoptr(GString) deep = g_string_new(NULL);
    for (uint32_t i = 0; i <= JSON_WALK_STEPS_MAX; i++)
        g_string_append(deep, "/a");
    size_t offset;
    ck_assert_ptr_null(json_walk_new(deep->str, false, &offset));
    ck_assert_uint_eq(offset, 2 * JSON_WALK_STEPS_MAX);
    g_string_truncate(deep, 2 * JSON_WALK_STEPS_MAX);
    struct json_walk *walk = json_walk_new(deep->str, false, &offset);
    ck_assert_ptr_nonnull(walk);
    json_walk_free(walk);
    json_walk_free(NULL);
}
END_TEST

static bool stop(void *user, const struct json_place *place)
{
    (void)place;
    return --*(int *)user > 0;
}

START_TEST(test_a_visit_may_end_it)
{
    json_t *root = json_loads(text, 0, NULL);
    size_t offset;
    struct json_walk *walk = json_walk_new("/a/*/*", false, &offset);
    struct json_place place;
    int left = 2;

    json_place_begin(&place, root);
    ck_assert(!json_walk_go(walk, &place, stop, &left));
    ck_assert_int_eq(left, 0);
    left = 99;
    ck_assert(json_walk_go(walk, &place, stop, &left));
    ck_assert_int_eq(left, 94);
    ck_assert(json_walk_exists(walk, &place));
    json_walk_free(walk);
    walk = json_walk_new("/b/*/c", false, &offset);
    ck_assert(!json_walk_exists(walk, &place));
    json_walk_free(walk);
    json_decref(root);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_down, test_each, test_relative, test_bad_pointers,
                                  test_a_visit_may_end_it};

    return folder_run("traffic/json_walk", tests, G_N_ELEMENTS(tests));
}
