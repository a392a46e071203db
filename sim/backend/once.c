/* Idempotency keys: a request sent again does nothing again.
 *
 * After a lost answer a client cannot know whether its request was done. It asks again, and what it
 * gets must be what it would have got: orders, payments and sales have a reference of their own that
 * does this for ever; every other request that makes something may carry the header Idempotency-Key
 * (draft-ietf-httpapi-idempotency-key-header). The answer is kept with the key in the transaction
 * that does the work, so there is no moment in which one of the two exists without the other. Keys
 * belong to who asks: two members may choose the same one. The same key with another request is
 * 422: somebody has a bug, and guessing would hide it.
 *
 * Refusals are not kept: nothing was done, asking again may well succeed. Keys are forgotten after a
 * day (expiry.c). With duplicate-on-retry they are not looked at.
 */
#include "backend/shop.h"

#include <stdarg.h>

/* FNV-1a, 64 bits (Fowler, Noll, Vo). The end of each text counts, so that ("ab", "c") is another. */
int64_t once_hash(const char *text, ...)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    va_list list;

    va_start(list, text);
    for (; text != NULL; text = va_arg(list, const char *)) {
        for (const char *at = text; *at != '\0'; at++)
            hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
        hash = (hash ^ 0xff) * UINT64_C(1099511628211);
    }
    va_end(list);
    return (int64_t)hash;
}

static char *once_who(const struct call *call)
{
    return call->clerk != NULL ? g_strconcat("clerk ", call->clerk, NULL)
                               : g_strdup_printf("%" G_GINT64_FORMAT, call->member);
}

void once(struct call *call, call_handler *handler)
{
    struct store *store = call->store;

    if (call->idempotency_key == NULL || faults_has(call->faults, FAULT_duplicate_on_retry)) {
        handler(call);
        return;
    }
    g_autofree char *who = once_who(call);
    const struct service_text body = service_body(call->request);
    g_autofree char *text = g_strndup(body.size > 0 ? body.text : "", body.size);
    const int64_t asked =
        once_hash(service_method(call->request), service_path(call->request), text, NULL);
    store_bind(store, STATEMENT_once_find, "tt", who, call->idempotency_key);
    if (store_row(store, STATEMENT_once_find)) {
        if (store_int(store, STATEMENT_once_find, 0) != asked)
            call_refuse(call, 422, "key_reused",
                        "this Idempotency-Key was sent with another request");
        else
            call_answer(call, (uint32_t)store_int(store, STATEMENT_once_find, 1),
                        json_loads(store_text(store, STATEMENT_once_find, 2), JSON_DECODE_ANY,
                                   NULL));
        return;
    }
    handler(call);
    if (call->status >= 200 && call->status < 300) {
        char *answer = json_dumps(call->answer, JSON_COMPACT | JSON_ENCODE_ANY);
        store_run(store, STATEMENT_once_keep, "ittiit", call->now_us, who, call->idempotency_key,
                  asked, (int64_t)call->status, answer);
        free(answer);
    }
}
