/* Measures: exact rows, intervals that add up to them, and reading while others write. */
#include "replay/measure.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define MS INT64_C(1000000)

static bool steps_used[STEP_COUNT] =
    {[STEP_browse] = true, [STEP_check_out] = true, [STEP_pay] = true};
static const uint32_t steps[] = {STEP_browse, STEP_check_out, STEP_pay};

static struct measure *worker_new(int64_t interval_ns, int64_t warm_up_ns)
{
    struct measure *worker = measure_new(&(struct measure_options){.step_used = steps_used,
                                                                   .interval_ns = interval_ns,
                                                                   .warm_up_ns = warm_up_ns});

    ck_assert_ptr_nonnull(worker);
    return worker;
}

static struct measure_sample draw_sample(GRand *random, int64_t intended_ns)
{
    double service = (double)(INT64_C(100000) << g_rand_int_range(random, 0, 12)) *
                     g_rand_double_range(random, 1, 2);
    struct measure_sample sample = {
        .step = steps[g_rand_int_range(random, 0, 3)],
        .outcome = g_rand_int_range(random, 0, 10) > 0
                       ? OUTCOME_ok
                       : (enum outcome)g_rand_int_range(random, 0, OUTCOME_COUNT),
        .intended_ns = intended_ns,
        .sent_ns = intended_ns + g_rand_int_range(random, 0, 3000000),
        .status = 200,
    };

    sample.done_ns = sample.sent_ns + (int64_t)service;
    if (sample.outcome == OUTCOME_shed)
        sample.sent_ns = -1;
    return sample;
}

static uint64_t interval_sum(const struct measure_all *all, uint32_t row, bool warm_up_too)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < measure_all_interval_count(all); i++) {
        const struct measure_interval *interval = measure_all_interval(all, i);
        if (warm_up_too || !interval->warm_up)
            sum += interval->count[row];
    }
    return sum;
}

/* Intervals follow each other, their parts add up, and all of them to the rows. */
static void assert_conserved(const struct measure_all *all)
{
    uint64_t total = 0, lost = measure_all_lost_records(all);
    uint64_t warm_up = measure_all_warm_up_requests(all);
    int64_t end_ns = 0;

    for (uint32_t i = 0; i < measure_all_interval_count(all); i++) {
        const struct measure_interval *interval = measure_all_interval(all, i);
        uint64_t of_rows = 0, of_outcomes = 0, errors = 0, heat = 0;
        ck_assert_int_eq(interval->begin_ns, end_ns);
        ck_assert_int_gt(interval->end_ns, interval->begin_ns);
        end_ns = interval->end_ns;
        for (uint32_t row = 0; row < MEASURE_TOTAL; row++) {
            of_rows += interval->count[row];
            errors += interval->errors[row];
        }
        for (uint32_t o = 0; o < OUTCOME_COUNT; o++)
            of_outcomes += interval->outcome[o];
        for (uint32_t cell = 0; cell < MEASURE_HEAT_CELLS; cell++)
            heat += interval->heat[cell];
        ck_assert_uint_eq(of_rows, interval->count[MEASURE_TOTAL]);
        ck_assert_uint_eq(of_outcomes, interval->count[MEASURE_TOTAL]);
        ck_assert_uint_eq(errors, interval->errors[MEASURE_TOTAL]);
        ck_assert_uint_eq(heat, interval->count[MEASURE_TOTAL]);
    }
    for (uint32_t row = 0; row <= MEASURE_TOTAL; row++) {
        const struct measure_row *merged = measure_all_row(all, row);
        uint64_t outcomes = 0;
        for (uint32_t o = 0; o < OUTCOME_COUNT; o++)
            outcomes += merged->outcome[o];
        ck_assert_uint_eq(merged->count, outcomes);
        ck_assert_uint_eq(merged->count, measure_all_requests(all, row));
        if (merged->clock[MEASURE_RESPONSE] == NULL)
            ck_assert_uint_eq(merged->count, 0);
        else
            ck_assert_uint_eq(merged->count, omo_histogram_count(merged->clock[MEASURE_RESPONSE]));
        if (row < MEASURE_TOTAL)
            total += merged->count;
    }
    ck_assert_uint_eq(total, measure_all_row(all, MEASURE_TOTAL)->count);
    ck_assert_uint_eq(interval_sum(all, MEASURE_TOTAL, true) + lost, total + warm_up);
}

