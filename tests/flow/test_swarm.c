/* Thirty random networks with the audits on, and canaries that must die: a check that never fails
 * checks nothing. */
#include "flow/swarm.h"

#include "flow/world.h"

#define SWARM_SEEDS 30

static uint64_t swarm_first;

START_TEST(everything_is_conserved)
{
    uint64_t seed = swarm_first + (uint64_t)_i;
    const char *wrong = swarm_check(seed);

    ck_assert_msg(wrong == NULL, "OMO_SEED=%" PRIu64 ": %s", seed, wrong);
}
END_TEST

/* What a bug would do to a world half-way through. */
static void corrupt(omo_world *w, int what)
{
    switch (what) {
    case 0:
        w->stock.available[0]++;
        break;
    case 1:
        w->stock.reserved[0]++;
        break;
    case 2:
        w->stock.on_order[0]++;
        break;
    case 3:
        w->tally.gauge[GAUGE_UNITS].level++;
        break;
    case 4:
        w->tally.cell[FACT_PLACED][0].amount++;
        break;
    case 5:
        members_take(&w->members, 0)->coupon[0] ^= 1;
        break;
    case 6:
        w->tally.gauge[GAUGE_ORDERS_OPEN].level++;
        break;
    case 7:
        w->stock.lot[0]++;
        break;
    case 8:
        w->tally.cell[FACT_RETURNED][0].quantity++;
        break;
    case 9:
        w->tally.cell[FACT_RETURN_INSPECTED][0].amount++;
        break;
    case 10:
        w->tally.gauge[GAUGE_RETURNING].level++;
        break;
    case 11:
        w->tally.cell[FACT_SHRUNK][0].quantity++;
        break;
    case 12:
        w->tally.gauge[GAUGE_PHANTOM].level++;
        break;
    default:
        w->tally.gauge[GAUGE_INACCURATE].level++;
        break;
    }
}

START_TEST(canary)
{
    static const char *const law[] = {
        "units free",
        "units reserved",
        "units on order",
        "night: units",
        "night: money",
        "coupons",
        "orders open",
        "units in lots",
        "night: units",
        "money of returns",
        "gauge of returns",
        "night: units",
        "gauge of phantom units",
        "gauge of wrong positions",
    };
    omo_returns_options returns = omo_returns_defaults();
    omo_accuracy_options accuracy = omo_accuracy_defaults();
    omo_model *m = build_model(4.0);
    omo_sku_options milk = omo_sku_defaults();
    omo_promotion_options coupon = omo_promotion_defaults("coupon");
    omo_channel_options channel = build_channel("app", "pickup");
    omo_segment_options segment = build_segment(10.0);
    omo_error error = {0};

    milk.shelf_life_days = 30;
    ck_assert_int_eq(omo_model_add_sku(m, &milk, NULL, NULL), OMO_OK);
    ck_assert_int_eq(omo_model_add_promotion(m, &coupon, NULL), OMO_OK);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 0.0, 1000);
    place.capabilities |= OMO_ACCEPTS_RETURNS;
    ck_assert_int_eq(omo_model_set_returns(m, &returns, NULL), OMO_OK);
    ck_assert_int_eq(omo_model_set_accuracy(m, &accuracy, NULL), OMO_OK);
    build_supplied(m, build_add_place(m, &place), build_constant((double)OMO_US_PER_DAY));
    build_zone(m, 0.0, 1);
    build_add_segment(m, &segment, build_add_channel(m, &channel));
    build_seal(m);
    omo_world *w = omo_world_new(m, 1, 0, NULL);
    ck_assert_int_eq(omo_world_run(w, 2 * OMO_US_PER_DAY, &error), OMO_OK);
    corrupt(w, _i);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, &error), OMO_EAUDIT);
    ck_assert_int_eq(error.status, OMO_EAUDIT);
    ck_assert_msg(strncmp(error.text, law[_i], strlen(law[_i])) == 0, "%s", error.text);
    ck_assert(!omo_world_finished(w));
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("swarm");
    TCase *tcase = tcase_create("swarm");
    SRunner *runner = srunner_create(suite);

    swarm_first = seed_take();
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, everything_is_conserved, 0, SWARM_SEEDS);
    tcase_add_loop_test(tcase, canary, 0, 14);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
