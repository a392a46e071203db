/* The k nearest places against a search through all of them, with thousands of exact ties. */
#include <check.h>
#include <math.h>

#include "conformance/seed.h"

#include "base/geo.h"
#include "network/reach.h"

#define PLACES 1500
#define SIDE_KM 40.0

enum field { SPHERE, PLANE, TORUS };

struct bench {
    struct reach reach;
    struct reach_node node[PLACES];
    uint32_t place[PLACES];
    double lat[PLACES], lon[PLACES];
    enum field field;
};

/* Coordinates on a coarse grid, so that hundreds of places stand at one point. */
static void bench_fill(struct bench *b, enum field field, uint32_t count, int64_t steps,
                       uint64_t *state)
{
    b->field = field;
    for (uint32_t i = 0; i < count; i++) {
        b->place[i] = 3 * i + 1;
        b->lat[i] = (double)seed_between(state, 0, steps - 1) / (double)steps;
        b->lon[i] = (double)seed_between(state, 0, steps - 1) / (double)steps;
        b->lat[i] = field == SPHERE ? 170.0 * b->lat[i] - 85.0 : SIDE_KM * b->lat[i];
        b->lon[i] = field == SPHERE ? 360.0 * b->lon[i] - 180.0 : SIDE_KM * b->lon[i];
    }
    reach_build(&b->reach, b->node, count, b->place, b->lat, b->lon,
                field == SPHERE ? OMO_GEOMETRY_SPHERE : OMO_GEOMETRY_PLANE,
                field == TORUS ? SIDE_KM : 0.0);
}

static double bench_km(const struct bench *b, uint32_t i, double lat, double lon)
{
    if (b->field == SPHERE)
        return geo_haversine_km(lat, lon, b->lat[i], b->lon[i]);
    return geo_plane_km(lon, lat, b->lon[i], b->lat[i], b->field == TORUS ? SIDE_KM : 0.0);
}

/* Wrong when a place that was left out is nearer than the last one found by more than rounding,
 * or as near with a lower index where the coordinates are the very same. */
static void check_query(const struct bench *b, uint32_t count, double lat, double lon, uint32_t k)
{
    struct reach_near near[REACH_COUNT_MAX];
    uint32_t found = reach_nearest(&b->reach, lat, lon, k, near);
    bool taken[PLACES] = {false};

    ck_assert_uint_eq(found, k < count ? k : count);
    for (uint32_t j = 0; j < found; j++) {
        uint32_t i = (near[j].place - 1) / 3;
        double km = (double)near[j].distance_mm * 1e-6;
        if (taken[i] || fabs(km - bench_km(b, i, lat, lon)) > 2e-6 ||
            (j != 0 && near[j].distance_mm < near[j - 1].distance_mm))
            ck_abort_msg("place %u: %.9g km, %.9g expected", near[j].place, km,
                         bench_km(b, i, lat, lon));
        taken[i] = true;
    }
    uint32_t last = found != 0 ? (near[found - 1].place - 1) / 3 : 0;
    double last_km = bench_km(b, last, lat, lon);
    for (uint32_t i = 0; i < count && found != 0; i++) {
        if (taken[i])
            continue;
        bool twin = b->lat[i] == b->lat[last] && b->lon[i] == b->lon[last];
        if (bench_km(b, i, lat, lon) < last_km - 2e-6 || (twin && i < last))
            ck_abort_msg("place %u was left out, %u taken", b->place[i], b->place[last]);
    }
}

static void check_field(enum field field)
{
    static const uint32_t counts[] = {1, 2, 3, 31, 33, 200, PLACES};
    static struct bench b;
    uint64_t state = seed_take() + (uint64_t)field;

    for (uint32_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
        for (int64_t steps = 4; steps <= 40000; steps *= 100) {
            bench_fill(&b, field, counts[c], steps, &state);
            for (uint32_t round = 0; round < 60; round++) {
                /* Half of the queries stand on a place. */
                uint32_t i = (uint32_t)seed_between(&state, 0, counts[c] - 1);
                double x = (double)seed_between(&state, 0, 1000000) * 1e-6,
                       y = (double)seed_between(&state, 0, 1000000) * 1e-6;
                double lat = field == SPHERE ? 180.0 * x - 90.0 : SIDE_KM * x;
                double lon = field == SPHERE ? 360.0 * y - 180.0 : SIDE_KM * y;
                if (round % 2 == 0) {
                    lat = b.lat[i];
                    lon = b.lon[i];
                }
                check_query(&b, counts[c], lat, lon,
                            (uint32_t)seed_between(&state, 1, REACH_COUNT_MAX));
            }
        }
}

START_TEST(sphere) { check_field(SPHERE); }
END_TEST
START_TEST(plane) { check_field(PLANE); }
END_TEST
START_TEST(torus) { check_field(TORUS); }
END_TEST

START_TEST(all_at_one_point)
{
    static struct bench b;
    struct reach_near near[REACH_COUNT_MAX];
    uint64_t state = 1;

    bench_fill(&b, PLANE, PLACES, 1, &state);
    ck_assert_uint_eq(reach_nearest(&b.reach, 0.0, 3.0, 32, near), 32);
    for (uint32_t i = 0; i < 32; i++) {
        ck_assert_uint_eq(near[i].place, 3 * i + 1);
        ck_assert_int_eq(near[i].distance_mm, 3000000);
    }
}
END_TEST

START_TEST(none_and_too_many)
{
    struct reach empty = {0};
    struct reach_near near[REACH_COUNT_MAX];

    ck_assert_uint_eq(reach_nearest(&empty, 0.0, 0.0, 5, near), 0);
    ck_assert_uint_eq(reach_within(&empty, 0.0, 0.0, 1e9), 0);
}
END_TEST

START_TEST(within)
{
    static struct bench b;
    uint64_t state = seed_take();

    for (enum field field = SPHERE; field <= PLANE; field++) {
        bench_fill(&b, field, PLACES, 400, &state);
        for (uint32_t round = 0; round < 100; round++) {
            uint32_t at = (uint32_t)seed_between(&state, 0, PLACES - 1), expected = 0;
            /* Off the grid of distances, so that rounding decides nothing. */
            double km = (double)seed_between(&state, 1, field == SPHERE ? 20000 : 40) + 0.0123457;
            for (uint32_t i = 0; i < PLACES; i++)
                expected += bench_km(&b, i, b.lat[at], b.lon[at]) <= km;
            ck_assert_uint_eq(reach_within(&b.reach, b.lat[at], b.lon[at], km), expected);
        }
        ck_assert_uint_eq(reach_within(&b.reach, 10.0, 20.0, 30000.0), PLACES);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reach");
    TCase *tcase = tcase_create("reach");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, sphere);
    tcase_add_test(tcase, plane);
    tcase_add_test(tcase, torus);
    tcase_add_test(tcase, all_at_one_point);
    tcase_add_test(tcase, none_and_too_many);
    tcase_add_test(tcase, within);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
