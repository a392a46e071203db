/* Arrivals: Poisson counts, the hours of a week, thinning, and cells that don't know of each
 * other. Random checks use fixed keys, at least ten of them, and |z| <= 4. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "demand/arrivals.h"
#include "flow/model.h"

#define REPLICATIONS 12
#define TAPE 100000

static struct visit drawn[TAPE], sorted[TAPE];
static uint32_t bucket[TAPE + 1], cell_count[64];
static struct tape tape;

/* A model of so many equal zones, and segments of so many visits a day in each. */
static omo_model *model_of(const omo_segment_options *segment, uint32_t segments, uint32_t zones)
{
    omo_model *m = omo_model_new();
    omo_place_options place = omo_place_defaults();
    omo_zone_options zone = omo_zone_defaults();
    omo_channel_options channel = omo_channel_defaults("walk_in", NULL);
    omo_sku_options sku = omo_sku_defaults();
    omo_run_options run = omo_run_defaults();
    omo_error error = {0};

    run.first_weekday = 2;
    ck_assert_int_eq(omo_model_set_run(m, &run, &error), OMO_OK);
    ck_assert_int_eq(omo_model_add_sku(m, &sku, NULL, &error), OMO_OK);
    ck_assert_int_eq(omo_model_add_place(m, &place, NULL, &error), OMO_OK);
    ck_assert_int_eq(omo_model_add_channel(m, &channel, NULL, &error), OMO_OK);
    for (uint32_t i = 0; i < zones; i++)
        ck_assert_int_eq(omo_model_add_zone(m, &zone, NULL, &error), OMO_OK);
    for (uint32_t i = 0; i < segments; i++)
        ck_assert_int_eq(omo_model_add_segment(m, segment, NULL, &error), OMO_OK);
    ck_assert_msg(omo_model_seal(m, &error) == OMO_OK, "%s", error.text);
    return m;
}

static omo_segment_options segment_of(double visits_per_day)
{
    omo_segment_options o = omo_segment_defaults();

    o.visits_per_day = visits_per_day;
    o.visits_each_zone = true;
    return o;
}

static struct arrivals arrivals_of(const omo_model *m, uint32_t replication)
{
    return (struct arrivals){.demand = &m->demand,
                             .key = draw_key_make(1, replication),
                             .count = cell_count};
}

/* Draws a day onto the tape, unsorted. */
static void day_of(struct arrivals *a, int64_t day)
{
    tape_init(&tape, drawn, sorted, bucket, TAPE);
    ck_assert_uint_le(arrivals_count(a, day), TAPE);
    arrivals_draw(a, day, INT64_MAX, &tape);
}

/* z of a chi-square with that many degrees of freedom. */
static double chi_z(double chi, double degrees) { return (chi - degrees) / sqrt(2.0 * degrees); }

START_TEST(counts_are_poisson)
{
    static const double means[] = {0.3, 7.5, 60.0, 900.0};
    omo_segment_options o = segment_of(means[_i]);
    omo_model *m = model_of(&o, 2, 2);
    double n = 0.0, sum = 0.0, chi = 0.0;

    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        struct arrivals a = arrivals_of(m, r);
        for (int64_t day = 0; day < 400; day++) {
            arrivals_count(&a, day);
            for (uint32_t cell = 0; cell < 4; cell++) {
                double x = cell_count[cell];
                n += 1.0;
                sum += x;
                chi += (x - means[_i]) * (x - means[_i]) / means[_i];
            }
        }
    }
    ck_assert_double_le(fabs((sum - n * means[_i]) / sqrt(n * means[_i])), 4.0);
    /* The variance of (x - mean)^2 / mean is 2 + 1 / mean. */
    ck_assert_double_le(fabs((chi - n) / sqrt(n * (2.0 + 1.0 / means[_i]))), 4.0);
    omo_model_free(m);
}
END_TEST

START_TEST(hours_of_the_week)
{
    omo_segment_options o = segment_of(2000.0);
    double seen[168] = {0}, total = 0.0, weight = 0.0, chi = 0.0, degrees = -1.0;

    o.profile = OMO_PROFILE_HOURLY;
    for (uint32_t h = 0; h < 168; h++)
        weight += o.hour_weight[h] = h % 24 < 7 || h % 5 == 0 ? 0.0 : 1.0 + (h * 7) % 9;
    omo_model *m = model_of(&o, 1, 1);
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        struct arrivals a = arrivals_of(m, r);
        for (int64_t day = 0; day < 14; day++) {
            day_of(&a, day);
            for (uint32_t i = 0; i < tape.count; i++) {
                ck_assert(drawn[i].at_us / OMO_US_PER_DAY == day);
                seen[(drawn[i].at_us / OMO_US_PER_HOUR + 48) % 168] += 1.0; /* from a Wednesday */
                total += 1.0;
            }
        }
    }
    ck_assert_double_le(fabs(total - REPLICATIONS * 14 * 2000.0) / sqrt(total), 4.0);
    for (uint32_t h = 0; h < 168; h++) {
        double expected = total * o.hour_weight[h] / weight;
        if (expected == 0.0)
            ck_assert_double_eq(seen[h], 0.0);
        else
            chi += (seen[h] - expected) * (seen[h] - expected) / expected;
        degrees += expected > 0.0;
    }
    ck_assert_double_le(fabs(chi_z(chi, degrees)), 4.0);
    omo_model_free(m);
}
END_TEST

