/* What is left when a run ends: every request that was due by then still gets an outcome.
 *
 * A journey that waits for a late answer has further steps whose intended times have passed. They
 * were due, so they enter as cut off, at their age; leaving them out would make the run look better
 * the worse the service was. So do the first requests of journeys that this program did not get
 * around to beginning, as shed, and the run is then called too slow.
 */
#include "replay/worker.h"

static void cut_off_request(struct worker *worker, struct journey *j)
{
    struct journey_request *r = worker_request(j);

    if (j->state == JOURNEY_READY || j->state == JOURNEY_DUE) { /* the delay is ours */
        const int64_t since_ns = MAX(j->sendable_ns, r->intended_ns);
        omo_histogram_record(worker->own_lateness, worker->now_ns - since_ns, 1);
    }
    worker_note_due(worker, r);
    worker_record(worker, j, OUTCOME_cut_off, 0, worker->now_ns);
}

/* Requests behind the one under way whose time had come. */
static void cut_off_later(struct worker *worker, struct journey *j)
{
    const struct run *run = worker->run;

    for (;;) {
        if (j->requests_left > 0) {
            const struct api_request *request = run->request[j->own.index];
            j->own.intended_ns += (request->takes_us + request->think_us) * 1000;
            j->own.index++;
            j->requests_left--;
        } else {
            if (--j->steps_left == 0)
                return;
            j->step = plan_next_step(j->step);
            const struct run_requests *requests = worker_requests(worker, j->step);
            if (requests->count == 0 ||
                (j->session != SESSION_NONE && run->kind[j->step->kind] == STEP_log_in))
                continue;
            j->own.index = requests->first;
            j->own.intended_ns = worker_step_ns(worker, j, j->step);
            j->requests_left = (uint16_t)(requests->count - 1);
        }
        if (j->own.intended_ns > worker->now_ns)
            return;
        j->own.tries = j->own.done_tries = j->own.resent = 0;
        j->state = JOURNEY_SENT; /* behind an answer that did not come: not our delay */
        cut_off_request(worker, j);
    }
}

static void cut_off_journey(struct worker *worker, struct journey *j)
{
    if (j->state == JOURNEY_SENT || j->state == JOURNEY_WAITING)
        pool_cancel(worker->pool, &j->exchange);
    worker_note_sent(worker, j, worker_is_redirected(worker, j) || j->state == JOURNEY_SENT);
    if (worker_is_redirected(worker, j)) {
        worker_redirect_end(worker, j);
        j->state = JOURNEY_SENT; /* all that it waited for us has been added up */
    }
    if (j->log_ins_left > 0) {
        if (j->log_in.due || j->log_in.intended_ns <= worker->now_ns)
            cut_off_request(worker, j);
        j->log_ins_left = 0;
        j->state = JOURNEY_SENT; /* the step waits for it, not for us */
    }
    const bool thinks = worker_is_closed(worker) && j->state == JOURNEY_DUE;
    const bool is_due = j->own.due || (j->own.intended_ns <= worker->now_ns && !thinks);
    if (is_due) {
        cut_off_request(worker, j);
        if (!worker_is_closed(worker))
            cut_off_later(worker, j);
    }
    worker_end_journey(worker, j, MEASURE_CUT_OFF);
}

static void shed_unstarted(struct worker *worker)
{
    while (worker->next.at_ns <= worker->now_ns) {
        if (worker->next.journey != NULL) {
            worker->unstarted_count++;
            omo_histogram_record(worker->own_lateness, worker->now_ns - worker->next.at_ns, 1);
            worker_shed_journey(worker, &worker->next);
        }
        worker->next = feed_next(&worker->feed);
    }
}

void worker_cut_off(struct worker *worker)
{
    worker->now_ns = clock_ns() - worker->run->start_ns;
    for (uint32_t i = 0; i < worker->journey_used; i++)
        if (worker->journeys[i].state != JOURNEY_FREE)
            cut_off_journey(worker, &worker->journeys[i]);
    if (!worker_is_closed(worker))
        shed_unstarted(worker);
}
