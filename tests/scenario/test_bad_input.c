/* What a scenario must not say, and the first line of the answer, position included. */
#include "scenario/fixture.h"

#include <check.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char *const stores_csv = "id,lat,lon,size\n"
                                      "a,37.1,112.1,10\n"
                                      "b,37.2,112.2,20\n"
                                      "c,37.3,112.3,30\n"
                                      "d,37.4,112.4,40\n"
                                      "e,37.5,112.5,50\n"
                                      "f,37.6,11x.6,60\n"
                                      "a,37.7,112.7,70\n"
                                      "h,95,112.8,80\n";

#define SHOP "{id: shop, kind: store, lat: 37.8, lon: 112.5}"
#define ROWS(range) "{kind: store, file: stores.csv, where: " range "}"
#define MADE(what) "{id: shop, kind: store, generate: " what "}"
#define SKUS "[{id: tea, price: 10.00, cost: 6.00}, {id: rice, price: 5.00, cost: 4.00}]"
#define PROFILE "profile: {weekdays: [1, 1, 1, 1, 1, 2, 2]}"

/* The chain of fixture.c with one piece of text changed. */
static const struct {
    const char *from, *to, *expected;
} mistakes[] = {
    /* keys and values that the tables know */
    {"routing: nearest", "ruoting: nearest",
     "s.yaml:24:1: unknown key 'ruoting', did you mean 'routing'?"},
    {"seed: 3", "sed: 3", "s.yaml:2:46: run: unknown key 'sed', did you mean 'seed'?"},
    {"routing: nearest", "routing: nearst",
     "s.yaml:24:10: routing: unknown policy 'nearst', did you mean 'nearest'?"},
    {"routing: nearest", "routing: {policy: closest}",
     "s.yaml:24:19: routing.policy: unknown policy 'closest'"},
    {"policy: order_up_to", "policy: order_upto",
     "s.yaml:25:20: stocking.policy: unknown policy 'order_upto', did you mean 'order_up_to'?"},
    {"policy: none", "policy: coupons",
     "s.yaml:26:21: promotion.policy: unknown policy 'coupons', did you mean 'coupon'?"},
    {"kind: app,", "kind: ap,",
     "s.yaml:15:15: channels.app.kind: unknown kind 'ap', did you mean 'app'?"},
    {"mode: pickup", "mode: pick_up",
     "s.yaml:15:26: channels.app.mode: unknown mode 'pick_up', did you mean 'pickup'?"},
    {"mode: pickup", "mode: take_away",
     "s.yaml:15:3: app: a channel of kind app has no mode 'take_away'"},
    {"lon: 112.5}\n  - {id: depot", "lon: 112.5, shelf_slots: -1}\n  - {id: depot",
     "s.yaml:5:65: places[0].shelf_slots: expected 0 to 1000000000, found '-1'"},
    {"promise: 30min", "hold: -1h", "s.yaml:15:53: channels.app.hold: expected a duration"},
    {"promise: 30min", "no_show: 5%", "s.yaml:15:3: app: goods that nobody fetches need a hold"},
    {"promise: 30min", "batch: {orders: 3}", "s.yaml:15:3: app: only couriers take orders in"},
    {"promise: 30min", "cutoff: 16:00", "s.yaml:15:3: app: a cut-off is a carrier's"},
    {"mode: pickup", "mode: locker",
     "s.yaml:15:3: no place can serve channel 'app': there is no locker"},
    {"id: depot, kind: warehouse", "id: depot, kind: locker", "s.yaml:6:10: depot: a locker needs"},
    {"servers: 1,", "shifts: {at: [{from: 0h, servers: 1}, {from: 0h, servers: 2}]},",
     "s.yaml:12:66: shifts stand in the order of time and do not overlap"},
    {"servers: 1,", "shifts: {at: [{from: 1h, servers: 1}]},",
     "s.yaml:12:42: the first shift begins at 0h"},
    {"servers: 1,", "shifts: {period: 8h, at: [{from: 0h, servers: 1}, {from: 9h, servers: 2}]},",
     "s.yaml:12:78: a shift begins within the period"},
    {"servers: 1,", "shifts: {at: [{from: 0h, servers: 0}]},",
     "s.yaml:12:34: no shift has a server"},
    {"servers: 1,", "servers: 1, shifts: {at: [{from: 0h, servers: 1}]},",
     "s.yaml:12:9: the servers are counted in 'shifts'"},
    {"servers: 1,", "", "s.yaml:12:9: give the servers: servers or shifts"},
    {"till: {at: store,", "picker: {at: store, wave: 0s,",
     "s.yaml:12:29: stations.picker.wave: expected above 0"},
    {"radius: 3km", "radius: 3kg", "s.yaml:15:42: channels.app.radius: expected a distance"},
    {"promise: 30min", "promise: 30", "s.yaml:15:56: channels.app.promise: expected a duration"},
    {"price: 10.00", "price: -1", "s.yaml:3:25: skus[0].price: expected at least 0, found '-1'"},
    {"lat: 37.8, lon: 112.5}\n  - {id: depot", "lat: 95, lon: 112.5}\n  - {id: depot",
     "s.yaml:5:34: places[0].lat: expected -90 to 90, found '95'"},
    {"lon: 112.5, members: 10", "lon: 200, members: 10",
     "s.yaml:17:38: demand.zones[0].lon: expected -180 to 180, found '200'"},
    {"warm_up: 1d", "warm_up: soon", "s.yaml:2:25: run.warm_up: expected a duration"},
    {"replications: 2", "replications: 0",
     "s.yaml:2:43: run.replications: expected 1 to 100000, found '0'"},
    {"days: 7", "days: -7", "s.yaml:2:13: run.days: expected above 0"},
    {"members: 10", "members: ten", "s.yaml:17:54: demand.zones[0].members: expected a whole"},
    {"exponential(2d)", "exponentail(2d)", "s.yaml:10:40: lanes[1].lead_time: unknown law"},
    {"exponential(2d)", "\"uniform(3d, 2d)\"",
     "s.yaml:10:49: lanes[1].lead_time: uniform(low, high): low is above high"},
    {"[1, 1, 1, 1, 1, 2, 2]", "[1, 1, 1, 1, 1, 2]",
     "s.yaml:21:27: demand.segments.people.profile.weekdays: expected at least 7 items, found 6"},
    {"sync_lag: 15min", "sync_lag: 15 minutes",
     "s.yaml:27:44: integration.sync_lag: expected a duration"},
    {"sync_lag: 15min", "sync_lag: 4000d",
     "s.yaml:27:44: a lag of 96000 h is longer than the run, whose horizon is 168 h"},
    {"sync_lag: 15min", "prices: {sync: event, lag: 4000d}",
     "s.yaml:27:61: a lag of 96000 h is longer than the run, whose horizon is 168 h"},
    {"sync_lag: 15min", "sync: nightly",
     "s.yaml:27:40: a nightly sync needs its time of day: sync_at: 02:00"},
    {"sync_lag: 15min", "members: {sync: nightly}",
     "s.yaml:27:50: a nightly sync needs its time of day: at: 02:00"},
    {"sync_lag: 15min", "prices: {sync: periodic, at: 02:00}",
     "s.yaml:27:63: only a nightly sync has a time of day: sync: nightly"},
    {"sync_lag: 15min", "buffer: -1", "s.yaml:27:42: integration.buffer: expected 0 to 500000000"},
    {"sync_lag: 15min", "mismatch_leave: 120%",
     "s.yaml:27:50: integration.mismatch_leave: expected 0 to 1"},
    {"holding: 0.225", "holding: -1", "s.yaml:28:18: costs.holding: expected at least 0"},
    {"shortage: lost", "shortage: lots",
     "s.yaml:29:11: shortage: unknown shortage 'lots', did you mean 'lost'?"},
    {"  segments:\n    people:", "  segments:\n    people: 3\n    others:",
     "s.yaml:19:13: demand.segments.people: expected a mapping"},
    {"utility: {walk_in: 1, app: always}", "lines: 1",
     "s.yaml:23:7: key 'lines' stands here twice, first at s.yaml:22:7"},
    {"visits: 100/d", "visits: 100",
     "s.yaml:20:15: demand.segments.people.visits: expected a rate"},
    {"name: chain", "name: chain\ntime_unit: hour", "s.yaml:2:12: time_unit: "},
    {"name: chain", "name: chain\nname: chain", "s.yaml:2:1: "},
    {"name: chain", "name: [chain", "s.yaml:"},
    {"name: chain", "name:\tchain\n\tx: 1", "s.yaml:2:"},

    /* the run */
    {"days: 7, ", "", "s.yaml:2:6: run: give its length as days or duration"},
    {"days: 7", "days: 7, duration: 1w", "s.yaml:2:26: there is 'days' already: keep one"},
    {"warm_up: 1d", "warm_up: 7d", "s.yaml:2:25: the warm-up is not shorter than the run"},
    {"days: 7", "customers: 7",
     "s.yaml:2:18: only a bare station and queueing count their run in customers"},
    {"seed: 3", "seed: 3, memory_max: 4 apples",
     "s.yaml:2:67: expected a size of memory such as 512MiB or 4GiB, found '4 apples'"},
    {"seed: 3", "seed: 3, kpis: [salse]",
     "s.yaml:2:62: unknown KPI or group 'salse', did you mean 'sales'?"},
    {"name: chain", "geometry: {torus: 5km}", "s.yaml:1:19: only a plane can be a torus"},
    {"name: chain", "geometry: plane", "s.yaml:5:34: 'lat' has no meaning on a plane"},

    /* products */
    {"id: rice", "id: tea", "s.yaml:3:50: there is a product 'tea' already, at s.yaml:3:13"},
    {SKUS, "[]", "s.yaml:3:7: there are no products"},
    {SKUS, "{file: no.csv}", "s.yaml:3:14: there is no file 'no.csv'"},
    {SKUS, "{file: stores.csv}", "s.yaml:3:14: unknown column of stores.csv 'price'"},
    {SKUS, "{where: x == 1}", "s.yaml:3:7: skus: give a list of products, or one of file and"},
    {"cost: 6.00}", "cost: 6.00, shelf_life: 36h}", "s.yaml:3:56: a shelf life is a number of"},
    {SKUS, "{generate: {count: 9, price: poisson(3), cost_share: 50%}}",
     "s.yaml:3:36: prices do not spread by a law 'poisson'"},
    {SKUS, "{generate: {count: 9, price: 3, cost_share: 50%, popularity: 'zipf(1, -2)'}}",
     "s.yaml:3:68: expected uniform, zipf(s)"},
    {SKUS, "{generate: {count: 9, price: 3, cost_share: 50%, popularity: zipf(x)}}",
     "s.yaml:3:68: expected uniform, zipf(s)"},
    {SKUS, "{generate: {count: 9, price: 3, cost_share: 150%}}",
     "s.yaml:3:51: skus.generate.cost_share: expected 0 to 1, found '150%'"},

    /* places */
    {"id: depot", "id: shop", "s.yaml:6:10: there is a place 'shop' already, at s.yaml:5:10"},
    {"places:\n", "places: []\nquestion:\n", "s.yaml:"},
    {SHOP, "{kind: store, lat: 37.8, lon: 112.5}", "s.yaml:5:5: a place needs an 'id'"},
    {SHOP, "{id: shop, lat: 37.8}", "s.yaml:5:5: 'lon' is missing"},
    {SHOP, "{id: shop, lat: 37.8, lon: 112, opens: 8:00}", "s.yaml:5:5: 'closes' is missing"},
    {SHOP, "{id: shop, lat: 37.8, lon: 112, stocks: 7}", "s.yaml:5:45: there are only 2 products"},
    {SHOP, "{id: shop, lat: 37.8, lon: 112, stocks: many}", "s.yaml:5:45: expected a number of"},
    {SHOP, "{id: shop, lat: 37.8, lon: 112, sells: [on_sight]}", "s.yaml:5:45: places[0].sells"},
    {SHOP, "{id: shop, lat: 37.8, lon: 112, opening: -5}", "s.yaml:5:46: places[0].opening: exp"},
    {SHOP, "{id: shop, lat: 37.8, lon: 112, where: a == b}", "s.yaml:5:44: 'where' does not go"},
    {SHOP, ROWS("id == f"), "stores.csv:7:8: bad number in column 'lon': "},
    {SHOP, ROWS("id == a"), "stores.csv:8:1: there is a place 'a' already, at stores.csv:2:1"},
    {SHOP, ROWS("id == h"), "stores.csv:9:3: bad number in column 'lat': 95 is not between"},
    {SHOP, ROWS("id == z"), "s.yaml:5:25: no row of the table fits"},
    {SHOP, ROWS("city == z"), "s.yaml:5:44: "},
    {SHOP, ROWS("id = a"), "s.yaml:5:4"},
    {SHOP, "{kind: store, file: stores.csv, columns: {lat: latt}}",
     "s.yaml:5:52: unknown column of stores.csv 'latt', did you mean 'lat'?"},
    {SHOP, "{kind: store, file: stores.csv, lat: 3}", "s.yaml:5:42: 'lat' does not go with 'file'"},
    {SHOP, "{kind: store, file: wide.csv}", "wide.csv:2"},
    {SHOP, "{kind: store, file: empty.csv}", "empty.csv"},
    {SHOP, MADE("{count: 3}"), "s.yaml:5:39: generate: 'by' is missing"},
    {SHOP, MADE("{on: grid, count: 3, spacing: 1km}"), "s.yaml:5:44: a grid needs a plane"},
    {SHOP, MADE("{count: 3, by: stores.csv, where: id < f, weight: siz}"),
     "s.yaml:5:89: unknown column of stores.csv 'siz', did you mean 'size'?"},
    {SHOP, MADE("{count: 3, by: stores.csv, spacing: 1km}"), "s.yaml:5:75: 'spacing' does not go"},

    /* lanes and stations */
    {"to: store", "to: stoer", "s.yaml:9:22: unknown place 'stoer', did you mean 'store'?"},
    {"to: depot", "to: nowhere", "s.yaml:10:22: unknown place 'nowhere'"},
    {"to: depot", "to: dark_store", "s.yaml:10:22: there is no place of kind 'dark_store'"},
    {"to: depot", "to: mill", "s.yaml:10:22: a place cannot supply itself"},
    {"from: mill, to: depot", "from: depot, to: mill", "s.yaml:10:23: a supplier has endless"},
    {"to: depot", "to: shop", "s.yaml:10:22: 'shop' is supplied by the lane at s.yaml:9:5"},
    {"servers: 1", "servers: -1", "s.yaml:12:30: expected a number of servers from 0 to"},
    {"till: {at: store", "till: {at: sotre", "s.yaml:12:14: unknown place 'sotre'"},

    /* channels, zones, segments */
    {"kind: store, lat: 37.8, lon: 112.5}", "kind: store, lat: 37.8, lon: 112.5, sells: on_site}",
     "s.yaml:15:3: no place can serve channel 'app': none sells pickup"},
    {"{walk_in: 1, app: always}", "{walk_in: 1, ap: always}",
     "s.yaml:23:29: unknown channel 'ap', did you mean 'app'?"},
    {"app: always", "app: often", "s.yaml:23:34: expected a utility from -1000 to 1000, or alw"},
    /* choices and reactions */
    {"geometric(1.5)", "1\n      nests: {online: {channels: [app, wlk_in], lambda: 0.5}}",
     "s.yaml:23:40: unknown channel 'wlk_in', did you mean 'walk_in'?"},
    {"geometric(1.5)", "1\n      nests: {online: {channels: app, lambda: 1.5}}",
     "s.yaml:23:47: demand.segments.people.nests.online.lambda: expected above 0, at most 1, "
     "found"},
    {"geometric(1.5)",
     "1\n      nests: {a: {channels: app, lambda: 0.5}, b: {channels: app, lambda: 1}}",
     "s.yaml:23:48: nest 'b' has a channel that another nest has too"},
    {"geometric(1.5)", "1\n      stockout: {substitute: 70%, backorder: 40%}",
     "s.yaml:23:17: the shares add up to 110%, and customers do one thing each"},
    {"geometric(1.5)", "1\n      switch: 10%\n      stockout: {switch: 20%}",
     "s.yaml:24:26: the segment has a 'switch' already: keep one"},
    {"geometric(1.5)", "1\n      balk: {}", "s.yaml:23:13: balk needs a queue or a wait"},
    {"radius: 3km", "slots: {length: 3h, from: 10:00, until: 12:00}",
     "s.yaml:15:3: app: no slot of that length fits"},
    {"kind: walk_in}", "kind: walk_in, slots: 2h}",
     "s.yaml:14:3: walk_in: goods that are taken away have no time slots"},
    {"lon: 112.5}\n  - {id: depot", "lon: 112.5, attraction: 0}\n  - {id: depot",
     "s.yaml:5:64: places[0].attraction: expected above 0"},
    {"[{id: town, lat: 37.8, lon: 112.5, members: 10}]", "[]", "s.yaml:17:10: there are no zones"},
    {"[{id: town, lat: 37.8, lon: 112.5, members: 10}]", "{one_per: shoop}",
     "s.yaml:17:20: unknown place 'shoop', did you mean 'shop'?"},
    {"members: 10}]", "members: 10}, {id: town, lat: 1, lon: 1}]",
     "s.yaml:17:64: there is a zone 'town' already, at s.yaml:17:16"},
    {"members: 10", "square: 1km", "s.yaml:17:53: a square zone needs a plane"},
    {"visits: 100/d", "visits: 100/d\n      visits_per_zone: 1/d",
     "s.yaml:19:5: give one of visits and visits_per_zone"},
    {"visits: 100/d", "assortment: 3\n      visits: 1/d", "s.yaml:20:19: there are only 2 produ"},
    {"[1, 1, 1, 1, 1, 2, 2]", "[0, 0, 0, 0, 0, 0, 0]",
     "s.yaml:21:16: all hours of the profile are 0"},
    {PROFILE, "profile: {file: stores.csv, columns: {day: id, hour: size, weight: size}}",
     "stores.csv:2:1: expected a weekday such as monday, or 0 for monday to 6, found 'a'"},
    {PROFILE, "profile: {file: day.csv}", "s.yaml:21:23: the table has 1 of the 168 hours"},
    {PROFILE, "profile: {period: 3h}", "s.yaml:21:16: a profile is flat, or has hours"},

    /* policies */
    {"review: 1d", "review: daily", "s.yaml:25:41: expected a duration"},
    {"review: 1d", "review: 0", "s.yaml:25:41: a review every 0 time"},
    {"holding: 0.225", "holding: 2e-3", "s.yaml:28:18: expected a plain number"},
    {"{policy: none}", "{policy: coupon, amount: 1, channels: [ap]}",
     "s.yaml:26:51: unknown channel 'ap', did you mean 'app'?"},
    {"{policy: none}", "{policy: coupon, amount: 1, from: 2d, until: 1d}",
     "s.yaml:26:57: the promotion ends before it begins"},
    {"{policy: none}", "{policy: coupon, amount: 1, budget: 0}",
     "s.yaml:26:48: promotion.budget: expected 1 to 4000000000, found '0'"},
    {"{policy: none}", "{policy: percent_off, budget: 5}",
     "s.yaml:26:12: promotion percent_off: only coupons have a budget"},
    {"{policy: none}", "[{policy: coupon, id: sunday}, {policy: coupon, id: sunday}]",
     "s.yaml:26:43: two promotions are called 'sunday'"},
    /* members */
    {"routing: nearest", "members: {consnt: 50%}\nrouting: nearest",
     "s.yaml:24:11: members: unknown key 'consnt', did you mean 'consent'?"},
    {"routing: nearest", "members: {recognition: {barcode: 60%, phone: 50%}}\nrouting: nearest",
     "s.yaml:24:10: members: the shares of recognition add up to 1.1, more than 1"},
    {"routing: nearest", "members: {bind: -5%}\nrouting: nearest",
     "s.yaml:24:17: members.bind: expected"},
    {"routing: nearest", "members: {growth: {p: -0.03}}\nrouting: nearest",
     "s.yaml:24:23: members.growth.p: expected 0 to 1000, found '-0.03'"},
    {"routing: nearest", "members: {lifetime: {r: 0, a: 1, b: 2}}\nrouting: nearest",
     "s.yaml:24:25: members.lifetime.r: expected 0.001 to 1000000, found '0'"},
    {"routing: nearest", "members: {lifetime: {r: 0.5, a: 1}}\nrouting: nearest",
     "s.yaml:24:21: a and b are the two parameters of one law: give both or none"},
    {"routing: nearest", "members: {register: {channels: {ap: 10%}}}\nrouting: nearest",
     "s.yaml:24:37: unknown channel 'ap', did you mean 'app'?"},
    {"routing: nearest", "members: {points: {earn: -1}}\nrouting: nearest",
     "s.yaml:24:26: members.points.earn: expected 0 to 1000000, found '-1'"},

    /* points and calibration */
    {"default: true", "default: maybe", "s.yaml:32:18: default: expected true or false"},
    {"label: Silo", "default: yes", "s.yaml:32:18: there is a default point already, at s.yaml:31"},
    {"label: Silo", "label: Silo, rule: 1", "s.yaml:31:23: unknown key 'rule'"},
    {"label: Silo", "name: Silo", "s.yaml:31:10: 'name' belongs to the scenario, not to a point"},
    {"label: Silo", "run: {seed: 4}", "s.yaml:31:16: run.seed is the same for all points"},
    {"{inventory: siloed}", "{inventory: silod}", "s.yaml:31:48: integration.inventory: unknown"},
    {"role: predicted", "role: guess", "s.yaml:32:30: role: unknown role 'guess'"},
    {"orders.app,", "ordres.app,", "s.yaml:34:45: unknown KPI 'ordres', did you mean 'orders'?"},
    {"orders.app,", "orders.web,", "s.yaml:34:45: there is no channel 'web'"},
    {"scale: per_year", "scale: per_day", "s.yaml:34:64: calibration[0].scale: unknown scale"},
    {"  silo: {label: Silo, integration: {inventory: siloed}}", "  silo: silo",
     "s.yaml:31:9: points.silo: expected a mapping, found a text"},

    /* a bare station */
    {"name: chain", "station: {arrival_rate: 1/h, service_rate: 2/h}",
     "s.yaml:3:7: a bare station has no skus"},
};

