/* `station`: a queue without goods, for textbook formulas.
 *
 * The library knows chains only, so a bare station is the smallest chain with a queue: one shop
 * that never closes, with a till, and customers who come for the till alone (empty_basket). Every
 * measure of a queue is then a measure of that till, and the code under test is the code that
 * serves the shops of a real chain.
 */
#include "scenario/build.h"

static bool build_station_service(struct build *b, struct schema_value station, omo_law *ret_law)
{
    bool rate = schema_has(station, "service_rate"), law = schema_has(station, "service");

    if (rate && law)
        diagnostic_add(b->list, schema_position(schema_get(station, "service_rate")),
                       "there is 'service' already: keep one");
    else if (!rate && !law)
        diagnostic_add(b->list, schema_position(station),
                       "give the service time: service_rate or service");
    if (rate == law)
        return false;
    if (law) {
        *ret_law = schema_get_law(station, "service");
        return true;
    }
    *ret_law = (omo_law){
        .kind = OMO_LAW_EXPONENTIAL,
        .a = (double)OMO_US_PER_DAY / schema_get_rate(station, "service_rate", OMO_US_PER_DAY),
    };
    return true;
}

static bool build_station_add_place(struct build *b, struct schema_value station,
                                    omo_error *ret_error)
{
    omo_place_options options = omo_place_defaults();
    omo_place place;

    options.id = "station";
    options.kind = OMO_PLACE_STORE;
    options.capabilities = OMO_SELLS_ON_SITE;
    options.opens_us = 0;
    options.closes_us = 0;
    options.assortment.index = OMO_UNLIMITED;
    if (!build_read_servers(b, schema_get(station, "servers"),
                            &options.station[OMO_ROLE_TILL].servers) ||
        !build_station_service(b, station, &options.station[OMO_ROLE_TILL].service))
        return true;
    if (options.station[OMO_ROLE_TILL].servers == 0) {
        diagnostic_add(b->list, schema_position(schema_get(station, "servers")),
                       "a station needs at least one server");
        return true;
    }
    return omo_model_add_place(b->model, &options, &place, ret_error) == OMO_OK;
}

static bool build_station_add_customers(struct build *b, struct schema_value station,
                                        omo_error *ret_error)
{
    struct schema_value profile = schema_get(station, "profile");
    omo_zone_options zone_options = omo_zone_defaults();
    omo_segment_options options = omo_segment_defaults();
    omo_channel_options channel_options = omo_channel_defaults("walk_in", NULL);
    omo_zone zone;
    omo_segment segment;
    omo_channel channel;

    zone_options.id = "here";
    zone_options.weight = 1;
    channel_options.id = "walk_in";
    channel_options.kind = "walk_in";
    options.id = "customers";
    options.visits_per_day = schema_get_rate(station, "arrival_rate", OMO_US_PER_DAY);
    options.empty_basket = true;
    if (schema_has(station, "patience"))
        options.patience = schema_get_law(station, "patience");
    if (schema_is_present(profile)) {
        options.profile = OMO_PROFILE_SINUSOID;
        options.amplitude = schema_get_number(profile, "amplitude");
        options.period_us = schema_get_duration_us(profile, "period");
    }
    return omo_model_add_zone(b->model, &zone_options, &zone, ret_error) == OMO_OK &&
           omo_model_add_channel(b->model, &channel_options, &channel, ret_error) == OMO_OK &&
           omo_model_add_segment(b->model, &options, &segment, ret_error) == OMO_OK &&
           omo_model_set_utility(b->model, segment, channel, OMO_UTILITY_ALWAYS, ret_error) ==
               OMO_OK;
}

void build_station(struct build *b)
{
    struct schema_value station = schema_get(b->top, "station");
    omo_error error = {0};

    if (!build_station_add_place(b, station, &error) ||
        !build_station_add_customers(b, station, &error))
        build_refused(b, schema_position(station), &error);
}
