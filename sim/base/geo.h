/* Distances on the sphere (R = 6371.0088 km, the IUGG mean radius) and on the plane, with or
 * without wrap-around. */
#ifndef OMO_BASE_GEO_H
#define OMO_BASE_GEO_H

#include "base/core.h"

#define GEO_EARTH_RADIUS_KM 6371.0088

/* Great-circle distance in km by the haversine formula; degrees. Relative error below 1e-9 but near
 * antipodes (1e-7). */
double geo_haversine_km(double lat_a, double lon_a, double lat_b, double lon_b);
/* Euclidean distance; side_km > 0 wraps both axes (torus). */
double geo_plane_km(double x_a, double y_a, double x_b, double y_b, double side_km);

#endif
