/* A small network under trial: replications of one model, and the z of what they measure against
 * what theory says. */
#ifndef OMO_TESTS_KERNEL_TRIAL_H
#define OMO_TESTS_KERNEL_TRIAL_H

#include <omosim/kernel.h>

#define TRIAL_STATIONS 4
#define TRIAL_SOURCES 3
#define TRIAL_ROUTES 12
#define TRIAL_CHECKS 16
#define TRIAL_REPLICATIONS 40
#define TRIAL_DRAWS 3 /* of parameters, each test */
#define TRIAL_HOUR ((double)OMO_US_PER_HOUR)

struct trial_view { /* what a measure is computed from */
    omo_station_report station;
    omo_class_report of_class; /* of the check's source at its station */
};

struct trial_check {
    const char *name;
    double (*measure)(const struct trial_view *v);
    double exact;
    uint32_t station, source;
};

struct trial {
    const char *name;
    uint32_t station_count, source_count, route_count, check_count;
    omo_station_options station[TRIAL_STATIONS];
    omo_source_options source[TRIAL_SOURCES]; /* `to` is an index of `station` */
    struct {
        uint32_t from, to, share_ppm;
        omo_outcome outcome;
    } route[TRIAL_ROUTES];
    struct trial_check check[TRIAL_CHECKS];
    double warm_up_hours, hours;
};

/* A trial of `station_count` stations and as many Poisson sources (to station 0) as there are
 * rates. */
void trial_begin(struct trial *t, const char *name, uint32_t station_count);
/* Adds a Poisson source of so many jobs an hour; returns it. */
omo_source_options *trial_source(struct trial *t, uint32_t to, double per_hour);
void trial_route(struct trial *t, uint32_t from, omo_outcome outcome, uint32_t to, double share);
void trial_expect(struct trial *t, uint32_t station, const char *name,
                  double (*measure)(const struct trial_view *v), double exact);
void trial_expect_class(struct trial *t, uint32_t station, uint32_t source, const char *name,
                        double (*measure)(const struct trial_view *v), double exact);
/* Runs the replications and aborts the test when a mean is more than 4 standard errors off. */
void trial_run(const struct trial *t, uint64_t seed);
omo_law trial_exponential(double mean_hours);
/* A kernel with the trial's stations, sources and routes; the caller frees it. */
omo_kernel *trial_kernel(const struct trial *t, uint64_t seed, uint32_t replication);

/* The state that the parameters of a test's draw i come from, and one of them. */
uint64_t trial_state(int i, uint64_t stride);
double trial_draw(uint64_t *state, double low, double high);

/* Measures. */
double trial_queue(const struct trial_view *v);
double trial_busy(const struct trial_view *v);
double trial_level(const struct trial_view *v);
double trial_level_variance(const struct trial_view *v);
double trial_level_over(const struct trial_view *v);
double trial_empty(const struct trial_view *v);
double trial_wait(const struct trial_view *v);
double trial_wait_square(const struct trial_view *v);
double trial_wait_over(const struct trial_view *v);
double trial_waited(const struct trial_view *v);
double trial_time(const struct trial_view *v);
double trial_time_variance(const struct trial_view *v);
double trial_time_over(const struct trial_view *v);
double trial_queue_time(const struct trial_view *v);
double trial_refused(const struct trial_view *v);
double trial_balked(const struct trial_view *v);
double trial_reneged(const struct trial_view *v);
double trial_blocked(const struct trial_view *v);
double trial_down(const struct trial_view *v);
double trial_duty(const struct trial_view *v);
double trial_throughput(const struct trial_view *v);
double trial_period_mean(const struct trial_view *v);
double trial_period_variance(const struct trial_view *v);
double trial_wave_size(const struct trial_view *v);
double trial_wave_variance(const struct trial_view *v);
double trial_wave_empty(const struct trial_view *v);
double trial_class_queue_time(const struct trial_view *v);
double trial_class_time(const struct trial_view *v);

#endif
