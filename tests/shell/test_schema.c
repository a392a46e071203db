/* The schema engine: each message with its place, defaults, readers, laws, help. */
#include "shell/folder.h"
#include "shell/json.h"
#include "shell/law_text.h"
#include "shell/schema.h"

#include <omosim/types.h>
#include <string.h>

static const char *const policies[] = {"nearest", "cheapest", "balanced", NULL};

static const char *policy_at(uint32_t i) { return policies[i]; }

static const struct schema_key cheapest_keys[] = {
    {"weight", SCHEMA_NUMBER, .fallback = "1", .at_least = "0", .help = "of the distance"},
    SCHEMA_END,
};

static const struct schema_key balanced_keys[] = {
    {"window", SCHEMA_DURATION, .required = true, .help = "of the load"},
    SCHEMA_END,
};

static const struct schema_key *policy_keys(const char *name)
{
    if (strcmp(name, "cheapest") == 0)
        return cheapest_keys;
    return strcmp(name, "balanced") == 0 ? balanced_keys : NULL;
}

static const struct schema_key run_keys[] = {
    {"horizon", SCHEMA_DURATION, .required = true, .above = "0", .help = "simulated time"},
    {"warm_up", SCHEMA_DURATION, .fallback = "90min", .help = "left out"},
    {"threads", SCHEMA_WHOLE, .fallback = "1", .at_least = "1", .at_most = "256",
     .help = "workers"},
    {"audit", SCHEMA_BOOL, .fallback = "no", .help = "checks"},
    SCHEMA_END,
};

static const struct schema_key routing_keys[] = {
    {"policy", SCHEMA_ENUM, .name_at = policy_at, .fallback = "nearest", .help = "who fulfils"},
    {"radius", SCHEMA_DISTANCE, .fallback = "5km", .help = "how far"},
    SCHEMA_END,
};

static const struct schema_key lane_keys[] = {
    {"from", SCHEMA_TEXT, .required = true, .help = "place"},
    {"lead_time", SCHEMA_TIME_LAW, .fallback = "constant(1d)", .help = "time on the way"},
    {"cost", SCHEMA_MONEY, .fallback = "2.50", .help = "per order"},
    SCHEMA_END,
};

static const struct schema_key place_keys[] = {
    {"opens", SCHEMA_TIME_OF_DAY, .fallback = "09:00", .help = "opening"},
    {"demand", SCHEMA_RATE, .fallback = "0", .help = "orders"},
    {"basket", SCHEMA_COUNT_LAW, .fallback = "poisson(3)", .help = "lines"},
    {"returns", SCHEMA_SHARE, .fallback = "5%", .help = "sent back"},
    {"markup", SCHEMA_SHARE, .at_most = "300%", .help = "on cost"},
    {"courier", SCHEMA_SPEED, .fallback = "18km/h", .help = "speed"},
    SCHEMA_END,
};

static const struct schema_key table_keys[] = {
    {"file", SCHEMA_PATH, .required = true, .help = "CSV"},
    SCHEMA_END,
};

static const struct schema_key sku_keys[] = {
    {"price", SCHEMA_MONEY, .required = true, .at_least = "0", .help = "list price"},
    SCHEMA_END,
};

static const struct schema_key sku_item = {"sku", SCHEMA_MAPPING, .child = sku_keys};
static const struct schema_key row_item = {"row", SCHEMA_LIST, .of = SCHEMA_NUMBER};

