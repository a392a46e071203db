/* The model says what there is; a world that has not run yet says what each shelf opens with (drawn
 * by keys, so it is the stock that the simulated day began with). Members are numbered from 1, as
 * plans name them. Promotions that no customer has to ask for are prices to the simulation and
 * nothing to a back end: only coupons are seeded.
 */
#include "cli/backend_seed.h"

#include "cli/study.h"
#include "shell/diagnostic.h"

#include <omosim/world.h>
#include <string.h>

char *backend_seed_name(const Scenario *scenario, uint32_t point)
{
    return g_strdup_printf("%s, point %s, %.12s", scenario_name(scenario),
                           scenario_point(scenario, point)->name, scenario_hash(scenario));
}

static gboolean seed_places(Backend *backend, const omo_model *model, GError **ret_error)
{
    static const char *const kinds[] = {[OMO_PLACE_SUPPLIER] = "supplier",
                                        [OMO_PLACE_DARK_STORE] = "dark_store",
                                        [OMO_PLACE_WAREHOUSE] = "warehouse",
                                        [OMO_PLACE_STORE] = "store"};

    for (uint32_t i = 0; i < omo_model_place_count(model); i++) {
        if (omo_model_place_kind(model, i) == OMO_PLACE_LOCKER) /* no goods, no staff */
            continue;
        const uint32_t offers = omo_model_place_capabilities(model, i);
        struct backend_place place = {.id = omo_model_place_id(model, i),
                                      .kind = kinds[omo_model_place_kind(model, i)],
                                      .sells = (offers & OMO_SELLS_ON_SITE) != 0,
                                      .pickup = (offers & OMO_OFFERS_PICKUP) != 0,
                                      .ships =
                                          (offers & (OMO_SHIPS_COURIER | OMO_SHIPS_PARCEL)) != 0};
        omo_model_place_position(model, i, &place.lat, &place.lon);
        if (!backend_seed_place(backend, &place, ret_error))
            return FALSE;
    }
    return TRUE;
}

static gboolean seed_products(Backend *backend, const omo_model *model, GError **ret_error)
{
    for (uint32_t i = 0; i < omo_model_sku_count(model); i++) {
        const struct backend_product product = {.id = omo_model_sku_id(model, i),
                                                .price_cents = omo_model_sku_price_cents(model, i)};
        if (!backend_seed_product(backend, &product, ret_error))
            return FALSE;
    }
    return TRUE;
}

static gboolean seed_stock(Backend *backend, const omo_model *model, const omo_world *world,
                           GError **ret_error)
{
    g_autofree omo_sku *skus = g_new(omo_sku, omo_model_sku_count(model) + 1);
    g_autofree int32_t *units = g_new(int32_t, omo_model_sku_count(model) + 1);

    for (uint32_t place = 0; place < omo_model_place_count(model); place++) {
        const uint32_t count = omo_world_stock(world, place, skus, units);
        for (uint32_t i = 0; i < count; i++)
            if (!backend_seed_stock(backend, place, skus[i].index, units[i], ret_error))
                return FALSE;
    }
    return TRUE;
}

static gboolean seed_coupons(Backend *backend, const omo_model *model, GError **ret_error)
{
    for (uint32_t i = 0; i < omo_model_promotion_count(model); i++) {
        g_autofree char *number = g_strdup_printf("%u", i);
        omo_promotion_options promotion;
        omo_model_promotion(model, i, &promotion);
        if (strcmp(promotion.kind, "coupon") != 0)
            continue;
        const bool is_named = promotion.id != NULL && promotion.id[0] != '\0';
        const struct backend_coupon coupon = {.id = is_named ? promotion.id : number,
                                              .amount_cents = promotion.amount_cents,
                                              .share_ppm = promotion.share_ppm,
                                              .threshold_cents = promotion.threshold_cents,
                                              .budget = promotion.budget > 0
                                                            ? (int64_t)promotion.budget
                                                            : -1,
                                              .per_member = promotion.per_member};
        if (!backend_seed_coupon(backend, &coupon, ret_error))
            return FALSE;
    }
    return TRUE;
}

gboolean backend_seed_model(Backend *backend, const Scenario *scenario, uint32_t point,
                            GError **ret_error)
{
    g_autofree char *name = backend_seed_name(scenario, point);
    omo_model *model = scenario_build(scenario, point, ret_error);
    omo_world *world = NULL;
    gboolean good = FALSE;
    omo_error error;

    if (model == NULL)
        return FALSE;
    if (omo_model_place_count(model) == 0)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: a queueing network has no shelves that a back end could sell from",
                    scenario_path(scenario));
    else if ((world = omo_world_new(model, scenario_seed(scenario), 0, &error)) == NULL)
        study_set_library_error(ret_error, &error);
    else
        good = seed_places(backend, model, ret_error) && seed_products(backend, model, ret_error) &&
               seed_stock(backend, model, world, ret_error) &&
               seed_coupons(backend, model, ret_error) &&
               backend_seed_members(backend, omo_model_member_count(model), ret_error) &&
               backend_seed_end(backend, name, ret_error);
    omo_world_free(world);
    omo_model_free(model);
    return good;
}
