/* Routing policies: small tables in which each decides differently from the others, and the two
 * that search against an enumerator that knows nothing of how they search. */
#include <check.h>

#include "conformance/seed.h"

#include "policy/routing.h"

#define PLACES 8
#define LINES 5

struct table {
    int32_t quantity[LINES];
    int32_t available[LINES * PLACES];
    int64_t distance_mm[PLACES];
    int64_t parcel_cost_cents[PLACES];
    int64_t line_cost_cents[PLACES];
    int32_t queue[PLACES];
    struct routing_query query;
};

/* Points the query at the table's own columns; distances not yet given are 1, 2, 3 ... km. */
static const struct routing_query *table_query(struct table *t, uint32_t line_count,
                                               uint32_t place_count)
{
    for (uint32_t place = 0; place < place_count; place++)
        if (t->distance_mm[place] == 0)
            t->distance_mm[place] = (place + 1) * INT64_C(1000000);
    t->query = (struct routing_query){
        .line_count = line_count,
        .place_count = place_count,
        .quantity = t->quantity,
        .available = t->available,
        .distance_mm = t->distance_mm,
        .parcel_cost_cents = t->parcel_cost_cents,
        .line_cost_cents = t->line_cost_cents,
        .queue = t->queue,
    };
    return &t->query;
}

/* The answer as text, "line:place=quantity" for each part. */
static const char *answer(const char *policy, const struct routing_query *q)
{
    static char text[512];
    struct routing_answer a = {0};
    size_t length = 0;

    routing_find(policy)->route(NULL, q, &a);
    text[0] = '\0';
    for (uint32_t line = 0; line < q->line_count; line++)
        for (uint32_t place = 0; place < q->place_count; place++)
            if (a.quantity[line][place] != 0)
                length +=
                    (size_t)snprintf(text + length, sizeof(text) - length, "%s%u:%u=%d",
                                     length == 0 ? "" : " ", line, place, a.quantity[line][place]);
    return text;
}

START_TEST(whole_order_far_or_two_parcels_near)
{
    struct table t = {
        .quantity = {1, 1},
        .available = {1, 0, 1, /* line 0: places 0 and 2 */
                      0, 1, 1},
        .parcel_cost_cents = {500, 500, 1200},
    };
    const struct routing_query *q = table_query(&t, 2, 3);

    ck_assert_str_eq(answer("nearest", q), "0:0=1 1:1=1");
    ck_assert_str_eq(answer("nearest_in_stock", q), "0:2=1 1:2=1");
    ck_assert_str_eq(answer("fewest_parcels", q), "0:2=1 1:2=1");
    ck_assert_str_eq(answer("cheapest", q), "0:0=1 1:1=1");
    t.parcel_cost_cents[2] = 900;
    ck_assert_str_eq(answer("cheapest", q), "0:2=1 1:2=1");
}
END_TEST

START_TEST(only_nearest_leaves_a_line_that_nobody_has_whole)
{
    struct table t = {.quantity = {3}, .available = {2, 0, 2}};
    const struct routing_query *q = table_query(&t, 1, 3);

    ck_assert_str_eq(answer("nearest", q), "");
    ck_assert_str_eq(answer("nearest_in_stock", q), "0:0=2 0:2=1");
    ck_assert_str_eq(answer("cheapest", q), "0:0=2 0:2=1");
    ck_assert_str_eq(answer("fewest_parcels", q), "0:0=2 0:2=1");
}
END_TEST

START_TEST(fewest_parcels_splits_a_line_to_save_a_parcel)
{
    /* Line 0 lies whole only in place 2, but places 0 and 1 are needed anyway and have one unit
     * each. */
    struct table t = {
        .quantity = {2, 1, 1},
        .available = {1, 1, 2, 1, 0, 0, 0, 1, 0},
        .parcel_cost_cents = {300, 300, 300},
    };
    const struct routing_query *q = table_query(&t, 3, 3);

    ck_assert_str_eq(answer("fewest_parcels", q), "0:0=1 0:1=1 1:0=1 2:1=1");
    ck_assert_str_eq(answer("cheapest", q), "0:2=2 1:0=1 2:1=1");
    ck_assert_str_eq(answer("nearest_in_stock", q), "0:2=2 1:0=1 2:1=1");
    ck_assert_str_eq(answer("nearest", q), "0:2=2 1:0=1 2:1=1");
}
END_TEST

START_TEST(cheapest_weighs_lines_against_parcels)
{
    /* The near place has everything at 4.00 a line; a far one is worth its parcel from the third
     * line on. */
    struct table t = {
        .quantity = {1, 1, 1},
        .available = {1, 1, 1, 1, 1, 1},
        .parcel_cost_cents = {500, 1200},
        .line_cost_cents = {400, 100},
    };

    ck_assert_str_eq(answer("cheapest", table_query(&t, 2, 2)), "0:0=1 1:0=1");
    ck_assert_str_eq(answer("cheapest", table_query(&t, 3, 2)), "0:1=1 1:1=1 2:1=1");
    ck_assert_str_eq(answer("fewest_parcels", table_query(&t, 3, 2)), "0:0=1 1:0=1 2:0=1");
}
END_TEST

