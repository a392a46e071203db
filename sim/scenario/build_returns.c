/* `returns`.
 *
 * The block's rate is what each product starts from, so it is read with the products, before the
 * rest: the library knows rates of products and of channels only.
 */
#include "scenario/build.h"

#include <omosim/returns.h>

uint32_t build_returns_rate_ppm(const struct build *b)
{
    struct schema_value returns = schema_get(b->top, "returns");

    return schema_is_present(returns) ? (uint32_t)schema_get_share_ppm(returns, "rate") : 0;
}

void build_returns(struct build *b)
{
    struct schema_value returns = schema_get(b->top, "returns");
    omo_returns_options o = omo_returns_defaults();
    omo_error error = {0};

    if (!schema_is_present(returns))
        return;
    if (schema_has(returns, "to"))
        o.to = (omo_return_to)schema_get_enum(returns, "to");
    if (schema_has(returns, "delay"))
        o.delay = schema_get_law(returns, "delay");
    if (schema_has(returns, "travel"))
        o.travel = schema_get_law(returns, "travel");
    if (schema_has(returns, "inspect"))
        o.inspect = schema_get_law(returns, "inspect");
    if (schema_has(returns, "restock"))
        o.restock_ppm = (uint32_t)schema_get_share_ppm(returns, "restock");
    if (schema_has(returns, "handling"))
        o.handling_cents = schema_get_money_cents(returns, "handling");
    if (schema_has(returns, "parcel"))
        o.parcel_cents = schema_get_money_cents(returns, "parcel");
    build_remember(b, "returns", schema_position(returns));
    if (omo_model_set_returns(b->model, &o, &error) != OMO_OK)
        build_refused(b, schema_position(returns), &error);
}
