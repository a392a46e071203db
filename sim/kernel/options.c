/* What a model may add to a kernel before its first run, checked as it comes.
 *
 * A mistake is kept as the kernel's first one, with the station's name and the option's; the model
 * may go on adding, and the run then says what was wrong. Names and arrays are copied. */
#define OMO_CORE_MAY_ALLOCATE
#include <stdlib.h>

#include "kernel/engine.h"

omo_station_options omo_station_defaults(const char *name)
{
    return (omo_station_options){
        .size = sizeof(omo_station_options),
        .name = name,
        .servers = 1,
        .room = OMO_UNLIMITED,
        .batch_min = 1,
        .batch_max = 1,
        .batch_wait_us = OMO_FOREVER,
        .wait_over_us = -1,
        .time_over_us = -1,
        .level_over = OMO_UNLIMITED,
        .period_us = OMO_US_PER_DAY,
    };
}

omo_source_options omo_source_defaults(const char *name)
{
    return (omo_source_options){
        .size = sizeof(omo_source_options),
        .name = name,
        .until_us = OMO_FOREVER,
        .count_max = UINT64_MAX,
    };
}

/* ---- checks ---------------------------------------------------------------------------------- */

/* Text of what is wrong, or NULL. */
static const char *options_servers(const omo_station_options *o)
{
    if (o->shift_count != 0 && (o->shifts == NULL || o->shift_period_us <= 0))
        return "shifts need their list and a period above 0";
    if (o->shift_count != 0 && o->crew_count != 0)
        return "a station has shifts or crews, not both";
    for (uint32_t i = 0; i < o->shift_count; i++) {
        if (i == 0 ? o->shifts[i].from_us != 0 : o->shifts[i].from_us <= o->shifts[i - 1].from_us)
            return "shifts begin at 0 and ascend";
        if (o->shifts[i].from_us >= o->shift_period_us)
            return "shifts begin before the end of their period";
        if (o->shifts[i].servers >= OMO_UNLIMITED / 2)
            return "a shift has a number of servers";
    }
    if (o->crew_count != 0 && o->crews == NULL)
        return "crews need their list";
    for (uint32_t i = 0; i < o->crew_count; i++) {
        if (o->crews[i].servers == 0 || o->crews[i].servers >= OMO_UNLIMITED / 2)
            return "a crew has at least one server";
        if (o->crews[i].skills == 0)
            return "a crew has at least one skill";
        if (!(o->crews[i].speed > 0.0) || o->crews[i].speed > 1e6)
            return "a crew's speed is above 0 and at most 1,000,000";
    }
    if (o->servers == 0 && o->shift_count == 0 && o->crew_count == 0)
        return "servers is 0; a station needs at least one";
    if (o->servers > UINT32_MAX / 8 && o->servers != OMO_UNLIMITED)
        return "servers is at most 536,870,911, or OMO_UNLIMITED";
    return NULL;
}

static bool options_tells_apart(const omo_station_options *o)
{
    return o->discipline == OMO_PRIORITY_PREEMPTIVE || o->breaks || o->crew_count != 0 ||
           (o->shift_count != 0 && o->shift_end == OMO_HAND_OVER);
}

static const char *options_combination(const omo_station_options *o)
{
    bool batches = o->batch_max > 1 || o->batch_min > 1;

    if ((unsigned)o->discipline > OMO_PRIORITY_PREEMPTIVE)
        return "there is no such discipline";
    if ((unsigned)o->when_full > OMO_BLOCK || (unsigned)o->shift_end > OMO_HAND_OVER)
        return "there is no such choice of when_full or shift_end";
    if (o->room == 0)
        return "room is 0; nobody could come in";
    if (o->balk_ppm > OMO_PPM)
        return "balk_ppm is at most 1,000,000";
    if (o->batch_min == 0 || o->batch_min > o->batch_max)
        return "batch_min is 1 to batch_max";
    if (o->batch_wait_us < 0 || o->wave_us < 0)
        return "batch_wait_us and wave_us are not negative";
    if (o->batch_min > o->room)
        return "batch_min is above the room: no batch could ever be full";
    if (batches && (o->discipline != OMO_FIFO || options_tells_apart(o)))
        return "batches are first come first served, by servers alike that are not interrupted";
    if (batches && o->wave_us != 0)
        return "a station has batches or waves, not both";
    if (o->servers == OMO_UNLIMITED && (options_tells_apart(o) || batches) && o->crew_count == 0 &&
        o->shift_count == 0)
        return "servers that break down, are preempted or serve batches need a number";
    if (o->period_us <= 0)
        return "period_us is above 0";
    return NULL;
}

