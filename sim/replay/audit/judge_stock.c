/* Positions: what was there, as the book of stock says before and after the run.
 *
 * A position's supply is what could be sold when the run began. Where the book says so twice
 * (available, and on hand less reserved) the larger counts, and units that were reserved before count
 * too as far as their orders may have been given up since. A position that the book before the run
 * lacks has no supply, if the book was read whole; but a book with a column `opening` may list those
 * alone that were touched, and what is lacking before the run is then as it was opened.
 *
 * Over all places a SKU has a position as well; its numbers are sums. A book of stock without places
 * has those alone.
 */
#include "replay/audit/judge.h"

#define FOREVER INT64_MIN

static void level_add(int64_t *sum, int64_t number, bool is_first)
{
    if (is_first)
        *sum = number;
    else
        *sum =
            *sum == BOOKS_NO_NUMBER || number == BOOKS_NO_NUMBER ? BOOKS_NO_NUMBER : *sum + number;
}

static void level_sum(struct judge_level *sum, const struct judge_level *level)
{
    const bool is_first = !sum->is_there;

    level_add(&sum->on_hand, level->on_hand, is_first);
    level_add(&sum->reserved, level->reserved, is_first);
    level_add(&sum->available, level->available, is_first);
    level_add(&sum->opening, level->opening, is_first);
    sum->is_there = true;
}

uint32_t judge_position_put(struct judge *judge, uint32_t place, uint32_t sku)
{
    gpointer key = judge_pair(place, sku);
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(judge->position_of, key));
    struct judge_position position = {.place = place, .sku = sku, .supply = BOOKS_NO_NUMBER};

    if (found == 0) {
        if (place != INTERN_NONE)
            judge_position_put(judge, INTERN_NONE, sku);
        g_array_append_val(judge->positions, position);
        found = judge->positions->len;
        g_hash_table_insert(judge->position_of, key, GUINT_TO_POINTER(found));
    }
    return found - 1;
}

uint32_t judge_position_find(const struct judge *judge, uint32_t place, uint32_t sku)
{
    const guint found =
        GPOINTER_TO_UINT(g_hash_table_lookup(judge->position_of, judge_pair(place, sku)));

    return found > 0 ? found - 1 : JUDGE_NONE;
}

void judge_each_position(const struct judge *judge, judge_position_check *check, const void *user,
                         struct audit_result *result)
{
    g_autofree bool *is_told = g_new0(bool, judge->positions->len + 1);

    for (int over_all = 0; over_all < 2; over_all++)
        for (guint i = 0; i < judge->positions->len; i++) {
            const struct judge_position *position = judge_position(judge, i);
            const bool is_sum = position->place == INTERN_NONE;
            if (is_sum != (over_all == 1) || is_told[i])
                continue;
            if (check(judge, i, user, result) && !is_sum)
                is_told[judge_position_find(judge, INTERN_NONE, position->sku)] = true;
        }
}

char *judge_position_text(const struct judge *judge, const struct judge_position *position)
{
    if (position->place == INTERN_NONE)
        return g_strdup_printf("SKU %s%s", intern_text(judge->texts, position->sku),
                               judge->has_places ? " over all places" : "");
    return g_strdup_printf("SKU %s at %s", intern_text(judge->texts, position->sku),
                           intern_text(judge->texts, position->place));
}

static void read_levels(struct judge *judge, const Books *books, bool is_before)
{
    for (uint32_t row = 0; row < books_row_count(books, BOOK_stock); row++) {
        const struct judge_level level = {.is_there = true,
                                          .on_hand = JUDGE_NUMBER(books, stock, on_hand, row),
                                          .reserved = JUDGE_NUMBER(books, stock, reserved, row),
                                          .available = JUDGE_NUMBER(books, stock, available, row),
                                          .opening = JUDGE_NUMBER(books, stock, opening, row)};
        const uint32_t place = JUDGE_TEXT(books, stock, place, row);
        const uint32_t at = judge_position_put(judge, place, JUDGE_TEXT(books, stock, sku, row));
        const uint32_t over_all =
            judge_position_put(judge, INTERN_NONE, JUDGE_TEXT(books, stock, sku, row));
        struct judge_position *position = judge_position(judge, at);
        struct judge_position *sum = judge_position(judge, over_all);

        level_sum(is_before ? &position->before : &position->after, &level);
        if (place != INTERN_NONE)
            level_sum(is_before ? &sum->before : &sum->after, &level);
    }
}

