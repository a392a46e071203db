/* Requests go to the connection that is free first; one that is begun or under way while the
 * service stands still ends after it. That is all there is to coordinated omission: the open loop
 * has the arrivals of those two seconds in its books, the closed loop never made them.
 */
#include "report/load_sample.h"

#include <math.h>
#include <omosim/histogram.h>

#include "results/load_results.h"

#define SAMPLE_S 20
#define SAMPLE_RATE 1000
#define SAMPLE_CONNECTIONS 64
#define SAMPLE_USERS 4
#define SAMPLE_MS 1000000LL
#define FREEZE_BEGIN (8000 * SAMPLE_MS)
#define FREEZE_END (10000 * SAMPLE_MS)
#define SAMPLE_HEAT_DOUBLINGS 24
#define SAMPLE_HEAT_PER 8

enum { RESPONSE, SERVICE, LATENESS, CLOCKS };
static const char *const clocks[CLOCKS] = {"response", "service", "lateness"};
static const char *const steps[] = {"browse", "search", "add_to_cart", "check_out"};
#define STEPS G_N_ELEMENTS(steps)
static const double step_ms[STEPS] = {2.0, 4.5, 3.0, 9.0};

struct sample_row {
    uint64_t count, refused, bad;
    omo_histogram *clock[CLOCKS];
};

struct sample {
    struct sample_row row[STEPS + 1]; /* the last is the total */
    struct sample_row second[SAMPLE_S];
    uint64_t heat[SAMPLE_S][SAMPLE_HEAT_DOUBLINGS * SAMPLE_HEAT_PER];
};

static struct load_value text(const char *t)
{
    return (struct load_value){.kind = LOAD_VALUE_TEXT, .text = t};
}

static struct load_value whole(int64_t w)
{
    return (struct load_value){.kind = LOAD_VALUE_WHOLE, .whole = w};
}

static struct load_value number(double n)
{
    return (struct load_value){.kind = LOAD_VALUE_NUMBER, .number = n};
}

static void fact(LoadResults *results, const char *key, struct load_value value)
{
    const struct load_value row[] = {text(key), value};

    load_results_add(results, "load", row, 2);
}

/* A word that depends on nothing but its argument (splitmix64, public domain). */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static double unit(uint64_t x) { return ((double)(mix(x) >> 11) + 0.5) / 9007199254740992.0; }

static void row_make(struct sample_row *row)
{
    for (int c = 0; c < CLOCKS; c++)
        row->clock[c] = omo_histogram_new(INT64_C(3600) * 1000 * SAMPLE_MS);
}

static void row_free(struct sample_row *row)
{
    for (int c = 0; c < CLOCKS; c++)
        omo_histogram_free(row->clock[c]);
}

static void row_add(struct sample_row *row, const int64_t *times, gboolean refused, gboolean bad)
{
    row->count++;
    row->refused += refused;
    row->bad += bad;
    for (int c = 0; c < CLOCKS; c++)
        omo_histogram_record(row->clock[c], times[c], 1);
}

static uint32_t heat_cell(int64_t ns)
{
    double cell = SAMPLE_HEAT_PER * log2((double)MAX(ns, 1024) / 1024.0);

    return MIN((uint32_t)cell, SAMPLE_HEAT_DOUBLINGS * SAMPLE_HEAT_PER - 1);
}

static void sample_request(struct sample *s, uint64_t i, int64_t intended, int64_t sent,
                           int64_t done)
{
    uint32_t step = (uint32_t)(i % STEPS), second = (uint32_t)(intended / (1000 * SAMPLE_MS));
    const int64_t times[CLOCKS] = {done - intended, done - sent, sent - intended};
    gboolean refused = step == 3 && unit(i * 4 + 1) < 0.02;
    gboolean bad = !refused && sent > FREEZE_END && sent < FREEZE_END + 12 * SAMPLE_MS;

    row_add(&s->row[step], times, refused, bad);
    row_add(&s->row[STEPS], times, refused, bad);
    second = MIN(second, SAMPLE_S - 1);
    row_add(&s->second[second], times, refused, bad);
    s->heat[second][heat_cell(times[RESPONSE])]++;
}

