/* Times are spread over so many microseconds that two events of one instant come about only where a
 * rule puts them there (an opening gate, the jobs of a batch), and there it does not matter whose
 * turn is first. For the same reason these do not meet: several servers that break down by one
 * constant law, interrupted jobs under another order than first in, first out, two of one class to
 * choose a victim from, and stations after a batch. */
#include "conformance/seed.h"

#include "kernel/reference_cases.h"

#include <string.h>

#define UNIT INT64_C(10000000) /* mean time between customers, about */

static bool coin(uint64_t *state, int64_t one_in) { return seed_between(state, 1, one_in) == 1; }

static int64_t between(uint64_t *state, int64_t low_tenths, int64_t high_tenths)
{
    return seed_between(state, low_tenths * UNIT / 10, high_tenths * UNIT / 10);
}

static omo_law constant(int64_t value_us)
{
    return (omo_law){.kind = OMO_LAW_CONSTANT, .a = (double)value_us};
}

const char *reference_feature_name(enum reference_feature feature)
{
    static const char *const name[FEATURE_COUNT] = {"discipline", "preemptive", "batch",
                                                    "wave",       "crews",      "overtime",
                                                    "hand-over",  "breakdown",  "blocking",
                                                    "cycle",      "fork-join",  "network"};

    return name[feature];
}

/* ---- stations -------------------------------------------------------------------------------- */

static void limit(omo_station_options *o, uint64_t *state)
{
    if (coin(state, 3))
        o->room = (o->servers > o->batch_min ? o->servers : o->batch_min) +
                  (uint32_t)seed_between(state, 0, 3);
    if (coin(state, 3)) {
        o->impatient = true;
        o->patience = constant(between(state, 2, 40));
    }
    if (coin(state, 5)) {
        o->balk_from = (uint32_t)seed_between(state, 1, 4);
        o->balk_ppm = OMO_PPM;
    }
}

static omo_discipline uninterrupted(uint64_t *state)
{
    static const omo_discipline discipline[] = {OMO_FIFO, OMO_LIFO, OMO_SHORTEST, OMO_PRIORITY};

    return discipline[seed_between(state, 0, 3)];
}

static void make_shifts(struct reference_case *c, uint32_t station, uint64_t *state, int64_t most)
{
    omo_station_options *o = &c->station[station];
    int64_t from_us = 0;

    o->shift_count = (uint32_t)seed_between(state, 1, REFERENCE_SHIFTS);
    for (uint32_t i = 0; i < o->shift_count; i++) {
        c->shift[station][i] =
            (omo_shift){from_us, (uint32_t)(i == 0 ? most : seed_between(state, 0, most))};
        from_us += between(state, 5, 60);
    }
    o->shift_period_us = from_us;
    o->shifts = c->shift[station];
    o->servers = (uint32_t)most;
}

static void make_crews(struct reference_case *c, uint32_t station, uint64_t *state)
{
    /* No two with as many skills; together they have all three. */
    static const uint32_t skills[2][REFERENCE_CREWS] = {{1, 6, 7}, {7, 4, 3}};
    static const double speed[] = {0.5, 1, 2, 4};
    omo_station_options *o = &c->station[station];
    int64_t row = seed_between(state, 0, 1);

    o->crew_count = REFERENCE_CREWS;
    o->servers = 0;
    for (uint32_t i = 0; i < REFERENCE_CREWS; i++) {
        c->crew[station][i] = (omo_crew){.servers = (uint32_t)seed_between(state, 1, 2),
                                         .skills = skills[row][i],
                                         .speed = speed[seed_between(state, 0, 3)]};
        o->servers += c->crew[station][i].servers;
    }
    o->crews = c->crew[station];
    o->discipline = uninterrupted(state);
}

