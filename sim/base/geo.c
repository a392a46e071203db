/* Distances: great circles for networks on a map, straight lines for generated ones.
 *
 * The haversine form (Sinnott, "Virtues of the haversine", Sky and Telescope 68, 1984) is used
 * rather than the law of cosines, since it keeps its precision at the short distances that matter
 * here: a customer 200 m from a store. The sphere differs from the ellipsoid by up to 0.5 %, which
 * is less than the difference between roads and the air line. Near antipodes arcsin is steep at 1
 * and costs digits; no store delivers there.
 *
 * On the plane a positive side makes a torus: each axis wraps on its own to the nearer way round. A
 * torus has no edge, so the theory of spatial queues and of nearest distances among random points
 * holds without boundary terms, and tests can compare with it.
 */
#include "base/geo.h"

#include "base/maths.h"

#define GEO_RADIANS_PER_DEGREE (MATHS_PI / 180)

double geo_haversine_km(double lat_a, double lon_a, double lat_b, double lon_b)
{
    double sin_lat = maths_sin((lat_b - lat_a) * (GEO_RADIANS_PER_DEGREE / 2));
    double sin_lon = maths_sin((lon_b - lon_a) * (GEO_RADIANS_PER_DEGREE / 2));
    double cos_a = maths_cos(lat_a * GEO_RADIANS_PER_DEGREE);
    double cos_b = maths_cos(lat_b * GEO_RADIANS_PER_DEGREE);
    double h = sin_lat * sin_lat + cos_a * cos_b * sin_lon * sin_lon;

    /* At antipodes rounding can lift h past 1, where arcsin has no value. */
    return 2 * GEO_EARTH_RADIUS_KM * maths_asin(maths_sqrt(h < 1 ? h : 1));
}

/* Distance of two coordinates on a circle of circumference `side`, or on a line when side is not
 * positive. */
static double geo_axis(double a, double b, double side)
{
    double distance = a < b ? b - a : a - b;

    if (side > 0) {
        distance -= side * maths_floor(distance / side);
        if (distance > side / 2)
            distance = side - distance;
    }
    return distance;
}

double geo_plane_km(double x_a, double y_a, double x_b, double y_b, double side_km)
{
    double x = geo_axis(x_a, x_b, side_km);
    double y = geo_axis(y_a, y_b, side_km);

    return maths_sqrt(x * x + y * y);
}
