/* `skus`: written out, from a table, or generated; and the assortments cut out of them.
 *
 * "The 2,000 most popular products" is how a shop's shelf is described, so assortments are heads of
 * the list by popularity (ties in the order of the file) and shared by all places with the same
 * number. Generated prices follow the given law along a golden-ratio sequence over the ranks: as
 * even as can be, and without relation to popularity, which a sequence in order of rank would have.
 * They are rounded to 0.10, the boundary moved by a fixed odd amount, so that neither a round
 * quantile nor the last bit of a sum decides the side. Perishables are every n-th rank.
 */
#include "scenario/build.h"

#include "scenario/quasi.h"
#include "scenario/source.h"
#include "shell/units.h"

#include <math.h>
#include <string.h>

#define BUILD_SKUS_PRICE_OFFSET 0.0137 /* of a step of 0.10 */
#define BUILD_SKUS_EXPONENT_MAX 5
#define BUILD_SKUS_SHIFT_MAX 1e6
#define BUILD_SKUS_PRICE_MAX 1e6 /* currency units; the library's limit */

struct build_skus {
    struct build *b;
    GArray *popularity; /* double by index */
    GHashTable *ids;    /* id to position */
};

/* Whole days of a shelf life; FALSE with a finding. */
static bool build_skus_days(struct build *b, int64_t us, struct text_position at,
                            uint32_t *ret_days)
{
    if (us <= 0 || us % OMO_US_PER_DAY != 0 || us > 60 * OMO_US_PER_DAY) {
        diagnostic_add(b->list, at, "a shelf life is a number of whole days, 1d to 60d");
        return false;
    }
    *ret_days = (uint32_t)(us / OMO_US_PER_DAY);
    return true;
}

static omo_sku_options build_skus_defaults(const struct build *b)
{
    omo_sku_options options = omo_sku_defaults();

    options.return_rate_ppm = build_returns_rate_ppm(b);
    return options;
}

static void build_skus_add(struct build_skus *s, omo_sku_options *options, struct text_position at)
{
    const struct text_position *first = g_hash_table_lookup(s->ids, options->id);
    omo_error error = {0};
    omo_sku sku;

    if (first != NULL) {
        g_autofree char *where = diagnostic_position_text(*first);
        diagnostic_add(s->b->list, at, "there is a product '%s' already, at %s", options->id,
                       where);
        return;
    }
    struct text_position *copy = g_new(struct text_position, 1);
    *copy = at;
    g_hash_table_insert(s->ids, g_string_chunk_insert(s->b->texts, options->id), copy);
    if (omo_model_add_sku(s->b->model, options, &sku, &error) != OMO_OK) {
        build_refused(s->b, at, &error);
        return;
    }
    g_array_append_val(s->popularity, options->popularity);
}

static void build_skus_list(struct build_skus *s, struct schema_value list)
{
    for (uint32_t i = 0; i < schema_count(list); i++) {
        struct schema_value item = schema_item(list, i);
        struct schema_value life = schema_get(item, "shelf_life");
        omo_sku_options options = build_skus_defaults(s->b);

        options.id = schema_get_text(item, "id");
        options.price_cents = schema_get_money_cents(item, "price");
        options.cost_cents = schema_get_money_cents(item, "cost");
        options.popularity = schema_get_number(item, "popularity");
        if (schema_has(item, "return_rate"))
            options.return_rate_ppm = (uint32_t)schema_get_share_ppm(item, "return_rate");
        if (schema_is_present(life) &&
            !build_skus_days(s->b, schema_as_duration_us(life), schema_position(life),
                             &options.shelf_life_days))
            continue;
        build_skus_add(s, &options, schema_item_name_position(list, i));
    }
}

/* A price above the library's limit will be refused; until then it must not overflow. */
static int64_t build_skus_cost(int64_t price_cents, int64_t cost_ppm)
{
    price_cents = MIN(price_cents, (int64_t)(BUILD_SKUS_PRICE_MAX * 100));
    return (price_cents * cost_ppm + OMO_PPM / 2) / OMO_PPM;
}

/* Without a column of the cost it is `cost_ppm` of the price. */
static void build_skus_row(struct build_skus *s, Source *table, const int64_t columns[5],
                           int64_t cost_ppm)
{
    omo_sku_options options = build_skus_defaults(s->b);
    int64_t us;

    options.popularity = 1;
    if (!source_id(table, columns[0], &options.id) ||
        !source_money_cents(table, columns[1], &options.price_cents) ||
        (columns[2] >= 0 && !source_money_cents(table, columns[2], &options.cost_cents)) ||
        (columns[3] >= 0 && !source_weight(table, columns[3], 1e-12, 1e12, &options.popularity)))
        return;
    if (columns[2] < 0)
        options.cost_cents = build_skus_cost(options.price_cents, cost_ppm);
    if (columns[4] >= 0 && *source_text(table, columns[4]) != '\0' &&
        (!source_duration_us(table, columns[4], s->b->time_unit_us, &us) ||
         !build_skus_days(s->b, us, source_position(table, columns[4]), &options.shelf_life_days)))
        return;
    build_skus_add(s, &options, source_position(table, columns[0]));
}

