/* The table has a column for peers only when a row has one. */
#include "bench/bench.h"
#include "shell/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void print_machine(void)
{
    g_autofree char *text = NULL;
    const char *model = NULL;

    if (g_file_get_contents("/proc/cpuinfo", &text, NULL, NULL))
        model = strstr(text, "model name\t: ");
    model = model != NULL ? model + strlen("model name\t: ") : "unknown processor";
    fprintf(stderr, "machine: %.*s, %ld cores\n", (int)strcspn(model, "\n"), model,
            sysconf(_SC_NPROCESSORS_ONLN));
}

bool bench_begin(struct bench *b, const char *name, int argc, char **argv)
{
    *b = (struct bench){.name = name};
    for (int i = 1; i < argc; i++) {
        b->json |= strcmp(argv[i], "--json") == 0;
        b->quick |= strcmp(argv[i], "--quick") == 0;
        if (strcmp(argv[i], "--json") != 0 && strcmp(argv[i], "--quick") != 0) {
            fprintf(stderr, "usage: bench_%s [--quick] [--json]\n", name);
            return false;
        }
    }
    b->rows = json_array();
    print_machine();
    return true;
}

static void add_number(Table *table, const json_t *row, const char *key, const char *format)
{
    const json_t *number = json_object_get(row, key);

    if (json_is_number(number))
        table_add_format(table, format, json_number_value(number));
    else
        table_add(table, NULL);
}

static bool has_peer(const json_t *rows)
{
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row) if (!json_is_null(json_object_get(row, "peer"))) return true;
    return false;
}

static void print_rows(const struct bench *b)
{
    g_autoptr(Table) table = table_new();
    const bool peers = has_peer(b->rows);
    size_t i;
    json_t *row;

    table_column(table, b->name, TABLE_LEFT);
    table_column(table, "value", TABLE_RIGHT);
    table_column(table, "unit", TABLE_LEFT);
    if (peers) {
        table_column(table, "peer", TABLE_LEFT);
        table_column(table, "its value", TABLE_RIGHT);
        table_column(table, "ratio", TABLE_RIGHT);
    }
    json_array_foreach(b->rows, i, row)
    {
        table_add(table, json_string_value(json_object_get(row, "case")));
        add_number(table, row, "value", "%.6g");
        table_add(table, json_string_value(json_object_get(row, "unit")));
        if (peers) {
            table_add(table, json_string_value(json_object_get(row, "peer")));
            add_number(table, row, "peer_value", "%.6g");
            add_number(table, row, "ratio", "%.2f");
        }
    }
    table_print(table, stdout);
}

int bench_end(struct bench *b, bool good)
{
    if (good && !b->json)
        print_rows(b);
    json_decref(b->rows);
    return good && fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}

void bench_row(struct bench *b, const char *name, double value, const char *unit, const char *peer,
               double peer_value)
{
    json_t *row = json_object();

    json_object_set_new(row, "bench", json_make_text(b->name));
    json_object_set_new(row, "case", json_make_text(name));
    json_object_set_new(row, "value", json_make_number(value));
    json_object_set_new(row, "unit", json_make_text(unit));
    json_object_set_new(row, "peer", peer != NULL ? json_make_text(peer) : json_null());
    json_object_set_new(row, "peer_value",
                        peer != NULL ? json_make_number(peer_value) : json_null());
    json_object_set_new(row, "ratio",
                        peer != NULL ? json_make_number(value / peer_value) : json_null());
    json_array_append_new(b->rows, row);
    if (b->json) {
        g_autofree char *line = json_dumps(row, JSON_COMPACT | JSON_REAL_PRECISION(9));
        printf("%s\n", line != NULL ? line : "");
        fflush(stdout);
    }
}

double bench_processor_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int order_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double bench_median(double *value, uint32_t count)
{
    qsort(value, count, sizeof(value[0]), order_doubles);
    return value[count / 2];
}

static double time_ns(void (*run)(uint64_t steps), uint64_t steps)
{
    const double began_s = bench_processor_s();

    run(steps);
    return (bench_processor_s() - began_s) * 1e9 / (double)steps;
}

void bench_time(struct bench *b, const char *name, uint64_t steps, void (*run)(uint64_t steps),
                const char *peer, void (*peer_run)(uint64_t steps))
{
    double ns[BENCH_RUNS], peer_ns[BENCH_RUNS];

    for (uint32_t i = 0; i <= BENCH_RUNS; i++) { /* the first is for wearing in */
        const uint32_t slot = i == 0 ? 0 : i - 1;
        ns[slot] = time_ns(run, steps);
        peer_ns[slot] = peer_run != NULL ? time_ns(peer_run, steps) : 0;
    }
    bench_row(b, name, bench_median(ns, BENCH_RUNS), "ns", peer, bench_median(peer_ns, BENCH_RUNS));
}