static int compare_values(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void assert_quantiles(const omo_histogram *h, int64_t *values, uint32_t count)
{
    static const uint32_t shares_ppm[] = {500000, 900000, 990000, 999000, 999990};

    ck_assert_uint_eq(omo_histogram_count(h), count);
    qsort(values, count, sizeof *values, compare_values);
    for (size_t i = 0; i < G_N_ELEMENTS(shares_ppm); i++) {
        int64_t exact = values[((uint64_t)shares_ppm[i] * count + 999999) / 1000000 - 1];
        int64_t found = omo_histogram_quantile(h, shares_ppm[i]);
        ck_assert_int_ge(found, exact);
        ck_assert_int_le(found - exact, exact / 2048);
    }
    ck_assert_int_eq(omo_histogram_max(h), values[count - 1]);
}

START_TEST(test_rows_are_exact)
{
    enum { COUNT = 30000 };
    struct measure *workers[] = {worker_new(SECOND, 0), worker_new(SECOND, 0)};
    struct measure_all *all = measure_all_new(workers, 2, 10 * SECOND);
    GRand *random = g_rand_new_with_seed(1);
    int64_t *response = malloc(COUNT * sizeof *response),
            *lateness = malloc(COUNT * sizeof *lateness);
    int64_t *service = malloc(COUNT * sizeof *service), *pay = malloc(COUNT * sizeof *pay);
    uint32_t sent_count = 0, pay_count = 0, pay_ok = 0;

    for (uint32_t i = 0; i < COUNT; i++) {
        struct measure_sample s = draw_sample(random, i * MS);
        measure_record(workers[i % 3 == 0], &s);
        response[i] = s.done_ns - s.intended_ns;
        lateness[i] = (s.sent_ns < 0 ? s.done_ns : s.sent_ns) - s.intended_ns;
        if (s.sent_ns >= 0)
            service[sent_count++] = s.done_ns - s.sent_ns;
        if (s.step == STEP_pay) {
            pay[pay_count++] = response[i];
            pay_ok += s.outcome == OUTCOME_ok;
        }
    }
    measure_all_collect(all, INT64_MAX);
    measure_all_merge(all);

    const struct measure_row *total = measure_all_row(all, MEASURE_TOTAL);
    ck_assert_uint_lt(sent_count, COUNT);
    assert_quantiles(total->clock[MEASURE_RESPONSE], response, COUNT);
    assert_quantiles(total->clock[MEASURE_LATENESS], lateness, COUNT);
    assert_quantiles(total->clock[MEASURE_SERVICE], service, sent_count);
    assert_quantiles(measure_all_row(all, STEP_pay)->clock[MEASURE_RESPONSE], pay, pay_count);
    ck_assert_uint_eq(measure_all_row(all, STEP_pay)->outcome[OUTCOME_ok], pay_ok);
    ck_assert_uint_eq(measure_all_status(all, 200), COUNT);
    ck_assert_ptr_null(measure_all_row(all, STEP_search)->clock[MEASURE_RESPONSE]);
    ck_assert_uint_eq(measure_all_late_records(all), 0);
    ck_assert_uint_eq(measure_all_interval_count(all), 30);
    assert_conserved(all);
    free(response);
    free(lateness);
    free(service);
    free(pay);
    g_rand_free(random);
    measure_all_free(all);
    measure_free(workers[0]);
    measure_free(workers[1]);
}
END_TEST

static void assert_same_histogram(const omo_histogram *a, const omo_histogram *b)
{
    uint32_t cursor_a = 0, cursor_b = 0;
    int64_t low_a, high_a, low_b, high_b;
    uint64_t count_a, count_b;

    while (omo_histogram_next(a, &cursor_a, &low_a, &high_a, &count_a)) {
        ck_assert(omo_histogram_next(b, &cursor_b, &low_b, &high_b, &count_b));
        ck_assert_int_eq(low_a, low_b);
        ck_assert_uint_eq(count_a, count_b);
    }
    ck_assert(!omo_histogram_next(b, &cursor_b, &low_b, &high_b, &count_b));
    ck_assert_double_eq(omo_histogram_mean(a), omo_histogram_mean(b));
    ck_assert_int_eq(omo_histogram_max(a), omo_histogram_max(b));
}

/* One worker, or the same requests dealt to three in any way: the same rows, the same series. */
START_TEST(test_grouping_does_not_matter)
{
    enum { COUNT = 6000, WAYS = 3, WORKERS = 3 };
    struct measure *workers[WAYS][WORKERS];
    struct measure_all *all[WAYS];

    for (uint32_t way = 0; way < WAYS; way++) {
        GRand *random = g_rand_new_with_seed(2);
        for (uint32_t i = 0; i < WORKERS; i++)
            workers[way][i] = worker_new(100 * MS, SECOND);
        all[way] = measure_all_new(workers[way], WORKERS, SECOND);
        for (uint32_t i = 0; i < COUNT; i++) {
            struct measure_sample s = draw_sample(random, i * MS);
            uint32_t worker = way == 0 ? 0 : way == 1 ? i % WORKERS : i / 17 % WORKERS;
            measure_record(workers[way][worker], &s);
            if (way == 2 && i % 50 == 0)
                measure_all_collect(all[way], i * MS);
        }
        measure_all_collect(all[way], INT64_MAX);
        measure_all_merge(all[way]);
        assert_conserved(all[way]);
        g_rand_free(random);
    }
    for (uint32_t way = 1; way < WAYS; way++) {
        for (uint32_t row = 0; row <= MEASURE_TOTAL; row++)
            for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++)
                if (measure_all_row(all[0], row)->clock[clock] != NULL)
                    assert_same_histogram(measure_all_row(all[0], row)->clock[clock],
                                          measure_all_row(all[way], row)->clock[clock]);
        ck_assert_uint_eq(measure_all_interval_count(all[0]), measure_all_interval_count(all[way]));
        for (uint32_t i = 0; i < measure_all_interval_count(all[0]); i++) {
            struct measure_interval a = *measure_all_interval(all[0], i);
            struct measure_interval b = *measure_all_interval(all[way], i);
            ck_assert_mem_eq(a.heat, b.heat, MEASURE_HEAT_CELLS * sizeof *a.heat);
            ck_assert_int_eq(a.p50_ns, b.p50_ns);
            ck_assert_int_eq(a.p999_ns, b.p999_ns);
            ck_assert_int_eq(a.lateness_max_ns, b.lateness_max_ns);
            ck_assert_mem_eq(a.count, b.count, sizeof a.count);
            ck_assert_mem_eq(a.errors, b.errors, sizeof a.errors);
        }
    }
    for (uint32_t way = 0; way < WAYS; way++) {
        measure_all_free(all[way]);
        for (uint32_t i = 0; i < WORKERS; i++)
            measure_free(workers[way][i]);
    }
}
END_TEST