static void assert_first_line(const char *path, const char *const *sets, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) s = scenario_read(path, sets, &error);

    ck_assert_msg(s == NULL, "no error, but expected %s", expected);
    ck_assert(error->domain == OMO_SHELL_ERROR);
    ck_assert_msg(g_str_has_prefix(error->message, expected), "expected %s\n   found %s", expected,
                  error->message);
}

START_TEST(test_mistakes)
{
    g_autofree char *text = fixture_replace(fixture_chain, mistakes[_i].from, mistakes[_i].to);

    fixture_write("s.yaml", text);
    fixture_write("stores.csv", stores_csv);
    fixture_write("wide.csv", "id,lat,lon\na,1\n");
    fixture_write("empty.csv", "");
    fixture_write("day.csv", "day,hour,weight\nMonday,0,1\n");
    assert_first_line("s.yaml", NULL, mistakes[_i].expected);
}
END_TEST

static const struct {
    const char *set, *expected;
} bad_sets[] = {
    {"places.shop.lat=95", "--set:1:17: places[0].lat: expected -90 to 90, found '95'"},
    {"places.shp.lat=5", "--set:1:8: no item 'shp' in a list of 3, did you mean 'shop'?"},
    {"routing=closest", "--set:1:9: routing: unknown policy 'closest'"},
    {"runn.seed=1", "--set:1:1: unknown key 'runn', did you mean 'run'?"},
    {"stations.till.servers=-2", "--set:1:23: expected a number of servers"},
    {"run.seed", "--set: expected path=value"},
    {"run.seed=", "--set:1:10: no value for 'run.seed'"},
    {"points.omo.default=perhaps", "--set:1:20: default: expected true or false"},
};

