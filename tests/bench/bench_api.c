/* bench_api: making a request of an API map, and judging its answer.
 *
 * `render/...`: a JSON POST with four values, a GET without any. `judge/...`: an answer of an order,
 * one capture and one check, and three captures; the peer is jansson, which parses the same answer,
 * takes the same value out and frees the tree. `--quick` is shorter, `--json` prints one object a
 * row.
 */
#include "bench/bench.h"
#include "traffic/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char map_text[] =
    "api: 1\n"
    "headers: {Accept: application/json, Authorization: 'Bearer {{token}}'}\n"
    "session: {valid_for: 1h}\n"
    "steps:\n"
    "  log_in: {path: /sessions, capture: {token: {json: /token}}}\n"
    "  check_out:\n"
    "    method: POST\n"
    "    path: /orders\n"
    "    headers: {Authorization: ~}\n"
    "    body: '{\"reference\": \"{{order}}\", \"sku\": \"{{sku}}\", \"place\": \"{{place}}\", "
    "\"quantity\": {{quantity}}}'\n"
    "    capture: {id: {json: /id}}\n"
    "    check: [{json: /status, is: placed}]\n"
    "  pay:\n"
    "    path: /three\n"
    "    capture: {a: {json: /id}, b: {json: /lines/1/sku}, c: {json: /total_cents}}\n"
    "  points: {path: /health, headers: {Authorization: ~}}\n";

static const char answer[] =
    "{\"id\":\"o-1234567\",\"reference\":\"17592186044417001\",\"status\":\"placed\","
    "\"place\":\"store_042\",\"lines\":[{\"sku\":\"sku_000123\",\"quantity\":2,"
    "\"price_cents\":1299},{\"sku\":\"sku_004567\",\"quantity\":1,\"price_cents\":450}],"
    "\"discount_cents\":0,\"total_cents\":3048}";

static struct {
    ApiMap *map;
    Plan *plan;
    struct api_values values;
    struct api_text variable[API_VARIABLES_MAX], captured[API_VARIABLES_MAX];
    uint32_t check_out, pay, points;
    uint64_t sum; /* of what came out, so that nothing is left out */
} bench;

static void render(uint32_t request, uint64_t steps)
{
    char room[4096];
    struct api_message message;

    for (uint64_t i = 0; i < steps; i++) {
        bench.values.number = i;
        if (api_render(bench.map, request, &bench.values, room, sizeof(room), &message) !=
            API_RENDERED)
            abort();
        bench.sum += message.body.size + message.path.size;
    }
}

static void render_post(uint64_t steps) { render(bench.check_out, steps); }
static void render_get(uint64_t steps) { render(bench.points, steps); }

static void judge(uint32_t request, uint64_t steps)
{
    char room[4096];
    static const struct api_text none[API_WANTED_MAX];
    const struct api_reply reply = {200, {answer, sizeof(answer) - 1}, none};

    for (uint64_t i = 0; i < steps; i++) {
        if (api_judge(bench.map, request, &reply, room, sizeof(room), bench.captured, NULL) !=
            API_OK)
            abort();
        bench.sum += bench.captured[1].size;
    }
}

static void judge_one(uint64_t steps) { judge(bench.check_out, steps); }
static void judge_three(uint64_t steps) { judge(bench.pay, steps); }

/* Parses; takes `id`, looks at `status`. */
static void jansson_one(uint64_t steps)
{
    for (uint64_t i = 0; i < steps; i++) {
        json_t *root = json_loadb(answer, sizeof(answer) - 1, 0, NULL);
        bench.sum += json_string_length(json_object_get(root, "id"));
        if (strcmp(json_string_value(json_object_get(root, "status")), "placed") != 0)
            abort();
        json_decref(root);
    }
}

static void jansson_three(uint64_t steps)
{
    for (uint64_t i = 0; i < steps; i++) {
        json_t *root = json_loadb(answer, sizeof(answer) - 1, 0, NULL);
        const json_t *line = json_array_get(json_object_get(root, "lines"), 1);
        bench.sum += json_string_length(json_object_get(root, "id"));
        bench.sum += json_string_length(json_object_get(line, "sku"));
        bench.sum += (uint64_t)json_integer_value(json_object_get(root, "total_cents"));
        json_decref(root);
    }
}

static bool write_plan(const char *path, GError **ret_error)
{
    static const char *const places[] = {"store_042", NULL};
    static const char *const skus[] = {"sku_000123", NULL};
    const struct plan_about about = {.places = places, .skus = skus, .epoch_us = INT64_MIN};
    const omo_plan_journey journey = {.member = 42, .order = 17592186044417001, .step_count = 1};
    const omo_plan_step step = {.amount = 2598, .place = 0, .quantity = 2, .kind = STEP_check_out};
    g_autoptr(PlanWriter) writer = plan_writer_open(path, &about, ret_error);

    return writer != NULL && plan_write_journey(writer, &journey, &step, NULL, ret_error) &&
           plan_writer_commit(writer, NULL, ret_error);
}

static bool prepare(const char *folder, GError **ret_error)
{
    g_autofree char *map = g_build_filename(folder, "map.yaml", NULL);
    g_autofree char *plan = g_build_filename(folder, "one.plan", NULL);
    uint32_t count;

    if (!g_file_set_contents(map, map_text, -1, ret_error) || !write_plan(plan, ret_error))
        return false;
    bench.map = api_read(map, NULL, ret_error);
    bench.plan = bench.map != NULL ? plan_open(plan, ret_error) : NULL;
    unlink(map);
    unlink(plan);
    if (bench.plan == NULL)
        return false;
    struct plan_cursor cursor = plan_begin(bench.plan);
    bench.values = (struct api_values){.plan = bench.plan,
                                       .journey = plan_next(bench.plan, &cursor),
                                       .variable = bench.variable};
    bench.values.step = plan_first_step(bench.values.journey);
    bench.check_out = api_step_requests(bench.map, STEP_check_out, &count);
    bench.pay = api_step_requests(bench.map, STEP_pay, &count);
    bench.points = api_step_requests(bench.map, STEP_points, &count);
    return true;
}

int main(int argc, char **argv)
{
    struct bench b;
    g_autoptr(GError) error = NULL;

    if (!bench_begin(&b, "api", argc, argv))
        return 2;
    g_autofree char *folder = g_dir_make_tmp("omosim-bench-XXXXXX", &error);
    if (folder == NULL || !prepare(folder, &error)) {
        fprintf(stderr, "bench_api: %s\n", error->message);
        return 3;
    }
    const uint64_t steps = b.quick ? 100000 : 1000000;
    bench_time(&b, "render/post_4_values", steps, render_post, NULL, NULL);
    bench_time(&b, "render/get_constant", steps, render_get, NULL, NULL);
    bench_time(&b, "judge/1_capture_1_check", steps, judge_one, "jansson", jansson_one);
    bench_time(&b, "judge/3_captures", steps, judge_three, "jansson", jansson_three);
    api_free(bench.map);
    plan_free(bench.plan);
    rmdir(folder);
    return bench_end(&b, bench.sum > 0);
}
