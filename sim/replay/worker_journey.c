/* The life of a journey: from step to step, each at its intended time or, when an earlier answer is
 * late, as soon as that is in. The intended time of a step never depends on an answer, so the delay
 * shows in the response of every later step, as it does for the customer who stands there.
 *
 * Nothing here calls the pool from within one of its callbacks: a journey that can go on joins the
 * list of the ready, and the loop takes it from there. A journey of 4,096 steps against a service
 * that is down is therefore no recursion.
 *
 * In a closed loop a step is due `think` after the answer before and is intended when it is sent.
 */
#include "replay/worker.h"

static struct journey *take_slot(struct worker *worker)
{
    uint32_t index = worker->journey_free;

    if (index != JOURNEY_NONE) {
        worker->journey_free = worker->journeys[index].next;
    } else {
        if (worker->journey_used == worker->journeys_max)
            return NULL;
        index = worker->journey_used++;
    }
    if (++worker->in_flight > worker->in_flight_max)
        worker->in_flight_max = worker->in_flight;
    return &worker->journeys[index];
}

int64_t worker_step_ns(const struct worker *worker, const struct journey *j,
                       const omo_plan_step *step)
{
    return j->start_ns + feed_scale_ns(step->at_us - j->plan->at_us, worker->run->options.speed);
}

/* Intended time of the latest step, for the end of the run. Steps lie side by side unless there are
 * recorded requests between them. */
static void note_last_step(struct worker *worker, const struct journey *j)
{
    const omo_plan_step *step = j->step;

    for (uint32_t i = 1; i < j->steps_left; i++)
        step = plan_next_step(step);
    const int64_t last_ns = worker_step_ns(worker, j, step);
    if (last_ns > worker->last_intended_ns)
        worker->last_intended_ns = last_ns;
}

void worker_schedule(struct worker *worker, struct journey *j, int64_t at_ns)
{
    const uint32_t index = worker_index_of(worker, j);

    if (at_ns <= worker->now_ns) {
        j->state = JOURNEY_READY;
        journey_list_add(&worker->ready, worker->journeys, index);
    } else {
        j->state = JOURNEY_DUE;
        due_add(&worker->due, at_ns, index);
    }
}

/* Sets out on the step at j->step, or ends the journey behind the last one. Steps that the API map
 * leaves out are passed over. `free_ns` is when a closed loop's user has thought enough. */
static void begin_step(struct worker *worker, struct journey *j, int64_t free_ns)
{
    while (j->steps_left > 0 && worker_requests(worker, j->step)->count == 0) {
        measure_add(worker->measure, MEASURE_SKIPPED_STEPS, 1);
        if (--j->steps_left > 0)
            j->step = plan_next_step(j->step);
    }
    if (j->steps_left == 0) {
        worker_end_journey(worker, j, MEASURE_COMPLETED);
        return;
    }
    const struct run_requests *requests = worker_requests(worker, j->step);
    j->own = (struct journey_request){.index = requests->first};
    j->own.intended_ns = worker_is_closed(worker) ? free_ns : worker_step_ns(worker, j, j->step);
    j->requests_left = (uint16_t)(requests->count - 1);
    j->opens = false;
    worker_schedule(worker, j, j->own.intended_ns);
}

static void next_step(struct worker *worker, struct journey *j, int64_t free_ns)
{
    if (--j->steps_left > 0)
        j->step = plan_next_step(j->step);
    begin_step(worker, j, free_ns);
}

void worker_skip_step(struct worker *worker, struct journey *j)
{
    next_step(worker, j, worker->now_ns);
}

void worker_shed_journey(struct worker *worker, const struct feed_start *start)
{
    const omo_plan_step *step = plan_first_step(start->journey);
    uint32_t left = start->journey->step_count;

    for (; worker_requests(worker, step)->count == 0; step = plan_next_step(step))
        if (--left == 0)
            return;
    struct journey j = {.plan = start->journey,
                        .step = step,
                        .start_ns = start->at_ns,
                        .number = start->number,
                        .pass = start->pass};
    j.own.index = worker_requests(worker, step)->first;
    j.own.intended_ns = worker_step_ns(worker, &j, step);
    if (j.own.intended_ns > worker->now_ns) /* a first step that comes after the start */
        return;
    worker_note_due(worker, &j.own);
    worker_record(worker, &j, OUTCOME_shed, 0, worker->now_ns);
}

