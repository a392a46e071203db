/* The loops over what a scenario has, and one request after the other.
 *
 * What is made is settled first, as lists of indices into the model: all of it, or what the journeys
 * of a plan name. A real shop takes some 20 ms for each thing, so a plan of an hour at three places
 * should not have to wait for the million members of the scenario.
 *
 * Values that belong to a place, a SKU or a position are set when the loop comes to it; a request
 * with `each` is an inner loop that sets those of its own kind on top, which is why the outer ones are
 * set anew behind it.
 */
#include "replay/seeding.h"

#include "shell/diagnostic.h"
#include "shell/units.h"

#include <string.h>

struct seeding {
    struct seeding_options options;
    GArray *places, *skus, *coupons; /* uint32_t: indices of the model */
    GArray *members;                 /* uint64_t: numbers of plans */
    bool *has_sku;                   /* [omo_model_sku_count()] */
};

/* ---- choosing -------------------------------------------------------------------------------- */

static bool seeding_is_coupon(const omo_model *model, uint32_t promotion)
{
    omo_promotion_options options;

    omo_model_promotion(model, promotion, &options);
    return strcmp(options.kind, "coupon") == 0;
}

static void seeding_choose_all(Seeding *seeding)
{
    const omo_model *m = seeding->options.model;

    for (uint32_t i = 0; i < omo_model_place_count(m); i++)
        if (omo_model_place_kind(m, i) != OMO_PLACE_SUPPLIER)
            g_array_append_val(seeding->places, i);
    for (uint32_t i = 0; i < omo_model_sku_count(m); i++)
        g_array_append_val(seeding->skus, i);
    for (uint64_t member = 1; member <= omo_model_member_count(m); member++)
        g_array_append_val(seeding->members, member);
}

/* Names of the model by index, for names of a plan. */
static GHashTable *seeding_index(const omo_model *model, uint32_t count,
                                 const char *(*name)(const omo_model *, uint32_t))
{
    GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);

    for (uint32_t i = 0; i < count; i++)
        g_hash_table_insert(index, (gpointer)name(model, i), GUINT_TO_POINTER(i));
    return index;
}

/* What the journeys of a plan name. */
struct seeding_named {
    const Plan *plan;
    GHashTable *index; /* of the model's names */
    GHashTable *seen;  /* numbers of the plan */
    GArray *chosen;    /* indices of the model */
    enum plan_name list;
    const char *what;
};

static gboolean seeding_take_name(struct seeding_named *n, uint32_t number, GError **ret_error)
{
    gpointer found;

    if (number == OMO_PLAN_NONE || !g_hash_table_add(n->seen, GUINT_TO_POINTER(number)))
        return TRUE;
    const char *name = plan_name(n->plan, n->list, number);
    if (!g_hash_table_lookup_extended(n->index, name, NULL, &found)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: the scenario has no %s '%s': is it another scenario's plan?",
                    plan_path(n->plan), n->what, name);
        return FALSE;
    }
    const uint32_t index = GPOINTER_TO_UINT(found);
    g_array_append_val(n->chosen, index);
    return TRUE;
}

static gboolean seeding_take_journey(const omo_plan_journey *journey, struct seeding_named *places,
                                     struct seeding_named *skus, GError **ret_error)
{
    const omo_plan_step *step = plan_first_step(journey);

    if (!seeding_take_name(places, journey->place, ret_error))
        return FALSE;
    for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step))
        if (!seeding_take_name(places, step->place, ret_error) ||
            !seeding_take_name(skus, step->sku, ret_error))
            return FALSE;
    return TRUE;
}