/* Within an hour, and over a flat day, all minutes are alike. */
START_TEST(minutes_are_alike)
{
    for (int hourly = 0; hourly < 2; hourly++) {
        omo_segment_options o = segment_of(3000.0);
        double seen[60] = {0}, total = 0.0, chi = 0.0;
        o.profile = hourly ? OMO_PROFILE_HOURLY : OMO_PROFILE_FLAT;
        for (uint32_t h = 0; h < 168; h++)
            o.hour_weight[h] = h % 3;
        omo_model *m = model_of(&o, 1, 1);
        for (uint32_t r = 0; r < REPLICATIONS; r++) {
            struct arrivals a = arrivals_of(m, r);
            day_of(&a, 5);
            for (uint32_t i = 0; i < tape.count; i++)
                seen[drawn[i].at_us / OMO_US_PER_MINUTE % 60] += 1.0;
            total += tape.count;
        }
        for (uint32_t i = 0; i < 60; i++)
            chi += (seen[i] - total / 60.0) * (seen[i] - total / 60.0) / (total / 60.0);
        ck_assert_double_le(fabs(chi_z(chi, 59.0)), 4.0);
        omo_model_free(m);
    }
}
END_TEST

/* Rate x (1 + 0.8 sin): the first two quarters of a period have 0.25 + 0.8 / (2 pi) each. */
START_TEST(sinusoid)
{
    omo_segment_options o = segment_of(2000.0);
    double seen[4] = {0}, total = 0.0, chi = 0.0, candidates = 0.0;
    const double share[4] = {0.377323954, 0.377323954, 0.122676046, 0.122676046};

    o.profile = OMO_PROFILE_SINUSOID;
    o.amplitude = 0.8;
    o.period_us = OMO_US_PER_DAY;
    omo_model *m = model_of(&o, 1, 1);
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        struct arrivals a = arrivals_of(m, r);
        for (int64_t day = 0; day < 10; day++) {
            day_of(&a, day);
            for (uint32_t i = 0; i < tape.count; i++)
                seen[drawn[i].at_us % OMO_US_PER_DAY / (6 * OMO_US_PER_HOUR)] += 1.0;
            total += tape.count;
            ck_assert_int_eq(a.accepted, tape.count);
            candidates += (double)a.candidates;
        }
    }
    for (uint32_t i = 0; i < 4; i++)
        chi += (seen[i] - total * share[i]) * (seen[i] - total * share[i]) / (total * share[i]);
    ck_assert_double_le(fabs(chi_z(chi, 3.0)), 4.0);
    ck_assert_double_le(fabs(total - REPLICATIONS * 10 * 2000.0) / sqrt(total), 4.0);
    double p = 1.0 / 1.8;
    ck_assert_double_le(fabs(total - candidates * p) / sqrt(candidates * p * (1.0 - p)), 4.0);
    omo_model_free(m);
}
END_TEST

START_TEST(until_cuts_the_day)
{
    omo_segment_options o = segment_of(1000.0);
    omo_model *m = model_of(&o, 1, 1);
    struct arrivals a = arrivals_of(m, 0);
    uint32_t before = 0;

    day_of(&a, 3);
    for (uint32_t i = 0; i < tape.count; i++)
        before += drawn[i].at_us < 3 * OMO_US_PER_DAY + OMO_US_PER_HOUR;
    tape_clear(&tape);
    arrivals_draw(&a, 3, 3 * OMO_US_PER_DAY + OMO_US_PER_HOUR, &tape);
    ck_assert_uint_gt(before, 0);
    ck_assert_uint_eq(tape.count, before);
    omo_model_free(m);
}
END_TEST

/* Another zone leaves the visits of every other cell as they were, of all segments. */
START_TEST(a_new_zone_changes_no_other)
{
    static struct visit first[TAPE];
    omo_segment_options o = segment_of(300.0);
    omo_model *two = model_of(&o, 3, 2), *three = model_of(&o, 3, 3);
    struct arrivals a = arrivals_of(two, 0), b = arrivals_of(three, 0);
    uint32_t count;

    day_of(&a, 1);
    count = tape.count;
    memcpy(first, drawn, count * sizeof(first[0]));
    day_of(&b, 1);
    for (uint32_t segment = 0; segment < 3; segment++)
        for (uint32_t zone = 0; zone < 2; zone++) {
            uint32_t before = demand_cell(&two->demand, segment, zone), j = 0;
            uint32_t after = demand_cell(&three->demand, segment, zone);
            for (uint32_t i = 0; i < count; i++) {
                if (first[i].cell != before)
                    continue;
                while (j < tape.count && drawn[j].cell != after)
                    j++;
                ck_assert_uint_lt(j, tape.count);
                ck_assert_int_eq(first[i].at_us, drawn[j].at_us);
                ck_assert_uint_eq(first[i].ordinal, drawn[j++].ordinal);
            }
            ck_assert_uint_eq(before, after); /* nor their names */
        }
    omo_model_free(two);
    omo_model_free(three);
}
END_TEST

/* 0 stands for "no order" in facts. */
START_TEST(no_visit_is_called_0)
{
    omo_segment_options o = segment_of(300.0);
    omo_model *m = model_of(&o, 1, 1);
    struct arrivals a = arrivals_of(m, 0);

    day_of(&a, 0);
    for (uint32_t i = 0; i < tape.count; i++)
        ck_assert_uint_ge(drawn[i].ordinal, 1);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("arrivals");
    TCase *tcase = tcase_create("arrivals");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, counts_are_poisson, 0, 4);
    tcase_add_test(tcase, hours_of_the_week);
    tcase_add_test(tcase, minutes_are_alike);
    tcase_add_test(tcase, sinusoid);
    tcase_add_test(tcase, until_cuts_the_day);
    tcase_add_test(tcase, a_new_zone_changes_no_other);
    tcase_add_test(tcase, no_visit_is_called_0);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
