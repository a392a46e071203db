/* Non-homogeneous Poisson processes: both ways against the theory, and where they end.
 *
 * In the clock of the cumulative rate the gaps of arrivals are unit exponentials (Kolmogorov and
 * Smirnov); counts of hours are Poisson (chi-square, and variance over mean); the two ways of
 * drawing meet the same expectations.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fit.h"

#include "base/nhpp.h"

#define HOUR OMO_US_PER_HOUR
#define WEEK_HOURS 168
#define WEEK_US (WEEK_HOURS * HOUR)
#define WEEKS 60

static int64_t week_begin[WEEK_HOURS];
static double week_rate[WEEK_HOURS], week_until[WEEK_HOURS];

/* Shut by night and on Sundays, rising through the day and the week. */
static struct nhpp week_make(void)
{
    struct nhpp p;

    for (int i = 0; i < WEEK_HOURS; i++) {
        int hour = i % 24, day = i / 24;

        week_begin[i] = i * HOUR;
        week_rate[i] = hour < 7 || hour >= 21 || day == 6 ? 0 : 3.5 * (hour - 5) * (1 + 0.3 * day);
    }
    nhpp_init(&p, WEEK_HOURS, week_begin, week_rate, WEEK_US, true, week_until);
    return p;
}

static double week_per_hour(const void *context, int64_t at_us)
{
    (void)context;
    return week_rate[at_us / HOUR % WEEK_HOURS];
}

static double week_rate_max(void)
{
    double most = 0;

    for (int i = 0; i < WEEK_HOURS; i++)
        most = fmax(most, week_rate[i]);
    return most;
}

static struct draw_cursor open_stream(uint64_t replication)
{
    struct draw_cursor c;

    draw_begin(&c, draw_key_make(50, replication), DRAW_ARRIVAL, 3, 0);
    return c;
}

static double below_unit_exponential(const void *context, double x)
{
    (void)context;
    return -expm1(-x);
}

/* Mean arrivals up to a time, added up hour by hour. */
static double week_cumulated(int64_t at_us)
{
    static double before[WEEK_HOURS + 1];
    int64_t rest = at_us % WEEK_US;
    int64_t hour = rest / HOUR;

    for (int i = 0; i < WEEK_HOURS && before[WEEK_HOURS] == 0; i++)
        before[i + 1] = before[i] + week_rate[i];
    if (before[WEEK_HOURS] == 0)
        ck_abort_msg("no rate");
    return (double)(at_us / WEEK_US) * before[WEEK_HOURS] + before[hour] +
           week_rate[hour] * (double)(rest - hour * HOUR) / (double)HOUR;
}

/* Draws WEEKS weeks by inversion (0) or thinning (1): counts of hours of the week and gaps in the
 * process's own clock. */
static size_t draw_weeks(int way, uint64_t replication, uint32_t *count, double *gap,
                         size_t gap_max)
{
    struct nhpp p = week_make();
    struct nhpp_thinning thinning = {.per_hour = week_per_hour, .bound = week_rate_max()};
    struct draw_cursor c = open_stream(replication * 2 + (uint64_t)way);
    int64_t at_us = 0;
    size_t gaps = 0;

    for (;;) {
        int64_t next_us = way == 0 ? nhpp_next_us(&p, at_us, &c)
                                   : nhpp_thin_us(&thinning, at_us, WEEKS * WEEK_US, &c);

        if (next_us >= WEEKS * WEEK_US)
            break;
        if (next_us < at_us)
            ck_abort_msg("back in time");
        count[next_us / HOUR % WEEK_HOURS]++;
        if (gaps < gap_max)
            gap[gaps++] = week_cumulated(next_us) - week_cumulated(at_us);
        at_us = next_us;
    }
    return gaps;
}