START_TEST(ties_go_to_the_least_distance)
{
    /* Pairs (0,3) and (1,2) both have everything; 1 + 2 are closer together than 0 + 3. */
    struct table t = {
        .quantity = {1, 1},
        .available = {1, 1, 0, 0, 0, 0, 1, 1},
        .distance_mm = {1000, 1500, 2000, 9000},
        .parcel_cost_cents = {700, 700, 700, 700},
    };
    const struct routing_query *q = table_query(&t, 2, 4);

    ck_assert_str_eq(answer("fewest_parcels", q), "0:0=1 1:2=1");
    ck_assert_str_eq(answer("cheapest", q), "0:0=1 1:2=1");
    t.available[0] = 0;
    ck_assert_str_eq(answer("fewest_parcels", q), "0:1=1 1:2=1");
}
END_TEST

START_TEST(more_than_three_places_are_found_one_by_one)
{
    struct table t = {
        .quantity = {1, 1, 1, 1, 1},
        .available =
            {[0 * 5 + 0] = 1, [1 * 5 + 1] = 1, [2 * 5 + 2] = 1, [3 * 5 + 3] = 1, [4 * 5 + 4] = 1},
        .parcel_cost_cents = {100, 100, 100, 100, 100},
    };
    const struct routing_query *q = table_query(&t, 5, 5);

    ck_assert_str_eq(answer("fewest_parcels", q), "0:0=1 1:1=1 2:2=1 3:3=1 4:4=1");
    ck_assert_str_eq(answer("cheapest", q), "0:0=1 1:1=1 2:2=1 3:3=1 4:4=1");
}
END_TEST

START_TEST(no_candidates_and_nothing_available)
{
    struct table t = {.quantity = {1}};

    for (uint32_t i = 0; i < routing_registry_count; i++) {
        ck_assert_str_eq(answer(routing_registry[i]->name, table_query(&t, 1, 0)), "");
        ck_assert_str_eq(answer(routing_registry[i]->name, table_query(&t, 1, 3)), "");
    }
    ck_assert_ptr_null(routing_find("nearest_by_far"));
}
END_TEST

/* ---- against enumeration ----------------------------------------- */

struct value {
    int64_t units;
    int64_t cost_cents;
    int64_t distance_mm;
};

static void table_fill(struct table *t, uint64_t *state, uint32_t line_count, uint32_t place_count)
{
    int64_t distance_mm = 0;

    *t = (struct table){0};
    for (uint32_t line = 0; line < line_count; line++)
        t->quantity[line] = (int32_t)seed_between(state, 1, 3);
    for (uint32_t i = 0; i < line_count * place_count; i++)
        t->available[i] = (int32_t)core_max_i64(seed_between(state, -3, 3), 0);
    for (uint32_t place = 0; place < place_count; place++) {
        distance_mm += seed_between(state, 1, 3);
        t->distance_mm[place] = distance_mm;
        t->parcel_cost_cents[place] = seed_between(state, 0, 9);
        t->line_cost_cents[place] = seed_between(state, 0, 4);
    }
    table_query(t, line_count, place_count);
}

/* Value of giving each line whole to one place: choice[line] = place, or place_count for nobody. */
static struct value value_of(const struct routing_query *q, const uint32_t *choice)
{
    struct value v = {0};
    uint32_t used = 0;

    for (uint32_t line = 0; line < q->line_count; line++) {
        if (choice[line] == q->place_count)
            continue;
        v.units += q->quantity[line];
        v.cost_cents += q->line_cost_cents[choice[line]];
        if ((used & 1u << choice[line]) == 0) {
            v.cost_cents += q->parcel_cost_cents[choice[line]];
            v.distance_mm += q->distance_mm[choice[line]];
        }
        used |= 1u << choice[line];
    }
    return v;
}

static bool value_better(struct value a, struct value b)
{
    if (a.units != b.units)
        return a.units > b.units;
    if (a.cost_cents != b.cost_cents)
        return a.cost_cents < b.cost_cents;
    return a.distance_mm < b.distance_mm;
}

/* Best of all assignments of lines to at most three places, by counting through them like digits.
 */
static struct value enumerate(const struct routing_query *q)
{
    uint32_t choice[LINES] = {0};
    struct value best = {0};

    for (;;) {
        uint32_t used = 0;
        uint32_t at = 0;
        bool possible = true;

        for (uint32_t line = 0; line < q->line_count; line++)
            if (choice[line] < q->place_count) {
                used |= 1u << choice[line];
                possible =
                    possible && routing_available(q, line, choice[line]) >= q->quantity[line];
            }
        if (possible && __builtin_popcount(used) <= 3 && value_better(value_of(q, choice), best))
            best = value_of(q, choice);
        while (at < q->line_count && ++choice[at] > q->place_count)
            choice[at++] = 0;
        if (at == q->line_count)
            return best;
    }
}

