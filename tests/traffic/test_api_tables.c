/* API maps: tables, variables of the environment, GraphQL documents, values in quotes. */
#define _GNU_SOURCE
#include "conformance/noalloc.h"

#include "shell/folder.h"
#include "traffic/api_case.h"

#include <string.h>

/* The path that a template of it becomes with these tables; NULL: a value is missing. */
static char *path_of(const char *tables, const char *path)
{
    g_autofree char *map =
        g_strdup_printf("api: 1\n%s"
                        "steps: {browse: {path: '%s', capture: {cart: {json: /c}}}}\n",
                        tables, path);
    struct api_case c;

    api_case_open(&c, map);
    c.variable[0] = (struct api_text){"c1", 2};
    const enum api_render result = api_case_render(&c);
    ck_assert(result == API_RENDERED || result == API_MISSING_VALUE);
    char *text = result == API_RENDERED ? api_case_text(c.message.path) : NULL;
    api_case_close(&c);
    return text;
}

START_TEST(test_look_up)
{
    const char *const inline_tables = "tables:\n"
                                      "  variants: {'tea\"1': 'v 1', plain: v2}\n"
                                      "  orders: {'7001': seven, '42': forty}\n"
                                      "  carts: {c1: '', c2: x}\n"
                                      "  other: {nobody: 1, '*': all/}\n";

    assert_text("/v%201", path_of(inline_tables, "/{{sku|variants}}"));
    assert_text("/?v=v%201&o=seven&m=forty",
                path_of(inline_tables,
                        "/?v={{sku|variants|url}}&o={{order|orders}}&m={{member|orders}}"));
    assert_text("/v 1", path_of(inline_tables, "/{{ sku | variants | raw }}"));
    assert_text("/all%2F", path_of(inline_tables, "/{{channel|other}}"));
    ck_assert_ptr_null(path_of(inline_tables, "/{{channel|variants}}"));
    ck_assert_ptr_null(path_of(inline_tables, "/{{cart|carts}}")); /* empty, in a path */
    ck_assert_ptr_null(path_of(inline_tables, "/?a={{channel|variants}}"));
}
END_TEST

START_TEST(test_files)
{
    struct api_case c;

    folder_write("t.json", "{\"deep\": {\"a/b\": {\"app\": 17, \"tea\\\"1\": \"\\u00e9\"}}}");
    folder_write("t.csv", "id,name,sku\n1,x,plain\n2,y,\"tea\"\"1\"\n");
    const char *const tables = "tables:\n"
                               "  a: {file: t.json, json: /deep/a~1b}\n"
                               "  b: {file: t.csv, columns: [sku, id]}\n"
                               "  c: {file: t.csv}\n";
    assert_text("/17/%C3%A9/2", path_of(tables, "/{{channel|a}}/{{sku|a}}/{{sku|b}}"));
    ck_assert_ptr_null(path_of(tables, "/{{sku|c}}"));

    /* Tables that were given win, whole, and their files need not be there. */
    folder_write("seeded.json", "{\"keys\": {\"app\": \"pk_2\"}, \"unknown\": {}}");
    folder_write("map.yaml", "api: 1\n"
                             "tables: {keys: {file: none.json}, own: {app: mine}}\n"
                             "steps: {browse: {path: '/{{channel|keys}}/{{channel|own}}'}}\n");
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(api_read("map.yaml", NULL, &error));
    ck_assert(g_str_has_prefix(error->message,
                               "map.yaml:2:23: cannot read the table's file: Failed to open file"));
    g_clear_error(&error);
    api_case_open(&c, "api: 1\nsteps: {browse: {path: /}}\n"); /* for its values */
    folder_write("map.yaml", "api: 1\n"
                             "tables: {keys: {file: none.json}, own: {app: mine}}\n"
                             "steps: {browse: {path: '/{{channel|keys}}/{{channel|own}}'}}\n");
    api_free(c.map);
    c.map = api_read_with_tables("map.yaml", NULL, "seeded.json", &error);
    folder_assert_fine(error);
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    assert_text("/pk_2/mine", api_case_text(c.message.path));
    api_case_close(&c);
}
END_TEST

