/* How a live service is given a scenario's places, SKUs, stock, coupons and members: the section
 * `seed` of an API map.
 *
 *     tables: {variants: {}}      filled by `keep` below, looked up by later requests and by a replay
 *     seed:
 *       headers: {Authorization: "Bearer {{admin}}"}       of all requests of this section
 *       begin:                    sent once, first: a log-in of the staff, what all else refers to
 *         - {method: POST, path: /admin/sessions, body: '{"password": "{{env.SHOP_PASSWORD}}"}',
 *            capture: {admin: {json: /token}}}
 *       place:                    sent for each place, then for each SKU, position, coupon, member
 *         - {method: POST, path: /places, body: '{"name": "{{place}}", "lat": {{lat}}}'}
 *       sku:
 *         - method: POST
 *           path: /variants
 *           body: '{"sku": "{{sku}}", "price": {{price}}}'
 *           capture: {variant: {json: /id}}
 *           keep: {variants: {key: "{{sku}}", value: "{{variant}}"}}
 *       position:
 *         - {method: PUT, path: "/variants/{{sku|variants}}/stock/{{place}}", body: "{{stock}}"}
 *       coupon:
 *         - {method: POST, path: /coupons, body: '{"code": "{{coupon}}", "limit": {{budget}}}'}
 *         - {each: place, method: PUT, path: "/coupons/{{coupon}}/places/{{place}}"}
 *       member: ...
 *       end: ...                  sent once, last
 *
 * A request is one of the steps without what belongs to a journey (does, tells, retry, takes ...).
 * Templates name the values below, what requests before captured, and {{env.NAME}}. An answer that is
 * not expected, or fails a check, ends the seeding; by `refused_if` it says "there already".
 */
#ifndef TRAFFIC_API_SEED_H
#define TRAFFIC_API_SEED_H

#include "traffic/api.h"

#include <jansson.h>

enum api_seed_stage {
    API_SEED_BEGIN,
    API_SEED_PLACE,
    API_SEED_SKU,
    API_SEED_POSITION, /* a SKU at a place that stocks it */
    API_SEED_COUPON,
    API_SEED_MEMBER,
    API_SEED_END,
    API_SEED_STAGE_COUNT
};

/* VALUE(NAME, help): what templates of the section may name. */
#define API_SEED_VALUES(VALUE)                                                                     \
    VALUE(place, "name of the place")                                                              \
    VALUE(place_kind, "store, dark_store or warehouse")                                            \
    VALUE(lat, "its latitude, degrees")                                                            \
    VALUE(lon, "its longitude, degrees")                                                           \
    VALUE(sku, "name of the SKU")                                                                  \
    VALUE(price, "its price, cents")                                                               \
    VALUE(price_decimal, "its price as 12.50")                                                     \
    VALUE(stock, "units that a position opens with")                                               \
    VALUE(coupon, "name of the coupon")                                                            \
    VALUE(amount, "cents that it takes off")                                                       \
    VALUE(threshold, "cents that the cart must be worth")                                          \
    VALUE(budget, "how often it may be redeemed in all; null = no limit")                          \
    VALUE(per_member, "how often by one member")                                                   \
    VALUE(member, "number of the member, as plans have it")                                        \
    VALUE(number, "of the place, SKU, position, coupon or member, from 1 on")

enum api_seed_value {
#define VALUE(name, help) API_SEED_VALUE_##name,
    API_SEED_VALUES(VALUE)
#undef VALUE
        API_SEED_VALUE_COUNT
};
/* For `omosim list values`; NULL past the end. */
const char *api_seed_value_name(uint32_t value);
const char *api_seed_value_help(uint32_t value);

/* Whether the map has the section. */
bool api_has_seed(const ApiMap *map);
uint32_t api_seed_request_count(const ApiMap *map, enum api_seed_stage stage);
/* What request `i` of a stage is sent for besides: `each`; API_SEED_BEGIN = once. */
enum api_seed_stage api_seed_each(const ApiMap *map, enum api_seed_stage stage, uint32_t i);

/* State of one seeding: values, what was captured, memory for messages. While it lives, nobody else
 * uses the map, whose tables it fills. One thread. */
typedef struct api_seeding ApiSeeding;
/* BAD_INPUT when the map has no `seed`; CANNOT_RUN, naming the place, when an {{env.NAME}} in it is
 * not set. Borrows the map. */
ApiSeeding *api_seeding_new(ApiMap *map, GError **ret_error);
void api_seeding_free(ApiSeeding *seeding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApiSeeding, api_seeding_free)

/* Sets a value; the text is copied. */
void api_seeding_set(ApiSeeding *seeding, enum api_seed_value value, const char *text);
void api_seeding_set_number(ApiSeeding *seeding, enum api_seed_value value, int64_t number);
/* Fills in a request; borrowed until the next call. CANNOT_RUN "api.yaml:40:9: {{variant}} is not
 * known". */
gboolean api_seeding_message(ApiSeeding *seeding, enum api_seed_stage stage, uint32_t i,
                             struct api_message *ret_message, GError **ret_error);
/* Judges its answer, takes what it captures and keeps. CANNOT_RUN "api.yaml:40:9: POST /variants for
 * SKU sku_0004 answered 409: {...}". */
gboolean api_seeding_answer(ApiSeeding *seeding, enum api_seed_stage stage, uint32_t i,
                            const struct api_reply *reply, GError **ret_error);
/* What was kept: {TABLE: {KEY: VALUE}}. The caller's. */
json_t *api_seeding_tables(const ApiSeeding *seeding);

#endif