static void make_station(struct reference_case *c, uint32_t station, enum reference_feature feature,
                         uint64_t *state)
{
    omo_station_options *o = &c->station[station];

    switch (feature) {
    case FEATURE_PREEMPTIVE:
        o->discipline = OMO_PRIORITY_PREEMPTIVE;
        break;
    case FEATURE_BATCH:
        o->batch_min = (uint32_t)seed_between(state, 1, 4);
        o->batch_max = o->batch_min + (uint32_t)seed_between(state, o->batch_min == 1, 3);
        if (coin(state, 2))
            o->batch_wait_us = between(state, 5, 50);
        break;
    case FEATURE_WAVE:
        o->wave_us = between(state, 5, 50);
        break;
    case FEATURE_CREWS:
        make_crews(c, station, state);
        break;
    case FEATURE_OVERTIME:
        o->discipline = uninterrupted(state);
        make_shifts(c, station, state, seed_between(state, 1, 3));
        break;
    case FEATURE_HAND_OVER:
        o->shift_end = OMO_HAND_OVER;
        make_shifts(c, station, state, 1);
        break;
    case FEATURE_BREAKDOWN:
        o->servers = 1;
        o->breaks = true;
        o->work_lost = coin(state, 2);
        o->up = constant(between(state, 15, 60));
        o->down = constant(between(state, 3, 30));
        break;
    default:
        o->discipline = uninterrupted(state);
        break;
    }
    limit(o, state);
}

/* ---- customers ------------------------------------------------------------------------------- */

static void add_plan(struct reference_case *c, uint64_t *state)
{
    struct reference_plan *p = &c->plan[c->plan_count];
    int64_t last_us = c->plan_count == 0 ? 0 : c->plan[c->plan_count - 1].arrive_us;

    *p = (struct reference_plan){.arrive_us = last_us + between(state, 0, 20) + 1,
                                 /* all different, in no order */
                                 .priority = (int32_t)(c->plan_count * 29 % REFERENCE_PLANS) - 10,
                                 .skill = (uint32_t)seed_between(state, 0, 2),
                                 .goes_on = coin(state, 3)};
    c->plan_count++;
}

static void add_step(struct reference_plan *p, uint32_t station, int64_t service_us)
{
    /* Multiples of eight, so that crews of any speed need whole microseconds. */
    p->step[p->step_count++] =
        (struct reference_step){station, service_us < 0 ? -1 : service_us * 8};
}

static int64_t service(uint64_t *state, int64_t servers)
{
    return between(state, 1, 19 * servers) / 8;
}

static void add_plans(struct reference_case *c, uint64_t *state, uint32_t count)
{
    bool classes = coin(state, 2); /* few priorities: then one server only preempts rightly */

    for (uint32_t i = 0; i < count; i++) {
        add_plan(c, state);
        if (classes && (c->station[0].discipline != OMO_PRIORITY_PREEMPTIVE ||
                        (c->station_count == 1 && c->station[0].servers == 1)))
            c->plan[i].priority = (int32_t)seed_between(state, -1, 1);
    }
}

/* ---- cases ----------------------------------------------------------------------------------- */

static void make_line(struct reference_case *c, uint64_t *state)
{
    c->station_count = (uint32_t)seed_between(state, 2, 4);
    for (uint32_t s = 0; s < c->station_count; s++) {
        omo_station_options *o = &c->station[s];
        o->servers = (uint32_t)seed_between(state, 1, 2);
        if (s > 0 || coin(state, 3)) {
            o->room = o->servers + (uint32_t)seed_between(state, 0, 2);
            o->when_full = OMO_BLOCK;
        } else {
            limit(o, state);
        }
        if (s > 0 && coin(state, 4)) {
            o->impatient = true;
            o->patience = constant(between(state, 2, 40));
        }
    }
    add_plans(c, state, REFERENCE_PLANS);
    for (uint32_t i = 0; i < c->plan_count; i++)
        for (uint32_t s = 0; s < c->station_count; s++)
            if (s == 0 || !coin(state, 10)) /* some skip a station */
                add_step(&c->plan[i], s, service(state, c->station[s].servers));
}

static void make_cycle(struct reference_case *c, uint64_t *state)
{
    uint32_t room = 0;

    c->station_count = (uint32_t)seed_between(state, 2, 3);
    for (uint32_t s = 0; s < c->station_count; s++) {
        omo_station_options *o = &c->station[s];
        o->servers = (uint32_t)seed_between(state, 1, 2);
        o->room = o->servers + (uint32_t)seed_between(state, 0, 3);
        o->when_full = OMO_BLOCK;
        room += o->room;
    }
    add_plans(c, state, room - 1);
    for (uint32_t i = 0; i < c->plan_count; i++) {
        uint32_t s = (uint32_t)seed_between(state, 0, c->station_count - 1);
        for (uint32_t step = 0; step < REFERENCE_STEPS; step++, s++)
            add_step(&c->plan[i], s % c->station_count, service(state, 3));
    }
}

