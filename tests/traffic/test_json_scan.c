/* The JSON scanner: pointers, and the same verdict and values as jansson on a corpus, on every
 * beginning of each of its texts, and on texts that a few bytes were changed in.
 *
 * Texts are put into memory of exactly their size, so that the sanitizers see a byte read too many.
 */
#include "conformance/seed.h"
#include "traffic/api_chew.h"
#include "traffic/json_scan.h"

#include "shell/folder.h"

#include <jansson.h>
#include <string.h>

static const char *const corpus[] = {
    "",
    " ",
    "null",
    "true",
    "false",
    "nul",
    "truefalse",
    "0",
    "-0",
    "-",
    "01",
    "+1",
    "1.",
    ".5",
    "1.5e+3",
    "1e",
    "1E-2",
    "-12.75e2",
    "9223372036854775807",
    "\"\"",
    "\"a\"",
    "\"a",
    "\"tab\there\"",
    "\"\\t\\n\\r\\b\\f\\/\\\\\\\"\"",
    "\"\\u0041\\u00e9\\u4eAC\"",
    "\"\\ud83d\\ude00 x\"",
    "\"\\ud83d\"",
    "\"\\ude00\"",
    "\"\\ud83dx\"",
    "\"\\ud83d\\u0041\"",
    "\"\\u0000\"",
    "\"\\u12g4\"",
    "\"\\x\"",
    "\"\x7f\"",
    "\"\xc3\xa9 \xe5\x8c\x97 \xf0\x9f\x98\x80\"",
    "\"\xc0\x80\"",
    "\"\xed\xa0\x80\"",
    "\"\xf4\x90\x80\x80\"",
    "\"\xe5\x8c\"",
    "\"\x80\"",
    "\xef\xbb\xbf{}",
    "[]",
    "[ ]",
    "[1,2 , 3]",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[[[[[]]]],[]]",
    "[}",
    "{}",
    "{ }",
    "{\"a\":1}",
    "{\"a\" : { \"b\" : [ { } , [ ] , null ] } }",
    "{\"a\":1,}",
    "{a:1}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1}}",
    "{\"\":{\"\":0},\"a/b\":1,\"m~n\":2,\" \":3}",
    "{\"\\u0061\":\"escaped key\",\"b\\\"c\":[true,false]}",
    "{\"token\":\"9e3779b97f4a7c15\",\"member\":\"42\",\"expires_in\":1800}",
    "{\"id\":\"o-1\",\"reference\":\"7001\",\"status\":\"placed\",\"lines\":[{\"sku\":\"tea\","
    "\"quantity\":2,\"price\":4.50},{\"sku\":\"\xe8\x8c\xb6\",\"quantity\":1,\"price\":0}],"
    "\"note\":\"a\\nb\",\"vip\":true,\"coupon\":null}",
    "\r\n\t [ 1 , \"x\" , { \"k\" : [ ] } ] \n",
};

/* ---- the same as jansson --------------------------------------------------------------------- */

static char *unescaped_key(const char *key)
{
    g_autoptr(GString) text = g_string_new(key);

    g_string_replace(text, "~", "~0", 0);
    g_string_replace(text, "/", "~1", 0);
    return g_strdup(text->str);
}

static void assert_same_value(const char *text, size_t size, const char *pointer,
                              const json_t *expected)
{
    static const enum json_scan_kind kinds[] = {
        [JSON_OBJECT] = JSON_SCAN_OBJECT, [JSON_ARRAY] = JSON_SCAN_ARRAY,
        [JSON_STRING] = JSON_SCAN_STRING, [JSON_INTEGER] = JSON_SCAN_NUMBER,
        [JSON_REAL] = JSON_SCAN_NUMBER,   [JSON_TRUE] = JSON_SCAN_TRUE,
        [JSON_FALSE] = JSON_SCAN_FALSE,   [JSON_NULL] = JSON_SCAN_NULL,
    };
    g_autofree char *keys = g_malloc(strlen(pointer) + 1);
    struct json_scan_step steps[64];
    struct json_scan_value value;
    size_t offset;
    int32_t count = json_scan_pointer(pointer, keys, steps, G_N_ELEMENTS(steps), &offset);

    ck_assert_int_ge(count, 0);
    ck_assert_msg(json_scan_find(text, size, steps, (uint32_t)count, &value) == JSON_SCAN_FOUND,
                  "%s in %.*s", pointer, (int)size, text);
    ck_assert_int_eq(value.kind, kinds[json_typeof(expected)]);
    if (json_is_string(expected)) {
        g_autofree char *decoded = g_malloc(value.size + 1);
        size_t length = json_scan_decode(&value, decoded);
        ck_assert_uint_eq(length, json_string_length(expected));
        ck_assert(memcmp(decoded, json_string_value(expected), length) == 0);
        ck_assert(value.escaped == (memchr(value.text, '\\', value.size) != NULL));
    } else if (json_is_number(expected)) {
        g_autofree char *digits = g_strndup(value.text, value.size);
        ck_assert(g_ascii_strtod(digits, NULL) == json_number_value(expected));
    }
}

