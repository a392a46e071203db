/* The reader of events: it sees every event once and in order, may stop the run anywhere, and
 * changes nothing. */
#include "flow/swarm.h"

#include "flow/world.h"

struct log {
    omo_world *world;
    uint64_t events, facts;
    int64_t last_us;
    uint64_t state;      /* of the dice that say where to stop; 0 = nowhere */
    uint64_t stopped_at; /* number of the event that was refused last */
    uint64_t refusals;
    uint64_t fact_events; /* facts that stand at the time of the event before them */
    uint64_t orphans;     /* facts of another time: openings, midnights, the closing of the books */
    int64_t horizon_us;
    uint64_t stale;
};

static void read_facts(void *user, const omo_fact *facts, size_t count)
{
    struct log *log = user;

    for (size_t i = 0; i < count; i++) {
        ck_assert_int_ge(facts[i].at_us, log->last_us);
        if (facts[i].at_us == log->last_us && log->events != 0)
            log->fact_events++;
        else
            log->orphans++;
        if (facts[i].at_us != log->last_us && facts[i].at_us != log->horizon_us)
            ck_assert_int_eq(facts[i].at_us % OMO_US_PER_DAY, 0);
    }
    log->facts += count;
}

static void check_record(const omo_event_record *r)
{
    ck_assert_ptr_nonnull(r->kind);
    ck_assert_ptr_nonnull(r->phase);
    ck_assert_int_gt((int)strlen(r->help), 5);
    if (r->subject == OMO_SUBJECT_ORDER)
        ck_assert_uint_ne(r->subject_id, 0);
    if (r->station != UINT32_MAX)
        ck_assert_uint_eq(r->station / OMO_ROLE_COUNT, r->place);
    if (r->stale)
        ck_assert_int_eq(r->subject, OMO_SUBJECT_NONE);
}

/* The list of what is pending begins with the event itself, and is sorted. */
static void check_pending(const omo_world *w, const omo_event_record *r)
{
    omo_event_record next[6];
    uint32_t count = omo_world_pending(w, next, 6);

    ck_assert_uint_ge(count, 1);
    ck_assert_uint_eq(next[0].number, r->number);
    ck_assert_int_eq(next[0].at_us, r->at_us);
    ck_assert_str_eq(next[0].kind, r->kind);
    ck_assert_uint_eq(next[0].subject_id, r->subject_id);
    ck_assert_uint_eq(next[0].pending, r->pending);
    for (uint32_t i = 1; i < count; i++) {
        ck_assert_int_ge(next[i].at_us, next[i - 1].at_us);
        ck_assert_uint_eq(next[i].number, r->number + i);
    }
}

static bool read_event(void *user, const omo_event_record *r)
{
    struct log *log = user;

    ck_assert_uint_eq(r->number, omo_world_event_count(log->world) + 1);
    ck_assert_int_ge(r->at_us, omo_world_now_us(log->world));
    check_record(r);
    check_pending(log->world, r);
    if (log->state != 0 && r->number != log->stopped_at && seed_between(&log->state, 0, 20) == 0) {
        log->stopped_at = r->number;
        log->refusals++;
        return false;
    }
    log->events++;
    ck_assert_uint_eq(log->events, r->number);
    log->last_us = r->at_us;
    log->stale += r->stale;
    return true;
}

/* Runs a world to its end, going on wherever the reader stopped it. */
static uint64_t run_read(const omo_model *m, uint64_t seed, struct log *log)
{
    omo_world *w = omo_world_new(m, seed, 0, NULL);
    omo_error error;

    ck_assert_ptr_nonnull(w);
    log->world = w;
    omo_world_set_reader(w, read_facts, log);
    omo_world_set_event_reader(w, read_event, log);
    while (!omo_world_finished(w)) {
        uint64_t events = omo_world_event_count(w);
        omo_status status = omo_world_run(w, INT64_MAX, &error);
        if (status == OMO_OK)
            continue;
        ck_assert_int_eq(status, OMO_ECANCELLED);
        ck_assert_str_eq(error.text, "stopped by the reader of events");
        ck_assert_uint_eq(log->stopped_at, omo_world_event_count(w) + 1);
        ck_assert_uint_ge(omo_world_event_count(w), events);
        ck_assert(!omo_world_finished(w));
    }
    ck_assert_uint_eq(log->events, omo_world_event_count(w));
    ck_assert_uint_eq(log->facts, omo_world_fact_count(w));
    uint64_t digest = omo_world_digest(w);
    omo_world_free(w);
    return digest;
}

