/* Promotion kinds: the same baskets under each, their defaults, and options that make no sense. */
#include <check.h>

#include "demand/promotion.h"

static omo_promotion_options options_of(const char *kind)
{
    omo_promotion_options options = {.size = sizeof(options), .kind = kind};

    promotion_find(kind)->defaults(&options);
    return options;
}

static int64_t discount_of(const omo_promotion_options *options, int64_t basket_cents,
                           bool holds_coupon)
{
    return promotion_find(options->kind)
        ->discount(options,
                   &(struct promotion_query){1, &basket_cents, basket_cents, holds_coupon});
}

START_TEST(the_same_basket_under_each)
{
    omo_promotion_options percent = options_of("percent_off");
    omo_promotion_options amount = options_of("amount_off_threshold");
    omo_promotion_options coupon = options_of("coupon");

    ck_assert_int_eq(discount_of(&percent, 2500, false), 250);
    ck_assert_int_eq(discount_of(&amount, 2500, false), 0);
    ck_assert_int_eq(discount_of(&coupon, 2500, false), 0);
    ck_assert_int_eq(discount_of(&coupon, 2500, true), 500);
    ck_assert_int_eq(discount_of(&percent, 9999, false), 1000); /* 999.9 cents */
    ck_assert_int_eq(discount_of(&amount, 2999, false), 0);
    ck_assert_int_eq(discount_of(&amount, 3000, false), 500);
    ck_assert_int_eq(discount_of(&amount, 9000, false), 500); /* once, not three times */
    ck_assert_int_eq(discount_of(&coupon, 1999, true), 0);
    ck_assert_int_eq(discount_of(&coupon, 2000, true), 500);
}
END_TEST

START_TEST(a_share_may_have_a_threshold)
{
    omo_promotion_options percent = options_of("percent_off");

    percent.threshold_cents = 1000;
    ck_assert_int_eq(discount_of(&percent, 999, false), 0);
    ck_assert_int_eq(discount_of(&percent, 1000, false), 100);
}
END_TEST

START_TEST(never_more_than_the_basket)
{
    omo_promotion_options amount = options_of("amount_off_threshold");
    omo_promotion_options coupon = options_of("coupon");
    omo_promotion_options percent = options_of("percent_off");

    amount.threshold_cents = 0;
    coupon.threshold_cents = 0;
    percent.share_ppm = OMO_PPM;
    ck_assert_int_eq(discount_of(&amount, 120, false), 120);
    ck_assert_int_eq(discount_of(&coupon, 120, true), 120);
    ck_assert_int_eq(discount_of(&percent, 120, false), 120);
    ck_assert_int_eq(discount_of(&percent, 0, false), 0);
}
END_TEST

START_TEST(options_that_make_no_sense)
{
    omo_promotion_options o = options_of("percent_off");

    ck_assert_ptr_null(promotion_find("percent_off")->check(&o));
    o.share_ppm = 0;
    ck_assert_ptr_nonnull(promotion_find("percent_off")->check(&o));
    o.share_ppm = OMO_PPM + 1;
    ck_assert_ptr_nonnull(promotion_find("percent_off")->check(&o));

    o = options_of("amount_off_threshold");
    ck_assert_ptr_null(promotion_find("amount_off_threshold")->check(&o));
    o.amount_cents = 0;
    ck_assert_ptr_nonnull(promotion_find("amount_off_threshold")->check(&o));
    o.amount_cents = 1;
    o.threshold_cents = -1;
    ck_assert_ptr_nonnull(promotion_find("amount_off_threshold")->check(&o));

    o = options_of("coupon");
    ck_assert_ptr_null(promotion_find("coupon")->check(&o));
    o.per_member = 4;
    ck_assert_ptr_nonnull(promotion_find("coupon")->check(&o));
    o.per_member = 3;
    o.claim_ppm = OMO_PPM + 1;
    ck_assert_ptr_nonnull(promotion_find("coupon")->check(&o));
}
END_TEST

START_TEST(defaults_are_the_documented_ones)
{
    omo_promotion_options o = options_of("coupon");

    ck_assert_int_eq(o.amount_cents, 500);
    ck_assert_int_eq(o.threshold_cents, 2000);
    ck_assert_uint_eq(o.claim_ppm, 500000);
    ck_assert_uint_eq(o.per_member, 1);
    ck_assert(promotion_find("coupon")->needs_coupon);
    ck_assert(!promotion_find("percent_off")->needs_coupon);
    ck_assert_ptr_null(promotion_find("two_for_one"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("promotion");
    TCase *tcase = tcase_create("promotion");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tcase, the_same_basket_under_each);
    tcase_add_test(tcase, a_share_may_have_a_threshold);
    tcase_add_test(tcase, never_more_than_the_basket);
    tcase_add_test(tcase, options_that_make_no_sense);
    tcase_add_test(tcase, defaults_are_the_documented_ones);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
