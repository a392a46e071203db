/* The outcome of every request on disk, for the audit: a table `request` of an SQLite file, written
 * by a thread of its own from rings that the workers fill (a worker that finds its ring full waits
 * for nothing: the record has a hole from then on and proves nothing, so it is given up, and the
 * run is to be ended as "could not run").
 *
 *   request: number (unique), journey (its number in the plan + pass x count), pass, step, request
 *            (of the API map), member, order_id, place, sku, quantity, amount, coupon, outcome,
 *            status, intended_us, sent_us, done_us (since the run began), tries, resent; NULL =
 *            none, but 0 of member and order_id. No two alike in number
 *   telling: number (of the request), what, value, text: what the answer told (traffic/tellings.def),
 *            either value or text; those of one request in the order in which they were told
 *   step_name, outcome_name, request_name, telling_name, place_name, sku_name, coupon_name: number,
 *            name, for the columns step, outcome, request, what, place, sku, coupon
 *   hook: at_us, what, detail: what was done to the service meanwhile (--kill-target-at ...)
 *   record_run: key, value (plan, api, target, started ...: replay/load_record.c; requests and
 *            tellings, how many there are; complete = 0 until the end; books_still = 1 where an
 *            audit found the books quiet: cli/auditing.c)
 *   and tables that others add when it is closed: record_table.h
 *
 * application_id as in results.h, user_version RECORD_FORMAT. The file is in WAL mode while it is
 * written, so others may read along; what recorder_saved() counts survives the death of the process
 * at any moment. A row gets there within about RECORD_DELAY_MS. Closing leaves one plain file.
 * Numbers above INT64_MAX are stored as negative ones (the same 64 bits).
 */
#ifndef RESULTS_RECORD_H
#define RESULTS_RECORD_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define RECORD_FORMAT 103
#define RECORD_RING_ROWS 131072 /* of each worker, 96 bytes each; a request is 1 to 4 of them */
#define RECORD_DELAY_MS 200

/* `tries` counts the sendings that may have done something: not those that failed for certain
 * (nothing was sent, the stream was refused), nor an answer that only asked for a new log-in or sent
 * the request on elsewhere; 15 stands for more. `resent` counts those before a sending again by the
 * connection pool, 3 for more. So tries + resent = 0 says that the service never saw it, and with
 * more than 1 an earlier one was sent at some time between intended_us and sent_us. */
struct record_row {
    uint64_t number, journey, member, order;
    int64_t amount, intended_us;
    int64_t sent_us, done_us;     /* of the last try that was sent; -1 = never */
    uint32_t sku, place, request; /* OMO_PLAN_NONE = none, as in a plan */
    uint16_t quantity, coupon, status;
    uint8_t step, outcome, tries;
    uint8_t resent;
    uint32_t pass;
};

#define RECORD_TEXT_MAX 63

struct record_telling {
    uint64_t number; /* of the request; told before or after its row */
    int64_t value;
    uint8_t what;
    uint8_t text_size;          /* 0 = a number */
    char text[RECORD_TEXT_MAX]; /* not terminated */
};

typedef struct recorder Recorder;

/* Takes all memory, makes the file (another omosim result of that name is replaced, any other file
 * refused with BAD_INPUT) and starts the writer. `request_names` is NULL-terminated; NULL = none. */
Recorder *recorder_open(const char *path, uint32_t worker_count, const char *const *request_names,
                        GError **ret_error);
/* What the numbers of a column mean: fills the table `what`_name, one of those above. Before the
 * workers start. `names` is NULL-terminated. FALSE: the disk failed. */
gboolean recorder_name(Recorder *recorder, const char *what, const char *const *names,
                       GError **ret_error);
/* A row of record_run; a later one of the same key replaces it. Any thread but the workers'. */
void recorder_note(Recorder *recorder, const char *key, const char *value);
/* From worker `worker` alone: never blocks, never allocates, makes no system call. FALSE = the disk
 * failed or is too slow: this row and all later ones are lost. */
bool recorder_add(Recorder *recorder, uint32_t worker, const struct record_row *row);
/* Requests that are safe on disk by now. Any thread. */
uint64_t recorder_saved(const Recorder *recorder);
/* The same as recorder_add() for what an answer told. */
bool recorder_tell(Recorder *recorder, uint32_t worker, const struct record_telling *telling);
/* A row of `hook`. Any thread but the workers'. */
void recorder_hook(Recorder *recorder, int64_t at_us, const char *what, const char *detail);
/* After the last recorder_add(): writes what is left and marks the run complete. Takes the
 * recorder, also on failure: CANNOT_RUN, with how many requests were kept in its text. *ret_count,
 * how many are on disk, is set in both cases. */
gboolean recorder_close(Recorder *recorder, uint64_t *ret_count, GError **ret_error);
/* Ends the writer without marking the run complete; what was saved stays. */
void recorder_free(Recorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recorder, recorder_free)

#endif
