/* bench_fit: a million customers, from the table of their purchases to a fitted model.
 *
 * Customers are drawn from the published BG/NBD model of CDNOW (Fader, Hardie and Lee 2005), watched
 * for 27 to 39 weeks by the day. Rows: the fit alone, customers a second; and what `omosim fit
 * members` takes in all for the table of their purchases (reading, fitting, tables of goodness of
 * fit), as seconds and customers a second. The estimates must lie within four standard errors of
 * the parameters that drew the customers. `--quick` takes a tenth of the customers.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>

#include "bench/bench.h"
#include "cli/fit_members.h"
#include "experiment/customers.h"

#define CUSTOMERS 1000000
#define FIRST_DAY 9862 /* 1997-01-01 */

static const omo_bgnbd cdnow = {.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426};

struct writer {
    FILE *stream;
    uint64_t customer, lines;
    int32_t first_day;
};

static void write_line(struct writer *w, int32_t day)
{
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(719163 + day)); /* day 1 is 0001-01-01 */
    fprintf(w->stream, "%" G_GUINT64_FORMAT ",%04u-%02u-%02u,9.99\n", w->customer,
            (unsigned)g_date_get_year(&date), (unsigned)g_date_get_month(&date),
            (unsigned)g_date_get_day(&date));
    w->lines++;
}

static void write_repeat(void *user, double at)
{
    struct writer *w = user;

    write_line(w, w->first_day + (int32_t)(7 * at));
}

/* The table of their purchases; how many lines it has. */
static uint64_t write_table(const char *path, uint64_t count)
{
    struct writer w = {.stream = g_fopen(path, "w")};

    if (w.stream == NULL)
        return 0;
    fprintf(w.stream, "id,date,amount\n");
    for (w.customer = 0; w.customer < count; w.customer++) {
        /* The day of the first purchase follows from how long the customer is watched. */
        const omo_history h = customers_draw(&cdnow, 27, 39, 1, 0, w.customer, NULL, NULL);
        w.first_day = FIRST_DAY + (int32_t)(7 * (39 - h.age));
        write_line(&w, w.first_day);
        customers_draw(&cdnow, 27, 39, 1, 0, w.customer, write_repeat, &w);
    }
    return fclose(w.stream) == 0 ? w.lines : 0;
}

static bool is_near(const omo_bgnbd_fit *fit)
{
    return fabs(fit->model.r - cdnow.r) < 4 * fit->standard_error.r &&
           fabs(fit->model.alpha - cdnow.alpha) < 4 * fit->standard_error.alpha &&
           fabs(fit->model.a - cdnow.a) < 4 * fit->standard_error.a &&
           fabs(fit->model.b - cdnow.b) < 4 * fit->standard_error.b;
}

static bool bench_estimate(struct bench *b, uint64_t count)
{
    g_autofree omo_history *h = g_new(omo_history, count);
    double seconds[BENCH_RUNS];
    omo_bgnbd_fit fit;

    customers_fill(&cdnow, 27, 39, 1, 0, h, count);
    for (int i = 0; i < BENCH_RUNS; i++) {
        const double begun_s = bench_processor_s();
        if (omo_bgnbd_estimate(h, count, &fit, NULL) != OMO_OK)
            return false;
        seconds[i] = bench_processor_s() - begun_s;
    }
    const double median_s = bench_median(seconds, BENCH_RUNS);
    bench_row(b, "fit", median_s, "s", NULL, 0);
    bench_row(b, "fit", (double)count / median_s, "customers/s", NULL, 0);
    return is_near(&fit);
}

static bool bench_command(struct bench *b, uint64_t count)
{
    const struct fit_members_options options = {.unit_us = 7 * OMO_US_PER_DAY,
                                                .until_day = FIT_MEMBERS_NO_DAY};
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "bench_fit.csv", NULL);
    g_autoptr(GError) error = NULL;
    const uint64_t lines = write_table(path, count);
    const double begun_s = bench_processor_s();
    g_autoptr(FitMembers) fit = fit_members_read(path, &options, &error);
    const double seconds = bench_processor_s() - begun_s;

    g_unlink(path);
    if (fit == NULL || fit->customers != count || fit->lines != lines) {
        fprintf(stderr, "%s\n", error != NULL ? error->message : "not all customers were read");
        return false;
    }
    bench_row(b, "table to model", seconds, "s", NULL, 0);
    bench_row(b, "table to model", (double)count / seconds, "customers/s", NULL, 0);
    bench_row(b, "lines of the table", (double)lines, "lines", NULL, 0);
    return true;
}

int main(int argc, char **argv)
{
    struct bench b;

    if (!bench_begin(&b, "fit", argc, argv))
        return 2;
    const uint64_t count = b.quick ? CUSTOMERS / 10 : CUSTOMERS;
    const bool estimated = bench_estimate(&b, count);
    return bench_end(&b, bench_command(&b, count) && estimated);
}
