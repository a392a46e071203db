/* What the scenario tests share. The chain below is the smallest that uses most blocks; tests name
 * its lines, so new keys go at the ends of lines. */
#include "scenario/fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

const char *const fixture_chain =
    "name: chain\n"                                                                      /*  1 */
    "run: {days: 7, warm_up: 1d, replications: 2, seed: 3}\n"                            /*  2 */
    "skus: [{id: tea, price: 10.00, cost: 6.00}, {id: rice, price: 5.00, cost: 4.00}]\n" /* 3 */
    "places:\n"                                                                          /*  4 */
    "  - {id: shop, kind: store, lat: 37.8, lon: 112.5}\n"                               /*  5 */
    "  - {id: depot, kind: warehouse, lat: 37.7, lon: 112.5}\n"                          /*  6 */
    "  - {id: mill, kind: supplier, lat: 37.6, lon: 112.4}\n"                            /*  7 */
    "lanes:\n"                                                                           /*  8 */
    "  - {from: mill, to: store, lead_time: 1d}\n"                                       /*  9 */
    "  - {from: mill, to: depot, lead_time: exponential(2d), order_cost: 5}\n"           /* 10 */
    "stations:\n"                                                                        /* 11 */
    "  till: {at: store, servers: 1, service: \"erlang(40s, 2)\"}\n"                     /* 12 */
    "channels:\n"                                                                        /* 13 */
    "  walk_in: {kind: walk_in}\n"                                                       /* 14 */
    "  app: {kind: app, mode: pickup, radius: 3km, promise: 30min}\n"                           /* 15 */
    "demand:\n"                                                                          /* 16 */
    "  zones: [{id: town, lat: 37.8, lon: 112.5, members: 10}]\n"                        /* 17 */
    "  segments:\n"                                                                      /* 18 */
    "    people:\n"                                                                      /* 19 */
    "      visits: 100/d\n"                                                              /* 20 */
    "      profile: {weekdays: [1, 1, 1, 1, 1, 2, 2]}\n"                                 /* 21 */
    "      lines: geometric(1.5)\n"                                                      /* 22 */
    "      utility: {walk_in: 1, app: always}\n"                                         /* 23 */
    "routing: nearest\n"                                                                 /* 24 */
    "stocking: {policy: order_up_to, review: 1d}\n"                                      /* 25 */
    "promotion: {policy: none}\n"                                                        /* 26 */
    "integration: {inventory: merged, sync_lag: 15min}\n"                                /* 27 */
    "costs: {holding: 0.225, lost: 1.00}\n"                                              /* 28 */
    "shortage: lost\n"                                                                   /* 29 */
    "points:\n"                                                                          /* 30 */
    "  silo: {label: Silo, integration: {inventory: siloed}}\n"                          /* 31 */
    "  omo: {default: true, role: predicted}\n"                                          /* 32 */
    "calibration:\n"                                                                     /* 33 */
    "  - {figure: orders, published: 9, measure: orders.app, scale: per_year}\n";        /* 34 */

static char *fixture_directory, *fixture_before;

void fixture_enter(void)
{
    fixture_before = g_get_current_dir();
    fixture_directory = g_dir_make_tmp("omosim_scenario_XXXXXX", NULL);
    g_assert(fixture_directory != NULL && g_chdir(fixture_directory) == 0);
}

void fixture_leave(void)
{
    GDir *directory = g_dir_open(fixture_directory, 0, NULL);
    const char *name;

    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL)
        g_unlink(name);
    if (directory != NULL)
        g_dir_close(directory);
    g_assert(g_chdir(fixture_before) == 0);
    g_rmdir(fixture_directory);
    g_clear_pointer(&fixture_directory, g_free);
    g_clear_pointer(&fixture_before, g_free);
}

void fixture_write(const char *name, const char *text)
{
    g_assert(g_file_set_contents(name, text, -1, NULL));
}

char *fixture_replace(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);

    if (at == NULL)
        g_error("the text has no '%s'", from);
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

char *fixture_source(const char *relative)
{
    const char *source = g_getenv("OMO_SOURCE_DIR");

    if (source == NULL)
        source = fixture_before == NULL ? "." : fixture_before;
    return g_build_filename(source, relative, NULL);
}

static void fixture_collect(const char *relative, GPtrArray *paths)
{
    g_autofree char *folder = fixture_source(relative);
    GDir *directory = g_dir_open(folder, 0, NULL);
    const char *name;

    g_assert(directory != NULL);
    while ((name = g_dir_read_name(directory)) != NULL) {
        if (!g_str_has_suffix(name, ".yaml"))
            continue;
        if (strcmp(name, "real_nearest.yaml") == 0) { /* its table is no part of the project */
            g_autofree char *table =
                fixture_source("../shared/data/stores/starbucks_directory_2017.csv");
            if (!g_file_test(table, G_FILE_TEST_EXISTS))
                continue;
        }
        g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    }
    g_dir_close(directory);
}

static int fixture_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **fixture_shipped(void)
{
    GPtrArray *paths = g_ptr_array_new();

    fixture_collect("scenarios", paths);
    fixture_collect("scenarios/oracles", paths);
    g_ptr_array_sort(paths, fixture_compare);
    g_ptr_array_add(paths, NULL);
    return (char **)g_ptr_array_free(paths, FALSE);
}
