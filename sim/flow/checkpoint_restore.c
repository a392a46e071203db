/* Restoring a world: a new world of the model, filled from the sections.
 *
 * omo_world_new() makes every pointer and everything that follows from the model (trees, fields of
 * places, views, which channel is online). Then the parts are read, which say how big the pools had
 * grown; the columns are made as big; and the columns are read into them. What a section must be
 * (name, size of an element, how many) is known before it is read, from the list that saved it, so
 * nothing of a file is believed: a name or number that differs refuses it, and so does a checksum.
 * Only a histogram knows its own size.
 *
 * A queueing network's world is filled by its kernel (kernel/snapshot.c).
 *
 * Last, what must follow the new model although it stands in the state: the period of charges, and
 * the room for the rest of the day. Then every unit, cent and coupon is counted, as at the end of a
 * run; a state that does not add up is refused. */
#include <omosim/checkpoint.h>

#include "flow/columns.h"
#include "flow/likeness.h"
#include "kernel/snapshot.h"

static bool checkpoint_read_likeness(struct checkpoint_source *s, const omo_model *m,
                                     const struct checkpoint_header *h)
{
    struct traits here;

    likeness_of(m, &here);
    if (!checkpoint_read_traits(s, &here))
        return false;
    if (h->now_us >= m->run.horizon_us) {
        core_error(s->error, OMO_EINVAL, "saved at day %g, but this model ends at day %g",
                   (double)h->now_us / (double)OMO_US_PER_DAY,
                   (double)m->run.horizon_us / (double)OMO_US_PER_DAY);
        return false;
    }
    if (m->queueing.station_count != 0)
        return true;
    /* At midnight, but for the first one, the next day has not begun. */
    int64_t days = h->now_us == 0 ? 1 : (h->now_us + OMO_US_PER_DAY - 1) / OMO_US_PER_DAY;
    int64_t midnight_us = days * OMO_US_PER_DAY;
    if (h->horizon_us < midnight_us && m->run.horizon_us > h->horizon_us) {
        core_error(
            s->error, OMO_EINVAL,
            "saved on a day that its own horizon, day %g, cuts short: it cannot go on longer",
            (double)h->horizon_us / (double)OMO_US_PER_DAY);
        return false;
    }
    return true;
}

static bool checkpoint_pool_fits(const struct pool *p)
{
    return p->touched <= p->capacity && p->used <= p->touched && p->capacity < OMO_NONE;
}

/* What the sizes of columns depend on. */
static bool checkpoint_parts_fit(const struct omo_world *w)
{
    const struct view *v = &w->view;
    const struct detail *d = &w->detail;

    return checkpoint_pool_fits(&w->pipeline.shipments) &&
           checkpoint_pool_fits(&w->pipeline.chunks) && checkpoint_pool_fits(&w->waiting.pool) &&
           checkpoint_pool_fits(&w->returns.pool) && checkpoint_pool_fits(&w->follow_ups.pool) &&
           checkpoint_pool_fits(&w->orders.carrying) && checkpoint_pool_fits(&w->orders.slots) &&
           checkpoint_pool_fits(&w->orders.details) && w->tape.next <= w->tape.count &&
           w->tape.count <= w->tape.capacity && v->wrap <= v->capacity &&
           v->tail - v->head <= v->wrap && d->day_count <= d->day_capacity &&
           w->calendar.count <= w->calendar.capacity &&
           calendar_used_size(&w->calendar) <= calendar_size(w->calendar.capacity);
}

/* Makes the columns of the pools as big as they were; `list` tells how big they are. */
static bool checkpoint_grow(struct omo_world *w, const struct column_list *list, omo_error *error)
{
    struct column_list saved;

    columns_list(w, &saved);
    for (uint32_t i = 0; i < saved.count; i++) {
        struct column *c = &saved.column[i];
        bool block = c->kind == COLUMN_STATE || c->kind == COLUMN_SCRATCH;
        if (!block || c->bytes == NULL || c->capacity <= list->column[i].capacity)
            continue;
        void *grown = arena_grow(&w->arena, c->bytes, 0, (size_t)c->capacity, c->element_size);
        if (grown == NULL) {
            core_error(error, OMO_ELIMIT, "run.memory_max: no room for a saved world");
            return false;
        }
        *c->pointer = grown;
    }
    calendar_move(&w->calendar, w->calendar.slot, w->calendar.capacity);
    return true;
}