/* What the book before the run would have said of positions that it lacks. */
static void read_openings(struct judge *judge)
{
    for (guint i = 0; i < judge->positions->len; i++) {
        struct judge_position *position = judge_position(judge, i);
        const int64_t opening = position->after.opening;
        const struct judge_level level =
            {.is_there = true,
             .on_hand = JUDGE_HAS(judge->after, stock, on_hand) ? opening : BOOKS_NO_NUMBER,
             .reserved = JUDGE_HAS(judge->after, stock, reserved) ? 0 : BOOKS_NO_NUMBER,
             .available = JUDGE_HAS(judge->after, stock, available) ? opening : BOOKS_NO_NUMBER,
             .opening = opening};
        if (!position->after.is_there || position->before.is_there || opening == BOOKS_NO_NUMBER ||
            (position->place == INTERN_NONE && judge->has_places))
            continue;
        position->before = level;
        if (position->place != INTERN_NONE)
            level_sum(&judge_position(judge, judge_position_find(judge, INTERN_NONE, position->sku))
                           ->before,
                      &level);
    }
}

/* Units reserved before the run whose orders may have been given up meanwhile: all of them but those
 * of orders that still stand. */
static int64_t possibly_released(const struct judge *judge, const struct judge_position *position,
                                 GHashTable *kept)
{
    const int64_t reserved = position->before.reserved;

    if (reserved == BOOKS_NO_NUMBER || reserved <= 0)
        return 0;
    const gpointer key = judge_pair(position->place, position->sku);
    const int64_t still = (int64_t)(gssize)GPOINTER_TO_SIZE(g_hash_table_lookup(kept, key));
    return judge->has_places || position->place == INTERN_NONE ? MAX(0, reserved - still)
                                                               : reserved;
}

static void keep(GHashTable *kept, uint32_t place, uint32_t sku, int64_t units)
{
    gpointer key = judge_pair(place, sku);
    const gsize sum = GPOINTER_TO_SIZE(g_hash_table_lookup(kept, key)) + (gsize)units;

    g_hash_table_insert(kept, key, GSIZE_TO_POINTER(sum));
}

/* Units that standing orders from before the run still hold. */
static GHashTable *units_kept(const struct judge *judge)
{
    GHashTable *kept = g_hash_table_new(judge_pair_hash, g_direct_equal);
    const Books *books = judge->after;

    for (uint32_t row = 0; row < books_row_count(books, BOOK_orders); row++) {
        if (!judge->book_is_old[row] || JUDGE_FLAG(books, orders, cancelled, row))
            continue;
        for (uint32_t line = judge->line_first[row]; line < judge->line_first[row + 1]; line++) {
            const int64_t gone = JUDGE_NUMBER(books, order_lines, handed_over, line);
            const int64_t units = JUDGE_NUMBER(books, order_lines, quantity, line) -
                                  (gone == BOOKS_NO_NUMBER ? 0 : gone);
            const uint32_t place = JUDGE_TEXT(books, order_lines, place, line);
            const uint32_t sku = JUDGE_TEXT(books, order_lines, sku, line);
            if (units <= 0)
                continue;
            keep(kept, INTERN_NONE, sku, units);
            if (place != INTERN_NONE)
                keep(kept, place, sku, units);
        }
    }
    return kept;
}

static int64_t supply_of(const struct judge *judge, const struct judge_position *position,
                         GHashTable *kept)
{
    const struct judge_level *level = &position->before;
    int64_t supply = BOOKS_NO_NUMBER;

    if (!level->is_there)
        return BOOKS_NO_NUMBER;
    if (level->on_hand != BOOKS_NO_NUMBER)
        supply = level->on_hand - (level->reserved == BOOKS_NO_NUMBER ? 0 : level->reserved);
    if (level->available != BOOKS_NO_NUMBER)
        supply = MAX(supply, level->available);
    if (supply == BOOKS_NO_NUMBER)
        supply = level->opening;
    return supply == BOOKS_NO_NUMBER ? supply : supply + possibly_released(judge, position, kept);
}

/* Adds a place's supply to that of the SKU over all places: the sum of what is known of each. A place
 * that is in the book without a number (a SKU that is not counted there) has as many as anybody
 * wants, and so have all places together. */
static void add_supply(struct judge *judge, const struct judge_position *position, bool *is_endless)
{
    const uint32_t at = judge_position_find(judge, INTERN_NONE, position->sku);
    struct judge_position *sum = judge_position(judge, at);

    if (position->supply == BOOKS_NO_NUMBER)
        is_endless[at] |= position->before.is_there;
    else
        level_add(&sum->supply, position->supply, sum->supply == BOOKS_NO_NUMBER);
    if (is_endless[at])
        sum->supply = BOOKS_NO_NUMBER;
}

static void make_supply(struct judge *judge)
{
    g_autofree bool *is_endless = g_new0(bool, judge->positions->len + 1);
    GHashTable *kept = units_kept(judge);

    for (guint i = 0; i < judge->positions->len; i++) {
        struct judge_position *position = judge_position(judge, i);
        if (position->place == INTERN_NONE && judge->has_places)
            continue;
        position->supply = supply_of(judge, position, kept);
        if (!position->before.is_there && judge->stock_is_whole)
            position->supply = 0;
        if (position->place != INTERN_NONE)
            add_supply(judge, position, is_endless);
    }
    g_hash_table_unref(kept);
}

