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
#include "replay/seed.h"

#include "shell/diagnostic.h"
#include "shell/units.h"

#include <string.h>

struct seed {
    struct seed_options options;
    GArray *places, *skus, *coupons; /* uint32_t: indices of the model */
    GArray *members;                 /* uint64_t: numbers of plans */
    bool *has_sku;                   /* [omo_model_sku_count()] */
};

/* ---- choosing -------------------------------------------------------------------------------- */

static bool seed_is_coupon(const omo_model *model, uint32_t promotion)
{
    omo_promotion_options options;

    omo_model_promotion(model, promotion, &options);
    return strcmp(options.kind, "coupon") == 0;
}

static void seed_choose_all(Seed *seed)
{
    const omo_model *m = seed->options.model;

    for (uint32_t i = 0; i < omo_model_place_count(m); i++)
        if (omo_model_place_kind(m, i) != OMO_PLACE_SUPPLIER)
            g_array_append_val(seed->places, i);
    for (uint32_t i = 0; i < omo_model_sku_count(m); i++)
        g_array_append_val(seed->skus, i);
    for (uint64_t member = 1; member <= omo_model_member_count(m); member++)
        g_array_append_val(seed->members, member);
}

/* Names of the model by index, for names of a plan. */
static GHashTable *seed_index(const omo_model *model, uint32_t count,
                              const char *(*name)(const omo_model *, uint32_t))
{
    GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);

    for (uint32_t i = 0; i < count; i++)
        g_hash_table_insert(index, (gpointer)name(model, i), GUINT_TO_POINTER(i));
    return index;
}

/* What the journeys of a plan name. */
struct seed_named {
    const Plan *plan;
    GHashTable *index; /* of the model's names */
    GHashTable *seen;  /* numbers of the plan */
    GArray *chosen;    /* indices of the model */
    enum plan_name list;
    const char *what;
};

static gboolean seed_take_name(struct seed_named *n, uint32_t number, GError **ret_error)
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

static gboolean seed_take_journey(const omo_plan_journey *journey, struct seed_named *places,
                                  struct seed_named *skus, GError **ret_error)
{
    const omo_plan_step *step = plan_first_step(journey);

    if (!seed_take_name(places, journey->place, ret_error))
        return FALSE;
    for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step))
        if (!seed_take_name(places, step->place, ret_error) ||
            !seed_take_name(skus, step->sku, ret_error))
            return FALSE;
    return TRUE;
}

static gint seed_by_index(gconstpointer a, gconstpointer b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static gint seed_by_number(gconstpointer a, gconstpointer b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static gboolean seed_choose_of_plan(Seed *seed, GError **ret_error)
{
    const omo_model *m = seed->options.model;
    const Plan *plan = seed->options.plan;
    g_autoptr(GHashTable) place_index = seed_index(m, omo_model_place_count(m), omo_model_place_id);
    g_autoptr(GHashTable) sku_index = seed_index(m, omo_model_sku_count(m), omo_model_sku_id);
    g_autoptr(GHashTable) seen_places = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) seen_skus = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) seen_members =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    struct seed_named places = {plan, place_index, seen_places, seed->places, PLAN_PLACE, "place"};
    struct seed_named skus = {plan, sku_index, seen_skus, seed->skus, PLAN_SKU, "SKU"};
    struct plan_cursor cursor = plan_begin(plan);
    const omo_plan_journey *journey;

    while ((journey = plan_next(plan, &cursor)) != NULL) {
        if (!seed_take_journey(journey, &places, &skus, ret_error))
            return FALSE;
        if (journey->member != 0 &&
            g_hash_table_add(seen_members, g_memdup2(&journey->member, sizeof(journey->member))))
            g_array_append_val(seed->members, journey->member);
    }
    if (cursor.broken) {
        plan_set_broken_error(plan, &cursor, ret_error);
        return FALSE;
    }
    g_array_sort(seed->places, seed_by_index);
    g_array_sort(seed->skus, seed_by_index);
    g_array_sort(seed->members, seed_by_number);
    return TRUE;
}

static void seed_cut(GArray *list, uint64_t count_max)
{
    if (list->len > count_max)
        g_array_set_size(list, (guint)count_max);
}

