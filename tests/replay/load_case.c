/* Load runs for tests. */
#include "replay/load_case.h"

#include <check.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>

#define ARRIVALS_MAX 65536
#define MS INT64_C(1000000)

static struct load_case_arrival arrival[ARRIVALS_MAX];
static uint32_t arrival_count;
static pthread_mutex_t arrival_lock = PTHREAD_MUTEX_INITIALIZER;

void load_case_open(struct load_case *c, const char *map, const char *url)
{
    const struct plan_about about = {.epoch_us = INT64_MIN};
    g_autoptr(GError) error = NULL;

    *c = (struct load_case){.folder = g_dir_make_tmp("omosim-load-XXXXXX", NULL)};
    ck_assert_ptr_nonnull(c->folder);
    load_case_log_clear();
    g_autofree char *plan_file = g_build_filename(c->folder, "test.plan", NULL);
    c->writer = plan_writer_open(plan_file, &about, &error);
    ck_assert_ptr_nonnull(c->writer);
    if (map == NULL) {
        c->map = api_new_raw();
    } else {
        g_autofree char *map_file = g_build_filename(c->folder, "api.yaml", NULL);
        ck_assert(g_file_set_contents(map_file, map, -1, NULL));
        c->map = api_read(map_file, NULL, &error);
        ck_assert_msg(c->map != NULL, "%s", error != NULL ? error->message : "");
        g_unlink(map_file);
    }
    c->target = target_new(url, NULL, &error);
    ck_assert_msg(c->target != NULL, "%s", error != NULL ? error->message : "");
    load_defaults(&c->options);
    c->options.threads = 1;
    c->options.drain_ns = 5000 * MS;
    c->options.journeys_max = 10000;
    c->options.sessions_max = 1000;
}

void load_case_journey(struct load_case *c, int64_t at_ms, uint64_t member, uint64_t order,
                       int64_t gap_ms, const char *kinds)
{
    g_auto(GStrv) names = g_strsplit(kinds, " ", -1);
    omo_plan_step steps[64];
    omo_plan_journey journey = {.at_us = at_ms * 1000,
                                .member = member,
                                .order = order,
                                .place = OMO_PLAN_NONE,
                                .channel = OMO_PLAN_NO_CHANNEL};

    for (char **name = names; *name != NULL; name++) {
        const uint32_t kind = step_find(*name);
        ck_assert_msg(kind < STEP_COUNT, "%s", *name);
        steps[journey.step_count] =
            (omo_plan_step){.at_us = (at_ms + journey.step_count * gap_ms) * 1000,
                            .sku = 7,
                            .place = OMO_PLAN_NONE,
                            .quantity = 1,
                            .coupon = OMO_PLAN_NO_COUPON,
                            .kind = (uint8_t)kind};
        journey.step_count++;
    }
    ck_assert(plan_write_journey(c->writer, &journey, steps, NULL, NULL));
}

void load_case_get(struct load_case *c, int64_t at_ms, const char *path)
{
    g_autofree char *text = g_strdup_printf("GET %s HTTP/1.1\r\n\r\n", path);
    const struct plan_payload payload = {text, strlen(text)};
    const omo_plan_step step = {.at_us = at_ms * 1000,
                                .sku = OMO_PLAN_NONE,
                                .place = OMO_PLAN_NONE,
                                .coupon = OMO_PLAN_NO_COUPON,
                                .kind = STEP_request};
    const omo_plan_journey journey = {.at_us = at_ms * 1000,
                                      .place = OMO_PLAN_NONE,
                                      .step_count = 1,
                                      .channel = OMO_PLAN_NO_CHANNEL};

    ck_assert(plan_write_journey(c->writer, &journey, &step, &payload, NULL));
}

void load_case_run(struct load_case *c, void (*on_tick)(void *user, Load *load), void *user)
{
    g_autofree char *plan_file = g_build_filename(c->folder, "test.plan", NULL);
    g_autoptr(GError) error = NULL;

    if (c->plan == NULL) {
        ck_assert(plan_writer_commit(c->writer, NULL, NULL));
        c->plan = plan_open(plan_file, &error);
        ck_assert_msg(c->plan != NULL, "%s", error != NULL ? error->message : "");
    }
    c->options.plan = c->plan;
    c->options.map = c->map;
    c->options.targets = &c->target;
    c->options.target_count = 1;
    g_clear_pointer(&c->load, load_free); /* of a run before */
    g_clear_error(&c->error);
    c->load = load_new(&c->options, &c->error);
    if (c->load != NULL) {
        load_run(c->load, on_tick, user, &c->error);
        c->result = load_result(c->load);
    }
}

void load_case_close(struct load_case *c)
{
    g_autoptr(GDir) folder = NULL;
    const char *name;

    load_free(c->load);
    plan_writer_free(c->writer);
    plan_free(c->plan);
    api_free(c->map);
    target_free(c->target);
    g_clear_error(&c->error);
    folder = g_dir_open(c->folder, 0, NULL);
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *path = g_build_filename(c->folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(c->folder);
    g_free(c->folder);
}

uint64_t load_case_outcome(const struct load_case *c, enum outcome outcome)
{
    return measure_all_outcome(c->result->all, MEASURE_TOTAL, outcome);
}

uint64_t load_case_count(const struct load_case *c, enum measure_count what)
{
    return measure_all_count(c->result->all, what);
}

uint64_t load_case_journeys(const struct load_case *c, enum measure_journey how)
{
    return measure_all_journeys(c->result->all, how);
}

double load_case_response_ms(const struct load_case *c, uint32_t row, uint32_t share_ppm)
{
    const omo_histogram *h = measure_all_row(c->result->all, row)->clock[MEASURE_RESPONSE];

    return (double)omo_histogram_quantile(h, share_ppm) / 1e6;
}

/* ---- what the server saw --------------------------------------------------------------------- */

void load_case_log_clear(void) { arrival_count = 0; }

uint32_t load_case_log(const char *request)
{
    const char *blank = strchr(request, ' ');
    const size_t size =
        blank != NULL ? strcspn(blank + 1, " \r") + (size_t)(blank + 1 - request) : 0;

    pthread_mutex_lock(&arrival_lock);
    const uint32_t number = arrival_count;
    ck_assert_uint_lt(number, ARRIVALS_MAX);
    arrival[number].at_ns = clock_ns();
    g_strlcpy(arrival[number].line, request, MIN(size + 1, sizeof arrival[number].line));
    arrival_count++;
    pthread_mutex_unlock(&arrival_lock);
    return number;
}

void load_case_log_answer(uint32_t number) { arrival[number].answered_ns = clock_ns(); }

uint32_t load_case_log_count(void) { return arrival_count; }

const struct load_case_arrival *load_case_log_at(uint32_t i)
{
    ck_assert_uint_lt(i, arrival_count);
    return &arrival[i];
}

uint32_t load_case_log_find(const char *line)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < arrival_count; i++)
        count += strcmp(arrival[i].line, line) == 0;
    return count;
}
