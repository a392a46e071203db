/* Members log in. Who has a card (1 .. member_count) is known before there is a row; who has none is
 * registered under the name given. */
#include "backend/backend_private.h"
#include "backend/schema.h"
#include "backend/shop.h"

#include <string.h>

/* The number of a card, written as it is printed on it; 0 = it is none. */
static int64_t session_card(const struct backend_shared *shared, const char *name)
{
    guint64 number;

    if (name[0] == '0' || !g_ascii_string_to_unsigned(name, 10, 1, INT64_MAX, &number, NULL) ||
        number > shared->member_count)
        return 0;
    return (int64_t)number;
}

int64_t member_find(struct call *call, const char *name)
{
    struct store *store = call->store;
    const int64_t card = session_card(call->shared, name);

    if (card > 0) { /* it may have been joined with another member */
        store_bind(store, STATEMENT_identity_find, "tt", "card", name);
        if (store_row(store, STATEMENT_identity_find))
            return store_int(store, STATEMENT_identity_find, 0);
    }
    store_bind(store, STATEMENT_member_find, "t", name);
    if (store_row(store, STATEMENT_member_find))
        return store_int(store, STATEMENT_member_find, 0);
    if (card > 0)
        store_run(store, STATEMENT_member_add, "it", card, name);
    return card;
}

int64_t member_of_card(struct call *call, const char *card)
{
    return session_card(call->shared, card) > 0 ? member_find(call, card) : 0;
}

int64_t member_make(struct call *call, const char *name)
{
    store_run(call->store, STATEMENT_member_add_next, "it", SCHEMA_MEMBER_FIRST, name);
    return store_last_id(call->store);
}

void open_session(struct call *call)
{
    const int64_t session_for_us = call->shared->session_for_us;
    const char *name;
    int64_t member;

    if (!call_text(call, "member", &name))
        return;
    member = member_find(call, name);
    if (member == 0)
        member = member_make(call, name);
    g_autofree char *token =
        session_make(call->shared, member, name, call->now_us + session_for_us);
    call_answer(call, 201,
                json_pack("{s:s, s:s, s:I}", "token", token, "member", name, "expires_in",
                          (json_int_t)(session_for_us / G_USEC_PER_SEC)));
}
