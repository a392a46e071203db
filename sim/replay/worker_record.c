/* What became of a request: into the measures, and into the record for the audit when one is kept.
 *
 * A request has one row, whatever number of tries it took, so its row says how many of them may have
 * done something in the service. That is not the number of sendings: a refused stream was not looked
 * at, an answer that asks for a new log-in or sends the request on elsewhere has done nothing yet,
 * and a request that is redirected is one, wherever it ended. In doubt a sending counts: an audit that
 * takes "not done" for certain where it isn't accuses an honest service.
 *
 * How the books name an order may depend on what earlier answers told (the code of a cart). The
 * name is put together when the outcome is known, from all that was captured up to then, and for a
 * request that got no answer, too: its order may be in the books all the same. What the answer itself
 * told was recorded when it came (worker_tell()).
 *
 * On the way of a request: without a record a few tests of flags, with one a copy of 96 bytes for the
 * row and for each telling. Nothing is allocated, nothing looked up by name.
 */
#include "replay/worker.h"

#include "results/record.h"

#include <string.h>

#define TRIES_MAX 15 /* what the bit fields of struct journey_request hold */
#define RESENT_MAX 3

static_assert(API_KEY_MAX <= RECORD_TEXT_MAX, "a record holds each order's key");

void worker_note_sent(struct worker *worker, struct journey *j, bool may_have_done)
{
    struct journey_request *r = worker_request(j);

    (void)worker;
    if (may_have_done && r->done_tries < TRIES_MAX)
        r->done_tries++;
    r->resent = (uint8_t)MIN(r->resent + j->exchange.unsure, RESENT_MAX) & RESENT_MAX;
    j->exchange.unsure = 0;
}

static void tell_text(struct worker *worker, uint64_t number, uint8_t what,
                      const struct api_text *text)
{
    struct record_telling telling = {.number = number,
                                     .what = what,
                                     .text_size = (uint8_t)text->size};

    if (text->size == 0 || text->size > RECORD_TEXT_MAX) /* cut, it would name something else */
        return;
    memcpy(telling.text, text->text, text->size);
    if (!recorder_tell(worker->run->recorder, worker->index, &telling))
        worker->record_failed = true;
}

void worker_tell(struct worker *worker, const struct journey_request *r,
                 const struct api_told *told)
{
    for (uint32_t i = 0; i < told->count; i++) {
        const struct api_telling *t = &told->telling[i];
        const struct record_telling number = {.number = r->number,
                                              .what = t->what,
                                              .value = t->number};
        if (telling_is_text(t->what))
            tell_text(worker, r->number, t->what, &t->text);
        else if (!recorder_tell(worker->run->recorder, worker->index, &number))
            worker->record_failed = true;
    }
}

/* The name of the order that the request was about, if it is known by now. */
static void record_key(struct worker *worker, const struct journey *j,
                       const struct journey_request *r)
{
    struct api_values values;
    struct api_text key;

    worker_fill_values(worker, j, r->number, &values);
    if (api_order_key(worker->run->options.map, &values, worker->scratch, WORKER_SCRATCH, &key))
        tell_text(worker, r->number, TELLING_key, &key);
}

static void record_row(struct worker *worker, const struct journey *j,
                       const struct journey_request *r, const struct measure_sample *sample)
{
    const bool sent_before = r->done_tries + r->resent > 0;
    const struct record_row row = {
        .number = r->number,
        .journey = j->number,
        .member = j->plan->member,
        .order = j->plan->order,
        .amount = j->step->amount,
        .intended_us = sample->intended_ns / 1000,
        .sent_us = sample->sent_ns >= 0 ? sample->sent_ns / 1000
                   : sent_before        ? sample->intended_ns / 1000
                                        : -1,
        .done_us = sample->done_ns / 1000,
        .sku = j->step->sku,
        .place = j->step->place,
        .request = r->index,
        .quantity = j->step->quantity,
        .coupon = j->step->coupon,
        .status = (uint16_t)sample->status,
        .step = (uint8_t)sample->step,
        .outcome = (uint8_t)sample->outcome,
        .tries = r->done_tries,
        .resent = r->resent,
        .pass = j->pass,
    };

    if (!recorder_add(worker->run->recorder, worker->index, &row))
        worker->record_failed = true;
    if (worker->run->keyed[r->index] && sent_before)
        record_key(worker, j, r);
}

void worker_record(struct worker *worker, struct journey *j, enum outcome outcome, uint32_t status,
                   int64_t done_ns)
{
    const struct run *run = worker->run;
    struct journey_request *r = worker_request(j);
    const int64_t sent_ns =
        j->exchange.sent_ns != 0 ? j->exchange.sent_ns - run->start_ns : INT64_C(-1);
    const struct measure_sample sample = {.step = run->request[r->index]->step,
                                          .outcome = outcome,
                                          .intended_ns = r->intended_ns,
                                          .sent_ns = sent_ns,
                                          .done_ns = done_ns,
                                          .status = status};

    g_assert(r->due);
    r->due = false;
    measure_record(worker->measure, &sample);
    if (sent_ns >= 0 && r->intended_ns >= run->options.warm_up_ns)
        omo_histogram_record(worker->own_lateness, sent_ns - j->sendable_ns, 1);
    if (outcome_class(outcome) == OUTCOME_ACKNOWLEDGED) {
        worker->answered_count +=
            run_measures(run, r->intended_ns) && done_ns < run->stop_starting_ns;
        if (done_ns > worker->last_done_ns)
            worker->last_done_ns = done_ns;
    }
    if (run->recorder != NULL)
        record_row(worker, j, r, &sample);
    j->exchange.sent_ns = 0; /* the journey's next request was not sent yet */
}
