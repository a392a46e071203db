/* Files of checkpoints: `run --checkpoint-at T [--checkpoint FILE]` writes one, `run --from FILE`
 * goes on from one. A study hands its experiment's settings and calls through here.
 *
 *  offset size  file
 *       0    8  "omosimCP"
 *       8    4  format, 1
 *      12    4  replications
 *      16       as many saved worlds (omosim/checkpoint.h), one behind the other, in their order
 *
 * All worlds have one seed and one time; replication i is the i-th.
 */
#ifndef CLI_CHECKPOINT_H
#define CLI_CHECKPOINT_H

#include "cli/options.h"

#include <jansson.h>
#include <omosim/checkpoint.h>
#include <omosim/experiment.h>

typedef struct checkpoint Checkpoint;

/* Rows of a GOptionEntry array for `o`, a struct options_study. */
#define OPTIONS_CHECKPOINT(o)                                                                      \
    {"checkpoint-at",                                                                              \
     0,                                                                                            \
     0,                                                                                            \
     G_OPTION_ARG_FILENAME,                                                                        \
     &(o).checkpoint_at,                                                                           \
     "Save all replications at that simulated time, and run on",                                   \
     "TIME"},                                                                                      \
        {"checkpoint",                                                                             \
         0,                                                                                        \
         0,                                                                                        \
         G_OPTION_ARG_FILENAME,                                                                    \
         &(o).checkpoint,                                                                          \
         "Where to (default: SCENARIO-TIME.checkpoint here)",                                      \
         "FILE"},                                                                                  \
    {                                                                                              \
        "from", 0, 0, G_OPTION_ARG_FILENAME, &(o).from,                                            \
            "Go on from a checkpoint, under the same or another policy", "FILE"                    \
    }

/* Reads the options and, with --from, the frame of the file. Never NULL without an error; without
 * any of the options it does nothing. Borrows the options. Caller frees. */
Checkpoint *checkpoint_new(const struct options_study *options, const char *scenario_name,
                           GError **ret_error);
/* Frees; a file that was not finished does not appear. */
void checkpoint_free(Checkpoint *checkpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Checkpoint, checkpoint_free)

/* Settings of the experiment: seed and replications are the file's, and an option that says
 * otherwise is BAD_USAGE; detail is kept for a later report. Calls are the study's. */
gboolean checkpoint_settle(const Checkpoint *checkpoint, omo_experiment_options *settings,
                           GError **ret_error);
/* Whether the model can go on from the file, and lives at the time of the checkpoint. */
gboolean checkpoint_check(const Checkpoint *checkpoint, const omo_model *model, GError **ret_error);
/* Opens the file to be written, before anything is simulated. */
gboolean checkpoint_open(Checkpoint *checkpoint, GError **ret_error);

/* The calls of omo_experiment_options, for one point. The file appears when the last replication is
 * in it. */
bool checkpoint_take(Checkpoint *checkpoint, uint32_t replication, uint32_t replications,
                     const omo_world *world);
omo_world *checkpoint_start(Checkpoint *checkpoint, const omo_model *model, uint32_t replication,
                            omo_error *ret_error);
/* Why checkpoint_take() said no; FALSE with the error when it did. */
gboolean checkpoint_written(Checkpoint *checkpoint, GError **ret_error);

/* Lines for people: "goes on from ...", "checkpoint: ..."; nothing where nothing was asked. */
void checkpoint_print_from(const Checkpoint *checkpoint);
void checkpoint_print_written(const Checkpoint *checkpoint);
/* "from" and "checkpoint" of a JSON object. */
void checkpoint_json(const Checkpoint *checkpoint, json_t *root);

#endif
