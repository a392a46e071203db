/* YAML with positions: what is read, what is refused and where, includes, overrides. */
#include "shell/folder.h"
#include "shell/node.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static Node *node_text_read(const char *text, GError **ret_error)
{
    return node_read_text(text, strlen(text), "t.yaml", ret_error);
}

static void assert_refused(const char *text, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Node) root = node_text_read(text, &error);

    ck_assert_ptr_null(root);
    folder_assert_error(error, message);
}

static void assert_text(const Node *node, const char *expected)
{
    g_autofree char *text = node_to_text(node, 200);
    ck_assert_str_eq(text, expected);
}

static void assert_at(struct text_position at, const char *expected)
{
    g_autofree char *text = diagnostic_position_text(at);
    ck_assert_str_eq(text, expected);
}

START_TEST(test_tree)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Node) root = node_text_read("run:\n"
                                          "  days: 3   # a comment\n"
                                          "  \"name\": '太原, x'\n"
                                          "list: [a, {b: 1}, ~, \"\"]\n"
                                          "none:\n",
                                          &error);
    folder_assert_fine(error);
    const Node *run = node_get(root, "run");
    const Node *list = node_get(root, "list");

    ck_assert_int_eq(node_kind(root), NODE_MAPPING);
    ck_assert_uint_eq(node_count(root), 3);
    ck_assert_str_eq(node_text(node_get(run, "days")), "3");
    ck_assert_str_eq(node_text(node_get(run, "name")), "太原, x");
    ck_assert_ptr_null(node_text(run));
    ck_assert_ptr_null(node_get(run, "dayz"));
    ck_assert_ptr_null(node_get(list, "b"));
    assert_at(node_position(node_get(run, "days")), "t.yaml:2:9");
    assert_at(node_key_position(run, 1), "t.yaml:3:3");
    assert_at(node_position(node_child(list, 1)), "t.yaml:4:11");
    assert_at(node_text_position(node_get(run, "name"), strlen("太原")), "t.yaml:3:14");
    ck_assert(node_is_null(node_child(list, 2)) && !node_is_empty(node_child(list, 2)));
    ck_assert(!node_is_null(node_child(list, 3)) && !node_is_empty(node_child(list, 3)));
    ck_assert(node_is_empty(node_get(root, "none")));
    assert_text(root, "{run: {days: 3, name: \"太原, x\"}, list: [a, {b: 1}, ~, \"\"], none: }");

    g_autofree char *cut = node_to_text(root, 10);
    ck_assert_str_eq(cut, "{run: {day...");
}
END_TEST

START_TEST(test_many_keys)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 5000; i++)
        g_string_append_printf(text, "key%d: %d\n", i, i);
    g_autoptr(Node) root = node_text_read(text->str, &error);
    folder_assert_fine(error);
    ck_assert_str_eq(node_text(node_get(root, "key4999")), "4999");
    ck_assert(node_remove(root, "key0"));
    ck_assert(!node_remove(root, "key0"));
    ck_assert_str_eq(node_key(root, 0), "key1");
    ck_assert_str_eq(node_text(node_get(root, "key4999")), "4999");
    g_string_append(text, "key17: x\n");
    assert_refused(text->str, "t.yaml:5001:1: key 'key17' stands here twice, first at t.yaml:18:1");
}
END_TEST

START_TEST(test_anchors)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Node) root = node_text_read("&k base: &b {x: &v 1, y: [2]}\n"
                                          "other: *b\n"
                                          "again: *v\n"
                                          "*k : last\n",
                                          &error);
    ck_assert_ptr_null(root);
    folder_assert_error(error, "t.yaml:4:1: key 'base' stands here twice, first at t.yaml:1:4");

    root = node_text_read("base: &b {x: &v 1, y: [2]}\nother: *b\nagain: *v\n", &error);
    folder_assert_fine(error);
    assert_text(root, "{base: {x: 1, y: [2]}, other: {x: 1, y: [2]}, again: 1}");
    assert_at(node_position(node_get(node_get(root, "base"), "x")), "t.yaml:1:17");
    ck_assert(node_set(root, "other.x", "5", NULL, &error));
    assert_text(root, "{base: {x: 1, y: [2]}, other: {x: 5, y: [2]}, again: 1}");

    assert_refused("a: *b\n", "t.yaml:1:4: no anchor 'b' stands before this alias");
}
END_TEST

