/* What stands on the shelves of a place, for whoever sets up something that begins where a world
 * does: the back end that is to sell what the simulation sells.
 *
 * A world fills its columns when it first runs, not when it is made, so before that its opening
 * stock is worked out as day_open() will: the position's opening units, or none where the keyed draw
 * says so. Asking changes nothing. It is a walk over one place's block of the columns: 1.57 million
 * positions, asked place by place, take 10 ms, or 110 ms where each has a draw. */
#include "flow/world.h"

uint32_t omo_world_stock(const omo_world *world, uint32_t place, omo_sku *ret_skus,
                         int32_t *ret_units)
{
    const struct network *n = &world->model->network;
    const struct place *p = &n->place[place];
    const struct stock *s = &world->stock;
    const uint32_t count = network_place_positions(n, p);
    const bool opened = world->day != 0;

    for (uint32_t rank = 0; rank < count; rank++) {
        const size_t position = p->position_first + rank;
        ret_skus[rank].index = n->assortment[p->assortment].sku[rank];
        if (opened)
            ret_units[rank] = stock_free(s, position) + s->reserved[position];
        else
            ret_units[rank] = day_opens_with(world, place, rank) ? n->opening[position] : 0;
    }
    return count;
}