START_TEST(test_bad_sets)
{
    const char *const sets[] = {bad_sets[_i].set, NULL};

    fixture_write("s.yaml", fixture_chain);
    assert_first_line("s.yaml", sets, bad_sets[_i].expected);
}
END_TEST

START_TEST(test_missing_blocks)
{
    fixture_write("s.yaml", "name: x\nrun: {days: 1}\n");
    assert_first_line("s.yaml", NULL,
                      "s.yaml:1:1: there is no block 'skus'\n"
                      "s.yaml:1:1: there is no block 'places'\n");
    fixture_write("s.yaml", "run: {days: 1}\nstation: {arrival_rate: 1/h}\n");
    assert_first_line("s.yaml", NULL, "s.yaml:2:10: give the service time");
    fixture_write("s.yaml", "run: {days: 1}\n"
                            "station: {arrival_rate: 1/h, service: 1h, service_rate: 1/h}\n");
    assert_first_line("s.yaml", NULL, "s.yaml:2:57: there is 'service' already: keep one");
    fixture_write("s.yaml", "run: {days: 1}\n"
                            "station: {arrival_rate: 1/h, service: 1h, servers: none}\n");
    assert_first_line("s.yaml", NULL, "s.yaml:2:52: expected a number of servers");
}
END_TEST