void worker_begin_journey(struct worker *worker, const struct feed_start *start)
{
    const struct load_options *o = &worker->run->options;
    struct journey *j = take_slot(worker);

    if (j == NULL) {
        worker->shed_count++;
        measure_add(worker->measure, MEASURE_SHED_JOURNEYS, 1);
        worker_shed_journey(worker, start);
        return;
    }
    *j = (struct journey){.plan = start->journey,
                          .step = plan_first_step(start->journey),
                          .start_ns = start->at_ns,
                          .sendable_ns = start->at_ns,
                          .number = start->number,
                          .pass = start->pass,
                          .session = SESSION_NONE,
                          .values = VALUES_NONE,
                          .steps_left = start->journey->step_count};
    const uint64_t member = start->journey->member;
    j->exchange.target =
        (uint16_t)(o->target_count == 1
                       ? 0
                       : (member != 0 ? feed_mix(member) >> 32 : start->number) % o->target_count);
    if (worker->run->session_valid_ns > 0 && member != 0)
        j->session = sessions_hold(&worker->sessions, member, worker->now_ns);
    note_last_step(worker, j);
    worker->last_pass = MAX(worker->last_pass, start->pass);
    measure_journey(worker->measure, MEASURE_STARTED);
    begin_step(worker, j, worker->now_ns);
}

/* Whether the request under way is not needed any more: `unless` of the API map. */
static bool is_passed_over(struct worker *worker, const struct journey *j)
{
    return j->log_ins_left == 0 && !j->own.due &&
           worker_knows(worker, j, worker->run->request[j->own.index]->unless);
}

/* The next one takes its place, and its intended time. */
static void pass_over(struct worker *worker, struct journey *j)
{
    if (j->requests_left == 0) {
        next_step(worker, j, worker->now_ns);
        return;
    }
    j->own = (struct journey_request){.intended_ns = j->own.intended_ns,
                                      .index = (uint16_t)(j->own.index + 1)};
    j->requests_left--;
    worker_schedule(worker, j, j->own.intended_ns);
}

void worker_turn(struct worker *worker, struct journey *j)
{
    if (is_passed_over(worker, j)) {
        pass_over(worker, j);
        return;
    }
    if (worker_is_redirected(worker, j) || worker_session_ready(worker, j))
        worker_send(worker, j);
}

/* A log-in that was put in before a step: its next request, or back to the step's own. */
static void advance_log_in(struct worker *worker, struct journey *j)
{
    const struct api_request *request = worker->run->request[j->log_in.index];

    if (j->log_ins_left > 1) {
        const int64_t next_ns =
            worker_is_closed(worker)
                ? worker->now_ns + request->think_us * 1000
                : j->log_in.intended_ns + (request->takes_us + request->think_us) * 1000;
        j->log_in = (struct journey_request){.intended_ns = next_ns,
                                             .index = (uint16_t)(j->log_in.index + 1)};
        j->log_ins_left--;
        worker_schedule(worker, j, next_ns);
        return;
    }
    j->log_ins_left = 0;
    worker_schedule(worker, j, worker->now_ns);
}

void worker_advance(struct worker *worker, struct journey *j)
{
    const struct api_request *request = worker->run->request[j->own.index];

    if (j->log_ins_left > 0) {
        advance_log_in(worker, j);
        return;
    }
    const int64_t think_ns = request->think_us * 1000;
    if (j->requests_left > 0) {
        const int64_t next_ns = worker_is_closed(worker)
                                    ? worker->now_ns + think_ns
                                    : j->own.intended_ns + request->takes_us * 1000 + think_ns;
        j->own =
            (struct journey_request){.intended_ns = next_ns, .index = (uint16_t)(j->own.index + 1)};
        j->requests_left--;
        worker_schedule(worker, j, next_ns);
        return;
    }
    next_step(worker, j, worker->now_ns + think_ns);
}

void worker_end_journey(struct worker *worker, struct journey *j, uint32_t how)
{
    j->log_ins_left = 0;
    if (j->own.due) /* its log-in failed before it could be sent */
        worker_record(worker, j, OUTCOME_missing_value, 0, worker->now_ns);
    measure_journey(worker->measure, (enum measure_journey)how);
    values_drop(&worker->values, j->values);
    if (j->session != SESSION_NONE)
        sessions_release(&worker->sessions, j->session);
    j->state = JOURNEY_FREE;
    j->next = worker->journey_free;
    worker->journey_free = worker_index_of(worker, j);
    worker->in_flight--;
    if (worker_is_closed(worker)) {
        worker->users_idle++;
        if (how == MEASURE_FAILED) /* a target that is down is not asked a million times a second */
            worker->users_wait_ns = worker->now_ns + 10 * INT64_C(1000000);
    }
}