START_TEST(test_gaps_and_hours)
{
    static double gap[400000];
    uint32_t count[WEEK_HOURS] = {0};
    double share[WEEK_HOURS], sum = 0, seen = 0, distance, z;
    size_t gaps = draw_weeks(_i, 0, count, gap, 400000);

    for (int i = 0; i < WEEK_HOURS; i++) {
        sum += week_rate[i];
        seen += count[i];
        if (week_rate[i] == 0)
            ck_assert_uint_eq(count[i], 0);
    }
    for (int i = 0; i < WEEK_HOURS; i++)
        share[i] = week_rate[i] / sum;
    ck_assert_uint_gt(gaps, 100000);
    distance = fit_ks(gap, gaps, below_unit_exponential, NULL);
    ck_assert_msg(distance < fit_ks_limit(), "gaps: %g", distance);
    z = fit_counts_z(count, share, WEEK_HOURS, seen);
    ck_assert_msg(z < fit_z_limit(), "hours: chi-square z = %g", z);
}
END_TEST

/* Totals of replications: mean and variance are both WEEKS times the week's. */
START_TEST(test_totals)
{
    enum { REPLICATIONS = 40 };
    static double gap[1];
    double total[REPLICATIONS], squares = 0, expected;
    struct nhpp p = week_make();

    expected = nhpp_mean(&p, 0, WEEKS * WEEK_US);
    ck_assert_double_eq_tol(expected, week_cumulated(WEEKS * WEEK_US), 1e-6);
    for (int r = 0; r < REPLICATIONS; r++) {
        uint32_t count[WEEK_HOURS] = {0};

        (void)draw_weeks(_i, 1 + (uint64_t)r, count, gap, 0);
        total[r] = 0;
        for (int i = 0; i < WEEK_HOURS; i++)
            total[r] += count[i];
        squares += (total[r] - expected) * (total[r] - expected);
    }
    ck_assert_double_lt(fabs(fit_z(total, REPLICATIONS, expected)), 4);
    /* Sum of squares over the mean is chi-square with as many degrees as replications. */
    ck_assert_double_lt(fabs(fit_chi_z(squares / expected, REPLICATIONS)), 4);
}
END_TEST

START_TEST(test_mean)
{
    struct nhpp p = week_make();

    for (int64_t from = 0; from < 3 * WEEK_US; from += 7 * HOUR + 12345)
        for (int64_t until = from; until < 4 * WEEK_US; until += 31 * HOUR + 777)
            ck_assert_double_eq_tol(nhpp_mean(&p, from, until),
                                    week_cumulated(until) - week_cumulated(from), 1e-8);
}
END_TEST

/* Gaps of many periods: one arrival in about 40 days of a process with a period of a day, of which
 * one hour has visits. */
START_TEST(test_long_gaps)
{
    static const int64_t begin[] = {0, 10 * HOUR, 11 * HOUR};
    static const double rate[] = {0, 0.025, 0};
    enum { REPLICATIONS = 20, GAPS = 2000 };
    double until[3], mean[REPLICATIONS];
    struct nhpp p;

    nhpp_init(&p, 3, begin, rate, 24 * HOUR, true, until);
    for (uint64_t r = 0; r < REPLICATIONS; r++) {
        struct draw_cursor c = open_stream(r);
        int64_t at_us = 0;

        for (int i = 0; i < GAPS; i++) {
            at_us = nhpp_next_us(&p, at_us, &c);
            if (at_us % (24 * HOUR) / HOUR != 10)
                ck_abort_msg("outside the hour");
        }
        mean[r] = nhpp_mean(&p, 0, at_us) / GAPS;
    }
    ck_assert_double_lt(fabs(fit_z(mean, REPLICATIONS, 1)), 4);
}
END_TEST

