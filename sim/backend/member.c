/* Members, and the two of them that are one person.
 *
 * Many people are known to a chain twice: in its app by a name, in its shops by the number of a card
 * or a telephone. A clerk who has both before him, the app on the screen and the card on the counter,
 * joins them: what the card has collected (points, coupons, orders) goes to the member of the app,
 * and from then on the card leads to that member. Nobody but a clerk can do this, because whoever
 * knows a telephone number could else fetch another one's points.
 *
 * Points move as two entries of the ledger, one away and one to, so that it adds up for both. Orders
 * and carts are moved by looking through all of them: joining is rare, an index would cost each sale.
 */
#include "backend/shop.h"

#include <string.h>

static const char *const identity_kinds[] = {"card", "phone"};

static bool member_kind(struct call *call, const char **ret_kind, const char **ret_value)
{
    if (!call_text(call, "kind", ret_kind) || !call_text(call, "value", ret_value))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(identity_kinds); i++)
        if (strcmp(*ret_kind, identity_kinds[i]) == 0)
            return true;
    call_refuse(call, 400, "bad_request", "kind: expected card or phone");
    return false;
}

int64_t member_of_identity(struct call *call, const char *kind, const char *value)
{
    store_bind(call->store, STATEMENT_identity_find, "tt", kind, value);
    if (store_row(call->store, STATEMENT_identity_find))
        return store_int(call->store, STATEMENT_identity_find, 0);
    return strcmp(kind, "card") == 0 ? member_of_card(call, value) : 0;
}

static void member_register_now(struct call *call)
{
    const char *name, *identity[G_N_ELEMENTS(identity_kinds)];

    if (!call_text(call, "member", &name))
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(identity_kinds); i++)
        if (!call_text_or(call, identity_kinds[i], NULL, &identity[i]))
            return;
    if (member_find(call, name) != 0) {
        call_refuse(call, 409, "name_taken", "somebody has this name");
        return;
    }
    const int64_t member = member_make(call, name);
    for (size_t i = 0; i < G_N_ELEMENTS(identity_kinds); i++) {
        if (identity[i] == NULL)
            continue;
        if (member_of_identity(call, identity_kinds[i], identity[i]) != 0) {
            call_refuse(call, 409, "identity_taken", "somebody has this %s: a clerk can join you",
                        identity_kinds[i]);
            return;
        }
        store_run(call->store, STATEMENT_identity_add, "tti", identity_kinds[i], identity[i],
                  member);
    }
    call_answer(call, 201, json_pack("{s:s}", "member", name));
}

/* POST /members: somebody is registered, under a name that nobody has, with a card or a telephone */
void member_register(struct call *call) { once(call, member_register_now); }

/* All that `other` has is the member's. */
static void member_join(struct call *call, int64_t other, int64_t member)
{
    static const enum statement moves[] = {STATEMENT_identity_move,   STATEMENT_cart_move,
                                           STATEMENT_order_move,      STATEMENT_hold_move,
                                           STATEMENT_redemption_move, STATEMENT_claim_join};
    const int64_t points = points_balance(call, other);

    points_add(call, other, -points, "joined", NULL);
    points_add(call, member, points, "joined", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(moves); i++)
        store_run(call->store, moves[i], "ii", other, member);
    store_run(call->store, STATEMENT_claim_leave, "i", other);
}

static json_t *member_json(struct call *call, const char *name, int64_t member)
{
    const enum statement s = STATEMENT_identity_list;
    json_t *list = json_array();

    store_bind(call->store, s, "i", member);
    while (store_row(call->store, s))
        json_array_append_new(list, json_pack("{s:s, s:s}", "kind", store_text(call->store, s, 0),
                                              "value", store_text(call->store, s, 1)));
    return json_pack("{s:s, s:o, s:I}", "member", name, "identities", list, "points",
                     points_balance(call, member));
}

/* POST /members/{member}/identities: a card or a telephone is this member's; joins the two when it
 * was another's */
void member_identify(struct call *call)
{
    const char *kind, *value, *name = call->segment[1];

    if (!member_kind(call, &kind, &value))
        return;
    const int64_t member = member_find(call, name);
    if (member == 0) {
        call_refuse(call, 404, "no_such_member", "nobody has this name");
        return;
    }
    const int64_t other = member_of_identity(call, kind, value);
    if (other != 0 && other != member)
        member_join(call, other, member);
    if (other != member)
        store_run(call->store, STATEMENT_identity_add, "tti", kind, value, member);
    call_answer(call, other == member ? 200 : 201, member_json(call, name, member));
}

/* GET /members/{member}/identities */
void member_identities(struct call *call)
{
    if (strcmp(call->segment[1], call->member_name) != 0)
        call_refuse(call, 403, "forbidden", "another member's identities");
    else
        call_answer(call, 200, member_json(call, call->member_name, call->member));
}
