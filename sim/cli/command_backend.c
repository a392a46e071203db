/* omosim backend: the reference commerce service, out of the box.
 *
 * It serves until a signal (or --for) ends it, then answers what it has, commits and folds its log
 * into the one file. Standard output has the address alone, as soon as it can be asked, so that a
 * script may wait for that line; what was served goes to standard error.
 */
#include "backend/backend.h"

#include "cli/backend_seed.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "shell/diagnostic.h"
#include "shell/paths.h"
#include "shell/units.h"

#include <stdio.h>
#include <string.h>

#define DOCUMENT "scenarios/api/reference.openapi.yaml"
#define WAIT_STEP_US 20000

static const struct options_page page = {
    .usage = "backend [OPTION...]",
    .summary =
        "Serves the reference commerce API (scenarios/api/reference.openapi.yaml): members,\n"
        "catalogue, stock, carts, orders, tills. A new database is seeded from a scenario:\n"
        "same places, products, prices, opening stock, members and coupons as the simulation\n"
        "has. One that is there already is continued. Without --db nothing is kept.\n"
        "What was acknowledged is on disk, whenever the process is killed, unless a fault is\n"
        "switched on: `omosim list faults`.\n",
    .examples =
        "  omosim backend --scenario scenarios/o2o_vs_omo.yaml --db shop.db\n"
        "  omosim backend --db shop.db --port 0\n"
        "  omosim backend --scenario scenarios/two_stores.yaml --fault oversell-race --fault "
        "slow=5%:300\n",
    .positional_min = 0,
    .positional_max = 0,
};

struct backend_command {
    char *scenario, *point, *db, *port, *listen, *threads, *duration, *reserve_for, *session_for;
    char **sets, **faults;
    gboolean json;

    int64_t for_us; /* 0 = until a signal */
    struct backend_options options;
    char *address, *document;
};

static void command_clear(struct backend_command *c)
{
    char **const texts[] = {&c->scenario,    &c->point,   &c->db,       &c->port,
                            &c->listen,      &c->threads, &c->duration, &c->reserve_for,
                            &c->session_for, &c->address, &c->document};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    g_strfreev(c->sets);
    g_strfreev(c->faults);
}

/* ---- options --------------------------------------------------------------------------------- */

static gboolean check_duration(const char *option, const char *text, int64_t *ret_us,
                               GError **ret_error)
{
    g_autoptr(GError) error = NULL;

    if (text == NULL)
        return TRUE;
    if (!units_parse_duration_us(text, 0, ret_us, &error))
        return options_bad_usage(ret_error, "%s: %s", option, error->message);
    return *ret_us > 0 ||
           options_bad_usage(ret_error, "%s: expected a time above 0, found '%s'", option, text);
}

static gboolean check_address(struct backend_command *c, GError **ret_error)
{
    guint64 number = 8080;

    if (c->port != NULL && c->listen != NULL)
        return options_bad_usage(ret_error, "--port and --listen both say where; give one");
    if (c->port != NULL && !g_ascii_string_to_unsigned(c->port, 10, 0, 65535, &number, NULL))
        return options_bad_usage(ret_error, "--port: expected 0 (any) to 65535, found '%s'",
                                 c->port);
    c->address = c->listen != NULL ? g_strdup(c->listen)
                                   : g_strdup_printf("127.0.0.1:%" G_GUINT64_FORMAT, number);
    return TRUE;
}

static gboolean check_options(struct backend_command *c, GError **ret_error)
{
    guint64 threads = 0;

    if (c->threads != NULL && !g_ascii_string_to_unsigned(c->threads, 10, 1, 256, &threads, NULL))
        return options_bad_usage(ret_error, "--threads: expected 1 to 256, found '%s'", c->threads);
    if (c->scenario == NULL && (c->point != NULL || c->sets != NULL))
        return options_bad_usage(ret_error, "--point and --set are about a --scenario");
    if (!check_address(c, ret_error) ||
        !check_duration("--for", c->duration, &c->for_us, ret_error) ||
        !check_duration("--reserve-for", c->reserve_for, &c->options.reserve_for_us, ret_error) ||
        !check_duration("--session-for", c->session_for, &c->options.session_for_us, ret_error))
        return FALSE;
    c->options.path = c->db;
    c->options.address = c->address;
    c->options.threads = (uint32_t)threads;
    c->options.faults = (const char *const *)c->faults;
    return TRUE;
}

/* ---- seeding --------------------------------------------------------------------------------- */

static gboolean read_document(struct backend_command *c, GError **ret_error)
{
    g_autofree char *path = paths_find(DOCUMENT, ret_error);

    if (path == NULL || !g_file_get_contents(path, &c->document, NULL, ret_error))
        return FALSE;
    c->options.openapi = c->document;
    return TRUE;
}

