/* Names for books that are read one by one: a request for each SKU, place, position, member or coupon
 * that the run touches, not for each that the service has.
 *
 * A plan has millions of steps and mostly the same names, so what comes first is a set of numbers:
 * two hash look-ups a step, 24 bytes a different position. Texts are made once for each new name.
 */
#include "replay/audit/read.h"

#include <omosim/plan.h>

enum name_kind { NAME_SKU, NAME_PLACE, NAME_MEMBER, NAME_COUPON, NAME_KIND_COUNT };

struct collector {
    struct audit_names *names;
    GHashTable *seen[NAME_KIND_COUNT]; /* number in the source -> number in the Intern, + 1 */
    GHashTable *positions;             /* place << 32 | sku, numbers in the Intern */
};

/* Finalizer of MurmurHash3 (Appleby, public domain): GLib's own hash of a pointer drops its upper
 * half, where places are. */
static guint hash_key(gconstpointer key)
{
    uint64_t x = (uint64_t)(uintptr_t)key;

    x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
    x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (guint)(x ^ x >> 33);
}

static void collector_begin(struct collector *c)
{
    c->names = g_new0(struct audit_names, 1);
    c->names->skus = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    c->names->places = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    c->names->members = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    c->names->coupons = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    c->names->positions = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (int kind = 0; kind < NAME_KIND_COUNT; kind++)
        c->seen[kind] = g_hash_table_new(hash_key, g_direct_equal);
    c->positions = g_hash_table_new(hash_key, g_direct_equal);
}

static struct audit_names *collector_end(struct collector *c)
{
    for (int kind = 0; kind < NAME_KIND_COUNT; kind++)
        g_hash_table_unref(c->seen[kind]);
    g_hash_table_unref(c->positions);
    return c->names;
}

static GArray *list_of(const struct collector *c, enum name_kind kind)
{
    GArray *const lists[] = {c->names->skus, c->names->places, c->names->members,
                             c->names->coupons};

    return lists[kind];
}

/* Whether it was met before; then *ret_text is its number in the Intern. */
static bool collector_knows(const struct collector *c, enum name_kind kind, uint64_t number,
                            uint32_t *ret_text)
{
    gpointer text = NULL;

    if (!g_hash_table_lookup_extended(c->seen[kind], (gpointer)(uintptr_t)number, NULL, &text))
        return false;
    *ret_text = (uint32_t)(uintptr_t)text;
    return true;
}

/* A new one. Two numbers of the source may have one text: it is listed twice then, at the cost of a
 * request. */
static uint32_t collector_add(struct collector *c, enum name_kind kind, uint64_t number,
                              uint32_t text)
{
    g_hash_table_insert(c->seen[kind], (gpointer)(uintptr_t)number, (gpointer)(uintptr_t)text);
    if (text != INTERN_NONE)
        g_array_append_val(list_of(c, kind), text);
    return text;
}

static void collector_add_position(struct collector *c, uint32_t place, uint32_t sku)
{
    const gpointer key = (gpointer)(uintptr_t)((uint64_t)place << 32 | sku);

    if (place == INTERN_NONE || sku == INTERN_NONE || !g_hash_table_add(c->positions, key))
        return;
    g_array_append_val(c->names->positions, place);
    g_array_append_val(c->names->positions, sku);
}

/* ---- of a plan ------------------------------------------------------------------------------- */

static uint32_t plan_text(struct collector *c, enum name_kind kind, const Plan *plan,
                          enum plan_name list, uint32_t number, Intern *texts)
{
    uint32_t text = INTERN_NONE;

    if (collector_knows(c, kind, number, &text))
        return text;
    return collector_add(c, kind, number, intern_put(texts, plan_name(plan, list, number), -1));
}

static void add_step(struct collector *c, const Plan *plan, const omo_plan_journey *journey,
                     const omo_plan_step *step, Intern *texts)
{
    const uint32_t at = step->place != OMO_PLAN_NONE ? step->place : journey->place;
    uint32_t sku = INTERN_NONE, place = INTERN_NONE;

    if (step->sku != OMO_PLAN_NONE)
        sku = plan_text(c, NAME_SKU, plan, PLAN_SKU, step->sku, texts);
    if (at != OMO_PLAN_NONE)
        place = plan_text(c, NAME_PLACE, plan, PLAN_PLACE, at, texts);
    if (step->coupon != OMO_PLAN_NO_COUPON)
        plan_text(c, NAME_COUPON, plan, PLAN_COUPON, step->coupon, texts);
    collector_add_position(c, place, sku);
}