START_TEST(test_strange_files)
{
    int sparse;

    assert_first_line("none.yaml", NULL, "none.yaml: cannot be read: No such file");
    assert_first_line(".", NULL, ".: cannot be read: it is a directory");
    fixture_write("empty.yaml", "");
    assert_first_line("empty.yaml", NULL, "empty.yaml:1:1: ");
    ck_assert(g_file_set_contents("binary.yaml",
                                  "\x7f"
                                  "ELF\x02\x01\x00\xff\xfe\x00",
                                  10, NULL));
    assert_first_line("binary.yaml", NULL, "binary.yaml:1:");
    sparse = open("sparse.yaml", O_CREAT | O_WRONLY, 0600);
    ck_assert(sparse >= 0 && ftruncate(sparse, (off_t)2 << 30) == 0 && close(sparse) == 0);
    assert_first_line("sparse.yaml", NULL, "sparse.yaml: cannot be read: it is larger than");
    fixture_write("s.yaml", "include: t.yaml\n");
    fixture_write("t.yaml", "name: t\ninclude: [s.yaml]\n");
    assert_first_line("s.yaml", NULL, "t.yaml:2:11: cyclic include: ");
    fixture_write("s.yaml", "include: u.yaml\n");
    assert_first_line("s.yaml", NULL, "s.yaml:1:10: cannot include 'u.yaml'");
    fixture_write("s.yaml", "- a\n- b\n");
    assert_first_line("s.yaml", NULL, "s.yaml:1:1: expected a mapping at the top");
}
END_TEST