static const struct schema_key top_keys[] = {
    {"time_unit", SCHEMA_TEXT, .help = "of bare numbers"},
    {"title", SCHEMA_TEXT, .help = "the question"},
    {"run", SCHEMA_MAPPING, .required = true, .child = run_keys, .help = "the run"},
    {"routing", SCHEMA_MAPPING, .child = routing_keys, .shorthand = "policy", .variant = "policy",
     .variant_keys = policy_keys, .help = "routing"},
    {"lanes", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = lane_keys, .count_min = 1, .count_max = 3,
     .help = "supply"},
    {"places", SCHEMA_NAMED_OR_LIST, .of = SCHEMA_MAPPING, .child = place_keys, .help = "places"},
    {"prices", SCHEMA_NAMED, .of = SCHEMA_MONEY, .at_least = "0", .help = "by SKU"},
    {"skus", SCHEMA_MAPPING_OR_LIST, .child = table_keys, .shorthand = "file", .item = &sku_item,
     .help = "goods"},
    {"promotion", SCHEMA_MAPPING_OR_LIST, .child = cheapest_keys, .help = "offers"},
    {"tags", SCHEMA_LIST, .of = SCHEMA_ENUM, .names = policies, .single = true, .help = "tags"},
    {"matrix", SCHEMA_LIST, .item = &row_item, .help = "rows"},
    {"points", SCHEMA_NAMED, .of = SCHEMA_ANY, .help = "overrides"},
    SCHEMA_END,
};

static const struct schema_key top_schema = {"scenario", SCHEMA_MAPPING, .child = top_keys};

static struct schema_value open_text(Node **ret_root, const char *text, GPtrArray *list)
{
    g_autoptr(GError) error = NULL;
    *ret_root = node_read_text(text, strlen(text), "t.yaml", &error);
    folder_assert_fine(error);
    int64_t time_unit_us = schema_time_unit_us(*ret_root, "time_unit", list);
    struct schema_value top = schema_root(&top_schema, *ret_root, time_unit_us);
    schema_check(top, list);
    return top;
}

static void assert_refused(const char *text, const char *messages)
{
    g_autoptr(GPtrArray) list = diagnostic_list_new();
    g_autoptr(Node) root = NULL;
    g_autoptr(GError) error = NULL;

    open_text(&root, text, list);
    ck_assert_msg(!diagnostic_list_finish(list, &error), "%s: expected %s", text, messages);
    folder_assert_error(error, messages);
}

static struct schema_value assert_fine(Node **ret_root, const char *text)
{
    g_autoptr(GPtrArray) list = diagnostic_list_new();
    g_autoptr(GError) error = NULL;
    struct schema_value top = open_text(ret_root, text, list);
    diagnostic_list_finish(list, &error);
    folder_assert_fine(error);
    return top;
}

