/* The audit against all choices: tiny histories of one position, or of one member's points, in which
 * every way that open outcomes and moments could have fallen is tried out. The audit must call them
 * violated exactly when none of them is right. OMO_SEED sets the seed. */
#include "replay/audit_case.h"

#include <check.h>
#include <stdlib.h>

#define CASES 4000
#define ORDERS_MAX 4
#define END 40 /* ms, when the books are read */

static ApiMap *map;

static uint64_t seed_of(void)
{
    const char *text = g_getenv("OMO_SEED");

    return text != NULL ? g_ascii_strtoull(text, NULL, 10) : 20260101;
}

/* ---- units ----------------------------------------------------------------------------------- */

struct tiny_order {
    int64_t sent, done; /* of the order */
    bool is_open;       /* it timed out */
    bool is_in_books, is_cancelled;
    int64_t cancel_sent, cancel_done; /* 0 = nobody cancelled */
    bool is_cancel_open;
};

struct tiny {
    int64_t supply;
    uint32_t count;
    struct tiny_order order[ORDERS_MAX];
    int64_t from[ORDERS_MAX], until[ORDERS_MAX];
};

static bool fits(const struct tiny *t)
{
    for (int64_t at = 0; at <= END; at++) {
        int64_t held = 0;
        for (uint32_t i = 0; i < t->count; i++)
            held += t->from[i] <= at && at < t->until[i];
        if (held > t->supply)
            return false;
    }
    return true;
}

/* Tries every moment at which order `i` can have begun to hold its unit and ended it. */
static bool explain(struct tiny *t, uint32_t i)
{
    if (i == t->count)
        return fits(t);
    const struct tiny_order *o = &t->order[i];
    const int64_t latest = o->is_open ? END : o->done;
    if (!o->is_in_books) { /* open, and it never happened */
        t->from[i] = t->until[i] = END + 1;
        return explain(t, i + 1);
    }
    for (t->from[i] = o->sent; t->from[i] <= latest; t->from[i]++) {
        t->until[i] = END + 1;
        if (!o->is_cancelled && explain(t, i + 1))
            return true;
        for (int64_t until = o->cancel_sent;
             o->is_cancelled && until <= (o->is_cancel_open ? END : o->cancel_done); until++) {
            t->until[i] = until;
            if (explain(t, i + 1))
                return true;
        }
    }
    return false;
}

static void draw_tiny(struct tiny *t, GRand *rand)
{
    *t = (struct tiny){.supply = g_rand_int_range(rand, 0, 3),
                       .count = (uint32_t)g_rand_int_range(rand, 1, ORDERS_MAX + 1)};
    for (uint32_t i = 0; i < t->count; i++) {
        struct tiny_order *o = &t->order[i];
        o->sent = g_rand_int_range(rand, 1, 14);
        o->done = o->sent + g_rand_int_range(rand, 1, 5);
        o->is_open = g_rand_int_range(rand, 0, 4) == 0;
        o->is_in_books = !o->is_open || g_rand_boolean(rand);
        if (o->is_open || g_rand_boolean(rand))
            continue;
        o->cancel_sent = o->done + g_rand_int_range(rand, 0, 4);
        o->cancel_done = o->cancel_sent + g_rand_int_range(rand, 1, 4);
        o->is_cancel_open = g_rand_boolean(rand);
        o->is_cancelled = !o->is_cancel_open || g_rand_boolean(rand);
    }
}

static void write_tiny(struct audit_case *c, const struct tiny *t)
{
    g_autofree char *stock =
        g_strdup_printf("place=P1 sku=S1 on_hand=%" G_GINT64_FORMAT, t->supply);

    audit_case_book(c, c->before, BOOK_stock, stock);
    audit_case_book(c, c->before, BOOK_orders, "order= cancelled=");
    audit_case_book(c, c->after, BOOK_orders, "order= cancelled=");
    audit_case_book(c, c->after, BOOK_order_lines, "place= sku= quantity=");
    for (uint32_t i = 0; i < t->count; i++) {
        const struct tiny_order *o = &t->order[i];
        const enum outcome outcome = o->is_open ? OUTCOME_timeout : OUTCOME_ok;
        ASK(c, .step = STEP_check_out, .order = i + 1, .place = "P1", .sent = o->sent,
            .done = o->done, .outcome = outcome);
        ASK(c, .step = STEP_pay, .order = i + 1, .sent = o->done, .outcome = outcome);
        if (o->cancel_sent != 0)
            ASK(c, .step = STEP_cancel, .order = i + 1, .sent = o->cancel_sent,
                .done = o->cancel_done, .outcome = o->is_cancel_open ? OUTCOME_reset : OUTCOME_ok);
        if (!o->is_in_books)
            continue;
        g_autofree char *row = g_strdup_printf("order=%u cancelled=%d", i + 1, o->is_cancelled);
        audit_case_book(c, c->after, BOOK_orders, row);
        audit_case_book(c, c->after, BOOK_order_lines, "place=P1 sku=S1 quantity=1");
    }
}

