/* Saving a world: its columns as they stand, one section after another.
 *
 * Columns hold indices and no addresses, so their bytes mean the same in any process; that is all
 * that makes this short. Nothing is copied: sections are written from where they are, and each is
 * read twice, once for its checksum, which stands in front of it so that a reader knows early. At
 * 10^8 positions that is 1.3 GB, a third of a second of summing beside the seconds of a disk.
 *
 * Equal worlds give equal bytes: structs in columns have no holes, and what nobody has touched is
 * zero. */
#include "flow/checkpoint.h"

#include "base/checksum.h"

uint64_t checkpoint_header_sum(const struct checkpoint_header *header)
{
    struct checksum c;

    checksum_init(&c);
    checksum_add(&c, header, CHECKPOINT_HEADER_SUMMED);
    return checksum_value(&c);
}

uint64_t checkpoint_section_sum(const struct checkpoint_section *section, const void *bytes)
{
    struct checksum c;

    checksum_init(&c);
    checksum_add(&c, section, CHECKPOINT_SECTION_SUMMED);
    checksum_add(&c, bytes, (size_t)(section->element_size * section->count));
    return checksum_value(&c);
}

static uint64_t checkpoint_save_section_size(uint64_t element_size, uint64_t count)
{
    uint64_t size = element_size * count;

    return sizeof(struct checkpoint_section) + size + checkpoint_padding(size);
}

/* A world is only looked at; the list is for restoring, too, and so has no const. */
static void checkpoint_save_list(const omo_world *world, struct column_list *ret_list)
{
    columns_list((omo_world *)world, ret_list);
    OMO_ASSERT(columns_whole(world, ret_list));
}

static uint64_t checkpoint_save_size(const struct column_list *list,
                                     const struct likeness *likeness)
{
    uint64_t size = sizeof(struct checkpoint_header) +
                    checkpoint_save_section_size(sizeof(struct trait), likeness->count);

    for (uint32_t i = 0; i < list->count; i++)
        if (column_saved(&list->column[i]))
            size +=
                checkpoint_save_section_size(list->column[i].element_size, list->column[i].count);
    return size;
}

uint64_t omo_world_save_size(const omo_world *world)
{
    struct column_list list;
    struct likeness likeness;

    checkpoint_save_list(world, &list);
    likeness_of(world->model, &likeness);
    return checkpoint_save_size(&list, &likeness);
}

static bool checkpoint_save_section(const char *name, uint64_t element_size, uint64_t count,
                                    const void *bytes, omo_bytes_writer write, void *user)
{
    static const char zeros[8];
    struct checkpoint_section section = {.element_size = element_size, .count = count};
    size_t size = (size_t)(element_size * count), padding = checkpoint_padding(size);

    memcpy(section.name, name, strlen(name));
    section.checksum = checkpoint_section_sum(&section, bytes);
    return write(user, &section, sizeof(section)) && (size == 0 || write(user, bytes, size)) &&
           (padding == 0 || write(user, zeros, padding));
}

omo_status omo_world_save(const omo_world *world, omo_bytes_writer write, void *user,
                          omo_error *ret_error)
{
    struct checkpoint_header header = {.magic = CHECKPOINT_MAGIC};
    struct column_list list;
    struct likeness likeness;

    if (world == NULL || write == NULL)
        return core_error(ret_error, OMO_EINVAL, "saving needs a world and a writer");
    if (world->finished || world->status != OMO_OK)
        return core_error(ret_error, OMO_EINVAL, "a world that has %s cannot be saved",
                          world->finished ? "finished" : "failed");
    if (world->kernel != NULL)
        return core_error(ret_error, OMO_EINVAL, "a queueing network cannot be saved");
    OMO_ASSERT(world->feed.batch_count == 0);
    checkpoint_save_list(world, &list);
    likeness_of(world->model, &likeness);
    header.format = CHECKPOINT_FORMAT;
    header.order = CHECKPOINT_ORDER;
    memcpy(header.version, omo_version(), strlen(omo_version()));
    header.seed = world->seed;
    header.replication = world->replication;
    header.flags = world->detail_kept ? CHECKPOINT_DETAIL : 0;
    header.now_us = world->now_us;
    header.horizon_us = world->model->run.horizon_us;
    header.size = checkpoint_save_size(&list, &likeness);
    header.checksum = checkpoint_header_sum(&header);
    bool ok = write(user, &header, sizeof(header)) &&
              checkpoint_save_section("model", sizeof(struct trait), likeness.count, likeness.trait,
                                      write, user);
    for (uint32_t i = 0; ok && i < list.count; i++) {
        const struct column *c = &list.column[i];
        if (column_saved(c))
            ok = checkpoint_save_section(c->name, c->element_size, c->count, c->bytes, write, user);
    }
    return ok ? OMO_OK : core_error(ret_error, OMO_ECANCELLED, "the saved world was not taken");
}
