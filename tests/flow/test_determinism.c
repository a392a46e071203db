/* Same model, same seed: same bytes, however the run is cut, interleaved or spread over threads. */
#include "flow/swarm.h"

#define WORLDS 12

/* Digest of a run that is stopped after steps of odd lengths, also backwards and twice. */
static uint64_t sliced(const omo_model *m, uint64_t seed)
{
    omo_world *w = omo_world_new(m, seed, 0, NULL);
    uint64_t state = seed;
    int64_t until_us = 0;

    ck_assert_ptr_nonnull(w);
    while (!omo_world_finished(w)) {
        int64_t before_us = omo_world_now_us(w);
        until_us += seed_between(&state, 1, 9 * OMO_US_PER_HOUR);
        if (seed_between(&state, 0, 3) == 0)
            until_us += OMO_US_PER_DAY - until_us % OMO_US_PER_DAY; /* midnight sharp */
        ck_assert_int_eq(omo_world_run(w, until_us, NULL), OMO_OK);
        ck_assert_int_eq(omo_world_run(w, until_us, NULL), OMO_OK);
        ck_assert_int_ge(omo_world_now_us(w), before_us);
        before_us = omo_world_now_us(w);
        ck_assert_int_eq(omo_world_run(w, until_us / 2, NULL), OMO_OK);
        ck_assert_int_eq(omo_world_run(w, -1, NULL), OMO_OK);
        ck_assert_int_eq(omo_world_now_us(w), before_us);
    }
    uint64_t digest = omo_world_digest(w);
    omo_world_free(w);
    return digest;
}

START_TEST(slices)
{
    uint64_t seed = seed_take() + (uint64_t)_i;
    omo_model *m = swarm_model(seed);

    ck_assert_uint_eq(sliced(m, seed), build_run(m, seed, 0, NULL));
    omo_model_free(m);
}
END_TEST

START_TEST(two_worlds_interleaved)
{
    uint64_t seed = seed_take();
    omo_model *m = swarm_model(seed);
    omo_world *a = omo_world_new(m, seed, 0, NULL), *b = omo_world_new(m, seed, 1, NULL);

    for (int64_t at_us = 0; !omo_world_finished(a) || !omo_world_finished(b);
         at_us += 7 * OMO_US_PER_HOUR) {
        ck_assert_int_eq(omo_world_run(a, at_us, NULL), OMO_OK);
        ck_assert_int_eq(omo_world_run(b, at_us, NULL), OMO_OK);
    }
    ck_assert_uint_eq(omo_world_digest(a), build_run(m, seed, 0, NULL));
    ck_assert_uint_eq(omo_world_digest(b), build_run(m, seed, 1, NULL));
    ck_assert_uint_ne(omo_world_digest(a), omo_world_digest(b));
    omo_world_free(a);
    omo_world_free(b);
    omo_model_free(m);
}
END_TEST

/* Two points of four replications; returns both digests and the profit of the first. */
static void threaded(uint64_t seed, uint32_t threads, bool detail, uint64_t ret_digest[2])
{
    omo_experiment_options o = omo_experiment_defaults();
    omo_model *a = swarm_model(seed), *b = swarm_model(seed);

    o.seed = seed;
    o.replications = 4;
    o.threads = threads;
    o.keep_detail = detail;
    omo_experiment *e = omo_experiment_new(&o, NULL);
    ck_assert_int_eq(omo_experiment_add_point(e, "a", a, NULL), OMO_OK);
    ck_assert_int_eq(omo_experiment_add_point(e, "b", b, NULL), OMO_OK);
    ck_assert_int_eq(omo_experiment_run(e, NULL), OMO_OK);
    ret_digest[0] = omo_experiment_point_digest(e, 0);
    ret_digest[1] = omo_experiment_point_digest(e, 1);
    ck_assert_uint_eq(omo_experiment_digest(e, 0, 2), build_run(a, seed, 2, NULL));
    omo_experiment_free(e);
    omo_model_free(a);
    omo_model_free(b);
}

START_TEST(threads_and_detail_change_nothing)
{
    uint64_t seed = seed_take() + 40, one[2], other[2];

    threaded(seed, 1, false, one);
    ck_assert_uint_eq(one[0], one[1]);
    for (uint32_t threads = 1; threads <= 4; threads *= 2)
        for (int detail = 0; detail < 2; detail++) {
            threaded(seed, threads, detail, other);
            ck_assert_uint_eq(other[0], one[0]);
            ck_assert_uint_eq(other[1], one[1]);
        }
}
END_TEST

START_TEST(a_reader_changes_nothing)
{
    uint64_t seed = seed_take() + 80;
    omo_model *m = swarm_model(seed);
    struct build_facts f;

    ck_assert_uint_eq(build_run(m, seed, 0, &f), build_run(m, seed, 0, NULL));
    ck_assert_uint_ne(build_run(m, seed, 0, NULL), build_run(m, seed + 1, 0, NULL));
    for (size_t i = 1; i < f.count; i++)
        ck_assert_int_ge(f.fact[i].at_us, f.fact[i - 1].at_us);
    build_facts_free(&f);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("determinism");
    TCase *tcase = tcase_create("determinism");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, slices, 0, WORLDS);
    tcase_add_test(tcase, two_worlds_interleaved);
    tcase_add_test(tcase, threads_and_detail_change_nothing);
    tcase_add_test(tcase, a_reader_changes_nothing);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