START_TEST(test_read)
{
    g_autoptr(Node) root = NULL;
    struct schema_value top = assert_fine(&root, "time_unit: h\n"
                                                 "run: {horizon: 48, warm_up: ~}\n"
                                                 "routing: cheapest\n"
                                                 "lanes:\n"
                                                 "- {from: x, lead_time: 'erlang(2, 3)'}\n"
                                                 "- from: y\n"
                                                 "places: {a: {demand: 2, markup: 2}}\n"
                                                 "prices: {s1: 1.25, s2: 0}\n"
                                                 "skus: goods.csv\n"
                                                 "promotion: {weight: 4}\n"
                                                 "tags: balanced\n"
                                                 "matrix: [[1, 2], [3]]\n"
                                                 "points: {any: {thing: [1]}}\n");
    struct schema_value run = schema_get(top, "run");
    ck_assert_int_eq(schema_get_duration_us(run, "horizon"), 48 * OMO_US_PER_HOUR);
    ck_assert_int_eq(schema_get_duration_us(run, "warm_up"), 90 * OMO_US_PER_MINUTE);
    ck_assert_int_eq(schema_get_whole(run, "threads"), 1);
    ck_assert(!schema_get_bool(run, "audit") && !schema_has(run, "warm_up"));
    ck_assert(schema_has(run, "horizon") && !schema_has(top, "title"));
    ck_assert_ptr_null(schema_get_text(top, "title"));

    struct schema_value routing = schema_get(top, "routing");
    ck_assert_uint_eq(schema_get_enum(routing, "policy"), 1);
    ck_assert_str_eq(schema_get_text(routing, "policy"), "cheapest");
    ck_assert_double_eq(schema_get_distance_m(routing, "radius"), 5000);
    ck_assert_double_eq(schema_get_number(routing, "weight"), 1);

    struct schema_value lanes = schema_get(top, "lanes");
    ck_assert_uint_eq(schema_count(lanes), 2);
    omo_law law = schema_get_law(schema_item(lanes, 0), "lead_time");
    ck_assert(law.kind == OMO_LAW_ERLANG && law.a == 2.0 * OMO_US_PER_HOUR && law.b == 3);
    law = schema_get_law(schema_item(lanes, 1), "lead_time");
    ck_assert(law.kind == OMO_LAW_CONSTANT && law.a == (double)OMO_US_PER_DAY);
    ck_assert_int_eq(schema_get_money_cents(schema_item(lanes, 1), "cost"), 250);
    ck_assert_str_eq(schema_get_text(schema_item(lanes, 1), "from"), "y");

    struct schema_value places = schema_get(top, "places");
    struct schema_value place = schema_item(places, 0);
    ck_assert_str_eq(schema_item_name(places, 0), "a");
    ck_assert_double_eq(schema_get_rate(place, "demand", OMO_US_PER_DAY), 48);
    ck_assert_int_eq(schema_get_time_of_day_us(place, "opens"), 9 * OMO_US_PER_HOUR);
    ck_assert_int_eq(schema_get_share_ppm(place, "returns"), 50000);
    ck_assert_int_eq(schema_get_share_ppm(place, "markup"), 2000000);
    ck_assert_double_eq(schema_get_speed_m_per_s(place, "courier"), 5);
    law = schema_get_law(place, "basket");
    ck_assert(law.kind == OMO_LAW_POISSON && law.a == 3);

    struct schema_value prices = schema_get(top, "prices");
    ck_assert_uint_eq(schema_count(prices), 2);
    ck_assert_int_eq(schema_as_money_cents(schema_item(prices, 0)), 125);
    ck_assert_str_eq(schema_item_name(prices, 1), "s2");
    struct schema_value skus = schema_get(top, "skus");
    g_autofree char *path = schema_get_path(skus, "file");
    ck_assert(!schema_is_list(skus));
    ck_assert_uint_eq(schema_count(skus), 0);
    ck_assert_str_eq(path, "goods.csv");
    struct schema_value promotion = schema_get(top, "promotion");
    ck_assert_uint_eq(schema_count(promotion), 1);
    ck_assert_double_eq(schema_get_number(schema_item(promotion, 0), "weight"), 4);
    struct schema_value tags = schema_get(top, "tags");
    ck_assert_uint_eq(schema_count(tags), 1);
    ck_assert_uint_eq(schema_as_enum(schema_item(tags, 0)), 2);
    struct schema_value matrix = schema_get(top, "matrix");
    ck_assert_uint_eq(schema_count(schema_item(matrix, 1)), 1);
    ck_assert_double_eq(schema_as_number(schema_item(schema_item(matrix, 0), 1)), 2);
    ck_assert_ptr_nonnull(schema_node(schema_item(schema_get(top, "points"), 0)));
}
END_TEST

START_TEST(test_absent)
{
    g_autoptr(Node) root = NULL;
    struct schema_value top = assert_fine(&root, "run: {horizon: 30d}\n");
    struct schema_value routing = schema_get(top, "routing");

    ck_assert(!schema_is_present(routing));
    ck_assert_str_eq(schema_get_text(routing, "policy"), "nearest");
    ck_assert_uint_eq(schema_get_enum(routing, "policy"), 0);
    ck_assert_uint_eq(schema_count(schema_get(top, "lanes")), 0);
    ck_assert_ptr_null(schema_get_path(schema_get(top, "skus"), "file"));
    ck_assert_ptr_null(schema_position(routing).file);
}
END_TEST

