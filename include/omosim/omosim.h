/* omosim: simulate a retail chain's stores, warehouses, members and channels, and compare how it
 * could sell.
 *
 * Start here. Build a model (model.h), seal it, run worlds (world.h) or whole experiments
 * (experiment.h), read KPIs (registry.h names them) or facts (fact.h). Everything is plain C17
 * without further dependencies, prints nothing, reads no file and no clock.
 *
 *     omo_model *m = omo_model_new();
 *     ... omo_model_add_sku, add_assortment, add_place, add_lane, add_zone, add_channel,
 *     add_segment ...
 *     omo_model_seal(m, &error);
 *     omo_world *w = omo_world_new(m, 1, 0, &error);
 *     omo_world_run(w, INT64_MAX, &error);
 *     for (uint32_t i = 0; i < omo_model_kpi_count(m); i++)
 *         printf("%s %g\n", omo_model_kpi_name(m, i, NULL, NULL), omo_world_kpi(w, i));
 */
#ifndef OMOSIM_OMOSIM_H
#define OMOSIM_OMOSIM_H

#include <omosim/checkpoint.h>
#include <omosim/draws.h>
#include <omosim/event.h>
#include <omosim/experiment.h>
#include <omosim/fact.h>
#include <omosim/fit.h>
#include <omosim/factorial.h>
#include <omosim/histogram.h>
#include <omosim/kernel.h>
#include <omosim/law.h>
#include <omosim/members.h>
#include <omosim/model.h>
#include <omosim/oversell.h>
#include <omosim/registry.h>
#include <omosim/returns.h>
#include <omosim/statistics.h>
#include <omosim/types.h>
#include <omosim/world.h>

#endif
