/* What the service says about itself. */
#include "backend/backend_private.h"

void health(struct call *call)
{
    const int64_t up_us = g_get_monotonic_time() - call->shared->began_us;

    call_answer(call, 200,
                json_pack("{s:s, s:I}", "status", "ok", "up_seconds",
                          (json_int_t)(up_us / G_USEC_PER_SEC)));
}

void document(struct call *call)
{
    if (call->shared->openapi == NULL) {
        call_refuse(call, 404, "no_such_path", "the document was not found when the service began");
        return;
    }
    call_answer(call, 200, NULL);
    call->page = g_string_new(call->shared->openapi);
    call->type = "application/yaml"; /* RFC 9512 */
}
