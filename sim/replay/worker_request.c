/* One request, from being due to its outcome.
 *
 * Every request that was due gets exactly one outcome, whatever number of tries it took: tries are
 * counted apart, and the response is from the first intended time to the last answer.
 *
 * Time-outs cost no timers. Requests with the same time-out stand in a list by the time it began to
 * run, so only the heads are looked at: one list for those the pool has not sent yet (from the
 * moment when they could be), one for those it has (from their sending).
 *
 * The generator's own lateness is the distance from the moment when nothing but this program kept
 * the request from being sent (it was due, the earlier answer in, a connection free) to its sending.
 */
#include "replay/worker.h"

#include <string.h>

void worker_note_due(struct worker *worker, struct journey_request *request)
{
    if (request->due)
        return;
    request->due = true;
    request->number = worker->number_count++ * worker->run->worker_count + worker->index;
    worker->due_count++;
    worker->due_measured_count += run_measures(worker->run, request->intended_ns);
}

static struct journey_list *timer_list(struct worker *worker, struct journey *j)
{
    const uint8_t class = worker->run->timeout_class[worker_request(j)->index];

    return j->state == JOURNEY_SENT ? &worker->sent[class] : &worker->unsent[class];
}

static void start_timer(struct worker *worker, struct journey *j, uint8_t state, int64_t now_ns)
{
    j->state = state;
    j->timer_ns = now_ns;
    journey_list_add(timer_list(worker, j), worker->journeys, worker_index_of(worker, j));
}

static void stop_timer(struct worker *worker, struct journey *j)
{
    journey_list_remove(timer_list(worker, j), worker->journeys, worker_index_of(worker, j));
}

void worker_send(struct worker *worker, struct journey *j)
{
    struct journey_request *r = worker_request(j);

    if (!r->due && worker_is_closed(worker))
        r->intended_ns = worker->now_ns;
    worker_note_due(worker, r);
    if (r->tries < UINT8_MAX && !worker_is_redirected(worker, j))
        r->tries++;
    j->exchange = (struct exchange){.target = j->exchange.target,
                                    .wants_body = worker->run->request[r->index]->wants_body};
    if (j->sendable_ns < r->intended_ns)
        j->sendable_ns = r->intended_ns;
    j->state = JOURNEY_WAITING;
    worker->sending = j;
    pool_request(worker->pool, &j->exchange);
    worker->sending = NULL;
    if (j->state == JOURNEY_WAITING)
        start_timer(worker, j, JOURNEY_WAITING, worker->now_ns);
}

/* ---- what the pool asks and tells ------------------------------------------------------------ */

static int64_t read_clock(struct worker *worker)
{
    worker->now_ns = clock_ns() - worker->run->start_ns;
    return worker->now_ns;
}

void worker_fill_values(struct worker *worker, const struct journey *j, uint64_t number,
                        struct api_values *ret_values)
{
    const struct run *run = worker->run;

    if (run->variable_count > 0) {
        memset(worker->variable, 0, run->variable_count * sizeof worker->variable[0]);
        if (j->session != SESSION_NONE)
            values_get(&worker->values, worker->sessions.session[j->session].values,
                       worker->variable);
        values_get(&worker->values, j->values, worker->variable);
    }
    *ret_values = (struct api_values){.plan = run->options.plan,
                                      .journey = j->plan,
                                      .step = j->step,
                                      .pass = j->pass,
                                      .number = number,
                                      .now_ms = run->start_unix_ms + worker->now_ns / 1000000,
                                      .variable = worker->variable};
}

bool worker_knows(struct worker *worker, const struct journey *j, uint32_t variable)
{
    struct api_values values;

    if (variable == 0)
        return false;
    worker_fill_values(worker, j, 0, &values);
    return values.variable[variable - 1].text != NULL;
}

bool worker_render(struct worker *worker, const struct journey *j, const struct journey_request *r,
                   size_t size, struct api_message *ret_message)
{
    struct api_values values;

    worker_fill_values(worker, j, r->number, &values);
    if (api_render(worker->run->options.map, r->index, &values, worker->scratch, size,
                   ret_message) != API_RENDERED)
        return false;
    if (worker_is_redirected(worker, j))
        worker_redirect_message(worker, j, ret_message);
    return true;
}

