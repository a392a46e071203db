/* bench_record: what recording every outcome costs, alone and with two things that each answer told,
 * and reading such a record back.
 *
 * The worker's side in nanoseconds of its own processor time a request, in bursts as a worker has
 * them (a loop's turn), the writer's in requests a second of the rest of the process's, the reader's
 * in seconds of the process's. `--quick` takes a tenth of the requests.
 */
#include "bench/bench.h"
#include "results/history.h"
#include "shell/diagnostic.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

#define RECORD_ROWS 1000000
#define RECORD_BURST 64

static double thread_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct measured {
    double worker_s, writer_s, reader_s;
};

/* A request, and what it told. */
static bool add(Recorder *recorder, uint64_t i, bool tells)
{
    const struct record_row row = {.number = i,
                                   .journey = i / 7,
                                   .member = i * 2654435761u % 1000000,
                                   .intended_us = (int64_t)i * 20,
                                   .sent_us = (int64_t)i * 20 + 30,
                                   .done_us = (int64_t)i * 20 + 900,
                                   .status = 200,
                                   .tries = 1};
    struct record_telling key = {.number = i, .text_size = 14};
    const struct record_telling price = {.number = i, .what = 3, .value = (int64_t)i % 9900};

    if (!tells)
        return recorder_add(recorder, 0, &row);
    memcpy(key.text, "order-", 6);
    for (int digit = 13, rest = (int)i; digit >= 6; digit--, rest /= 10)
        key.text[digit] = (char)('0' + rest % 10);
    return recorder_add(recorder, 0, &row) && recorder_tell(recorder, 0, &key) &&
           recorder_tell(recorder, 0, &price);
}

/* Adds `rows` requests: what the bursts took, and all but this thread. */
static bool record(const char *path, uint64_t rows, bool tells, struct measured *ret_measured,
                   GError **ret_error)
{
    double process_s = bench_processor_s(), self_s = thread_s(), bursts_s = 0.0;
    g_autoptr(Recorder) recorder = recorder_open(path, 1, NULL, ret_error);
    uint64_t count;

    for (uint64_t i = 0; recorder != NULL && i < rows;) {
        double began_s = thread_s();
        for (int k = 0; k < RECORD_BURST; k++, i++)
            if (!add(recorder, i, tells))
                return recorder_close(g_steal_pointer(&recorder), &count, ret_error);
        bursts_s += thread_s() - began_s;
        while (i > recorder_saved(recorder) + RECORD_RING_ROWS / 8)
            g_usleep(1000);
    }
    if (recorder == NULL || !recorder_close(g_steal_pointer(&recorder), &count, ret_error))
        return false;
    ret_measured->worker_s = bursts_s;
    ret_measured->writer_s = bench_processor_s() - process_s - (thread_s() - self_s);
    return true;
}

static bool read_back(const char *path, struct measured *ret_measured, GError **ret_error)
{
    const double began_s = bench_processor_s();
    g_autoptr(History) history = history_open(path, ret_error);

    ret_measured->reader_s = bench_processor_s() - began_s;
    return history != NULL;
}

static bool run_rows(struct bench *b, const char *path, bool tells, GError **ret_error)
{
    double worker_ns[BENCH_RUNS], writer_rate[BENCH_RUNS], reader_s[BENCH_RUNS];
    uint64_t rows = b->quick ? RECORD_ROWS / 10 : RECORD_ROWS;

    rows -= rows % RECORD_BURST;
    for (int run = 0; run < BENCH_RUNS; run++) {
        struct measured m = {0};
        if (!record(path, rows, tells, &m, ret_error) || !read_back(path, &m, ret_error))
            return false;
        worker_ns[run] = m.worker_s / (double)rows * 1e9;
        writer_rate[run] = (double)rows / m.writer_s;
        reader_s[run] = m.reader_s * RECORD_ROWS / (double)rows;
    }
    bench_row(b, tells ? "worker's side, 2 tellings" : "worker's side",
              bench_median(worker_ns, BENCH_RUNS), "ns a request", NULL, 0);
    bench_row(b, tells ? "writer's side, 2 tellings" : "writer's side",
              bench_median(writer_rate, BENCH_RUNS), "requests/s", NULL, 0);
    bench_row(b, tells ? "reading, 2 tellings" : "reading", bench_median(reader_s, BENCH_RUNS),
              "s a million", NULL, 0);
    return true;
}

int main(int argc, char **argv)
{
    g_autofree char *directory = g_dir_make_tmp("omosim-bench-XXXXXX", NULL);
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    struct bench bench;
    bool good = directory != NULL;

    if (!bench_begin(&bench, "record", argc, argv))
        return 2;
    path = g_build_filename(directory != NULL ? directory : ".", "record.db", NULL);
    good = good && run_rows(&bench, path, false, &error) && run_rows(&bench, path, true, &error);
    g_unlink(path);
    g_rmdir(directory != NULL ? directory : "");
    if (error != NULL)
        diagnostic_print(stderr, error);
    return bench_end(&bench, good);
}
