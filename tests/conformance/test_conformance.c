/* Every registered policy, channel, promotion and KPI keeps the rules: a plug-in is tested before
 * it has a test of its own. */
#include <check.h>
#include <math.h>

#include "conformance/seed.h"

#include <omosim/registry.h>

#include "demand/channel.h"
#include "demand/promotion.h"
#include "measure/kpi.h"
#include "policy/routing.h"
#include "policy/stocking.h"

/* ---- names ------------------------------------------------------- */

/* snake_case; facts are written in capitals, textbook symbols keep theirs, shares.no_purchase has a
 * dot. */
static bool name_fits(omo_registry registry, const char *name)
{
    bool capitals = registry == OMO_REGISTRY_KPI || registry == OMO_REGISTRY_FACT;

    for (const char *c = name; *c != '\0'; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (capitals && *c >= 'A' && *c <= 'Z');
        bool later =
            (*c >= '0' && *c <= '9') || *c == '_' || (registry == OMO_REGISTRY_KPI && *c == '.');

        if (!letter && !(later && c != name))
            return false;
    }
    return name[0] != '\0';
}

START_TEST(names_and_help)
{
    for (omo_registry r = 0; r < OMO_REGISTRY_COUNT; r++) {
        ck_assert_ptr_nonnull(omo_registry_title(r));
        ck_assert_uint_gt(omo_registry_count(r), 0);
        for (uint32_t i = 0; i < omo_registry_count(r); i++) {
            const char *name = omo_registry_name(r, i);

            ck_assert_msg(name_fits(r, name), "%s: not a name", name);
            ck_assert_msg(omo_registry_help(r, i) != NULL && strlen(omo_registry_help(r, i)) > 0,
                          "%s: no help", name);
            for (uint32_t j = 0; j < i; j++)
                ck_assert_msg(strcmp(name, omo_registry_name(r, j)) != 0, "%s stands twice", name);
        }
        ck_assert_ptr_null(omo_registry_name(r, omo_registry_count(r)));
        ck_assert_ptr_null(omo_registry_help(r, omo_registry_count(r)));
    }
    ck_assert_ptr_null(omo_registry_title(OMO_REGISTRY_COUNT));
    ck_assert_uint_eq(omo_registry_count(OMO_REGISTRY_COUNT), 0);
    ck_assert_ptr_null(omo_registry_name(OMO_REGISTRY_COUNT, 0));
}
END_TEST

START_TEST(names_are_found)
{
    for (uint32_t i = 0; i < routing_registry_count; i++)
        ck_assert_ptr_eq(routing_find(routing_registry[i]->name), routing_registry[i]);
    for (uint32_t i = 0; i < stocking_registry_count; i++)
        ck_assert_ptr_eq(stocking_find(stocking_registry[i]->name), stocking_registry[i]);
    for (uint32_t i = 0; i < promotion_registry_count; i++)
        ck_assert_ptr_eq(promotion_find(promotion_registry[i]->name), promotion_registry[i]);
    for (uint32_t i = 0; i < channel_registry_count; i++)
        ck_assert_ptr_eq(channel_find(channel_registry[i]->name), channel_registry[i]);
    ck_assert_ptr_null(routing_find(""));
    ck_assert_ptr_null(stocking_find("NEAREST"));
    ck_assert_ptr_null(promotion_find("coupons"));
    ck_assert_ptr_null(channel_find("walk-in"));
}
END_TEST

/* ---- routing ----------------------------------------------------- */

struct routing_case {
    int32_t quantity[ROUTING_LINES_MAX];
    int32_t available[ROUTING_LINES_MAX * ROUTING_PLACES_MAX];
    int64_t distance_mm[ROUTING_PLACES_MAX];
    int64_t parcel_cost_cents[ROUTING_PLACES_MAX];
    int64_t line_cost_cents[ROUTING_PLACES_MAX];
    int32_t queue[ROUTING_PLACES_MAX];
};

/* An answer between two guards. */
struct routing_guarded {
    uint64_t before[16];
    struct routing_answer answer;
    uint64_t after[16];
};

