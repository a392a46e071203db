/* The library saves and restores worlds; here they meet files.
 *
 * Worlds arrive in the order of their replications, whatever the threads do, so the file is written
 * in one go and its bytes depend on the input alone. Nothing is gathered in memory: a chain's world
 * is gigabytes. The frame of a file to go on from (how many worlds, where each begins, whether
 * seeds, times and numbers fit together) is read before anything runs; worlds are read by the
 * threads that run them, each at its own offset. */
#include "cli/checkpoint.h"
#include "shell/diagnostic.h"
#include "shell/json.h"
#include "shell/output.h"
#include "shell/units.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECKPOINT_FILE_MAGIC "omosimCP"
#define CHECKPOINT_FILE_FORMAT 1

struct checkpoint_frame {
    char magic[8];
    uint32_t format;
    uint32_t replications;
};
G_STATIC_ASSERT(sizeof(struct checkpoint_frame) == 16);

struct checkpoint {
    const struct options_study *options;
    /* to be written */
    int64_t at_us; /* negative: none */
    char *path;
    Output *output;
    uint64_t size;
    GError *error;
    /* to go on from */
    int file; /* -1: none */
    omo_checkpoint from;
    GArray *offsets; /* of the worlds */
};

/* A place in the file, one for each reader. */
struct cursor {
    int file;
    uint64_t at;
};

static bool cursor_read(void *user, void *bytes, size_t size)
{
    struct cursor *cursor = user;
    char *to = bytes;

    while (size > 0) {
        const ssize_t got = pread(cursor->file, to, size, (off_t)cursor->at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        size -= (size_t)got;
        cursor->at += (uint64_t)got;
    }
    return true;
}

static gboolean refuse(const char *path, const char *text, GError **ret_error)
{
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "%s: %s", path, text);
    return FALSE;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Header of world `replication`, which begins at *at; moves *at behind it. */
static gboolean read_world(Checkpoint *checkpoint, uint32_t replication, uint64_t *at,
                           uint64_t file_size, GError **ret_error)
{
    const char *path = checkpoint->options->from;
    struct cursor cursor = {checkpoint->file, *at};
    omo_checkpoint world;
    omo_error error;

    if (*at >= file_size)
        return refuse(path, "the checkpoint is cut short", ret_error);
    if (omo_checkpoint_read(NULL, cursor_read, &cursor, &world, &error) != OMO_OK)
        return refuse(path, error.text, ret_error);
    if (world.size > file_size - *at)
        return refuse(path, "the checkpoint is cut short", ret_error);
    if (replication == 0)
        checkpoint->from = world;
    if (world.replication != replication || world.seed != checkpoint->from.seed ||
        world.now_us != checkpoint->from.now_us)
        return refuse(path, "the checkpoint's worlds do not belong together", ret_error);
    g_array_append_val(checkpoint->offsets, *at);
    *at += world.size;
    return TRUE;
}

static gboolean read_frame(Checkpoint *checkpoint, GError **ret_error)
{
    const char *path = checkpoint->options->from;
    struct checkpoint_frame frame;
    struct cursor cursor = {checkpoint->file, 0};
    struct stat status;
    uint64_t at = sizeof(frame);

    if (!cursor_read(&cursor, &frame, sizeof(frame)) ||
        memcmp(frame.magic, CHECKPOINT_FILE_MAGIC, sizeof(frame.magic)) != 0)
        return refuse(path, "this is no checkpoint of omosim", ret_error);
    if (frame.format != CHECKPOINT_FILE_FORMAT || frame.replications == 0 ||
        frame.replications > OPTIONS_REPLICATIONS_MAX)
        return refuse(path, "a checkpoint of another format", ret_error);
    if (fstat(checkpoint->file, &status) != 0)
        return refuse(path, g_strerror(errno), ret_error);
    for (uint32_t i = 0; i < frame.replications; i++)
        if (!read_world(checkpoint, i, &at, (uint64_t)status.st_size, ret_error))
            return FALSE;
    if (at != (uint64_t)status.st_size)
        return refuse(path, "the checkpoint has more in it than its worlds", ret_error);
    return TRUE;
}

static gboolean open_from(Checkpoint *checkpoint, GError **ret_error)
{
    const char *path = checkpoint->options->from;

    checkpoint->file = open(path, O_RDONLY | O_CLOEXEC);
    if (checkpoint->file < 0) {
        g_autofree char *text = g_strconcat("cannot be read: ", g_strerror(errno), NULL);
        return refuse(path, text, ret_error);
    }
    return read_frame(checkpoint, ret_error);
}

/* ---- life ------------------------------------------------------------------------------------ */

static gboolean bad_usage(GError **ret_error, const char *text)
{
    g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, text);
    return FALSE;
}