static void record_at(struct measure *worker, int64_t intended_ns, int64_t response_ns)
{
    measure_record(worker, &(struct measure_sample){.step = STEP_browse,
                                                    .outcome = OUTCOME_ok,
                                                    .intended_ns = intended_ns,
                                                    .sent_ns = intended_ns,
                                                    .done_ns = intended_ns + response_ns});
}

START_TEST(test_warm_up_is_left_out)
{
    struct measure *worker = worker_new(SECOND, 5 * SECOND);
    struct measure_all *all = measure_all_new(&worker, 1, SECOND);

    for (int64_t i = 0; i < 100; i++)
        record_at(worker, i * 100 * MS, i < 50 ? SECOND : MS);
    measure_all_collect(all, INT64_MAX);
    measure_all_merge(all);
    ck_assert_uint_eq(measure_all_warm_up_requests(all), 50);
    ck_assert_uint_eq(measure_all_row(all, MEASURE_TOTAL)->count, 50);
    ck_assert_int_eq(omo_histogram_max(measure_all_row(all, STEP_browse)->clock[0]), MS);
    ck_assert_uint_eq(interval_sum(all, MEASURE_TOTAL, true), 100);
    ck_assert_uint_eq(interval_sum(all, MEASURE_TOTAL, false), 50);
    assert_conserved(all);

    struct measure_window *window = calloc(1, sizeof *window);
    measure_all_so_far(all, MEASURE_TOTAL, MEASURE_RESPONSE, window);
    ck_assert_uint_eq(window->count, 50);
    ck_assert_uint_eq(window->clock.count, 50);
    ck_assert_int_eq(window->clock.max_ns, MS);
    measure_all_recent(all, MEASURE_TOTAL, MEASURE_RESPONSE, 0, INT64_MAX, window);
    ck_assert_uint_eq(window->count, 100);
    free(window);
    measure_all_free(all);
    measure_free(worker);
}
END_TEST

