/* One line for each piece of a kernel.
 *
 * A restored kernel is sealed first, which makes every pointer and all that follows from the model,
 * and then filled: what sealing has scheduled is overwritten with the rest of the calendar. Pools
 * and the calendar count what was ever touched, not what is in use at the moment, since free lists
 * run through touched slots. Capacities are the kernel's own: another job_max is no other state.
 *
 * Members of stations and sources stand between options and pointers, so they are packed into a
 * column first, one element a station: two sections, whatever their number. Grouping them into a
 * struct of their own would have moved what every event reads out of its cache lines. The columns
 * are address space until somebody saves. */
#include "kernel/snapshot.h"

/* ---- stations and sources -------------------------------------------------------------------- */

#define SNAPSHOT_MEMBER(type, member, is_saved)                                                    \
    {                                                                                              \
#member, offsetof(struct type, member), sizeof(((struct type *)NULL)->member), is_saved    \
    }
#define SAVED(member) SNAPSHOT_MEMBER(station, member, true)
#define KEPT(member) SNAPSHOT_MEMBER(station, member, false)

static const struct snapshot_member snapshot_station[] = {
    SAVED(since_us),       KEPT(index),           SAVED(waiting),      SAVED(busy),
    SAVED(blocked),        SAVED(inside),         SAVED(duty),         KEPT(room),
    KEPT(level_over),      KEPT(plain),           KEPT(detailed),      KEPT(special),
    KEPT(batches),         KEPT(impatient),       SAVED(batch_timer),  KEPT(wait_over_us),
    KEPT(stay_over_us),    KEPT(queue),           KEPT(queue_count),   KEPT(sums),
    KEPT(service),         SAVED(waiting_area),   SAVED(busy_area),    SAVED(level_square_area),
    SAVED(level_area),     SAVED(blocked_gauge),  SAVED(empty_us),     SAVED(over_us),
    SAVED(empty_since_us), SAVED(over_since_us),  SAVED(level_max),    SAVED(wait_over),
    SAVED(stay_over),      SAVED(preempted),      SAVED(wait),         SAVED(batches_wait),
    SAVED(gate),           SAVED(blocked_first),  SAVED(blocked_last), SAVED(let_in_next),
    SAVED(lets_in),        KEPT(server),          KEPT(server_count),  SAVED(duty_shift),
    SAVED(duty_gauge),     SAVED(overtime_gauge), SAVED(down_gauge),   SAVED(wave),
    SAVED(waves_empty),    SAVED(period_end_us),  SAVED(period_done),  SAVED(period),
    SAVED(pick_count),     KEPT(options),         KEPT(routes),
};
#undef SAVED
#undef KEPT

static const struct snapshot_member snapshot_source[] = {
    SNAPSHOT_MEMBER(source, options, false),       SNAPSHOT_MEMBER(source, rates, false),
    SNAPSHOT_MEMBER(source, cursor, true),         SNAPSHOT_MEMBER(source, ordinal, true),
    SNAPSHOT_MEMBER(source, next_us, true),        SNAPSHOT_MEMBER(source, next_order, true),
    SNAPSHOT_MEMBER(source, ahead, true), /* services ahead are drawn again */
    SNAPSHOT_MEMBER(source, service_first, false), SNAPSHOT_MEMBER(source, service, false),
    SNAPSHOT_MEMBER(source, gap_used, true),       SNAPSHOT_MEMBER(source, gap, true),
    SNAPSHOT_MEMBER(source, sums, true),
};

#define SNAPSHOT_COUNT(table) ((uint32_t)(sizeof(table) / sizeof((table)[0])))

const struct snapshot_member *snapshot_station_members(uint32_t *ret_count)
{
    *ret_count = SNAPSHOT_COUNT(snapshot_station);
    return snapshot_station;
}

const struct snapshot_member *snapshot_source_members(uint32_t *ret_count)
{
    *ret_count = SNAPSHOT_COUNT(snapshot_source);
    return snapshot_source;
}

static size_t snapshot_packed_size(const struct snapshot_member *member, uint32_t count)
{
    size_t size = 0;

    for (uint32_t i = 0; i < count; i++)
        size += member[i].saved ? member[i].size : 0;
    return size;
}

size_t snapshot_station_size(void)
{
    return snapshot_packed_size(snapshot_station, SNAPSHOT_COUNT(snapshot_station));
}

size_t snapshot_source_size(void)
{
    return snapshot_packed_size(snapshot_source, SNAPSHOT_COUNT(snapshot_source));
}

/* Copies the saved members to `packed`, or back; returns what follows there. */
static char *snapshot_copy(const struct snapshot_member *member, uint32_t count, char *object,
                           char *packed, bool back)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!member[i].saved)
            continue;
        memcpy(back ? object + member[i].at : packed, back ? packed : object + member[i].at,
               member[i].size);
        packed += member[i].size;
    }
    return packed;
}

