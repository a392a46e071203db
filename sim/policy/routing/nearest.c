/* nearest: each line from the closest place that has all of it; candidates come sorted by distance.
 *
 * The rule of most shops on their first day with an order system, and the baseline of every
 * comparison. It never splits a line: units that no single place has whole are a shortage, even
 * where two places together would have them. It looks at each line alone, so an order whose lines
 * lie in different places travels in as many parcels. O(lines x places).
 */
#include "policy/routing.h"

static void route(const void *state, const struct routing_query *q,
                  struct routing_answer *ret_answer)
{
    (void)state;
    for (uint32_t line = 0; line < q->line_count; line++)
        for (uint32_t place = 0; place < q->place_count; place++)
            if (routing_available(q, line, place) >= q->quantity[line]) {
                routing_assign(ret_answer, line, place, q->quantity[line]);
                break;
            }
}

const struct routing_policy routing_nearest = {
    .name = "nearest",
    .help = "each line from the closest place that has all of it",
    .route = route,
};