START_TEST(test_units)
{
    const uint64_t seed = seed_of();
    uint32_t violated = 0;

    for (uint32_t i = 0; i < CASES; i++) {
        GRand *rand = g_rand_new_with_seed((guint32)(seed + i));
        struct audit_case c;
        struct tiny t;
        draw_tiny(&t, rand);
        audit_case_begin(&c, map);
        write_tiny(&c, &t);
        const bool is_right = explain(&t, 0);
        g_autofree char *text = audit_case_text(&c, AUDIT_units_sold_once);
        ck_assert_msg((audit_case_result(&c, AUDIT_units_sold_once)->violations == 0) == is_right,
                      "OMO_SEED=%" G_GUINT64_FORMAT " case 0: %s, but the audit said:\n%s",
                      seed + i, is_right ? "it can be explained" : "nothing explains it", text);
        violated += !is_right;
        audit_case_end(&c);
        g_rand_free(rand);
    }
    ck_assert_uint_gt(violated, CASES / 10);
    ck_assert_uint_lt(violated, CASES * 9 / 10);
}
END_TEST

/* ---- points ---------------------------------------------------------------------------------- */

START_TEST(test_points)
{
    const uint64_t seed = seed_of();
    uint32_t violated = 0;

    for (uint32_t i = 0; i < CASES; i++) {
        GRand *rand = g_rand_new_with_seed((guint32)(seed + i));
        const uint32_t count = (uint32_t)g_rand_int_range(rand, 1, 7);
        const int64_t change = g_rand_int_range(rand, -10, 25);
        int64_t amount[7];
        bool is_open[7], is_right = false;
        struct audit_case c;

        audit_case_begin(&c, map);
        for (uint32_t k = 0; k < count; k++) {
            amount[k] = g_rand_int_range(rand, -5, 9);
            is_open[k] = g_rand_boolean(rand);
            const uint64_t number =
                ASK(&c, .step = STEP_pay, .order = k + 1, .member = 7, .sent = 10 * k + 1,
                    .outcome = is_open[k] ? OUTCOME_failed_check : OUTCOME_ok);
            audit_case_tell(&c, number,
                            amount[k] < 0 ? TELLING_points_spent : TELLING_points_earned,
                            ABS(amount[k]));
        }
        for (uint32_t set = 0; set < 1u << count; set++) {
            int64_t sum = 0;
            bool is_choice = true;
            for (uint32_t k = 0; k < count; k++) {
                sum += (set >> k & 1) != 0 ? amount[k] : 0;
                is_choice &= (set >> k & 1) != 0 || is_open[k];
            }
            is_right |= is_choice && sum == change;
        }
        g_autofree char *after =
            g_strdup_printf("member=7 balance=%" G_GINT64_FORMAT, 100 + change);
        audit_case_book(&c, c.before, BOOK_points, "member=7 balance=100");
        audit_case_book(&c, c.after, BOOK_points, after);
        g_autofree char *text = audit_case_text(&c, AUDIT_points_balance);
        ck_assert_msg((audit_case_result(&c, AUDIT_points_balance)->violations == 0) == is_right,
                      "OMO_SEED=%" G_GUINT64_FORMAT ": %s", seed + i, text);
        violated += !is_right;
        audit_case_end(&c);
        g_rand_free(rand);
    }
    ck_assert_uint_gt(violated, CASES / 10);
    ck_assert_uint_lt(violated, CASES * 9 / 10);
}
END_TEST

/* With more open ones than are tried out, sums are never called wrong when they are right, and what
 * is beyond all of them is. */
START_TEST(test_points_bounds)
{
    GRand *rand = g_rand_new_with_seed((guint32)seed_of());
    struct audit_case c;
    int64_t all = 0, some = 0;

    audit_case_begin(&c, map);
    for (uint32_t k = 0; k < 3 * AUDIT_EXACT_MAX; k++) {
        const int64_t amount = g_rand_int_range(rand, 1, 100);
        all += amount;
        some += g_rand_boolean(rand) ? amount : 0;
        audit_case_tell(&c,
                        ASK(&c, .step = STEP_pay, .order = k + 1, .member = 7,
                            .outcome = OUTCOME_failed_check),
                        TELLING_points_earned, amount);
    }
    const int64_t balance[] = {some, all, all + 1, -1};
    audit_case_book(&c, c.before, BOOK_points, "member=7 balance=0");
    for (uint32_t i = 0; i < G_N_ELEMENTS(balance); i++) {
        g_autofree char *after = g_strdup_printf("member=7 balance=%" G_GINT64_FORMAT, balance[i]);
        books_free(c.after);
        c.after = books_new();
        audit_case_book(&c, c.after, BOOK_points, after);
        audit_case_run(&c);
        ck_assert_uint_eq(audit_case_result(&c, AUDIT_points_balance)->violations, i >= 2);
    }
    audit_case_end(&c);
    g_rand_free(rand);
}
END_TEST

static void set_up(void) { map = audit_case_map(NULL); }

static void tear_down(void) { api_free(map); }

int main(void)
{
    Suite *suite = suite_create("audit_choices");
    TCase *all = tcase_create("all");

    tcase_add_unchecked_fixture(all, set_up, tear_down);
    tcase_set_timeout(all, 120);
    tcase_add_test(all, test_units);
    tcase_add_test(all, test_points);
    tcase_add_test(all, test_points_bounds);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