static void snapshot_copy_all(const struct omo_kernel *k, bool back)
{
    char *at = k->packed_station;

    for (uint32_t i = 0; i < k->station_count; i++)
        at = snapshot_copy(snapshot_station, SNAPSHOT_COUNT(snapshot_station),
                           (char *)&k->station[i], at, back);
    at = k->packed_source;
    for (uint32_t i = 0; i < k->source_count; i++)
        at = snapshot_copy(snapshot_source, SNAPSHOT_COUNT(snapshot_source), (char *)&k->source[i],
                           at, back);
}

void snapshot_pack(const struct omo_kernel *k) { snapshot_copy_all(k, false); }

/* ---- the register ---------------------------------------------------------------------------- */

struct snapshot_walk {
    snapshot_visitor visit;
    void *user;
    bool ok;
};

static void snapshot_visit(struct snapshot_walk *w, struct snapshot_piece piece)
{
    w->ok = w->ok && w->visit(w->user, &piece);
}

#define SNAPSHOT_PART(what, member)                                                                \
    snapshot_visit(w, (struct snapshot_piece){.name = #member,                                     \
                                              .kind = (what),                                      \
                                              .bytes = &k->member,                                 \
                                              .element_size = sizeof(k->member),                   \
                                              .count = 1,                                          \
                                              .capacity = 1})
#define PART(member) SNAPSHOT_PART(SNAPSHOT_STATE, member)
#define LINK(member) SNAPSHOT_PART(SNAPSHOT_LINK, member)
#define SNAPSHOT_COLUMN(what, label, column, size, in_use, room)                                   \
    snapshot_visit(w, (struct snapshot_piece){.name = (label),                                     \
                                              .kind = (what),                                      \
                                              .bytes = (void *)(uintptr_t)(column),                \
                                              .pointer = &(column),                                \
                                              .element_size = (size),                              \
                                              .count = (in_use),                                   \
                                              .capacity = (room)})
