/* The model that most tests of the flow begin with, made through the public API alone. */
#include "flow/build.h"

#include "flow/world.h"

#include <inttypes.h>

enum amount { AMOUNT_NONE, AMOUNT_MONEY, AMOUNT_SPAN, AMOUNT_DISTANCE, AMOUNT_LINE, AMOUNT_POINTS };

static const enum amount amount_of[] = {
#define FACT(name, amount, text) AMOUNT_##amount,
#include "measure/facts.def"
#undef FACT
};

#define BUILD_OK(call)                                                                             \
    do {                                                                                           \
        omo_error error_ = {0};                                                                    \
        omo_error *error = &error_;                                                                \
        omo_status status = (call);                                                                \
        ck_assert_msg(status == OMO_OK, "%s: %s", #call, error_.text);                             \
    } while (0)

omo_law build_constant(double value) { return (omo_law){.kind = OMO_LAW_CONSTANT, .a = value}; }
omo_law build_exponential(double mean) { return (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = mean}; }

omo_model *build_model(double days)
{
    omo_model *m = omo_model_new();
    omo_run_options run = omo_run_defaults();

    ck_assert_ptr_nonnull(m);
    run.geometry = OMO_GEOMETRY_PLANE;
    run.horizon_us = (int64_t)(days * (double)OMO_US_PER_DAY);
    BUILD_OK(omo_model_set_run(m, &run, error));
    return m;
}

omo_sku build_sku(omo_model *m)
{
    omo_sku_options o = omo_sku_defaults();
    omo_sku sku;

    o.price_cents = 1000;
    o.cost_cents = 600;
    BUILD_OK(omo_model_add_sku(m, &o, &sku, error));
    return sku;
}

omo_assortment build_assortment(omo_model *m, uint32_t sku_count)
{
    omo_sku sku[64];
    omo_assortment assortment;

    ck_assert_uint_le(sku_count, 64);
    for (uint32_t i = 0; i < sku_count; i++)
        sku[i].index = i;
    BUILD_OK(omo_model_add_assortment(m, sku, sku_count, &assortment, error));
    return assortment;
}

omo_place_options build_place(omo_place_kind kind, omo_assortment assortment, double x_km,
                              int32_t opening)
{
    omo_place_options o = omo_place_defaults();

    o.kind = kind;
    o.capabilities = BUILD_EVERYTHING;
    o.assortment = assortment;
    o.lon = x_km;
    o.opening = opening;
    return o;
}

omo_place build_add_place(omo_model *m, const omo_place_options *o)
{
    omo_place place;

    BUILD_OK(omo_model_add_place(m, o, &place, error));
    return place;
}

void build_supplied(omo_model *m, omo_place to, omo_law lead_time)
{
    omo_place_options supplier = omo_place_defaults();
    omo_lane_options lane = omo_lane_defaults();

    supplier.kind = OMO_PLACE_SUPPLIER;
    lane.from = build_add_place(m, &supplier);
    lane.to = to;
    lane.lead_time = lead_time;
    BUILD_OK(omo_model_add_lane(m, &lane, error));
}

omo_zone build_zone(omo_model *m, double x_km, uint32_t member_count)
{
    omo_zone_options o = omo_zone_defaults();
    omo_zone zone;

    o.lon = x_km;
    o.member_count = member_count;
    BUILD_OK(omo_model_add_zone(m, &o, &zone, error));
    return zone;
}

omo_channel_options build_channel(const char *kind, const char *mode)
{
    omo_channel_options o = omo_channel_defaults(kind, mode);

    o.radius_km = o.speed_kmh = 0.0;
    o.promise_us = 0;
    o.travel = o.collect = build_constant(0.0);
    o.fee_cents = o.free_above_cents = 0;
    o.cost_order_cents = o.cost_line_cents = o.cost_parcel_cents = o.cost_km_cents = 0;
    return o;
}

omo_channel build_add_channel(omo_model *m, const omo_channel_options *o)
{
    omo_channel channel;

    BUILD_OK(omo_model_add_channel(m, o, &channel, error));
    return channel;
}

omo_segment_options build_segment(double visits_per_day)
{
    omo_segment_options o = omo_segment_defaults();

    o.visits_per_day = visits_per_day;
    return o;
}

omo_segment build_add_segment(omo_model *m, const omo_segment_options *o, omo_channel channel)
{
    omo_segment segment;

    BUILD_OK(omo_model_add_segment(m, o, &segment, error));
    BUILD_OK(omo_model_set_utility(m, segment, channel, OMO_UTILITY_ALWAYS, error));
    return segment;
}

void build_integration(omo_model *m, const omo_integration_options *o)
{
    BUILD_OK(omo_model_set_integration(m, o, error));
}

void build_seal(omo_model *m) { BUILD_OK(omo_model_seal(m, error)); }

/* ---- facts ------------------------------------------------------- */

void build_facts_read(void *user, const omo_fact *facts, size_t count)
{
    struct build_facts *f = user;

    if (f->count + count > f->capacity) {
        f->capacity = 2 * (f->count + count);
        f->fact = realloc(f->fact, f->capacity * sizeof(f->fact[0]));
        ck_assert_ptr_nonnull(f->fact);
    }
    memcpy(f->fact + f->count, facts, count * sizeof(facts[0]));
    f->count += count;
}

void build_facts_free(struct build_facts *f)
{
    free(f->fact);
    *f = (struct build_facts){0};
}

uint64_t build_run(const omo_model *m, uint64_t seed, uint32_t replication,
                   struct build_facts *ret_facts)
{
    omo_error error_ = {0}, *error = &error_;
    omo_world *w = omo_world_new(m, seed, replication, error);

    ck_assert_msg(w != NULL, "%s", error_.text);
    if (ret_facts != NULL) {
        *ret_facts = (struct build_facts){0};
        omo_world_set_reader(w, build_facts_read, ret_facts);
    }
    omo_status status = omo_world_run(w, INT64_MAX, error);
    ck_assert_msg(status == OMO_OK, "%s", error_.text);
    ck_assert(omo_world_finished(w));
    uint64_t digest = omo_world_digest(w);
    omo_world_free(w);
    return digest;
}

double build_kpi(const omo_world *w, const char *name)
{
    for (uint32_t i = 0; i < omo_model_kpi_count(w->model); i++)
        if (strcmp(omo_model_kpi_name(w->model, i, NULL, NULL), name) == 0)
            return omo_world_kpi(w, i);
    ck_abort_msg("no KPI %s", name);
    return 0.0;
}

uint32_t build_fact_kind(const char *name)
{
    for (uint32_t i = 0; i < omo_registry_count(OMO_REGISTRY_FACT); i++)
        if (strcmp(omo_registry_name(OMO_REGISTRY_FACT, i), name) == 0)
            return i;
    ck_abort_msg("no fact %s", name);
    return 0;
}

size_t build_count(const struct build_facts *f, const char *kind)
{
    uint32_t wanted = build_fact_kind(kind);
    size_t count = 0;

    for (size_t i = 0; i < f->count; i++)
        count += omo_fact_kind(&f->fact[i]) == wanted;
    return count;
}

uint64_t build_units(const struct build_facts *f, const char *kind)
{
    uint32_t wanted = build_fact_kind(kind);
    uint64_t units = 0;

    for (size_t i = 0; i < f->count; i++)
        if (omo_fact_kind(&f->fact[i]) == wanted)
            units += omo_fact_quantity(&f->fact[i]);
    return units;
}

static size_t build_money(char *to, size_t size, int64_t cents)
{
    return (size_t)snprintf(to, size, " %s%" PRId64 ".%02" PRId64, cents < 0 ? "-" : "",
                            cents < 0 ? -cents / 100 : cents / 100,
                            cents < 0 ? -cents % 100 : cents % 100);
}

static size_t build_fact_text(char *to, size_t size, const omo_fact *f)
{
    uint32_t kind = omo_fact_kind(f);
    size_t n = (size_t)snprintf(to, size, "%s", omo_registry_name(OMO_REGISTRY_FACT, kind));

    if (f->place != UINT32_MAX)
        n += (size_t)snprintf(to + n, size - n, "@%u", f->place);
    n += (size_t)snprintf(to + n, size - n, " %u", omo_fact_quantity(f));
    if (amount_of[kind] == AMOUNT_LINE)
        n += (size_t)snprintf(to + n, size - n, " sku%u", omo_fact_sku(f));
    if (amount_of[kind] == AMOUNT_LINE)
        n += build_money(to + n, size - n, omo_fact_line_cents(f));
    else if (amount_of[kind] == AMOUNT_MONEY)
        n += build_money(to + n, size - n, f->amount);
    else if (amount_of[kind] == AMOUNT_SPAN)
        n += (size_t)snprintf(to + n, size - n, " %.6gmin",
                              (double)f->amount / (double)OMO_US_PER_MINUTE);
    else if (amount_of[kind] == AMOUNT_DISTANCE)
        n += (size_t)snprintf(to + n, size - n, " %.6gkm", (double)f->amount * 1e-6);
    return n + (size_t)snprintf(to + n, size - n, "\n");
}

const char *build_story(const struct build_facts *f, uint32_t nth)
{
    static char text[8192];
    const uint64_t switched = UINT64_C(1) << 63, follows = UINT64_C(1) << 62;
    uint32_t opened = build_fact_kind("OPENED"), seen = 0;
    uint64_t order = 0;
    size_t length = 0;

    for (size_t i = 0; i < f->count; i++)
        if (omo_fact_kind(&f->fact[i]) == opened && seen++ == nth)
            order = f->fact[i].order & ~(switched | follows);
    ck_assert_msg(seen > nth, "only %u orders were opened", seen);
    ck_assert_uint_ne(order, 0);
    text[0] = '\0';
    for (size_t i = 0; i < f->count; i++) {
        if ((f->fact[i].order & ~(switched | follows)) != order)
            continue;
        ck_assert_uint_lt(length + 200, sizeof(text));
        if ((f->fact[i].order & switched) != 0)
            text[length++] = '+';
        if ((f->fact[i].order & follows) != 0)
            text[length++] = '>';
        length += build_fact_text(text + length, sizeof(text) - length, &f->fact[i]);
    }
    return text;
}
