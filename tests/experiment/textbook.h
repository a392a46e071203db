/* Textbook models through the public API: a queue, a shelf, a field of shops, a race for the last
 * units. Each call returns a sealed model that the caller frees. */
#ifndef OMO_TESTS_EXPERIMENT_TEXTBOOK_H
#define OMO_TESTS_EXPERIMENT_TEXTBOOK_H

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <omosim/omosim.h>

/* One station with Poisson arrivals; hours. */
omo_model *textbook_queue(uint32_t servers, double arrivals_per_hour, omo_law service_us,
                          double hours);
/* One product under base stock and continuous review; days. */
omo_model *textbook_base_stock(omo_shortage_kind shortage, double per_day, omo_law lead_time_us,
                               int32_t level, double days);
/* A Poisson field of shops on a torus, new in each replication. */
omo_model *textbook_field(double density_per_km2, double side_km, double visits);
/* Many shops, each emptied once by 6 walk-ins and 4 online orders an hour; the app lags. */
omo_model *textbook_race(uint32_t shops, int64_t lag_us, int32_t buffer);

omo_law textbook_constant(double value);
omo_law textbook_exponential(double mean);
/* Runs an experiment of one point; frees nothing. Caller frees the experiment, then the model. */
omo_experiment *textbook_run(const omo_model *m, uint32_t replications);
/* Column of a KPI by its name. */
uint32_t textbook_column(const omo_model *m, const char *name);
/* Asserts that the mean of a KPI lies within 4 standard errors of what theory says. */
void textbook_check(const omo_experiment *e, const char *kpi, double exact);

#endif