START_TEST(test_lists)
{
    g_autoptr(Node) root = NULL;
    struct schema_value top = assert_fine(&root, "run: {horizon: 30d}\n"
                                                 "places: [{id: a}, {id: b, opens: 10:00}]\n"
                                                 "skus: [{price: 3}, {price: 4}]\n"
                                                 "promotion: [{weight: 4}, {}]\n"
                                                 "tags: [nearest, cheapest]\n");
    struct schema_value places = schema_get(top, "places");
    ck_assert(schema_is_list(places));
    ck_assert_str_eq(schema_item_name(places, 1), "b");
    ck_assert_uint_eq(schema_item_name_position(places, 1).column, 24);
    ck_assert_int_eq(schema_get_time_of_day_us(schema_item(places, 1), "opens"),
                     10 * OMO_US_PER_HOUR);
    struct schema_value skus = schema_get(top, "skus");
    ck_assert_uint_eq(schema_count(skus), 2);
    ck_assert_int_eq(schema_get_money_cents(schema_item(skus, 1), "price"), 400);
    ck_assert_uint_eq(schema_count(schema_get(top, "promotion")), 2);
    ck_assert_uint_eq(schema_count(schema_get(top, "tags")), 2);
    ck_assert_ptr_null(schema_item_name(skus, 0));
}
END_TEST

#define RUN "run: {horizon: 30d}\n"

START_TEST(test_unknown)
{
    assert_refused(RUN "ruoting: nearest\n",
                   "t.yaml:2:1: unknown key 'ruoting', did you mean 'routing'?");
    assert_refused("run: {horizon: 30d, thread: 3}\n",
                   "t.yaml:1:21: run: unknown key 'thread', did you mean 'threads'? (one of "
                   "horizon, warm_up, threads, audit)");
    assert_refused(RUN "routing: cheepest\n",
                   "t.yaml:2:10: routing: unknown policy 'cheepest', did you mean 'cheapest'? (one "
                   "of nearest, cheapest, balanced)");
    assert_refused(RUN "routing: {policy: cheapest, wieght: 3}\n",
                   "t.yaml:2:29: routing: unknown key 'wieght', did you mean 'weight'? (one of "
                   "policy, radius, weight)");
    assert_refused(RUN "routing: {policy: nearest, wieght: 3}\n",
                   "t.yaml:2:28: routing: unknown key 'wieght' (one of policy, radius)");
    assert_refused(RUN "tags: [nearest, x]\n", "t.yaml:2:17: tags[1]: unknown tags 'x' (one of "
                                               "nearest, cheapest, balanced)");
    assert_refused(RUN "places: {a: {id: b}}\n",
                   "t.yaml:2:14: places.a: unknown key 'id' (one of opens, demand, basket, "
                   "returns, markup, courier)");
}
END_TEST