static gboolean parse_at(Checkpoint *checkpoint, const char *scenario_name, GError **ret_error)
{
    const struct options_study *options = checkpoint->options;
    g_autoptr(GError) reason = NULL;

    if (options->checkpoint_at == NULL)
        return options->checkpoint == NULL ||
               bad_usage(ret_error, "--checkpoint needs --checkpoint-at TIME");
    if (!units_parse_duration_us(options->checkpoint_at, 0, &checkpoint->at_us, &reason)) {
        checkpoint->at_us = -1;
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "--checkpoint-at: %s",
                    reason->message);
        return FALSE;
    }
    g_autofree char *time = units_format_duration(checkpoint->at_us);
    checkpoint->path = options->checkpoint != NULL
                           ? g_strdup(options->checkpoint)
                           : g_strdup_printf("%s-%s.checkpoint", scenario_name, time);
    if (options->from != NULL && checkpoint->at_us < checkpoint->from.now_us)
        return bad_usage(ret_error, "--checkpoint-at is before the checkpoint to go on from");
    return TRUE;
}

Checkpoint *checkpoint_new(const struct options_study *options, const char *scenario_name,
                           GError **ret_error)
{
    g_autoptr(Checkpoint) checkpoint = g_new0(Checkpoint, 1);

    checkpoint->options = options;
    checkpoint->at_us = -1;
    checkpoint->file = -1;
    checkpoint->offsets = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    if (options->from != NULL && !open_from(checkpoint, ret_error))
        return NULL;
    if (!parse_at(checkpoint, scenario_name, ret_error))
        return NULL;
    return g_steal_pointer(&checkpoint);
}

void checkpoint_free(Checkpoint *checkpoint)
{
    if (checkpoint == NULL)
        return;
    output_free(checkpoint->output);
    if (checkpoint->file >= 0)
        close(checkpoint->file);
    g_array_unref(checkpoint->offsets);
    g_clear_error(&checkpoint->error);
    g_free(checkpoint->path);
    g_free(checkpoint);
}

gboolean checkpoint_settle(const Checkpoint *checkpoint, omo_experiment_options *settings,
                           GError **ret_error)
{
    const struct options_study *options = checkpoint->options;

    settings->checkpoint_us = checkpoint->at_us;
    if (checkpoint->at_us >= 0)
        settings->keep_detail = true;
    if (checkpoint->file < 0)
        return TRUE;
    if (options->has_seed && options->seed != checkpoint->from.seed) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--seed %" G_GUINT64_FORMAT ", but %s was saved with seed %" G_GUINT64_FORMAT,
                    options->seed, options->from, checkpoint->from.seed);
        return FALSE;
    }
    if (options->replications != 0 && options->replications != checkpoint->offsets->len) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--replications %u, but %s holds %u", options->replications, options->from,
                    checkpoint->offsets->len);
        return FALSE;
    }
    settings->seed = checkpoint->from.seed;
    settings->replications = checkpoint->offsets->len;
    return TRUE;
}

gboolean checkpoint_check(const Checkpoint *checkpoint, const omo_model *model, GError **ret_error)
{
    const char *path = checkpoint->options->from;
    omo_error error;

    if (checkpoint->at_us >= omo_model_horizon_us(model)) {
        g_autofree char *end = units_format_duration(omo_model_horizon_us(model));
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--checkpoint-at %s: the run ends at %s", checkpoint->options->checkpoint_at,
                    end);
        return FALSE;
    }
    for (uint32_t i = 0; i < checkpoint->offsets->len; i++) {
        struct cursor cursor = {checkpoint->file, g_array_index(checkpoint->offsets, uint64_t, i)};
        if (omo_checkpoint_read(model, cursor_read, &cursor, NULL, &error) != OMO_OK)
            return refuse(path, error.text, ret_error);
    }
    return TRUE;
}