static bool checkpoint_fill(struct omo_world *w, struct checkpoint_source *s)
{
    struct column_list list;
    uint64_t count;

    columns_list(w, &list);
    for (uint32_t i = 0; i < list.count; i++) {
        struct column *c = &list.column[i];
        if (c->kind == COLUMN_PART &&
            !checkpoint_read_section(s, c->name, c->element_size, c->count, c->capacity, c->bytes,
                                     &count))
            return false;
    }
    if (!checkpoint_parts_fit(w))
        return checkpoint_refuse(s, "makes no sense");
    if (!checkpoint_grow(w, &list, s->error))
        return false;
    columns_list(w, &list);
    for (uint32_t i = 0; i < list.count; i++) {
        struct column *c = &list.column[i];
        bool open = c->kind == COLUMN_HISTOGRAM;
        if (c->kind != COLUMN_PART && column_saved(c) &&
            !checkpoint_read_section(s, c->name, c->element_size, open ? UINT64_MAX : c->count,
                                     c->capacity, c->bytes, &count))
            return false;
    }
    return true;
}

static bool checkpoint_fill_world(struct omo_world *w, struct checkpoint_source *s,
                                  const struct checkpoint_header *h)
{
    if (!checkpoint_fill(w, s))
        return false;
    if (w->charge_us != 0)
        w->charge_us = day_charge_period_us(w->model);
    if (w->now_us == h->now_us && memory_after_restore(w) && audit_check(w))
        return true;
    return w->status == OMO_OK && checkpoint_refuse(s, "makes no sense");
}

static bool checkpoint_fill_kernel(struct omo_world *w, struct checkpoint_source *s,
                                   const struct checkpoint_header *h)
{
    if (!snapshot_read(w->kernel, s))
        return false;
    if (omo_kernel_now_us(w->kernel) != h->now_us)
        return checkpoint_refuse(s, "makes no sense");
    w->now_us = h->now_us;
    w->event_count = omo_kernel_event_count(w->kernel);
    return true;
}

omo_status omo_checkpoint_read(const omo_model *model, omo_bytes_reader read, void *user,
                               omo_checkpoint *ret_checkpoint, omo_error *ret_error)
{
    omo_error error = {.status = OMO_OK};
    struct checkpoint_source s = {.read = read, .user = user, .error = &error, .what = "world"};
    struct checkpoint_header h;

    if (read == NULL || (model != NULL && !model->sealed))
        return core_error(ret_error, OMO_EINVAL, "a checkpoint needs a reader and a sealed model");
    if (!checkpoint_read_header(&s, CHECKPOINT_WORLD, &h) ||
        (model != NULL && !checkpoint_read_likeness(&s, model, &h)))
        return core_error(ret_error, error.status, "%s", error.text);
    if (ret_checkpoint != NULL)
        *ret_checkpoint = (omo_checkpoint){
            .seed = h.seed,
            .replication = h.replication,
            .has_detail = (h.flags & CHECKPOINT_DETAIL) != 0,
            .now_us = h.now_us,
            .horizon_us = h.horizon_us,
            .size = h.size,
        };
    return OMO_OK;
}

omo_world *omo_world_restore(const omo_model *model, omo_bytes_reader read, void *user,
                             omo_error *ret_error)
{
    struct checkpoint_source s = {.read = read, .user = user, .error = ret_error, .what = "world"};
    struct checkpoint_header h;

    if (model == NULL || !model->sealed || read == NULL) {
        core_error(ret_error, OMO_EINVAL, "restoring needs a sealed model and a reader");
        return NULL;
    }
    if (!checkpoint_read_header(&s, CHECKPOINT_WORLD, &h) ||
        !checkpoint_read_likeness(&s, model, &h))
        return NULL;
    struct omo_world *w = omo_world_new(model, h.seed, h.replication, ret_error);
    if (w == NULL)
        return NULL;
    bool ok = (h.flags & CHECKPOINT_DETAIL) == 0 || omo_world_keep_detail(w, ret_error) == OMO_OK;
    if (ok &&
        (w->kernel != NULL ? checkpoint_fill_kernel(w, &s, &h) : checkpoint_fill_world(w, &s, &h)))
        return w;
    omo_world_free(w);
    return NULL;
}