START_TEST(test_types)
{
    assert_refused("run: {horizon: 15kg}\n", "t.yaml:1:16: run.horizon: expected a duration such "
                                             "as 15min, 2h or 3d, found '15kg'");
    assert_refused("run: {horizon: 15}\n", "t.yaml:1:16: run.horizon: expected a duration such as "
                                           "15min, 2h or 3d, found '15' without a unit");
    assert_refused("run: {horizon: [1d]}\n", "t.yaml:1:16: run.horizon: expected a duration such "
                                             "as 15min, 2h or 3d, found a list");
    assert_refused("run: {horizon: 0s}\n",
                   "t.yaml:1:16: run.horizon: expected above 0, found '0s'");
    assert_refused("run: {horizon: 1d, threads: 257}\n",
                   "t.yaml:1:29: run.threads: expected 1 to 256, found '257'");
    assert_refused("run: {horizon: 1d, audit: maybe}\n",
                   "t.yaml:1:27: run.audit: expected true or false, found 'maybe'");
    assert_refused("run:\n  horizon:\n", "t.yaml:2:11: run.horizon: no value given, expected a "
                                         "duration such as 15min, 2h or 3d");
    assert_refused("run:\n", "t.yaml:1:5: run: no value given, expected a mapping");
    assert_refused("run: 3d\n", "t.yaml:1:6: run: expected a mapping, found '3d'");
    assert_refused("title: x\n", "t.yaml:1:1: missing key 'run', expected a mapping");
    assert_refused("run: ~\n", "t.yaml:1:1: missing key 'run', expected a mapping");
    assert_refused("run: {}\n", "t.yaml:1:6: run: missing key 'horizon', expected a duration such "
                                "as 15min, 2h or 3d");
    assert_refused("[1]\n", "t.yaml:1:1: expected a mapping, found a list");
    assert_refused(RUN "title: {a: 1}\n", "t.yaml:2:8: title: expected a text, found a mapping");
    assert_refused(RUN "skus: ''\n", "t.yaml:2:7: skus: expected the path of a file, found '\"\"'");
    assert_refused(RUN "prices: {a: -1}\n",
                   "t.yaml:2:13: prices.a: expected at least 0, found '-1'");
    assert_refused(RUN "prices: [1]\n",
                   "t.yaml:2:9: prices: expected a mapping from names, found a list");
    assert_refused(RUN "places: {a: {returns: 1.5}}\n",
                   "t.yaml:2:23: places.a.returns: expected 0 to 1, found '1.5'");
    assert_refused(RUN "places: {a: {courier: 0km/h}}\n",
                   "t.yaml:2:23: places.a.courier: expected a speed above 0, found '0km/h'");
    assert_refused(RUN "routing: balanced\n",
                   "t.yaml:2:10: routing: missing key 'window', expected a duration such as 15min, "
                   "2h or 3d");
    assert_refused("time_unit: x\n" RUN, "t.yaml:1:12: time_unit: expected a unit of time (us, ms, "
                                         "s, min, h, d, w), found 'x'");
}
END_TEST

START_TEST(test_collections)
{
    assert_refused(RUN "lanes: []\n", "t.yaml:2:8: lanes: expected at least 1 item, found 0");
    assert_refused(RUN "lanes: [{from: a}, {from: b}, {from: c}, {from: d}]\n",
                   "t.yaml:2:8: lanes: expected at most 3 items, found 4");
    assert_refused(RUN "lanes: {from: a}\n", "t.yaml:2:8: lanes: expected a list, found a mapping");
    assert_refused(RUN "lanes: [x]\n", "t.yaml:2:9: lanes[0]: expected a mapping, found 'x'");
    assert_refused(RUN "places: [{id: a}, {id: a}, {}]\n",
                   "t.yaml:2:24: places: the name 'a' stands here twice, first at t.yaml:2:15\n"
                   "t.yaml:2:28: places: missing key 'id', expected a name");
    assert_refused(RUN "places: x\n",
                   "t.yaml:2:9: places: expected a mapping from names or a list, found 'x'");
    assert_refused(RUN "matrix: [[1, x], 2]\n",
                   "t.yaml:2:14: matrix[0][1]: expected a number, found 'x'\n"
                   "t.yaml:2:18: matrix[1]: expected a list, found '2'");
    assert_refused(RUN "skus: [{price: -3}, {}]\n",
                   "t.yaml:2:16: skus[0].price: expected at least 0, found '-3'\n"
                   "t.yaml:2:21: skus[1]: missing key 'price', expected an amount of money such as "
                   "12.50");
}
END_TEST