Seed *seed_new(const struct seed_options *options, GError **ret_error)
{
    g_autoptr(Seed) seed = g_new0(Seed, 1);
    const omo_model *m = options->model;

    seed->options = *options;
    seed->places = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    seed->skus = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    seed->coupons = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    seed->members = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    seed->has_sku = g_new0(bool, omo_model_sku_count(m));
    if (options->plan == NULL)
        seed_choose_all(seed);
    else if (!seed_choose_of_plan(seed, ret_error))
        return NULL;
    seed_cut(seed->places, options->places_max);
    seed_cut(seed->skus, options->skus_max);
    seed_cut(seed->members, options->members_max);
    for (guint i = 0; i < seed->skus->len; i++)
        seed->has_sku[g_array_index(seed->skus, uint32_t, i)] = true;
    for (uint32_t i = 0; i < omo_model_promotion_count(m); i++)
        if (seed_is_coupon(m, i))
            g_array_append_val(seed->coupons, i);
    return g_steal_pointer(&seed);
}

void seed_free(Seed *seed)
{
    if (seed == NULL)
        return;
    g_array_unref(seed->places);
    g_array_unref(seed->skus);
    g_array_unref(seed->coupons);
    g_array_unref(seed->members);
    g_free(seed->has_sku);
    g_free(seed);
}

/* ---- positions ------------------------------------------------------------------------------- */

struct seed_stock { /* of one place */
    omo_sku *skus;
    int32_t *units;
    uint32_t count;
};

static struct seed_stock seed_stock(const Seed *seed, uint32_t place)
{
    const uint32_t room = omo_model_place_position_count(seed->options.model, place);
    struct seed_stock stock = {g_new(omo_sku, room), g_new(int32_t, room), 0};

    stock.count = omo_world_stock(seed->options.world, place, stock.skus, stock.units);
    return stock;
}

static void seed_stock_clear(struct seed_stock *stock)
{
    g_free(stock->skus);
    g_free(stock->units);
}

static uint64_t seed_position_count(const Seed *seed)
{
    uint64_t count = 0;

    for (guint i = 0; i < seed->places->len; i++) {
        struct seed_stock stock = seed_stock(seed, g_array_index(seed->places, uint32_t, i));
        for (uint32_t k = 0; k < stock.count; k++)
            count += seed->has_sku[stock.skus[k].index];
        seed_stock_clear(&stock);
    }
    return count;
}

/* ---- counting -------------------------------------------------------------------------------- */

static uint64_t seed_stage_size(const struct seed_counts *counts, enum api_seed_stage stage)
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

void seed_count(const Seed *seed, const ApiMap *map, struct seed_counts *ret_counts)
{
    struct seed_counts counts = {.places = seed->places->len,
                                 .skus = seed->skus->len,
                                 .positions = seed_position_count(seed),
                                 .coupons = seed->coupons->len,
                                 .members = seed->members->len};

    for (uint32_t stage = 0; stage < API_SEED_STAGE_COUNT; stage++)
        for (uint32_t i = 0; i < api_seed_request_count(map, stage); i++)
            counts.requests += seed_stage_size(&counts, stage) *
                               seed_stage_size(&counts, api_seed_each(map, stage, i));
    *ret_counts = counts;
}

/* ---- values ---------------------------------------------------------------------------------- */

static void seed_set_number(ApiSeeding *s, guint number)
{
    api_seeding_set_number(s, API_SEED_VALUE_number, (int64_t)number + 1);
}

static void seed_set_place(const Seed *seed, ApiSeeding *s, guint i)
{
    static const char *const kinds[OMO_PLACE_KIND_COUNT] = {"store", "dark_store", "warehouse",
                                                            "supplier"};
    const omo_model *m = seed->options.model;
    const uint32_t place = g_array_index(seed->places, uint32_t, i);
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double lat, lon;

    omo_model_place_position(m, place, &lat, &lon);
    api_seeding_set(s, API_SEED_VALUE_place, omo_model_place_id(m, place));
    api_seeding_set(s, API_SEED_VALUE_place_kind, kinds[omo_model_place_kind(m, place)]);
    api_seeding_set(s, API_SEED_VALUE_lat, g_ascii_formatd(text, sizeof(text), "%.6f", lat));
    api_seeding_set(s, API_SEED_VALUE_lon, g_ascii_formatd(text, sizeof(text), "%.6f", lon));
}

static void seed_set_sku_of(const Seed *seed, ApiSeeding *s, uint32_t sku)
{
    const omo_model *m = seed->options.model;
    const int64_t cents = omo_model_sku_price_cents(m, sku);
    g_autofree char *decimal =
        g_strdup_printf("%" G_GINT64_FORMAT ".%02" G_GINT64_FORMAT, cents / 100, cents % 100);

    api_seeding_set(s, API_SEED_VALUE_sku, omo_model_sku_id(m, sku));
    api_seeding_set_number(s, API_SEED_VALUE_price, cents);
    api_seeding_set(s, API_SEED_VALUE_price_decimal, decimal);
}

static void seed_set_sku(const Seed *seed, ApiSeeding *s, guint i)
{
    seed_set_sku_of(seed, s, g_array_index(seed->skus, uint32_t, i));
}

