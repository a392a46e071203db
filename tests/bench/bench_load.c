/* bench_load: the load engine beside the tools that people use, side by side in one run.
 *
 * Server: nginx, `return 200`, one worker on processor 0; the tool has processor 1. `cost/...` is
 * processor time a request (peers_cost.c), `pacing/...` the error of the send time as the server saw it
 * (peers_pacing.c), `frozen/...` a server that stops (peers_frozen.c), `memory/...` resident memory
 * (peers_memory.c). A part's name as an argument runs it alone. `--quick` is shorter, `--json` prints
 * one object a row.
 */
#include "bench/peers.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    void (*run)(struct peers_bench *l);
} parts[] = {{"cost", peers_cost},
             {"pacing", peers_pacing},
             {"frozen", peers_frozen},
             {"memory", peers_memory}};

/* Takes the name of a part out of the arguments; NULL = all of them. */
static const char *take_part(int *argc, char **argv)
{
    for (int i = 1; i < *argc; i++)
        for (uint32_t p = 0; p < G_N_ELEMENTS(parts); p++)
            if (strcmp(argv[i], parts[p].name) == 0) {
                memmove(argv + i, argv + i + 1, (size_t)(*argc - i) * sizeof *argv);
                (*argc)--;
                return parts[p].name;
            }
    return NULL;
}

static void remove_folder(const char *folder)
{
    struct peers_run run;

    peers_run_line(&run, "rm -rf %s", folder);
    peers_run_clear(&run);
}

int main(int argc, char **argv)
{
    struct peers_bench l = {.seconds = 5.0};
    g_autofree char *program = g_path_get_dirname(argv[0]);
    const char *only = take_part(&argc, argv);

    if (!bench_begin(&l.b, "load", argc, argv))
        return 2;
    if (l.b.quick)
        l.seconds = 2.0;
    l.folder = g_dir_make_tmp("omosim-bench-XXXXXX", NULL);
    l.omosim = g_build_filename(program, "omosim", NULL);
    l.clock_service = g_build_filename(program, "clock_service", NULL);
    const bool good = peers_nginx_start(&l) && peers_plans_write(&l);
    for (uint32_t p = 0; good && p < G_N_ELEMENTS(parts); p++)
        if (only == NULL || strcmp(only, parts[p].name) == 0)
            parts[p].run(&l);
    peers_server_stop(l.nginx);
    remove_folder(l.folder);
    g_free(l.folder);
    g_free(l.omosim);
    g_free(l.clock_service);
    return bench_end(&l.b, good);
}
