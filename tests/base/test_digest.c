/* The digest depends on every bit and on order, and the bits of all of level 0 are those of the
 * first day.
 *
 * test_bits folds outputs of every function of base into one number and compares it with a literal.
 * gcc and clang at any optimisation level must agree on it. A change of an algorithm moves it on
 * purpose; then the new value is printed.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/geo.h"
#include "base/laws.h"
#include "base/maths.h"
#include "base/money.h"

static uint64_t digest_of(uint64_t words[][4], int count)
{
    struct digest d;

    digest_init(&d);
    for (int i = 0; i < count; i++)
        digest_add(&d, words[i]);
    return digest_value(&d);
}

START_TEST(test_every_bit_matters)
{
    uint64_t words[3][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}, {0, 0, 0, 0}};
    uint64_t before = digest_of(words, 3);

    for (int fact = 0; fact < 3; fact++)
        for (int bit = 0; bit < 256; bit++) {
            uint64_t flip = UINT64_C(1) << bit % 64;

            words[fact][bit / 64] ^= flip;
            ck_assert_uint_ne(digest_of(words, 3), before);
            words[fact][bit / 64] ^= flip;
        }
    ck_assert_uint_eq(digest_of(words, 3), before);
    ck_assert_uint_ne(digest_of(words, 2), before);
    ck_assert_uint_ne(digest_of(words, 2), digest_of(words, 1));
    ck_assert_uint_ne(digest_of(words, 0), 0);
}
END_TEST

START_TEST(test_order_matters)
{
    uint64_t words[2][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    uint64_t swapped[2][4] = {{5, 6, 7, 8}, {1, 2, 3, 4}};
    uint64_t crossed[2][4] = {{1, 2, 7, 8}, {5, 6, 3, 4}};

    ck_assert_uint_ne(digest_of(words, 2), digest_of(swapped, 2));
    ck_assert_uint_ne(digest_of(words, 2), digest_of(crossed, 2));
}
END_TEST

static uint64_t bits(double x)
{
    uint64_t b;

    memcpy(&b, &x, sizeof(b));
    return b;
}

static void add_doubles(struct digest *d, double a, double b, double c, double e)
{
    digest_add(d, (const uint64_t[4]){bits(a), bits(b), bits(c), bits(e)});
}

static void add_maths(struct digest *d, struct draw_cursor *c)
{
    for (int i = 0; i < 50000; i++) {
        double u = draw_unit53(c), v = draw_unit53(c);
        double wide = (u - 0.5) * 0x1p20;

        add_doubles(d, maths_exp((u - 0.5) * 1480), maths_log(u), maths_pow(u * 3, (v - 0.5) * 200),
                    maths_asin(2 * v - 1));
        add_doubles(d, maths_sin(wide), maths_cos(wide), maths_sqrt(u), maths_floor(wide));
        add_doubles(d, maths_log_gamma(v * 30), maths_normal_quantile(u),
                    maths_log(maths_exp(-700 * u)), maths_sin(v));
        add_doubles(d, geo_haversine_km(u * 180 - 90, v * 360, v * 180 - 90, u * 360),
                    geo_plane_km(u, v, v, 1 - u, 0.7), 0, 0);
        digest_add(d, (const uint64_t[4]){(uint64_t)money_share((int64_t)wide, (int64_t)(v * 2e6)),
                                          (uint64_t)money_of_area((core_int128)(wide * 1e15) * 1000,
                                                                  (int64_t)(v * 1e7)),
                                          0, 0});
    }
    for (uint32_t degrees = 1; degrees < 1300; degrees += 13)
        add_doubles(d, maths_student_quantile(0.9, degrees), maths_student_quantile(0.95, degrees),
                    maths_student_quantile(0.99, degrees), maths_student_quantile(0.9999, degrees));
}

static void add_laws(struct digest *d)
{
    static const omo_law laws[] = {
        {OMO_LAW_CONSTANT, 3, 0, 0},    {OMO_LAW_EXPONENTIAL, 3, 0, 0},
        {OMO_LAW_UNIFORM, 3, 4, 0},     {OMO_LAW_ERLANG, 3, 3, 0},
        {OMO_LAW_GAMMA, 3, 0.7, 0},     {OMO_LAW_GAMMA, 3, 2, 0},
        {OMO_LAW_LOGNORMAL, 3, 0.8, 0}, {OMO_LAW_NORMAL, 3, 2, 0},
        {OMO_LAW_WEIBULL, 3, 1.3, 0},   {OMO_LAW_TRIANGULAR, 1, 2, 4},
        {OMO_LAW_POISSON, 3.3, 0, 0},   {OMO_LAW_POISSON, 33, 0, 0},
        {OMO_LAW_POISSON, 3e6, 0, 0},   {OMO_LAW_GEOMETRIC, 3.5, 0, 0},
    };
    static double weight[100], work[200];
    static struct alias_entry table[100];

    for (uint32_t i = 0; i < 100; i++)
        weight[i] = 1 / (1.0 + i);
    alias_build(weight, 100, work, table);
    for (uint64_t kind = 0; kind < sizeof(laws) / sizeof(laws[0]); kind++)
        for (uint32_t i = 0; i < 5000; i++) {
            struct draw_cursor c;
            double value[6];

            /* One draw a statement: the order of arguments belongs to the compiler. */
            draw_begin(&c, draw_key_make(kind, i), DRAW_SERVICE, i * UINT64_C(0x100000001), i);
            value[0] = law_draw(&laws[kind], &c);
            value[1] = (double)law_draw_us(&laws[kind], &c);
            value[2] = alias_draw(table, 100, &c);
            value[3] = law_exponential(&c);
            value[4] = law_normal(&c);
            value[5] = draw_unit(&c);
            add_doubles(d, value[0], value[1], value[2], value[3]);
            add_doubles(d, value[4], value[5], omo_law_mean(&laws[kind]), 0);
        }
}

START_TEST(test_bits)
{
    struct digest d;
    struct draw_cursor c;
    char text[17];

    digest_init(&d);
    draw_begin(&c, draw_key_make(30, 0), DRAW_FIELD, 0, 0);
    add_maths(&d, &c);
    add_laws(&d);
    snprintf(text, sizeof(text), "%016" PRIx64, digest_value(&d));
    ck_assert_str_eq(text, "7f52ee5cc719b550");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("digest");
    TCase *t = tcase_create("digest");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, test_every_bit_matters);
    tcase_add_test(t, test_order_matters);
    tcase_add_test(t, test_bits);
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