/* When a request that begins at `sent` ends. */
static int64_t sample_end(uint64_t i, int64_t sent)
{
    double ms = step_ms[i % STEPS] *
                exp(0.35 * sqrt(-2.0 * log(unit(i * 4 + 2))) * cos(2.0 * G_PI * unit(i * 4 + 3)));
    int64_t service = (int64_t)(ms * (double)SAMPLE_MS);

    if (sent < FREEZE_END && sent + service > FREEZE_BEGIN)
        return FREEZE_END + service;
    return sent + service;
}

static void sample_open(struct sample *s, gboolean too_slow)
{
    int64_t free_at[SAMPLE_CONNECTIONS] = {0};

    for (uint64_t i = 0; i < SAMPLE_S * SAMPLE_RATE; i++) {
        int64_t intended = (int64_t)i * (1000 * SAMPLE_MS / SAMPLE_RATE), sent;
        uint32_t first = 0;
        for (uint32_t c = 1; c < SAMPLE_CONNECTIONS; c++)
            first = free_at[c] < free_at[first] ? c : first;
        sent = MAX(intended + (int64_t)(20e3 * -log(unit(i * 4))), free_at[first]);
        if (too_slow)
            sent += 40 * SAMPLE_MS;
        free_at[first] = sample_end(i, sent);
        sample_request(s, i, intended, sent, free_at[first]);
    }
}

static void sample_closed(struct sample *s)
{
    uint64_t i = 0;

    for (int user = 0; user < SAMPLE_USERS; user++)
        for (int64_t now = 0; now < SAMPLE_S * 1000 * SAMPLE_MS; i++) {
            int64_t done = sample_end(i, now);
            sample_request(s, i, now, now, done);
            now = done;
        }
}

static double at(const omo_histogram *h, uint32_t share_ppm)
{
    return (double)omo_histogram_quantile(h, share_ppm) / 1e6;
}

static void save_row(LoadResults *results, const struct sample_row *row, const char *step)
{
    struct load_value values[2 + CLOCKS * 6] = {text(step), whole((int64_t)row->count)};

    for (int c = 0; c < CLOCKS; c++) {
        struct load_value *v = &values[2 + c * 6];
        uint32_t cursor = 0;
        int64_t low, high;
        uint64_t count;
        v[0] = number(omo_histogram_mean(row->clock[c]) / 1e6);
        v[1] = number(at(row->clock[c], 500000));
        v[2] = number(at(row->clock[c], 900000));
        v[3] = number(at(row->clock[c], 990000));
        v[4] = number(at(row->clock[c], 999000));
        v[5] = number((double)omo_histogram_max(row->clock[c]) / 1e6);
        while (omo_histogram_next(row->clock[c], &cursor, &low, &high, &count)) {
            const struct load_value bucket[] = {text(step), text(clocks[c]), whole(low),
                                                whole(high), whole((int64_t)count)};
            load_results_add(results, "load_bucket", bucket, 5);
        }
    }
    load_results_add(results, "load_row", values, G_N_ELEMENTS(values));
    {
        const struct {
            const char *name, *class;
            uint64_t count;
        } outcomes[] = {{"ok", "acknowledged", row->count - row->refused - row->bad},
                        {"refused", "acknowledged", row->refused},
                        {"bad_status", "acknowledged", row->bad}};
        for (size_t o = 0; o < G_N_ELEMENTS(outcomes); o++) {
            const struct load_value outcome[] = {text(step), text(outcomes[o].name),
                                                 text(outcomes[o].class),
                                                 whole((int64_t)outcomes[o].count)};
            if (outcomes[o].count > 0)
                load_results_add(results, "load_outcome", outcome, 4);
        }
    }
}