START_TEST(test_what_was_never_sent)
{
    struct measure *worker = worker_new(SECOND, 0);
    struct measure_all *all = measure_all_new(&worker, 1, SECOND);

    measure_record(worker, &(struct measure_sample){.step = STEP_pay,
                                                    .outcome = OUTCOME_shed,
                                                    .intended_ns = SECOND,
                                                    .sent_ns = -1,
                                                    .done_ns = SECOND + 7 * MS});
    measure_all_collect(all, INT64_MAX);
    measure_all_merge(all);
    const struct measure_row *row = measure_all_row(all, STEP_pay);
    ck_assert_int_eq(omo_histogram_max(row->clock[MEASURE_RESPONSE]), 7 * MS);
    ck_assert_int_eq(omo_histogram_max(row->clock[MEASURE_LATENESS]), 7 * MS);
    ck_assert_uint_eq(omo_histogram_count(row->clock[MEASURE_SERVICE]), 0);
    ck_assert_uint_eq(row->outcome[OUTCOME_shed], 1);
    ck_assert_uint_eq(measure_all_interval(all, 1)->errors[STEP_pay], 1);
    ck_assert_uint_eq(measure_all_interval(all, 0)->count[MEASURE_TOTAL], 0);
    assert_conserved(all);
    measure_all_free(all);
    measure_free(worker);
}
END_TEST

/* Nobody collects: the ring is full, and what comes then stands in the interval in its way. */
START_TEST(test_ring_overrun)
{
    struct measure *worker = worker_new(SECOND, 0);
    struct measure_all *all = measure_all_new(&worker, 1, SECOND);

    for (int64_t i = 0; i < MEASURE_RING + 40; i++)
        record_at(worker, i * SECOND, MS);
    ck_assert_uint_eq(measure_all_late_records(all), 40);
    ck_assert_uint_eq(measure_all_lost_records(all), 0);
    measure_all_collect(all, INT64_MAX);
    measure_all_merge(all);
    ck_assert_uint_eq(measure_all_interval_count(all), MEASURE_RING);
    ck_assert_uint_eq(measure_all_interval(all, 39)->count[MEASURE_TOTAL], 2);
    ck_assert_uint_eq(measure_all_interval(all, 40)->count[MEASURE_TOTAL], 1);
    assert_conserved(all);
    measure_all_free(all);
    measure_free(worker);
}
END_TEST