START_TEST(test_laws)
{
    assert_refused(RUN "lanes: [{from: a, lead_time: exponental(4h)}]\n",
                   "t.yaml:2:30: lanes[0].lead_time: unknown law 'exponental', did you mean "
                   "'exponential'? (one of constant, exponential, uniform, erlang, gamma, "
                   "lognormal, normal, weibull, triangular, poisson, geometric, beta, binomial, "
                   "negative_binomial, zipf, empirical)");
    assert_refused(RUN "lanes: [{from: a, lead_time: 'erlang(90s, x)'}]\n",
                   "t.yaml:2:43: lanes[0].lead_time: expected a number, found 'x'");
    assert_refused(RUN "lanes: [{from: a, lead_time: \"uniform(1h,  2kg)\"}]\n",
                   "t.yaml:2:44: lanes[0].lead_time: expected a duration such as 15min, 2h or 3d, "
                   "found '2kg'");
    assert_refused(RUN "lanes: [{from: a, lead_time: exponential(4)}]\n",
                   "t.yaml:2:42: lanes[0].lead_time: expected a duration such as 15min, 2h or 3d, "
                   "found '4' without a unit");
    assert_refused(RUN "lanes: [{from: a, lead_time: \"uniform(1h)\"}]\n",
                   "t.yaml:2:39: lanes[0].lead_time: law 'uniform' takes 2 parameters (low, high), "
                   "found 1");
    assert_refused(RUN "lanes: [{from: a, lead_time: exponential(4h}]\n",
                   "t.yaml:2:44: lanes[0].lead_time: expected ')' at the end of the law");
    assert_refused(RUN "lanes: [{from: a, lead_time: exponential(4h) x}]\n",
                   "t.yaml:2:46: lanes[0].lead_time: nothing may follow the law, found 'x'");
    assert_refused(RUN "lanes: [{from: a, lead_time: exponential}]\n",
                   "t.yaml:2:30: lanes[0].lead_time: law 'exponential' needs its parameters: "
                   "exponential(mean)");
    assert_refused(RUN "lanes: [{from: a, lead_time: soon}]\n",
                   "t.yaml:2:30: lanes[0].lead_time: expected a law such as exponential(4h) or a "
                   "duration such as 15min, found 'soon'");
    assert_refused(RUN "lanes: [{from: a, lead_time: {law: gamma, mean: 4h, vc: 1}}]\n",
                   "t.yaml:2:53: lanes[0].lead_time: law 'gamma' has no parameter 'vc', did you "
                   "mean 'cv'? (one of mean, cv)");
    assert_refused(RUN "lanes: [{from: a, lead_time: {law: gamma, mean: 4h}}]\n",
                   "t.yaml:2:30: lanes[0].lead_time: law 'gamma' needs its parameter 'cv'");
    assert_refused(RUN "lanes: [{from: a, lead_time: {mean: 4h}}]\n",
                   "t.yaml:2:30: lanes[0].lead_time: missing key 'law' with the law's name, such "
                   "as {law: exponential, mean: 4h}");
    assert_refused(RUN "lanes: [{from: a, lead_time: [4h]}]\n",
                   "t.yaml:2:30: lanes[0].lead_time: expected a law such as exponential(4h), found "
                   "a list");

    static const struct {
        const char *text;
        enum law_text_flavour flavour;
        const char *expected;
    } good[] = {
        {"exponential(4h)", LAW_TEXT_TIME, "exponential(4h)"},
        {" erlang( 90s , 2 ) ", LAW_TEXT_TIME, "erlang(1min30s, 2)"},
        {"lognormal(7d,0.5)", LAW_TEXT_TIME, "lognormal(7d, 0.5)"},
        {"1d", LAW_TEXT_TIME, "constant(1d)"},
        {"0", LAW_TEXT_TIME, "constant(0s)"},
        {"4", LAW_TEXT_COUNT, "constant(4)"},
        {"uniform(0.5, 1.5)", LAW_TEXT_COUNT, "uniform(0.5, 1.5)"},
        {"triangular(1, 2, 3)", LAW_TEXT_COUNT, "triangular(1, 2, 3)"},
        {"{law: normal, mean: 3, sd: 1}", LAW_TEXT_COUNT, "normal(3, 1)"},
        {"{law: normal, mean: 3h, sd: 1min}", LAW_TEXT_TIME, "normal(3h, 1min)"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Node) node = node_read_text(good[i].text, strlen(good[i].text), "t", &error);
        omo_law law, again;
        law_text_read(node, good[i].flavour, 0, &law, NULL, &error);
        folder_assert_fine(error);
        g_autofree char *text = law_text_format(&law, good[i].flavour);
        ck_assert_str_eq(text, good[i].expected);
        ck_assert(law_text_parse(text, good[i].flavour, 0, &again, NULL, NULL));
        ck_assert_mem_eq(&law, &again, sizeof law);
    }
    g_autoptr(GError) error = NULL;
    omo_law law;
    ck_assert(!law_text_parse("uniform(3, 2)", LAW_TEXT_COUNT, 0, &law, NULL, &error));
    ck_assert_int_eq(error->code, OMO_SHELL_ERROR_BAD_INPUT);
}
END_TEST