/* The pool has a connection for it: its clock runs from now on. */
static bool on_render(void *user, struct exchange *exchange, struct api_message *ret_message)
{
    struct worker *worker = user;
    struct journey *j = (struct journey *)(void *)exchange;

    if (j != worker->sending) {
        read_clock(worker);
        stop_timer(worker, j);
        if (j->state == JOURNEY_SENT) /* again: the kept connection was closed */
            j->sendable_ns = worker->now_ns;
        else
            j->sendable_ns += worker->now_ns - j->timer_ns; /* it waited for a connection */
    }
    if (!worker_render(worker, j, worker_request(j), WORKER_SCRATCH, ret_message)) {
        worker_outcome(worker, j, OUTCOME_missing_value, 0, worker->now_ns);
        return false;
    }
    start_timer(worker, j, JOURNEY_SENT, worker->now_ns);
    return true;
}

static void on_fail(void *user, struct exchange *exchange, enum outcome outcome)
{
    struct worker *worker = user;
    struct journey *j = (struct journey *)(void *)exchange;

    if (j != worker->sending || j->state == JOURNEY_SENT)
        stop_timer(worker, j);
    worker_outcome(worker, j, outcome, 0, read_clock(worker));
}

/* Keeps what the request captured. FALSE: it is too much. */
static bool keep_captures(struct worker *worker, struct journey *j)
{
    const uint32_t count = worker->run->variable_count;
    uint32_t mine = UINT32_MAX;

    if (j->session != SESSION_NONE) {
        mine = ~worker->run->session_variables;
        if (!values_put(&worker->values, &worker->sessions.session[j->session].values,
                        worker->variable, count, ~mine))
            return false;
    }
    return values_put(&worker->values, &j->values, worker->variable, count, mine);
}

static enum outcome outcome_of(enum api_verdict verdict)
{
    switch (verdict) {
    case API_OK:
        return OUTCOME_ok;
    case API_REFUSED:
        return OUTCOME_refused;
    case API_FAILED_CHECK:
        return OUTCOME_failed_check;
    case API_MISSING_CAPTURE:
        return OUTCOME_missing_capture;
    case API_BAD_STATUS:
    case API_RENEW:
        break;
    }
    return OUTCOME_bad_status;
}

static void on_reply(void *user, struct exchange *exchange, const struct reply *reply)
{
    struct worker *worker = user;
    struct journey *j = (struct journey *)(void *)exchange;
    const struct run *run = worker->run;
    const struct journey_request *r = worker_request(j);
    const int64_t done_ns = read_clock(worker);
    const bool captures = run->request[r->index]->captures;
    struct api_told told;

    stop_timer(worker, j);
    if (captures)
        memset(worker->variable, 0, run->variable_count * sizeof worker->variable[0]);
    const enum api_verdict verdict =
        api_judge(run->options.map, r->index, &reply->api, worker->scratch, WORKER_SCRATCH,
                  worker->variable, run->recorder != NULL ? &told : NULL);
    enum outcome outcome = outcome_of(verdict);
    if (run->recorder != NULL)
        worker_tell(worker, r, &told);
    if (verdict == API_RENEW && worker_session_renew(worker, j))
        return;
    if (worker->redirect != NULL && worker_redirect(worker, j, &reply->api, &outcome))
        return;
    if ((outcome == OUTCOME_ok || outcome == OUTCOME_refused) && captures &&
        !keep_captures(worker, j) && outcome == OUTCOME_ok)
        outcome = OUTCOME_missing_capture;
    worker_outcome(worker, j, outcome, reply->api.status, done_ns);
}

const struct exchange_events worker_events = {.render = on_render,
                                              .reply = on_reply,
                                              .fail = on_fail};

/* ---- outcomes -------------------------------------------------------------------------------- */

