/* Philox against published vectors, the packing of counters, and independence of neighbouring keys.
 *
 * The vectors are Random123's known answers (kat_vectors of its distribution). Correlations are
 * over 200,000 pairs, where r has standard deviation 1 / sqrt(n); the keys are fixed, so a pass
 * today is a pass for ever.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fit.h"

#include "base/laws.h"

#define PAIR_COUNT 200000

START_TEST(test_philox_known_answers)
{
    static const uint32_t known[3][10] = {
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d,
         0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09,
         0x94fdcceb, 0x5001e420, 0x24126ea1},
    };

    for (int i = 0; i < 3; i++) {
        struct draw_cursor c;
        const uint32_t *k = known[i];

        memcpy(c.counter.v, k, 16);
        memcpy(c.key.v, k + 4, 8);
        c.used = 4;
        for (int word = 0; word < 4; word++)
            ck_assert_uint_eq(draw_u32(&c), k[6 + word]);
        ck_assert_uint_eq(c.counter.v[0], k[0] + 1);
    }
}
END_TEST

START_TEST(test_counter_packing)
{
    struct draw_cursor c;
    struct draw_key key = {.word = {11, 22}};

    draw_begin(&c, key, DRAW_LEAD, UINT64_C(0x123456789abcdef0), 0xfedcba);
    ck_assert_uint_eq(c.counter.v[0], 0);
    ck_assert_uint_eq(c.counter.v[1], (uint32_t)DRAW_LEAD << 24 | 0xfedcba);
    ck_assert_uint_eq(c.counter.v[2], 0x9abcdef0);
    ck_assert_uint_eq(c.counter.v[3], 0x12345678);
    ck_assert_uint_eq(c.key.v[0], 11);
    ck_assert_uint_eq(c.key.v[1], 22);
}
END_TEST

/* A stream is a function of its key: taking words in another pattern, or other streams in between,
 * changes nothing. */
START_TEST(test_streams_are_keyed)
{
    struct draw_key key = draw_key_make(5, 6);
    struct draw_cursor a, b, other;

    draw_begin(&a, key, DRAW_BASKET, 77, 1);
    draw_begin(&b, key, DRAW_BASKET, 77, 1);
    draw_begin(&other, key, DRAW_BASKET, 78, 1);
    for (int i = 0; i < 100; i++) {
        uint64_t high = draw_u32(&a);
        uint64_t low = draw_u32(&a);

        (void)draw_u64(&other);
        ck_assert_uint_eq(draw_u64(&b), high << 32 | low);
    }
}
END_TEST

START_TEST(test_keys_do_not_collide)
{
    for (uint64_t seed = 0; seed < 30; seed++)
        for (uint64_t replication = 0; replication < 30; replication++) {
            struct draw_key key = draw_key_make(seed, replication);

            for (uint64_t s = 0; s < 30; s++)
                for (uint64_t r = 0; r < 30; r++) {
                    struct draw_key k = draw_key_make(s, r);
                    bool same = k.word[0] == key.word[0] && k.word[1] == key.word[1];

                    ck_assert_int_eq(same, s == seed && r == replication);
                }
        }
}
END_TEST

enum neighbour { OF_ENTITY, OF_INDEX, OF_PURPOSE, OF_REPLICATION, OF_SEED, NEIGHBOURS };

/* The words at `position` of key `i` and of its neighbour, one apart in a single place. */
static void draw_pair(enum neighbour kind, uint32_t i, int position, uint32_t *ret_x,
                      uint32_t *ret_y)
{
    struct draw_cursor a, b;
    struct draw_key key = draw_key_make(9, kind >= OF_REPLICATION ? i : 3);
    struct draw_key key_b = kind == OF_REPLICATION ? draw_key_make(9, i + 1)
                            : kind == OF_SEED      ? draw_key_make(10, i)
                                                   : key;

    draw_begin(&a, key, DRAW_MEMBER, i, i & 0xfff);
    draw_begin(&b, key_b, kind == OF_PURPOSE ? DRAW_BASKET : DRAW_MEMBER,
               kind == OF_ENTITY ? i + 1 : i, (i & 0xfff) + (kind == OF_INDEX ? 1 : 0));
    for (int skip = 0; skip <= position; skip++) {
        *ret_x = draw_u32(&a);
        *ret_y = draw_u32(&b);
    }
}