START_TEST(test_sparse_table)
{
    g_autofree char *text = fixture_replace(fixture_chain, SHOP, "{kind: store, file: sparse.csv}");
    int sparse = open("sparse.csv", O_CREAT | O_WRONLY, 0600);

    ck_assert(sparse >= 0 && ftruncate(sparse, (off_t)2 << 30) == 0 && close(sparse) == 0);
    fixture_write("s.yaml", text);
    assert_first_line("s.yaml", NULL, "sparse.csv:1:");
}
END_TEST

/* Members against the population and its visits. */
static const struct {
    const char *members, *zones, *expected;
} unfit_members[] = {
    {"{growth: {start: 0, q: 0.4}}", "10", "s.yaml:24:10: members: by imitation alone (growth.q)"},
    {"{retention: {stay: 70%}, register: 10%}", "10",
     "s.yaml:24:10: members: retention is for those who are there at the start"},
    {"{lifetime: {r: 0.5, alpha: 1h}}", "10",
     "s.yaml:17:16: town: its 10 members visit 15 times a day as the segments have it, but 120"},
    {"{points: {earn: 1}}", "0", "s.yaml:24:10: members: the zones have 0 members"},
};

START_TEST(test_unfit_members)
{
    g_autofree char *block =
        g_strdup_printf("members: %s\nrouting: nearest", unfit_members[_i].members);
    g_autofree char *zones = g_strdup_printf("members: %s}", unfit_members[_i].zones);
    g_autofree char *with = fixture_replace(fixture_chain, "routing: nearest", block);
    g_autofree char *text = fixture_replace(with, "members: 10}", zones);
    const char *const sets[] = {"demand.segments.people.member_share=50%",
                                "demand.segments.people.visits=30/d", NULL};
    g_autoptr(GError) error = NULL;

    fixture_write("s.yaml", text);
    g_autoptr(Scenario) s = scenario_read("s.yaml", sets, &error);
    ck_assert_msg(s != NULL, "%s", s == NULL ? error->message : "");
    omo_model *m = scenario_build(s, 0, &error);
    ck_assert_ptr_null(m);
    ck_assert_msg(g_str_has_prefix(error->message, unfit_members[_i].expected),
                  "expected %s\n   found %s", unfit_members[_i].expected, error->message);
}
END_TEST

