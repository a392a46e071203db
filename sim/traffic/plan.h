/* Traffic plans: writing, and reading in place. The file format is in <omosim/plan.h>.
 *
 *     g_autoptr(PlanWriter) writer = plan_writer_open("day.plan", &about, &error);
 *     plan_write_journey(writer, &journey, steps, payloads, &error) ...
 *     if (!plan_writer_commit(writer, &counts, &error)) return FALSE;
 *
 *     g_autoptr(Plan) plan = plan_open("day.plan", &error);
 *     struct plan_cursor cursor = plan_begin(plan);
 *     const omo_plan_journey *journey;
 *     while ((journey = plan_next(plan, &cursor)) != NULL) {
 *         const omo_plan_step *step = plan_first_step(journey);
 *         for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step)) ...
 *     }
 *     if (cursor.broken) ... the file has changed or its disk lies ...
 *
 * A plan is mapped, not read: any number of threads may walk it at once, each with a cursor of its
 * own, and records stay where they are until plan_free(). The file must not be cut short meanwhile
 * (the system would end the process); replacing it, as the writer does, is harmless. Errors of
 * content are BAD_INPUT, "day.plan: cut after 1,204 journeys (byte 98,304)"; errors of the machine
 * CANNOT_RUN.
 */
#ifndef TRAFFIC_PLAN_H
#define TRAFFIC_PLAN_H

#include <glib.h>
#include <jansson.h>
#include <omosim/plan.h>
#include <stdbool.h>

/* ---- what a plan is about ------------------------------------------------------------------- */

struct plan_counts {
    uint64_t journeys;
    uint64_t steps;
    uint64_t step_kind[256]; /* by the file's numbers */
    int64_t first_us;        /* start of the first journey, 0 without one */
    int64_t last_us;         /* intended time of the latest step */
};

/* ---- writing -------------------------------------------------------------------------------- */

typedef struct plan_writer PlanWriter;

/* What the header and the names say; strings and lists are borrowed for the call and may be NULL.
 * The list of steps is written by the writer, from the registry. */
struct plan_about {
    const char *scenario;
    const char *const *channels; /* NULL-terminated, each */
    const char *const *places;
    const char *const *skus;
    const char *const *coupons;
    int64_t epoch_us; /* INT64_MIN = not known */
    uint64_t seed;
    uint64_t digest; /* may be given later, to plan_writer_set_digest() */
    uint32_t replication;
};

struct plan_payload { /* of one step; size 0 = none */
    const void *bytes;
    size_t size; /* at most OMO_PLAN_PAYLOAD_MAX */
};

/* Begins a file that appears whole or not at all (shell/output.h); "-" is standard output. */
PlanWriter *plan_writer_open(const char *path, const struct plan_about *about, GError **ret_error);
/* Goes into the header at the commit; where the target cannot go back (standard output, a pipe) the
 * digest given at the start stays. */
void plan_writer_set_digest(PlanWriter *writer, uint64_t digest);
/* Appends a journey with journey->step_count steps; tags and payload sizes are filled in. Journeys
 * come in the order of at_us, steps within one too: anything else is a bug of the caller.
 * `payloads` has one for each step or is NULL. Buffered; more than a million steps a second. */
gboolean plan_write_journey(PlanWriter *writer, const omo_plan_journey *journey,
                            const omo_plan_step *steps, const struct plan_payload *payloads,
                            GError **ret_error);
/* Writes the trailer and makes the file appear. *ret_counts may be NULL. */
gboolean plan_writer_commit(PlanWriter *writer, struct plan_counts *ret_counts, GError **ret_error);
/* Without a commit nothing is left behind. */
void plan_writer_free(PlanWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanWriter, plan_writer_free)

/* ---- reading -------------------------------------------------------------------------------- */

typedef struct plan Plan;

/* Maps the file; checks header, names, trailer and sizes, not yet each record. */
Plan *plan_open(const char *path, GError **ret_error);
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

const char *plan_path(const Plan *plan);
const omo_plan_header *plan_header(const Plan *plan);
/* Counts of the trailer: known without reading the plan. */
uint64_t plan_journey_count(const Plan *plan);
uint64_t plan_step_count(const Plan *plan);
/* The names object as read. Borrowed. */
const json_t *plan_names(const Plan *plan);

/* What a number in a record is called; "" for none, and the number itself past the end of the list.
 * Borrowed, as long as the plan; the text of a number itself until the thread has asked for
 * PLAN_NUMBERS_KEPT more of them (nothing is allocated). */
#define PLAN_NUMBERS_KEPT 256
enum plan_name { PLAN_CHANNEL, PLAN_PLACE, PLAN_SKU, PLAN_COUPON, PLAN_NAME_COUNT };
const char *plan_name(const Plan *plan, enum plan_name list, uint32_t number);
uint32_t plan_name_count(const Plan *plan, enum plan_name list);
/* Registry kind (traffic/steps.h) of a file's step number; STEP_COUNT when this version has none.
 * */
uint32_t plan_step_kind(const Plan *plan, uint8_t kind);

struct plan_cursor {
    const uint8_t *at; /* next record */
    int64_t last_us;   /* start of the journey before */
    bool broken;       /* a record was not what its place asks for: the walk ended there */
};

struct plan_cursor plan_begin(const Plan *plan);
/* The next journey with all its steps checked to lie inside the file; NULL at the end, or with
 * cursor->broken. */
const omo_plan_journey *plan_next(const Plan *plan, struct plan_cursor *cursor);
/* Gives pages behind the cursor back to the system: memory stays flat over a plan of any length.
 * Call every few MiB, PLAN_FORGET_SIZE at most; records before `before` may still be read, slowly.
 */
#define PLAN_FORGET_SIZE ((size_t)64 << 20)
void plan_forget(const Plan *plan, const void *before);
/* Error for a broken cursor. */
void plan_set_broken_error(const Plan *plan, const struct plan_cursor *cursor, GError **ret_error);

static inline const omo_plan_step *plan_first_step(const omo_plan_journey *journey)
{
    return (const omo_plan_step *)(journey + 1);
}
static inline const omo_plan_step *plan_next_step(const omo_plan_step *step)
{
    return step + 1 + step->payload;
}
/* Recorded request of a step; size 0 when it has none. */
static inline struct plan_payload plan_step_payload(const omo_plan_step *step)
{
    struct plan_payload payload = {NULL, 0};

    if (step->payload > 0) {
        payload.bytes = (const uint8_t *)(step + 1) + 4;
        payload.size = *(const uint32_t *)(const void *)(step + 1);
    }
    return payload;
}
/* Checks every record and the checksum, and counts; the whole file is read. */
gboolean plan_verify(const Plan *plan, struct plan_counts *ret_counts, GError **ret_error);

#endif