static const char *options_laws(const omo_station_options *o, omo_error *error)
{
    if (omo_law_check(&o->service, error) != OMO_OK)
        return "service";
    if (o->impatient && omo_law_check(&o->patience, error) != OMO_OK)
        return "patience";
    if (o->breaks && omo_law_check(&o->up, error) != OMO_OK)
        return "up";
    if (o->breaks && omo_law_check(&o->down, error) != OMO_OK)
        return "down";
    return NULL;
}

/* Notes what is wrong with a station; false then. */
static bool options_check_station(struct omo_kernel *k, const omo_station_options *o)
{
    omo_error error = {.status = OMO_OK};
    const char *law, *text;

    if (o->branch_count != 0)
        text = o->branches == NULL ? "branches need their list" : NULL;
    else
        text = options_servers(o);
    if (text == NULL)
        text = options_combination(o);
    if (text != NULL) {
        engine_fail(k, OMO_EINVAL, "station %s: %s", o->name, text);
        return false;
    }
    law = options_laws(o, &error);
    if (law != NULL) {
        engine_fail(k, OMO_EINVAL, "station %s: %s: %s", o->name, law, error.text);
        return false;
    }
    if (o->impatient && omo_law_mean(&o->patience) <= 0.0) {
        engine_fail(k, OMO_EINVAL,
                    "station %s: a patience of 0 is a room without a queue: use room", o->name);
        return false;
    }
    if (o->breaks && omo_law_mean(&o->up) <= 0.0) {
        engine_fail(k, OMO_EINVAL, "station %s: up is 0; the server would always be down", o->name);
        return false;
    }
    return true;
}

/* ---- adding ---------------------------------------------------------------------------------- */

/* Copies `count` elements; NULL when there are none, or no memory (noted). */
static void *options_copy(struct omo_kernel *k, const void *from, size_t count, size_t size)
{
    if (count == 0)
        return NULL;
    void *copy = malloc(count * size);
    if (copy == NULL)
        engine_fail(k, OMO_ENOMEM, "no memory for a kernel's options");
    else
        memcpy(copy, from, count * size);
    return copy;
}

/* Room for one more element; the array, or NULL (noted). */
static void *options_grow(struct omo_kernel *k, void *array, uint32_t count, uint32_t *capacity,
                          size_t size)
{
    if (count < *capacity)
        return array;
    void *grown = realloc(array, (2 * (size_t)count + 8) * size);
    if (grown == NULL)
        engine_fail(k, OMO_ENOMEM, "no memory for a kernel's options");
    else
        *capacity = 2 * count + 8;
    return grown;
}

static void options_server_count(struct station *s)
{
    const omo_station_options *o = &s->options;

    s->server_count = o->servers;
    s->duty_shift = o->servers;
    if (o->shift_count != 0) {
        s->server_count = 0;
        for (uint32_t i = 0; i < o->shift_count; i++)
            if (o->shifts[i].servers > s->server_count)
                s->server_count = o->shifts[i].servers;
        s->duty_shift = o->shifts[0].servers;
    } else if (o->crew_count != 0) {
        s->server_count = 0;
        for (uint32_t i = 0; i < o->crew_count; i++)
            s->server_count += o->crews[i].servers;
        s->duty_shift = s->server_count;
    }
    s->duty = s->duty_shift;
}

