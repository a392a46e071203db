/* Sealing a queueing network: copies of its own, who can meet whom, and what KPI columns are about.
 *
 * A job of a source can meet the stations on the routes and branches from where it enters. KPI
 * columns are made for those pairs only: in a network of many sources most pairs never meet, and a
 * column that can't have a value is noise. The same walk finds the jobs that would wait for ever
 * because no crew of a station has their skill.
 */
#include "experiment/seal.h"

#define SEAL_CHECK(condition, ...)                                                                 \
    do {                                                                                           \
        if (!(condition))                                                                          \
            return core_error(ret_error, OMO_EINVAL, __VA_ARGS__);                                 \
    } while (0)

/* Marks what can be reached from the stations on the stack. O(stations x routes): a few hundred of
 * each at most, once a model. */
static void seal_stations_walk(const struct queueing *q, bool *met, uint32_t *stack, uint32_t depth)
{
    while (depth != 0) {
        uint32_t at = stack[--depth];
        const omo_station_options *o = &q->station[at];
        for (uint32_t i = 0; i < o->branch_count; i++)
            if (!met[o->branches[i].index]) {
                met[o->branches[i].index] = true;
                stack[depth++] = o->branches[i].index;
            }
        for (uint32_t i = 0; i < q->route_count; i++) {
            const struct queueing_route *r = &q->route[i];
            if (r->from.index != at || r->share_ppm == 0 || met[r->to.index])
                continue;
            met[r->to.index] = true;
            stack[depth++] = r->to.index;
        }
    }
}

static omo_status seal_stations_skills(const struct queueing *q, uint32_t source, const bool *met,
                                       omo_error *ret_error)
{
    const omo_source_options *s = &q->source[source];

    for (uint32_t i = 0; i < q->station_count; i++) {
        const omo_station_options *o = &q->station[i];
        uint32_t skills = 0;
        for (uint32_t c = 0; c < o->crew_count; c++)
            skills |= o->crews[c].skills;
        SEAL_CHECK(!met[i] || o->crew_count == 0 || (skills >> s->skill & 1) != 0,
                   "%s: its jobs come to %s, where no crew has their skill", s->name, o->name);
    }
    return OMO_OK;
}

/* "station", "station.source" or "source". */
static const char *seal_stations_name(struct arena *a, const char *station, const char *source)
{
    size_t first = station != NULL ? strlen(station) : 0,
           second = source != NULL ? strlen(source) : 0;
    char *name = arena_take(a, first + second + 2, 1), *end = name;

    if (name == NULL)
        return NULL;
    if (station != NULL)
        end = (char *)memcpy(end, station, first) + first;
    if (station != NULL && source != NULL)
        *end++ = '.';
    if (source != NULL)
        memcpy(end, source, second);
    return name;
}

static bool seal_stations_subject(omo_model *m, uint32_t station, uint32_t source)
{
    struct queueing *q = &m->queueing;
    const char *name =
        seal_stations_name(&m->arena, station != OMO_NONE ? q->station[station].name : NULL,
                           source != OMO_NONE ? q->source[source].name : NULL);

    q->subject[q->subject_count++] = (struct queueing_subject){station, source, name};
    return name != NULL;
}

/* `met` is [source * station_count + station]. */
static bool seal_stations_subjects(omo_model *m, const bool *met)
{
    struct queueing *q = &m->queueing;
    size_t pairs = 0;
    bool ok = true;

    for (size_t i = 0; i < (size_t)q->source_count * q->station_count; i++)
        pairs += met[i];
    q->subject =
        arena_take(&m->arena, q->station_count + pairs + q->source_count, sizeof(q->subject[0]));
    if (q->subject == NULL)
        return false;
    for (uint32_t i = 0; i < q->station_count; i++)
        ok = seal_stations_subject(m, i, OMO_NONE) && ok;
    for (uint32_t i = 0; i < q->station_count; i++)
        for (uint32_t s = 0; s < q->source_count; s++)
            if (met[(size_t)s * q->station_count + i])
                ok = seal_stations_subject(m, i, s) && ok;
    for (uint32_t s = 0; s < q->source_count; s++)
        ok = seal_stations_subject(m, OMO_NONE, s) && ok;
    return ok;
}

static bool seal_stations_copy(omo_model *m)
{
    const struct queueing from = draft_queueing(m->draft);
    struct queueing *to = &m->queueing;
    bool ok = true;

    to->station = arena_take(&m->arena, from.station_count, sizeof(to->station[0]));
    to->source = arena_take(&m->arena, from.source_count, sizeof(to->source[0]));
    to->route = arena_take(&m->arena, from.route_count, sizeof(to->route[0]));
    if (to->station == NULL || to->source == NULL || to->route == NULL)
        return false;
    for (uint32_t i = 0; ok && i < from.station_count; i++)
        ok = seal_copy_station(&m->arena, &from.station[i], &to->station[i]);
    for (uint32_t i = 0; ok && i < from.source_count; i++)
        ok = seal_copy_source(&m->arena, &from.source[i], &to->source[i]);
    if (from.route_count != 0)
        memcpy(to->route, from.route, from.route_count * sizeof(to->route[0]));
    to->station_count = from.station_count;
    to->source_count = from.source_count;
    to->route_count = from.route_count;
    return ok;
}

omo_status seal_stations(omo_model *m, omo_error *ret_error)
{
    const struct model_draft *d = m->draft;
    struct queueing *q = &m->queueing;

    SEAL_CHECK(d->places.count == 0 && d->skus.count == 0 && d->lanes.count == 0 &&
                   d->zones.count == 0 && d->segments.count == 0 && d->channels.count == 0 &&
                   d->promotions.count == 0,
               "a model has either places or stations, not both");
    SEAL_CHECK(d->sources.count != 0, "a queueing network needs at least one source");
    if (!seal_stations_copy(m))
        return core_error(ret_error, OMO_ENOMEM, "no memory for the model");
    bool *met = arena_take(&m->arena, (size_t)q->source_count * q->station_count, sizeof(bool));
    uint32_t *stack = arena_take(&m->arena, q->station_count, sizeof(uint32_t));
    if (met == NULL || stack == NULL)
        return core_error(ret_error, OMO_ENOMEM, "no memory for the model");
    for (uint32_t s = 0; s < q->source_count; s++) {
        bool *of_source = met + (size_t)s * q->station_count;
        stack[0] = q->source[s].to.index;
        of_source[stack[0]] = true;
        seal_stations_walk(q, of_source, stack, 1);
        omo_status status = seal_stations_skills(q, s, of_source, ret_error);
        if (status != OMO_OK)
            return status;
    }
    return seal_stations_subjects(m, met)
               ? OMO_OK
               : core_error(ret_error, OMO_ENOMEM, "no memory for the model");
}