static void routing_case_fill(struct routing_case *c, uint64_t *state, uint32_t line_count,
                              uint32_t place_count)
{
    int64_t scarce = seed_between(state, 0, 8);
    int64_t distance_mm = 0;

    memset(c, 0, sizeof(*c));
    for (uint32_t i = 0; i < line_count; i++)
        c->quantity[i] = (int32_t)seed_between(state, 1, 4);
    for (uint32_t i = 0; i < line_count * place_count; i++)
        c->available[i] = (int32_t)core_max_i64(seed_between(state, -scarce, 5), 0);
    for (uint32_t i = 0; i < place_count; i++) {
        distance_mm += seed_between(state, 0, 3000000);
        c->distance_mm[i] = distance_mm;
        c->parcel_cost_cents[i] = seed_between(state, 0, 2000);
        c->line_cost_cents[i] = seed_between(state, 0, 200);
        c->queue[i] = (int32_t)seed_between(state, 0, 50);
    }
}

static void routing_guard(struct routing_guarded *g)
{
    memset(g, 0xa5, sizeof(*g));
    memset(&g->answer, 0, sizeof(g->answer));
}

/* What is wrong with an answer, or NULL. One assertion a round is enough: each costs Check a
 * message to its parent. */
static const char *routing_wrong(const struct routing_query *q, const struct routing_guarded *g)
{
    for (uint32_t i = 0; i < 16; i++)
        if (g->before[i] != UINT64_C(0xa5a5a5a5a5a5a5a5) || g->after[i] != g->before[i])
            return "writes outside the answer";
    for (uint32_t line = 0; line < ROUTING_LINES_MAX; line++) {
        int64_t given = 0;

        for (uint32_t place = 0; place < ROUTING_PLACES_MAX; place++) {
            int32_t quantity = g->answer.quantity[line][place];

            if (quantity < 0)
                return "takes units back";
            if ((line >= q->line_count || place >= q->place_count) && quantity != 0)
                return "assigns outside the query";
            if (quantity > 0 && quantity > routing_available(q, line, place))
                return "assigns more than there is";
            given += quantity;
        }
        if (line < q->line_count && given > q->quantity[line])
            return "assigns more than is wanted";
    }
    return NULL;
}

START_TEST(routing_keeps_the_rules)
{
    const struct routing_policy *policy = routing_registry[_i];
    uint64_t state = seed_take();

    for (uint32_t round = 0; round < 10000; round++) {
        struct routing_case c, copy;
        struct routing_guarded first, second;
        const char *wrong;
        struct routing_query q = {
            .line_count = (uint32_t)seed_between(&state, 1, ROUTING_LINES_MAX),
            .place_count = (uint32_t)seed_between(&state, 0, ROUTING_PLACES_MAX),
            .quantity = c.quantity,
            .available = c.available,
            .distance_mm = c.distance_mm,
            .parcel_cost_cents = c.parcel_cost_cents,
            .line_cost_cents = c.line_cost_cents,
            .queue = c.queue,
            .draw_word = (uint32_t)seed_next(&state),
        };

        routing_case_fill(&c, &state, q.line_count, q.place_count);
        copy = c;
        routing_guard(&first);
        routing_guard(&second);
        policy->route(NULL, &q, &first.answer);
        policy->route(NULL, &q, &second.answer);
        wrong = routing_wrong(&q, &first);
        if (memcmp(&first, &second, sizeof(first)) != 0)
            wrong = "answers differently the second time";
        if (memcmp(&c, &copy, sizeof(c)) != 0)
            wrong = "changes the query";
        if (wrong != NULL)
            ck_abort_msg("%s, round %u: %s", policy->name, round, wrong);
    }
}
END_TEST

/* ---- stocking ---------------------------------------------------- */

static int32_t maybe(uint64_t *state, int64_t low, int64_t high)
{
    return seed_between(state, 0, 2) == 0 ? (int32_t)seed_between(state, low, high)
                                          : STOCKING_DERIVED;
}

