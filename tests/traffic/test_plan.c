/* Plans: what is written is read, and whatever is no whole plan is refused with its place. */
#include "shell/folder.h"
#include "traffic/plan.h"
#include "traffic/samples.h"
#include "traffic/steps.h"

#include <string.h>

START_TEST(test_round_trip)
{
    g_autoptr(GError) error = NULL;

    samples_write("a.plan");
    g_autoptr(Plan) plan = plan_open("a.plan", &error);
    folder_assert_fine(error);
    ck_assert_str_eq(plan_path(plan), "a.plan");
    ck_assert_uint_eq(plan_journey_count(plan), SAMPLES_JOURNEYS);
    ck_assert_uint_eq(plan_step_count(plan), SAMPLES_STEPS);
    ck_assert_uint_eq(plan_header(plan)->digest, 0xabcdef);
    ck_assert_uint_eq(plan_header(plan)->seed, 7);
    ck_assert_uint_eq(plan_header(plan)->replication, 2);
    ck_assert_int_eq(plan_header(plan)->epoch_us, INT64_C(1700000000000000));
    ck_assert_str_eq(json_string_value(json_object_get(plan_names(plan), "scenario")),
                     "two_stores");

    struct plan_cursor cursor = plan_begin(plan);
    const omo_plan_journey *journey = plan_next(plan, &cursor);
    ck_assert_uint_eq(journey->member, 9);
    ck_assert_uint_eq(journey->order, UINT64_C(0x8000000000000001));
    ck_assert_uint_eq(journey->tag, OMO_PLAN_JOURNEY);
    const omo_plan_step *step = plan_first_step(journey);
    ck_assert_uint_eq(plan_step_kind(plan, step->kind), STEP_log_in);
    ck_assert_uint_eq(plan_step_payload(step).size, 0);
    step = plan_next_step(step);
    ck_assert_int_eq(step->at_us, 2500000);
    ck_assert_int_eq(step->amount, -1250);
    ck_assert_uint_eq(step->quantity, 3);
    ck_assert_str_eq(plan_name(plan, PLAN_SKU, step->sku), "牛奶");
    ck_assert_str_eq(plan_name(plan, PLAN_PLACE, step->place), "store two");
    ck_assert_str_eq(plan_name(plan, PLAN_COUPON, step->coupon), "");
    ck_assert_uint_eq(plan_next(plan, &cursor)->channel, OMO_PLAN_NO_CHANNEL);
    journey = plan_next(plan, &cursor);
    step = plan_first_step(journey);
    ck_assert_uint_eq(step->payload, 1);
    ck_assert_mem_eq(plan_step_payload(step).bytes, "GET / HTTP/1.1\r\n\r\n", 18);
    step = plan_next_step(step);
    ck_assert_uint_eq(step->payload, 7);
    ck_assert_uint_eq(plan_step_payload(step).size, 200);
    ck_assert_int_eq(((const char *)plan_step_payload(step).bytes)[199], 'x');
    ck_assert_ptr_null(plan_next(plan, &cursor));
    ck_assert(!cursor.broken);

    struct plan_counts counts;
    ck_assert(plan_verify(plan, &counts, &error));
    ck_assert_uint_eq(counts.journeys, SAMPLES_JOURNEYS);
    ck_assert_uint_eq(counts.steps, SAMPLES_STEPS);
    ck_assert_uint_eq(counts.step_kind[STEP_request], 2);
    ck_assert_int_eq(counts.first_us, 1000);
    ck_assert_int_eq(counts.last_us, 3600000001);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_round_trip};
    return folder_run("plan", tests, G_N_ELEMENTS(tests));
}
