/* fewest_parcels: as many units as possible out of as few places as possible.
 *
 * The rule of order systems that "find routes with fewest splits": single places first, then pairs,
 * then triples. A set of places fills of each line what its members have together, so a line may be
 * split within the set: what counts is how many parcels go out. The smallest set that fills
 * everything which all candidates together could fill wins; among sets of one size the one with
 * more units, then with less total distance, then the closer first member. A larger set is searched
 * only when no smaller one fills everything; because filling has diminishing returns (it is
 * submodular), a larger set then always fills more, so nothing is lost by going step by step.
 *
 * If three places do not do, the one that adds most units (ties to the closer) is added until
 * nothing is missing that anybody has: greedy, and no longer exact. Orders that need four parcels
 * are rare, and nobody sends them gladly.
 *
 * Exact over all 32 candidates: 32 singles nearly always end it. The 4,960 triples are thinned by a
 * bound: a set can't fill more than its members do apart, summed.
 */
#include "policy/routing.h"

struct fewest_search {
    const struct routing_query *query;
    int64_t target;                    /* units that all candidates together can fill */
    int64_t alone[ROUTING_PLACES_MAX]; /* units that a place fills by itself */
    int64_t best_units;
    int64_t best_distance_mm;
    uint32_t best; /* the set as a bit mask */
};

/* Units that the places of a set fill together. */
static int64_t fewest_units(const struct routing_query *q, uint32_t set)
{
    int64_t units = 0;

    for (uint32_t line = 0; line < q->line_count; line++) {
        int64_t available = 0;

        for (uint32_t left = set; left != 0; left &= left - 1)
            available += routing_available(q, line, (uint32_t)__builtin_ctz(left));
        units += core_min_i64(available, q->quantity[line]);
    }
    return units;
}

/* `bound` is what the members fill apart, summed; equal units with less distance still have to be
 * seen. */
static void fewest_try(struct fewest_search *s, uint32_t set, int64_t bound, int64_t distance_mm)
{
    int64_t units;

    if (bound < s->best_units)
        return;
    if (bound == s->best_units && distance_mm >= s->best_distance_mm)
        return;
    units = fewest_units(s->query, set);
    if (units > s->best_units || (units == s->best_units && distance_mm < s->best_distance_mm)) {
        s->best_units = units;
        s->best_distance_mm = distance_mm;
        s->best = set;
    }
}

static void fewest_try_pairs(struct fewest_search *s)
{
    const struct routing_query *q = s->query;

    for (uint32_t i = 0; i < q->place_count; i++)
        for (uint32_t j = i + 1; j < q->place_count; j++)
            fewest_try(s, 1u << i | 1u << j, s->alone[i] + s->alone[j],
                       q->distance_mm[i] + q->distance_mm[j]);
}

static void fewest_try_triples(struct fewest_search *s)
{
    const struct routing_query *q = s->query;

    for (uint32_t i = 0; i < q->place_count; i++)
        for (uint32_t j = i + 1; j < q->place_count; j++)
            for (uint32_t k = j + 1; k < q->place_count; k++)
                fewest_try(s, 1u << i | 1u << j | 1u << k, s->alone[i] + s->alone[j] + s->alone[k],
                           q->distance_mm[i] + q->distance_mm[j] + q->distance_mm[k]);
}

/* Adds the place that fills most of what is missing until nothing is. */
static void fewest_complete(struct fewest_search *s)
{
    while (s->best_units < s->target) {
        uint32_t best = OMO_NONE;

        for (uint32_t place = 0; place < s->query->place_count; place++) {
            int64_t units = fewest_units(s->query, s->best | 1u << place);

            if (units > s->best_units) {
                s->best_units = units;
                best = place;
            }
        }
        OMO_ASSERT(best != OMO_NONE);
        s->best |= 1u << best;
    }
}

/* Each line from the closest member that has all of it, else from the closest members that have
 * some. */
static void fewest_assign(const struct routing_query *q, uint32_t set,
                          struct routing_answer *ret_answer)
{
    for (uint32_t line = 0; line < q->line_count; line++) {
        int32_t wanted = q->quantity[line];
        uint32_t first = set;

        while (first != 0 && routing_available(q, line, (uint32_t)__builtin_ctz(first)) < wanted)
            first &= first - 1;
        for (uint32_t left = first != 0 ? first : set; left != 0 && wanted > 0; left &= left - 1) {
            uint32_t place = (uint32_t)__builtin_ctz(left);
            int32_t quantity = core_min_i32(wanted, routing_available(q, line, place));

            routing_assign(ret_answer, line, place, quantity);
            wanted -= quantity;
        }
    }
}

static void route(const void *state, const struct routing_query *q,
                  struct routing_answer *ret_answer)
{
    struct fewest_search s = {.query = q};

    (void)state;
    OMO_ASSERT(q->line_count <= ROUTING_LINES_MAX);
    OMO_ASSERT(q->place_count <= ROUTING_PLACES_MAX);
    s.target = fewest_units(q, (uint32_t)((UINT64_C(1) << q->place_count) - 1));
    for (uint32_t place = 0; place < q->place_count; place++) {
        s.alone[place] = fewest_units(q, 1u << place);
        fewest_try(&s, 1u << place, s.alone[place], q->distance_mm[place]);
    }
    if (s.best_units < s.target)
        fewest_try_pairs(&s);
    if (s.best_units < s.target)
        fewest_try_triples(&s);
    fewest_complete(&s);
    fewest_assign(q, s.best, ret_answer);
}

const struct routing_policy routing_fewest_parcels = {
    .name = "fewest_parcels",
    .help = "as many units as possible from as few places as possible, ties by total distance",
    .route = route,
};