START_TEST(test_bomb)
{
    g_autoptr(GString) text = g_string_new("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    g_autoptr(GError) error = NULL;

    for (int i = 1; i < 30; i++) {
        g_string_append_printf(text, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++)
            g_string_append_printf(text, "%s*a%d", j == 0 ? "" : ", ", i - 1);
        g_string_append(text, "]\n");
    }
    g_autoptr(Node) root = node_text_read(text->str, &error);
    ck_assert_ptr_null(root);
    ck_assert_ptr_nonnull(error);
    ck_assert_ptr_nonnull(strstr(error->message, ": aliases add more than 200000 values"));
}
END_TEST

START_TEST(test_refused)
{
    assert_refused("a: 1\nb: 2\na: 3\n",
                   "t.yaml:3:1: key 'a' stands here twice, first at t.yaml:1:1");
    assert_refused("a: !!str 1\n",
                   "t.yaml:1:4: tags are not supported, found 'tag:yaml.org,2002:str'");
    assert_refused("a: &x [*x]\n", "t.yaml:1:8: no anchor 'x' stands before this alias");
    assert_refused("a: &x 1\nb: *y\n",
                   "t.yaml:2:4: no anchor 'y' stands before this alias (one of x)");
    assert_refused("[a]: 1\n", "t.yaml:1:1: a key must be a text, found a list");
    assert_refused("<<: 1\n",
                   "t.yaml:1:1: merge keys ('<<') are not supported: use include or points");
    assert_refused("a: 1\n---\nb: 1\n", "t.yaml:2:1: expected one document, a second begins here");
    assert_refused("a: b: c\n",
                   "t.yaml:1:5: not valid YAML: mapping values are not allowed in this context");
    assert_refused("a: [1, 2\nb: 3\n", "t.yaml:2:2: not valid YAML: did not find expected ',' or "
                                       "']', while parsing a flow sequence that began on line 1");
    assert_refused("a:\n\tb: 1\n", "t.yaml:2:1: not valid YAML: a tab cannot indent, use blanks");
    assert_refused("a: @x\n",
                   "t.yaml:1:4: not valid YAML: a value cannot begin with '@', quote it");
    assert_refused("a: 'x\n", "t.yaml:2:1: not valid YAML: found unexpected end of stream, while "
                              "scanning a quoted scalar that began on line 1");
    assert_refused("a: \"\\0\"\n", "t.yaml:1:4: a text cannot hold a NUL character");
    assert_refused("a: 1\nb: 太\xff\n",
                   "t.yaml:2:5: not a text file: byte 0xff is not valid UTF-8 here");
    assert_refused("a: 1\nb: x\x01y\n",
                   "t.yaml:2:5: not valid YAML: control characters are not allowed");

    g_autoptr(GError) error = NULL;
    g_autoptr(Node) root = node_read_text("a: 1\nb\0c", 8, "t.yaml", &error);
    ck_assert_ptr_null(root);
    folder_assert_error(error, "t.yaml:2:2: not a text file: it has a NUL byte here");
}
END_TEST

START_TEST(test_depth)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 64; i++)
        g_string_append_c(text, '[');
    for (int i = 0; i < 64; i++)
        g_string_append_c(text, ']');
    node_free(node_text_read(text->str, &error));
    folder_assert_fine(error);
    g_string_prepend_c(text, '[');
    g_string_append_c(text, ']');
    assert_refused(text->str, "t.yaml:1:65: nested deeper than 64");

    g_string_assign(text, "");
    for (int i = 0; i < 100000; i++)
        g_string_append_c(text, '{');
    assert_refused(text->str, "t.yaml:1:65: nested deeper than 64");
}
END_TEST

static void assert_file_refused(const char *path, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Node) root = node_read_file(path, NULL, &error);
    ck_assert_ptr_null(root);
    folder_assert_error(error, message);
}

