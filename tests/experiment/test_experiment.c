/* Points x replications: paired differences, cancelling, the order in which points are handed on,
 * and bad arguments. */
#include "experiment/textbook.h"

static omo_model *queue(uint32_t servers)
{
    return textbook_queue(servers, 0.8, textbook_exponential((double)OMO_US_PER_HOUR), 2000.0);
}

struct watch {
    uint32_t stop_after; /* tasks */
    uint32_t reports, points;
    uint32_t point[16];
    double share;
    bool all_done;
};

static bool watch_progress(void *user, const omo_progress *p)
{
    struct watch *w = user;

    w->reports++;
    w->share = p->share;
    return p->tasks_done < w->stop_after;
}

static void watch_point(void *user, const omo_experiment *e, uint32_t point)
{
    struct watch *w = user;

    w->all_done = w->all_done && omo_experiment_point_done(e, point);
    w->point[w->points++] = point;
}

/* Five points of three replications. */
static omo_experiment *five(struct watch *w, uint32_t threads, omo_model *model[5])
{
    omo_experiment_options o = omo_experiment_defaults();

    o.replications = 3;
    o.threads = threads;
    o.on_progress = watch_progress;
    o.on_point = watch_point;
    o.user = w;
    omo_experiment *e = omo_experiment_new(&o, NULL);
    for (uint32_t i = 0; i < 5; i++) {
        char name[2] = {(char)('a' + i), '\0'};
        model[i] = queue(1 + i);
        ck_assert_int_eq(omo_experiment_add_point(e, name, model[i], NULL), OMO_OK);
    }
    return e;
}

static void five_free(omo_experiment *e, omo_model *model[5])
{
    omo_experiment_free(e);
    for (uint32_t i = 0; i < 5; i++)
        omo_model_free(model[i]);
}

START_TEST(points_are_handed_on_in_order)
{
    for (uint32_t threads = 1; threads <= 4; threads++) {
        struct watch w = {.stop_after = UINT32_MAX, .all_done = true};
        omo_model *model[5];
        omo_experiment *e = five(&w, threads, model);
        ck_assert_int_eq(omo_experiment_run(e, NULL), OMO_OK);
        ck_assert_uint_eq(w.points, 5);
        for (uint32_t i = 0; i < 5; i++)
            ck_assert_uint_eq(w.point[i], i);
        ck_assert(w.all_done);
        ck_assert_uint_ge(w.reports, 15);
        ck_assert_double_eq_tol(w.share, 1.0, 1e-9);
        ck_assert_str_eq(omo_experiment_point_name(e, 3), "d");
        ck_assert_uint_eq(omo_experiment_point_count(e), 5);
        /* A second run has nothing left to do. */
        ck_assert_int_eq(omo_experiment_run(e, NULL), OMO_OK);
        ck_assert_uint_eq(w.points, 5);
        five_free(e, model);
    }
}
END_TEST

START_TEST(stopping_keeps_what_is_done)
{
    struct watch w = {.stop_after = 7, .all_done = true}, all = {.stop_after = UINT32_MAX};
    omo_error error = {0};
    omo_model *model[5], *other[5];
    omo_experiment *e = five(&w, 1, model), *whole = five(&all, 1, other);

    ck_assert_int_eq(omo_experiment_run(e, &error), OMO_ECANCELLED);
    ck_assert_int_eq(error.status, OMO_ECANCELLED);
    ck_assert_uint_eq(w.points, 2); /* 7 tasks are two points and a third of one */
    ck_assert(omo_experiment_point_done(e, 1));
    ck_assert(!omo_experiment_point_done(e, 2));
    ck_assert_int_eq(omo_experiment_run(whole, NULL), OMO_OK);
    for (uint32_t i = 0; i < 2; i++)
        ck_assert_uint_eq(omo_experiment_point_digest(e, i), omo_experiment_point_digest(whole, i));
    five_free(e, model);
    five_free(whole, other);
}
END_TEST

/* Both queues serve the same customers, so their difference is known far better than either. */
START_TEST(paired_differences)
{
    omo_model *one = queue(1), *two = queue(2);
    omo_experiment_options o = omo_experiment_defaults();
    uint32_t column = textbook_column(one, "L");
    double difference[10];

    o.replications = 10;
    omo_experiment *e = omo_experiment_new(&o, NULL);
    ck_assert_int_eq(omo_experiment_add_point(e, "one", one, NULL), OMO_OK);
    ck_assert_int_eq(omo_experiment_add_point(e, "two", two, NULL), OMO_OK);
    ck_assert_int_eq(omo_experiment_run(e, NULL), OMO_OK);
    for (uint32_t r = 0; r < 10; r++)
        difference[r] =
            omo_experiment_value(e, 1, r, column) - omo_experiment_value(e, 0, r, column);
    omo_summary paired = omo_experiment_paired(e, 1, 0, column);
    omo_summary plain = omo_summarise(difference, 10, 0.95);
    ck_assert_double_eq(paired.mean, plain.mean);
    ck_assert_double_eq(paired.half_width, plain.half_width);
    ck_assert_uint_eq(paired.count, plain.count);
    ck_assert_double_lt(paired.mean, 0.0);
    uint32_t visits = textbook_column(one, "visits");
    ck_assert_double_eq(omo_experiment_paired(e, 1, 0, visits).mean, 0.0);
    ck_assert_double_gt(omo_experiment_summary(e, 0, visits).standard_error, 0.0);
    omo_experiment_free(e);
    omo_model_free(one);
    omo_model_free(two);
}
END_TEST

