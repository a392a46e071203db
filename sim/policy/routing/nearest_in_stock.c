/* nearest_in_stock: one parcel from the closest place that has the whole order, if there is one.
 *
 * A customer would rather wait for one parcel from a place farther away than open the door twice,
 * and a second parcel costs more than a few more kilometres. So the places are asked in order of
 * distance for everything; only when nobody has everything does each line go to the closest place
 * that has all of it, and a line that nobody has whole is gathered from the closest places that
 * have some. O(lines x places).
 *
 * In a field of stores where each has the goods with probability q, the chosen one is the nearest
 * of a field thinned to density q: the closed form that the spatial oracle checks.
 */
#include "policy/routing.h"

/* True when the place has every line in full. */
static bool route_has_all(const struct routing_query *q, uint32_t place)
{
    for (uint32_t line = 0; line < q->line_count; line++)
        if (routing_available(q, line, place) < q->quantity[line])
            return false;
    return true;
}

static void route(const void *state, const struct routing_query *q,
                  struct routing_answer *ret_answer)
{
    (void)state;
    for (uint32_t place = 0; place < q->place_count; place++)
        if (route_has_all(q, place)) {
            for (uint32_t line = 0; line < q->line_count; line++)
                routing_assign(ret_answer, line, place, q->quantity[line]);
            return;
        }
    for (uint32_t line = 0; line < q->line_count; line++) {
        uint32_t place = routing_nearest_whole(q, line);

        if (place != OMO_NONE)
            routing_assign(ret_answer, line, place, q->quantity[line]);
        else
            routing_gather(q, line, ret_answer);
    }
}

const struct routing_policy routing_nearest_in_stock = {
    .name = "nearest_in_stock",
    .help = "the whole order from the closest place that has all of it, else each line from the "
            "closest",
    .route = route,
};
