/* The kernel against the slow reference: thousands of small random cases in which every start, end,
 * refusal and loss of patience of every customer has to come at the same microsecond, and the
 * measures of each station have to be what the reference adds up. */
#include <check.h>
#include <math.h>

#include "conformance/seed.h"

#include "kernel/reference_cases.h"

#define CASES 1000 /* of each feature */

struct spot { /* what a station's handlers get */
    struct replay *replay;
    uint32_t station;
};

struct replay { /* a case, run by the kernel */
    const struct reference_case *c;
    struct reference_result *result;
    omo_kernel *k;
    omo_source source;
    omo_station station[REFERENCE_STATIONS];
    struct spot spot[REFERENCE_STATIONS];
    uint32_t step[REFERENCE_PLANS];
};

/* ---- the kernel's side ----------------------------------------------------------------------- */

static void replay_note(struct spot *spot, omo_job job, enum reference_what what)
{
    struct replay *r = spot->replay;
    uint64_t plan = *omo_job_data(r->k, job);
    int64_t now_us = omo_kernel_now_us(r->k);

    if (plan != 0)
        reference_note(&r->result->plan[plan - 1], what, spot->station, now_us);
    else if (r->result->child[spot->station].count < REFERENCE_FACTS)
        r->result->child[spot->station].fact[r->result->child[spot->station].count++] =
            (struct reference_fact){now_us, spot->station, what};
}

/* Sends the job to the step that is next in its plan. */
static void replay_send(struct replay *r, omo_job job, uint32_t plan)
{
    const struct reference_step *step = &r->c->plan[plan].step[r->step[plan]];

    omo_job_set_service_us(r->k, job, step->service_us);
    omo_job_send(r->k, job, r->station[step->station]);
}

static void replay_go_on(struct replay *r, omo_job job)
{
    uint64_t plan = *omo_job_data(r->k, job);

    if (plan != 0 && ++r->step[plan - 1] < r->c->plan[plan - 1].step_count)
        replay_send(r, job, (uint32_t)plan - 1);
}

static void replay_start(omo_kernel *k, void *user, omo_job job)
{
    (void)k;
    replay_note(user, job, REFERENCE_START);
}

static void replay_done(omo_kernel *k, void *user, omo_job job)
{
    (void)k;
    replay_note(user, job, REFERENCE_DONE);
    replay_go_on(((struct spot *)user)->replay, job);
}

static void replay_turned_away(struct spot *spot, omo_job job, enum reference_what what)
{
    uint64_t plan = *omo_job_data(spot->replay->k, job);

    replay_note(spot, job, what);
    if (plan != 0 && spot->replay->c->plan[plan - 1].goes_on)
        replay_go_on(spot->replay, job);
}

static void replay_reneged(omo_kernel *k, void *user, omo_job job)
{
    (void)k;
    replay_turned_away(user, job, REFERENCE_RENEGED);
}

static void replay_refused(omo_kernel *k, void *user, omo_job job)
{
    (void)k;
    replay_turned_away(user, job, REFERENCE_REFUSED);
}

static void replay_end(omo_kernel *k, void *user, omo_job job)
{
    struct replay *r = user;
    uint64_t plan = *omo_job_data(k, job);

    if (plan != 0)
        reference_note(&r->result->plan[plan - 1], REFERENCE_END, OMO_UNLIMITED,
                       omo_kernel_now_us(k));
}

static void replay_arrive(omo_kernel *k, void *user, uint32_t plan)
{
    struct replay *r = user;
    omo_job job = omo_job_new(k, r->source);

    *omo_job_data(k, job) = plan + 1;
    omo_job_set_priority(k, job, r->c->plan[plan].priority);
    omo_job_set_skill(k, job, r->c->plan[plan].skill);
    replay_send(r, job, plan);
}

static void replay_add_stations(struct replay *r)
{
    omo_station branch[REFERENCE_BRANCHES];

    for (uint32_t i = r->c->station_count; i-- > 0;) { /* branches before whom they belong to */
        omo_station_options o = r->c->station[i];
        for (uint32_t b = 0; b < o.branch_count; b++)
            branch[b] = r->station[o.branches[b].index];
        if (o.branch_count != 0)
            o.branches = branch;
        r->spot[i] = (struct spot){r, i};
        o.on_start = replay_start;
        o.on_done = replay_done;
        o.on_reneged = replay_reneged;
        o.on_refused = replay_refused;
        o.user = &r->spot[i];
        r->station[i] = omo_kernel_add_station(r->k, &o);
    }
}