static void save_second(LoadResults *results, const struct sample *s, uint32_t second)
{
    const struct sample_row *row = &s->second[second];
    const omo_histogram *response = row->clock[RESPONSE], *late = row->clock[LATENESS];
    struct load_value v[14] = {number(second),
                               number(second + 1),
                               whole(0),
                               whole((int64_t)row->count),
                               whole((int64_t)row->bad),
                               number((double)row->count)};

    if (row->count > 0) {
        v[6] = number(at(response, 500000));
        v[7] = number(at(response, 900000));
        v[8] = number(at(response, 990000));
        v[9] = number(at(response, 999000));
        v[10] = number((double)omo_histogram_max(response) / 1e6);
        v[11] = number(at(late, 500000));
        v[12] = number(at(late, 990000));
        v[13] = number((double)omo_histogram_max(late) / 1e6);
    }
    load_results_add(results, "load_series", v, 14);
    for (uint32_t c = 0; c < SAMPLE_HEAT_DOUBLINGS * SAMPLE_HEAT_PER; c++) {
        const struct load_value heat[] = {number(second),
                                          number(1024e-6 * exp2((double)c / SAMPLE_HEAT_PER)),
                                          number(1024e-6 * exp2((double)(c + 1) / SAMPLE_HEAT_PER)),
                                          whole((int64_t)s->heat[second][c])};
        if (s->heat[second][c] > 0)
            load_results_add(results, "load_heat", heat, 4);
    }
}

static void save_about(LoadResults *results, const struct load_sample *sample,
                       const struct sample_row *total)
{
    fact(results, "title", text("shop.plan at 1,000 journeys a second"));
    fact(results, "command",
         text("omosim replay shop.plan --api shop.yaml --target http://127.0.0.1:8080"
              " --stages 20s:1000 --threshold 'p99<250ms'"));
    fact(results, "mode",
         text(sample->closed ? "closed loop (4 users): hides waiting" : "open loop, rate"));
    fact(results, "target", text("http://127.0.0.1:8080"));
    fact(results, "api", text("shop.yaml"));
    fact(results, "plan", text("shop.plan"));
    fact(results, "version", text("0.1.0"));
    fact(results, "verdict",
         text(sample->too_slow ? "too_slow"
              : sample->closed ? "passed"
                               : "failed"));
    if (sample->too_slow)
        fact(results, "too_slow_why",
             text("its own lateness (p99 40.1 ms) is 25 % of the response p99 (160 ms)"));
    fact(results, "pace", text("timer"));
    fact(results, "elapsed_s", number(20.004));
    fact(results, "intended_s", number(19.999));
    fact(results, "intended_requests", whole((int64_t)total->count));
    fact(results, "asked_rate", number((double)total->count / SAMPLE_S));
    fact(results, "held_rate", number((double)total->count / SAMPLE_S));
    fact(results, "threads", whole(1));
    fact(results, "cpu_user_s", number(0.12));
    fact(results, "cpu_system_s", number(0.3));
}

static void save_rest(LoadResults *results, const struct load_sample *sample,
                      const struct sample *s)
{
    const struct sample_row *total = &s->row[STEPS];
    const struct load_value thresholds[2][8] = {
        {whole(0), text("p99<250ms"), text("--threshold"), whole(sample->closed),
         number(at(total->clock[RESPONSE], 990000)), number(250), text("ms"), number((double)NAN)},
        {whole(1), text("errors<1% over 5s"), text("API map"), whole(1),
         number(100.0 * (double)total->bad / (double)total->count), number(1), text("%"),
         number(8)},
    };
    const struct {
        const char *name;
        int64_t value;
    } counts[] = {{"journeys_started", 5000}, {"journeys_completed", 4960},
                  {"journeys_refused", 25},   {"journeys_failed", 15},
                  {"connects", 64},           {"bytes_in", 21345678},
                  {"bytes_out", 4345678}};

    for (int i = 0; i < 2; i++)
        load_results_add(results, "threshold", thresholds[i], 8);
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        const struct load_value row[] = {text(counts[i].name), whole(counts[i].value)};
        load_results_add(results, "load_count", row, 2);
    }
    for (int i = 0; i < 200; i++) {
        const double shift = sample->too_slow ? 40e6 : 0;
        const struct load_value bucket[] = {text(""), text("own_lateness"),
                                            whole((int64_t)(shift + i * 500)),
                                            whole((int64_t)(shift + i * 500 + 499)),
                                            whole((int64_t)(1 + 500 * exp(-i / 20.0)))};
        load_results_add(results, "load_bucket", bucket, 5);
    }
    if (sample->two_stages) {
        const double stages[3][4] = {{0, 6, 1000, 1000}, {6, 12, 1000, 1000}, {12, 20, 1000, 1000}};
        for (int i = 0; i < 3; i++) {
            const struct load_value row[] = {whole(i + 1), number(stages[i][0]),
                                             number(stages[i][1]), number(stages[i][2]),
                                             number(stages[i][3])};
            load_results_add(results, "load_stage", row, 5);
        }
    }
}

