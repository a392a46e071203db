/* cheapest: the least cost of parcels and lines over all choices of up to three places.
 *
 * What an order costs is mostly its parcels: a second one is worth it only when it saves more on
 * the lines, or fills units that the first can't. So the unit of choice is a set of places. Within
 * a set each line goes to the place with the lowest line cost that has all of it (ties to the
 * closer), and the set costs the parcels of the places that get a line plus their lines. Sets are
 * compared by units filled, then cost, then total distance. Searching every set of at most three
 * out of the first SEARCH_MAX places that offer anything makes the answer exact within that family:
 * 298 sets.
 *
 * Which lines a place has whole is a 16-bit mask, so a set is judged with a few bit operations, and
 * a set whose parcels alone cost more than the best so far is dropped unseen as soon as the best
 * fills all that can be filled. One to two microseconds for three lines and twelve candidates.
 *
 * What the best set leaves over is given out afterwards: a line that some other place has whole
 * goes where it adds least cost; a line that nobody has whole is gathered from the closest places.
 * Solving the whole as an integer program was the alternative; it gains only for orders of more
 * than three parcels, which no shop wants to send.
 */
#include "policy/routing.h"

#define SEARCH_MAX 12

struct cheapest_place {
    uint32_t index;
    uint32_t whole; /* bit mask of the lines that it has in full */
};

struct cheapest_set {
    int64_t units;
    int64_t cost_cents;
    int64_t distance_mm;
    uint32_t count;
    struct cheapest_place place[3]; /* by line cost; `whole` cut down to the lines given to it */
};

struct cheapest_search {
    const struct routing_query *query;
    struct cheapest_place place[SEARCH_MAX];
    uint32_t place_count;
    int64_t units_max; /* of the lines that somebody has whole */
    struct cheapest_set best;
};

static int64_t cheapest_units(const struct routing_query *q, uint32_t lines)
{
    int64_t units = 0;

    for (; lines != 0; lines &= lines - 1)
        units += q->quantity[(uint32_t)__builtin_ctz(lines)];
    return units;
}

/* The first places that offer anything, and what can be filled in whole lines. */
static void cheapest_gather(const struct routing_query *q, struct cheapest_search *s)
{
    uint32_t whole_any = 0;

    for (uint32_t place = 0; place < q->place_count && s->place_count < SEARCH_MAX; place++) {
        uint32_t whole = 0;
        bool offers = false;

        for (uint32_t line = 0; line < q->line_count; line++) {
            int32_t available = routing_available(q, line, place);

            offers = offers || available > 0;
            if (available >= q->quantity[line])
                whole |= 1u << line;
        }
        if (offers)
            s->place[s->place_count++] = (struct cheapest_place){.index = place, .whole = whole};
        whole_any |= whole;
    }
    s->units_max = cheapest_units(q, whole_any);
}

static bool cheapest_better(const struct cheapest_set *a, const struct cheapest_set *b)
{
    if (a->units != b->units)
        return a->units > b->units;
    if (a->cost_cents != b->cost_cents)
        return a->cost_cents < b->cost_cents;
    return a->distance_mm < b->distance_mm;
}

/* Judges one set of places, given by their numbers in the search, closest first. */
static void cheapest_try(struct cheapest_search *s, const uint32_t *members, uint32_t count)
{
    const struct routing_query *q = s->query;
    struct cheapest_set set = {.count = count};
    int64_t parcels_cents = 0;
    uint32_t taken = 0;

    for (uint32_t i = 0; i < count; i++)
        parcels_cents += q->parcel_cost_cents[s->place[members[i]].index];
    if (s->best.units == s->units_max && parcels_cents > s->best.cost_cents)
        return;
    for (uint32_t i = 0; i < count; i++) { /* insertion by line cost; equals stay closest first */
        struct cheapest_place place = s->place[members[i]];
        int64_t cents = q->line_cost_cents[place.index];
        uint32_t at = i;

        for (; at > 0 && q->line_cost_cents[set.place[at - 1].index] > cents; at--)
            set.place[at] = set.place[at - 1];
        set.place[at] = place;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct cheapest_place *place = &set.place[i];

        place->whole &= ~taken;
        taken |= place->whole;
        if (place->whole != 0) {
            set.cost_cents += q->parcel_cost_cents[place->index];
            set.cost_cents += q->line_cost_cents[place->index] * __builtin_popcount(place->whole);
            set.distance_mm += q->distance_mm[place->index];
        }
    }
    set.units = cheapest_units(q, taken);
    if (set.units > 0 && (s->best.count == 0 || cheapest_better(&set, &s->best)))
        s->best = set;
}

static void cheapest_search(struct cheapest_search *s)
{
    uint32_t n = s->place_count;

    for (uint32_t i = 0; i < n; i++)
        cheapest_try(s, (const uint32_t[]){i}, 1);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = i + 1; j < n; j++)
            cheapest_try(s, (const uint32_t[]){i, j}, 2);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = i + 1; j < n; j++)
            for (uint32_t k = j + 1; k < n; k++)
                cheapest_try(s, (const uint32_t[]){i, j, k}, 3);
}

/* The place that has all of a line and adds least cost: a parcel only where none goes out yet. */
static uint32_t cheapest_extra(const struct routing_query *q, uint32_t line, uint32_t used)
{
    uint32_t best = OMO_NONE;
    int64_t best_cents = 0;

    for (uint32_t place = 0; place < q->place_count; place++) {
        int64_t cents = q->line_cost_cents[place];

        if (routing_available(q, line, place) < q->quantity[line])
            continue;
        if ((used >> place & 1u) == 0)
            cents += q->parcel_cost_cents[place];
        if (best == OMO_NONE || cents < best_cents) {
            best = place;
            best_cents = cents;
        }
    }
    return best;
}

static void route(const void *state, const struct routing_query *q,
                  struct routing_answer *ret_answer)
{
    struct cheapest_search s = {.query = q};
    uint32_t used = 0;
    uint32_t taken = 0;

    (void)state;
    OMO_ASSERT(q->line_count <= ROUTING_LINES_MAX);
    OMO_ASSERT(q->place_count <= ROUTING_PLACES_MAX);
    cheapest_gather(q, &s);
    cheapest_search(&s);
    for (uint32_t i = 0; i < s.best.count; i++) {
        const struct cheapest_place *place = &s.best.place[i];

        for (uint32_t lines = place->whole; lines != 0; lines &= lines - 1) {
            uint32_t line = (uint32_t)__builtin_ctz(lines);

            routing_assign(ret_answer, line, place->index, q->quantity[line]);
            used |= 1u << place->index;
        }
        taken |= place->whole;
    }
    for (uint32_t line = 0; line < q->line_count; line++) {
        uint32_t place;

        if ((taken >> line & 1u) != 0)
            continue;
        place = cheapest_extra(q, line, used);
        if (place != OMO_NONE) {
            routing_assign(ret_answer, line, place, q->quantity[line]);
            used |= 1u << place;
        } else {
            routing_gather(q, line, ret_answer);
        }
    }
}

const struct routing_policy routing_cheapest = {
    .name = "cheapest",
    .help = "least cost of parcels and lines over all choices of up to three of the twelve nearest "
            "places",
    .route = route,
};
