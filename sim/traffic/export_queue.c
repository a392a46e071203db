/* A binary heap. It holds what journeys that have begun have still to send: minutes of traffic,
 * whatever the length of the plan. */
#include "traffic/export_queue.h"

#include <string.h>

struct export_queue {
    GPtrArray *heap; /* struct export_queued *, the earliest first */
    uint64_t turn;
};

ExportQueue *export_queue_new(void)
{
    ExportQueue *queue = g_new0(ExportQueue, 1);

    queue->heap = g_ptr_array_new_with_free_func(g_free);
    return queue;
}

void export_queue_free(ExportQueue *queue)
{
    if (queue == NULL)
        return;
    g_ptr_array_unref(queue->heap);
    g_free(queue);
}

static bool queue_before(const ExportQueue *queue, guint left, guint right)
{
    const struct export_queued *a = queue->heap->pdata[left], *b = queue->heap->pdata[right];

    return a->at_us != b->at_us ? a->at_us < b->at_us : a->turn < b->turn;
}

static void queue_swap(ExportQueue *queue, guint left, guint right)
{
    gpointer kept = queue->heap->pdata[left];

    queue->heap->pdata[left] = queue->heap->pdata[right];
    queue->heap->pdata[right] = kept;
}

void export_queue_push(ExportQueue *queue, int64_t at_us, uint64_t member, uint64_t number,
                       const struct plan_payload *message)
{
    struct export_queued *queued = g_malloc(sizeof *queued + message->size);
    guint at = queue->heap->len;

    *queued = (struct export_queued){at_us, member, number, queue->turn++, message->size};
    memcpy(queued->bytes, message->bytes, message->size);
    g_ptr_array_add(queue->heap, queued);
    for (; at > 0 && queue_before(queue, at, (at - 1) / 2); at = (at - 1) / 2)
        queue_swap(queue, at, (at - 1) / 2);
}

struct export_queued *export_queue_pop(ExportQueue *queue, int64_t until_us)
{
    const guint last = queue->heap->len - 1;
    guint at = 0;

    if (queue->heap->len == 0 ||
        ((const struct export_queued *)queue->heap->pdata[0])->at_us > until_us)
        return NULL;
    queue_swap(queue, 0, last);
    struct export_queued *queued = g_ptr_array_steal_index(queue->heap, last);
    for (;;) {
        guint least = at;
        for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < last; child++)
            if (queue_before(queue, child, least))
                least = child;
        if (least == at)
            return queued;
        queue_swap(queue, at, least);
        at = least;
    }
}
