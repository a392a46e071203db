/* The block `traffic`: schema and reader.
 *
 * A simulated visit is one moment with a basket. What a service sees of it besides (pages looked
 * at, searches, enquiries, second thoughts) is told here, for plans of traffic alone: no world
 * reads it, so it can move no digest.
 */
#include "scenario/private.h"

const struct schema_key schema_traffic_keys[] = {
    {"browse_per_line", SCHEMA_NUMBER, .fallback = "1.5", .at_least = "0", .at_most = "50",
     .help = "product pages looked at for each line that is not scanned, its own page last"},
    {"scan_share", SCHEMA_SHARE, .fallback = "5%",
     .help = "lines whose product is found by the QR code on a shelf"},
    {"search_share", SCHEMA_SHARE, .fallback = "40%", .help = "of the others, those searched for"},
    {"check_stock_share", SCHEMA_SHARE, .fallback = "20%",
     .help = "lines whose stock is asked for before they go into the cart"},
    {"points_share", SCHEMA_SHARE, .fallback = "10%", .help = "visits that ask for points"},
    {"coupons_share", SCHEMA_SHARE, .fallback = "15%",
     .help = "visits that ask for coupons, besides those that claim one"},
    {"just_looking_share", SCHEMA_SHARE, .fallback = "100%",
     .help = "of online visits that end with nothing, those that leave traffic"},
    {"think", SCHEMA_TIME_LAW, .fallback = "lognormal(20s, 0.8)",
     .help = "time between the steps of a visit, which is cut to 30min in all"},
    {"pay", SCHEMA_TIME_LAW, .fallback = "lognormal(8s, 0.5)",
     .help = "time from check-out to payment"},
    {"double_tap_share", SCHEMA_SHARE, .fallback = "0%",
     .help = "orders whose customer taps twice: checked out again 0.2s to 1s later"},
    {"points_after_share", SCHEMA_SHARE, .fallback = "0%",
     .help = "orders whose customer asks for the points soon after paying"},
    {"rush_at", SCHEMA_TIME_OF_DAY,
     .help = "a sale begins: who is ready to check out in the `rush_hold` before it waits for it; "
             "default: none"},
    {"rush_hold", SCHEMA_DURATION, .fallback = "30s", .at_least = "1us", .at_most = "10min",
     .help = "how early somebody may be ready and still wait for `rush_at`"},
    {"rush_reaction", SCHEMA_TIME_LAW, .fallback = "lognormal(0.5s, 0.5)",
     .help = "time from `rush_at` until one of them goes on, cut to 10min"},
    {"notice", SCHEMA_DURATION, .fallback = "5s", .at_most = "1d",
     .help = "from payment until clerks can have heard of an order"},
    {"cancel_share", SCHEMA_SHARE, .fallback = "1%",
     .help = "paid orders taken back; exercises a service, the simulated result stays the same"},
    {"cancel_after", SCHEMA_TIME_LAW, .fallback = "exponential(2min)",
     .help = "time from payment to that, cut to 30min"},
    {"return_share", SCHEMA_SHARE, .fallback = "2%",
     .help = "parts brought back, where there is no block `returns`; the simulated result stays the same"},
    {"return_after", SCHEMA_TIME_LAW, .fallback = "exponential(3h)",
     .help = "time from hand-over to that"},
    {"accounts", SCHEMA_WHOLE, .fallback = "1000", .at_least = "1", .at_most = "1000000000",
     .help = "of each segment in each zone, for online customers who are no members"},
    SCHEMA_END,
};

static uint32_t traffic_share(struct schema_value traffic, const char *name)
{
    return (uint32_t)schema_get_share_ppm(traffic, name);
}

gboolean scenario_traffic(const Scenario *s, uint32_t point, struct scenario_traffic *ret_traffic,
                          GError **ret_error)
{
    g_assert(point < s->points->len);
    g_autoptr(GPtrArray) list = diagnostic_list_new();
    g_autoptr(Node) tree = scenario_tree(s, g_ptr_array_index(s->points, point), ret_error);

    if (tree == NULL)
        return FALSE;
    struct schema_value top = schema_root(&schema_scenario, tree, build_time_unit_us(tree, list));
    struct schema_value traffic = schema_get(top, "traffic");
    if (!schema_check(traffic, list))
        return diagnostic_list_finish(list, ret_error);
    *ret_traffic = (struct scenario_traffic){
        .browse_ppm = (uint32_t)(schema_get_number(traffic, "browse_per_line") * OMO_PPM + 0.5),
        .search_ppm = traffic_share(traffic, "search_share"),
        .scan_ppm = traffic_share(traffic, "scan_share"),
        .check_stock_ppm = traffic_share(traffic, "check_stock_share"),
        .points_ppm = traffic_share(traffic, "points_share"),
        .coupons_ppm = traffic_share(traffic, "coupons_share"),
        .looking_ppm = traffic_share(traffic, "just_looking_share"),
        .cancel_ppm = traffic_share(traffic, "cancel_share"),
        .return_ppm = traffic_share(traffic, "return_share"),
        .double_tap_ppm = traffic_share(traffic, "double_tap_share"),
        .points_after_ppm = traffic_share(traffic, "points_after_share"),
        .rush_reaction = schema_get_law(traffic, "rush_reaction"),
        .accounts = (uint32_t)schema_get_whole(traffic, "accounts"),
        .think = schema_get_law(traffic, "think"),
        .pay = schema_get_law(traffic, "pay"),
        .cancel_after = schema_get_law(traffic, "cancel_after"),
        .notice_us = schema_get_duration_us(traffic, "notice"),
        .return_after = schema_get_law(traffic, "return_after"),
    };
    if (schema_has(traffic, "rush_at")) {
        ret_traffic->rush_at_us = schema_get_time_of_day_us(traffic, "rush_at");
        ret_traffic->rush_hold_us = schema_get_duration_us(traffic, "rush_hold");
    }
    return TRUE;
}
