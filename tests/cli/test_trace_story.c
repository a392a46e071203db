/* What a trace says of orders: their names, and which of them are under way after each event. */
#include "cli/trace_story.h"
#include "cli/trace_watch.h"
#include "scenario/scenario.h"
#include "shell/diagnostic.h"

#include <check.h>
#include <omosim/world.h>
#include <stdlib.h>
#include <string.h>

/* ---- names ----------------------------------------------------------------------------------- */

static void expect_order(const char *text, uint64_t order)
{
    char back[TRACE_NAMES_TEXT_MAX];
    uint64_t found = 0;

    ck_assert_msg(trace_names_parse_order(text, &found), "%s", text);
    ck_assert_uint_eq(found, order);
    trace_names_order(order, back);
    ck_assert_str_eq(back, text);
}

START_TEST(names_of_orders)
{
    static const char *const wrong[] = {"",           ".",           "1.2",    "1.2.3.4", "1.2.x",
                                        "1..3",       "-1.2.3",      "+",      "1.2.3++", "1.2.3+~",
                                        "262144.0.1", "0.0.4194304", "1.2.3 ", " 1.2.3",  "0"};
    uint64_t order = 77;

    expect_order("0.0.1", 1);
    expect_order("4.0.17", UINT64_C(4) << 44 | 17);
    expect_order("262143.4194303.4194303", (UINT64_C(1) << 62) - 1);
    expect_order("1.2.3~", UINT64_C(1) << 62 | UINT64_C(1) << 44 | UINT64_C(2) << 22 | 3);
    expect_order("1.2.3~+", UINT64_C(3) << 62 | UINT64_C(1) << 44 | UINT64_C(2) << 22 | 3);
    expect_order("1.2.3+", UINT64_C(1) << 63 | UINT64_C(1) << 44 | UINT64_C(2) << 22 | 3);
    ck_assert(trace_names_parse_order("70368744177681", &order));
    ck_assert_uint_eq(order, UINT64_C(4) << 44 | 17);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        ck_assert_msg(!trace_names_parse_order(wrong[i], &order), "'%s'", wrong[i]);
}
END_TEST

/* ---- the story agrees with the world --------------------------------------------------------- */

struct run {
    omo_world *world;
    TraceNames *names;
    struct trace_source source;
    TraceChrome *chrome;
    TraceStory *story;
    TraceWatch *watch;
    GArray *facts;
    struct trace_moment moment;
    bool any;
    uint32_t most; /* orders under way */
    uint64_t till_moments, till_changes;
    omo_station_level till;
};

static bool level(void *user, uint32_t station, omo_station_level *ret_level)
{
    const struct run *r = user;

    return omo_world_station(r->world, station / OMO_ROLE_COUNT, station % OMO_ROLE_COUNT,
                             ret_level);
}

static void read_facts(void *user, const omo_fact *facts, size_t count)
{
    struct run *r = user;

    g_array_append_vals(r->facts, facts, (guint)count);
}

static void end_moment(struct run *r)
{
    omo_station_level now;

    r->moment.facts = (const omo_fact *)(void *)r->facts->data;
    r->moment.fact_count = r->facts->len;
    if (r->any || r->facts->len != 0) {
        trace_story_add(r->story, &r->moment);
        r->till_moments += trace_watch_touched(r->watch, &r->moment);
    }
    ck_assert_uint_eq(trace_story_open_count(r->story), omo_world_open_orders(r->world));
    r->most = MAX(r->most, trace_story_open_count(r->story));
    ck_assert(level(r, 0, &now));
    r->till_changes += now.busy != r->till.busy || now.queue != r->till.queue;
    r->till = now;
    g_array_set_size(r->facts, 0);
}

static bool read_event(void *user, const omo_event_record *record)
{
    struct run *r = user;

    end_moment(r);
    r->moment = (struct trace_moment){.at_us = record->at_us, .has_event = true, .event = *record};
    r->any = true;
    return true;
}