/* Intervals close a time-out after their end, one collect later; a record that comes after that goes
 * into the oldest open one; while a whole ring is being closed there is none. */
START_TEST(test_closing_and_late_records)
{
    struct measure *worker = worker_new(SECOND, 0);
    struct measure_all *all = measure_all_new(&worker, 1, 2 * SECOND);

    record_at(worker, 0, MS);
    record_at(worker, SECOND, MS);
    measure_all_collect(all, 3 * SECOND - 1);
    measure_all_collect(all, 3 * SECOND - 1);
    ck_assert_uint_eq(measure_all_interval_count(all), 0);
    measure_all_collect(all, 3 * SECOND);
    record_at(worker, SECOND / 2, MS); /* too late for interval 0 from here on */
    ck_assert_uint_eq(measure_all_late_records(all), 1);
    measure_all_collect(all, 3 * SECOND);
    ck_assert_uint_eq(measure_all_interval_count(all), 1);
    ck_assert_uint_eq(measure_all_interval(all, 0)->count[MEASURE_TOTAL], 1);

    for (int64_t i = 2; i <= MEASURE_RING; i++)
        record_at(worker, i * SECOND, MS);
    ck_assert_uint_eq(measure_all_late_records(all), 1);
    measure_all_collect(all, 500 * SECOND); /* main was held up: all of the ring is being closed */
    record_at(worker, 500 * SECOND, MS);
    ck_assert_uint_eq(measure_all_late_records(all), 2);
    ck_assert_uint_eq(measure_all_lost_records(all), 1);
    measure_all_collect(all, 500 * SECOND);
    record_at(worker, 500 * SECOND, MS);
    ck_assert_uint_eq(measure_all_lost_records(all), 1);
    measure_all_collect(all, INT64_MAX);
    measure_all_merge(all);
    ck_assert_uint_eq(measure_all_interval(all, 1)->count[MEASURE_TOTAL], 2);
    ck_assert_uint_eq(measure_all_interval_count(all), 501);
    assert_conserved(all);
    measure_all_free(all);
    measure_free(worker);
}
END_TEST

START_TEST(test_long_series_is_halved)
{
    enum { COUNT = 3 * MEASURE_INTERVALS_MAX };
    struct measure *worker = worker_new(MS, 0);
    struct measure_all *all = measure_all_new(&worker, 1, 2 * MS);

    for (int64_t i = 0; i < COUNT; i++) {
        record_at(worker, i * MS + 10, 1000 + i);
        record_at(worker, i * MS + 20, 2000 + i);
        measure_all_collect(all, i * MS);
    }
    measure_all_collect(all, INT64_MAX);
    measure_all_merge(all);
    ck_assert_uint_eq(measure_all_late_records(all), 0);
    ck_assert_uint_eq(measure_all_interval_count(all), COUNT / 4);
    for (uint32_t i = 0; i < COUNT / 4; i++) {
        const struct measure_interval *interval = measure_all_interval(all, i);
        ck_assert_int_eq(interval->begin_ns, i * 4 * MS);
        ck_assert_int_eq(interval->end_ns, (i + 1) * 4 * MS);
        ck_assert_uint_eq(interval->count[STEP_browse], 8);
        ck_assert_int_eq(interval->max_ns, 2003 + i * 4);
        ck_assert_int_ge(interval->p50_ns, 1003 + i * 4);
        ck_assert_int_le(interval->p50_ns, (1003 + i * 4) * 129 / 128);
    }
    assert_conserved(all);
    measure_all_free(all);
    measure_free(worker);
}
END_TEST

