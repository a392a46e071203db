/* Which handler answers a method and a path: routes.def. */
#ifndef BACKEND_ROUTER_H
#define BACKEND_ROUTER_H

#include "backend/call.h"

/* The handlers, each in the file of its subject. */
#define ROUTE(method, path, handler, access, writes) call_handler handler;
#include "backend/routes.def"
#undef ROUTE

struct route {
    const char *method, *path;
    call_handler *handler;
    enum access access;
    bool writes;
};

/* The route of a path that is split already (and not decoded: literals are plain). HEAD is GET.
 * NULL: none; then *ret_allow says which methods this path has, "" = no such path. Caller frees it. */
const struct route *router_find(const char *method, char *const *segment, uint32_t segment_count,
                                char **ret_allow);

#endif