START_TEST(reading_changes_nothing)
{
    uint64_t seed = seed_take() + (uint64_t)_i;
    omo_model *m = swarm_model(seed);
    uint64_t digest = build_run(m, seed, 0, NULL);
    int64_t horizon_us = omo_model_horizon_us(m);
    struct log all = {.horizon_us = horizon_us};
    struct log stopped = {.horizon_us = horizon_us, .state = seed | 1};

    ck_assert_uint_eq(run_read(m, seed, &all), digest);
    ck_assert_uint_eq(run_read(m, seed, &stopped), digest);
    ck_assert_uint_eq(all.events, stopped.events);
    ck_assert_uint_gt(all.fact_events, all.orphans);
    if (all.events > 500)
        ck_assert_uint_gt(stopped.refusals, 0);
    omo_model_free(m);
}
END_TEST

static bool count_stale(void *user, const omo_event_record *r)
{
    uint64_t *stale = user;

    if (r->stale) {
        ck_assert_str_eq(r->kind, "COLLECT");
        ck_assert_int_eq(r->subject, OMO_SUBJECT_NONE);
        ck_assert_uint_eq(r->place, UINT32_MAX);
        ++*stale;
    }
    return true;
}

/* One shop with one till, served in exactly ten minutes, and somebody comes every two. */
static omo_model *busy_till(void)
{
    omo_model *m = build_model(1.0);

    build_sku(m);
    omo_place_options shop = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 0.0, 10000);
    shop.station[OMO_ROLE_TILL] =
        (omo_role_options){1, build_constant(10.0 * (double)OMO_US_PER_MINUTE)};
    build_add_place(m, &shop);
    build_zone(m, 0.0, 0);
    omo_channel_options walk_in = build_channel("walk_in", NULL);
    omo_channel channel = build_add_channel(m, &walk_in);
    omo_segment_options people = build_segment(720.0);
    build_add_segment(m, &people, channel);
    build_seal(m);
    return m;
}

/* A slot that has moved on: the event is shown, marked, and dropped. */
START_TEST(stale_events)
{
    omo_model *m = busy_till();
    omo_world *w = omo_world_new(m, 3, 0, NULL);
    uint64_t stale = 0;

    ck_assert_int_eq(omo_world_run(w, OMO_US_PER_HOUR, NULL), OMO_OK);
    world_schedule(w, 2 * OMO_US_PER_HOUR, EVENT_COLLECT, 0, 12345, 0);
    omo_world_set_event_reader(w, count_stale, &stale);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    ck_assert_uint_eq(stale, 1);
    ck_assert_uint_eq(w->calendar.stale, 1);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* Queue and busy servers, told from the records alone: who came minus who was served. */
struct till {
    omo_world *world;
    uint32_t inside;
    uint32_t most;
};

static bool follow_till(void *user, const omo_event_record *r)
{
    struct till *t = user;
    omo_station_level level;

    ck_assert(omo_world_station(t->world, 0, OMO_ROLE_TILL, &level));
    ck_assert_uint_eq(level.servers, 1);
    ck_assert_uint_eq(level.busy, t->inside > 0);
    ck_assert_uint_eq(level.queue, t->inside > 0 ? t->inside - 1 : 0);
    ck_assert_uint_eq(omo_world_open_orders(t->world), t->inside);
    ck_assert_uint_eq(r->pending, strcmp(r->kind, "VISIT") == 0 ? t->inside > 0 : 0);
    if (strcmp(r->kind, "VISIT") == 0) {
        ck_assert_str_eq(r->phase, "DEMAND");
        ck_assert_uint_eq(r->place, UINT32_MAX);
        t->inside++;
    } else {
        ck_assert_str_eq(r->kind, "TILL_DONE");
        ck_assert_uint_eq(r->station, OMO_ROLE_TILL);
        ck_assert_uint_gt(t->inside, 0);
        t->inside--;
    }
    t->most = t->inside > t->most ? t->inside : t->most;
    return true;
}

START_TEST(levels)
{
    omo_model *m = busy_till();
    omo_world *w = omo_world_new(m, 5, 0, NULL);
    struct till till = {.world = w};
    omo_station_level level;

    ck_assert(!omo_world_station(w, 0, OMO_ROLE_PICKER, &level));
    ck_assert(!omo_world_station(w, 1, OMO_ROLE_TILL, &level));
    ck_assert(!omo_world_station(w, UINT32_MAX, OMO_ROLE_TILL, &level));
    ck_assert(!omo_world_station(w, 0, OMO_ROLE_COUNT, &level));
    ck_assert_uint_eq(omo_world_open_orders(w), 0);
    omo_world_set_event_reader(w, follow_till, &till);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    ck_assert_uint_gt(till.most, 100);
    ck_assert_uint_eq(omo_world_open_orders(w), till.inside);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("trace");
    TCase *t = tcase_create("trace");

    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, reading_changes_nothing, 0, 12);
    tcase_add_test(t, stale_events);
    tcase_add_test(t, levels);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