/* Windows over the series and over the recent past against sorted values. */
START_TEST(test_windows)
{
    enum { COUNT = 20000 };
    struct measure *workers[] = {worker_new(SECOND, 0), worker_new(SECOND, 0)};
    struct measure_all *all = measure_all_new(workers, 2, 3 * SECOND);
    struct measure_window *window = calloc(1, sizeof *window);
    GRand *random = g_rand_new_with_seed(3);
    int64_t *values = malloc(COUNT * sizeof *values);
    uint32_t in_window = 0;
    uint64_t count, errors, exact_errors = 0;

    for (uint32_t i = 0; i < COUNT; i++) {
        struct measure_sample s = draw_sample(random, i * MS);
        if (i >= 10000 && s.step == STEP_check_out) {
            values[in_window++] = s.done_ns - s.intended_ns;
            exact_errors += outcome_is_error(s.outcome);
        }
        measure_record(workers[i % 2], &s);
        if (i % 100 == 0)
            measure_all_collect(all, i * MS);
    }
    ck_assert_uint_eq(measure_all_interval_count(all), 16); /* the last ones are open yet */
    int64_t p99 = measure_all_recent_quantile(all, STEP_check_out, 10 * SECOND, 20 * SECOND, 990000,
                                              &count, &errors);
    qsort(values, in_window, sizeof *values, compare_values);
    int64_t exact = values[(in_window * UINT64_C(99) + 99) / 100 - 1];
    ck_assert_uint_eq(count, in_window);
    ck_assert_uint_eq(errors, exact_errors);
    ck_assert_int_ge(p99, exact);
    ck_assert_int_le(p99, exact + exact / 128);
    measure_all_recent_quantile(all, STEP_check_out, 25 * SECOND, 30 * SECOND, 990000, &count,
                                &errors);
    ck_assert_uint_eq(count, 0);
    measure_all_so_far(all, MEASURE_TOTAL, MEASURE_SERVICE, window);
    ck_assert_uint_eq(window->count, COUNT);
    ck_assert_uint_eq(window->clock.count, COUNT - window->outcome[OUTCOME_shed]);

    measure_all_collect(all, INT64_MAX);
    memset(window, 0, sizeof *window);
    measure_all_window_add(all, STEP_check_out, MEASURE_RESPONSE, 3, 10, window);
    for (uint32_t i = 3; i < 10; i++)
        measure_all_window_slide(all, STEP_check_out, MEASURE_RESPONSE, i, 10, window);
    ck_assert_int_eq(window->clock.max_ns, values[in_window - 1]);
    ck_assert_uint_eq(window->count, in_window);
    ck_assert_uint_eq(window->errors, exact_errors);
    ck_assert_int_ge(coarse_sum_quantile_ns(&window->clock, 990000), exact);
    ck_assert_int_le(coarse_sum_quantile_ns(&window->clock, 990000), exact + exact / 128);
    free(values);
    free(window);
    g_rand_free(random);
    measure_all_free(all);
    measure_free(workers[0]);
    measure_free(workers[1]);
}
END_TEST

START_TEST(test_counters)
{
    struct measure *workers[] = {worker_new(SECOND, 0), worker_new(SECOND, 0)};
    struct measure_all *all = measure_all_new(workers, 2, SECOND);

    for (uint32_t i = 0; i < MEASURE_COUNTS; i++)
        ck_assert_ptr_nonnull(measure_count_name(i));
    ck_assert_str_eq(measure_clock_name(MEASURE_LATENESS), "lateness");
    measure_add(workers[0], MEASURE_BYTES_IN, 5);
    measure_add(workers[0], MEASURE_BYTES_IN, 6);
    measure_add(workers[1], MEASURE_BYTES_IN, 7);
    measure_set(workers[0], MEASURE_CONNECTIONS, 9);
    measure_set(workers[0], MEASURE_CONNECTIONS, 3);
    measure_journey(workers[1], MEASURE_REFUSED);
    ck_assert_uint_eq(measure_all_count(all, MEASURE_BYTES_IN), 18);
    ck_assert_uint_eq(measure_all_count(all, MEASURE_CONNECTIONS), 3);
    ck_assert_uint_eq(measure_all_journeys(all, MEASURE_REFUSED), 1);
    ck_assert_uint_eq(measure_all_journeys(all, MEASURE_STARTED), 0);
    measure_all_free(all);
    measure_free(workers[0]);
    measure_free(workers[1]);
}
END_TEST

