/* Three hundred random networks with the audits on; other seeds than the short test's. */
#include "flow/swarm.h"

#define SWARM_SEEDS 300

static uint64_t swarm_first;

START_TEST(everything_is_conserved)
{
    uint64_t seed = swarm_first + 1000 + (uint64_t)_i;
    const char *wrong = swarm_check(seed);

    ck_assert_msg(wrong == NULL, "OMO_SEED=%" PRIu64 ": %s", seed, wrong);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("swarm_medium");
    TCase *tcase = tcase_create("swarm_medium");
    SRunner *runner = srunner_create(suite);

    swarm_first = seed_take();
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, everything_is_conserved, 0, SWARM_SEEDS);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
