/* `routing`, `stocking`, `promotion`, `costs`, `shortage`.
 *
 * Each starts from the library's defaults and changes what was written. A kind of place that has a
 * stocking block of its own starts from the common one.
 *
 * Textbooks charge 0.225 per unit and day: too fine for cents, and not a number that a double
 * holds. Such rates are read digit by digit into microcents (10^-8 of the currency unit) and
 * brought to a day in 128-bit integers.
 */
#include "scenario/build.h"

#include "shell/units.h"

#include <math.h>
#include <string.h>

__extension__ typedef __int128 build_wide;

#define BUILD_MICROCENT_DIGITS 8
#define BUILD_MICROCENTS_MAX (INT64_C(1) << 60)

/* ---- stocking -------------------------------------------------------------------------------- */

static void build_stocking_level(struct schema_value stocking, const char *key, int32_t *ret_level)
{
    if (schema_has(stocking, key))
        *ret_level = (int32_t)schema_get_whole(stocking, key);
}

static void build_stocking_review(struct build *b, struct schema_value stocking,
                                  omo_stocking_options *options)
{
    struct schema_value review = schema_get(stocking, "review");
    g_autoptr(GError) error = NULL;

    if (!schema_is_present(review))
        return;
    if (strcmp(schema_as_text(review), "continuous") == 0)
        options->review_us = 0;
    else if (!units_parse_duration_us(schema_as_text(review), b->time_unit_us, &options->review_us,
                                      &error))
        diagnostic_add(b->list, schema_position(review), "%s, or continuous", error->message);
    else if (options->review_us == 0)
        diagnostic_add(b->list, schema_position(review),
                       "a review every 0 time is 'review: continuous'");
}

/* Changes `options` as the block says. */
static void build_stocking_read(struct build *b, struct schema_value stocking,
                                omo_stocking_options *options)
{
    if (schema_has(stocking, "policy"))
        options->policy = schema_get_text(stocking, "policy");
    build_stocking_review(b, stocking, options);
    if (schema_has(stocking, "review_at"))
        options->review_at_us = schema_get_duration_us(stocking, "review_at");
    if (schema_has(stocking, "safety_factor"))
        options->safety_factor = schema_get_number(stocking, "safety_factor");
    build_stocking_level(stocking, "level", &options->level_high);
    build_stocking_level(stocking, "reorder_point", &options->level_low);
    build_stocking_level(stocking, "quantity", &options->quantity);
    build_stocking_level(stocking, "level_min", &options->level_min);
    build_stocking_level(stocking, "opening", &options->opening);
    if (schema_has(stocking, "opening_share"))
        options->opening_share_ppm = (uint32_t)schema_get_share_ppm(stocking, "opening_share");
}

static void build_stocking(struct build *b)
{
    static const omo_place_kind kinds[] = {OMO_PLACE_STORE, OMO_PLACE_DARK_STORE,
                                           OMO_PLACE_WAREHOUSE};
    struct schema_value stocking = schema_get(b->top, "stocking");
    omo_stocking_options common = omo_stocking_defaults();
    guint before = b->list->len;

    if (!schema_is_present(stocking))
        return;
    build_stocking_read(b, stocking, &common);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        struct schema_value own = schema_get(stocking, schema_place_kinds[kinds[i]]);
        omo_stocking_options options = common;
        omo_error error = {0};
        build_stocking_read(b, own, &options);
        if (b->list->len > before)
            return;
        if (omo_model_set_stocking(b->model, kinds[i], &options, &error) != OMO_OK) {
            build_refused(b, schema_position(schema_is_present(own) ? own : stocking), &error);
            return;
        }
    }
}

/* ---- promotion ------------------------------------------------------------------------------- */

static void build_promotion_channels(struct build *b, struct schema_value channels,
                                     uint32_t *ret_mask)
{
    for (uint32_t i = 0; i < schema_count(channels); i++) {
        struct schema_value name = schema_item(channels, i);
        int64_t found = build_channel_find(b, schema_as_text(name), schema_position(name));
        if (found >= 0)
            *ret_mask |=
                1u << g_array_index(b->channels, struct build_channel, found).channel.index;
    }
}

