/* API maps held against OpenAPI documents: what fits, what does not, and where it is said. */
#include "shell/folder.h"
#include "traffic/api_case.h"

#include <string.h>

static const char document[] =
    "openapi: 3.0.3\n"
    "servers: [{url: 'https://shop.example/v1/'}]\n"
    "paths:\n"
    "  /items/{id}:\n"
    "    parameters: [{name: lang, in: query, schema: {type: string}}]\n"
    "    get:\n"
    "      parameters:\n"
    "        - {name: q, in: query, required: true}\n"
    "        - {$ref: '#/components/parameters/Page'}\n"
    "      responses: {'200': {description: ok}, '4XX': {description: no}}\n"
    "  /items/latest:\n"
    "    get: {responses: {default: {description: any}}}\n"
    "  /files/{name}.json:\n"
    "    get: {responses: {'200': {description: ok}}}\n"
    "  /orders:\n"
    "    post:\n"
    "      requestBody:\n"
    "        required: true\n"
    "        content:\n"
    "          application/json: {schema: {$ref: '#/components/schemas/Order'}}\n"
    "          application/x-www-form-urlencoded:\n"
    "            schema: {type: object, required: [a], properties: {a: {type: integer}}}\n"
    "      responses: {'201': {description: made}}\n"
    "  /any:\n"
    "    put:\n"
    "      requestBody:\n"
    "        content:\n"
    "          application/*: {schema: {oneOf: [{$ref: '#/components/schemas/Line'},\n"
    "            {type: object, required: [x], properties: {x: {type: array, items: {type: "
    "string}}}}]}}\n"
    "      responses: {'204': {description: ok}}\n"
    "  /open:\n"
    "    put:\n"
    "      requestBody: {content: {'*/*': {schema: {type: object, additionalProperties: true,\n"
    "        properties: {n: {type: number, nullable: true}}}}}}\n"
    "      responses: {'204': {description: ok}}\n"
    "  /broken:\n"
    "    put:\n"
    "      requestBody: {$ref: '#/components/nowhere'}\n"
    "      responses: {'204': {description: ok}}\n"
    "components:\n"
    "  parameters:\n"
    "    Page: {name: page, in: query}\n"
    "  schemas:\n"
    "    Line:\n"
    "      type: object\n"
    "      required: [sku, quantity]\n"
    "      additionalProperties: false\n"
    "      properties: {sku: {type: string}, quantity: {type: integer}}\n"
    "    Base: {type: object, required: [reference], properties: {reference: {type: string}}}\n"
    "    Order:\n"
    "      allOf:\n"
    "        - {$ref: '#/components/schemas/Base'}\n"
    "        - type: object\n"
    "          properties:\n"
    "            lines: {type: array, items: {$ref: '#/components/schemas/Line'}}\n"
    "            mode: {type: string, enum: [courier, pickup]}\n"
    "            self: {$ref: '#/components/schemas/Order'}\n";

/* A map with one request, browse, of these lines from line 5 on. */
static ApiMap *read(const char *request, GError **ret_error)
{
    g_autofree char *map =
        g_strdup_printf("api: 1\nopenapi: doc.yaml\nsteps:\n  browse:\n%s", request);

    folder_write("doc.yaml", document);
    folder_write("map.yaml", map);
    return api_read("map.yaml", NULL, ret_error);
}

static void fits(const char *request)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ApiMap) map = read(request, &error);

    folder_assert_fine(error);
    ck_assert_ptr_nonnull(map);
}

static void refused(const char *request, const char *findings)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ApiMap) map = read(request, &error);

    ck_assert_ptr_null(map);
    folder_assert_error(error, findings);
}

#define POST "    method: POST\n    path: /orders\n    expect: 201\n"

START_TEST(test_paths)
{
    fits("    path: /items/{{sku}}?q={{sku}}&lang=en&page=2\n    refused: [404, 409]\n");
    fits("    path: /v1/items/7?q=1\n");
    fits("    path: /items/latest\n    expect: 418\n");
    fits("    path: /files/{{sku}}.json\n");
    fits("    path: /files/a{{sku}}.json\n");
    fits("    path: '{{link|raw}}'\n    capture: {link: {header: Location}}\n");
    refused("    path: /item/{{sku}}\n",
            "map.yaml:5:11: doc.yaml has no path /item/{sku}; the nearest is /items/{id}");
    refused("    path: /files/{{sku}}.xml\n",
            "map.yaml:5:11: doc.yaml has no path /files/{sku}.xml; the nearest is "
            "/files/{name}.json");
    refused("    path: /{{sku}}/latest\n",
            "map.yaml:5:11: doc.yaml has no path /{sku}/latest; the nearest is /items/latest");
    refused("    path: /orders/\n",
            "map.yaml:5:11: doc.yaml has no path /orders/; the nearest is /orders");
    refused("    method: DELETE\n    path: /items/{{sku}}\n",
            "map.yaml:5:13: doc.yaml has no method DELETE for /items/{sku}, only GET");
    refused("    path: /items/1?lang=en&pge=2\n",
            "map.yaml:5:11: unknown query parameter 'pge', did you mean 'page'? (one of lang, q, "
            "page)\n"
            "map.yaml:5:11: query parameter 'q' is required by doc.yaml");
}
END_TEST

START_TEST(test_statuses)
{
    refused(POST "    body: '{\"reference\": \"1\"}'\n    refused: 409\n",
            "map.yaml:9:14: refused status 409 is not among the responses in doc.yaml");
    refused("    method: POST\n    path: /orders\n    body: '{\"reference\": \"1\"}'\n"
            "    expect: [200, 201]\n",
            "map.yaml:8:13: expected status 200 is not among the responses in doc.yaml");
    refused("    path: /files/a.json\n    expect: [2xx, 3xx]\n",
            "map.yaml:6:13: no expected status 3xx is among the responses in doc.yaml");
}
END_TEST

