/* The z is that of the mean over the replications, by their own standard error; with forty of them
 * a right kernel passes 4 about once in three thousand times at each check. A measure that is the
 * same in all replications has to be exact. */
#include <check.h>
#include <math.h>

#include "conformance/seed.h"

#include "kernel/trial.h"

#include <stdio.h>

uint64_t trial_state(int i, uint64_t stride)
{
    uint64_t state = seed_take() + stride * (uint64_t)i;

    seed_next(&state);
    return state;
}

double trial_draw(uint64_t *state, double low, double high)
{
    return low + (high - low) * (double)(seed_next(state) >> 11) * 0x1p-53;
}

void trial_begin(struct trial *t, const char *name, uint32_t station_count)
{
    static const char *const names[TRIAL_STATIONS] = {"first", "second", "third", "fourth"};

    *t = (struct trial){.name = name,
                        .station_count = station_count,
                        .warm_up_hours = 400,
                        .hours = 4000};
    for (uint32_t i = 0; i < station_count; i++)
        t->station[i] = omo_station_defaults(names[i]);
}

omo_law trial_exponential(double mean_hours)
{
    return (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = mean_hours * TRIAL_HOUR};
}

omo_source_options *trial_source(struct trial *t, uint32_t to, double per_hour)
{
    static const char *const names[TRIAL_SOURCES] = {"one", "two", "three"};
    uint32_t i = t->source_count++;
    omo_source_options *o = &t->source[i];

    *o = omo_source_defaults(names[i]);
    o->to.index = to;
    o->interval = trial_exponential(1 / per_hour);
    return o;
}

void trial_route(struct trial *t, uint32_t from, omo_outcome outcome, uint32_t to, double share)
{
    uint32_t i = t->route_count++;

    t->route[i].from = from;
    t->route[i].to = to;
    t->route[i].outcome = outcome;
    t->route[i].share_ppm = (uint32_t)lround(share * OMO_PPM);
}

void trial_expect_class(struct trial *t, uint32_t station, uint32_t source, const char *name,
                        double (*measure)(const struct trial_view *v), double exact)
{
    ck_assert_uint_lt(t->check_count, TRIAL_CHECKS);
    t->check[t->check_count++] = (struct trial_check){name, measure, exact, station, source};
}

void trial_expect(struct trial *t, uint32_t station, const char *name,
                  double (*measure)(const struct trial_view *v), double exact)
{
    trial_expect_class(t, station, 0, name, measure, exact);
}

omo_kernel *trial_kernel(const struct trial *t, uint64_t seed, uint32_t replication)
{
    omo_kernel_options options = omo_kernel_defaults();
    omo_station station[TRIAL_STATIONS];
    omo_error error = {0};

    options.seed = seed;
    options.replication = replication;
    omo_kernel *k = omo_kernel_new(&options, &error);
    ck_assert_msg(k != NULL, "%s", error.text);
    for (uint32_t i = t->station_count; i-- > 0;) { /* branches stand behind whom they belong to */
        omo_station_options o = t->station[i];
        omo_station branch[TRIAL_STATIONS];
        for (uint32_t b = 0; b < o.branch_count; b++)
            branch[b] = station[o.branches[b].index];
        if (o.branch_count != 0)
            o.branches = branch;
        station[i] = omo_kernel_add_station(k, &o);
    }
    for (uint32_t i = 0; i < t->source_count; i++) {
        omo_source_options o = t->source[i];
        o.to = station[o.to.index];
        omo_kernel_add_source(k, &o);
    }
    for (uint32_t i = 0; i < t->route_count; i++)
        omo_kernel_route(k, station[t->route[i].from], t->route[i].outcome, station[t->route[i].to],
                         t->route[i].share_ppm);
    if (omo_kernel_status(k, &error) != OMO_OK)
        ck_abort_msg("%s: %s", t->name, error.text);
    return k;
}

static void trial_replicate(const struct trial *t, uint64_t seed, uint32_t replication,
                            double *ret_measured)
{
    omo_kernel *k = trial_kernel(t, seed, replication);
    omo_error error = {0};
    struct trial_view v;

    if (omo_kernel_run(k, (int64_t)(t->warm_up_hours * TRIAL_HOUR), &error) != OMO_OK)
        ck_abort_msg("%s: %s", t->name, error.text);
    omo_kernel_reset_measures(k);
    if (omo_kernel_run(k, (int64_t)((t->warm_up_hours + t->hours) * TRIAL_HOUR), &error) != OMO_OK)
        ck_abort_msg("%s: %s", t->name, error.text);
    for (uint32_t i = 0; i < t->check_count; i++) {
        omo_station station = {t->station_count - 1 - t->check[i].station};
        omo_kernel_station(k, station, &v.station);
        omo_kernel_station_class(k, station, (omo_source){t->check[i].source}, &v.of_class);
        ret_measured[i] = t->check[i].measure(&v);
    }
    omo_kernel_free(k);
}

