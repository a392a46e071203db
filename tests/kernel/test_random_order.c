/* Random order of service: of four that wait, each order is as likely as any other; also when they
 * wait for different skills of the same server. */
#include <check.h>

#include "conformance/seed.h"

#include <omosim/kernel.h>

#define WAITING 4
#define ORDERS 24 /* of four */
#define ROUNDS 24000
#define CHI_SQUARE_MAX 64.0 /* of 23 degrees of freedom, exceeded once in 100,000 times */

struct rounds {
    omo_station till;
    omo_source door;
    omo_kind round;
    uint32_t left, skills;
    uint32_t started, order[WAITING + 1]; /* of this round */
    uint32_t count[ORDERS];
};

/* Number of an order of 1 to 4, 0 to 23: its digits count the smaller ones that come later. */
static uint32_t order_number(const uint32_t *order)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < WAITING; i++) {
        uint32_t smaller = 0;
        for (uint32_t j = i + 1; j < WAITING; j++)
            smaller += order[j] < order[i];
        number = number * (WAITING - i) + smaller;
    }
    return number;
}

static void on_start(omo_kernel *k, void *user, omo_job job)
{
    struct rounds *r = user;

    r->order[r->started++] = (uint32_t)*omo_job_data(k, job);
}

/* One is served at once, four wait; the round before is over. */
static void on_round(omo_kernel *k, void *user, uint32_t subject)
{
    struct rounds *r = user;

    (void)subject;
    if (r->started != 0) {
        ck_assert_uint_eq(r->started, WAITING + 1);
        r->count[order_number(r->order + 1)]++;
    }
    r->started = 0;
    if (r->left-- == 0)
        return;
    for (uint32_t i = 0; i <= WAITING; i++) {
        omo_job job = omo_job_new(k, r->door);
        *omo_job_data(k, job) = i;
        omo_job_set_skill(k, job, i % r->skills);
        omo_job_send(k, job, r->till);
    }
    omo_schedule(k, r->round, 1000, 0);
}

START_TEST(each_order_alike)
{
    static const uint32_t skills[] = {1, 2, 3};
    const omo_crew crew[] = {{1, 7, 1}};
    omo_kernel_options options = omo_kernel_defaults();
    omo_station_options till = omo_station_defaults("till");
    omo_source_options door = omo_source_defaults("door");
    struct rounds r = {.left = ROUNDS, .skills = skills[_i]};
    double chi_square = 0, expected = (double)ROUNDS / ORDERS;

    options.seed = seed_take();
    omo_kernel *k = omo_kernel_new(&options, NULL);
    till.service = (omo_law){OMO_LAW_CONSTANT, 10, 0, 0};
    till.discipline = OMO_RANDOM;
    till.crews = crew;
    till.crew_count = skills[_i] != 1;
    till.on_start = on_start;
    till.user = &r;
    r.till = omo_kernel_add_station(k, &till);
    door.interval = till.service;
    door.count_max = 0;
    r.door = omo_kernel_add_source(k, &door);
    r.round = omo_kernel_add_kind(k, "round", on_round, &r);
    omo_schedule(k, r.round, 0, 0);
    ck_assert_int_eq(omo_kernel_run(k, OMO_FOREVER, NULL), OMO_OK);
    omo_kernel_free(k);
    for (uint32_t i = 0; i < ORDERS; i++)
        chi_square += (r.count[i] - expected) * (r.count[i] - expected) / expected;
    printf("%u skills: chi-square %.1f\n", skills[_i], chi_square);
    ck_assert(chi_square < CHI_SQUARE_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel, random order");
    TCase *tcase = tcase_create("random order");
    SRunner *runner = srunner_create(suite);

    tcase_add_loop_test(tcase, each_order_alike, 0, 3);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
