/* omosim seed: a scenario's shop, made at a live service.
 *
 * The model is that of the point (and --set) a trace of the scenario would be made with, so the places,
 * SKUs and members that its plan names are those that are made; stock is what a world opens with.
 * Requests go one after the other on one connection: what is made first is what the next refers to.
 */
#include "cli/command.h"
#include "cli/emit.h"
#include "cli/interrupt.h"
#include "cli/replay_options.h"
#include "cli/study.h"
#include "cli/replay_plan.h"
#include "replay/seeding.h"
#include "replay/tls_context.h"
#include "shell/diagnostic.h"
#include "shell/json.h"
#include "shell/output.h"
#include "shell/progress.h"
#include "shell/table.h"
#include "shell/units.h"

#include <stdio.h>
#include <string.h>

static const struct options_page page = {
    .usage = "seed [OPTION...] SCENARIO --api MAP.yaml --target URL",
    .summary =
        "Gives a live service the places, SKUs with their prices, stock, coupons and members of a\n"
        "scenario, by the requests in the section `seed` of the API map (omosim list schema api).\n"
        "What the service calls them goes to --tables, which replay and audit look names up in.\n",
    .examples = "  omosim seed scenarios/two_stores.yaml --api shop.yaml --target "
                "http://127.0.0.1:3100 --tables shop.json\n"
                "  omosim seed scenarios/o2o_vs_omo.yaml --plan evening.plan --api shop.yaml "
                "--target http://127.0.0.1:3100\n",
    .positional_min = 1,
    .positional_max = 1,
};

#define TIMEOUT_NS INT64_C(60000000000) /* of one request, unless --timeout says otherwise */

struct seed_command { /* options as they come */
    struct options_study study;
    char *api, *target, *tables, *plan;
    char *places_text, *skus_text, *members_text, *timeout_text;
    char **allowed_hosts;
    char *ca;
    gboolean insecure;
};

typedef struct seed_job {
    Study *study;
    Plan *plan;
    ApiMap *map;
    struct target *target;
    omo_world *world;
    Seeding *seed;
    Fetch *fetch;
    ApiSeeding *api;
    struct seeding_options options;
    struct seeding_counts counts;
    int64_t timeout_ns;
    Progress *progress;
} SeedJob;

static void seed_job_free(SeedJob *s)
{
    progress_free(s->progress);
    fetch_free(s->fetch);
    api_seeding_free(s->api);
    seeding_free(s->seed);
    omo_world_free(s->world);
    if (s->target != NULL)
        tls_context_free(s->target->tls_context);
    target_free(s->target);
    api_free(s->map);
    plan_free(s->plan);
    study_free(s->study);
    g_free(s);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SeedJob, seed_job_free)

/* ---- beginning ------------------------------------------------------------------------------- */

static gboolean check_options(SeedJob *s, const struct seed_command *c, GError **ret_error)
{
    s->options.places_max = s->options.skus_max = s->options.members_max = UINT64_MAX;
    s->timeout_ns = TIMEOUT_NS;
    if (c->api == NULL)
        return options_bad_usage(ret_error, "--api MAP is missing: its section `seed` says how a "
                                            "service is given a scenario");
    if (c->target == NULL)
        return options_bad_usage(ret_error, "--target URL is missing: the service to seed");
    return replay_parse_whole("places", c->places_text, 0, UINT32_MAX, &s->options.places_max,
                              ret_error) &&
           replay_parse_whole("skus", c->skus_text, 0, UINT32_MAX, &s->options.skus_max,
                              ret_error) &&
           replay_parse_whole("members", c->members_text, 0, UINT32_MAX, &s->options.members_max,
                              ret_error) &&
           replay_parse_duration("timeout", c->timeout_text, &s->timeout_ns, ret_error) &&
           (c->tables == NULL || output_check(c->tables, ret_error));
}