/* What the library finds when it seals is placed at the object that it names. */
START_TEST(test_sealing)
{
    const char *const sets[] = {"demand.segments.people.visits=50000000/d", NULL};
    g_autoptr(GError) error = NULL;

    fixture_write("s.yaml", fixture_chain);
    g_autoptr(Scenario) s = scenario_read("s.yaml", sets, &error);
    ck_assert_ptr_nonnull(s);
    ck_assert_ptr_null(scenario_build(s, 0, &error));
    ck_assert_msg(g_str_has_prefix(error->message, "s.yaml:19:5: people: more than"), "%s",
                  error->message);
}
END_TEST

START_TEST(test_many_at_once)
{
    g_autoptr(GString) text = g_string_new("lanes:\n");
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) lines = NULL;

    for (int i = 0; i < 30; i++)
        g_string_append_printf(text, "  - {form: a, to: b%d, lead_time: 1d}\n", i);
    fixture_write("s.yaml", text->str);
    ck_assert_ptr_null(scenario_read("s.yaml", NULL, &error));
    lines = g_strsplit(error->message, "\n", -1);
    ck_assert_uint_eq(g_strv_length(lines), 21);
    ck_assert_str_eq(lines[20], "more errors follow; the first 20 are shown");
}
END_TEST

static const struct {
    const char *vary, *expected;
} bad_varies[] = {
    {"routing", "--vary: expected path=value,value,..."},
    {"routing=", "--vary: a value is empty"},
    {"routing=nearest,nearest", "--vary: a value stands there twice"},
    {"routing=nearest,closest", "--vary: routing: unknown policy 'closest'"},
    {"run.seed=1,2", "--vary: run.seed is the same for all points"},
    {"points.omo.label=a,b", "--vary: points cannot vary points"},
    {"stocking.safety_factor=3:0:1", "--vary: expected a range low:high:step with low <= high"},
    {"stocking.safety_factor=0:9:0", "--vary: expected a range low:high:step with low <= high"},
    {"stocking.safety_factor=0:9:0.0001", "--vary: expected a range of at most 10000 values"},
};