START_TEST(stocking_keeps_the_rules)
{
    const struct stocking_policy *policy = stocking_registry[_i];
    uint64_t state = seed_take();

    for (uint32_t round = 0; round < 10000; round++) {
        struct stocking_params p = {
            .lead_days = (double)seed_between(&state, 0, 600) / 10.0,
            .review_days = (double)seed_between(&state, 0, 140) / 10.0,
            .safety_factor = (double)seed_between(&state, -10, 40) / 10.0,
            .level_low = maybe(&state, -20, 100),
            .level_high = maybe(&state, 101, 300),
            .quantity = maybe(&state, 1, 100),
            .level_min = (int32_t)seed_between(&state, 0, 50),
        };
        double demand = (double)seed_between(&state, 0, 1000) * (round % 7 == 0 ? 1e6 : 0.01);
        int32_t low = -77, high = -77, opening = -77;
        int32_t position[64], lows[64], highs[64], quantity[65];

        policy->levels(&p, demand, &low, &high, &opening);
        ck_assert_int_ge(opening, 0);
        ck_assert_int_ge(low, p.level_low == STOCKING_DERIVED ? -1 : -20);
        ck_assert_int_ge(high, 0);
        ck_assert_int_le(low, STOCKING_LEVEL_MAX);
        ck_assert_int_le(high, STOCKING_LEVEL_MAX);
        ck_assert_int_le(opening, STOCKING_LEVEL_MAX);
        position[0] =
            round % 5 == 0 ? -STOCKING_LEVEL_MAX : low - (int32_t)seed_between(&state, 0, 40);
        for (uint32_t i = 0; i < 64; i++) {
            if (i > 0)
                position[i] = position[i - 1] + (int32_t)seed_between(&state, 0, 3);
            lows[i] = low;
            highs[i] = high;
        }
        quantity[64] = 4711;
        policy->review(&(struct stocking_table){64, position, lows, highs}, quantity);
        ck_assert_int_eq(quantity[64], 4711);
        for (uint32_t i = 0; i < 64; i++) {
            if (quantity[i] < 0)
                ck_abort_msg("%s orders less than nothing", policy->name);
            if (i > 0 && quantity[i] > quantity[i - 1])
                ck_abort_msg("%s orders more when more is there", policy->name);
        }
        position[0] = core_max_i32(opening, core_max_i32(low, high)) + 1;
        policy->review(&(struct stocking_table){1, position, lows, highs}, quantity);
        ck_assert_msg(quantity[0] == 0, "%s orders above its upper level", policy->name);
    }
}
END_TEST

/* ---- promotions and channels ------------------------------------- */

START_TEST(promotion_keeps_the_rules)
{
    const struct promotion_kind *kind = promotion_registry[_i];
    uint64_t state = seed_take();
    omo_promotion_options defaults = {.size = sizeof(defaults)};

    kind->defaults(&defaults);
    ck_assert_ptr_null(kind->check(&defaults));
    for (uint32_t round = 0; round < 10000; round++) {
        omo_promotion_options o = {
            .size = sizeof(o),
            .share_ppm = (uint32_t)seed_between(&state, 0, OMO_PPM),
            .amount_cents = seed_between(&state, 0, 5000),
            .threshold_cents = seed_between(&state, 0, 5000),
            .claim_ppm = (uint32_t)seed_between(&state, 0, OMO_PPM),
            .per_member = (uint32_t)seed_between(&state, 1, 3),
        };
        bool holds_coupon = seed_between(&state, 0, 1) == 1;
        int64_t basket_cents = 0, last = 0;

        if (kind->check(&o) != NULL)
            continue;
        for (uint32_t step = 0; step < 20; step++) {
            int64_t line_cents[2] = {basket_cents / 3, basket_cents - basket_cents / 3};
            struct promotion_query q = {2, line_cents, basket_cents, holds_coupon};
            int64_t cents = kind->discount(&o, &q);

            if (cents < 0 || cents > basket_cents)
                ck_abort_msg("%s gives more than the basket, or less than nothing", kind->name);
            if (cents < last)
                ck_abort_msg("%s gives less for a larger basket", kind->name);
            if (kind->needs_coupon && !holds_coupon && cents != 0)
                ck_abort_msg("%s gives without a coupon", kind->name);
            last = cents;
            basket_cents += seed_between(&state, 0, 800);
        }
    }
}
END_TEST