/* 0 splits into 1, 2 and 3; 3 splits into 4 and 5; then all meet at 6. */
static void make_fork(struct reference_case *c, uint64_t *state)
{
    static const uint32_t branch[2][REFERENCE_BRANCHES] = {{1, 2, 3}, {4, 5, 0}};

    c->station_count = 7;
    for (uint32_t s = 0; s < c->station_count; s++) {
        omo_station_options *o = &c->station[s];
        o->servers = (uint32_t)seed_between(state, 1, 2);
        o->service = constant(between(state, 3, 13 * o->servers));
        if (s != 0 && s != 3)
            limit(o, state);
    }
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t s = i == 0 ? 0 : 3;
        for (uint32_t b = 0; b < REFERENCE_BRANCHES; b++)
            c->branch[s][b].index = branch[i][b];
        c->station[s].branches = c->branch[s];
        c->station[s].branch_count = REFERENCE_BRANCHES - i;
    }
    add_plans(c, state, REFERENCE_PLANS);
    for (uint32_t i = 0; i < c->plan_count; i++) {
        add_step(&c->plan[i], 0, -1);
        add_step(&c->plan[i], 6, service(state, c->station[6].servers));
    }
}

static void make_network(struct reference_case *c, uint64_t *state, uint32_t stations,
                         enum reference_feature feature)
{
    static const char *const name[] = {"a", "b", "c", "d"};

    c->station_count = stations;
    for (uint32_t s = 0; s < stations; s++) {
        enum reference_feature of = feature;
        c->station[s].name = name[s];
        c->station[s].servers = (uint32_t)seed_between(state, 1, 3);
        while (of == FEATURE_NETWORK || (stations > 1 && of == FEATURE_BATCH))
            of = (enum reference_feature)seed_between(state, 0, FEATURE_OF_A_STATION_COUNT - 1);
        make_station(c, s, of, state);
    }
    add_plans(c, state, REFERENCE_PLANS);
    for (uint32_t i = 0; i < c->plan_count; i++) {
        uint32_t steps = stations == 1 ? 1 : (uint32_t)seed_between(state, 1, REFERENCE_STEPS);
        uint32_t s = (uint32_t)seed_between(state, 0, stations - 1);
        if (stations > 1) /* all different: nobody has to be told from his class */
            c->plan[i].priority = (int32_t)(i * 29 % REFERENCE_PLANS) - 10;
        for (uint32_t step = 0; step < steps; step++) {
            int64_t mean = feature == FEATURE_CREWS ? 8 : c->station[s].servers;
            add_step(&c->plan[i], s, feature == FEATURE_BATCH ? -1 : service(state, mean));
            if (stations > 1) /* another one */
                s = (s + (uint32_t)seed_between(state, 1, stations - 1)) % stations;
        }
    }
}

void reference_case_make(struct reference_case *ret_case, enum reference_feature feature,
                         uint64_t *state)
{
    struct reference_case *c = ret_case;

    memset(c, 0, sizeof(*c));
    for (uint32_t s = 0; s < REFERENCE_STATIONS; s++) {
        c->station[s] = omo_station_defaults("station");
        c->station[s].service = constant(between(state, 3, 40));
    }
    switch (feature) {
    case FEATURE_BLOCKING:
        make_line(c, state);
        break;
    case FEATURE_CYCLE:
        make_cycle(c, state);
        break;
    case FEATURE_FORK_JOIN:
        make_fork(c, state);
        break;
    case FEATURE_NETWORK:
        make_network(c, state, (uint32_t)seed_between(state, 2, 4), feature);
        break;
    default:
        make_network(c, state, 1, feature);
        break;
    }
    c->until_us = 100 * REFERENCE_PLANS * UNIT / 10;
}
