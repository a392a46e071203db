/* Baskets: products by popularity, lines that differ, sizes within their limits. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "demand/basket.h"

#define SKUS 20
#define BASKETS 40000

struct bench {
    struct demand demand;
    struct network network;
    struct segment segment;
    uint32_t ranked[SKUS];
    int32_t price_cents[SKUS];
    double weight[SKUS];
    struct alias_entry alias[SKUS];
};

/* Product SKUS - 1 is the most popular one: the ranking is not the numbering. */
static void bench_init(struct bench *b, uint32_t sku_count)
{
    *b = (struct bench){0};
    for (uint32_t rank = 0; rank < SKUS; rank++) {
        b->ranked[rank] = SKUS - 1 - rank;
        b->price_cents[rank] = 100;
        b->weight[rank] = 1.0 / (1.0 + rank);
    }
    void *work = malloc(alias_work_size(sku_count));
    alias_build(b->weight, sku_count, work, b->alias);
    free(work);
    b->demand.ranked = b->ranked;
    b->network.price_cents = b->price_cents;
    b->segment.alias = b->alias;
    b->segment.sku_count = sku_count;
    b->segment.lines = (omo_law){.kind = OMO_LAW_CONSTANT, .a = 1.0};
    b->segment.quantity = (omo_law){.kind = OMO_LAW_CONSTANT, .a = 1.0};
}

static struct basket draw(const struct bench *b, uint64_t order)
{
    struct basket basket;

    basket_draw(&b->demand, &b->network, &b->segment, draw_key_make(1, order % 10), order, &basket);
    return basket;
}

START_TEST(products_by_popularity)
{
    struct bench b;
    double seen[SKUS] = {0}, sum = 0.0, chi = 0.0;

    bench_init(&b, 8);
    for (uint32_t rank = 0; rank < 8; rank++)
        sum += b.weight[rank];
    for (uint64_t order = 0; order < BASKETS; order++) {
        struct basket basket = draw(&b, order);
        ck_assert(basket.line_count == 1);
        seen[basket.sku[0]] += 1.0;
    }
    for (uint32_t rank = 0; rank < SKUS; rank++) {
        double expected = rank < 8 ? BASKETS * b.weight[rank] / sum : 0.0;
        double was = seen[b.ranked[rank]];
        if (rank < 8)
            chi += (was - expected) * (was - expected) / expected;
        else
            ck_assert_double_eq(was, 0.0); /* below the segment's choice */
    }
    ck_assert_double_le(chi, 7.0 + 4.0 * sqrt(14.0));
}
END_TEST

START_TEST(lines_differ)
{
    struct bench b;
    uint64_t short_count = 0;

    bench_init(&b, SKUS);
    b.segment.lines = (omo_law){.kind = OMO_LAW_CONSTANT, .a = 6.0};
    for (uint64_t order = 0; order < BASKETS; order++) {
        struct basket basket = draw(&b, order);
        short_count += basket.line_count < 6;
        for (uint32_t i = 0; i < basket.line_count; i++)
            for (uint32_t j = 0; j < i; j++)
                if (basket.sku[i] == basket.sku[j])
                    ck_abort_msg("product %u stands twice", basket.sku[i]);
    }
    ck_assert_uint_lt(short_count, BASKETS / 50);
}
END_TEST

START_TEST(more_lines_than_products)
{
    struct bench b;

    bench_init(&b, 2);
    b.segment.lines = (omo_law){.kind = OMO_LAW_CONSTANT, .a = 5.0};
    for (uint64_t order = 0; order < 1000; order++) {
        uint32_t lines = draw(&b, order).line_count;
        ck_assert(lines == 1 || lines == 2);
    }
}
END_TEST

START_TEST(sizes_are_clipped)
{
    static const omo_law laws[] = {{.kind = OMO_LAW_GEOMETRIC, .a = 30.0},
                                   {.kind = OMO_LAW_POISSON, .a = 0.1},
                                   {.kind = OMO_LAW_CONSTANT, .a = 0.0},
                                   {.kind = OMO_LAW_CONSTANT, .a = 1e15},
                                   {.kind = OMO_LAW_LOGNORMAL, .a = 900.0, .b = 5.0}};
    struct bench b;

    bench_init(&b, SKUS);
    for (uint32_t l = 0; l < 5; l++) {
        b.segment.lines = b.segment.quantity = laws[l];
        for (uint64_t order = 0; order < 2000; order++) {
            struct basket basket = draw(&b, order);
            int64_t cents = 0;
            ck_assert(basket.line_count >= 1 && basket.line_count <= OMO_LINES_MAX);
            for (uint32_t i = 0; i < basket.line_count; i++) {
                ck_assert(basket.quantity[i] >= 1 && basket.quantity[i] <= 1000);
                ck_assert(basket.line_cents[i] == 100 * basket.quantity[i]);
                cents += basket.line_cents[i];
            }
            ck_assert(cents == basket.cents);
        }
    }
}
END_TEST

START_TEST(sizes_are_rounded)
{
    struct bench b;

    bench_init(&b, SKUS);
    b.segment.quantity.a = 2.49;
    ck_assert_int_eq(draw(&b, 1).quantity[0], 2);
    b.segment.quantity.a = 2.5;
    ck_assert_int_eq(draw(&b, 1).quantity[0], 3);
}
END_TEST

/* A fact about a line holds 21 million, and a price may double; dear products are bought in smaller
 * numbers. */
START_TEST(a_line_fits_in_a_fact)
{
    struct bench b;

    bench_init(&b, 1);
    b.price_cents[b.ranked[0]] = 100000000;
    b.segment.quantity.a = 1000.0;
    ck_assert_int_eq(draw(&b, 1).quantity[0], 10);
    b.price_cents[b.ranked[0]] = 0;
    ck_assert_int_eq(draw(&b, 1).quantity[0], 1000);
}
END_TEST

START_TEST(a_wish_has_a_name)
{
    struct bench b;

    bench_init(&b, SKUS);
    b.segment.lines = (omo_law){.kind = OMO_LAW_GEOMETRIC, .a = 4.0};
    struct basket one = draw(&b, 77), again = draw(&b, 77);
    ck_assert_uint_eq(one.line_count, again.line_count);
    ck_assert_mem_eq(one.sku, again.sku, one.line_count * sizeof(one.sku[0]));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("basket");
    TCase *tcase = tcase_create("basket");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, products_by_popularity);
    tcase_add_test(tcase, lines_differ);
    tcase_add_test(tcase, more_lines_than_products);
    tcase_add_test(tcase, sizes_are_clipped);
    tcase_add_test(tcase, sizes_are_rounded);
    tcase_add_test(tcase, a_line_fits_in_a_fact);
    tcase_add_test(tcase, a_wish_has_a_name);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
