/* Servers that are told apart, or whose number changes: shifts, breakdowns, crews.
 *
 * Most stations only count their servers. Those with crews, breakdowns, preemption or shifts
 * that hand over keep an array, one entry a server, and look it through for a free one:
 * O(servers) a start, and a station has dozens. Server i is on duty while i is below the shift's
 * number; a server whose shift has ended finishes its job (overtime) or hands it over; a broken
 * one loses it to the head of the queue. */
#include "kernel/engine.h"

static bool server_is_free(const struct station *s, uint32_t i)
{
    return i < s->duty_shift && s->server[i].up && s->server[i].job == OMO_NONE;
}

static uint32_t server_crew_skills(const struct station *s, uint32_t i)
{
    return s->options.crew_count != 0 ? s->options.crews[s->server[i].crew].skills : UINT32_MAX;
}

uint32_t server_find(const struct station *s, uint32_t skill)
{
    uint32_t best = OMO_NONE;
    int best_skills = 0;

    for (uint32_t i = 0; i < s->server_count; i++) {
        uint32_t skills = server_crew_skills(s, i);
        if (!server_is_free(s, i) || (skills >> skill & 1) == 0)
            continue;
        if (best == OMO_NONE || __builtin_popcount(skills) < best_skills) {
            best = i;
            best_skills = __builtin_popcount(skills);
        }
    }
    return best;
}

uint32_t server_skills(const struct station *s)
{
    uint32_t skills = 0;

    for (uint32_t i = 0; i < s->server_count && skills != UINT32_MAX; i++)
        if (server_is_free(s, i))
            skills |= server_crew_skills(s, i);
    return skills;
}

uint32_t server_least(const struct omo_kernel *k, const struct station *s, uint32_t waiting)
{
    const struct job *w = &k->job[waiting];
    uint32_t least = OMO_NONE;

    for (uint32_t i = 0; i < s->server_count && i < s->duty_shift; i++) {
        uint32_t slot = s->server[i].job;
        if (slot == OMO_NONE || k->job[slot].state != JOB_SERVED ||
            k->job[slot].priority <= w->priority || (server_crew_skills(s, i) >> w->skill & 1) == 0)
            continue;
        if (least == OMO_NONE || queue_before(k, OMO_PRIORITY, least, slot))
            least = slot;
    }
    return least;
}

int64_t server_span_us(const struct station *s, uint32_t server, int64_t work_us)
{
    if (s->options.crew_count == 0)
        return work_us;
    double speed = s->options.crews[s->server[server].crew].speed;
    double span_us = (double)work_us / speed + 0.5;
    return speed == 1.0 ? work_us : span_us < 0x1p62 ? (int64_t)span_us : INT64_C(1) << 62;
}

int64_t server_work_us(const struct station *s, uint32_t server, int64_t span_us)
{
    if (s->options.crew_count == 0)
        return span_us;
    double speed = s->options.crews[s->server[server].crew].speed;
    return speed == 1.0 ? span_us : (int64_t)((double)span_us * speed + 0.5);
}

/* ---- how many are there ---------------------------------------------------------------------- */

void server_note(struct omo_kernel *k, struct station *s)
{
    int64_t now_us = engine_now_us(k);
    uint32_t after = 0, down = 0, duty = s->duty_shift;

    if (!s->special)
        return;
    if (s->detailed) {
        duty = 0;
        for (uint32_t i = 0; i < s->server_count; i++) {
            after += i >= s->duty_shift && s->server[i].job != OMO_NONE;
            down += !s->server[i].up;
            duty += i < s->duty_shift && s->server[i].up;
        }
    } else if (s->busy + s->blocked > s->duty_shift) {
        after = s->busy + s->blocked - s->duty_shift;
    }
    s->duty = duty;
    gauge_add(&s->duty_gauge, now_us, (int64_t)duty - s->duty_gauge.level);
    gauge_add(&s->overtime_gauge, now_us, (int64_t)after - s->overtime_gauge.level);
    gauge_add(&s->down_gauge, now_us, (int64_t)down - s->down_gauge.level);
}