void trial_run(const struct trial *t, uint64_t seed)
{
    static double measured[TRIAL_REPLICATIONS][TRIAL_CHECKS];
    const double n = TRIAL_REPLICATIONS;

    for (uint32_t r = 0; r < TRIAL_REPLICATIONS; r++)
        trial_replicate(t, seed, r, measured[r]);
    for (uint32_t i = 0; i < t->check_count; i++) {
        const struct trial_check *c = &t->check[i];
        double mean = 0, square = 0;
        for (uint32_t r = 0; r < TRIAL_REPLICATIONS; r++)
            mean += measured[r][i] / n;
        for (uint32_t r = 0; r < TRIAL_REPLICATIONS; r++)
            square += (measured[r][i] - mean) * (measured[r][i] - mean);
        double error = sqrt(square / (n - 1) / n), off = mean - c->exact;
        printf("%-28s %-24s %10.5f  exact %10.5f  z %6.2f\n", t->name, c->name, mean, c->exact,
               error > 0 ? off / error : 0);
        if (!(fabs(off) <= 4 * error + 1e-9 * fabs(c->exact)))
            ck_abort_msg("%s: %s is %.6g, not %.6g, by %.1f standard errors", t->name, c->name,
                         mean, c->exact, off / error);
    }
}

/* ---- measures, in hours --------------------------------------------------------------------- */

double trial_queue(const struct trial_view *v) { return v->station.queue_mean; }
double trial_busy(const struct trial_view *v) { return v->station.busy_mean; }
double trial_level(const struct trial_view *v) { return v->station.level_mean; }
double trial_level_variance(const struct trial_view *v) { return v->station.level_variance; }
double trial_level_over(const struct trial_view *v) { return v->station.level_over_share; }
double trial_empty(const struct trial_view *v) { return v->station.empty_share; }
double trial_wait(const struct trial_view *v) { return v->station.wait_mean_us / TRIAL_HOUR; }
double trial_wait_square(const struct trial_view *v)
{
    double mean = v->station.wait_mean_us / TRIAL_HOUR;

    return mean * mean + v->station.wait_variance_us2 / TRIAL_HOUR / TRIAL_HOUR;
}
double trial_wait_over(const struct trial_view *v) { return v->station.wait_over_share; }
double trial_waited(const struct trial_view *v)
{
    return (double)v->station.waited / (double)v->station.arrived;
}
double trial_time(const struct trial_view *v) { return v->station.time_mean_us / TRIAL_HOUR; }
double trial_time_variance(const struct trial_view *v)
{
    return v->station.time_variance_us2 / TRIAL_HOUR / TRIAL_HOUR;
}
double trial_time_over(const struct trial_view *v) { return v->station.time_over_share; }
double trial_queue_time(const struct trial_view *v)
{
    return v->station.queue_time_mean_us / TRIAL_HOUR;
}
double trial_refused(const struct trial_view *v)
{
    return (double)v->station.refused / (double)v->station.arrived;
}
double trial_balked(const struct trial_view *v)
{
    return (double)v->station.balked / (double)v->station.arrived;
}
double trial_reneged(const struct trial_view *v)
{
    return (double)v->station.reneged / (double)v->station.arrived;
}
double trial_blocked(const struct trial_view *v) { return v->station.blocked_mean; }
double trial_down(const struct trial_view *v) { return v->station.down_mean; }
double trial_duty(const struct trial_view *v) { return v->station.duty_mean; }
double trial_throughput(const struct trial_view *v)
{
    return (double)v->station.done / ((double)v->station.span_us / TRIAL_HOUR);
}
double trial_period_mean(const struct trial_view *v) { return v->station.period_done_mean; }
double trial_period_variance(const struct trial_view *v) { return v->station.period_done_variance; }
double trial_wave_size(const struct trial_view *v) { return v->station.wave_size_mean; }
double trial_wave_variance(const struct trial_view *v) { return v->station.wave_size_variance; }
double trial_wave_empty(const struct trial_view *v) { return v->station.wave_empty_share; }
double trial_class_queue_time(const struct trial_view *v)
{
    return v->of_class.queue_time_mean_us / TRIAL_HOUR;
}
double trial_class_time(const struct trial_view *v)
{
    return v->of_class.time_mean_us / TRIAL_HOUR;
}
