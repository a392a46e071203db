/* What the facts of a retail world mean in a trace: which begin or end a step of an order, at which
 * role's station. By the kind's number, looked up by name once. */
#ifndef CLI_TRACE_FACTS_H
#define CLI_TRACE_FACTS_H

#include <glib.h>
#include <stdint.h>

enum trace_mark {
    TRACE_MARK_NONE,
    TRACE_MARK_OPENED,
    TRACE_MARK_PLACED,
    TRACE_MARK_FAILED, /* nothing of the order will be fulfilled */
    TRACE_MARK_ROUTED, /* a part begins to wait at its place */
    TRACE_MARK_TILL_START,
    TRACE_MARK_TILL_DONE,
    TRACE_MARK_PICK_START,
    TRACE_MARK_PICKED,
    TRACE_MARK_READY,
    TRACE_MARK_SHIPPED,
    TRACE_MARK_DELIVERED,
    TRACE_MARK_COLLECTED,
    TRACE_MARK_EXPIRED, /* nobody came for what was ready */
    TRACE_MARK_CLOSED,
    TRACE_MARK_NOTE /* shown as a moment in the order's life */
};

struct trace_fact {
    enum trace_mark mark;
    uint32_t role; /* the station that it happened at, of its place; UINT32_MAX = none */
};

/* [kind] Caller frees with g_free(). */
struct trace_fact *trace_facts_new(void);

#endif