/* Units that came by movements that are nobody's order or sale: deliveries to the shop, transfers.
 * They count from the beginning, since a ledger's rows have no time here. */
static void add_receipts(struct judge *judge, const Books *books, int64_t sign)
{
    if (!books_has(judge->before, BOOK_movements) || !books_has(judge->after, BOOK_movements))
        return;
    for (uint32_t row = 0; row < books_row_count(books, BOOK_movements); row++) {
        const int64_t units = JUDGE_NUMBER(books, movements, quantity, row);
        const uint32_t name = JUDGE_TEXT(books, movements, order, row);
        const uint32_t place = JUDGE_TEXT(books, movements, place, row);
        const uint32_t sku = JUDGE_TEXT(books, movements, sku, row);
        struct judge_release release = {.from_us = FOREVER, .units = units * sign};

        if (units <= 0 || judge_named_order(judge, name) != JUDGE_NONE ||
            judge_named_row(judge, name) != JUDGE_NONE)
            continue;
        release.position = judge_position_put(judge, INTERN_NONE, sku);
        g_array_append_val(judge->releases, release);
        if (place == INTERN_NONE)
            continue;
        release.position = judge_position_put(judge, place, sku);
        g_array_append_val(judge->releases, release);
    }
}

static bool is_whole(const struct judge *judge)
{
    const ApiMap *map = judge->input->map;

    if (!books_has(judge->before, BOOK_stock) || JUDGE_HAS(judge->after, stock, opening))
        return false;
    for (uint32_t i = 0; i < api_book_request_count(map, BOOK_stock); i++)
        if (api_book_each(map, BOOK_stock, i) != API_EACH_ONCE &&
            api_book_each(map, BOOK_stock, i) != API_EACH_SKU)
            return false;
    return true;
}

int64_t judge_slack(const struct judge *judge, const struct judge_position *position)
{
    const struct judge_position *over_all =
        judge_position(judge, judge_position_find(judge, INTERN_NONE, position->sku));

    if (judge->has_unknown_open)
        return INT64_MAX / 4;
    return position->open_units + (position->place != INTERN_NONE ? over_all->open_anywhere : 0);
}

static int holds_compare(gconstpointer a, gconstpointer b)
{
    const struct judge_hold *one = a, *other = b;

    if (one->position != other->position)
        return one->position < other->position ? -1 : 1;
    if (one->from_us != other->from_us)
        return one->from_us < other->from_us ? -1 : 1;
    return one->order < other->order ? -1 : one->order > other->order;
}

static int releases_compare(gconstpointer a, gconstpointer b)
{
    const struct judge_release *one = a, *other = b;

    if (one->position != other->position)
        return one->position < other->position ? -1 : 1;
    return one->from_us < other->from_us ? -1 : one->from_us > other->from_us;
}

static void index_positions(struct judge *judge)
{
    g_array_sort(judge->holds, holds_compare);
    g_array_sort(judge->releases, releases_compare);
    for (guint i = judge->holds->len; i-- > 0;) {
        struct judge_position *position =
            judge_position(judge, g_array_index(judge->holds, struct judge_hold, i).position);
        position->hold_first = i;
        position->hold_count++;
    }
    for (guint i = judge->releases->len; i-- > 0;) {
        struct judge_position *position =
            judge_position(judge, g_array_index(judge->releases, struct judge_release, i).position);
        position->release_first = i;
        position->release_count++;
    }
}

void judge_make_stock(struct judge *judge)
{
    judge->positions = g_array_new(FALSE, FALSE, sizeof(struct judge_position));
    judge->position_of = g_hash_table_new(judge_pair_hash, g_direct_equal);
    judge->holds = g_array_new(FALSE, FALSE, sizeof(struct judge_hold));
    judge->releases = g_array_new(FALSE, FALSE, sizeof(struct judge_release));
    judge->has_places =
        JUDGE_HAS(judge->before, stock, place) || JUDGE_HAS(judge->after, stock, place);
    judge->stock_is_whole = is_whole(judge);
    read_levels(judge, judge->before, true);
    read_levels(judge, judge->after, false);
    read_openings(judge);
    make_supply(judge);
    judge_make_holds(judge);
    add_receipts(judge, judge->after, 1);
    add_receipts(judge, judge->before, -1);
    for (guint i = 0; i < judge->positions->len; i++)
        if (!judge_position(judge, i)->before.is_there && judge->stock_is_whole)
            judge_position(judge, i)->supply = 0;
    index_positions(judge);
}
