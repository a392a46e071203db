/* Blocks whose attributes stand in several tables: what is taken from where, and what is refused.
 *
 * The tables look like published ones: a byte order mark, prices of many decimals, shares in per
 * cent, blanks behind the names of columns, several products in one family. */
#include "scenario/fixture.h"
#include "scenario/scenario.h"

#include <check.h>
#include <omosim/world.h>

#define SKUS "[{id: tea, price: 10.00, cost: 6.00}, {id: rice, price: 5.00, cost: 4.00}]"
#define SHOP "{id: shop, kind: store, lat: 37.8, lon: 112.5}"
#define ZONES "[{id: town, lat: 37.8, lon: 112.5, members: 10}]"

static void write_tables(void)
{
    fixture_write("goods.csv", "\xef\xbb\xbfName,Family,Avg price \r\n"
                               "tea,1,10.0049999\r\nrice,2,4.995\r\nsalt,1,1\r\n");
    fixture_write("families.csv",
                  "Id,Share ,Year\n1,1.50%,2017\n2,0.02,2017\n1,9%,2016\n3,x,2017\n");
    fixture_write("towns.csv", "id,lat,lon\na,37.8,112.5\nb,37.9,112.6\n");
    fixture_write("people.csv", "town,people\nb,30\na,10\n");
}

static char *chain_with(const char *block, const char *text)
{
    write_tables();
    return fixture_replace(fixture_chain, block, text);
}

static omo_model *build_text(const char *text)
{
    g_autoptr(GError) error = NULL;

    fixture_write("s.yaml", text);
    g_autoptr(Scenario) s = scenario_read("s.yaml", NULL, &error);
    ck_assert_msg(s != NULL, "%s", error == NULL ? "" : error->message);
    omo_model *model = scenario_build(s, 0, &error);
    ck_assert_msg(model != NULL, "%s", error == NULL ? "" : error->message);
    return model;
}

#define GOODS "{file: goods.csv, columns: {id: Name, price: Avg price}, cost_share: 70%, join: "
#define FAMILIES "file: families.csv, where: Year == 2017, key: Id, match: Family"

/* What a run of the text leaves behind, which depends on every price, cost and popularity. */
static uint64_t digest_of(const char *text)
{
    omo_model *model = build_text(text);
    omo_world *world = omo_world_new(model, 1, 0, NULL);

    ck_assert_int_eq(omo_world_run(world, INT64_MAX, NULL), OMO_OK);
    uint64_t digest = omo_world_digest(world);
    omo_world_free(world);
    omo_model_free(model);
    return digest;
}

START_TEST(test_skus)
{
    g_autofree char *joined =
        chain_with(SKUS,
                   GOODS "{" FAMILIES ", columns: {popularity: Share}}, where: Name != salt}");
    g_autofree char *written = chain_with(
        SKUS, "[{id: tea, price: 10.00, cost: 7.00, popularity: 0.015}, {id: rice, price: 5.00, "
              "cost: 3.50, popularity: 0.02}]");
    g_autofree char *other = fixture_replace(written, "0.02", "0.03");
    uint64_t digest = digest_of(joined);

    ck_assert(digest == digest_of(written));
    ck_assert(digest != digest_of(other));
}
END_TEST

/* Many to one: two products of one family. */
START_TEST(test_family)
{
    g_autofree char *text = chain_with(SKUS, GOODS "{" FAMILIES ", columns: {popularity: Share}}}");
    omo_model *model = build_text(text);

    ck_assert_uint_eq(omo_model_sku_count(model), 3);
    omo_model_free(model);
}
END_TEST

/* Two tables of zones, in a list, without `match`. */
START_TEST(test_zones)
{
    g_autofree char *text =
        chain_with(ZONES, "{file: towns.csv, join: [{file: people.csv, key: town, match: id, "
                          "columns: {members: people}}, {file: people.csv, key: town, match: id, "
                          "columns: {weight: people}}]}");
    omo_model *model = build_text(text);

    ck_assert_uint_eq(omo_model_zone_count(model), 2);
    omo_model_free(model);
}
END_TEST

