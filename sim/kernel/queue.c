/* Queues by discipline.
 *
 * FIFO and LIFO are doubly linked lists through the jobs. Priority, shortest service and random
 * order share one structure, a complete binary tree of cells: node n is found by walking n's
 * binary digits from the root, so that the last node is where one more is hung on or taken off,
 * jobs are swapped between cells to keep the heap's order, and a random job is the job of a
 * random node. A pairing heap would be shorter to write for the first two, but no heap alone
 * draws uniformly. Cells come from one column for all stations, as many as jobs, so a thousand
 * stations with long queues in turn need no more memory than one. O(log n) for everything in a
 * tree.
 *
 * Order within a tree: (priority, turn) or (work, turn), where turn is the order of joining; so
 * a job put back from service stands before all of its class that came later. */
#include "kernel/queue.h"

#include "kernel/engine.h"

/* ---- lists ----------------------------------------------------------------------------------- */

OMO_HOT void queue_list_append(struct omo_kernel *k, struct queue *q, uint32_t slot)
{
    struct job *j = &k->job[slot];

    j->next = OMO_NONE;
    j->previous = q->last;
    if (q->last != OMO_NONE)
        k->job[q->last].next = slot;
    else
        q->first = slot;
    q->last = slot;
    q->count++;
}

static void queue_list_prepend(struct omo_kernel *k, struct queue *q, uint32_t slot)
{
    struct job *j = &k->job[slot];

    j->next = q->first;
    j->previous = OMO_NONE;
    if (q->first != OMO_NONE)
        k->job[q->first].previous = slot;
    else
        q->last = slot;
    q->first = slot;
    q->count++;
}

OMO_HOT void queue_list_remove(struct omo_kernel *k, struct queue *q, uint32_t slot)
{
    const struct job *j = &k->job[slot];

    OMO_ASSERT(q->count != 0);
    if (j->previous != OMO_NONE)
        k->job[j->previous].next = j->next;
    else
        q->first = j->next;
    if (j->next != OMO_NONE)
        k->job[j->next].previous = j->previous;
    else
        q->last = j->previous;
    q->count--;
}

OMO_HOT uint32_t queue_list_shift(struct omo_kernel *k, struct queue *q)
{
    uint32_t slot = q->first;

    queue_list_remove(k, q, slot);
    return slot;
}

/* ---- trees ----------------------------------------------------------------------------------- */

static bool queue_is_list(omo_discipline d) { return d == OMO_FIFO || d == OMO_LIFO; }

bool queue_before(const struct omo_kernel *k, omo_discipline discipline, uint32_t a, uint32_t b)
{
    const struct job *x = &k->job[a], *y = &k->job[b];

    switch (discipline) {
    case OMO_LIFO:
        return x->turn > y->turn;
    case OMO_SHORTEST:
        return x->work_us != y->work_us ? x->work_us < y->work_us : x->turn < y->turn;
    case OMO_PRIORITY:
    case OMO_PRIORITY_PREEMPTIVE:
        return x->priority != y->priority ? x->priority < y->priority : x->turn < y->turn;
    default:
        return x->turn < y->turn;
    }
}

static uint32_t queue_cell_take(struct omo_kernel *k)
{
    uint32_t cell = k->cell_free;

    if (cell != OMO_NONE) {
        k->cell_free = k->cell[cell].parent;
        return cell;
    }
    OMO_ASSERT(k->cell_used < k->jobs.capacity);
    return k->cell_used++;
}

static void queue_cell_give(struct omo_kernel *k, uint32_t cell)
{
    k->cell[cell].parent = k->cell_free;
    k->cell_free = cell;
}

/* Cell of node n, counted from 1. */
static uint32_t queue_node(const struct omo_kernel *k, const struct queue *q, uint32_t n)
{
    uint32_t cell = q->first;

    OMO_ASSERT(n >= 1);
    for (uint32_t bit = (UINT32_C(1) << (31 - (uint32_t)__builtin_clz(n))) >> 1; bit != 0;
         bit >>= 1)
        cell = k->cell[cell].child[(n & bit) != 0];
    return cell;
}

static void queue_put(struct omo_kernel *k, uint32_t cell, uint32_t slot)
{
    k->cell[cell].job = slot;
    k->job[slot].next = cell;
}

/* Moves the job of a cell up or down until the order holds; with OMO_RANDOM it always does. */
static void queue_sift(struct omo_kernel *k, omo_discipline d, uint32_t cell)
{
    uint32_t slot = k->cell[cell].job;

    if (d == OMO_RANDOM)
        return;
    for (uint32_t up = k->cell[cell].parent;
         up != OMO_NONE && queue_before(k, d, slot, k->cell[up].job); up = k->cell[cell].parent) {
        queue_put(k, cell, k->cell[up].job);
        cell = up;
    }
    for (;;) {
        uint32_t left = k->cell[cell].child[0], right = k->cell[cell].child[1], best = left;
        if (left == OMO_NONE)
            break;
        if (right != OMO_NONE && queue_before(k, d, k->cell[right].job, k->cell[left].job))
            best = right;
        if (!queue_before(k, d, k->cell[best].job, slot))
            break;
        queue_put(k, cell, k->cell[best].job);
        cell = best;
    }
    queue_put(k, cell, slot);
}

static void queue_tree_add(struct omo_kernel *k, struct queue *q, omo_discipline d, uint32_t slot)
{
    uint32_t n = ++q->count, cell = queue_cell_take(k), parent = OMO_NONE;

    if (n == 1) {
        q->first = cell;
    } else {
        parent = queue_node(k, q, n / 2);
        k->cell[parent].child[n % 2] = cell;
    }
    k->cell[cell] = (struct queue_cell){{OMO_NONE, OMO_NONE}, parent, slot};
    k->job[slot].next = cell;
    queue_sift(k, d, cell);
}

static void queue_tree_remove(struct omo_kernel *k, struct queue *q, omo_discipline d,
                              uint32_t slot)
{
    uint32_t cell = k->job[slot].next, last = queue_node(k, q, q->count);

    OMO_ASSERT(k->cell[cell].job == slot);
    if (q->count == 1)
        q->first = OMO_NONE;
    else
        k->cell[k->cell[last].parent].child[q->count % 2] = OMO_NONE;
    q->count--;
    if (cell != last) {
        queue_put(k, cell, k->cell[last].job);
        queue_sift(k, d, cell);
    }
    queue_cell_give(k, last);
}

/* ---- any ------------------------------------------------------------------------------------- */

void queue_add(struct omo_kernel *k, struct queue *q, omo_discipline discipline, uint32_t slot,
               bool back)
{
    if (!queue_is_list(discipline))
        queue_tree_add(k, q, discipline, slot);
    else if (back || discipline == OMO_LIFO)
        queue_list_prepend(k, q, slot);
    else
        queue_list_append(k, q, slot);
}

void queue_remove(struct omo_kernel *k, struct queue *q, omo_discipline discipline, uint32_t slot)
{
    if (queue_is_list(discipline))
        queue_list_remove(k, q, slot);
    else
        queue_tree_remove(k, q, discipline, slot);
}

uint32_t queue_head(const struct omo_kernel *k, const struct queue *q, omo_discipline discipline,
                    uint32_t n)
{
    OMO_ASSERT(q->count != 0);
    if (queue_is_list(discipline))
        return q->first;
    return k->cell[discipline == OMO_RANDOM ? queue_node(k, q, n + 1) : q->first].job;
}