static void replay_run(struct replay *r, const struct reference_case *c,
                       struct reference_result *ret_result)
{
    omo_kernel_options options = omo_kernel_defaults();
    omo_source_options hand = omo_source_defaults("by hand");
    omo_error error = {0};

    memset(ret_result, 0, sizeof(*ret_result));
    memset(r, 0, sizeof(*r));
    r->c = c;
    r->result = ret_result;
    options.job_max = 4 * REFERENCE_PLANS * REFERENCE_BRANCHES; /* small: quick to set up */
    options.timer_max = REFERENCE_PLANS;
    r->k = omo_kernel_new(&options, &error);
    if (r->k == NULL)
        ck_abort_msg("%s", error.text);
    replay_add_stations(r);
    hand.to = r->station[0];
    hand.count_max = 0;
    hand.interval = (omo_law){.kind = OMO_LAW_CONSTANT, .a = 1};
    hand.on_end = replay_end;
    hand.user = r;
    r->source = omo_kernel_add_source(r->k, &hand);
    omo_kind arrive = omo_kernel_add_kind(r->k, "arrive", replay_arrive, r);
    for (uint32_t i = 0; i < c->plan_count; i++)
        omo_schedule(r->k, arrive, c->plan[i].arrive_us, i);
    if (omo_kernel_run(r->k, c->until_us, &error) != OMO_OK)
        ck_abort_msg("%s", error.text);
}

/* ---- side by side ---------------------------------------------------------------------------- */

static void log_print(const char *side, const struct reference_log *log)
{
    static const char *const what[] = {"start", "done", "reneged", "refused", "end"};

    printf("%-9s", side);
    for (uint32_t i = 0; i < log->count; i++)
        printf("  %s %d at %" PRId64, what[log->fact[i].what], (int)log->fact[i].station,
               log->fact[i].at_us);
    printf("\n");
}

static bool log_equal(const struct reference_log *a, const struct reference_log *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (a->fact[i].at_us != b->fact[i].at_us || a->fact[i].station != b->fact[i].station ||
            a->fact[i].what != b->fact[i].what)
            return false;
    return true;
}

static void case_print(const struct reference_case *c)
{
    for (uint32_t i = 0; i < c->station_count; i++) {
        const omo_station_options *o = &c->station[i];
        printf("station %u: servers %u, discipline %d, room %d, balk from %u (%u), patience %.0f, "
               "batch %u to %u, wait %" PRId64 ", wave %" PRId64 ", up %.0f, down %.0f, lost %d, "
               "hand-over %d, crews %u, shifts",
               i, o->servers, (int)o->discipline, (int)o->room, o->balk_from, o->balk_ppm,
               o->patience.a, o->batch_min, o->batch_max, o->batch_wait_us, o->wave_us, o->up.a,
               o->down.a, o->work_lost, o->shift_end == OMO_HAND_OVER, o->crew_count);
        for (uint32_t shift = 0; shift < o->shift_count; shift++)
            printf(" %u from %" PRId64, o->shifts[shift].servers, o->shifts[shift].from_us);
        printf(" of %" PRId64 "\n", o->shift_period_us);
    }
}

static void must_log(const struct reference_case *c, const char *name, uint32_t number,
                     const char *of, uint32_t i, const struct reference_log *expected,
                     const struct reference_log *found)
{
    if (log_equal(expected, found))
        return;
    case_print(c);
    log_print("reference", expected);
    log_print("kernel", found);
    fflush(stdout);
    ck_abort_msg("case %u of %s: %s %u differs", number, name, of, i);
}

static void must_be(const char *name, uint32_t number, uint32_t station, const char *what,
                    double expected, double found)
{
    if (!(fabs(expected - found) <= 1e-9 * fmax(1, fabs(expected))))
        ck_abort_msg("case %u of %s, station %u: %s is %.12g, not %.12g", number, name, station,
                     what, found, expected);
}