START_TEST(test_bodies)
{
    fits(POST "    body: '{\"reference\": \"{{order}}\", \"mode\": \"{{channel}}\", \"lines\": "
              "[{\"sku\": \"{{sku}}\", \"quantity\": {{quantity}}}]}'\n");
    fits(POST
         "    body: '{\"reference\": \"{{order}}\", \"lines\": [{\"sku\": \"a\", \"quantity\": "
         "{{n}}}]}'\n    capture: {n: {json: /n}}\n");
    refused(POST, "map.yaml:5:5: a body is required by doc.yaml");
    refused(POST "    body: '{\"lines\": [{\"sku\": 1, \"quantty\": 1}, {\"sku\": \"a\"}]}'\n",
            "map.yaml:8:11: property 'reference' is missing, doc.yaml requires it\n"
            "map.yaml:8:11: property 'lines[0].quantity' is missing, doc.yaml requires it\n"
            "map.yaml:8:11: lines[0].sku is an integer, doc.yaml wants string\n"
            "map.yaml:8:35: unknown property 'lines[0].quantty' (one of sku, quantity)\n"
            "map.yaml:8:11: property 'lines[1].quantity' is missing, doc.yaml requires it");
    refused(POST "    body: '{\"reference\": \"1\", \"mode\": \"courir\", \"mood\": 1}'\n",
            "map.yaml:8:40: unknown mode 'courir', did you mean 'courier'? (one of courier, "
            "pickup)\n"
            "map.yaml:8:50: unknown property 'mood' (one of reference, "
            "lines, mode, self)");
    refused(POST "    body: '{\"reference\": \"1\", \"self\": {\"self\": {\"reference\": []}}}'\n",
            "map.yaml:8:11: property 'self.reference' is missing, doc.yaml requires it\n"
            "map.yaml:8:11: self.self.reference is an array, doc.yaml wants string");
    refused(POST "    headers: {Content-Type: text/xml}\n    body: '<a/>'\n",
            "map.yaml:9:11: the body is text/xml, doc.yaml knows application/json and others here");
    refused("    path: /files/a.json\n    body: '{}'\n",
            "map.yaml:6:11: doc.yaml knows of no body here");
}
END_TEST

START_TEST(test_forms)
{
    fits(POST "    headers: {Content-Type: application/x-www-form-urlencoded}\n"
              "    body: a={{quantity}}\n");
    refused(POST "    headers: {Content-Type: application/x-www-form-urlencoded; charset=utf-8}\n"
                 "    body: b={{quantity}}&c\n",
            "map.yaml:9:11: property 'a' is missing, doc.yaml requires it\n"
            "map.yaml:9:11: unknown property 'b' (one of a)\n"
            "map.yaml:9:11: unknown property 'c' (one of a)");
}
END_TEST

START_TEST(test_alternatives)
{
    fits("    method: PUT\n    path: /any\n    body: '{\"x\": [\"{{sku}}\"]}'\n");
    fits("    method: PUT\n    path: /any\n    body: '{\"sku\": \"{{sku}}\", \"quantity\": 1}'\n");
    refused("    method: PUT\n    path: /any\n    body: '{\"sku\": \"{{sku}}\"}'\n",
            "map.yaml:7:11: property 'quantity' is missing, doc.yaml requires it");
    fits("    method: PUT\n    path: /open\n    body: '{\"z\": 1, \"n\": null}'\n");
    fits("    method: PUT\n    path: /open\n    body: '{\"n\": 1.5}'\n");
    refused("    method: PUT\n    path: /open\n    body: '{\"n\": \"1\"}'\n",
            "map.yaml:7:11: n is a string, doc.yaml wants number");
}
END_TEST

START_TEST(test_documents)
{
    g_autoptr(GError) error = NULL;

    refused("    method: PUT\n    path: /broken\n",
            "doc.yaml:38:27: '#/components/nowhere' leads nowhere in this document");
    folder_write("map.yaml", "api: 1\nsteps: {browse: {path: /a}}\n");
    folder_write("old.json", "{\"swagger\": \"2.0\", \"paths\": {}}");
    ck_assert_ptr_null(api_read("map.yaml", "old.json", &error));
    folder_assert_error(
        error, "old.json:1:1: expected an OpenAPI document of version 3 (`openapi: 3.1.0`)");
    folder_write("none.json", "{\"openapi\": \"3.1.0\"}");
    ck_assert_ptr_null(api_read("map.yaml", "none.json", &error));
    folder_assert_error(error,
                        "none.json:1:1: an OpenAPI document that is of use here has `paths`");
    ck_assert_ptr_null(api_read("map.yaml", "missing.json", &error));
    folder_assert_error(error, "missing.json: cannot be read: No such file or directory");
    folder_write("circle.json", "{\"openapi\": \"3.1.0\", \"paths\": {\"/a\": {\"$ref\": "
                                "\"#/paths/~1a\"}}}");
    ck_assert_ptr_null(api_read("map.yaml", "circle.json", &error));
    folder_assert_error(error, "circle.json:1:47: '#/paths/~1a' leads in a circle");
    folder_write("good.json", "{\"openapi\": \"3.1.0\", \"paths\": {\"/a\": {\"get\": {}}}}");
    g_autoptr(ApiMap) map = api_read("map.yaml", "good.json", &error);
    folder_assert_fine(error);
    ck_assert_ptr_nonnull(map);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_paths, test_statuses,     test_bodies,
                                  test_forms, test_alternatives, test_documents};

    return folder_run("traffic/api_openapi", tests, G_N_ELEMENTS(tests));
}