static void build_skus_file(struct build_skus *s, struct schema_value skus)
{
    g_autoptr(Source) table = source_open(skus, "file", s->b->list);
    struct schema_value share = schema_get(skus, "cost_share");
    guint before = s->b->list->len;

    if (table == NULL || !source_join(table, schema_get(skus, "join")))
        return;
    const int64_t columns[5] = {
        source_column(table, "id", true),
        source_column(table, "price", true),
        source_column(table, "cost", !schema_is_present(share)),
        source_column(table, "popularity", false),
        source_column(table, "shelf_life", false),
    };
    if (s->b->list->len > before)
        return;
    if (schema_is_present(share) && columns[2] >= 0)
        diagnostic_add(s->b->list, schema_position(share),
                       "the table has a column of the cost already");
    while (source_next(table))
        build_skus_row(s, table, columns, schema_as_share_ppm(share));
}

/* A law of popularity: weight of rank r is (r + shift) to the power -exponent; "uniform" is exponent
 * 0. */
struct build_skus_zipf {
    double exponent, shift;
};

static bool build_skus_popularity(struct build *b, struct schema_value value,
                                  struct build_skus_zipf *ret_zipf)
{
    const char *text = schema_as_text(value);
    struct build_skus_zipf zipf = {.exponent = 0};

    if (strcmp(text, "uniform") == 0) {
        *ret_zipf = zipf;
        return true;
    }
    if (g_str_has_prefix(text, "zipf(") && g_str_has_suffix(text, ")")) {
        g_autofree char *numbers = g_strndup(text + 5, strlen(text) - 6);
        g_auto(GStrv) number = g_strsplit(numbers, ",", -1);
        const guint count = g_strv_length(number);
        if (count >= 1 && count <= 2 && units_parse_number(number[0], &zipf.exponent, NULL) &&
            (count == 1 || units_parse_number(number[1], &zipf.shift, NULL)) &&
            zipf.exponent >= 0 && zipf.exponent <= BUILD_SKUS_EXPONENT_MAX && zipf.shift >= 0 &&
            zipf.shift <= BUILD_SKUS_SHIFT_MAX) {
            *ret_zipf = zipf;
            return true;
        }
    }
    diagnostic_add(b->list, schema_position(value),
                   "expected uniform, zipf(s) with s from 0 to 5, or zipf(s, shift), found '%s'",
                   text);
    return false;
}

static bool build_skus_price(struct build *b, struct schema_value generate, uint32_t i,
                             int64_t *ret_cents)
{
    omo_law law = schema_get_law(generate, "price");
    double price;

    if (!quasi_quantile(&law, quasi_fraction(i), &price)) {
        diagnostic_add(b->list, schema_position(schema_get(generate, "price")),
                       "prices do not spread by a law '%s': use constant, uniform, triangular, "
                       "exponential, normal, lognormal or weibull",
                       omo_law_name(law.kind));
        return false;
    }
    if (!(price >= 0 && price <= BUILD_SKUS_PRICE_MAX)) {
        diagnostic_add(b->list, schema_position(schema_get(generate, "price")),
                       "this law gives prices above %.0f", BUILD_SKUS_PRICE_MAX);
        return false;
    }
    if (law.kind == OMO_LAW_CONSTANT)
        *ret_cents = llround(price * 100);
    else
        *ret_cents = 10 * MAX(1, (int64_t)floor(price * 10 + 0.5 + BUILD_SKUS_PRICE_OFFSET));
    return true;
}

