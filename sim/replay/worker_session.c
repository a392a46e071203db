/* Log-ins: a member's session is opened before the first step that needs it, and then shared by all
 * journeys of that member until it ends.
 *
 * A plan's own log-in step opens the session when it is closed, and is passed over (and counted as
 * saved) when it is open. Any other step that finds it closed has the log-in's requests put in
 * before it, with the step's own intended time: the wait is the step's, as it is the customer's. A
 * renewal that the service asks for is intended when it asks, the one case in which an answer makes
 * a request due.
 *
 * Sessions end by real time, not by the plan's: it is the service's clock that counts. One journey
 * logs in, the others of its member wait; when it fails each of them tries in turn.
 */
#include "replay/worker.h"

static struct session *session_of(struct worker *worker, const struct journey *j)
{
    return &worker->sessions.session[j->session];
}

static void wait_for(struct worker *worker, struct session *s, struct journey *j)
{
    struct journey_list list = {s->first_waiting, s->last_waiting};

    j->state = JOURNEY_SESSION;
    journey_list_add(&list, worker->journeys, worker_index_of(worker, j));
    s->first_waiting = list.first;
    s->last_waiting = list.last;
}

static void wake_all(struct worker *worker, struct session *s)
{
    uint32_t index = s->first_waiting;

    s->first_waiting = JOURNEY_NONE;
    s->last_waiting = JOURNEY_NONE;
    while (index != JOURNEY_NONE) {
        struct journey *j = &worker->journeys[index];
        index = j->next;
        j->sendable_ns = worker->now_ns;
        worker_schedule(worker, j, worker->now_ns);
    }
}

/* Puts the log-in's requests in before the journey's own one. */
static void put_in_log_in(struct worker *worker, struct journey *j)
{
    const struct run_requests *requests = &worker->run->requests[STEP_log_in];
    const int64_t intended_ns = j->own.renewed ? worker->now_ns : j->own.intended_ns;

    j->log_ins_left = (uint8_t)requests->count;
    j->log_in = (struct journey_request){.intended_ns = intended_ns, .index = requests->first};
}

bool worker_session_ready(struct worker *worker, struct journey *j)
{
    if (j->session == SESSION_NONE || j->without_session || j->log_ins_left > 0 || j->opens)
        return true;
    struct session *s = session_of(worker, j);
    const bool is_log_in = worker->run->kind[j->step->kind] == STEP_log_in;

    if (s->state == SESSION_OPEN && worker->now_ns >= s->valid_until_ns)
        s->state = SESSION_CLOSED;
    if (s->state == SESSION_OPEN && is_log_in) {
        measure_add(worker->measure, MEASURE_LOG_INS_SAVED, 1);
        worker_skip_step(worker, j);
        return false;
    }
    if (s->state == SESSION_OPEN) {
        j->epoch = s->epoch;
        return true;
    }
    if (!is_log_in) {
        if (worker_is_closed(worker) && !j->own.due)
            j->own.intended_ns = worker->now_ns;
        worker_note_due(worker, &j->own);
    }
    if (s->state == SESSION_OPENING) {
        wait_for(worker, s, j);
        return false;
    }
    s->state = SESSION_OPENING;
    if (is_log_in)
        j->opens = true;
    else
        put_in_log_in(worker, j);
    return true;
}

void worker_session_opened(struct worker *worker, struct journey *j)
{
    struct session *s = session_of(worker, j);

    s->state = SESSION_OPEN;
    s->valid_until_ns = worker->now_ns + worker->run->session_valid_ns;
    s->epoch++;
    measure_add(worker->measure, MEASURE_LOG_INS, 1);
    wake_all(worker, s);
}

void worker_session_failed(struct worker *worker, struct journey *j)
{
    struct session *s = session_of(worker, j);

    s->state = SESSION_CLOSED;
    wake_all(worker, s);
}

bool worker_session_renew(struct worker *worker, struct journey *j)
{
    if (j->session == SESSION_NONE || j->own.renewed || j->log_ins_left > 0 || j->opens)
        return false;
    struct session *s = session_of(worker, j);

    if (s->state == SESSION_OPEN && s->epoch == j->epoch) /* else another journey was faster */
        s->state = SESSION_CLOSED;
    worker_note_sent(worker, j, worker_is_redirected(worker, j));
    worker_redirect_end(worker, j);
    j->own.renewed = true;
    j->without_session = false;
    j->sendable_ns = worker->now_ns;
    measure_add(worker->measure, MEASURE_RETRIES, 1);
    worker_schedule(worker, j, worker->now_ns);
    return true;
}
