/* Pools: freed slots come back last in, first out, and a generation tells a slot's lives apart. */
#include <check.h>
#include <signal.h>

#include "base/pool.h"

#define CAPACITY 4

struct bench {
    uint32_t next[CAPACITY], generation[CAPACITY];
    struct pool pool;
};

static struct pool *bench_init(struct bench *b)
{
    *b = (struct bench){0};
    b->pool = (struct pool){.name = "things",
                            .next = b->next,
                            .generation = b->generation,
                            .capacity = CAPACITY,
                            .free_first = OMO_NONE};
    return &b->pool;
}

START_TEST(last_in_first_out)
{
    struct bench b;
    struct pool *p = bench_init(&b);

    ck_assert_uint_eq(pool_take(p), 0);
    ck_assert_uint_eq(pool_take(p), 1);
    ck_assert_uint_eq(pool_take(p), 2);
    pool_give(p, 0);
    pool_give(p, 2);
    ck_assert_uint_eq(pool_take(p), 2);
    ck_assert_uint_eq(pool_take(p), 0);
    ck_assert_uint_eq(pool_take(p), 3);
    ck_assert_uint_eq(p->used, 4);
    ck_assert_uint_eq(p->used_max, 4);
    ck_assert_uint_eq(p->touched, 4);
}
END_TEST

START_TEST(each_life_has_its_generation)
{
    struct bench b;
    struct pool *p = bench_init(&b);

    for (uint32_t life = 0; life < 5; life++) {
        uint32_t slot = pool_take(p);
        ck_assert_uint_eq(slot, 0);
        ck_assert_uint_eq(p->generation[slot], life);
        pool_give(p, slot);
    }
    ck_assert_uint_eq(p->used, 0);
    ck_assert_uint_eq(p->used_max, 1);
}
END_TEST

START_TEST(an_empty_pool_is_a_bug)
{
    struct bench b;
    struct pool *p = bench_init(&b);

    for (uint32_t i = 0; i <= CAPACITY; i++)
        pool_take(p);
}
END_TEST

START_TEST(what_was_never_taken_can_not_be_given)
{
    struct bench b;

    pool_give(bench_init(&b), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pool");
    TCase *tcase = tcase_create("pool");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, last_in_first_out);
    tcase_add_test(tcase, each_life_has_its_generation);
    if (srunner_fork_status(runner) == CK_FORK) {
        tcase_add_test_raise_signal(tcase, an_empty_pool_is_a_bug, SIGABRT);
        tcase_add_test_raise_signal(tcase, what_was_never_taken_can_not_be_given, SIGABRT);
    }
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
