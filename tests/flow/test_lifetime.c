/* Members who buy till they die, and members who spread by word of mouth, against theory.
 *
 * BG/NBD (Fader, Hardie & Lee 2005) with the parameters of the CDNOW customers, 39 weeks. The
 * expectations are worked out here by numeric integration over the laws of rate and drop-out,
 * not by the closed forms with 2F1: E[X(t)] = E[(1 - exp(-L p t)) / p], and P(X = x) as the mixture
 * of a member still alive and one who dropped out with the x-th purchase. */
#include "flow/build.h"

#include <math.h>

#include "flow/member.h"

#define R 0.243
#define ALPHA_WEEKS 4.414
#define A 0.793
#define B 2.426
#define WEEKS 39.0
#define MEMBERS 20000
#define RUNS 20
#define GROWN 100 /* runs of a growing population, which are quick */
#define COUNTS 5  /* 0, 1, 2, 3, more */
#define STEPS 200000

/* ---- theory -------------------------------------------------------------------------------- */

/* The mean over p of beta(A, B) of a function, by midpoints of p^A, which takes the singularity at
 * 0 away. */
static double over_p(double (*f)(double p, uint32_t x), uint32_t x)
{
    double sum = 0.0;
    double norm = exp(lgamma(A + B) - lgamma(A) - lgamma(B)) / A;

    for (uint32_t i = 0; i < STEPS; i++) {
        double p = pow((i + 0.5) / STEPS, 1.0 / A);
        sum += pow(1.0 - p, B - 1.0) * f(p, x);
    }
    return sum / STEPS * norm;
}

/* E[exp(-s L)] of a rate of gamma(R, ALPHA). */
static double laplace(double s) { return pow(ALPHA_WEEKS / (ALPHA_WEEKS + s), R); }

static double expected_of(double p, uint32_t x)
{
    (void)x;
    return (1.0 - laplace(p * WEEKS)) / p;
}

/* P(N(t) = x) of the purchases that would be without dropping out: negative binomial. */
static double undying(uint32_t x)
{
    double z = WEEKS / (ALPHA_WEEKS + WEEKS);

    return exp(lgamma(R + x) - lgamma(R) - lgamma(x + 1.0) + x * log(z)) * laplace(WEEKS);
}

static double alive_of(double p, uint32_t x) { return pow(1.0 - p, x); }
static double dead_of(double p, uint32_t x) { return p * pow(1.0 - p, x - 1.0); }

static double probability(uint32_t x)
{
    double fewer = 0.0;

    for (uint32_t i = 0; i < x; i++)
        fewer += undying(i);
    return over_p(alive_of, x) * undying(x) + (x > 0 ? over_p(dead_of, x) * (1.0 - fewer) : 0.0);
}

/* ---- simulation ---------------------------------------------------------------------------- */

static omo_model *population(const omo_member_options *o, uint32_t zones, uint32_t members,
                             double visits, double days)
{
    omo_model *m = build_model(days);
    omo_segment_options segment = build_segment(visits);
    omo_channel_options channel = build_channel("walk_in", NULL);

    build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 0.0, 100000000);
    build_add_place(m, &place);
    for (uint32_t i = 0; i < zones; i++)
        build_zone(m, i, members);
    segment.member_share_ppm = OMO_PPM;
    build_add_segment(m, &segment, build_add_channel(m, &channel));
    ck_assert_int_eq(omo_model_set_members(m, o, NULL), OMO_OK);
    build_seal(m);
    return m;
}

/* Shares of members by their number of purchases, and the mean number. */
static void run_once(const omo_model *m, uint32_t replication, double *ret_share, double *ret_mean)
{
    omo_world *w = omo_world_new(m, 77, replication, NULL);

    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    memset(ret_share, 0, COUNTS * sizeof(*ret_share));
    *ret_mean = 0.0;
    for (uint32_t i = 0; i < MEMBERS; i++) {
        const struct member *e = members_find(&w->members, i);
        uint32_t purchases = e != NULL ? e->purchases : 0;
        ret_share[core_min_u32(purchases, COUNTS - 1)] += 1.0 / MEMBERS;
        *ret_mean += (double)purchases / MEMBERS;
    }
    omo_world_free(w);
}

static void is_near(const char *what, const double *value, uint32_t count, double expected)
{
    double mean = 0.0, square = 0.0;

    for (uint32_t i = 0; i < count; i++) {
        mean += value[i] / count;
        square += value[i] * value[i] / count;
    }
    double error = sqrt((square - mean * mean) / (count - 1));
    double z = (mean - expected) / error;
    ck_assert_msg(fabs(z) <= 4.0 && error < 0.02 * expected, "%s: %.6f, theory %.6f, z %.2f", what,
                  mean, expected, z);
}