START_TEST(test_files)
{
    folder_write("empty.yaml", "");
    folder_write("comments.yaml", "# nothing\n");
    folder_write("list.yaml", "\n- a\n");
    folder_write("bom.yaml", "\xef\xbb\xbf"
                             "a: 1\n");
    ck_assert_int_eq(mkdir("folder", 0755), 0);
    folder_write("huge.yaml", "a: 1\n");
    ck_assert_int_eq(truncate("huge.yaml", (off_t)2 << 30), 0);

    assert_file_refused("empty.yaml",
                        "empty.yaml:1:1: expected a mapping at the top, the file is empty");
    assert_file_refused("comments.yaml",
                        "comments.yaml:1:1: expected a mapping at the top, the file is empty");
    assert_file_refused("list.yaml", "list.yaml:2:1: expected a mapping at the top, found a list");
    assert_file_refused("folder", "folder: cannot be read: it is a directory");
    assert_file_refused("none.yaml", "none.yaml: cannot be read: No such file or directory");
    assert_file_refused("huge.yaml", "huge.yaml: cannot be read: it is larger than 64 MiB; bulk "
                                     "data belongs in CSV tables");
    assert_file_refused("/dev/zero", "/dev/zero: cannot be read: it is larger than 64 MiB; bulk "
                                     "data belongs in CSV tables");

    g_autoptr(GError) error = NULL;
    g_autoptr(Node) root = node_read_file("bom.yaml", NULL, &error);
    folder_assert_fine(error);
    assert_text(root, "{a: 1}");
    assert_at(node_key_position(root, 0), "bom.yaml:1:1");
}
END_TEST

START_TEST(test_include)
{
    g_autoptr(GError) error = NULL;

    ck_assert_int_eq(mkdir("sub", 0755), 0);
    folder_write("top.yaml", "include: [sub/one.yaml, two.yaml]\nrun: {days: 9}\nlist: [z]\n");
    folder_write("sub/one.yaml", "include: three.yaml\nrun: {days: 1, seed: 2}\nlist: [a, b]\n");
    folder_write("sub/three.yaml", "run: {days: 0, warm_up: 3}\n");
    folder_write("two.yaml", "costs: {rent: 5}\nrun: {seed: 7}\n");
    g_autoptr(Node) root = node_read_file("top.yaml", NULL, &error);
    folder_assert_fine(error);
    assert_text(root, "{run: {days: 9, warm_up: 3, seed: 7}, list: [z], costs: {rent: 5}}");
    assert_at(node_position(root), "top.yaml:1:1");
    const Node *run = node_get(root, "run");
    assert_at(node_position(node_get(run, "days")), "top.yaml:2:13");
    assert_at(node_position(node_get(run, "warm_up")), "sub/three.yaml:1:25");
    assert_at(node_position(node_get(run, "seed")), "two.yaml:2:13");
}
END_TEST

START_TEST(test_include_refused)
{
    folder_write("a.yaml", "x: 1\ninclude: b.yaml\n");
    folder_write("b.yaml", "include: [c.yaml]\n");
    folder_write("c.yaml", "include: ./a.yaml\n");
    folder_write("self.yaml", "include: self.yaml\n");
    folder_write("gone.yaml", "include: nowhere.yaml\n");
    folder_write("kind.yaml", "include: {x: 1}\n");
    folder_write("nothing.yaml", "include:\n");
    folder_write("broken.yaml", "include: list.yaml\n");
    folder_write("list.yaml", "[1]\n");
    assert_file_refused("a.yaml", "c.yaml:1:10: cyclic include: a.yaml:2:10 includes b.yaml, "
                                  "b.yaml:1:11 includes c.yaml, c.yaml:1:10 includes ./a.yaml");
    assert_file_refused("self.yaml",
                        "self.yaml:1:10: cyclic include: self.yaml:1:10 includes self.yaml");
    assert_file_refused("gone.yaml",
                        "gone.yaml:1:10: cannot include 'nowhere.yaml': No such file or directory");
    assert_file_refused("kind.yaml", "kind.yaml:1:10: include: expected a file name or a list of "
                                     "them, found a mapping");
    assert_file_refused("nothing.yaml", "nothing.yaml:1:9: include: expected a file name or a list "
                                        "of them, found nothing");
    assert_file_refused("broken.yaml",
                        "list.yaml:1:1: expected a mapping at the top, found a list");

    for (int i = 0; i < 20; i++) {
        g_autofree char *name = g_strdup_printf("d%d.yaml", i);
        g_autofree char *text = g_strdup_printf("include: [d%d.yaml, d%d.yaml]\n", i + 1, i + 1);
        folder_write(name, text);
    }
    assert_file_refused("d0.yaml", "d16.yaml:1:11: includes go deeper than 16 files");
    folder_write("d9.yaml", "x: 1\n");
    assert_file_refused("d0.yaml", "d8.yaml:1:20: more than 256 files are included");
}
END_TEST