/* A coupon without a name of its own is called by its number, as plans do. */
static void seed_set_coupon(const Seed *seed, ApiSeeding *s, guint i)
{
    const uint32_t promotion = g_array_index(seed->coupons, uint32_t, i);
    omo_promotion_options options;

    omo_model_promotion(seed->options.model, promotion, &options);
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

static void seed_set_member(const Seed *seed, ApiSeeding *s, guint i)
{
    g_autofree char *number =
        g_strdup_printf("%" G_GUINT64_FORMAT, g_array_index(seed->members, uint64_t, i));

    api_seeding_set(s, API_SEED_VALUE_member, number);
}

static void seed_set(const Seed *seed, ApiSeeding *s, enum api_seed_stage stage, guint i)
{
    switch (stage) {
    case API_SEED_PLACE:
        seed_set_place(seed, s, i);
        break;
    case API_SEED_SKU:
        seed_set_sku(seed, s, i);
        break;
    case API_SEED_COUPON:
        seed_set_coupon(seed, s, i);
        break;
    case API_SEED_MEMBER:
        seed_set_member(seed, s, i);
        break;
    default:
        break;
    }
}

static guint seed_list_size(const Seed *seed, enum api_seed_stage stage)
{
    switch (stage) {
    case API_SEED_PLACE:
        return seed->places->len;
    case API_SEED_SKU:
        return seed->skus->len;
    case API_SEED_COUPON:
        return seed->coupons->len;
    case API_SEED_MEMBER:
        return seed->members->len;
    default:
        return 1;
    }
}

/* ---- sending --------------------------------------------------------------------------------- */

struct seeding_run {
    const Seed *seed;
    Fetch *fetch;
    ApiSeeding *s;
    const ApiMap *map;
    seed_progress *progress;
    void *user;
    uint64_t requests;
    gboolean stopped;
};

static gboolean seed_send(struct seeding_run *run, enum api_seed_stage stage, uint32_t i,
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
static gboolean seed_stage(struct seeding_run *run, enum api_seed_stage stage, guint outer,
                           GError **ret_error)
{
    for (uint32_t i = 0; i < api_seed_request_count(run->map, stage) && !run->stopped; i++) {
        const enum api_seed_stage each = api_seed_each(run->map, stage, i);
        const guint count = seed_list_size(run->seed, each);
        for (guint k = 0; k < count && !run->stopped; k++) {
            seed_set(run->seed, run->s, each, k);
            if (!seed_send(run, stage, i, ret_error))
                return FALSE;
        }
        seed_set(run->seed, run->s, stage, outer);
    }
    return TRUE;
}

static gboolean seed_run_positions(struct seeding_run *run, GError **ret_error)
{
    const Seed *seed = run->seed;
    gboolean good = TRUE;
    guint number = 0;

    if (api_seed_request_count(run->map, API_SEED_POSITION) == 0)
        return TRUE;
    for (guint p = 0; p < seed->places->len && good; p++) {
        struct seed_stock stock = seed_stock(seed, g_array_index(seed->places, uint32_t, p));
        seed_set_place(seed, run->s, p);
        for (uint32_t k = 0; k < stock.count && good && !run->stopped; k++) {
            if (!seed->has_sku[stock.skus[k].index])
                continue;
            seed_set_sku_of(seed, run->s, stock.skus[k].index);
            api_seeding_set_number(run->s, API_SEED_VALUE_stock, stock.units[k]);
            seed_set_number(run->s, number++);
            good = seed_stage(run, API_SEED_POSITION, 0, ret_error);
        }
        seed_stock_clear(&stock);
    }
    return good;
}

gboolean seed_run(const Seed *seed, const ApiMap *map, Fetch *fetch, ApiSeeding *seeding,
                  seed_progress *progress, void *user, gboolean *ret_stopped, GError **ret_error)
{
    struct seeding_run run = {.seed = seed,
                              .fetch = fetch,
                              .s = seeding,
                              .map = map,
                              .progress = progress,
                              .user = user};

    for (uint32_t stage = 0; stage < API_SEED_STAGE_COUNT && !run.stopped; stage++) {
        if (stage == API_SEED_POSITION) {
            if (!seed_run_positions(&run, ret_error))
                return FALSE;
            continue;
        }
        const guint count = seed_list_size(seed, stage);
        for (guint i = 0; i < count && !run.stopped; i++) {
            seed_set(seed, seeding, stage, i);
            seed_set_number(seeding, i);
            if (!seed_stage(&run, stage, i, ret_error))
                return FALSE;
        }
    }
    *ret_stopped = run.stopped;
    return TRUE;
}
