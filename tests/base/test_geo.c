/* Known great-circle distances, the formula in long double, and the torus. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/draws.h"
#include "base/geo.h"

START_TEST(test_haversine_known)
{
    static const struct {
        double lat_a, lon_a, lat_b, lon_b, km;
    } table[] = {
        {0, 0, 0, 1, 111.195080234},
        {0, 0, 0, 180, 20015.114442036},
        {40.6943, -73.9249, 34.1141, -118.4068, 3953.624631275}, /* New York, Los Angeles */
        {25.0330, 121.5654, 22.6273, 120.3014, 296.788068713},   /* Taipei, Kaohsiung */
        {37.8706, 112.5489, 30.2741, 120.1551, 1096.532623807},  /* Taiyuan, Hangzhou */
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        double km =
            geo_haversine_km(table[i].lat_a, table[i].lon_a, table[i].lat_b, table[i].lon_b);

        ck_assert_double_eq_tol(km, table[i].km, 1e-6 * table[i].km);
    }
    ck_assert_double_eq(geo_haversine_km(52.5, 13.4, 52.5, 13.4), 0);
    /* The date line is no edge. */
    ck_assert_double_eq_tol(geo_haversine_km(0, 179.5, 0, -179.5), 111.195080234, 1e-6);
    /* Poles: longitude does not matter. */
    ck_assert_double_lt(geo_haversine_km(90, 0, 90, 77), 1e-9);
}
END_TEST

START_TEST(test_haversine_precision)
{
    struct draw_cursor c;
    long double radians = 3.14159265358979323846L / 180;

    draw_begin(&c, draw_key_make(1, 1), DRAW_PLACE, 0, 0);
    for (int i = 0; i < 100000; i++) {
        double lat_a = draw_unit53(&c) * 160 - 80, lon_a = draw_unit53(&c) * 360 - 180;
        double spread = i % 2 == 0 ? 90 : 0.01;
        double lat_b = lat_a + (draw_unit53(&c) - 0.5) * spread * 0.2,
               lon_b = lon_a + (draw_unit53(&c) - 0.5) * spread;
        long double s = sinl(((long double)lat_b - (long double)lat_a) * radians / 2);
        long double t = sinl(((long double)lon_b - (long double)lon_a) * radians / 2);
        long double h =
            s * s + cosl((long double)lat_a * radians) * cosl((long double)lat_b * radians) * t * t;
        double exact = (double)(2 * 6371.0088L * asinl(sqrtl(h)));

        ck_assert_double_eq_tol(geo_haversine_km(lat_a, lon_a, lat_b, lon_b), exact, 1e-9 * exact);
        ck_assert_double_eq(geo_haversine_km(lat_a, lon_a, lat_b, lon_b),
                            geo_haversine_km(lat_b, lon_b, lat_a, lon_a));
    }
}
END_TEST

START_TEST(test_plane)
{
    ck_assert_double_eq(geo_plane_km(0, 0, 3, 4, 0), 5);
    ck_assert_double_eq(geo_plane_km(-1, -1, 2, 3, 0), 5);
    ck_assert_double_eq(geo_plane_km(1, 1, 1, 1, 10), 0);
    ck_assert_double_eq_tol(geo_plane_km(0.5, 0, 9.5, 0, 10), 1, 1e-12);
    ck_assert_double_eq_tol(geo_plane_km(0.5, 9, 9.5, 1, 10), sqrt(5), 1e-12);
    ck_assert_double_eq(geo_plane_km(0, 0, 5, 5, 10),
                        sqrt(50)); /* the farthest point of the torus */
    ck_assert_double_eq_tol(geo_plane_km(0, 0, 23, 0, 10), 3, 1e-12);
    ck_assert_double_eq_tol(geo_plane_km(27, 0, 0, 0, 10), 3, 1e-12);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("geo");
    TCase *t = tcase_create("geo");

    tcase_add_test(t, test_haversine_known);
    tcase_add_test(t, test_haversine_precision);
    tcase_add_test(t, test_plane);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