START_TEST(channel_keeps_the_rules)
{
    const struct channel_kind *kind = channel_registry[_i];

    ck_assert_ptr_nonnull(kind->modes[0]);
    ck_assert_uint_eq(channel_mode_find(kind, NULL), mode_find(kind->modes[0]));
    for (uint32_t i = 0; kind->modes[i] != NULL; i++) {
        omo_channel_options o = omo_channel_defaults(kind->name, kind->modes[i]);
        ck_assert_uint_ne(mode_find(kind->modes[i]), OMO_NONE);
        ck_assert_uint_eq(channel_mode_find(kind, kind->modes[i]), mode_find(kind->modes[i]));
        ck_assert_str_eq(o.id, kind->name);
        ck_assert_str_eq(o.kind, kind->name);
        ck_assert_str_eq(o.mode, kind->modes[i]);
        ck_assert(o.enabled);
        ck_assert(o.radius_km >= 0.0 && o.speed_kmh >= 0.0);
        ck_assert(o.promise_us >= 0 && o.fee_cents >= 0 && o.free_above_cents >= 0);
        ck_assert_uint_le(o.commission_ppm, OMO_PPM);
        ck_assert(o.cost_order_cents >= 0 && o.cost_line_cents >= 0);
        ck_assert(o.cost_parcel_cents >= 0 && o.cost_km_cents >= 0);
        ck_assert_int_eq(omo_law_check(&o.travel, NULL), OMO_OK);
        ck_assert_int_eq(omo_law_check(&o.collect, NULL), OMO_OK);
    }
}
END_TEST

START_TEST(mode_keeps_the_rules)
{
    const struct mode_kind *mode = mode_registry[_i];
    omo_channel_options o = {.size = sizeof(o), .id = "id"};
    bool used = false;

    mode->defaults(&o);
    ck_assert_str_eq(o.id, "id");
    ck_assert_uint_eq(mode_find(mode->name), (uint32_t)_i);
    ck_assert_int_eq(__builtin_popcount(mode->capability), 1);
    ck_assert_msg(mode->path != MODE_COLLECT || omo_law_mean(&o.collect) > 0.0,
                  "%s: collected at once", mode->name);
    ck_assert_msg(mode->path < MODE_COURIER || omo_law_mean(&o.travel) > 0.0,
                  "%s: delivered at once", mode->name);
    for (uint32_t i = 0; i < channel_registry_count; i++)
        used = used || channel_mode_find(channel_registry[i], mode->name) != OMO_NONE;
    ck_assert_msg(used, "%s: no kind of channel can have it", mode->name);
}
END_TEST

/* ---- KPIs -------------------------------------------------------- */