static gboolean open_target(SeedJob *s, const struct seed_command *c, GError **ret_error)
{
    const struct tls_options tls = {.no_verify = c->insecure, .ca_file = c->ca};

    s->target = target_new(c->target, (const char *const *)c->allowed_hosts, ret_error);
    if (s->target == NULL || !s->target->tls)
        return s->target != NULL;
    g_autofree char *host = replay_plan_host(s->target->url);
    s->target->tls_context = tls_context_new(&tls, host, ret_error);
    return s->target->tls_context != NULL;
}

static SeedJob *seed_job_new(const char *path, struct seed_command *c, GError **ret_error)
{
    g_autoptr(SeedJob) s = g_new0(SeedJob, 1);
    omo_error error;

    if (!options_study_check(&c->study, ret_error) || !check_options(s, c, ret_error))
        return NULL;
    s->study = study_new(path, &c->study, STUDY_ONE_POINT, ret_error);
    if (s->study == NULL)
        return NULL;
    s->map = api_read(c->api, NULL, ret_error);
    if (s->map == NULL)
        return NULL;
    s->api = api_seeding_new(s->map, ret_error);
    if (s->api == NULL)
        return NULL;
    if (c->plan != NULL && (s->plan = plan_open(c->plan, ret_error)) == NULL)
        return NULL;
    const omo_experiment *experiment = study_experiment(s->study);
    s->options.model = omo_experiment_point_model(experiment, 0);
    s->world = omo_world_new(s->options.model, omo_experiment_seed(experiment), 0, &error);
    if (s->world == NULL) {
        study_set_library_error(ret_error, &error);
        return NULL;
    }
    s->options.world = s->world;
    s->options.plan = s->plan;
    s->seed = seeding_new(&s->options, ret_error);
    if (s->seed == NULL)
        return NULL;
    seeding_count(s->seed, s->map, &s->counts);
    if (!open_target(s, c, ret_error))
        return NULL;
    s->fetch = fetch_new(s->target, s->map, s->timeout_ns, ret_error);
    return s->fetch != NULL ? g_steal_pointer(&s) : NULL;
}

/* ---- running --------------------------------------------------------------------------------- */

static gboolean on_request(void *user, uint64_t requests)
{
    SeedJob *s = user;

    progress_update(s->progress, (double)requests / (double)s->counts.requests, -1, requests);
    return !interrupt_requested();
}

static gboolean write_tables(const SeedJob *s, const char *path, GError **ret_error)
{
    json_t *tables = api_seeding_tables(s->api);
    char *text = json_dumps(tables, JSON_INDENT(1));
    g_autofree char *whole = g_strconcat(text, "\n", NULL);

    json_decref(tables);
    free(text);
    return output_write(path, whole, strlen(whole), ret_error);
}

/* ---- telling --------------------------------------------------------------------------------- */

static void print_counts(const SeedJob *s, int64_t took_us)
{
    const struct {
        const char *name;
        uint64_t count;
    } rows[] = {
        {"places", s->counts.places},       {"SKUs", s->counts.skus},
        {"positions", s->counts.positions}, {"coupons", s->counts.coupons},
        {"members", s->counts.members},     {"requests", s->counts.requests},
    };
    g_autoptr(Table) table = table_new();
    g_autofree char *took = units_format_duration_short(took_us);

    table_column(table, "seeded", TABLE_LEFT);
    table_column(table, "", TABLE_RIGHT);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *count = units_format_count((int64_t)rows[i].count);
        table_add(table, rows[i].name);
        table_add(table, count);
    }
    table_print(table, stdout);
    fprintf(stderr, "%s at %s\n", took, s->target->url);
}

static void print_json(const SeedJob *s)
{
    json_t *root = json_object();

    json_object_set_new(root, "target", json_make_text(s->target->url));
    json_object_set_new(root, "places", json_integer((json_int_t)s->counts.places));
    json_object_set_new(root, "skus", json_integer((json_int_t)s->counts.skus));
    json_object_set_new(root, "positions", json_integer((json_int_t)s->counts.positions));
    json_object_set_new(root, "coupons", json_integer((json_int_t)s->counts.coupons));
    json_object_set_new(root, "members", json_integer((json_int_t)s->counts.members));
    json_object_set_new(root, "requests", json_integer((json_int_t)s->counts.requests));
    json_object_set_new(root, "tables", api_seeding_tables(s->api));
    emit_json(root);
}