/* A header of the map is left out where its table has nothing. */
START_TEST(test_headers)
{
    struct api_case c;

    api_case_open(&c, "api: 1\n"
                      "tables: {keys: {app: pk_app}, none: {north: x}}\n"
                      "headers: {X-Key: '{{channel|keys}}', X-None: '{{place|none}}'}\n"
                      "steps: {browse: {path: /}}\n");
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    assert_text("pk_app", api_case_header(&c.message, "x-key"));
    ck_assert_ptr_null(api_case_header(&c.message, "x-none"));
    ck_assert(!c.message.constant);
    api_case_close(&c);
}
END_TEST

START_TEST(test_many)
{
    struct api_case c;
    g_autoptr(GString) csv = g_string_new("key,value\n");

    for (uint32_t i = 0; i < 20000; i++)
        g_string_append_printf(csv, "%u,v%u\n", i, 3 * i);
    folder_write("many.csv", csv->str);
    api_case_open(&c, "api: 1\n"
                      "tables: {many: {file: many.csv}}\n"
                      "steps: {browse: {path: '/{{order|many}}'}}\n");
    omo_plan_journey journey = *c.values.journey;
    c.values.journey = &journey;
    const unsigned long before = calls;
    uint32_t good = 0;
    for (journey.order = 1; journey.order < 20000; journey.order++) {
        char expected[16];
        const int size = snprintf(expected, sizeof expected, "/v%u", 3 * (uint32_t)journey.order);
        good += api_case_render(&c) == API_RENDERED && c.message.path.size == (uint32_t)size &&
                memcmp(c.message.path.text, expected, (size_t)size) == 0;
    }
    const unsigned long after = calls;
    ck_assert_uint_eq(good, 19999);
    ck_assert_uint_eq(after, before);
    journey.order = 20000;
    ck_assert_int_eq(api_case_render(&c), API_MISSING_VALUE);
    api_case_close(&c);
}
END_TEST

START_TEST(test_environment)
{
    struct api_case c;

    g_setenv("OMO_TEST_KEY", "s\"k y", TRUE);
    api_case_open_request(&c, "    method: POST\n"
                              "    path: '/{{env.OMO_TEST_KEY}}?k={{env.OMO_TEST_KEY|raw}}'\n"
                              "    headers: {X-Key: '{{env.OMO_TEST_KEY}}'}\n"
                              "    body: '{\"key\": \"{{env.OMO_TEST_KEY}}\"}'\n");
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    assert_text("/s%22k%20y?k=s\"k y", api_case_text(c.message.path));
    assert_text("s\"k y", api_case_header(&c.message, "x-key"));
    assert_text("{\"key\": \"s\\\"k y\"}", api_case_text(c.message.body));
    ck_assert(api_header_is_secret(c.map, "X-KEY"));
    assert_text("/{env.OMO_TEST_KEY}?k={env.OMO_TEST_KEY}", api_path_text(c.map, 0));
    api_case_close(&c);
    g_unsetenv("OMO_TEST_KEY");
    api_case_refused("api: 1\nsteps:\n  browse: {path: '/{{env.OMO_TEST_KEY}}'}\n",
                     "map.yaml:3:22: environment variable 'OMO_TEST_KEY' is not set");
}
END_TEST

START_TEST(test_graphql)
{
    struct api_case c;

    api_case_open_request(&c, "    path: /graphql\n"
                              "    graphql: |\n"
                              "      mutation($id: ID!, $n: Int!, $c: String) {\n"
                              "        add(id: $id, n: $n, c: $c, by: \"omosim\") { ok }}\n"
                              "    variables: |\n"
                              "      {\"id\": \"{{sku}}\", \"n\": {{quantity}},\n"
                              "       \"c\": {{coupon|quoted}}}\n");
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    assert_text("POST", api_case_text(c.message.method));
    assert_text("application/json", api_case_header(&c.message, "content-type"));
    assert_text("{\"query\":\"mutation($id: ID!, $n: Int!, $c: String) {\\n"
                "  add(id: $id, n: $n, c: $c, by: \\\"omosim\\\") { ok }}\\n\",\"variables\":"
                "{\"id\": \"tea\\\"1\", \"n\": 3,\n \"c\": \"10%&off\"}\n}",
                api_case_text(c.message.body));
    omo_plan_step step = *c.values.step;
    step.coupon = OMO_PLAN_NO_COUPON;
    c.values.step = &step;
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    g_autofree char *body = api_case_text(c.message.body);
    ck_assert_ptr_nonnull(strstr(body, "\"c\": null}"));
    api_case_close(&c);
    api_case_open_request(&c, "    path: /graphql\n    graphql: '{ shop { name } }'\n");
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    ck_assert(c.message.constant);
    assert_text("{\"query\":\"{ shop { name } }\"}", api_case_text(c.message.body));
    api_case_close(&c);
}
END_TEST

