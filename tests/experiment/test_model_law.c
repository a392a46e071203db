/* A model keeps its own copy of the table of an empirical law: the caller's may go before sealing,
 * and a sealing that was refused loses nothing. */
#include "experiment/textbook.h"

#define OK(call) ck_assert_int_eq((call), OMO_OK)
#define SERVICE_US (40.0 * (double)OMO_US_PER_MINUTE)

static uint64_t run(omo_model *m)
{
    omo_error error = {0};
    omo_world *w = omo_world_new(m, 3, 0, &error);

    ck_assert_ptr_nonnull(w);
    OK(omo_world_run(w, INT64_MAX, &error));
    uint64_t digest = omo_world_digest(w);
    omo_world_free(w);
    omo_model_free(m);
    return digest;
}

/* A table of one value is a constant, so it must give the constant's facts. */
START_TEST(one_value)
{
    static const double value[] = {SERVICE_US, 1.0};
    static const double weight[] = {1.0, 0.0};
    omo_empirical *table = omo_empirical_new(value, weight, 2, NULL);
    omo_law law = {.kind = OMO_LAW_EMPIRICAL, .table = table};
    omo_model *m = textbook_queue(1, 1.0, law, 2000.0);

    omo_empirical_free(table);
    ck_assert_uint_eq(run(m), run(textbook_queue(1, 1.0, textbook_constant(SERVICE_US), 2000.0)));
}
END_TEST

static omo_law made_law(omo_empirical **ret_table)
{
    static const double value[] = {2.0, 3.0};

    *ret_table = omo_empirical_new(value, NULL, 2, NULL);
    return (omo_law){.kind = OMO_LAW_EMPIRICAL, .table = *ret_table};
}

START_TEST(every_option)
{
    omo_model *m = omo_model_new();
    omo_place_options place = omo_place_defaults(), supplier = place;
    omo_lane_options lane = omo_lane_defaults();
    omo_channel_options channel = omo_channel_defaults("app", "courier");
    omo_segment_options segment = omo_segment_defaults();
    omo_empirical *table;
    omo_law law = made_law(&table);
    omo_error error = {0};

    supplier.kind = OMO_PLACE_SUPPLIER;
    lane.lead_time = channel.travel = channel.collect = segment.lines = segment.quantity = law;
    place.station[OMO_ROLE_TILL] = (omo_role_options){1, law};
    OK(omo_model_add_place(m, &place, &lane.to, &error));
    OK(omo_model_add_place(m, &supplier, &lane.from, &error));
    OK(omo_model_add_lane(m, &lane, &error));
    OK(omo_model_add_channel(m, &channel, NULL, &error));
    OK(omo_model_add_segment(m, &segment, NULL, &error));
    segment.lines.table = NULL;
    ck_assert_int_eq(omo_model_add_segment(m, &segment, NULL, &error), OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "table"));
    omo_empirical_free(table);
    ck_assert_int_eq(omo_model_seal(m, &error), OMO_EINVAL); /* there is no zone */
    ck_assert_int_eq(omo_model_seal(m, &error), OMO_EINVAL);
    omo_model_free(m);
}
END_TEST

/* Refused once for want of a zone, then sealed and run with the table long gone. */
START_TEST(sealed_at_second_try)
{
    static const double value[] = {SERVICE_US};
    omo_empirical *table = omo_empirical_new(value, NULL, 1, NULL);
    omo_model *m = omo_model_new();
    omo_place_options place = omo_place_defaults();
    omo_channel_options channel = omo_channel_defaults("walk_in", NULL);
    omo_segment_options segment = omo_segment_defaults();
    omo_zone_options zone = omo_zone_defaults();
    omo_channel c;
    omo_segment s;
    omo_error error = {0};

    place.capabilities = OMO_SELLS_ON_SITE;
    place.station[OMO_ROLE_TILL] =
        (omo_role_options){1, {.kind = OMO_LAW_EMPIRICAL, .table = table}};
    segment.empty_basket = true;
    OK(omo_model_add_place(m, &place, NULL, &error));
    OK(omo_model_add_channel(m, &channel, &c, &error));
    OK(omo_model_add_segment(m, &segment, &s, &error));
    OK(omo_model_set_utility(m, s, c, OMO_UTILITY_ALWAYS, &error));
    omo_empirical_free(table);
    ck_assert_int_eq(omo_model_seal(m, &error), OMO_EINVAL);
    OK(omo_model_add_zone(m, &zone, NULL, &error));
    OK(omo_model_seal(m, &error));
    ck_assert_uint_ne(run(m), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("model_law");
    TCase *cases = tcase_create("model_law");
    int failed;

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, one_value);
    tcase_add_test(cases, every_option);
    tcase_add_test(cases, sealed_at_second_try);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