START_TEST(test_many)
{
    g_autoptr(GString) text = g_string_new(RUN "prices:\n");
    g_autoptr(GPtrArray) list = diagnostic_list_new();
    g_autoptr(Node) root = NULL;

    assert_refused("run: {horizon: x, threads: 0, bogus: 1}\ntitel: y\nprices: {a: z}\n",
                   "t.yaml:1:16: run.horizon: expected a duration such as 15min, 2h or 3d, found "
                   "'x'\n"
                   "t.yaml:1:28: run.threads: expected 1 to 256, found '0'\n"
                   "t.yaml:1:31: run: unknown key 'bogus' (one of horizon, warm_up, threads, "
                   "audit)\n"
                   "t.yaml:2:1: unknown key 'titel', did you mean 'title'?\n"
                   "t.yaml:3:13: prices.a: expected an amount of money such as 12.50, found 'z'");
    for (int i = 0; i < 1000; i++)
        g_string_append_printf(text, "  s%d: x\n", i);
    struct schema_value top = open_text(&root, text->str, list);
    ck_assert_uint_eq(list->len, 21);
    ck_assert(!schema_check(top, list));
    ck_assert_uint_eq(list->len, 21);
}
END_TEST

START_TEST(test_other_variants)
{
    g_autoptr(Node) root = NULL;
    struct schema_value top =
        assert_fine(&root, RUN "routing: {policy: nearest, weight: 2, window: 1h}\n");
    ck_assert_uint_eq(schema_get_enum(schema_get(top, "routing"), "policy"), 0);
    assert_refused(RUN "routing: {policy: nearest, weight: x}\n",
                   "t.yaml:2:36: routing.weight: expected a number, found 'x'");
    assert_refused(RUN "routing: {policy: nerest, weight: 1}\n",
                   "t.yaml:2:19: routing.policy: unknown policy 'nerest', did you mean 'nearest'? "
                   "(one of nearest, cheapest, balanced)");
}
END_TEST

START_TEST(test_path)
{
    g_autoptr(GError) error = NULL;
    g_mkdir_with_parents("sub", 0755);
    folder_write("sub/part.yaml", "skus: {file: goods.csv}\n");
    folder_write("top.yaml", "include: sub/part.yaml\nrun: {horizon: 1d}\n");
    g_autoptr(Node) root = node_read_file("top.yaml", NULL, &error);
    folder_assert_fine(error);
    struct schema_value top = schema_root(&top_schema, root, 0);
    g_autofree char *beside = schema_get_path(schema_get(top, "skus"), "file");
    ck_assert_str_eq(beside, "sub/goods.csv");
    ck_assert(node_set_argument(root, "skus.file=x.csv", NULL, &error));
    g_autofree char *here = schema_get_path(schema_get(top, "skus"), "file");
    ck_assert_str_eq(here, "x.csv");
    ck_assert(node_set_argument(root, "run.horizn=3d", NULL, &error));
    g_autoptr(GPtrArray) list = diagnostic_list_new();
    ck_assert(!schema_check(top, list));
    ck_assert(!diagnostic_list_finish(list, &error));
    folder_assert_error(error, "--set:1:5: run: unknown key 'horizn', did you mean 'horizon'? (one "
                               "of horizon, warm_up, threads, audit)");
}
END_TEST

