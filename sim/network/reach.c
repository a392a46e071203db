/* Exact nearest places by an implicit k-d tree (Bentley 1975).
 *
 * On the sphere places become unit vectors: the chord between two points grows with their
 * great-circle distance, so the tree needs neither projection nor care at the date line; d = 2 R
 * asin(chord / 2). On a torus the query point is repeated at the nine images of the square, and
 * all but one or two of them are pruned at once. Distances are int64 millimetres, so that two
 * stores at the same rounded coordinates tie exactly and the lower index wins, on every machine.
 * A grid was the other way: faster by half on even fields, but a chain's stores are anything but
 * even. */
#include "network/reach.h"

#include "base/geo.h"
#include "base/maths.h"

static void reach_vector(const struct reach *r, double lat, double lon, double ret_at[3])
{
    if (r->dimensions == 2) {
        ret_at[0] = lon;
        ret_at[1] = lat;
        ret_at[2] = 0.0;
        return;
    }
    double phi = lat * (MATHS_PI / 180.0), lambda = lon * (MATHS_PI / 180.0);
    ret_at[0] = maths_cos(phi) * maths_cos(lambda);
    ret_at[1] = maths_cos(phi) * maths_sin(lambda);
    ret_at[2] = maths_sin(phi);
}

static uint32_t reach_axis(const struct reach *r, uint32_t depth) { return depth % r->dimensions; }

static bool reach_less(const struct reach_node *a, const struct reach_node *b, uint32_t axis)
{
    if (a->at[axis] != b->at[axis])
        return a->at[axis] < b->at[axis];
    return a->place < b->place;
}

static void reach_swap(struct reach_node *a, struct reach_node *b)
{
    struct reach_node keep = *a;
    *a = *b;
    *b = keep;
}

/* Puts the element of rank `middle` of node[low, high) in its place, smaller ones before it
 * (quickselect). The order is total, so there are no equal elements to degrade it. */
static void reach_select(struct reach_node *node, uint32_t low, uint32_t high, uint32_t middle,
                         uint32_t axis)
{
    while (high - low > 1) {
        uint32_t last = high - 1, split = low;
        reach_swap(&node[low + (high - low) / 2], &node[last]);
        for (uint32_t i = low; i < last; i++)
            if (reach_less(&node[i], &node[last], axis))
                reach_swap(&node[i], &node[split++]);
        reach_swap(&node[split], &node[last]);
        if (split == middle)
            return;
        if (middle < split)
            high = split;
        else
            low = split + 1;
    }
}

static void reach_build_range(struct reach *r, uint32_t low, uint32_t high, uint32_t depth)
{
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        reach_select(r->node, low, high, middle, reach_axis(r, depth));
        reach_build_range(r, low, middle, depth + 1);
        low = middle + 1;
        depth++;
    }
}

void reach_build(struct reach *r, struct reach_node *node, uint32_t count, const uint32_t *place,
                 const double *lat, const double *lon, omo_geometry geometry, double torus_side_km)
{
    *r = (struct reach){
        .node = node,
        .count = count,
        .dimensions = geometry == OMO_GEOMETRY_SPHERE ? 3 : 2,
        .side_km = geometry == OMO_GEOMETRY_SPHERE ? 0.0 : torus_side_km,
    };
    for (uint32_t i = 0; i < count; i++) {
        reach_vector(r, lat[i], lon[i], node[i].at);
        node[i].place = place[i];
    }
    reach_build_range(r, 0, count, 0);
}

struct reach_query {
    double at[3];
    uint32_t wanted;
    uint32_t found;
    bool images;
    double square[REACH_COUNT_MAX]; /* squared distances, rising */
    uint32_t place[REACH_COUNT_MAX];
};

/* Two places at the same rounded coordinates give the same square to the last bit; a relative
 * slack of 1e-12 keeps near-ties from being pruned before the index decides. */
#define REACH_SLACK (1.0 + 1e-12)

static void reach_offer(struct reach_query *q, double square, uint32_t place)
{
    uint32_t i = q->found;

    /* On a torus a place is met once for each image; the nearest one counts. */
    for (uint32_t j = 0; q->images && j < q->found; j++) {
        if (q->place[j] != place)
            continue;
        if (square >= q->square[j])
            return;
        q->found--;
        memmove(&q->place[j], &q->place[j + 1], (q->found - j) * sizeof(q->place[0]));
        memmove(&q->square[j], &q->square[j + 1], (q->found - j) * sizeof(q->square[0]));
        i = q->found;
        break;
    }
    if (i == q->wanted) {
        uint32_t last = i - 1;
        if (square > q->square[last] || (square == q->square[last] && place > q->place[last]))
            return;
        i = last;
    } else {
        q->found++;
    }
    while (i != 0 &&
           (square < q->square[i - 1] || (square == q->square[i - 1] && place < q->place[i - 1]))) {
        q->square[i] = q->square[i - 1];
        q->place[i] = q->place[i - 1];
        i--;
    }
    q->square[i] = square;
    q->place[i] = place;
}

