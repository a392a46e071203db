/* The outcome of every request on disk, for the audit: a table `request` of an SQLite file, written
 * by a thread of its own from batches that workers hand over (a worker that finds the writer behind
 * waits for nothing: it keeps batches up to a bound, then the run is ended as "could not run", for
 * a record with holes proves nothing).
 *
 *   request: number (unique), journey (its number in the plan + pass x count), pass, step, request
 *            (of the API map), member, order_id, sku, quantity, amount, coupon, outcome, status,
 *            intended_us, sent_us, done_us (since the run began; NULL = not), tries
 *   record_run: key, value (plan, api, target, started, complete = 0 until the end)
 */
#ifndef RESULTS_RECORD_H
#define RESULTS_RECORD_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct record_row {
    uint64_t number, journey, member, order;
    int64_t amount, intended_us, sent_us, done_us; /* sent_us -1 = never */
    uint32_t sku, place, request;
    uint16_t quantity, coupon, status;
    uint8_t step, outcome, tries;
    uint8_t spare[3];
    uint32_t pass;
};

typedef struct recorder Recorder;

/* `step_names` and so on are looked up by number when the file is closed: numbers are stored, and
 * tables `step_name`, `outcome_name`, `request_name` say what they are. */
Recorder *recorder_open(const char *path, uint32_t worker_count, const char *const *request_names,
                        GError **ret_error);
void recorder_note(Recorder *recorder, const char *key, const char *value);
/* From worker `worker`: never blocks, never allocates. FALSE = the disk failed or is too slow. */
bool recorder_add(Recorder *recorder, uint32_t worker, const struct record_row *row);
/* Writes what is left; marks the run complete. Takes the recorder, also on failure. */
gboolean recorder_close(Recorder *recorder, uint64_t *ret_count, GError **ret_error);
void recorder_free(Recorder *recorder);

#endif