#define STATE(member, in_use, room)                                                                \
    SNAPSHOT_COLUMN(SNAPSHOT_STATE, #member, k->member, sizeof(k->member[0]), in_use, room)
#define SCRATCH(label, column, room) SNAPSHOT_COLUMN(SNAPSHOT_SCRATCH, label, column, 1, 0, room)
#define POOL(pool)                                                                                 \
    do {                                                                                           \
        LINK(pool.name);                                                                           \
        LINK(pool.capacity);                                                                       \
        PART(pool.touched);                                                                        \
        PART(pool.free_first);                                                                     \
        PART(pool.used);                                                                           \
        PART(pool.used_max);                                                                       \
        STATE(pool.next, k->pool.touched, k->pool.capacity);                                       \
        STATE(pool.generation, k->pool.touched, k->pool.capacity);                                 \
    } while (0)

static void snapshot_calendar(struct snapshot_walk *w, struct omo_kernel *k)
{
    PART(calendar.near);
    PART(calendar.near_first);
    PART(calendar.near_end);
    PART(calendar.count);
    LINK(calendar.capacity);
    PART(calendar.sequence);
    PART(calendar.now_us);
    PART(calendar.stale);
    PART(calendar.cancelled);
    LINK(calendar.owner);
    PART(calendar.reference_us);
    PART(calendar.chunk_free);
    PART(calendar.chunk_used);
    LINK(calendar.chunk_count);
    PART(calendar.rows);
    PART(calendar.digits);
    PART(calendar.bucket);
    SNAPSHOT_COLUMN(SNAPSHOT_STATE, "calendar.slot", k->calendar.slot, 1,
                    calendar_used_size(&k->calendar), calendar_size(k->calendar.capacity));
}

static void snapshot_members(struct snapshot_walk *w, struct omo_kernel *k)
{
    LINK(key);
    PART(reset_us);
    LINK(stopped); /* so are the next three: a kernel is saved between two runs */
    LINK(sealed);
    LINK(running);
    LINK(interrupted);
    LINK(event_reader);
    LINK(event_reader_user);
    LINK(steps);
    LINK(steps_arena);
    PART(event_count);
    PART(digest);
    PART(turn);
    PART(depth);
    PART(cell_free);
    PART(cell_used);
    LINK(station);
    LINK(station_count);
    LINK(station_capacity);
    LINK(source);
    LINK(source_count);
    LINK(source_capacity);
    PART(source_first);
    PART(ahead_count);
    LINK(handler);
    LINK(handler_count);
    LINK(handler_capacity);
    PART(recurring);
    LINK(arena);
    LINK(options);
    LINK(status);
    LINK(error);
}

static void snapshot_columns(struct snapshot_walk *w, struct omo_kernel *k)
{
    uint32_t jobs = k->jobs.capacity, timers = k->timers.capacity;

    POOL(jobs);
    STATE(job, k->jobs.touched, jobs);
    STATE(stamp, k->jobs.touched, jobs);
    STATE(cell, k->cell_used, jobs);
    POOL(timers);
    STATE(timer_kind, k->timers.touched, timers);
    STATE(timer_subject, k->timers.touched, timers);
    STATE(station_stamp, k->station_count, k->station_count);
    SNAPSHOT_COLUMN(SNAPSHOT_STATE, "stations", k->packed_station, snapshot_station_size(),
                    k->station_count, k->station_count);
    SNAPSHOT_COLUMN(SNAPSHOT_STATE, "sources", k->packed_source, snapshot_source_size(),
                    k->source_count, k->source_count);
    SCRATCH("count", k->count, k->station_count * report_count_size());
}

static void snapshot_stations(struct snapshot_walk *w, struct omo_kernel *k)
{
    for (uint32_t i = 0; i < k->station_count; i++) {
        struct station *s = &k->station[i];
        SNAPSHOT_COLUMN(SNAPSHOT_STATE, "station.sums", s->sums, sizeof(s->sums[0]),
                        k->source_count, k->source_count);
        SNAPSHOT_COLUMN(SNAPSHOT_STATE, "station.queue", s->queue, sizeof(s->queue[0]),
                        s->queue_count, s->queue_count);
        SNAPSHOT_COLUMN(SNAPSHOT_STATE, "station.server", s->server, sizeof(s->server[0]),
                        s->server_count, s->server_count);
    }
    for (uint32_t i = 0; i < k->source_count; i++) {
        struct nhpp *p = &k->source[i].rates;
        SCRATCH("source.begin_us", p->begin_us, p->piece_count * sizeof(p->begin_us[0]));
        SCRATCH("source.per_hour", p->per_hour, p->piece_count * sizeof(p->per_hour[0]));
        SCRATCH("source.until", p->until, p->piece_count * sizeof(p->until[0]));
    }
}

bool snapshot_each(struct omo_kernel *k, snapshot_visitor visit, void *user)
{
    struct snapshot_walk walk = {.visit = visit, .user = user, .ok = true}, *w = &walk;

    snapshot_calendar(w, k);
    snapshot_members(w, k);
    snapshot_columns(w, k);
    snapshot_stations(w, k);
    return w->ok;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct snapshot_total {
    uint64_t size;
    uint32_t columns;
};

static bool snapshot_is_saved(const struct snapshot_piece *piece)
{
    return piece->kind == SNAPSHOT_STATE && piece->bytes != NULL;
}

static bool snapshot_add(void *user, const struct snapshot_piece *piece)
{
    struct snapshot_total *total = user;

    if (snapshot_is_saved(piece))
        total->size += checkpoint_section_size(piece->element_size, piece->count);
    total->columns += piece->pointer != NULL && piece->bytes != NULL;
    return true;
}

/* A kernel is only looked at; the walk is for restoring, too, and so has no const. */
uint64_t snapshot_size(const struct omo_kernel *k)
{
    struct snapshot_total total = {0};

    snapshot_each((struct omo_kernel *)k, snapshot_add, &total);
    OMO_ASSERT(total.columns == arena_count(&k->arena));
    return total.size;
}

static bool snapshot_write_piece(void *user, const struct snapshot_piece *piece)
{
    return !snapshot_is_saved(piece) ||
           checkpoint_write_section(user, piece->name, piece->element_size, piece->count,
                                    piece->bytes);
}

bool snapshot_write(const struct omo_kernel *k, const struct checkpoint_sink *sink)
{
    struct checkpoint_sink to = *sink;

    OMO_ASSERT(k->sealed && !k->running);
    snapshot_pack(k);
    return snapshot_each((struct omo_kernel *)k, snapshot_write_piece, &to);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool snapshot_read_piece(void *user, const struct snapshot_piece *piece)
{
    struct checkpoint_source *source = user;
    uint64_t count;

    if (!snapshot_is_saved(piece))
        return true;
    if (piece->count > piece->capacity) {
        core_error(source->error, OMO_EINVAL,
                   "the saved %s has %llu elements of %s, and there is room for %llu", source->what,
                   (unsigned long long)piece->count, piece->name,
                   (unsigned long long)piece->capacity);
        return false;
    }
    return checkpoint_read_section(source, piece->name, piece->element_size, piece->count,
                                   piece->capacity, piece->bytes, &count);
}

/* What the audit and the loop index by. */
static bool snapshot_fits(const struct omo_kernel *k)
{
    const struct calendar *c = &k->calendar;
    bool fits = c->near_first <= c->near_end && c->near_end <= CALENDAR_NEAR &&
                c->count <= c->capacity && c->now_us >= 0 && k->jobs.used <= k->jobs.touched &&
                k->timers.used <= k->timers.touched;

    for (uint32_t i = 0; fits && i < k->jobs.touched; i++) {
        const struct job *j = &k->job[i];
        fits = !j->alive || (j->source < k->source_count &&
                             (j->state == JOB_NOWHERE || j->station < k->station_count));
    }
    for (uint32_t i = 0; fits && i < k->source_count; i++)
        fits = k->source[i].gap_used <= SOURCE_GAPS && k->source[i].cursor.used <= 4;
    return fits;
}

bool snapshot_read(struct omo_kernel *k, struct checkpoint_source *source)
{
    OMO_ASSERT(k->sealed && k->status == OMO_OK);
    if (!snapshot_each(k, snapshot_read_piece, source))
        return false;
    snapshot_copy_all(k, true);
    if (!snapshot_fits(k))
        return checkpoint_refuse(source, "makes no sense");
    return report_audit(k, source->error) == OMO_OK;
}