START_TEST(test_tell)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *help = NULL;
    FILE *stream = fopen("help.txt", "w");

    ck_assert(schema_audit(&top_schema, &error));
    folder_assert_fine(error);
    schema_print_help(&top_schema, NULL, stream);
    fclose(stream);
    ck_assert(g_file_get_contents("help.txt", &help, NULL, NULL));
    static const char *const rows[] = {"run.threads ",
                                       "whole number, 1 to 256 ",
                                       "places.NAME.returns ",
                                       "lanes[].lead_time ",
                                       "cheapest: of the distance\n",
                                       "name: nearest, cheapest, balanced ",
                                       "share, 0 to 1 ",
                                       "list of mapping "};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_msg(strstr(help, rows[i]) != NULL, "'%s' is not in:\n%s", rows[i], help);

    json_t *schema = schema_to_json_schema(&top_schema);
    json_t *properties = json_object_get(schema, "properties");
    ck_assert_ptr_nonnull(json_object_get(properties, "run"));
    json_t *run = json_object_get(properties, "run");
    json_t *horizon = json_object_get(json_object_get(run, "properties"), "horizon");
    ck_assert_str_eq(json_string_value(json_object_get(horizon, "description")),
                     "simulated time (duration, above 0)");
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(run, "required"), 0)),
                     "horizon");
    json_t *routing = json_object_get(json_object_get(properties, "routing"), "anyOf");
    json_t *keys = json_object_get(json_array_get(routing, 0), "properties");
    ck_assert_ptr_nonnull(json_object_get(keys, "weight"));
    ck_assert_ptr_nonnull(json_object_get(keys, "window"));
    json_decref(schema);
}
END_TEST

START_TEST(test_audit)
{
    static const struct {
        struct schema_key key;
        const char *message;
    } wrong[] = {
        {{"a", SCHEMA_DURATION, .fallback = "3kg", .help = "x"},
         "key 'a': expected a duration such as 15min, 2h or 3d, found '3kg'"},
        {{"a", SCHEMA_DURATION, .fallback = "3", .help = "x"},
         "key 'a': expected a duration such as 15min, 2h or 3d, found '3' without a unit"},
        {{"a", SCHEMA_WHOLE, .at_most = "z", .help = "x"},
         "key 'a': expected a whole number, found 'z'"},
        {{"a", .type = SCHEMA_WHOLE}, "key 'a' has no help"},
        {{"a", SCHEMA_ENUM, .help = "x"}, "key 'a' is an enum without names"},
        {{"a", SCHEMA_ENUM, .names = policies, .fallback = "q", .help = "x"},
         "key 'a': no name 'q'"},
        {{"a", SCHEMA_MAPPING, .help = "x"}, "key 'a' is a mapping without keys"},
        {{"a", SCHEMA_LIST, .of = SCHEMA_LIST, .help = "x"},
         "key 'a' is a list of lists and needs `item`"},
        {{"a", SCHEMA_MAPPING, .child = run_keys, .shorthand = "q", .help = "x"},
         "key 'a' has a shorthand that is no key of its"},
        {{"a", SCHEMA_MAPPING, .child = run_keys, .variant = "audit", .variant_keys = policy_keys,
          .help = "x"},
         "key 'a' has a variant that is no enum of its"},
        {{"a", SCHEMA_LIST, .of = SCHEMA_WHOLE, .fallback = "3", .help = "x"},
         "key 'a': list cannot have a default or bounds"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        struct schema_key table[] = {wrong[i].key, SCHEMA_END};
        struct schema_key top = {"top", SCHEMA_MAPPING, .child = table};
        ck_assert_msg(!schema_audit(&top, &error), "accepted: %s", wrong[i].message);
        ck_assert_str_eq(error->message, wrong[i].message);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_read, test_absent, test_lists,          test_unknown, test_types, test_collections,
        test_laws, test_many,   test_other_variants, test_path,    test_tell,  test_audit,
    };
    return folder_run("schema", tests, G_N_ELEMENTS(tests));
}