START_TEST(purchases_as_theory_has_them)
{
    omo_member_options o = omo_member_defaults();
    double share[COUNTS][RUNS], mean[RUNS], one[COUNTS], rest = 1.0;

    o.lifetime_r = R;
    o.lifetime_alpha_us = ALPHA_WEEKS * 7.0 * (double)BUILD_DAY;
    o.lifetime_a = A;
    o.lifetime_b = B;
    omo_model *m = population(&o, 1, MEMBERS, MEMBERS * R / ALPHA_WEEKS / 7.0, WEEKS * 7.0);
    for (uint32_t i = 0; i < RUNS; i++) {
        run_once(m, i, one, &mean[i]);
        for (uint32_t x = 0; x < COUNTS; x++)
            share[x][i] = one[x];
    }
    is_near("E[X(t)]", mean, RUNS, over_p(expected_of, 0));
    for (uint32_t x = 0; x + 1 < COUNTS; x++) {
        char what[16];
        snprintf(what, sizeof(what), "P(X = %u)", x);
        is_near(what, share[x], RUNS, probability(x));
        rest -= probability(x);
    }
    is_near("P(X > 3)", share[COUNTS - 1], RUNS, rest);
    omo_model_free(m);
}
END_TEST

/* The rates of a few members: each is visited as often as its stratum of the gamma law has of the
 * whole, and the first half of the zone is no slower than the second. */
START_TEST(visitors_by_their_rates)
{
    enum { FEW = 8, VISITS = 400000 };
    omo_member_options o = omo_member_defaults();
    uint32_t count[FEW] = {0};
    double mass[FEW], before = 0.0, first = 0.0;

    o.lifetime_r = 0.7;
    omo_model *m = population(&o, 1, FEW, 1.0, 1.0);
    omo_world *w = omo_world_new(m, 3, 0, NULL);
    for (uint64_t i = 0; i < VISITS; i++)
        count[member_draw(w, i, 0, &m->demand.segment[0])]++;
    /* Mass of the stratum up to q: P(r + 1, x) where P(r, x) = q, by bisection. */
    for (uint32_t rank = 0; rank < FEW; rank++) {
        double low = 0.0, high = 100.0;
        for (uint32_t i = 0; i < 200; i++) {
            double middle = (low + high) / 2.0;
            double x = middle, below = 0.0, term = 1.0 / 0.7;
            for (uint32_t k = 1; k < 500; k++) {
                below += term;
                term *= x / (0.7 + k);
            }
            below *= exp(0.7 * log(x) - x - lgamma(0.7));
            if (below < (rank + 1.0) / FEW)
                low = middle;
            else
                high = middle;
        }
        double until =
            rank + 1 == FEW ? 1.0 : (rank + 1.0) / FEW - exp(0.7 * log(low) - low - lgamma(1.7));
        mass[rank] = until - before;
        before = until;
    }
    for (uint32_t rank = 0; rank < FEW; rank++) {
        uint32_t member = (uint32_t)((uint64_t)rank * m->demand.zone[0].member_step % FEW);
        double expected = mass[rank] * VISITS;
        double z = (count[member] - expected) / sqrt(expected * (1.0 - mass[rank]));
        ck_assert_msg(fabs(z) <= 4.0, "rank %u: %u visits, %.0f expected", rank, count[member],
                      expected);
        first += member < FEW / 2 ? mass[rank] : 0.0;
    }
    ck_assert_double_gt(first, 0.3);
    ck_assert_double_lt(first, 0.7);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* ---- growth -------------------------------------------------------------------------------- */

/* F(t) = (1 - exp(-(p + q) t)) / (1 + q / p exp(-(p + q) t)), in one zone and in many, with steps of
 * a hundredth and of a fifth of a year. */
START_TEST(adoption_as_bass_has_it)
{
    const double p = 0.03, q = 0.38, years = 6.0;
    const double rest = exp(-(p + q) * years);
    const double expected = (1.0 - rest) / (1.0 + q / p * rest);
    omo_member_options o = omo_member_defaults();
    double share[GROWN];

    o.start_ppm = 0;
    o.growth_p = p;
    o.growth_q = q;
    o.growth_unit_us = 10 * BUILD_DAY;
    o.growth_step_us = _i == 0 ? BUILD_DAY / 10 : 2 * BUILD_DAY;
    omo_model *m = population(&o, _i == 0 ? 1 : 4, 100000, 1.0, years * 10.0);
    for (uint32_t i = 0; i < GROWN; i++) {
        omo_world *w = omo_world_new(m, 5, i, NULL);
        ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
        share[i] = build_kpi(w, "penetration");
        omo_world_free(w);
    }
    is_near("F(t)", share, GROWN, expected);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lifetime");
    TCase *tcase = tcase_create("lifetime");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, purchases_as_theory_has_them);
    tcase_add_test(tcase, visitors_by_their_rates);
    tcase_add_loop_test(tcase, adoption_as_bass_has_it, 0, 2);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