static void build_skus_generate(struct build_skus *s, struct schema_value generate)
{
    struct schema_value perishable = schema_get(generate, "perishable");
    uint32_t count = (uint32_t)schema_get_whole(generate, "count");
    int64_t cost_ppm = schema_get_share_ppm(generate, "cost_share"), perishable_ppm = 0;
    uint32_t days = 0;
    struct build_skus_zipf zipf;

    if (schema_is_present(perishable)) {
        struct schema_value life = schema_get(perishable, "shelf_life");
        perishable_ppm = schema_get_share_ppm(perishable, "share");
        if (!build_skus_days(s->b, schema_as_duration_us(life), schema_position(life), &days))
            return;
    }
    if (!build_skus_popularity(s->b, schema_get(generate, "popularity"), &zipf))
        return;
    for (uint32_t i = 0; i < count; i++) {
        omo_sku_options options = build_skus_defaults(s->b);
        char id[32];

        g_snprintf(id, sizeof id, "sku_%u", i + 1);
        options.id = id;
        if (!build_skus_price(s->b, generate, i, &options.price_cents))
            return;
        options.cost_cents = build_skus_cost(options.price_cents, cost_ppm);
        options.popularity = zipf.exponent == 0 ? 1 : quasi_zipf(i + 1 + zipf.shift, zipf.exponent);
        if ((i + 1) * perishable_ppm / OMO_PPM > i * perishable_ppm / OMO_PPM)
            options.shelf_life_days = days;
        build_skus_add(s, &options, schema_position(generate));
    }
}

static int build_skus_compare(const void *a, const void *b, void *user)
{
    const double *popularity = user;
    uint32_t left = ((const omo_sku *)a)->index, right = ((const omo_sku *)b)->index;

    if (popularity[left] != popularity[right])
        return popularity[left] > popularity[right] ? -1 : 1;
    return left < right ? -1 : left > right;
}

static void build_skus_rank(struct build_skus *s)
{
    struct build *b = s->b;

    b->sku_count = s->popularity->len;
    b->ranked = g_new(omo_sku, b->sku_count + 1);
    for (uint32_t i = 0; i < b->sku_count; i++)
        b->ranked[i].index = i;
    g_qsort_with_data(b->ranked, (gint)b->sku_count, sizeof *b->ranked, build_skus_compare,
                      s->popularity->data);
}

static void build_skus_price_changes(struct build *b, struct schema_value changes)
{
    omo_price_options options = omo_price_defaults();
    omo_error error = {0};

    if (!schema_is_present(changes))
        return;
    options.every_us = schema_get_duration_us(changes, "every");
    if (schema_has(changes, "share"))
        options.share_ppm = (uint32_t)schema_get_share_ppm(changes, "share");
    if (schema_has(changes, "factor"))
        options.factor = schema_get_law(changes, "factor");
    if (omo_model_set_prices(b->model, &options, &error) != OMO_OK)
        build_refused(b, schema_position(changes), &error);
}

void build_skus(struct build *b)
{
    struct schema_value skus = schema_get(b->top, "skus");
    static const char *const table[] = {"where", "columns", "join", "cost_share"};
    bool file = schema_has(skus, "file"), generate = schema_has(skus, "generate");
    struct build_skus s = {
        .b = b,
        .popularity = g_array_new(FALSE, FALSE, sizeof(double)),
        .ids = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free),
    };
    guint before = b->list->len;

    if (schema_is_list(skus))
        build_skus_list(&s, skus);
    else if (file == generate)
        diagnostic_add(b->list, schema_position(skus),
                       "skus: give a list of products, or one of file and generate");
    else if (file)
        build_skus_file(&s, skus);
    else
        build_skus_generate(&s, schema_get(skus, "generate"));
    for (size_t i = 0; generate && !file && i < G_N_ELEMENTS(table); i++)
        if (schema_has(skus, table[i]))
            diagnostic_add(b->list, schema_position(schema_get(skus, table[i])),
                           "'%s' does not go with 'generate'", table[i]);
    if (s.popularity->len == 0 && b->list->len == before)
        diagnostic_add(b->list, schema_position(skus), "there are no products");
    if (!schema_is_list(skus))
        build_skus_price_changes(b, schema_get(skus, "price_changes"));
    build_skus_rank(&s);
    g_array_unref(s.popularity);
    g_hash_table_unref(s.ids);
}

bool build_skus_assortment(struct build *b, uint32_t count, struct text_position at,
                           omo_assortment *ret_assortment)
{
    gpointer known = g_hash_table_lookup(b->assortments, GUINT_TO_POINTER(count));
    omo_error error = {0};

    if (count == 0 || known != NULL) {
        ret_assortment->index = count == 0 ? OMO_UNLIMITED : GPOINTER_TO_UINT(known) - 1;
        return true;
    }
    if (count > b->sku_count) {
        diagnostic_add(b->list, at, "there are only %u products to stock", b->sku_count);
        return false;
    }
    if (omo_model_add_assortment(b->model, b->ranked, count, ret_assortment, &error) != OMO_OK) {
        build_refused(b, at, &error);
        return false;
    }
    g_hash_table_insert(b->assortments, GUINT_TO_POINTER(count),
                        GUINT_TO_POINTER(ret_assortment->index + 1));
    return true;
}