/* Tries because of a failure: the one after a renewed log-in is none. */
static uint32_t failed_tries(const struct journey_request *r) { return r->tries - r->renewed; }

static bool may_retry(const struct journey_request *r, const struct api_request *request,
                      enum outcome outcome)
{
    return request->on_failure == API_RETRY && outcome_is_error(outcome) &&
           outcome != OUTCOME_missing_value && outcome != OUTCOME_cut_off &&
           failed_tries(r) <= request->retry_count;
}

/* Doubled each time, from the end of the try before. */
static void retry(struct worker *worker, struct journey *j, struct journey_request *r,
                  const struct api_request *request)
{
    const uint32_t doublings = MIN(failed_tries(r) - 1, 20);

    measure_add(worker->measure, MEASURE_RETRIES, 1);
    j->sendable_ns = worker->now_ns + ((request->retry_backoff_us * 1000) << doublings);
    worker_schedule(worker, j, j->sendable_ns);
}

/* A log-in that did not open the session. */
static void go_on_without(struct worker *worker, struct journey *j)
{
    j->without_session = true;
    j->opens = false; /* nor do the requests left of the step */
    if (j->log_ins_left > 0) {
        j->log_ins_left = 0;
        worker_schedule(worker, j, worker->now_ns);
    } else {
        worker_advance(worker, j);
    }
}

void worker_outcome(struct worker *worker, struct journey *j, enum outcome outcome, uint32_t status,
                    int64_t done_ns)
{
    struct journey_request *r = worker_request(j);
    const struct api_request *request = worker->run->request[r->index];
    const bool logs_in = j->log_ins_left > 0 || j->opens;
    const bool may_have_done =
        worker_is_redirected(worker, j) ||
        (j->exchange.sent_ns != 0 && outcome_class(outcome) != OUTCOME_FAILED);

    worker_note_sent(worker, j, may_have_done);
    worker_redirect_end(worker, j);
    if (may_retry(r, request, outcome)) {
        retry(worker, j, r, request);
        return;
    }
    worker_record(worker, j, outcome, status, done_ns);
    j->sendable_ns = done_ns;
    if (outcome == OUTCOME_ok) {
        if (j->log_ins_left == 1 || (j->opens && j->requests_left == 0))
            worker_session_opened(worker, j);
        worker_advance(worker, j);
        return;
    }
    if (logs_in)
        worker_session_failed(worker, j);
    if (outcome == OUTCOME_refused && request->refusal_ends)
        worker_end_journey(worker, j, MEASURE_REFUSED);
    else if (outcome != OUTCOME_refused && request->on_failure != API_CONTINUE)
        worker_end_journey(worker, j, MEASURE_FAILED);
    else if (logs_in)
        go_on_without(worker, j);
    else
        worker_advance(worker, j);
}

/* ---- time-outs ------------------------------------------------------------------------------- */

/* Ends those of a list whose time is over; returns when its next one is. */
static int64_t time_out_list(struct worker *worker, struct journey_list *list, int64_t timeout_ns)
{
    while (list->first != JOURNEY_NONE) {
        struct journey *j = &worker->journeys[list->first];
        if (j->timer_ns + timeout_ns > worker->now_ns)
            return j->timer_ns + timeout_ns;
        journey_list_remove(list, worker->journeys, list->first);
        pool_cancel(worker->pool, &j->exchange);
        worker_outcome(worker, j, OUTCOME_timeout, 0, worker->now_ns);
    }
    return INT64_MAX;
}

int64_t worker_time_out(struct worker *worker)
{
    int64_t next_ns = INT64_MAX;

    for (uint32_t class = 0; class < worker->run->timeout_count; class ++) {
        const int64_t timeout_ns = worker->run->timeout_ns[class];
        const int64_t sent_ns = time_out_list(worker, &worker->sent[class], timeout_ns);
        const int64_t unsent_ns = time_out_list(worker, &worker->unsent[class], timeout_ns);
        next_ns = MIN(next_ns, MIN(sent_ns, unsent_ns));
    }
    return next_ns;
}
