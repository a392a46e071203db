/* The literal run. */
#include "replay/literal.h"

#define SECOND INT64_C(1000000000)
#define MS INT64_C(1000000)

static void literal_record(struct literal *l, int64_t second, uint32_t number, uint32_t step,
                           int64_t service_ns, enum outcome outcome, uint32_t status)
{
    struct measure_sample sample = {
        .step = step,
        .outcome = outcome,
        .intended_ns = second * SECOND + number * 10 * MS,
        .status = status,
    };

    sample.sent_ns = sample.intended_ns + MS / 10;
    sample.done_ns = sample.sent_ns + service_ns;
    if (outcome == OUTCOME_shed) {
        sample.sent_ns = -1;
        sample.done_ns = sample.intended_ns + service_ns;
    }
    measure_record(l->workers[number % 2], &sample);
}

static void literal_second(struct literal *l, int64_t second)
{
    for (uint32_t i = 0; i < 70; i++)
        literal_record(l, second, i, STEP_browse, 2 * MS, OUTCOME_ok, 200);
    for (uint32_t i = 70; i < 90; i++) {
        if (second == 5 && i == 70)
            literal_record(l, second, i, STEP_check_out, 5 * MS, OUTCOME_refused, 409);
        else if (second == 6 && i == 70)
            literal_record(l, second, i, STEP_check_out, 3 * MS, OUTCOME_shed, 0);
        else
            literal_record(l, second, i, STEP_check_out, second == 10 ? 500 * MS : 5 * MS,
                           OUTCOME_ok, 201);
    }
    for (uint32_t i = 90; i < 100; i++) {
        if (second == 15 && i < 92)
            literal_record(l, second, i, STEP_pay, SECOND, OUTCOME_timeout, 0);
        else if (second == 15 && i == 92)
            literal_record(l, second, i, STEP_pay, 10 * MS, OUTCOME_bad_status, 503);
        else
            literal_record(l, second, i, STEP_pay, 10 * MS, OUTCOME_ok, 200);
    }
}

static void literal_count(struct literal *l)
{
    static const struct {
        enum measure_count what;
        uint64_t count;
    } counts[] = {
        {MEASURE_RETRIES, 4},        {MEASURE_LOG_INS, 200},      {MEASURE_LOG_INS_SAVED, 50},
        {MEASURE_BYTES_OUT, 400000}, {MEASURE_BYTES_IN, 2500000}, {MEASURE_CONNECTS, 12},
        {MEASURE_CONNECTIONS, 10},   {MEASURE_RESENT, 1},         {MEASURE_GZIP, 7},
        {MEASURE_SHED_JOURNEYS, 1},
    };
    static const uint64_t journeys[MEASURE_JOURNEYS] = {
        [MEASURE_STARTED] = 200, [MEASURE_COMPLETED] = 194, [MEASURE_REFUSED] = 1,
        [MEASURE_FAILED] = 4,    [MEASURE_CUT_OFF] = 1,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        measure_add(l->workers[0], counts[i].what, counts[i].count);
    for (uint32_t i = 0; i < MEASURE_JOURNEYS; i++)
        for (uint64_t j = 0; j < journeys[i]; j++)
            measure_journey(l->workers[1], i);
}

static void literal_result(struct literal *l)
{
    l->result = (struct load_result){
        .all = measure_all_new(l->workers, 2, 2 * SECOND),
        .started_unix_us = INT64_C(1800000000000000),
        .elapsed_ns = 20 * SECOND,
        .intended_ns = 20 * SECOND,
        .intended_requests = 2000,
        .asked_rate = 100,
        .held_rate = 99.8,
        .threads = 2,
        .pace = "timer",
        .cpu = {.user_s = 0.5, .system_s = 1.25},
        .own_lateness = omo_histogram_new(MEASURE_VALUE_MAX),
        .journey_memory = 20000,
        .session_memory = 30000,
        .link_memory = 40000,
        .journeys_in_flight_max = 17,
    };
    omo_histogram_record(l->result.own_lateness, 20000, 1990);
    omo_histogram_record(l->result.own_lateness, 300000, 10);
    measure_all_collect(l->result.all, INT64_MAX);
    measure_all_merge(l->result.all);
}

static void literal_findings(struct literal *l)
{
    static const char *const texts[] = {"p99<750ms", "pay errors<1%",
                                        "check_out p50<250ms over 2s"};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        GError *error = NULL;
        struct threshold *threshold = threshold_parse(texts[i], "--threshold", &error);
        g_assert_nonnull(threshold);
        threshold_judge(threshold, &l->result, l->stages, 2, &l->findings[i]);
        l->findings[i].text = texts[i];
        threshold_free(threshold);
    }
}

struct literal *literal_new(void)
{
    static const char *const targets[] = {"http://127.0.0.1:8080", NULL};
    struct literal *l = g_new0(struct literal, 1);
    bool used[STEP_COUNT] =
        {[STEP_browse] = true, [STEP_check_out] = true, [STEP_pay] = true, [STEP_points] = true};

    for (uint32_t i = 0; i < 2; i++)
        l->workers[i] = measure_new(&(struct measure_options){.step_used = used,
                                                              .interval_ns = SECOND,
                                                              .warm_up_ns = SECOND});
    for (int64_t second = 0; second < 20; second++)
        literal_second(l, second);
    literal_count(l);
    literal_result(l);
    for (uint32_t i = 0; i < 2; i++)
        l->stages[i] = (struct load_stage){.duration_ns = 10 * SECOND, .from = 10, .to = 10};
    literal_findings(l);
    l->report = (struct load_report){
        .title = "day.plan at 600 times its speed",
        .command = "omosim replay day.plan --target http://127.0.0.1:8080",
        .mode = "open loop, plan",
        .targets = targets,
        .api = "reference",
        .plan = "day.plan",
        .result = &l->result,
        .stages = l->stages,
        .stage_count = 2,
        .findings = l->findings,
        .finding_count = 3,
    };
    return l;
}

void literal_free(struct literal *literal)
{
    omo_histogram_free(literal->result.own_lateness);
    measure_all_free(literal->result.all);
    measure_free(literal->workers[0]);
    measure_free(literal->workers[1]);
    g_free(literal);
}