static void must_sums(const struct replay *r, const char *name, uint32_t number, uint32_t station,
                      const struct reference_sums *s)
{
    const omo_station_options *o = &r->c->station[station];
    const double span_us = (double)r->c->until_us;
    omo_station_report found;

    ck_assert_int_eq(omo_kernel_station(r->k, r->station[station], &found), OMO_OK);
#define MUST(field, expected)                                                                      \
    must_be(name, number, station, #field, (double)(expected), (double)found.field)
    MUST(span_us, span_us);
    MUST(arrived, s->arrived);
    MUST(refused, s->refused);
    MUST(balked, s->balked);
    MUST(reneged, s->reneged);
    MUST(done, s->done);
    MUST(level_mean, s->level_us / span_us);
    MUST(level_max, s->level_max);
    if (o->branch_count != 0)
        return;
    MUST(started, s->started);
    MUST(preempted, s->preempted);
    MUST(queue_mean, s->waiting_us / span_us);
    MUST(busy_mean, s->serving_us / span_us);
    MUST(blocked_mean, s->blocked_us / span_us);
    MUST(duty_mean, s->duty_us / span_us);
    MUST(down_mean, s->down_us / span_us);
    if (s->started != 0)
        MUST(wait_mean_us, s->wait_us / (double)s->started);
#undef MUST
}

static void case_check(enum reference_feature feature, uint32_t number, uint64_t seed)
{
    static struct reference_case c;
    static struct reference_result expected, found;
    static struct replay replay;
    const char *name = reference_feature_name(feature);
    uint64_t state = seed + number * UINT64_C(1000003) + feature;

    reference_case_make(&c, feature, &state);
    reference_run(&c, &expected);
    replay_run(&replay, &c, &found);
    for (uint32_t i = 0; i < c.plan_count; i++)
        must_log(&c, name, number, "customer", i, &expected.plan[i], &found.plan[i]);
    for (uint32_t i = 0; i < c.station_count; i++)
        must_log(&c, name, number, "station", i, &expected.child[i], &found.child[i]);
    for (uint32_t i = 0; i < c.station_count; i++)
        must_sums(&replay, name, number, i, &expected.sums[i]);
    omo_kernel_free(replay.k);
}

START_TEST(every_start_and_end)
{
    uint64_t seed = seed_take();

    for (uint32_t number = 0; number < CASES; number++)
        case_check((enum reference_feature)_i, number, seed);
}
END_TEST

/* The cases are worth something: each of them has waiting, and each feature does what it is for. */
START_TEST(cases_are_not_idle)
{
    static struct reference_case c;
    static struct reference_result result;
    uint64_t state = seed_take();
    struct reference_sums sum = {0};

    for (uint32_t number = 0; number < 50; number++) {
        reference_case_make(&c, (enum reference_feature)_i, &state);
        reference_run(&c, &result);
        for (uint32_t i = 0; i < c.station_count; i++) {
            sum.wait_us += result.sums[i].waiting_us;
            sum.done += result.sums[i].done;
            sum.preempted += result.sums[i].preempted;
            sum.blocked_us += result.sums[i].blocked_us;
            sum.down_us += result.sums[i].down_us;
            sum.reneged += result.sums[i].reneged;
        }
    }
    ck_assert(sum.wait_us > 0);
    ck_assert_uint_ge(sum.done, 200);
    if (_i == FEATURE_BLOCKING || _i == FEATURE_CYCLE)
        ck_assert(sum.blocked_us > 0);
    else
        ck_assert_uint_ge(sum.reneged, 20);
    if (_i == FEATURE_PREEMPTIVE || _i == FEATURE_HAND_OVER || _i == FEATURE_BREAKDOWN)
        ck_assert_uint_ge(sum.preempted, 50);
    if (_i == FEATURE_BREAKDOWN)
        ck_assert(sum.down_us > 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reference");
    TCase *tcase = tcase_create("reference");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, cases_are_not_idle, 0, FEATURE_COUNT);
    tcase_add_loop_test(tcase, every_start_and_end, 0, FEATURE_COUNT);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
