/* Saving and restoring a kernel by itself: the frame of a saved world (base/checkpoint.h) around
 * the sections of snapshot.c. Seed, replication, kinds of events and the shape of the network are
 * traits, so that a kernel of another model is refused before anything is filled. */
#include "kernel/shape.h"
#include "kernel/snapshot.h"

#define SAVE_MAGIC "omokernl"

static void save_traits(const struct omo_kernel *k, struct traits *ret_traits)
{
    struct checksum names;
    struct shape shape;

    memset(ret_traits, 0, sizeof(*ret_traits));
    traits_count(ret_traits, "seed", k->options.seed);
    traits_count(ret_traits, "replication", k->options.replication);
    traits_count(ret_traits, "kinds of events", k->handler_count);
    checksum_init(&names);
    for (uint32_t i = 0; i < k->handler_count; i++)
        traits_text(&names, k->handler[i].name);
    traits_print(ret_traits, "names of kinds of events", &names);
    shape_begin(&shape);
    for (uint32_t i = 0; i < k->station_count; i++)
        shape_station(&shape, &k->station[i].options);
    for (uint32_t i = 0; i < k->source_count; i++)
        shape_source(&shape, &k->source[i].options);
    shape_end(&shape, ret_traits);
}

omo_status omo_kernel_save(const omo_kernel *k, omo_bytes_writer write, void *user,
                           omo_error *ret_error)
{
    const struct checkpoint_sink sink = {write, user};
    struct traits traits;

    if (k == NULL || write == NULL)
        return core_error(ret_error, OMO_EINVAL, "saving needs a kernel and a writer");
    if (k->running)
        return core_error(ret_error, OMO_EINVAL, "a kernel is saved between two runs, not in one");
    if (k->status != OMO_OK || !k->sealed)
        return core_error(ret_error, OMO_EINVAL, "a kernel that has %s cannot be saved",
                          k->status != OMO_OK ? "failed" : "not run yet");
    save_traits(k, &traits);
    struct checkpoint_header header = {
        .seed = k->options.seed,
        .replication = k->options.replication,
        .now_us = engine_now_us(k),
        .horizon_us = OMO_FOREVER,
        .size = sizeof(struct checkpoint_header) +
                checkpoint_section_size(sizeof(struct trait), traits.count) + snapshot_size(k),
    };
    bool ok = checkpoint_write_header(&sink, SAVE_MAGIC, &header) &&
              checkpoint_write_traits(&sink, &traits) && snapshot_write(k, &sink);
    return ok ? OMO_OK : core_error(ret_error, OMO_ECANCELLED, "the saved kernel was not taken");
}

omo_status omo_kernel_restore(omo_kernel *k, omo_bytes_reader read, void *user,
                              omo_error *ret_error)
{
    omo_error error = {.status = OMO_OK};
    struct checkpoint_source source = {.read = read,
                                       .user = user,
                                       .error = &error,
                                       .what = "kernel"};
    struct checkpoint_header header;
    struct traits traits;

    if (k == NULL || read == NULL)
        return core_error(ret_error, OMO_EINVAL, "restoring needs a kernel and a reader");
    if (k->status != OMO_OK)
        return omo_kernel_status(k, ret_error);
    if (k->running || k->event_count != 0 || engine_now_us(k) != 0)
        return core_error(ret_error, OMO_EINVAL, "a kernel is restored before its first run");
    save_traits(k, &traits);
    if (!checkpoint_read_header(&source, SAVE_MAGIC, &header) ||
        !checkpoint_read_traits(&source, &traits))
        return core_error(ret_error, error.status, "%s", error.text);
    if (!k->sealed)
        engine_seal(k);
    if (k->status == OMO_OK && !snapshot_read(k, &source))
        engine_fail(k, error.status, "%s", error.text);
    return omo_kernel_status(k, ret_error);
}
