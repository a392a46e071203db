/* Requests on their way out, in the order of time: journeys overlap, a recording does not show it.
 * Equal times keep the order in which they came. One thread at a time. */
#ifndef TRAFFIC_EXPORT_QUEUE_H
#define TRAFFIC_EXPORT_QUEUE_H

#include "traffic/plan.h"

struct export_queued {
    int64_t at_us; /* since time 0 */
    uint64_t member;
    uint64_t number; /* of the journey */
    uint64_t turn;   /* set by the queue */
    size_t size;     /* of the message */
    char bytes[];
};

typedef struct export_queue ExportQueue;

/* Caller frees. */
ExportQueue *export_queue_new(void);
void export_queue_free(ExportQueue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExportQueue, export_queue_free)

/* Copies the message. */
void export_queue_push(ExportQueue *queue, int64_t at_us, uint64_t member, uint64_t number,
                       const struct plan_payload *message);
/* Takes the earliest out if it is not after `until_us`, else NULL. Caller frees with g_free(). */
struct export_queued *export_queue_pop(ExportQueue *queue, int64_t until_us);

#endif