struct audit_names *audit_names_of_plan(const Plan *plan, const ApiMap *map, int64_t from_us,
                                        int64_t to_us, Intern *texts)
{
    struct collector c;
    struct plan_cursor cursor = plan_begin(plan);
    bool sent[STEP_COUNT + 1] = {false};
    const omo_plan_journey *journey;
    uint32_t ignored = 0;

    for (uint32_t kind = 0; kind < STEP_COUNT; kind++) {
        uint32_t count = 0;
        api_step_requests(map, kind, &count);
        sent[kind] = count > 0;
    }
    collector_begin(&c);
    while ((journey = plan_next(plan, &cursor)) != NULL && journey->at_us < to_us) {
        const omo_plan_step *step = plan_first_step(journey);
        if (journey->at_us < from_us)
            continue;
        if (journey->member != 0 && !collector_knows(&c, NAME_MEMBER, journey->member, &ignored))
            collector_add(&c, NAME_MEMBER, journey->member,
                          intern_put_number(texts, journey->member));
        for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step))
            if (sent[plan_step_kind(plan, step->kind)])
                add_step(&c, plan, journey, step, texts);
    }
    return collector_end(&c);
}

/* ---- of a history ---------------------------------------------------------------------------- */

static void add_row(struct collector *c, const History *history, const struct record_row *row,
                    Intern *texts)
{
    uint32_t sku = INTERN_NONE, place = INTERN_NONE, ignored = 0;

    if (row->sku != OMO_PLAN_NONE && !collector_knows(c, NAME_SKU, row->sku, &sku))
        sku = collector_add(c, NAME_SKU, row->sku, history_sku(history, row->sku));
    if (row->place != OMO_PLAN_NONE && !collector_knows(c, NAME_PLACE, row->place, &place))
        place = collector_add(c, NAME_PLACE, row->place, history_place(history, row->place));
    if (row->coupon != OMO_PLAN_NO_COUPON &&
        !collector_knows(c, NAME_COUPON, row->coupon, &ignored))
        collector_add(c, NAME_COUPON, row->coupon, history_coupon(history, row->coupon));
    if (row->member != 0 && !collector_knows(c, NAME_MEMBER, row->member, &ignored))
        collector_add(c, NAME_MEMBER, row->member, intern_put_number(texts, row->member));
    collector_add_position(c, place, sku);
}

static bool is_listed(const GArray *list, uint32_t text)
{
    for (guint i = 0; i < list->len; i++) /* O(n) in coupons, of which there are few */
        if (g_array_index(list, uint32_t, i) == text)
            return true;
    return false;
}

static void add_books(struct collector *c, const Books *before)
{
    const union book_value *place =
        books_column(before, BOOK_stock, book_column_find(BOOK_stock, "place"));
    const union book_value *sku =
        books_column(before, BOOK_stock, book_column_find(BOOK_stock, "sku"));
    const union book_value *coupon =
        books_column(before, BOOK_coupons, book_column_find(BOOK_coupons, "coupon"));

    for (uint32_t i = 0; i < books_row_count(before, BOOK_stock); i++)
        collector_add_position(c, place[i].text, sku[i].text);
    for (uint32_t i = 0; i < books_row_count(before, BOOK_coupons); i++)
        if (!is_listed(c->names->coupons, coupon[i].text))
            g_array_append_val(c->names->coupons, coupon[i].text);
}

struct audit_names *audit_names_of_history(History *history, const Books *before)
{
    struct collector c;
    uint64_t count = 0;
    const struct record_row *rows = history_rows(history, &count);

    collector_begin(&c);
    for (uint64_t i = 0; i < count; i++)
        add_row(&c, history, &rows[i], history_texts(history));
    add_books(&c, before);
    return collector_end(&c);
}

void audit_names_free(struct audit_names *names)
{
    if (names == NULL)
        return;
    g_array_unref(names->skus);
    g_array_unref(names->places);
    g_array_unref(names->members);
    g_array_unref(names->coupons);
    g_array_unref(names->positions);
    g_free(names);
}
