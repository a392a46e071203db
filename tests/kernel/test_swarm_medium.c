/* The same swarm as test_swarm.c, with more networks. */
#include <check.h>

#include "conformance/seed.h"

#include "kernel/swarm.h"

#define SEEDS 5000

START_TEST(the_laws_hold)
{
    uint64_t seed = seed_take() + 1000000, events = 0;

    for (uint32_t i = 0; i < SEEDS; i++)
        swarm_one(seed + i, &events);
    printf("%d networks, %" PRIu64 " events\n", SEEDS, events);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel swarm");
    TCase *tcase = tcase_create("swarm");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, the_laws_hold);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
