/* Stock: units on hand, units reserved, and the ledger that says why.
 *
 * A position has two figures. On hand are the units that lie there; reserved are those of them that
 * belong to an order or a customer. What may be promised is the difference. Every change of the two
 * goes through here and leaves a row in the ledger, which is at the same time the change feed.
 *
 * Nobody is promised what is not there because looking and taking are one UPDATE: its WHERE says that
 * what is left must not be below 0. It needs no lock, for the writer is the only one who writes, and
 * it would hold with several writers too. With oversell-race the WHERE is left away: the caller has
 * looked, some time ago, and takes what it saw.
 *
 *             on_hand   reserved
 *     order       .        +q       reserved, all lines or none
 *     cancel      .        -q       released
 *     hand over  -q        -q       gone for good
 *     till       -q         .       taken from the shelf at once
 *     return     +q         .       on the shelf of whatever place it was brought to
 *     transfer   -q ... +q  .       gone at one place, later there at the other
 */
#include "backend/shop.h"

int64_t units_available(struct call *call, int64_t position)
{
    store_bind(call->store, STATEMENT_position_available, "i", position);
    return store_row(call->store, STATEMENT_position_available)
               ? store_int(call->store, STATEMENT_position_available, 0)
               : 0;
}

static void units_note(struct call *call, const struct units_change *c)
{
    store_run(call->store, STATEMENT_movement_add, "iiiitt", call->now_us, c->position, c->on_hand,
              c->reserved, c->reason, c->reference);
}

bool units_take(struct call *call, const struct units_change *c)
{
    const bool blind = faults_has(call->faults, FAULT_oversell_race);
    const enum statement take = blind ? STATEMENT_position_change : STATEMENT_position_take;

    if (store_run(call->store, take, "iii", c->position, c->on_hand, c->reserved) == 0)
        return false;
    units_note(call, c);
    return true;
}

void units_put(struct call *call, const struct units_change *c)
{
    if (store_run(call->store, STATEMENT_position_change, "iii", c->position, c->on_hand,
                  c->reserved) == 0)
        store_run(call->store, STATEMENT_position_open, "iii", c->position, c->on_hand,
                  c->reserved);
    units_note(call, c);
}
