/* Returns at sealing: trees over the places that take goods back.
 *
 * Shops and warehouses have a tree each, because a customer walks into the one and posts a parcel to
 * the other. The trees hold every place that accepts returns, so that the nearest is exact however
 * far it is: reach lists hold the nearest places of all, none of which may take anything back.
 * Places that are drawn anew in each replication stand nowhere yet and are left out. */
#include "experiment/seal.h"

#include "network/orders.h"

static bool seal_returns_accepts(const struct place *p, bool warehouse)
{
    bool kind = warehouse ? p->kind == OMO_PLACE_WAREHOUSE
                          : p->kind == OMO_PLACE_STORE || p->kind == OMO_PLACE_DARK_STORE;

    return kind && (p->capabilities & OMO_ACCEPTS_RETURNS) != 0 && !p->random_position;
}

static omo_status seal_returns_tree(omo_model *m, bool warehouse, struct reach *ret_tree,
                                    omo_error *ret_error)
{
    const struct network *n = &m->network;
    struct reach_node *node = arena_take(&m->arena, n->place_count, sizeof(node[0]));
    uint32_t *place = arena_take(&m->arena, n->place_count, sizeof(place[0]));
    double *at = arena_take(&m->arena, 2 * (size_t)n->place_count, sizeof(at[0]));
    uint32_t count = 0;

    if (node == NULL || place == NULL || at == NULL)
        return draft_memory(ret_error);
    for (uint32_t i = 0; i < n->place_count; i++) {
        if (!seal_returns_accepts(&n->place[i], warehouse))
            continue;
        place[count] = i;
        at[count] = n->place[i].lat;
        at[n->place_count + count++] = n->place[i].lon;
    }
    reach_build(ret_tree, node, count, place, at, at + n->place_count, m->run.geometry,
                m->run.torus_side_km);
    return OMO_OK;
}

omo_status seal_returns(omo_model *m, omo_error *ret_error)
{
    struct returns_rule *r = &m->returns;
    bool online = false;

    if (!r->on)
        return OMO_OK;
    if (seal_returns_tree(m, false, &r->shops, ret_error) != OMO_OK ||
        seal_returns_tree(m, true, &r->warehouses, ret_error) != OMO_OK)
        return OMO_ENOMEM;
    DRAFT_CHECK(r->shops.count + r->warehouses.count != 0,
                "returns: no place accepts returns: add accepts_returns to what a place sells");
    DRAFT_CHECK(r->options.to != OMO_RETURN_TO_WAREHOUSE || r->warehouses.count != 0,
                "returns: they go to a warehouse, but none accepts returns");
    for (uint32_t i = 0; i < m->demand.channel_count; i++)
        online =
            online || (m->demand.channel[i].kind->online && m->demand.channel[i].options.enabled);
    DRAFT_CHECK(!online || model_returns_in_shop(m) || r->warehouses.count != 0,
                "returns: with inventory or orders siloed, goods bought online go back to a "
                "warehouse, but none accepts returns");
    return OMO_OK;
}