omo_station omo_kernel_add_station(omo_kernel *k, const omo_station_options *options)
{
    const omo_station none = {OMO_NONE};

    if (k == NULL)
        return none;
    if (k->sealed || options == NULL || options->size != sizeof(*options) ||
        options->name == NULL || k->station_count == ENGINE_STATIONS_MAX) {
        engine_fail(k, OMO_EINVAL,
                    "a station is added before the first run, with a name and "
                    "options that begin with their size");
        return none;
    }
    if (!options_check_station(k, options))
        return none;
    void *grown =
        options_grow(k, k->station, k->station_count, &k->station_capacity, sizeof(k->station[0]));
    if (grown == NULL)
        return none;
    k->station = grown;
    struct station *s = &k->station[k->station_count++];
    const omo_station_options *o = options;
    memset(s, 0, sizeof(*s)); /* holes, too: a test looks there for forgotten members */
    s->index = k->station_count - 1;
    s->options = *o;
    s->service = o->service;
    s->room = o->room;
    s->options.name = options_copy(k, o->name, strlen(o->name) + 1, 1);
    s->options.shifts = options_copy(k, o->shifts, o->shift_count, sizeof(o->shifts[0]));
    s->options.crews = options_copy(k, o->crews, o->crew_count, sizeof(o->crews[0]));
    s->options.branches = options_copy(k, o->branches, o->branch_count, sizeof(o->branches[0]));
    s->batches = o->batch_max > 1;
    s->detailed = options_tells_apart(o) && o->branch_count == 0;
    s->special = o->shift_count != 0 || o->breaks;
    s->plain = o->discipline == OMO_FIFO && !s->batches && !s->detailed && o->wave_us == 0 &&
               o->branch_count == 0;
    s->impatient = o->impatient;
    s->level_over = o->level_over;
    s->wait_over_us = o->wait_over_us >= 0 ? o->wait_over_us : OMO_FOREVER;
    s->stay_over_us = o->time_over_us >= 0 ? o->time_over_us : OMO_FOREVER;
    options_server_count(s);
    return (omo_station){k->station_count - 1};
}