static void build_promotion(struct build *b, struct schema_value promotion)
{
    const char *kind = schema_get_text(promotion, "policy");
    omo_error error = {0};
    guint before = b->list->len;

    if (strcmp(kind, "none") == 0)
        return;
    omo_promotion_options options = omo_promotion_defaults(kind);
    options.kind = kind;
    if (schema_has(promotion, "share"))
        options.share_ppm = (uint32_t)schema_get_share_ppm(promotion, "share");
    if (schema_has(promotion, "amount"))
        options.amount_cents = schema_get_money_cents(promotion, "amount");
    if (schema_has(promotion, "threshold"))
        options.threshold_cents = schema_get_money_cents(promotion, "threshold");
    if (schema_has(promotion, "claim"))
        options.claim_ppm = (uint32_t)schema_get_share_ppm(promotion, "claim");
    if (schema_has(promotion, "per_member"))
        options.per_member = (uint32_t)schema_get_whole(promotion, "per_member");
    if (schema_has(promotion, "budget"))
        options.budget = (uint32_t)schema_get_whole(promotion, "budget");
    if (schema_has(promotion, "id"))
        options.id = schema_get_text(promotion, "id");
    if (schema_has(promotion, "home"))
        options.home = (omo_home)schema_get_enum(promotion, "home");
    if (schema_has(promotion, "from"))
        options.from_us = schema_get_duration_us(promotion, "from");
    if (schema_has(promotion, "until"))
        options.until_us = schema_get_duration_us(promotion, "until");
    if (schema_has(promotion, "until") && options.until_us <= options.from_us)
        diagnostic_add(b->list, schema_position(schema_get(promotion, "until")),
                       "the promotion ends before it begins");
    build_promotion_channels(b, schema_get(promotion, "channels"), &options.channel_mask);
    if (b->list->len == before && omo_model_add_promotion(b->model, &options, &error) != OMO_OK)
        build_refused(b, schema_position(promotion), &error);
}

/* ---- costs ----------------------------------------------------------------------------------- */

/* Digits "0.225" as microcents, exactly; FALSE when there are more decimals or it is too large. */
static bool build_costs_microcents(const char *text, build_wide *ret_microcents)
{
    build_wide value = 0;
    int decimals = -1;

    for (; *text != '\0' && value < BUILD_MICROCENTS_MAX; text++) {
        if (*text == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (!g_ascii_isdigit(*text) || decimals == BUILD_MICROCENT_DIGITS)
            return false;
        value = value * 10 + (*text - '0');
        decimals += decimals >= 0;
    }
    for (int i = MAX(decimals, 0); i < BUILD_MICROCENT_DIGITS; i++)
        value *= 10;
    *ret_microcents = value;
    return true;
}

/* A cost rate in microcents per day, or per review period. */
static void build_costs_rate(struct build *b, struct schema_value value, bool per_period,
                             int64_t *ret_microcents)
{
    int64_t unit_us = b->time_unit_us > 0 ? b->time_unit_us : OMO_US_PER_DAY;
    build_wide microcents = 0;

    if (!schema_is_present(value))
        return;
    bool exact = build_costs_microcents(node_text(schema_node(value)), &microcents);
    if (exact && !per_period)
        microcents = (microcents * OMO_US_PER_DAY + unit_us / 2) / unit_us;
    if (!exact || microcents > BUILD_MICROCENTS_MAX)
        diagnostic_add(b->list, schema_position(value),
                       "expected a plain number with at most %d decimals, found '%s'",
                       BUILD_MICROCENT_DIGITS, node_text(schema_node(value)));
    else
        *ret_microcents = (int64_t)microcents;
}

static void build_costs(struct build *b)
{
    struct schema_value costs = schema_get(b->top, "costs");
    omo_cost_options options = omo_cost_defaults();
    omo_error error = {0};

    options.per_period = schema_get_enum(costs, "charge") == 1;
    build_costs_rate(b, schema_get(costs, "holding"), options.per_period,
                     &options.holding_microcents);
    build_costs_rate(b, schema_get(costs, "backorder"), options.per_period,
                     &options.backorder_microcents);
    if (schema_has(costs, "holding_value"))
        options.holding_value_ppm = (uint32_t)schema_get_share_ppm(costs, "holding_value");
    if (schema_has(costs, "lost"))
        options.lost_cents = schema_get_money_cents(costs, "lost");
    if (schema_has(costs, "oversold"))
        options.oversold_cents = schema_get_money_cents(costs, "oversold");
    if (schema_has(costs, "late"))
        options.late_cents = schema_get_money_cents(costs, "late");
    if (omo_model_set_costs(b->model, &options, &error) != OMO_OK)
        build_refused(b, schema_position(costs), &error);
}

void build_policies(struct build *b)
{
    struct schema_value promotions = schema_get(b->top, "promotion");
    struct schema_value routing = schema_get(b->top, "routing");
    omo_error error = {0};

    if (schema_is_present(routing) &&
        omo_model_set_routing(b->model, schema_get_text(routing, "policy"), &error) != OMO_OK)
        build_refused(b, schema_position(routing), &error);
    build_stocking(b);
    if (schema_count(promotions) > OMO_PROMOTIONS_MAX)
        diagnostic_add(b->list, schema_position(promotions), "there are at most %d promotions",
                       OMO_PROMOTIONS_MAX);
    for (uint32_t i = 0; i < schema_count(promotions); i++)
        build_promotion(b, schema_item(promotions, i));
    build_integration(b);
    build_costs(b);
    if (omo_model_set_shortage(b->model, (omo_shortage_kind)schema_get_enum(b->top, "shortage"),
                               &error) != OMO_OK)
        build_refused(b, schema_position(schema_get(b->top, "shortage")), &error);
}