gboolean checkpoint_open(Checkpoint *checkpoint, GError **ret_error)
{
    if (checkpoint->at_us < 0)
        return TRUE;
    checkpoint->output = output_open(checkpoint->path, ret_error);
    return checkpoint->output != NULL;
}

/* ---- calls of the experiment ----------------------------------------------------------------- */

static bool output_take(void *user, const void *bytes, size_t size)
{
    Checkpoint *checkpoint = user;

    checkpoint->size += size;
    return fwrite(bytes, 1, size, output_stream(checkpoint->output)) == size;
}

bool checkpoint_take(Checkpoint *checkpoint, uint32_t replication, uint32_t replications,
                     const omo_world *world)
{
    struct checkpoint_frame frame = {.format = CHECKPOINT_FILE_FORMAT,
                                     .replications = replications};
    omo_error error = {OMO_OK, ""};

    memcpy(frame.magic, CHECKPOINT_FILE_MAGIC, sizeof(frame.magic));
    bool ok = replication != 0 || output_take(checkpoint, &frame, sizeof(frame));
    if (ok && omo_world_save(world, output_take, checkpoint, &error) != OMO_OK) {
        ok = false;
        if (error.status != OMO_ECANCELLED) { /* refused, not a failure to write */
            refuse(checkpoint->path, error.text, &checkpoint->error);
            return false;
        }
    }
    /* Committing says why a write has failed, and leaves nothing half-written. */
    if (!ok || replication + 1 == replications)
        return output_commit(checkpoint->output, &checkpoint->error);
    return true;
}

omo_world *checkpoint_start(Checkpoint *checkpoint, const omo_model *model, uint32_t replication,
                            omo_error *ret_error)
{
    struct cursor cursor = {checkpoint->file,
                            g_array_index(checkpoint->offsets, uint64_t, replication)};
    omo_error error;
    omo_world *world = omo_world_restore(model, cursor_read, &cursor, &error);

    if (world == NULL) {
        ret_error->status = error.status;
        g_autofree char *text = g_strdup_printf("%s: %s", checkpoint->options->from, error.text);
        g_strlcpy(ret_error->text, text, sizeof(ret_error->text));
    }
    return world;
}

gboolean checkpoint_written(Checkpoint *checkpoint, GError **ret_error)
{
    if (checkpoint->error == NULL)
        return TRUE;
    g_propagate_error(ret_error, g_steal_pointer(&checkpoint->error));
    return FALSE;
}

/* ---- saying so ------------------------------------------------------------------------------- */

void checkpoint_print_from(const Checkpoint *checkpoint)
{
    if (checkpoint->file < 0)
        return;
    g_autofree char *time = units_format_duration(checkpoint->from.now_us);
    printf("goes on from %s: %s\n", time, checkpoint->options->from);
}

void checkpoint_print_written(const Checkpoint *checkpoint)
{
    if (checkpoint->at_us < 0)
        return;
    g_autofree char *time = units_format_duration(checkpoint->at_us);
    g_autofree char *size = units_format_count((int64_t)checkpoint->size);
    printf("checkpoint at %s: %s, %s bytes\n", time, checkpoint->path, size);
}

/* A file and a time in it. */
static json_t *make_place(const char *path, int64_t at_us)
{
    g_autofree char *time = units_format_duration(at_us);
    json_t *place = json_object();

    json_object_set_new(place, "file", json_make_text(path));
    json_object_set_new(place, "at", json_make_text(time));
    json_object_set_new(place, "at_us", json_integer((json_int_t)at_us));
    return place;
}

void checkpoint_json(const Checkpoint *checkpoint, json_t *root)
{
    if (checkpoint->file >= 0)
        json_object_set_new(root, "from",
                            make_place(checkpoint->options->from, checkpoint->from.now_us));
    if (checkpoint->at_us < 0)
        return;
    json_t *place = make_place(checkpoint->path, checkpoint->at_us);
    json_object_set_new(place, "bytes", json_integer((json_int_t)checkpoint->size));
    json_object_set_new(root, "checkpoint", place);
}