static gint seeding_by_index(gconstpointer a, gconstpointer b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static gint seeding_by_number(gconstpointer a, gconstpointer b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static gboolean seeding_choose_of_plan(Seeding *seeding, GError **ret_error)
{
    const omo_model *m = seeding->options.model;
    const Plan *plan = seeding->options.plan;
    g_autoptr(GHashTable) place_index =
        seeding_index(m, omo_model_place_count(m), omo_model_place_id);
    g_autoptr(GHashTable) sku_index = seeding_index(m, omo_model_sku_count(m), omo_model_sku_id);
    g_autoptr(GHashTable) seen_places = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) seen_skus = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) seen_members =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    struct seeding_named places = {plan,       place_index, seen_places, seeding->places,
                                   PLAN_PLACE, "place"};
    struct seeding_named skus = {plan, sku_index, seen_skus, seeding->skus, PLAN_SKU, "SKU"};
    struct plan_cursor cursor = plan_begin(plan);
    const omo_plan_journey *journey;

    while ((journey = plan_next(plan, &cursor)) != NULL) {
        if (!seeding_take_journey(journey, &places, &skus, ret_error))
            return FALSE;
        if (journey->member != 0 &&
            g_hash_table_add(seen_members, g_memdup2(&journey->member, sizeof(journey->member))))
            g_array_append_val(seeding->members, journey->member);
    }
    if (cursor.broken) {
        plan_set_broken_error(plan, &cursor, ret_error);
        return FALSE;
    }
    g_array_sort(seeding->places, seeding_by_index);
    g_array_sort(seeding->skus, seeding_by_index);
    g_array_sort(seeding->members, seeding_by_number);
    return TRUE;
}

static void seeding_cut(GArray *list, uint64_t count_max)
{
    if (list->len > count_max)
        g_array_set_size(list, (guint)count_max);
}

Seeding *seeding_new(const struct seeding_options *options, GError **ret_error)
{
    g_autoptr(Seeding) seeding = g_new0(Seeding, 1);
    const omo_model *m = options->model;

    seeding->options = *options;
    seeding->places = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    seeding->skus = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    seeding->coupons = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    seeding->members = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    seeding->has_sku = g_new0(bool, omo_model_sku_count(m));
    if (options->plan == NULL)
        seeding_choose_all(seeding);
    else if (!seeding_choose_of_plan(seeding, ret_error))
        return NULL;
    seeding_cut(seeding->places, options->places_max);
    seeding_cut(seeding->skus, options->skus_max);
    seeding_cut(seeding->members, options->members_max);
    for (guint i = 0; i < seeding->skus->len; i++)
        seeding->has_sku[g_array_index(seeding->skus, uint32_t, i)] = true;
    for (uint32_t i = 0; i < omo_model_promotion_count(m); i++)
        if (seeding_is_coupon(m, i))
            g_array_append_val(seeding->coupons, i);
    return g_steal_pointer(&seeding);
}

void seeding_free(Seeding *seeding)
{
    if (seeding == NULL)
        return;
    g_array_unref(seeding->places);
    g_array_unref(seeding->skus);
    g_array_unref(seeding->coupons);
    g_array_unref(seeding->members);
    g_free(seeding->has_sku);
    g_free(seeding);
}

/* ---- positions ------------------------------------------------------------------------------- */

struct seeding_stock { /* of one place */
    omo_sku *skus;
    int32_t *units;
    uint32_t count;
};

static struct seeding_stock seeding_stock(const Seeding *seeding, uint32_t place)
{
    const uint32_t room = omo_model_place_position_count(seeding->options.model, place);
    struct seeding_stock stock = {g_new(omo_sku, room), g_new(int32_t, room), 0};

    stock.count = omo_world_stock(seeding->options.world, place, stock.skus, stock.units);
    return stock;
}

static void seeding_stock_clear(struct seeding_stock *stock)
{
    g_free(stock->skus);
    g_free(stock->units);
}

static uint64_t seeding_position_count(const Seeding *seeding)
{
    uint64_t count = 0;

    for (guint i = 0; i < seeding->places->len; i++) {
        struct seeding_stock stock =
            seeding_stock(seeding, g_array_index(seeding->places, uint32_t, i));
        for (uint32_t k = 0; k < stock.count; k++)
            count += seeding->has_sku[stock.skus[k].index];
        seeding_stock_clear(&stock);
    }
    return count;
}

/* ---- counting -------------------------------------------------------------------------------- */

static uint64_t seeding_stage_size(const struct seeding_counts *counts, enum api_seed_stage stage)
{
    switch (stage) {
    case API_SEED_PLACE:
        return counts->places;
    case API_SEED_SKU:
        return counts->skus;
    case API_SEED_POSITION:
        return counts->positions;
    case API_SEED_COUPON:
        return counts->coupons;
    case API_SEED_MEMBER:
        return counts->members;
    default:
        return 1;
    }
}

