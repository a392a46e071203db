/* Real measures, filled at once instead of by an engine. */
#include "replay/live_numbers.h"

#define SECOND INT64_C(1000000000)
#define MS INT64_C(1000000)

void live_numbers_open(struct live_numbers *numbers, int seconds)
{
    const bool used[STEP_COUNT] = {[STEP_browse] = true, [STEP_pay] = true};
    const uint64_t count = (uint64_t)seconds * 1000;

    numbers->worker =
        measure_new(&(struct measure_options){.step_used = used, .interval_ns = SECOND});
    g_assert(numbers->worker != NULL);
    for (uint64_t i = 0; i < count; i++) {
        struct measure_sample sample = {.step = i % 4 == 0 ? STEP_pay : STEP_browse,
                                        .intended_ns = (int64_t)i * MS,
                                        .outcome = i >= count - 3   ? OUTCOME_timeout
                                                   : i >= count - 5 ? OUTCOME_bad_status
                                                                    : OUTCOME_ok,
                                        .status = 200};
        sample.sent_ns = sample.intended_ns + 50000;
        sample.done_ns = sample.sent_ns + (i % 100 == 0 ? 20 * MS : 4 * MS);
        measure_record(numbers->worker, &sample);
    }
    numbers->all = measure_all_new(&numbers->worker, 1, SECOND);
    numbers->now = (struct load_now){
        .elapsed_ns = seconds * SECOND,
        .total_ns = 60 * SECOND,
        .requests = count,
        .errors = 5,
        .journeys_started = count / 4,
        .journeys_ended = count / 4 - 7,
        .rate = 1000,
        .p50_ns = 4050000,
        .p99_ns = 20050000,
        .max_ns = 20050000,
        .in_flight = 7,
        .connections = 64,
        .waiting = 3,
    };
}

void live_numbers_close(struct live_numbers *numbers)
{
    measure_all_free(numbers->all);
    measure_free(numbers->worker);
}