/* No correlation, and all 16 x 16 pairs of the words' top bits and of their bottom bits as often as
 * one another. */
START_TEST(test_neighbours_are_independent)
{
    const enum neighbour kind = (enum neighbour)(_i / 4);
    const int position = _i % 4;
    static uint32_t top[256], bottom[256];
    static double share[256];
    double sum_x = 0, sum_y = 0, sum_xx = 0, sum_yy = 0, sum_xy = 0, n = PAIR_COUNT, r;

    memset(top, 0, sizeof(top));
    memset(bottom, 0, sizeof(bottom));
    for (uint32_t i = 0; i < PAIR_COUNT; i++) {
        uint32_t word_x = 0, word_y = 0;
        draw_pair(kind, i, position, &word_x, &word_y);
        double x = law_unit_of_word(word_x), y = law_unit_of_word(word_y);

        top[word_x >> 28 << 4 | word_y >> 28]++;
        bottom[(word_x & 15) << 4 | (word_y & 15)]++;
        sum_x += x;
        sum_y += y;
        sum_xx += x * x;
        sum_yy += y * y;
        sum_xy += x * y;
    }
    r = (sum_xy - sum_x * sum_y / n) /
        sqrt((sum_xx - sum_x * sum_x / n) * (sum_yy - sum_y * sum_y / n));
    ck_assert_msg(fabs(r) * sqrt(n) < 4, "kind %d word %d: z = %g", kind, position, r * sqrt(n));
    for (int i = 0; i < 256; i++)
        share[i] = 1.0 / 256;
    ck_assert_double_lt(fit_counts_z(top, share, 256, n), fit_z_limit());
    ck_assert_double_lt(fit_counts_z(bottom, share, 256, n), fit_z_limit());
}
END_TEST

START_TEST(test_ranges)
{
    struct draw_cursor c = {.used = 0, .word = {0, UINT32_MAX, 0, 0}};
    double share = 0;

    ck_assert_double_gt(draw_unit(&c), 0);
    ck_assert_double_lt(draw_unit(&c), 1);
    c = (struct draw_cursor){.used = 0, .word = {UINT32_MAX, UINT32_MAX, 0, 0}};
    ck_assert_double_lt(draw_unit53(&c), 1);
    ck_assert_double_gt(draw_unit53(&c), 0);
    c = (struct draw_cursor){.used = 0, .word = {UINT32_MAX, UINT32_MAX, 0, UINT32_MAX}};
    ck_assert_uint_eq(draw_below(&c, 7), 6);
    ck_assert_uint_eq(draw_below(&c, UINT32_MAX), UINT32_MAX - 1);
    ck_assert(!draw_share(&c, 0));
    ck_assert(draw_share(&c, OMO_PPM));
    draw_begin(&c, draw_key_make(1, 1), DRAW_CHOICE, 1, 1);
    for (int i = 0; i < PAIR_COUNT; i++)
        share += draw_share(&c, 250000);
    ck_assert_double_lt(fabs(share - PAIR_COUNT * 0.25) / sqrt(PAIR_COUNT * 0.25 * 0.75), 4);
}
END_TEST

/* 1000 cells of 32-bit words: chi-square with 999 degrees, at about 3.5 standard deviations. */
START_TEST(test_uniformity)
{
    static uint32_t cells[1000];
    struct draw_cursor c;
    double chi = 0;

    memset(cells, 0, sizeof(cells));
    draw_begin(&c, draw_key_make(2, 2), DRAW_PLACE, 0, 0);
    for (int i = 0; i < 1000000; i++)
        cells[draw_below(&c, 1000)]++;
    for (int i = 0; i < 1000; i++)
        chi += (cells[i] - 1000.0) * (cells[i] - 1000.0) / 1000;
    ck_assert_double_lt(fabs(chi - 999) / sqrt(2 * 999), 3.5);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("draws");
    TCase *t = tcase_create("draws");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, test_philox_known_answers);
    tcase_add_test(t, test_counter_packing);
    tcase_add_test(t, test_streams_are_keyed);
    tcase_add_test(t, test_keys_do_not_collide);
    tcase_add_loop_test(t, test_neighbours_are_independent, 0, 4 * NEIGHBOURS);
    tcase_add_test(t, test_ranges);
    tcase_add_test(t, test_uniformity);
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
