/* Saving a world: its columns as they stand, one section after another.
 *
 * Columns hold indices and no addresses, so their bytes mean the same in any process; that is all
 * that makes this short. Nothing is copied: sections are written from where they are. A queueing
 * network's world is its kernel, and its sections are the kernel's.
 *
 * Equal worlds give equal bytes: structs in columns have no holes, and what nobody has touched is
 * zero. */
#include <omosim/checkpoint.h>

#include "flow/columns.h"
#include "flow/likeness.h"
#include "kernel/snapshot.h"

/* A world is only looked at; the list is for restoring, too, and so has no const. */
static void checkpoint_save_list(const omo_world *world, struct column_list *ret_list)
{
    columns_list((omo_world *)world, ret_list);
    OMO_ASSERT(columns_whole(world, ret_list));
}

static uint64_t checkpoint_save_columns_size(const omo_world *world)
{
    struct column_list list;
    uint64_t size = 0;

    checkpoint_save_list(world, &list);
    for (uint32_t i = 0; i < list.count; i++)
        if (column_saved(&list.column[i]))
            size += checkpoint_section_size(list.column[i].element_size, list.column[i].count);
    return size;
}

static uint64_t checkpoint_save_size(const omo_world *world, const struct traits *traits)
{
    return sizeof(struct checkpoint_header) +
           checkpoint_section_size(sizeof(struct trait), traits->count) +
           (world->kernel != NULL ? snapshot_size(world->kernel)
                                  : checkpoint_save_columns_size(world));
}

uint64_t omo_world_save_size(const omo_world *world)
{
    struct traits traits;

    likeness_of(world->model, &traits);
    return checkpoint_save_size(world, &traits);
}

static bool checkpoint_save_columns(const omo_world *world, const struct checkpoint_sink *sink)
{
    struct column_list list;
    bool ok = true;

    OMO_ASSERT(world->feed.batch_count == 0);
    checkpoint_save_list(world, &list);
    for (uint32_t i = 0; ok && i < list.count; i++) {
        const struct column *c = &list.column[i];
        if (column_saved(c))
            ok = checkpoint_write_section(sink, c->name, c->element_size, c->count, c->bytes);
    }
    return ok;
}

omo_status omo_world_save(const omo_world *world, omo_bytes_writer write, void *user,
                          omo_error *ret_error)
{
    const struct checkpoint_sink sink = {write, user};
    struct traits traits;

    if (world == NULL || write == NULL)
        return core_error(ret_error, OMO_EINVAL, "saving needs a world and a writer");
    if (world->finished || world->status != OMO_OK)
        return core_error(ret_error, OMO_EINVAL, "a world that has %s cannot be saved",
                          world->finished ? "finished" : "failed");
    likeness_of(world->model, &traits);
    struct checkpoint_header header = {
        .seed = world->seed,
        .replication = world->replication,
        .flags = world->detail_kept ? CHECKPOINT_DETAIL : 0,
        .now_us = world->now_us,
        .horizon_us = world->model->run.horizon_us,
        .size = checkpoint_save_size(world, &traits),
    };
    bool ok = checkpoint_write_header(&sink, CHECKPOINT_WORLD, &header) &&
              checkpoint_write_traits(&sink, &traits) &&
              (world->kernel != NULL ? snapshot_write(world->kernel, &sink)
                                     : checkpoint_save_columns(world, &sink));
    return ok ? OMO_OK : core_error(ret_error, OMO_ECANCELLED, "the saved world was not taken");
}