START_TEST(cheapest_is_exact)
{
    uint64_t state = seed_take();
    uint32_t compared = 0;

    for (uint32_t round = 0; round < 20000; round++) {
        struct table t;
        struct routing_answer a = {0};
        uint32_t choice[LINES];
        uint32_t place_count = (uint32_t)seed_between(&state, 1, 6);
        uint32_t line_count = (uint32_t)seed_between(&state, 1, round % 20 == 0 ? LINES : 3);
        int64_t coverable = 0;
        struct value found, best;

        table_fill(&t, &state, line_count, place_count);
        routing_find("cheapest")->route(NULL, &t.query, &a);
        for (uint32_t line = 0; line < line_count; line++) {
            int64_t given = 0, sum = 0;

            choice[line] = place_count;
            for (uint32_t place = 0; place < place_count; place++) {
                given += a.quantity[line][place];
                sum += routing_available(&t.query, line, place);
                if (a.quantity[line][place] == t.quantity[line])
                    choice[line] = place;
            }
            if (routing_nearest_whole(&t.query, line) != OMO_NONE) {
                coverable += t.quantity[line];
                ck_assert_uint_ne(choice[line], place_count);
            }
            ck_assert_int_eq(given, core_min_i64(sum, t.quantity[line]));
        }
        found = value_of(&t.query, choice);
        best = enumerate(&t.query);
        ck_assert_int_eq(found.units, coverable);
        if (best.units < coverable)
            continue; /* more than three places: outside the family */
        compared++;
        ck_assert_int_eq(found.units, best.units);
        ck_assert_int_eq(found.cost_cents, best.cost_cents);
        ck_assert_int_eq(found.distance_mm, best.distance_mm);
    }
    ck_assert_uint_gt(compared, 19000);
}
END_TEST

/* Units that a set of places has of the order. */
static int64_t units_of(const struct routing_query *q, uint32_t set)
{
    int64_t units = 0;

    for (uint32_t line = 0; line < q->line_count; line++) {
        int64_t sum = 0;

        for (uint32_t place = 0; place < q->place_count; place++)
            if ((set & 1u << place) != 0)
                sum += routing_available(q, line, place);
        units += core_min_i64(sum, q->quantity[line]);
    }
    return units;
}

START_TEST(fewest_parcels_is_exact)
{
    uint64_t state = seed_take();

    for (uint32_t round = 0; round < 20000; round++) {
        struct table t;
        struct routing_answer a = {0};
        uint32_t place_count = (uint32_t)seed_between(&state, 1, PLACES);
        uint32_t line_count = (uint32_t)seed_between(&state, 1, LINES);
        uint32_t all = (1u << place_count) - 1, used = 0;
        int best_count = 99;
        int64_t best_mm = 0, used_mm = 0, given = 0;

        table_fill(&t, &state, line_count, place_count);
        for (uint32_t set = 0; set <= all; set++) {
            int64_t mm = 0;

            for (uint32_t place = 0; place < place_count; place++)
                mm += (set & 1u << place) != 0 ? t.distance_mm[place] : 0;
            if (units_of(&t.query, set) < units_of(&t.query, all))
                continue;
            if (__builtin_popcount(set) < best_count ||
                (__builtin_popcount(set) == best_count && mm < best_mm)) {
                best_count = __builtin_popcount(set);
                best_mm = mm;
            }
        }
        routing_find("fewest_parcels")->route(NULL, &t.query, &a);
        for (uint32_t place = 0; place < place_count; place++)
            for (uint32_t line = 0; line < line_count; line++) {
                given += a.quantity[line][place];
                used |= a.quantity[line][place] != 0 ? 1u << place : 0;
            }
        for (uint32_t place = 0; place < place_count; place++)
            used_mm += (used & 1u << place) != 0 ? t.distance_mm[place] : 0;
        ck_assert_int_eq(given, units_of(&t.query, all));
        if (best_count > 3)
            continue; /* greedy from there on */
        ck_assert_int_eq(__builtin_popcount(used), best_count);
        ck_assert_int_eq(used_mm, best_mm);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("routing");
    TCase *tables = tcase_create("tables");
    TCase *search = tcase_create("search");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tables, whole_order_far_or_two_parcels_near);
    tcase_add_test(tables, only_nearest_leaves_a_line_that_nobody_has_whole);
    tcase_add_test(tables, fewest_parcels_splits_a_line_to_save_a_parcel);
    tcase_add_test(tables, cheapest_weighs_lines_against_parcels);
    tcase_add_test(tables, ties_go_to_the_least_distance);
    tcase_add_test(tables, more_than_three_places_are_found_one_by_one);
    tcase_add_test(tables, no_candidates_and_nothing_available);
    tcase_add_test(search, cheapest_is_exact);
    tcase_add_test(search, fewest_parcels_is_exact);
    tcase_set_timeout(search, 120);
    suite_add_tcase(suite, tables);
    suite_add_tcase(suite, search);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