/* ---- shifts ---------------------------------------------------------------------------------- */

static void server_shift_next(struct omo_kernel *k, uint32_t station, uint32_t shift)
{
    const omo_station_options *o = &k->station[station].options;
    uint32_t next = shift + 1 < o->shift_count ? shift + 1 : 0;
    int64_t after_us = next != 0 ? o->shifts[next].from_us - o->shifts[shift].from_us
                                 : o->shift_period_us - o->shifts[shift].from_us;

    engine_schedule(k, after_us, (struct event_about){ENGINE_SHIFT, OWNER_NONE, station, 0, next});
}

static void server_hand_over(struct omo_kernel *k, struct station *s)
{
    for (uint32_t i = s->duty_shift; i < s->server_count; i++) {
        uint32_t slot = s->server[i].job;
        if (slot != OMO_NONE && k->job[slot].state == JOB_SERVED)
            station_interrupt(k, s, slot, false);
    }
}

void server_shift(struct omo_kernel *k, uint32_t station, uint32_t shift)
{
    struct station *s = &k->station[station];

    station_touch(s, engine_now_us(k));
    s->duty_shift = s->options.shifts[shift].servers;
    server_shift_next(k, station, shift);
    if (s->detailed && s->options.shift_end == OMO_HAND_OVER)
        server_hand_over(k, s);
    server_note(k, s);
    station_fill(k, s);
    server_note(k, s);
}

/* ---- breakdowns ------------------------------------------------------------------------------ */

static int64_t server_draw_us(struct omo_kernel *k, uint32_t station, uint32_t server,
                              const omo_law *law)
{
    struct server *v = &k->station[station].server[server];
    struct draw_cursor c;

    draw_begin(&c, k->key, DRAW_SERVER, (uint64_t)server << 32 | v->lives++, station);
    return law_draw_us(law, &c);
}

static void server_change(struct omo_kernel *k, uint32_t station, uint32_t server, bool up)
{
    const omo_station_options *o = &k->station[station].options;

    k->station[station].server[server].up = up;
    engine_schedule(k, server_draw_us(k, station, server, up ? &o->up : &o->down),
                    (struct event_about){up ? ENGINE_FAIL : ENGINE_REPAIR, OWNER_NONE, station, 0,
                                         server});
}

void server_fail(struct omo_kernel *k, uint32_t station, uint32_t server)
{
    struct station *s = &k->station[station];
    uint32_t slot = s->server[server].job;

    station_touch(s, engine_now_us(k));
    server_change(k, station, server, false);
    if (slot != OMO_NONE && k->job[slot].state == JOB_SERVED)
        station_interrupt(k, s, slot, s->options.work_lost);
    server_note(k, s);
    station_fill(k, s);
}

void server_repair(struct omo_kernel *k, uint32_t station, uint32_t server)
{
    struct station *s = &k->station[station];

    station_touch(s, engine_now_us(k));
    server_change(k, station, server, true);
    server_note(k, s);
    station_fill(k, s);
}

void server_begin(struct omo_kernel *k, uint32_t station)
{
    struct station *s = &k->station[station];
    const omo_station_options *o = &s->options;

    for (uint32_t crew = 0, of_crew = 0, i = 0; s->detailed && i < s->server_count; i++) {
        if (o->crew_count != 0 && of_crew == o->crews[crew].servers) {
            crew++;
            of_crew = 0;
        }
        of_crew++;
        s->server[i] = (struct server){.job = OMO_NONE, .crew = crew, .up = true};
        if (o->breaks) {
            k->recurring++;
            server_change(k, station, i, true);
        }
    }
    s->duty_gauge.level = s->duty;
    if (o->shift_count != 0) {
        k->recurring += o->shift_count > 1;
        if (o->shift_count > 1)
            server_shift_next(k, station, 0);
    }
    if (o->wave_us != 0) {
        k->recurring++;
        engine_schedule(k, o->wave_us,
                        (struct event_about){ENGINE_WAVE, OWNER_NONE, station, 0, 0});
    }
}
