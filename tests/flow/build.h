/* Small models through the public API, and the facts of a run as text.
 *
 * Every call asserts that it succeeded, so a test reads as a list of what its model is. Places
 * stand on a plane, on the x axis, in km. Include it before any other header of ours: it brings
 * Check and the system in before the poison list. */
#ifndef OMO_TESTS_FLOW_BUILD_H
#define OMO_TESTS_FLOW_BUILD_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <omosim/omosim.h>

#define BUILD_EVERYTHING                                                                           \
    (OMO_SELLS_ON_SITE | OMO_OFFERS_PICKUP | OMO_SHIPS_COURIER | OMO_SHIPS_PARCEL)
#define BUILD_HOUR OMO_US_PER_HOUR
#define BUILD_DAY OMO_US_PER_DAY

omo_law build_constant(double value);
omo_law build_exponential(double mean);

/* A model on a plane; horizon in days. Caller frees. */
omo_model *build_model(double days);
/* A product at 10.00 that costs 6.00. */
omo_sku build_sku(omo_model *m);
/* All products so far; what the places added later stock. */
omo_assortment build_assortment(omo_model *m, uint32_t sku_count);
/* Options of a place at x km with all capabilities that opens with that many of each product. */
omo_place_options build_place(omo_place_kind kind, omo_assortment assortment, double x_km,
                              int32_t opening);
omo_place build_add_place(omo_model *m, const omo_place_options *o);
/* A supplier and a lane from it. */
void build_supplied(omo_model *m, omo_place to, omo_law lead_time);
/* A zone that is a point at x km. */
omo_zone build_zone(omo_model *m, double x_km, uint32_t member_count);
/* A channel that costs and promises nothing, whose steps take no time. */
omo_channel_options build_channel(const char *kind, const char *mode);
omo_channel build_add_channel(omo_model *m, const omo_channel_options *o);
/* A segment of so many visits a day, one unit of one product each, that always uses a channel. */
omo_segment_options build_segment(double visits_per_day);
omo_segment build_add_segment(omo_model *m, const omo_segment_options *o, omo_channel channel);
void build_integration(omo_model *m, const omo_integration_options *o);
void build_seal(omo_model *m);

/* All facts of a run. */
struct build_facts {
    omo_fact *fact;
    size_t count, capacity;
};

void build_facts_read(void *user, const omo_fact *facts, size_t count);
void build_facts_free(struct build_facts *f);
/* Runs a world to its horizon. `ret_facts` may be NULL. Returns its digest. */
uint64_t build_run(const omo_model *m, uint64_t seed, uint32_t replication,
                   struct build_facts *ret_facts);
/* A KPI of one replication by name. */
double build_kpi(const omo_world *w, const char *name);
uint32_t build_fact_kind(const char *name);
/* How many facts of a kind there are, and the sum of their quantities. */
size_t build_count(const struct build_facts *f, const char *kind);
uint64_t build_units(const struct build_facts *f, const char *kind);
/* The facts of the n-th order that was opened, one a line: NAME@place quantity amount, with + before
 * those of an order made of missing lines and > before those of a visit that follows. Places and
 * products by index; times since OPENED for the fact, and amounts as "5min", "20.00", "2km". The
 * text stands in a static buffer. */
const char *build_story(const struct build_facts *f, uint32_t nth);

#endif