/* ---- threads -------------------------------------------------------------------------------- */

enum { WRITERS = 3, WRITER_RECORDS = 60000 };

struct writer {
    struct measure *measure;
    _Atomic int64_t now_ns; /* its clock: runs as fast as it can record */
    uint32_t number;
};

static gpointer writer_run(gpointer data)
{
    struct writer *writer = data;
    GRand *random = g_rand_new_with_seed(100 + writer->number);

    for (int64_t i = 0; i < WRITER_RECORDS; i++) {
        int64_t now_ns = i * MS;
        int64_t ago_ns = g_rand_int_range(random, 0, 300) * MS;
        struct measure_sample s = draw_sample(random, MAX(now_ns - ago_ns, 0));
        atomic_store_explicit(&writer->now_ns, now_ns, memory_order_relaxed);
        measure_record(writer->measure, &s);
        measure_add(writer->measure, MEASURE_BYTES_IN, 3);
    }
    atomic_store(&writer->now_ns, INT64_MAX);
    g_rand_free(random);
    return NULL;
}

/* Three threads write and one reads all there is to read; in the end nothing is missing. */
START_TEST(test_reading_while_writing)
{
    struct measure *workers[WRITERS];
    struct writer writers[WRITERS];
    GThread *threads[WRITERS];
    struct measure_window *window = calloc(1, sizeof *window);
    struct measure_all *all;
    int64_t now_ns = 0;
    uint64_t count, errors, before = 0;

    for (uint32_t i = 0; i < WRITERS; i++)
        workers[i] = worker_new(100 * MS, 0);
    all = measure_all_new(workers, WRITERS, 500 * MS);
    for (uint32_t i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.measure = workers[i], .number = i};
        threads[i] = g_thread_new("writer", writer_run, &writers[i]);
    }
    while (now_ns != INT64_MAX) {
        now_ns = INT64_MAX;
        for (uint32_t i = 0; i < WRITERS; i++)
            now_ns = MIN(now_ns, atomic_load(&writers[i].now_ns));
        if (now_ns != INT64_MAX)
            measure_all_collect(all, now_ns);
        int64_t p99 = measure_all_recent_quantile(all, MEASURE_TOTAL, now_ns - SECOND, now_ns,
                                                  990000, &count, &errors);
        ck_assert_int_ge(p99, 0);
        ck_assert_uint_le(errors, count);
        measure_all_so_far(all, STEP_pay, MEASURE_LATENESS, window);
        ck_assert_uint_ge(window->count, before);
        before = window->count;
    }
    for (uint32_t i = 0; i < WRITERS; i++)
        g_thread_join(threads[i]);
    measure_all_collect(all, INT64_MAX);
    measure_all_merge(all);
    ck_assert_uint_eq(measure_all_row(all, MEASURE_TOTAL)->count, WRITERS * WRITER_RECORDS);
    ck_assert_uint_eq(measure_all_count(all, MEASURE_BYTES_IN), 3 * WRITERS * WRITER_RECORDS);
    assert_conserved(all);
    free(window);
    measure_all_free(all);
    for (uint32_t i = 0; i < WRITERS; i++)
        measure_free(workers[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("measure");
    TCase *tests = tcase_create("measure");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_rows_are_exact);
    tcase_add_test(tests, test_grouping_does_not_matter);
    tcase_add_test(tests, test_warm_up_is_left_out);
    tcase_add_test(tests, test_what_was_never_sent);
    tcase_add_test(tests, test_ring_overrun);
    tcase_add_test(tests, test_closing_and_late_records);
    tcase_add_test(tests, test_long_series_is_halved);
    tcase_add_test(tests, test_windows);
    tcase_add_test(tests, test_counters);
    tcase_add_test(tests, test_reading_while_writing);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