static void tally_fill(struct tally *t, uint64_t *state)
{
    memset(t, 0, sizeof(*t));
    t->channel_count = (uint32_t)seed_between(state, 1, OMO_CHANNELS_MAX);
    for (uint32_t kind = 0; kind < FACT_KIND_COUNT; kind++)
        for (uint32_t column = 0; column < TALLY_CHANNELS; column++) {
            struct tally_cell *cell = &t->cell[kind][column];

            if ((column >= t->channel_count && column != OMO_CHANNELS_MAX) ||
                seed_between(state, 0, 4) == 0)
                continue;
            cell->count = seed_between(state, 0, 1000000);
            cell->quantity = cell->count * seed_between(state, 0, 3);
            cell->amount = (core_int128)cell->count * seed_between(state, 0, 100000000);
            cell->square = cell->amount * seed_between(state, 0, 100000000);
        }
    for (uint32_t i = 0; i < GAUGE_COUNT; i++)
        t->gauge[i].area =
            (core_int128)seed_between(state, 0, 1000000) * seed_between(state, 0, INT64_C(1) << 50);
    for (uint32_t i = 0; i < t->channel_count; i++) {
        t->online[i] = seed_between(state, 0, 1) == 1;
        t->ships[i] = t->online[i] && seed_between(state, 0, 1) == 1;
    }
    for (uint32_t i = 0; i < OMO_ROLE_COUNT; i++) {
        t->server_count[i] = (uint32_t)seed_between(state, 0, 100);
        t->station_count[i] = (uint32_t)seed_between(state, 0, 10);
    }
    t->position_count = (uint64_t)seed_between(state, 0, 100000000);
    t->span_us = seed_between(state, 1, 400) * OMO_US_PER_DAY;
    t->time_unit_us = seed_between(state, 0, 1) == 1 ? OMO_US_PER_HOUR : OMO_US_PER_DAY;
    t->cycle_count = (uint64_t)seed_between(state, 0, 1000000);
    t->review_count = (uint64_t)seed_between(state, 0, 1000);
    t->per_period = seed_between(state, 0, 1) == 1;
    t->counts_over_wait = t->counts_over_sojourn = t->counts_over_distance =
        seed_between(state, 0, 1) == 1;
    t->cost.holding_cents = seed_between(state, 0, 1000000000);
    t->cost.backorder_cents = seed_between(state, 0, 1000000000);
    t->arrival.days = seed_between(state, 0, 400);
    t->arrival.visits = t->arrival.days * seed_between(state, 0, 1000000);
    t->arrival.visits_square = (core_int128)t->arrival.visits * seed_between(state, 0, 1000000);
    t->arrival.first_quarter_visits = seed_between(state, 0, t->arrival.visits);
    t->arrival.candidates = seed_between(state, 0, 1000000);
    t->arrival.accepted = seed_between(state, 0, t->arrival.candidates);
}

/* A station with every kind of thing, its report, and the jobs of a source. */
static void kpi_subject_fill(omo_station_options *o, omo_station_report *r, omo_class_report *c,
                             uint64_t *state)
{
    *o = omo_station_defaults("station");
    o->servers = (uint32_t)seed_between(state, 1, 9);
    o->room = seed_between(state, 0, 1) == 1 ? 10 : OMO_UNLIMITED;
    o->balk_ppm = (uint32_t)seed_between(state, 0, 1);
    o->batch_max = (uint32_t)seed_between(state, 1, 2);
    o->wave_us = seed_between(state, 0, 1);
    o->breaks = seed_between(state, 0, 1) == 1;
    o->shift_count = (uint32_t)seed_between(state, 0, 1);
    o->wait_over_us = o->time_over_us = seed_between(state, -1, 1);
    r->arrived = c->arrived = (uint64_t)seed_between(state, 0, 3);
    r->refused = c->refused = (uint64_t)seed_between(state, 0, (int64_t)r->arrived);
    r->reneged = c->reneged = r->arrived - r->refused;
    r->waited = r->started = r->reneged;
    r->busy_mean = (double)seed_between(state, 0, 3);
    r->duty_mean = (double)seed_between(state, 0, 3);
}

static void kpi_check_subjects(const struct kpi *k, uint64_t *state)
{
    omo_station_options options;
    omo_station_report station = {.span_us = 0};
    omo_class_report jobs = {.arrived = 0};

    ck_assert_msg((k->subjects != 0) == (k->subject != NULL), "%s: subjects and no formula",
                  k->name);
    ck_assert_msg(k->value != NULL || k->subjects != 0, "%s is of nothing", k->name);
    ck_assert_msg(k->value != NULL || !k->per_channel, "%s: channels are of chains", k->name);
    for (uint32_t bit = KPI_OF_STATION; bit <= KPI_OF_SOURCE; bit *= 2) {
        kpi_subject_fill(&options, &station, &jobs, state);
        struct kpi_subject s = {
            .options = bit != KPI_OF_SOURCE ? &options : NULL,
            .station = bit == KPI_OF_STATION ? &station : NULL,
            .jobs = bit != KPI_OF_STATION ? &jobs : NULL,
            .limited = seed_between(state, 0, 1) == 1,
            .impatient = seed_between(state, 0, 1) == 1,
            .held = seed_between(state, 0, 1) == 1,
            .span_us = seed_between(state, 0, 1) * OMO_US_PER_DAY,
            .time_unit_us = OMO_US_PER_HOUR,
        };
        if ((k->subjects & bit) != 0 && isinf(k->subject(&s)))
            ck_abort_msg("%s is infinite", k->name);
    }
}