static void assert_same_tree(const char *text, size_t size, const char *pointer,
                             const json_t *expected)
{
    const char *key;
    json_t *value;
    size_t i;

    assert_same_value(text, size, pointer, expected);
    json_object_foreach((json_t *)expected, key, value)
    {
        g_autofree char *escaped = unescaped_key(key);
        g_autofree char *below = g_strdup_printf("%s/%s", pointer, escaped);
        assert_same_tree(text, size, below, value);
    }
    json_array_foreach(expected, i, value)
    {
        g_autofree char *below = g_strdup_printf("%s/%zu", pointer, i);
        assert_same_tree(text, size, below, value);
    }
}

/* Returns whether the text is valid. */
static bool assert_same(const char *from, size_t size)
{
    char *text = g_memdup2(size > 0 ? from : " ", MAX(size, 1));
    json_error_t error;
    json_t *tree = json_loadb(text, size, JSON_DECODE_ANY, &error);
    bool valid = api_chew_json(text, size);

    if (size > 0 && memchr(text, '\0', size) != NULL) { /* jansson takes one behind a number */
        ck_assert(!valid);
        json_decref(tree);
        g_free(text);
        return false;
    }
    if (tree == NULL && json_error_code(&error) == json_error_numeric_overflow) {
        g_free(text); /* a number that a double or an int64 cannot hold is JSON all the same */
        return valid;
    }
    ck_assert_msg(valid == (tree != NULL), "%s by jansson: %.*s",
                  tree != NULL ? "taken" : "refused", (int)size, text);
    json_decref(tree);
    tree = json_loadb(text, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (tree != NULL)
        assert_same_tree(text, size, "", tree);
    json_decref(tree);
    g_free(text);
    return valid;
}

START_TEST(test_corpus)
{
    for (size_t i = 0; i < G_N_ELEMENTS(corpus); i++)
        for (size_t size = 0; size <= strlen(corpus[i]); size++)
            assert_same(corpus[i], size);
}
END_TEST

static void mutate(GString *text, uint64_t *state)
{
    static const char liked[] = "{}[]\":,\\u0019eE+-. \ntfn/\x80\xc3\xed\xf0";
    size_t at = text->len > 0 ? seed_next(state) % text->len : 0;
    char byte = liked[seed_next(state) % (sizeof(liked) - 1)];

    switch (seed_next(state) % 4) {
    case 0:
        g_string_insert_c(text, (gssize)at, byte);
        break;
    case 1:
        if (text->len > 0)
            text->str[at] = byte;
        break;
    case 2:
        if (text->len > 0)
            text->str[at] = (char)(text->str[at] ^ 1 << seed_next(state) % 8);
        break;
    default:
        if (text->len > 0)
            g_string_erase(text, (gssize)at, 1);
        break;
    }
}

START_TEST(test_mutations)
{
    uint64_t state = seed_take(), valid = 0;

    for (uint32_t i = 0; i < 60000; i++) {
        g_autoptr(GString) text = g_string_new(corpus[i % G_N_ELEMENTS(corpus)]);
        for (uint64_t n = 1 + seed_next(&state) % 3; n > 0; n--)
            mutate(text, &state);
        valid += assert_same(text->str, text->len);
    }
    ck_assert_uint_gt(valid, 5000); /* the comparison of values had work to do */
}
END_TEST

/* ---- on its own ------------------------------------------------------------------------------ */

/* "FOUND value", "ABSENT" or "BROKEN". Caller frees. */
static char *find(const char *text, const char *pointer)
{
    char keys[256];
    struct json_scan_step steps[8];
    struct json_scan_value value;
    size_t offset;
    int32_t count = json_scan_pointer(pointer, keys, steps, G_N_ELEMENTS(steps), &offset);

    ck_assert_int_ge(count, 0);
    switch (json_scan_find(text, strlen(text), steps, (uint32_t)count, &value)) {
    case JSON_SCAN_FOUND:
        return g_strdup_printf("FOUND %.*s", (int)value.size, value.text);
    case JSON_SCAN_ABSENT:
        return g_strdup("ABSENT");
    case JSON_SCAN_BROKEN:
        break;
    }
    return g_strdup("BROKEN");
}

START_TEST(test_pointers)
{
    /* RFC 6901, section 5. */
    static const char text[] = "{\"foo\": [\"bar\", \"baz\"], \"\": 0, \"a/b\": 1, \"c%d\": 2, "
                               "\"e^f\": 3, \"g|h\": 4, \"i\\\\j\": 5, \"k\\\"l\": 6, \" \": 7, "
                               "\"m~n\": 8}";
    static const char *const cases[][2] = {
        {"/foo", "FOUND [\"bar\", \"baz\"]"},
        {"/foo/0", "FOUND bar"},
        {"/", "FOUND 0"},
        {"/a~1b", "FOUND 1"},
        {"/c%d", "FOUND 2"},
        {"/e^f", "FOUND 3"},
        {"/g|h", "FOUND 4"},
        {"/i\\j", "FOUND 5"},
        {"/k\"l", "FOUND 6"},
        {"/ ", "FOUND 7"},
        {"/m~0n", "FOUND 8"},
        {"/foo/2", "ABSENT"},
        {"/foo/-", "ABSENT"},
        {"/foo/00", "ABSENT"},
        {"/foo/0/x", "ABSENT"},
        {"/fo", "ABSENT"},
        {"/nothing/at/all", "ABSENT"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *found = find(text, cases[i][0]);
        ck_assert_str_eq(found, cases[i][1]);
    }
    g_autofree char *whole = find(text, "");
    ck_assert_str_eq(whole + strlen("FOUND "), text);
}
END_TEST

START_TEST(test_walks_no_further)
{
    static const char *const cases[][3] = {
        {"{\"a\":1,,,", "/a", "FOUND 1"},
        {"{\"a\":1,,,", "/b", "BROKEN"},
        {"{\"a\":01}", "/b", "BROKEN"},
        {"{\"x\":[1,{]},\"a\":1}", "/a", "BROKEN"},
        {"", "/a", "BROKEN"},
        {"[1,2", "/1", "FOUND 2"},
        {"[1,2", "/2", "BROKEN"},
        {"{\"a\":1,\"a\":2}", "/a", "FOUND 1"},
        {"<html>", "/a", "BROKEN"},
        {"{\"a\":\"\\u00zz\"}", "/a", "BROKEN"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *found = find(cases[i][0], cases[i][1]);
        ck_assert_msg(strcmp(found, cases[i][2]) == 0, "%s %s: %s", cases[i][0], cases[i][1],
                      found);
    }
}
END_TEST

START_TEST(test_depth)
{
    for (uint32_t depth = JSON_SCAN_DEPTH_MAX - 1; depth <= JSON_SCAN_DEPTH_MAX + 1; depth++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (uint32_t i = 0; i < depth; i++)
            g_string_append(text, i % 2 == 0 ? "[" : "{\"a\":");
        g_string_append(text, "1");
        for (uint32_t i = depth; i-- > 0;)
            g_string_append_c(text, i % 2 == 0 ? ']' : '}');
        ck_assert(json_scan_is_valid(text->str, text->len) == (depth <= JSON_SCAN_DEPTH_MAX));
    }
}
END_TEST

START_TEST(test_bad_pointers)
{
    static const struct {
        const char *pointer;
        size_t offset;
    } cases[] = {{"a", 0}, {"a/b", 0}, {"/a~", 2}, {"/ab~2", 3}, {"/1/2/3/4/5/6/7/8/9", 16}};
    char keys[64];
    struct json_scan_step steps[8];

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        size_t offset = 99;
        ck_assert_int_eq(json_scan_pointer(cases[i].pointer, keys, steps, 8, &offset), -1);
        ck_assert_uint_eq(offset, cases[i].offset);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_corpus,           test_mutations, test_pointers,
                                  test_walks_no_further, test_depth,     test_bad_pointers};

    return folder_run("traffic/json_scan", tests, G_N_ELEMENTS(tests));
}