void load_sample_write(const char *path, const struct load_sample *sample)
{
    g_autoptr(GError) error = NULL;
    struct sample *s = g_new0(struct sample, 1);
    LoadResults *results = load_results_create(path, &error);

    g_assert_no_error(error);
    for (size_t i = 0; i <= STEPS; i++)
        row_make(&s->row[i]);
    for (int i = 0; i < SAMPLE_S; i++)
        row_make(&s->second[i]);
    if (sample->closed)
        sample_closed(s);
    else
        sample_open(s, sample->too_slow);
    save_about(results, sample, &s->row[STEPS]);
    for (size_t i = 0; i <= STEPS; i++)
        save_row(results, &s->row[i], i < STEPS ? steps[i] : "");
    for (uint32_t i = 0; i < SAMPLE_S; i++)
        save_second(results, s, i);
    save_rest(results, sample, s);
    if (sample->audited != NULL)
        load_results_take_audit(results, sample->audited);
    load_results_close(results, &error);
    g_assert_no_error(error);
    for (size_t i = 0; i <= STEPS; i++)
        row_free(&s->row[i]);
    for (int i = 0; i < SAMPLE_S; i++)
        row_free(&s->second[i]);
    g_free(s);
}

void load_sample_write_capacity(const char *path)
{
    static const double rates[] = {100,  200,  400,  800,  1600, 3200, 2400, 2000, 1800, 1700,
                                   1440, 1760, 1920, 1840, 1800, 1440, 1760, 1600, 1920, 1680};
    LoadResults *results = load_results_create(path, NULL);
    const struct load_value slo[] = {whole(0),   text("p99<50ms"),   text("--slo"),
                                     whole(1),   number(38.25),      number(50),
                                     text("ms"), number((double)NAN)};

    g_assert(results != NULL);
    fact(results, "title", text("shop.plan: how much does the service bear?"));
    fact(results, "command", text("omosim capacity shop.plan --api shop.yaml --slo 'p99<50ms'"));
    fact(results, "mode", text("open loop, rate"));
    fact(results, "target", text("http://127.0.0.1:8080"));
    fact(results, "capacity_end", text("found"));
    fact(results, "capacity_rate", number(1750));
    fact(results, "capacity_half_width", number(62));
    fact(results, "capacity_low", number(1700));
    fact(results, "capacity_high", number(1800));
    fact(results, "capacity_knee", number(1600));
    load_results_add(results, "threshold", slo, 8);
    for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
        double p99 = 6.0 / MAX(1.0 - rates[i] / 2050.0, 0.012) * (0.95 + 0.1 * unit(i));
        const struct load_value row[] = {whole((int64_t)i),
                                         whole(i < 10   ? 0
                                               : i < 15 ? 1
                                                        : 2),
                                         number(rates[i]),
                                         whole(p99 < 50),
                                         whole(rates[i] > 3000),
                                         number(MIN(rates[i], 2050) * 4),
                                         number(p99 / 3),
                                         number(p99),
                                         number(rates[i] > 2050 ? 0.04 : 0),
                                         number(0.08)};
        load_results_add(results, "capacity", row, 10);
    }
    g_assert(load_results_close(results, NULL));
}