static omo_model *two_stores(const char *set)
{
    const char *const sets[] = {"run.days=8", "demand.segments.passers_by.visits=900/d", set, NULL};
    const char *root = g_getenv("OMO_SOURCE_DIR");
    g_autofree char *path =
        g_build_filename(root != NULL ? root : ".", "scenarios", "two_stores.yaml", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_read(path, sets, &error);

    ck_assert_msg(scenario != NULL, "%s", error != NULL ? error->message : "");
    omo_model *model = scenario_build(scenario, scenario_default_point(scenario), &error);
    ck_assert_msg(model != NULL, "%s", error != NULL ? error->message : "");
    return model;
}

/* After every event the orders that the story holds open are as many as the world's, and the picture
 * is closed at the end. */
static void follow(const char *set)
{
    static const char *const targets[] = {"station=east.till", NULL};
    omo_model *model = two_stores(set);
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    struct run r = {.world = omo_world_new(model, 7, 0, NULL),
                    .names = trace_names_new(model),
                    .facts = g_array_new(FALSE, FALSE, sizeof(omo_fact))};

    r.source = (struct trace_source){.names = r.names, .level = level, .user = &r};
    r.chrome = trace_chrome_new(r.names, 0, stream);
    r.story = trace_story_new(&r.source, r.chrome, 0);
    r.watch = trace_watch_new(&r.source, targets, NULL);
    ck_assert_ptr_nonnull(r.watch);
    ck_assert(level(&r, 0, &r.till));
    omo_world_set_reader(r.world, read_facts, &r);
    omo_world_set_event_reader(r.world, read_event, &r);
    ck_assert_int_eq(omo_world_run(r.world, INT64_MAX, NULL), OMO_OK);
    end_moment(&r);
    ck_assert_uint_gt(r.most, 20);
    ck_assert_uint_gt(r.till_changes, 1000);
    ck_assert_uint_ge(r.till_moments, r.till_changes);
    trace_story_finish(r.story, omo_world_now_us(r.world));
    ck_assert_uint_eq(trace_story_open_count(r.story), 0);
    trace_chrome_finish(r.chrome, omo_world_now_us(r.world), omo_world_event_count(r.world), NULL);
    fclose(stream);
    ck_assert_uint_gt(size, 100000);
    trace_watch_free(r.watch);
    trace_story_free(r.story);
    trace_chrome_free(r.chrome);
    trace_names_free(r.names);
    g_array_unref(r.facts);
    free(text);
    omo_world_free(r.world);
    omo_model_free(model);
}

START_TEST(orders_under_way)
{
    static const char *const sets[] = {"routing=nearest",          "routing=fewest_parcels",
                                       "shortage=backorder",       "integration.inventory=siloed",
                                       "integration.sync_lag=2d",  "integration.oversold=cancel",
                                       "stocking.safety_factor=0", "stations.picker.servers=0",
                                       "promotion.policy=coupon"};

    follow(sets[_i]);
}
END_TEST

START_TEST(wrong_targets)
{
    static const char *const wrong[][2] = {
        {"place=eats", "did you mean 'east'"},
        {"station=east.tll", "did you mean 'east.till'"},
        {"station=east", "(one of east.till, "},
        {"station=supplier.till", "unknown station"},
        {"order=1.2", "expected an order"},
        {"oder=1.2.3", "did you mean 'order'"},
        {"east", "expected order=ID"},
        {"", "expected order=ID"},
        {"=", "cannot watch"},
    };
    omo_model *model = two_stores("routing=nearest");
    struct run r = {.world = omo_world_new(model, 7, 0, NULL), .names = trace_names_new(model)};

    r.source = (struct trace_source){.names = r.names, .level = level, .user = &r};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        const char *const targets[] = {"place=west", wrong[i][0], NULL};
        g_autoptr(GError) error = NULL;
        ck_assert_ptr_null(trace_watch_new(&r.source, targets, &error));
        ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE));
        ck_assert_msg(strstr(error->message, wrong[i][1]) != NULL, "%s", error->message);
    }
    trace_names_free(r.names);
    omo_world_free(r.world);
    omo_model_free(model);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("trace");
    TCase *t = tcase_create("trace");

    tcase_set_timeout(t, 120);
    tcase_add_test(t, names_of_orders);
    tcase_add_loop_test(t, orders_under_way, 0, 9);
    tcase_add_test(t, wrong_targets);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
