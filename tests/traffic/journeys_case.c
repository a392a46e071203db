/* Runs scenarios for the tests of journeys. */
#include "traffic/journeys_case.h"

#include <omosim/registry.h>
#include <string.h>

struct journeys_case *journeys_case_new(const char *file, const char *const *sets)
{
    struct journeys_case *c = g_new0(struct journeys_case, 1);
    const char *source = g_getenv("OMO_SOURCE_DIR");
    g_autofree char *path =
        g_build_filename(source == NULL ? "." : source, "scenarios", file, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_read(path, sets, &error);
    struct scenario_traffic s;

    folder_assert_fine(error);
    c->model = scenario_build(scenario, scenario_default_point(scenario), &error);
    folder_assert_fine(error);
    ck_assert(scenario_traffic(scenario, scenario_default_point(scenario), &s, &error));
    c->options = (struct journeys_options){
        .seed = scenario_seed(scenario),
        .first_day = 0,
        .day_count = (omo_model_horizon_us(c->model) + OMO_US_PER_DAY - 1) / OMO_US_PER_DAY,
        .to_us = OMO_US_PER_DAY,
        .clerks = true,
        .channel = c->channel,
        .habits = {.browse_ppm = s.browse_ppm,
                   .search_ppm = s.search_ppm,
                   .scan_ppm = s.scan_ppm,
                   .check_stock_ppm = s.check_stock_ppm,
                   .points_ppm = s.points_ppm,
                   .coupons_ppm = s.coupons_ppm,
                   .looking_ppm = s.looking_ppm,
                   .cancel_ppm = s.cancel_ppm,
                   .return_ppm = s.return_ppm,
                   .double_tap_ppm = s.double_tap_ppm,
                   .points_after_ppm = s.points_after_ppm,
                   .rush_hold_us = s.rush_hold_us,
                   .rush_at_us = s.rush_at_us,
                   .rush_reaction = s.rush_reaction,
                   .accounts_per_cell = s.accounts,
                   .think = s.think,
                   .pay = s.pay,
                   .cancel_after = s.cancel_after,
                   .return_after = s.return_after,
                   .notice_us = s.notice_us},
    };
    for (uint32_t i = 0; i < omo_model_channel_count(c->model); i++)
        c->channel[i] = strcmp(omo_model_channel_id(c->model, i), "walk_in") != 0;
    c->facts = g_array_new(FALSE, FALSE, sizeof(omo_fact));
    c->journeys = g_array_new(FALSE, FALSE, sizeof(omo_plan_journey));
    c->first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    c->steps = g_array_new(FALSE, FALSE, sizeof(omo_plan_step));
    return c;
}

void journeys_case_free(struct journeys_case *c)
{
    if (c == NULL)
        return;
    g_array_unref(c->facts);
    g_array_unref(c->journeys);
    g_array_unref(c->first);
    g_array_unref(c->steps);
    omo_world_free(c->world);
    omo_model_free(c->model);
    g_free(c);
}

static gboolean keep_journey(void *user, const omo_plan_journey *journey,
                             const omo_plan_step *steps, GError **ret_error)
{
    struct journeys_case *c = user;

    (void)ret_error;
    g_array_append_vals(c->journeys, journey, 1);
    g_array_append_val(c->first, c->steps->len);
    g_array_append_vals(c->steps, steps, journey->step_count);
    return TRUE;
}

struct readers {
    GArray *facts;
    Journeys *journeys;
};

static void read_facts(void *user, const omo_fact *facts, size_t count)
{
    struct readers *r = user;

    g_array_append_vals(r->facts, facts, (guint)count);
    journeys_read(r->journeys, facts, count);
}

void journeys_case_run(struct journeys_case *c)
{
    const int64_t until_us =
        MIN(journeys_read_until_us(&c->options), omo_model_horizon_us(c->model));
    g_autoptr(GError) error = NULL;

    c->world = omo_world_new(c->model, c->options.seed, c->options.replication, NULL);
    ck_assert_ptr_nonnull(c->world);
    g_autoptr(Journeys) journeys = journeys_new(c->world, c->model, &c->options, keep_journey, c);
    struct readers readers = {c->facts, journeys};
    ck_assert_int_eq(omo_world_run(c->world, journeys_read_from_us(&c->options), NULL), OMO_OK);
    omo_world_set_reader(c->world, read_facts, &readers);
    ck_assert_int_eq(omo_world_run(c->world, until_us, NULL), OMO_OK);
    ck_assert(journeys_finish(journeys, &c->counts, &error));
    omo_world_set_reader(c->world, NULL, NULL);
}

uint32_t journeys_case_fact(const char *name)
{
    for (uint32_t i = 0; i < omo_registry_count(OMO_REGISTRY_FACT); i++)
        if (strcmp(omo_registry_name(OMO_REGISTRY_FACT, i), name) == 0)
            return i;
    ck_abort_msg("there is no fact %s", name);
}

struct journeys_case_sum journeys_case_facts(const struct journeys_case *c, const char *name)
{
    const uint32_t kind = journeys_case_fact(name);
    const bool line = strcmp(omo_fact_amount(kind), "line") == 0;
    struct journeys_case_sum sum = {0, 0, 0};

    for (guint i = 0; i < c->facts->len; i++) {
        const omo_fact *f = &g_array_index(c->facts, omo_fact, i);
        const uint32_t channel = omo_fact_channel(f);
        if (omo_fact_kind(f) != kind || channel == OMO_FACT_NO_CHANNEL || !c->channel[channel])
            continue;
        sum.count++;
        sum.units += omo_fact_quantity(f);
        sum.cents += line ? omo_fact_line_cents(f) : f->amount;
    }
    return sum;
}

struct journeys_case_sum journeys_case_steps(const struct journeys_case *c, enum step_kind kind)
{
    struct journeys_case_sum sum = {0, 0, 0};

    for (guint i = 0; i < c->steps->len; i++) {
        const omo_plan_step *s = &g_array_index(c->steps, omo_plan_step, i);
        if (s->kind != kind)
            continue;
        sum.count++;
        sum.units += s->quantity;
        sum.cents += s->amount;
    }
    return sum;
}

const omo_plan_step *journeys_case_find(const struct journeys_case *c, uint32_t i,
                                        enum step_kind kind)
{
    for (uint32_t k = 0; k < journeys_case_journey(c, i)->step_count; k++)
        if (journeys_case_step(c, i, k)->kind == kind)
            return journeys_case_step(c, i, k);
    return NULL;
}

bool journeys_case_is_visit(const struct journeys_case *c, uint32_t i)
{
    return step_actor(journeys_case_step(c, i, 0)->kind) == STEP_CUSTOMER;
}
