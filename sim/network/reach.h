/* Who is near: exact k-nearest places by distance, ties by index, on the sphere, the plane or a
 * torus.
 *
 * A k-d tree over the places of one group, in three dimensions on the sphere (chords order as
 * great circles do) and two on the plane. Memory is borrowed. Building is O(n log n), a query
 * O(log n + k) for places that are spread.
 */
#ifndef OMO_NETWORK_REACH_H
#define OMO_NETWORK_REACH_H

#include "network/network.h"

#define REACH_COUNT_MAX 32

struct reach_near {
    uint32_t place;
    int64_t distance_mm;
};

struct reach_node {
    double at[3];
    uint32_t place;
};

struct reach {
    struct reach_node *node; /* [count], the tree is implicit: the middle of each range splits it */
    uint32_t count;
    uint32_t dimensions; /* 3 on the sphere, 2 on the plane */
    double side_km;      /* torus, or 0 */
};

/* Builds over `count` places: place[i] stands at lat[i], lon[i] (plane: y, x in km). `node` has
 * room for count. */
void reach_build(struct reach *r, struct reach_node *node, uint32_t count, const uint32_t *place,
                 const double *lat, const double *lon, omo_geometry geometry, double torus_side_km);
/* The nearest up to `count` (at most REACH_COUNT_MAX), nearest first. Returns how many. */
uint32_t reach_nearest(const struct reach *r, double lat, double lon, uint32_t count,
                       struct reach_near *ret_near);
/* How many places stand within km. */
uint32_t reach_within(const struct reach *r, double lat, double lon, double km);

#endif
