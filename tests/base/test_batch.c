/* Batches give the bits of single draws, by vectors and without, from any place of a stream, to any
 * aligned place in memory. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/batch.h"
#include "base/laws.h"

#define COUNT_MAX 1300

static struct draw_cursor open_at(uint64_t entity, uint32_t block, uint32_t used)
{
    struct draw_cursor c;

    draw_begin(&c, draw_key_make(40, 1), DRAW_SERVICE, entity, 7);
    c.counter.v[0] = block;
    for (uint32_t i = 0; i < used; i++)
        (void)draw_u32(&c);
    return c;
}

static bool same_cursor(struct draw_cursor a, struct draw_cursor b)
{
    for (int i = 0; i < 9; i++)
        if (draw_u32(&a) != draw_u32(&b))
            return false;
    return true;
}

/* A batch of each sort from `start`, against single draws; `offset` moves the output. */
static void check_batch(struct draw_cursor start, size_t count, size_t offset)
{
    static uint32_t word[COUNT_MAX + 8], word_one[COUNT_MAX];
    static double value[COUNT_MAX + 8], value_one[COUNT_MAX];
    struct draw_cursor one = start, many = start;

    word[offset + count] = 0x5eed;
    value[offset + count] = -1;
    for (size_t i = 0; i < count; i++)
        word_one[i] = draw_u32(&one);
    batch_words(&many, count, word + offset);
    ck_assert_mem_eq(word + offset, word_one, count * sizeof(word[0]));
    ck_assert_uint_eq(word[offset + count], 0x5eed);
    ck_assert(same_cursor(one, many));

    one = many = start;
    for (size_t i = 0; i < count; i++)
        value_one[i] = draw_unit(&one);
    batch_units(&many, count, value + offset);
    ck_assert_mem_eq(value + offset, value_one, count * sizeof(value[0]));
    ck_assert(same_cursor(one, many));

    one = many = start;
    for (size_t i = 0; i < count; i++)
        value_one[i] = law_exponential(&one);
    batch_exponentials(&many, count, value + offset);
    ck_assert_mem_eq(value + offset, value_one, count * sizeof(value[0]));
    ck_assert_double_eq(value[offset + count], -1);
    ck_assert(same_cursor(one, many));
}

static void check_batch_both(struct draw_cursor start, size_t count, size_t offset)
{
    batch_use_scalar(true);
    ck_assert(!batch_is_vectorised());
    check_batch(start, count, offset);
    batch_use_scalar(false);
    check_batch(start, count, offset);
}

START_TEST(test_every_count)
{
    for (size_t count = 0; count <= 257; count++)
        for (uint32_t used = 0; used <= 4; used++)
            check_batch_both(open_at(count, 0, used), count, (count + used) % 4);
}
END_TEST

/* Words that refine come once in 2^11: here they fall on every place of a group of four and on the
 * ends of buffers, with their two words on either side. */
START_TEST(test_refined_words)
{
    uint32_t refined[4] = {0}, at_end = 0;

    for (uint64_t entity = 0; entity < 3000; entity++) {
        struct draw_cursor c = open_at(entity, 0, 0);

        for (uint32_t i = 0; i < 520; i++) {
            bool refines = law_refines(draw_u32(&c));

            refined[i % 4] += refines;
            at_end += refines && i >= 510 && i < 512;
        }
        check_batch_both(open_at(entity, 0, 0), 200 + entity % 1100, entity % 4);
    }
    for (int i = 0; i < 4; i++)
        ck_assert_uint_gt(refined[i], 50);
    ck_assert_uint_gt(at_end, 0);
}
END_TEST

START_TEST(test_block_number_wraps)
{
    for (uint32_t back = 1; back < 20; back++)
        check_batch_both(open_at(5, UINT32_MAX - back, 1), 100, 0);
}
END_TEST

START_TEST(test_pieces_make_a_whole)
{
    static double whole[1000], pieces[1000];
    struct draw_cursor a = open_at(9, 0, 0), b = a;
    size_t done = 0;

    batch_exponentials(&a, 1000, whole);
    for (size_t size = 0; done < 1000; size = (size * 7 + 3) % 61) {
        size_t taken = size < 1000 - done ? size : 1000 - done;

        batch_exponentials(&b, taken, pieces + done);
        done += taken;
        if (done < 1000)
            pieces[done++] = law_exponential(&b);
    }
    ck_assert_mem_eq(whole, pieces, sizeof(whole));
    ck_assert(same_cursor(a, b));
}
END_TEST

/* Each entity's first exponential, on both sides of where the entity's lower half wraps, and far
 * enough that some of their words refine. */
START_TEST(test_entities)
{
    static const uint64_t first[] = {0, 1, UINT64_C(7) << 40, UINT32_MAX - 20, 5000000};
    static double value[6001];
    struct draw_key key = draw_key_make(3, 4);
    uint32_t refined = 0;

    for (int scalar = 0; scalar < 2; scalar++)
        for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
            for (size_t count = 0; count <= 6000; count += count < 40 ? 1 : 1490) {
                value[count] = -1;
                batch_use_scalar(scalar == 1);
                batch_entity_exponentials(key, DRAW_STATION, first[i], 9, count, value);
                batch_use_scalar(false);
                ck_assert_double_eq(value[count], -1);
                for (size_t n = 0; n < count; n++) {
                    struct draw_cursor c;
                    draw_begin(&c, key, DRAW_STATION, first[i] + n, 9);
                    if (value[n] != law_exponential(&c))
                        ck_abort_msg("entity %zu after %zu of %zu", n, i, count);
                    refined += c.used > 1;
                }
            }
    ck_assert_uint_gt(refined, 0);
}
END_TEST

/* Inline, vectors and the library's logarithm agree to the bit over the whole range of words. */
START_TEST(test_logarithm)
{
    for (uint64_t w = LAW_REFINE_WORD; w < UINT32_MAX - LAW_REFINE_WORD; w += 65521) {
        struct draw_cursor c = {.word = {(uint32_t)w, 0, 0, 0}};
        double value = law_exponential(&c);
        double u = ((double)w + 0.5) / 4294967296.0;
        double expected = -maths_log(u);

        if (memcmp(&value, &expected, sizeof(value)) != 0 ||
            fabs(value + log(u)) > 2 * (nextafter(value, INFINITY) - value))
            ck_abort_msg("word %llu: %a", (unsigned long long)w, value);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("batch");
    TCase *t = tcase_create("batch");

    tcase_set_timeout(t, 120);
    tcase_add_test(t, test_every_count);
    tcase_add_test(t, test_refined_words);
    tcase_add_test(t, test_block_number_wraps);
    tcase_add_test(t, test_pieces_make_a_whole);
    tcase_add_test(t, test_entities);
    tcase_add_test(t, test_logarithm);
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