void seeding_count(const Seeding *seeding, const ApiMap *map, struct seeding_counts *ret_counts)
{
    struct seeding_counts counts = {.places = seeding->places->len,
                                    .skus = seeding->skus->len,
                                    .positions = seeding_position_count(seeding),
                                    .coupons = seeding->coupons->len,
                                    .members = seeding->members->len};

    for (uint32_t stage = 0; stage < API_SEED_STAGE_COUNT; stage++)
        for (uint32_t i = 0; i < api_seed_request_count(map, stage); i++)
            counts.requests += seeding_stage_size(&counts, stage) *
                               seeding_stage_size(&counts, api_seed_each(map, stage, i));
    *ret_counts = counts;
}

/* ---- values ---------------------------------------------------------------------------------- */

static void seeding_set_number(ApiSeeding *s, guint number)
{
    api_seeding_set_number(s, API_SEED_VALUE_number, (int64_t)number + 1);
}

static void seeding_set_place(const Seeding *seeding, ApiSeeding *s, guint i)
{
    static const char *const kinds[OMO_PLACE_KIND_COUNT] = {"store", "dark_store", "warehouse",
                                                            "supplier", "locker"};
    const omo_model *m = seeding->options.model;
    const uint32_t place = g_array_index(seeding->places, uint32_t, i);
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double lat, lon;

    omo_model_place_position(m, place, &lat, &lon);
    api_seeding_set(s, API_SEED_VALUE_place, omo_model_place_id(m, place));
    api_seeding_set(s, API_SEED_VALUE_place_kind, kinds[omo_model_place_kind(m, place)]);
    api_seeding_set(s, API_SEED_VALUE_lat, g_ascii_formatd(text, sizeof(text), "%.6f", lat));
    api_seeding_set(s, API_SEED_VALUE_lon, g_ascii_formatd(text, sizeof(text), "%.6f", lon));
}

static void seeding_set_sku_of(const Seeding *seeding, ApiSeeding *s, uint32_t sku)
{
    const omo_model *m = seeding->options.model;
    const int64_t cents = omo_model_sku_price_cents(m, sku);
    g_autofree char *decimal =
        g_strdup_printf("%" G_GINT64_FORMAT ".%02" G_GINT64_FORMAT, cents / 100, cents % 100);

    api_seeding_set(s, API_SEED_VALUE_sku, omo_model_sku_id(m, sku));
    api_seeding_set_number(s, API_SEED_VALUE_price, cents);
    api_seeding_set(s, API_SEED_VALUE_price_decimal, decimal);
}

static void seeding_set_sku(const Seeding *seeding, ApiSeeding *s, guint i)
{
    seeding_set_sku_of(seeding, s, g_array_index(seeding->skus, uint32_t, i));
}

/* A coupon without a name of its own is called by its number, as plans do. */
static void seeding_set_coupon(const Seeding *seeding, ApiSeeding *s, guint i)
{
    const uint32_t promotion = g_array_index(seeding->coupons, uint32_t, i);
    omo_promotion_options options;

    omo_model_promotion(seeding->options.model, promotion, &options);
    if (options.id != NULL && options.id[0] != '\0')
        api_seeding_set(s, API_SEED_VALUE_coupon, options.id);
    else
        api_seeding_set_number(s, API_SEED_VALUE_coupon, promotion);
    api_seeding_set_number(s, API_SEED_VALUE_amount, options.amount_cents);
    api_seeding_set_number(s, API_SEED_VALUE_threshold, options.threshold_cents);
    api_seeding_set_number(s, API_SEED_VALUE_per_member, options.per_member);
    if (options.budget > 0)
        api_seeding_set_number(s, API_SEED_VALUE_budget, options.budget);
    else
        api_seeding_set(s, API_SEED_VALUE_budget, "null");
}

static void seeding_set_member(const Seeding *seeding, ApiSeeding *s, guint i)
{
    g_autofree char *number =
        g_strdup_printf("%" G_GUINT64_FORMAT, g_array_index(seeding->members, uint64_t, i));

    api_seeding_set(s, API_SEED_VALUE_member, number);
}

static void seeding_set(const Seeding *seeding, ApiSeeding *s, enum api_seed_stage stage, guint i)
{
    switch (stage) {
    case API_SEED_PLACE:
        seeding_set_place(seeding, s, i);
        break;
    case API_SEED_SKU:
        seeding_set_sku(seeding, s, i);
        break;
    case API_SEED_COUPON:
        seeding_set_coupon(seeding, s, i);
        break;
    case API_SEED_MEMBER:
        seeding_set_member(seeding, s, i);
        break;
    default:
        break;
    }
}