static const struct node_shorthand shorthands[] = {
    {"routing", "policy"},
    {"places.*.stocking", "policy"},
    {NULL, NULL},
};

static Node *node_from(const char *text)
{
    g_autoptr(GError) error = NULL;
    Node *node = node_text_read(text, &error);
    folder_assert_fine(error);
    return node;
}

static void assert_merged(const char *base, const char *overlay, const char *expected)
{
    g_autoptr(Node) root = node_from(base);
    g_autoptr(Node) over = node_from(overlay);
    node_merge(root, over, shorthands);
    assert_text(root, expected);
}

START_TEST(test_merge)
{
    assert_merged("{a: {x: 1, y: [1]}, b: 2}", "{a: {y: [2, 3], z: 4}, c: 5}",
                  "{a: {x: 1, y: [2, 3], z: 4}, b: 2, c: 5}");
    assert_merged("{a: {x: 1}}", "{a: 2}", "{a: 2}");
    assert_merged("{a: 2}", "{a: {x: 1}}", "{a: {x: 1}}");
    assert_merged("{routing: {policy: nearest, radius: 3km}}", "{routing: cheapest}",
                  "{routing: {policy: cheapest, radius: 3km}}");
    assert_merged("{routing: nearest}", "{routing: {radius: 3km}}",
                  "{routing: {policy: nearest, radius: 3km}}");
    assert_merged("{routing: nearest}", "{routing: {policy: x}}", "{routing: {policy: x}}");
    assert_merged("{routing: {policy: nearest}}", "{routing: ~}", "{routing: ~}");
    assert_merged("{places: {a: {stocking: {policy: s, s: 3}}}}", "{places: {a: {stocking: q}}}",
                  "{places: {a: {stocking: {policy: q, s: 3}}}}");
    assert_merged("{other: {routing: {policy: x}}}", "{other: {routing: y}}",
                  "{other: {routing: y}}");
}
END_TEST

static void assert_set(const char *base, const char *argument, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Node) root = node_from(base);
    ck_assert_msg(node_set_argument(root, argument, shorthands, &error), "%s",
                  error == NULL ? "" : error->message);
    assert_text(root, expected);
}

static void assert_set_refused(const char *base, const char *argument, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Node) root = node_from(base);
    g_autofree char *before = node_to_canonical(root);
    ck_assert(!node_set_argument(root, argument, shorthands, &error));
    ck_assert_ptr_nonnull(error);
    ck_assert_str_eq(error->message, message);
    g_autofree char *after = node_to_canonical(root);
    ck_assert_str_eq(before, after);
}