START_TEST(test_refused_maps)
{
    api_case_refused(
        "api: 1\n"
        "tables: {keys: {a: b}}\n"
        "steps:\n"
        "  browse: {path: '/{{sku|kyes}}'}\n"
        "  search: {path: '/{{sku|keys|ulr}}'}\n"
        "  scan: {path: '/{{sku|keys|keys}}'}\n"
        "  pay: {path: /, method: POST, body: '{\"a\": \"{{sku|quoted}}\"}'}\n",
        "map.yaml:4:22: unknown table 'kyes', did you mean 'keys'? (one of keys)\n"
        "map.yaml:5:22: unknown way 'ulr' of writing a value, did you mean 'url'? (one "
        "of raw, url, json, form, quoted)\n"
        "map.yaml:6:20: unknown way 'keys' of writing a value (one of raw, url, json, "
        "form, quoted)\n"
        "map.yaml:7:48: quoted brings its own quotes");
    folder_write("bad.json", "{\"a\": {\"b\": [1]},\n \"c\"}");
    folder_write("deep.json", "{\"a\": {\"b\": [1]}, \"c\": 1}");
    folder_write("twice.csv", "a,b\nx,1\nx,2\n");
    folder_write("one.csv", "a\nx\n");
    api_case_refused(
        "api: 1\n"
        "tables:\n"
        "  json: {a: b}\n"
        "  t: text\n"
        "  u: {a: {b: c}}\n"
        "  v: {file: bad.json}\n"
        "  w: {file: deep.json, json: /a}\n"
        "  x: {file: deep.json, json: /b}\n"
        "  y: {file: deep.json, json: /c}\n"
        "  z: {file: deep.json, column: [a, b]}\n"
        "  aa: {file: twice.csv}\n"
        "  bb: {file: twice.csv, columns: [a, c]}\n"
        "  cc: {file: one.csv}\n"
        "  dd: {file: twice.csv, json: /a}\n"
        "  ee: {file: deep.json, columns: [a, b]}\n"
        "steps: {browse: {path: /}}\n",
        "map.yaml:3:3: 'json' is a way of writing a value: another name\n"
        "map.yaml:4:6: expected a mapping from texts to texts, or one with file, found "
        "a text\n"
        "map.yaml:5:10: expected a text, found a mapping\n"
        "bad.json:2:5: not valid JSON: ':' expected near '}'\n"
        "map.yaml:7:13: deep.json: 'b' is neither a text nor a whole number\n"
        "map.yaml:8:30: nothing stands at '/b' in deep.json\n"
        "map.yaml:9:13: deep.json: expected an object of texts\n"
        "map.yaml:10:24: unknown key 'column', did you mean 'columns'? (one of file, "
        "json, columns)\n"
        "map.yaml:11:14: twice.csv:3:1: 'x' stands there twice\n"
        "map.yaml:12:14: twice.csv:1: no column 'c' (one of a, b)\n"
        "map.yaml:13:14: one.csv: a table needs two columns\n"
        "map.yaml:14:31: json is for JSON files, found 'twice.csv'\n"
        "map.yaml:15:34: columns is for CSV files, found 'deep.json'");
    api_case_refused("api: 1\nsteps:\n"
                     "  browse: {path: /, graphql: '{a}', body: '{}'}\n"
                     "  search: {path: /, variables: '{}'}\n"
                     "  scan: {path: /, graphql: '{a}', variables: '{\"a\": {{sku}}}'}\n"
                     "  pay: {path: /, graphql: '{a}', variables: '{'}\n",
                     "map.yaml:3:30: body and graphql at once\n"
                     "map.yaml:4:32: variables go with graphql\n"
                     "map.yaml:5:46: this value is a text: in JSON it stands in quotes\n"
                     "map.yaml:6:45: the body is not JSON once its values are filled in; other "
                     "bodies need a Content-Type of their own");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_look_up,     test_files,   test_headers,     test_many,
                                  test_environment, test_graphql, test_refused_maps};

    return folder_run("traffic/api_tables", tests, G_N_ELEMENTS(tests));
}
