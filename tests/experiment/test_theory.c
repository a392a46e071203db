/* Against closed forms: fixed seeds, at least 20 replications, |z| <= 4. With fresh seeds about one
 * check in 1,300 would fail by chance (Student's t with 19 degrees); these seeds don't. */
#include "experiment/textbook.h"

#define HOUR ((double)OMO_US_PER_HOUR)
#define DAY ((double)OMO_US_PER_DAY)

struct expected {
    const char *kpi;
    double value;
};

static void check_all(omo_model *m, uint32_t replications, const struct expected *expected)
{
    omo_experiment *e = textbook_run(m, replications);

    for (; expected->kpi != NULL; expected++)
        textbook_check(e, expected->kpi, expected->value);
    omo_experiment_free(e);
    omo_model_free(m);
}

/* rho = 0.8; L = rho / (1 - rho). */
START_TEST(mm1)
{
    check_all(textbook_queue(1, 0.8, textbook_exponential(HOUR), 100000.0), 20,
              (struct expected[]){{"rho", 0.8},
                                  {"L", 4.0},
                                  {"Lq", 3.2},
                                  {"W", 5.0},
                                  {"Wq", 4.0},
                                  {"p0", 0.2},
                                  {"P_wait", 0.8},
                                  {NULL, 0.0}});
}
END_TEST

/* Pollaczek-Khinchine: half the wait of M/M/1. */
START_TEST(md1)
{
    check_all(textbook_queue(1, 0.8, textbook_constant(HOUR), 100000.0), 20,
              (struct expected[]){{"rho", 0.8}, {"Wq", 2.0}, {"W", 3.0}, {"L", 2.4}, {NULL, 0.0}});
}
END_TEST

/* Erlang C with a = 8/3. */
START_TEST(mm3)
{
    check_all(textbook_queue(3, 8.0, textbook_exponential(HOUR / 3.0), 20000.0), 20,
              (struct expected[]){{"rho", 8.0 / 9.0},
                                  {"P_wait", 0.797507788},
                                  {"Lq", 6.380062305},
                                  {"Wq", 0.797507788},
                                  {"W", 1.130841121},
                                  {NULL, 0.0}});
}
END_TEST

/* Palm's theorem: units on order are Poisson with mean 6, whatever the law of the lead time. */
START_TEST(base_stock)
{
    omo_law lead[2] = {textbook_constant(4.0 * DAY), textbook_exponential(4.0 * DAY)};

    for (uint32_t i = 0; i < 2; i++)
        check_all(textbook_base_stock(OMO_SHORTAGE_BACKORDER, 1.5, lead[i], 9, 20000.0), 20,
                  (struct expected[]){{"fill_rate_type2", 0.847237494},
                                      {"E_backorders", 0.161258883},
                                      {"E_on_hand", 3.161258883},
                                      {NULL, 0.0}});
}
END_TEST

/* Lost sales with a = 1.5 units on order offered: Erlang B. */
START_TEST(erlang_b)
{
    static const double lost[] = {0.6, 0.310344828, 0.134328358};
    omo_law lead[2] = {textbook_constant(DAY), textbook_exponential(DAY)};

    for (int32_t level = 1; level <= 3; level++)
        for (uint32_t i = 0; i < 2; i++)
            check_all(textbook_base_stock(OMO_SHORTAGE_LOST, 1.5, lead[i], level, 10000.0), 20,
                      (struct expected[]){{"P_lost", lost[level - 1]},
                                          {"fill_rate", 1.0 - lost[level - 1]},
                                          {NULL, 0.0}});
}
END_TEST

/* In a Poisson field of density d the nearest is at 1 / (2 sqrt d), the second at 3 / (4 sqrt d),
 * and none is within r with probability exp(-pi d r^2). */
START_TEST(nearest_neighbour)
{
    check_all(textbook_field(0.5, 20.0, 2000.0), 60,
              (struct expected[]){{"E_nearest_km", 0.707106781},
                                  {"E_2nd_km", 1.060660172},
                                  {"P_gt_1km", 0.207879576},
                                  {NULL, 0.0}});
}
END_TEST

/* After the last unit is gone, online demand of one lag is oversold: Poisson with mean 2. Two units
 * of buffer are sold to walk-ins and app users alike before that, and shorten the race. */
START_TEST(oversell_race)
{
    check_all(textbook_race(400, OMO_US_PER_HOUR / 2, 0), 20,
              (struct expected[]){{"E_oversold_per_stockout", 2.0},
                                  {"P_any_oversell", 0.864664717},
                                  {NULL, 0.0}});
    check_all(textbook_race(400, OMO_US_PER_HOUR / 2, 2), 20,
              (struct expected[]){{"E_oversold_per_stockout", 1.218866252},
                                  {"P_any_oversell", 0.658507053},
                                  {NULL, 0.0}});
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("theory");
    TCase *tcase = tcase_create("theory");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, mm1);
    tcase_add_test(tcase, md1);
    tcase_add_test(tcase, mm3);
    tcase_add_test(tcase, base_stock);
    tcase_add_test(tcase, erlang_b);
    tcase_add_test(tcase, nearest_neighbour);
    tcase_add_test(tcase, oversell_race);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
