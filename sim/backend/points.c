/* Points: one for each whole unit of money paid, a cent off for each one spent.
 *
 * The ledger has an entry for each time that points came or went; the balance beside the member is
 * their sum, kept so that reading it is one look-up. Both are written in one transaction. Points
 * earned with an order that is cancelled or returned are taken back; when they were spent meanwhile
 * the balance goes below 0 and is made up by the next purchase.
 *
 * With lost-update-points the balance is read, and some milliseconds later written again with what
 * was added: two payments of a member at the same time count once. The ledger has both.
 */
#include "backend/shop.h"

#include <string.h>

int64_t points_balance(struct call *call, int64_t member)
{
    store_bind(call->store, STATEMENT_points_get, "i", member);
    return store_row(call->store, STATEMENT_points_get)
               ? store_int(call->store, STATEMENT_points_get, 0)
               : 0;
}

bool points_pause(struct call *call, int64_t member, int64_t *ret_balance)
{
    *ret_balance = points_balance(call, member);
    return faults_has(call->faults, FAULT_lost_update_points) &&
           shop_pause(call, ret_balance, sizeof *ret_balance);
}

void points_overwrite(struct call *call, int64_t member, int64_t balance)
{
    store_run(call->store, STATEMENT_points_set, "ii", member, balance);
}

void points_add(struct call *call, int64_t member, int64_t points, const char *reason,
                const char *reference)
{
    if (points == 0)
        return;
    store_run(call->store, STATEMENT_point_entry_add, "iiitt", call->now_us, member, points, reason,
              reference);
    store_run(call->store, STATEMENT_points_add, "ii", member, points);
}

/* GET /members/{member}/points */
void points_get(struct call *call)
{
    if (strcmp(call->segment[1], call->member_name) != 0) {
        call_refuse(call, 403, "forbidden", "another member's points");
        return;
    }
    call_answer(call, 200,
                json_pack("{s:s, s:I}", "member", call->member_name, "points",
                          points_balance(call, call->member)));
}