START_TEST(test_bad_varies)
{
    const char *const varies[] = {bad_varies[_i].vary, NULL};
    g_autoptr(GError) error = NULL;

    fixture_write("s.yaml", fixture_chain);
    g_autoptr(Scenario) s = scenario_read("s.yaml", NULL, &error);
    ck_assert_msg(s != NULL, "%s", error == NULL ? "" : error->message);
    ck_assert(!scenario_vary(s, NULL, varies, &error));
    ck_assert_msg(g_str_has_prefix(error->message, bad_varies[_i].expected), "%s", error->message);
    ck_assert_uint_eq(scenario_point_count(s), 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario_bad_input");
    TCase *tests = tcase_create("bad_input");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tests, fixture_enter, fixture_leave);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_mistakes, 0, G_N_ELEMENTS(mistakes));
    tcase_add_loop_test(tests, test_bad_sets, 0, G_N_ELEMENTS(bad_sets));
    tcase_add_loop_test(tests, test_bad_varies, 0, G_N_ELEMENTS(bad_varies));
    tcase_add_test(tests, test_missing_blocks);
    tcase_add_test(tests, test_strange_files);
    tcase_add_test(tests, test_sparse_table);
    tcase_add_test(tests, test_sealing);
    tcase_add_loop_test(tests, test_unfit_members, 0, G_N_ELEMENTS(unfit_members));
    tcase_add_test(tests, test_many_at_once);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