START_TEST(test_ends)
{
    static const int64_t begin[] = {0, HOUR, 2 * HOUR};
    static const double nothing[] = {0, 0, 0}, once[] = {0, 1e6, 0};
    double until[3];
    struct draw_cursor c = open_stream(0);
    struct nhpp p;
    int64_t at_us = 0;
    uint64_t count = 0;

    nhpp_init(&p, 3, begin, nothing, 3 * HOUR, true, until);
    ck_assert_int_eq(nhpp_next_us(&p, 5, &c), NHPP_NEVER);
    nhpp_init(&p, 3, begin, once, 3 * HOUR, false, until);
    ck_assert_double_eq(nhpp_mean(&p, 0, 100 * HOUR), 1e6);
    ck_assert_double_eq(nhpp_mean(&p, 90 * HOUR, 100 * HOUR), 0);
    while ((at_us = nhpp_next_us(&p, at_us, &c)) != NHPP_NEVER) {
        if (at_us < HOUR || at_us >= 2 * HOUR)
            ck_abort_msg("outside the hour");
        count++;
    }
    ck_assert_double_lt(fabs((double)count - 1e6), 4000);
    ck_assert_int_eq(nhpp_next_us(&p, 2 * HOUR, &c), NHPP_NEVER);
    ck_assert_int_eq(nhpp_next_us(&p, 50 * HOUR, &c), NHPP_NEVER);
    /* Past what a time can hold. */
    static const double hardly[] = {0, 1e-300, 0};
    nhpp_init(&p, 3, begin, hardly, 3 * HOUR, true, until);
    ck_assert_int_eq(nhpp_next_us(&p, 0, &c), NHPP_NEVER);
}
END_TEST

static double sine_per_hour(const void *context, int64_t at_us)
{
    const double *amplitude = context;

    return 100 *
           (1 + *amplitude * sin(2 * 3.14159265358979 * (double)at_us / (24.0 * (double)HOUR)));
}

START_TEST(test_thinning_counts)
{
    enum { REPLICATIONS = 20, DAYS = 100 };
    const double amplitude = 0.6;
    double share[REPLICATIONS], total[REPLICATIONS];

    for (uint64_t r = 0; r < REPLICATIONS; r++) {
        struct nhpp_thinning t = {.per_hour = sine_per_hour, .context = &amplitude, .bound = 160};
        struct draw_cursor c = open_stream(r);
        int64_t at_us = 0;
        uint64_t count = 0;

        while ((at_us = nhpp_thin_us(&t, at_us, DAYS * 24 * HOUR, &c)) != NHPP_NEVER)
            count++;
        ck_assert_uint_eq(count, t.acceptances);
        share[r] = (double)t.acceptances / (double)t.proposals;
        total[r] = (double)count;
    }
    ck_assert_double_lt(fabs(fit_z(share, REPLICATIONS, 1 / 1.6)), 4);
    ck_assert_double_lt(fabs(fit_z(total, REPLICATIONS, 2400.0 * DAYS)), 4);
}
END_TEST

START_TEST(test_thinning_ends)
{
    const double none = -1; /* rate 0 at 6 h, below 200 ever */
    struct nhpp_thinning t = {.per_hour = sine_per_hour, .context = &none, .bound = 0};
    struct draw_cursor c = open_stream(0);

    ck_assert_int_eq(nhpp_thin_us(&t, 0, INT64_MAX, &c), NHPP_NEVER);
    t.bound = 1e-300;
    ck_assert_int_eq(nhpp_thin_us(&t, 0, INT64_MAX, &c), NHPP_NEVER);
    t.bound = 200;
    ck_assert_int_eq(nhpp_thin_us(&t, 7, 7, &c), NHPP_NEVER);
    ck_assert_uint_eq(t.proposals, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("nhpp");
    TCase *t = tcase_create("nhpp");

    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, test_gaps_and_hours, 0, 2);
    tcase_add_loop_test(t, test_totals, 0, 2);
    tcase_add_test(t, test_mean);
    tcase_add_test(t, test_long_gaps);
    tcase_add_test(t, test_ends);
    tcase_add_test(t, test_thinning_counts);
    tcase_add_test(t, test_thinning_ends);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