START_TEST(a_point_that_fails_names_its_reason)
{
    omo_model *m = omo_model_new();
    omo_run_options run = omo_run_defaults();
    omo_place_options place = omo_place_defaults();
    omo_zone_options zone = omo_zone_defaults();
    omo_channel_options channel = omo_channel_defaults("walk_in", NULL);
    omo_segment_options segment = omo_segment_defaults();
    omo_experiment_options o = omo_experiment_defaults();
    omo_error error = {0};

    run.memory_max = 4096;
    segment.empty_basket = true;
    place.capabilities = OMO_SELLS_ON_SITE;
    ck_assert_int_eq(omo_model_set_run(m, &run, NULL), OMO_OK);
    ck_assert_int_eq(omo_model_add_place(m, &place, NULL, NULL), OMO_OK);
    ck_assert_int_eq(omo_model_add_zone(m, &zone, NULL, NULL), OMO_OK);
    ck_assert_int_eq(omo_model_add_channel(m, &channel, NULL, NULL), OMO_OK);
    ck_assert_int_eq(omo_model_add_segment(m, &segment, NULL, NULL), OMO_OK);
    ck_assert_int_eq(omo_model_set_utility(m, (omo_segment){0}, (omo_channel){0}, 1.0, NULL),
                     OMO_OK);
    ck_assert_int_eq(omo_model_seal(m, &error), OMO_OK);
    omo_experiment *e = omo_experiment_new(&o, NULL);
    ck_assert_int_eq(omo_experiment_add_point(e, "tight", m, NULL), OMO_OK);
    ck_assert_int_eq(omo_experiment_run(e, &error), OMO_ELIMIT);
    ck_assert_ptr_nonnull(strstr(error.text, "run.memory_max"));
    omo_experiment_free(e);
    omo_model_free(m);
}
END_TEST

START_TEST(bad_arguments)
{
    omo_experiment_options o = omo_experiment_defaults();
    omo_model *open = omo_model_new(), *m = queue(1);
    omo_error error = {0};

    ck_assert_ptr_null(omo_experiment_new(NULL, &error));
    ck_assert_int_eq(error.status, OMO_EINVAL);
    o.replications = 0;
    ck_assert_ptr_null(omo_experiment_new(&o, NULL));
    o = omo_experiment_defaults();
    o.size = 1;
    ck_assert_ptr_null(omo_experiment_new(&o, NULL));
    o = omo_experiment_defaults();
    omo_experiment *e = omo_experiment_new(&o, NULL);
    ck_assert_int_eq(omo_experiment_run(e, &error), OMO_EINVAL);
    ck_assert_str_eq(error.text, "an experiment needs at least one point");
    ck_assert_int_eq(omo_experiment_add_point(e, "open", open, &error), OMO_EINVAL);
    ck_assert_str_eq(error.text, "a point needs a name and a sealed model");
    ck_assert_int_eq(omo_experiment_add_point(e, NULL, m, &error), OMO_EINVAL);
    ck_assert_int_eq(omo_experiment_add_point(e, "none", NULL, &error), OMO_EINVAL);
    ck_assert_int_eq(omo_experiment_add_point(NULL, "none", m, &error), OMO_EINVAL);
    ck_assert_int_eq(omo_experiment_run(NULL, &error), OMO_EINVAL);
    ck_assert_uint_eq(omo_experiment_point_count(e), 0);
    ck_assert_ptr_null(omo_world_new(open, 1, 0, &error));
    ck_assert_ptr_null(omo_world_new(NULL, 1, 0, &error));
    ck_assert_int_eq(omo_world_run(NULL, 1, &error), OMO_EINVAL);
    omo_world_free(NULL);
    omo_experiment_free(NULL);
    omo_model_free(NULL);
    omo_experiment_free(e);
    omo_model_free(open);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("experiment");
    TCase *tcase = tcase_create("experiment");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, points_are_handed_on_in_order);
    tcase_add_test(tcase, stopping_keeps_what_is_done);
    tcase_add_test(tcase, paired_differences);
    tcase_add_test(tcase, a_point_that_fails_names_its_reason);
    tcase_add_test(tcase, bad_arguments);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