static guint seeding_list_size(const Seeding *seeding, enum api_seed_stage stage)
{
    switch (stage) {
    case API_SEED_PLACE:
        return seeding->places->len;
    case API_SEED_SKU:
        return seeding->skus->len;
    case API_SEED_COUPON:
        return seeding->coupons->len;
    case API_SEED_MEMBER:
        return seeding->members->len;
    default:
        return 1;
    }
}

/* ---- sending --------------------------------------------------------------------------------- */

struct seeding_loop {
    const Seeding *seeding;
    Fetch *fetch;
    ApiSeeding *s;
    const ApiMap *map;
    seeding_progress *progress;
    void *user;
    uint64_t requests;
    gboolean stopped;
};

static gboolean seeding_send(struct seeding_loop *run, enum api_seed_stage stage, uint32_t i,
                             GError **ret_error)
{
    struct api_message message;
    struct api_reply reply;

    if (!api_seeding_message(run->s, stage, i, &message, ret_error) ||
        !fetch_send(run->fetch, &message, &reply, ret_error) ||
        !api_seeding_answer(run->s, stage, i, &reply, ret_error))
        return FALSE;
    run->requests++;
    run->stopped = run->progress != NULL && !run->progress(run->user, run->requests);
    return TRUE;
}

/* All requests of a stage, for what the values say now. `outer` is the thing's number, to set its
 * values anew behind a request with `each`. */
static gboolean seeding_stage(struct seeding_loop *run, enum api_seed_stage stage, guint outer,
                              GError **ret_error)
{
    for (uint32_t i = 0; i < api_seed_request_count(run->map, stage) && !run->stopped; i++) {
        const enum api_seed_stage each = api_seed_each(run->map, stage, i);
        const guint count = seeding_list_size(run->seeding, each);
        for (guint k = 0; k < count && !run->stopped; k++) {
            seeding_set(run->seeding, run->s, each, k);
            if (!seeding_send(run, stage, i, ret_error))
                return FALSE;
        }
        seeding_set(run->seeding, run->s, stage, outer);
    }
    return TRUE;
}

static gboolean seeding_run_positions(struct seeding_loop *run, GError **ret_error)
{
    const Seeding *seeding = run->seeding;
    gboolean good = TRUE;
    guint number = 0;

    if (api_seed_request_count(run->map, API_SEED_POSITION) == 0)
        return TRUE;
    for (guint p = 0; p < seeding->places->len && good; p++) {
        struct seeding_stock stock =
            seeding_stock(seeding, g_array_index(seeding->places, uint32_t, p));
        seeding_set_place(seeding, run->s, p);
        for (uint32_t k = 0; k < stock.count && good && !run->stopped; k++) {
            if (!seeding->has_sku[stock.skus[k].index])
                continue;
            seeding_set_sku_of(seeding, run->s, stock.skus[k].index);
            api_seeding_set_number(run->s, API_SEED_VALUE_stock, stock.units[k]);
            seeding_set_number(run->s, number++);
            good = seeding_stage(run, API_SEED_POSITION, 0, ret_error);
        }
        seeding_stock_clear(&stock);
    }
    return good;
}

gboolean seeding_run(const Seeding *seeding, const ApiMap *map, Fetch *fetch, ApiSeeding *api,
                     seeding_progress *progress, void *user, gboolean *ret_stopped,
                     GError **ret_error)
{
    struct seeding_loop run = {.seeding = seeding,
                               .fetch = fetch,
                               .s = api,
                               .map = map,
                               .progress = progress,
                               .user = user};

    for (uint32_t stage = 0; stage < API_SEED_STAGE_COUNT && !run.stopped; stage++) {
        if (stage == API_SEED_POSITION) {
            if (!seeding_run_positions(&run, ret_error))
                return FALSE;
            continue;
        }
        const guint count = seeding_list_size(seeding, stage);
        for (guint i = 0; i < count && !run.stopped; i++) {
            seeding_set(seeding, api, stage, i);
            seeding_set_number(api, i);
            if (!seeding_stage(&run, stage, i, ret_error))
                return FALSE;
        }
    }
    *ret_stopped = run.stopped;
    return TRUE;
}