/* A database that is there must have been made from the same scenario. */
static gboolean check_same(const Backend *backend, const char *db, const Scenario *scenario,
                           uint32_t point, GError **ret_error)
{
    g_autofree char *name = backend_seed_name(scenario, point);

    if (strcmp(name, backend_scenario(backend)) == 0)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                "%s: was seeded from another scenario (%s), this one is %s: take another file, or "
                "leave --scenario out to go on with it",
                db, backend_scenario(backend), name);
    return FALSE;
}

static gboolean seed(const struct backend_command *c, Backend *backend, GError **ret_error)
{
    g_autoptr(Scenario) scenario = NULL;
    uint32_t point;

    if (c->scenario == NULL) {
        if (!backend_is_new(backend))
            return TRUE;
        if (c->db == NULL)
            return options_bad_usage(ret_error, "what shall it sell? give --scenario FILE.yaml");
        return options_bad_usage(ret_error,
                                 "%s: there is no such database; --scenario FILE.yaml makes it",
                                 c->db);
    }
    scenario = scenario_read(c->scenario, (const char *const *)c->sets, ret_error);
    if (scenario == NULL)
        return FALSE;
    point = scenario_default_point(scenario);
    if (c->point != NULL && !scenario_find_point(scenario, c->point, &point, ret_error))
        return FALSE;
    return backend_is_new(backend) ? backend_seed_model(backend, scenario, point, ret_error)
                                   : check_same(backend, c->db, scenario, point, ret_error);
}

/* ---- serving --------------------------------------------------------------------------------- */

static gboolean stop(const struct backend_command *c, Backend *backend, GError **ret_error)
{
    const gboolean good = backend_stop(backend, ret_error);
    g_autofree char *summary = backend_summary(backend);

    if (c->json)
        printf("%s\n", summary);
    else
        fprintf(stderr, "backend: stopped; %s\n", summary);
    return good;
}

static enum command_status serve(struct backend_command *c, GError **ret_error)
{
    if (!check_options(c, ret_error) || !read_document(c, ret_error))
        return COMMAND_ERROR;
    g_autoptr(Backend) backend = backend_open(&c->options, ret_error);
    if (backend == NULL || !seed(c, backend, ret_error) || !backend_start(backend, ret_error))
        return COMMAND_ERROR;
    printf("listening on %s\n", backend_url(backend));
    fflush(stdout);
    const int64_t until_us = g_get_monotonic_time() + c->for_us;
    while (!interrupt_requested() && (c->for_us == 0 || g_get_monotonic_time() < until_us))
        g_usleep(WAIT_STEP_US);
    return stop(c, backend, ret_error) ? COMMAND_DONE : COMMAND_ERROR;
}

enum command_status command_backend(int argc, char **argv, GError **ret_error)
{
    struct backend_command c = {0};
    const GOptionEntry entries[] =
        {{"scenario", 0, 0, G_OPTION_ARG_FILENAME, &c.scenario,
          "What a new database is seeded from", "FILE.yaml"},
         {"point", 'p', 0, G_OPTION_ARG_FILENAME, &c.point,
          "Design point of it (default: the one marked default)", "NAME"},
         {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &c.sets,
          "Override a value of the scenario; may be repeated", "PATH=VALUE"},
         {"db", 0, 0, G_OPTION_ARG_FILENAME, &c.db,
          "The database (default: one in memory, gone at the end)", "FILE.db"},
         {"port", 0, 0, G_OPTION_ARG_FILENAME, &c.port,
          "Port at 127.0.0.1 (default 8080; 0: any that is free)", "N"},
         {"listen", 0, 0, G_OPTION_ARG_FILENAME, &c.listen, "Address instead of --port",
          "HOST:PORT"},
         {"threads", 't', 0, G_OPTION_ARG_FILENAME, &c.threads,
          "Threads that take requests (default 2); one more writes", "N"},
         {"fault", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &c.faults,
          "What it does wrong on purpose (omosim list faults); may be repeated", "NAME[=VALUE]"},
         {"for", 0, 0, G_OPTION_ARG_FILENAME, &c.duration, "Stops by itself after this time",
          "TIME"},
         {"reserve-for", 0, 0, G_OPTION_ARG_FILENAME, &c.reserve_for,
          "How long unpaid units stay reserved (default 15min)", "TIME"},
         {"session-for", 0, 0, G_OPTION_ARG_FILENAME, &c.session_for,
          "How long a log-in lasts (default 30min)", "TIME"},
         {"json", 'j', 0, G_OPTION_ARG_NONE, &c.json,
          "What was served as JSON on standard output, at the end", NULL},
         {NULL, 0, 0, 0, NULL, NULL, NULL}};
    enum command_status status = COMMAND_ERROR;

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        status = serve(&c, ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    command_clear(&c);
    return status;
}