static void kpi_check(const struct kpi *k, const struct tally *t)
{
    if (k->value == NULL)
        return;
    if (isinf(k->value(t, TALLY_ALL)))
        ck_abort_msg("%s is infinite", k->name);
    for (uint32_t channel = 0; k->per_channel && channel < t->channel_count; channel++)
        if (isinf(k->value(t, channel)))
            ck_abort_msg("%s of channel %u is infinite", k->name, channel);
}

START_TEST(kpis_have_a_value_or_none)
{
    static struct tally t;
    uint64_t state = seed_take();

    for (uint32_t i = 0; i < kpi_registry_count; i++) {
        memset(&t, 0, sizeof(t));
        kpi_check(kpi_registry[i], &t);
        t.channel_count = 4;
        kpi_check(kpi_registry[i], &t);
        for (uint32_t round = 0; round < 200; round++)
            kpi_check_subjects(kpi_registry[i], &state);
    }
    for (uint32_t round = 0; round < 2000; round++) {
        tally_fill(&t, &state);
        for (uint32_t i = 0; i < kpi_registry_count; i++)
            kpi_check(kpi_registry[i], &t);
    }
}
END_TEST

START_TEST(kpis_are_described)
{
    for (uint32_t i = 0; i < kpi_registry_count; i++) {
        const struct kpi *k = kpi_registry[i];

        ck_assert_str_eq(omo_kpi_unit(i), k->unit);
        ck_assert_str_eq(omo_kpi_group(i), k->group);
        ck_assert_int_eq(omo_kpi_direction(i), (int)k->direction);
        ck_assert(omo_kpi_per_channel(i) == k->per_channel);
        ck_assert_msg(k->unit[0] != '\0' && k->group[0] != '\0', "%s lacks a unit or a group",
                      k->name);
        ck_assert_msg(k->definition[strlen(k->definition) - 1] != '.',
                      "%s: no full stop in a definition", k->name);
        ck_assert_int_ge((int)k->direction, -1);
        ck_assert_int_le((int)k->direction, 1);
        if (i > 0 && strcmp(k->group, kpi_registry[i - 1]->group) != 0)
            for (uint32_t j = 0; j < i; j++)
                ck_assert_msg(strcmp(k->group, kpi_registry[j]->group) != 0,
                              "group %s is torn apart", k->group);
    }
    ck_assert_ptr_null(omo_kpi_unit(kpi_registry_count));
    ck_assert_ptr_null(omo_kpi_group(kpi_registry_count));
    ck_assert(!omo_kpi_per_channel(kpi_registry_count));
    ck_assert_int_eq(omo_kpi_direction(kpi_registry_count), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("conformance");
    TCase *tcase = tcase_create("conformance");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tcase, names_and_help);
    tcase_add_test(tcase, names_are_found);
    tcase_add_loop_test(tcase, routing_keeps_the_rules, 0, (int)routing_registry_count);
    tcase_add_loop_test(tcase, stocking_keeps_the_rules, 0, (int)stocking_registry_count);
    tcase_add_loop_test(tcase, promotion_keeps_the_rules, 0, (int)promotion_registry_count);
    tcase_add_loop_test(tcase, channel_keeps_the_rules, 0, (int)channel_registry_count);
    tcase_add_loop_test(tcase, mode_keeps_the_rules, 0, (int)mode_registry_count);
    tcase_add_test(tcase, kpis_have_a_value_or_none);
    tcase_add_test(tcase, kpis_are_described);
    tcase_set_timeout(tcase, 300);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