/* Positions from another table, and two places at one rounded point that are spread. */
START_TEST(test_places)
{
    g_autofree char *text =
        chain_with(SHOP, "{file: shops.csv, spread: 500m, join: {file: towns.csv, key: id, match: "
                         "town, columns: {lat: lat, lon: lon}}}");
    double lat[2], lon[2];

    fixture_write("shops.csv", "id,town\n1,a\n2,a\n");
    omo_model *model = build_text(text);
    for (uint32_t i = 0; i < 2; i++) {
        omo_model_place_position(model, i, &lat[i], &lon[i]);
        ck_assert_double_le(omo_distance_km(lat[i], lon[i], 37.8, 112.5), 0.501);
    }
    ck_assert_double_gt(omo_distance_km(lat[0], lon[0], lat[1], lon[1]), 0.05);
    omo_model_free(model);
}
END_TEST

/* What a block reads, and the first line of the answer. */
static const struct {
    const char *block, *text, *expected;
} mistakes[] = {
    {SKUS, GOODS "{" FAMILIES ", columns: {popularity: Shar}}}",
     "s.yaml:3:175: unknown column of families.csv 'Shar', did you mean 'Share'?"},
    {SKUS, GOODS "{file: families.csv, key: Ident, match: Family, columns: {popularity: Share}}}",
     "s.yaml:3:113: unknown column of families.csv 'Ident'"},
    {SKUS, GOODS "{file: families.csv, key: Id, where: Year == 2017, columns: {popularity: Year}}}",
     "s.yaml:3:113: unknown column of goods.csv 'Id'"},
    {SKUS, GOODS "{file: families.csv, key: Id, match: Family, columns: {popularity: Year}}}",
     "families.csv:4:1: there is a row with '1' in column 'Id' already, at families.csv:2:1"},
    {SKUS,
     GOODS "{file: families.csv, key: Id, match: Family, where: Year == 2017 and Id != 2, "
           "columns: {popularity: Share}}}",
     "goods.csv:3:6: no row of families.csv has '2' as its key"},
    {SKUS, GOODS "{" FAMILIES ", columns: {price: Share}}}",
     "s.yaml:3:170: the column of 'price' is named in another table already"},
    {SKUS, GOODS "{" FAMILIES ", columns: {cost: Year}}}",
     "s.yaml:3:76: the table has a column of the cost already"},
    {SKUS, GOODS "{file: none.csv, key: Id, columns: {cost: Year}}}",
     "s.yaml:3:94: there is no file 'none.csv'"},
    {SKUS, GOODS "{file: goods.csv, columns: {popularity: Family}}}",
     "s.yaml:3:87: skus.join: missing key 'key'"},
    {SKUS, GOODS "{file: goods.csv, key: Name, columns: {id: Family}}}",
     "s.yaml:3:126: skus.join.columns: unknown key 'id'"},
    {SKUS, "{file: goods.csv, columns: {id: Name, price: Avg price, popularity: Name}}",
     "s.yaml:3:14: unknown column of goods.csv 'cost'"},
    {SKUS,
     "{file: goods.csv, columns: {id: Name, price: Avg price, popularity: Name}, cost_share: 1%}",
     "goods.csv:2:1: bad number in column 'Name': expected a number, found 'tea'"},
    {SKUS, "{generate: {count: 9, price: 3, cost_share: 50%}, cost_share: 50%}",
     "s.yaml:3:69: 'cost_share' does not go with 'generate'"},
    {SHOP, "{id: shop, lat: 37.8, lon: 112.5, spread: 1km}",
     "s.yaml:5:47: 'spread' does not go with 'a single place'"},
};

START_TEST(test_mistakes)
{
    g_autofree char *text = chain_with(mistakes[_i].block, mistakes[_i].text);
    g_autoptr(GError) error = NULL;

    fixture_write("s.yaml", text);
    g_autoptr(Scenario) s = scenario_read("s.yaml", NULL, &error);
    ck_assert_msg(s == NULL, "no error, but expected %s", mistakes[_i].expected);
    ck_assert_msg(g_str_has_prefix(error->message, mistakes[_i].expected),
                  "expected %s\n   found %s", mistakes[_i].expected, error->message);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario_join");
    TCase *tests = tcase_create("join");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tests, fixture_enter, fixture_leave);
    tcase_add_test(tests, test_skus);
    tcase_add_test(tests, test_family);
    tcase_add_test(tests, test_zones);
    tcase_add_test(tests, test_places);
    tcase_add_loop_test(tests, test_mistakes, 0, G_N_ELEMENTS(mistakes));
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