omo_status omo_kernel_route(omo_kernel *k, omo_station from, omo_outcome outcome, omo_station to,
                            uint32_t share_ppm)
{
    if (k == NULL)
        return OMO_EINVAL;
    if (k->sealed || from.index >= k->station_count || to.index >= k->station_count ||
        (unsigned)outcome >= OMO_OUTCOME_COUNT) {
        engine_fail(k, OMO_EINVAL,
                    "a route is added before the first run, between stations that "
                    "were added");
        return OMO_EINVAL;
    }
    struct station *s = &k->station[from.index];
    struct station_routes *r = &s->routes[outcome];
    uint32_t until_ppm = r->count != 0 ? r->route[r->count - 1].until_ppm : 0;
    if (share_ppm > OMO_PPM - until_ppm) {
        engine_fail(k, OMO_EINVAL, "station %s: its routes add up to more than all of its jobs",
                    s->options.name);
        return OMO_EINVAL;
    }
    if (s->batches && k->station[to.index].options.when_full == OMO_BLOCK) {
        engine_fail(k, OMO_EINVAL,
                    "station %s: batches can't be blocked by what is ahead of them, station %s",
                    s->options.name, k->station[to.index].options.name);
        return OMO_EINVAL;
    }
    struct station_route *grown = realloc(r->route, (r->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        engine_fail(k, OMO_ENOMEM, "no memory for a kernel's routes");
        return OMO_ENOMEM;
    }
    r->route = grown;
    r->route[r->count++] = (struct station_route){to.index, until_ppm + share_ppm};
    return OMO_OK;
}

/* ---- sources --------------------------------------------------------------------------------- */

/* Text of what is wrong with the rates, or NULL. */
static const char *options_rates(const omo_source_options *o)
{
    double most = 0;

    if (o->rates == NULL || o->rate_period_us <= 0)
        return "rates need their list and a period above 0";
    for (uint32_t i = 0; i < o->rate_count; i++) {
        const omo_rate *rate = &o->rates[i];
        if (i == 0 ? rate->from_us != 0 : rate->from_us <= o->rates[i - 1].from_us)
            return "rates begin at 0 and ascend";
        if (rate->from_us >= o->rate_period_us)
            return "rates begin before the end of their period";
        if (!(rate->per_hour >= 0.0) || rate->per_hour > (double)OMO_US_PER_HOUR)
            return "a rate is a number from 0 to one arrival a microsecond";
        most = rate->per_hour > most ? rate->per_hour : most;
    }
    return most > 0.0 ? NULL : "all rates are 0: nobody would ever come";
}

static bool options_check_source(struct omo_kernel *k, const omo_source_options *o)
{
    const char *rates = o->population == 0 && o->rate_count != 0 ? options_rates(o) : NULL;
    omo_error error = {.status = OMO_OK};

    if (o->from_us < 0 || o->until_us < o->from_us)
        engine_fail(k, OMO_EINVAL, "source %s: it opens at 0 or later and closes after that",
                    o->name);
    else if (o->skill >= OMO_SKILLS_MAX)
        engine_fail(k, OMO_EINVAL, "source %s: skills are 0 to %d", o->name, OMO_SKILLS_MAX - 1);
    else if (rates != NULL)
        engine_fail(k, OMO_EINVAL, "source %s: %s", o->name, rates);
    else if (o->population != 0 || o->rate_count != 0)
        return true;
    else if (omo_law_check(&o->interval, &error) != OMO_OK)
        engine_fail(k, OMO_EINVAL, "source %s: interval: %s", o->name, error.text);
    else if (omo_law_mean(&o->interval) <= 0.0)
        engine_fail(k, OMO_EINVAL, "source %s: an interval of 0 would bring all jobs at once",
                    o->name);
    else
        return true;
    return false;
}

omo_source omo_kernel_add_source(omo_kernel *k, const omo_source_options *options)
{
    const omo_source none = {OMO_NONE};

    if (k == NULL)
        return none;
    if (k->sealed || options == NULL || options->size != sizeof(*options) ||
        options->name == NULL || k->source_count == ENGINE_SOURCES_MAX - 1) {
        engine_fail(k, OMO_EINVAL,
                    "a source is added before the first run, with a name and "
                    "options that begin with their size");
        return none;
    }
    if (!options_check_source(k, options))
        return none;
    void *grown =
        options_grow(k, k->source, k->source_count, &k->source_capacity, sizeof(k->source[0]));
    if (grown == NULL)
        return none;
    k->source = grown;
    struct source *s = &k->source[k->source_count++];
    memset(s, 0, sizeof(*s));
    s->options = *options;
    s->options.name = options_copy(k, options->name, strlen(options->name) + 1, 1);
    s->options.rates =
        options_copy(k, options->rates, options->population == 0 ? options->rate_count : 0,
                     sizeof(options->rates[0]));
    if (options->population != 0)
        s->options.rate_count = 0;
    return (omo_source){k->source_count - 1};
}

/* ---- what was added -------------------------------------------------------------------------- */

uint32_t omo_kernel_station_count(const omo_kernel *k) { return k->station_count; }
uint32_t omo_kernel_source_count(const omo_kernel *k) { return k->source_count; }

const char *omo_kernel_station_name(const omo_kernel *k, uint32_t station)
{
    return station < k->station_count ? k->station[station].options.name : NULL;
}

const char *omo_kernel_source_name(const omo_kernel *k, uint32_t source)
{
    return source < k->source_count ? k->source[source].options.name : NULL;
}

uint32_t omo_station_waiting(const omo_kernel *k, omo_station station)
{
    return station.index < k->station_count ? k->station[station.index].waiting : 0;
}

uint32_t omo_station_busy(const omo_kernel *k, omo_station station)
{
    return station.index < k->station_count ? k->station[station.index].busy : 0;
}