static double reach_square(const double a[3], const double b[3])
{
    double square = 0.0;

    for (uint32_t i = 0; i < 3; i++) /* on the plane the third is 0 */
        square += (a[i] - b[i]) * (a[i] - b[i]);
    return square;
}

static void reach_search(const struct reach *r, struct reach_query *q, uint32_t low, uint32_t high,
                         uint32_t depth)
{
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct reach_node *node = &r->node[middle];
        uint32_t axis = reach_axis(r, depth++);
        double across = q->at[axis] - node->at[axis];
        reach_offer(q, reach_square(q->at, node->at), node->place);
        uint32_t far_low = across < 0 ? middle + 1 : low, far_high = across < 0 ? high : middle;
        uint32_t near_low = across < 0 ? low : middle + 1, near_high = across < 0 ? middle : high;
        reach_search(r, q, near_low, near_high, depth);
        if (q->found == q->wanted && across * across > q->square[q->found - 1] * REACH_SLACK)
            return;
        low = far_low;
        high = far_high;
    }
}

/* Squared tree distance to millimetres. */
static int64_t reach_mm(const struct reach *r, double square)
{
    double length = maths_sqrt(square);
    double km = r->dimensions == 2
                    ? length
                    : 2.0 * GEO_EARTH_RADIUS_KM * maths_asin(length > 2.0 ? 1.0 : length / 2.0);
    return (int64_t)(km * 1e6 + 0.5);
}

/* How far a coordinate lies outside [0, side]. */
static double reach_gap(double at, double side)
{
    return at < 0.0 ? -at : at > side ? at - side : 0.0;
}

uint32_t reach_nearest(const struct reach *r, double lat, double lon, uint32_t count,
                       struct reach_near *ret_near)
{
    struct reach_query q = {.wanted = core_min_u32(core_min_u32(count, r->count), REACH_COUNT_MAX)};
    double home[3];

    if (q.wanted == 0)
        return 0;
    reach_vector(r, lat, lon, home);
    int images = r->side_km > 0.0 ? 1 : 0;
    q.images = images != 0;
    memcpy(q.at, home, sizeof(home));
    reach_search(r, &q, 0, r->count, 0);
    for (int x = -images; x <= images; x++)
        for (int y = -images; y <= images; y++) {
            if (x == 0 && y == 0)
                continue;
            q.at[0] = home[0] + x * r->side_km;
            q.at[1] = home[1] + y * r->side_km;
            double gap = reach_gap(q.at[0], r->side_km), gap_y = reach_gap(q.at[1], r->side_km);
            gap = gap * gap + gap_y * gap_y;
            if (q.found < q.wanted || gap <= q.square[q.found - 1] * REACH_SLACK)
                reach_search(r, &q, 0, r->count, 0);
        }
    for (uint32_t i = 0; i < q.found; i++)
        ret_near[i] =
            (struct reach_near){.place = q.place[i], .distance_mm = reach_mm(r, q.square[i])};
    return q.found;
}

static uint32_t reach_count_range(const struct reach *r, const double at[3], double square,
                                  uint32_t low, uint32_t high, uint32_t depth)
{
    uint32_t found = 0;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct reach_node *node = &r->node[middle];
        uint32_t axis = reach_axis(r, depth++);
        double across = at[axis] - node->at[axis];
        found += reach_square(at, node->at) <= square;
        bool both = across * across <= square;
        if (across < 0 || both)
            found += reach_count_range(r, at, square, low, middle, depth);
        if (across < 0 && !both)
            return found;
        low = middle + 1;
    }
    return found;
}

uint32_t reach_within(const struct reach *r, double lat, double lon, double km)
{
    double at[3];

    reach_vector(r, lat, lon, at);
    double length = km;
    if (r->dimensions == 3) {
        if (km >= MATHS_PI * GEO_EARTH_RADIUS_KM)
            return r->count;
        length = 2.0 * maths_sin(km / (2.0 * GEO_EARTH_RADIUS_KM));
    }
    return reach_count_range(r, at, length * length, 0, r->count, 0);
}