static enum command_status seed(const char *path, struct seed_command *c, GError **ret_error)
{
    g_autoptr(SeedJob) s = seed_job_new(path, c, ret_error);
    const int64_t started_us = g_get_monotonic_time();
    gboolean stopped = FALSE;

    if (s == NULL)
        return COMMAND_ERROR;
    s->progress = progress_new("seed", PROGRESS_NO_DATE);
    const gboolean good =
        seeding_run(s->seed, s->map, s->fetch, s->api, on_request, s, &stopped, ret_error);
    g_clear_pointer(&s->progress, progress_free);
    if (!good)
        return COMMAND_ERROR;
    if (stopped) {
        fprintf(stderr, "interrupted: the service was seeded in part\n");
        return COMMAND_INTERRUPTED;
    }
    if (c->tables != NULL && !write_tables(s, c->tables, ret_error))
        return COMMAND_ERROR;
    if (c->study.json)
        print_json(s);
    else
        print_counts(s, g_get_monotonic_time() - started_us);
    return COMMAND_DONE;
}

enum command_status command_seed(int argc, char **argv, GError **ret_error)
{
    struct seed_command c = {.api = NULL};
    const GOptionEntry entries[] = {
        {"api", 'a', 0, G_OPTION_ARG_FILENAME, &c.api, "API map with a section `seed`", "MAP.yaml"},
        {"target", 't', 0, G_OPTION_ARG_STRING, &c.target, "The service", "URL"},
        {"tables", 0, 0, G_OPTION_ARG_FILENAME, &c.tables,
         "Write what the map keeps, for replay --tables", "FILE.json"},
        {"plan", 0, 0, G_OPTION_ARG_FILENAME, &c.plan,
         "Only the places, SKUs and members that this plan names", "FILE.plan"},
        {"places", 0, 0, G_OPTION_ARG_STRING, &c.places_text, "Only the first so many places", "N"},
        {"skus", 0, 0, G_OPTION_ARG_STRING, &c.skus_text, "Only the first so many SKUs", "N"},
        {"members", 0, 0, G_OPTION_ARG_STRING, &c.members_text, "Only the first so many members",
         "N"},
        {"allow-host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &c.allowed_hosts,
         "Allow a host that isn't this machine; may be repeated", "NAME"},
        {"ca", 0, 0, G_OPTION_ARG_FILENAME, &c.ca, "Certificates to trust instead of the system's",
         "FILE.pem"},
        {"insecure", 0, 0, G_OPTION_ARG_NONE, &c.insecure, "Accept any certificate", NULL},
        {"timeout", 0, 0, G_OPTION_ARG_STRING, &c.timeout_text,
         "Of one request, until its whole answer (default 60s)", "TIME"},
        {"point", 'p', 0, G_OPTION_ARG_FILENAME, &c.study.point,
         "Design point (default: the one marked default)", "NAME"},
        {"seed", 's', 0, G_OPTION_ARG_FILENAME, &c.study.seed_text,
         "Seed instead of the scenario's", "N"},
        {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &c.study.sets,
         "Override a value of the scenario; may be repeated", "PATH=VALUE"},
        {"json", 'j', 0, G_OPTION_ARG_NONE, &c.study.json, "Counts and tables as JSON", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    enum command_status status = COMMAND_ERROR;

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        status = seed(argv[1], &c, ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    options_study_clear(&c.study);
    g_free(c.api);
    g_free(c.target);
    g_free(c.tables);
    g_free(c.plan);
    g_free(c.places_text);
    g_free(c.skus_text);
    g_free(c.members_text);
    g_free(c.timeout_text);
    g_free(c.ca);
    g_strfreev(c.allowed_hosts);
    return status;
}
