/* `queueing.sources`: where jobs come from.
 *
 * A `rate` alone is a renewal process with exponential intervals; with `hours`, or as `rates`, it is
 * a Poisson process whose rate changes, drawn by inversion of the cumulative rate. The hours of a
 * day are relative, so that a profile can be kept while the level is varied.
 */
#include "scenario/build_queueing.h"

#include <math.h>
#include <string.h>

static const char *const build_queueing_streams[] = {"rate", "interval", "rates", "population"};

/* Rates by hour or by time of a period; FALSE with a finding. */
static bool build_queueing_rates(struct build *b, struct schema_value source, omo_source_options *o,
                                 GArray *rates)
{
    struct schema_value hours = schema_get(source, "hours"), list = schema_get(source, "rates");
    double sum = 0, per_hour = schema_get_rate(source, "rate", OMO_US_PER_HOUR);

    for (uint32_t i = 0; i < schema_count(hours); i++)
        sum += schema_as_number(schema_item(hours, i));
    for (uint32_t i = 0; i < schema_count(hours); i++) {
        omo_rate rate = {i * OMO_US_PER_HOUR,
                         per_hour * 24 * schema_as_number(schema_item(hours, i)) / sum};
        g_array_append_val(rates, rate);
    }
    for (uint32_t i = 0; i < schema_count(list); i++) {
        struct schema_value item = schema_item(list, i);
        omo_rate rate = {schema_get_duration_us(item, "from"),
                         schema_get_rate(item, "rate", OMO_US_PER_HOUR)};
        sum += rate.per_hour;
        g_array_append_val(rates, rate);
    }
    if (!(sum > 0)) {
        diagnostic_add(b->list, schema_position(schema_is_present(hours) ? hours : list),
                       "the rate is 0 at all times");
        return false;
    }
    o->rate_period_us =
        schema_is_present(hours) ? OMO_US_PER_DAY : schema_get_duration_us(source, "period");
    o->rates = (const omo_rate *)(const void *)rates->data;
    o->rate_count = rates->len;
    return true;
}

static void build_queueing_stream(struct build *b, struct schema_value source,
                                  omo_source_options *o, GArray *rates)
{
    const char *found = build_queueing_either(b, source, build_queueing_streams,
                                              G_N_ELEMENTS(build_queueing_streams),
                                              "give the arrivals: rate, interval, rates or "
                                              "population");

    if (found == NULL)
        return;
    if (schema_has(source, "hours") && strcmp(found, "rate") != 0) {
        diagnostic_add(b->list, schema_position(schema_get(source, "hours")),
                       "'hours' spread the arrivals of a 'rate'");
        return;
    }
    if (strcmp(found, "rates") == 0 || schema_has(source, "hours"))
        build_queueing_rates(b, source, o, rates);
    else if (strcmp(found, "interval") == 0)
        o->interval = schema_get_law(source, "interval");
    else if (strcmp(found, "population") == 0)
        o->population = (uint32_t)schema_get_whole(source, "population");
    else
        o->interval = (omo_law){
            .kind = OMO_LAW_EXPONENTIAL,
            .a = (double)OMO_US_PER_DAY / schema_get_rate(source, "rate", OMO_US_PER_DAY),
        };
}

static void build_queueing_skill(struct build_queueing *q, struct schema_value source,
                                 omo_source_options *o)
{
    struct schema_value skill = schema_get(source, "skill");
    const char *const *names = (const char *const *)q->skills->pdata;

    o->skill = SKILL_ANY;
    if (!schema_is_present(skill))
        return;
    if (g_strv_contains(names, schema_as_text(skill)))
        o->skill = build_queueing_skill_bit(q, schema_as_text(skill));
    else
        diagnostic_add_unknown(q->b->list, schema_position(skill), "skill", schema_as_text(skill),
                               names);
}

static void build_queueing_source(struct build_queueing *q, uint32_t i)
{
    struct build *b = q->b;
    struct schema_value source = schema_item(q->sources, i), to = schema_get(source, "to");
    struct text_position at = schema_item_name_position(q->sources, i);
    omo_source_options o = omo_source_defaults(schema_item_name(q->sources, i));
    g_autoptr(GArray) rates = g_array_new(FALSE, FALSE, sizeof(omo_rate));
    guint before = b->list->len;
    omo_error error = {0};
    int64_t number = build_queueing_find(q, schema_as_text(to), schema_position(to));

    build_remember(b, o.name, at);
    build_queueing_stream(b, source, &o, rates);
    build_queueing_skill(q, source, &o);
    o.priority = (int32_t)schema_get_whole(source, "priority");
    o.from_us = schema_get_duration_us(source, "from");
    if (schema_has(source, "until"))
        o.until_us = schema_get_duration_us(source, "until");
    if (schema_has(source, "count"))
        o.count_max = (uint64_t)schema_get_whole(source, "count");
    if (o.until_us <= o.from_us)
        diagnostic_add(b->list, schema_position(schema_get(source, "until")),
                       "the source closes before it opens");
    if (number < 0 || b->list->len != before || !q->added[number])
        return;
    o.to = q->station[number];
    if (omo_model_add_source(b->model, &o, NULL, &error) != OMO_OK)
        build_refused(b, at, &error);
}

void build_queueing_sources(struct build_queueing *q)
{
    for (uint32_t i = 0; i < schema_count(q->sources); i++)
        build_queueing_source(q, i);
}

double build_queueing_rate(struct schema_value queueing)
{
    struct schema_value sources = schema_get(queueing, "sources");
    double per_day = 0;

    for (uint32_t i = 0; i < schema_count(sources); i++) {
        struct schema_value source = schema_item(sources, i), rates = schema_get(source, "rates");
        int64_t period_us = schema_get_duration_us(source, "period");
        per_day += schema_get_rate(source, "rate", OMO_US_PER_DAY);
        if (schema_has(source, "interval")) {
            omo_law law = schema_get_law(source, "interval");
            double mean_us = omo_law_mean(&law);
            if (!(mean_us > 0))
                return NAN;
            per_day += (double)OMO_US_PER_DAY / mean_us;
        }
        for (uint32_t r = 0; r < schema_count(rates); r++) {
            struct schema_value item = schema_item(rates, r);
            int64_t until_us = r + 1 < schema_count(rates)
                                   ? schema_get_duration_us(schema_item(rates, r + 1), "from")
                                   : period_us;
            per_day += schema_get_rate(item, "rate", OMO_US_PER_DAY) *
                       (double)(until_us - schema_get_duration_us(item, "from")) /
                       (double)period_us;
        }
    }
    return per_day;
}
