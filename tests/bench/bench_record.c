/* bench_record: what recording every outcome costs.
 *
 * The worker's side in nanoseconds of its own processor time a row, in bursts as a worker has them
 * (a loop's turn), and the writer's in rows a second of the rest of the process's. `--quick` takes
 * a tenth of the rows.
 */
#include "bench/bench.h"
#include "results/record.h"
#include "shell/diagnostic.h"

#include <glib/gstdio.h>
#include <time.h>

#define RECORD_ROWS 1000000
#define RECORD_BURST 64

static double thread_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Adds `rows`; *ret_worker_s is what the bursts took, *ret_writer_s all but this thread. */
static bool record(const char *path, uint64_t rows, double *ret_worker_s, double *ret_writer_s,
                   GError **ret_error)
{
    double process_s = bench_processor_s(), self_s = thread_s(), bursts_s = 0.0;
    g_autoptr(Recorder) recorder = recorder_open(path, 1, NULL, ret_error);
    uint64_t count;

    for (uint64_t i = 0; recorder != NULL && i < rows;) {
        double began_s = thread_s();
        for (int k = 0; k < RECORD_BURST; k++, i++) {
            const struct record_row row = {.number = i,
                                           .journey = i / 7,
                                           .member = i * 2654435761u % 1000000,
                                           .intended_us = (int64_t)i * 20,
                                           .sent_us = (int64_t)i * 20 + 30,
                                           .done_us = (int64_t)i * 20 + 900,
                                           .status = 200,
                                           .tries = 1};
            if (!recorder_add(recorder, 0, &row))
                return recorder_close(g_steal_pointer(&recorder), &count, ret_error);
        }
        bursts_s += thread_s() - began_s;
        while (i > recorder_saved(recorder) + RECORD_RING_ROWS / 2)
            g_usleep(1000);
    }
    if (recorder == NULL || !recorder_close(g_steal_pointer(&recorder), &count, ret_error))
        return false;
    *ret_worker_s = bursts_s;
    *ret_writer_s = bench_processor_s() - process_s - (thread_s() - self_s);
    return true;
}

int main(int argc, char **argv)
{
    g_autofree char *directory = g_dir_make_tmp("omosim-bench-XXXXXX", NULL);
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    double worker_ns[BENCH_RUNS] = {0}, writer_rate[BENCH_RUNS] = {0};
    struct bench bench;
    bool good = directory != NULL;

    if (!bench_begin(&bench, "record", argc, argv))
        return 2;
    path = g_build_filename(directory != NULL ? directory : ".", "record.db", NULL);
    for (int run = 0; good && run < BENCH_RUNS; run++) {
        uint64_t rows = bench.quick ? RECORD_ROWS / 10 : RECORD_ROWS;
        double worker_s = 0, writer_s = 0;
        rows -= rows % RECORD_BURST;
        good = record(path, rows, &worker_s, &writer_s, &error);
        if (good) {
            worker_ns[run] = worker_s / (double)rows * 1e9;
            writer_rate[run] = (double)rows / writer_s;
        }
    }
    g_unlink(path);
    g_rmdir(directory != NULL ? directory : "");
    if (good) {
        bench_row(&bench, "worker's side", bench_median(worker_ns, BENCH_RUNS), "ns a row", NULL,
                  0);
        bench_row(&bench, "writer's side", bench_median(writer_rate, BENCH_RUNS), "rows/s", NULL,
                  0);
    } else if (error != NULL) {
        diagnostic_print(stderr, error);
    }
    return bench_end(&bench, good);
}
