/* Touch points that make no sense are refused, in words that name the channel. */
#include "flow/build.h"

static void group_of_one(omo_channel_options *o) { o->group_size = 1; }
static void no_time(omo_channel_options *o) { o->group_within_us = 0; }
static void step_above(omo_channel_options *o)
{
    *o->step = (omo_touch_step){.name = "pay", .abandon_ppm = OMO_PPM + 1};
}
static void outage_late(omo_channel_options *o)
{
    o->outage_count = 1;
    o->outage[0] = (omo_outage){3 * BUILD_DAY, BUILD_HOUR};
}
static void outage_empty(omo_channel_options *o) { o->outage_count = 1; }
static void half_an_outage(omo_channel_options *o) { o->down_every = build_constant(1e9); }
static void shares(omo_channel_options *o) { o->share_ppm = 1; }
static void guides(omo_channel_options *o) { o->guide_share_ppm = 1; }
static void subscribes(omo_channel_options *o) { o->subscribe_ppm = 1; }
static void terms_late(omo_channel_options *o)
{
    o->terms_count = 1;
    o->terms[0].at_us = 9 * BUILD_DAY;
}
static void terms_backwards(omo_channel_options *o)
{
    o->terms_count = 2;
    o->terms[0].at_us = BUILD_DAY;
}

static const struct {
    void (*change)(omo_channel_options *o);
    const char *expected;
} mistakes[] = {
    {group_of_one, "own: a group is made of 2 to 1000 orders"},
    {no_time, "own: a group needs some time to fill"},
    {step_above, "own: more than 100 % can't give up at step 'pay'"},
    {outage_late, "own: an outage begins after the end of the run"},
    {outage_empty, "own: an outage must begin at 0 or later and take more than 0"},
    {half_an_outage, "own: outages by chance need a time between them and a time that they take"},
    {shares, "own: a channel of kind group_buy shares no links"},
    {guides, "own: a channel of kind group_buy has no guides"},
    {subscribes, "own: a channel of kind group_buy has no subscribers"},
    {terms_late, "own: a change of terms comes after the end of the run"},
    {terms_backwards, "own: changes of terms must stand in the order of their times"},
};

START_TEST(is_refused)
{
    omo_model *m = build_model(2.0);
    omo_channel_options o = build_channel("group_buy", NULL);
    omo_segment_options s = build_segment(1.0);
    omo_error error = {0};

    o.id = "own";
    mistakes[_i].change(&o);
    build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 0.0, 1);
    build_add_place(m, &place);
    build_zone(m, 0.0, 0);
    omo_status status = omo_model_add_channel(m, &o, NULL, &error);
    if (status == OMO_OK) {
        ck_assert_int_eq(omo_model_add_segment(m, &s, NULL, &error), OMO_OK);
        status = omo_model_seal(m, &error);
    }
    ck_assert_int_eq(status, OMO_EINVAL);
    ck_assert_str_eq(error.text, mistakes[_i].expected);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("touch refused");
    TCase *tcase = tcase_create("touch refused");
    SRunner *runner = srunner_create(suite);

    tcase_add_loop_test(tcase, is_refused, 0, sizeof(mistakes) / sizeof(mistakes[0]));
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