START_TEST(test_set)
{
    assert_set("{a: {b: 1}}", "a.b=2", "{a: {b: 2}}");
    assert_set("{a: 1}", "b.c.d=[x, {y: 1}]", "{a: 1, b: {c: {d: [x, {y: 1}]}}}");
    assert_set("{a: 1}", "a=\"x=y, z\"", "{a: \"x=y, z\"}");
    assert_set("{routing: {policy: n, radius: 1}}", "routing=cheapest",
               "{routing: {policy: cheapest, radius: 1}}");
    assert_set("{routing: nearest}", "routing.radius=3km",
               "{routing: {policy: nearest, radius: 3km}}");
    assert_set("{routing: nearest}", "routing=cheapest", "{routing: cheapest}");
    assert_set("{routing: {policy: n, radius: 1}}", "routing={policy: x}",
               "{routing: {policy: x}}");
    assert_set("{places: [{id: s1, x: 1}, {name: s2, x: 2}]}", "places.s2.x=5",
               "{places: [{id: s1, x: 1}, {name: s2, x: 5}]}");
    assert_set("{places: [{id: s1, x: 1}, {name: s2, x: 2}]}", "places.0.x=5",
               "{places: [{id: s1, x: 5}, {name: s2, x: 2}]}");
    assert_set("{places: [{id: 1, x: 1}, {id: 0, x: 2}]}", "places.0.x=5",
               "{places: [{id: 1, x: 1}, {id: 0, x: 5}]}");
    assert_set("{l: [1, 2, 3]}", "l.2=9", "{l: [1, 2, 9]}");
    assert_set("{a: ~}", "a.b=1", "{a: {b: 1}}");
    assert_set("{a: {x.y: 1}}", "a.\"x.y\"=2", "{a: {x.y: 2}}");
    assert_set("{a: 1}", "a=~", "{a: ~}");

    g_autoptr(Node) root = node_from("{a: 1}");
    ck_assert(node_set(root, "太.c", "[1, x]", NULL, NULL));
    const Node *list = node_get(node_get(root, "太"), "c");
    assert_at(node_position(node_child(list, 1)), "--set:1:9");
    assert_at(node_key_position(node_get(root, "太"), 0), "--set:1:3");
}
END_TEST

START_TEST(test_set_refused)
{
    assert_set_refused("{a: 1}", "a",
                       "--set: expected path=value such as "
                       "routing.policy=cheapest, found 'a'");
    assert_set_refused("{a: 1}", "=2",
                       "--set: expected path=value such as "
                       "routing.policy=cheapest, found '=2'");
    assert_set_refused("{a: 1}", "a.b=2",
                       "--set:1:3: cannot set 'b' below 'a', which is the text "
                       "'1'");
    assert_set_refused("{a: 1}", "a..b=2", "--set:1:3: path 'a..b': a step is empty");
    assert_set_refused("{a: 1}", "a.=2", "--set:1:3: path 'a.': a step is empty");
    assert_set_refused("{a: 1}", "a.\"b=2",
                       "--set: expected path=value such as "
                       "routing.policy=cheapest, found 'a.\"b=2'");
    assert_set_refused("{a: 1}", "a=", "--set:1:3: no value for 'a' (an empty text is '\"\"')");
    assert_set_refused("{a: 1}", "a=[1, 2",
                       "--set:1:8: not valid YAML: did not find expected ',' "
                       "or ']', while parsing a flow sequence that began on "
                       "line 1");
    assert_set_refused("{p: [{id: north}]}", "p.nort.x=2",
                       "--set:1:3: no item 'nort' in a list of 1, did you mean 'north'? (one of "
                       "north)");
    assert_set_refused("{p: [1]}", "p.1=2", "--set:1:3: no item '1' in a list of 1");
}
END_TEST

START_TEST(test_canonical)
{
    g_autoptr(Node) a = node_from("a: &x {b: 1, c: 'x\"'}\nd: *x\ne: [~, '~']\n");
    g_autoptr(Node) b = node_from("# same\n{a: {b: \"1\", c: 'x\"'},\n d: {b: 1, c: 'x\"'}, e: "
                                  "[null, '~']}");
    g_autoptr(Node) c = node_copy(a);
    g_autofree char *a_text = node_to_canonical(a);
    g_autofree char *b_text = node_to_canonical(b);
    g_autofree char *c_text = node_to_canonical(c);

    ck_assert_str_eq(a_text, b_text);
    ck_assert_str_eq(a_text, c_text);
    ck_assert_str_eq(a_text, "{\"a\":{\"b\":\"1\",\"c\":\"x\\\"\"},\"d\":{\"b\":\"1\",\"c\":"
                             "\"x\\\"\"},\"e\":[~,\"~\"]}");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_tree,      test_many_keys, test_anchors,
        test_bomb,      test_refused,   test_depth,
        test_files,     test_include,   test_include_refused,
        test_merge,     test_set,       test_set_refused,
        test_canonical,
    };
    return folder_run("node", tests, G_N_ELEMENTS(tests));
}
