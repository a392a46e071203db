/* Sessions, catalogue and carts of the reference service, and which request goes where.
 *
 * The catalogue is made up: a SKU's price is drawn from its name, so that it is the same in each run.
 * Customers pay that price, or the one that a line says (price_cents): promotions are known to who
 * wrote the test and not to this service.
 */
#include "shop_private.h"

#include <string.h>

/* ---- small things ---------------------------------------------------------------------------- */

struct shop_answer shop_refuse(uint32_t status, const char *error, const char *message)
{
    return (struct shop_answer){status,
                                json_pack("{s:s, s:s}", "error", error, "message", message)};
}

const char *shop_text(const json_t *body, const char *key)
{
    return json_string_value(json_object_get(body, key));
}

bool shop_whole(const json_t *body, const char *key, int64_t *ret_whole)
{
    const json_t *value = json_object_get(body, key);

    if (!json_is_integer(value))
        return false;
    *ret_whole = json_integer_value(value);
    return true;
}

int64_t *shop_counter(GHashTable *table, const char *key)
{
    int64_t *counter = g_hash_table_lookup(table, key);

    if (counter == NULL) {
        counter = g_new0(int64_t, 1);
        g_hash_table_insert(table, g_strdup(key), counter);
    }
    return counter;
}

static void member_free(gpointer data)
{
    struct member *member = data;

    g_hash_table_unref(member->coupons);
    g_free(member);
}

struct member *shop_member(struct shop *shop, const char *name)
{
    struct member *member = g_hash_table_lookup(shop->members, name);

    if (member == NULL) {
        member = g_new0(struct member, 1);
        member->coupons = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(shop->members, g_strdup(name), member);
    }
    return member;
}

int64_t *shop_stock(struct shop *shop, const char *place, const char *sku)
{
    g_autofree char *key = g_strdup_printf("%s\n%s", place, sku);
    int64_t *left = g_hash_table_lookup(shop->stock, key);

    if (left == NULL) {
        left = g_new(int64_t, 1);
        *left = shop->options.stock;
        g_hash_table_insert(shop->stock, g_steal_pointer(&key), left);
    }
    return left;
}

int64_t price_cents(const char *sku) { return 100 + g_str_hash(sku) % 9900; }

/* ---- sessions and members -------------------------------------------------------------------- */

static void session_free(gpointer data)
{
    struct session *session = data;

    g_free(session->member);
    g_free(session);
}

static struct shop_answer shop_log_in(struct shop *shop, const struct shop_call *call,
                                      const char *unused)
{
    const char *name = shop_text(call->body, "member");

    (void)unused;
    if (name == NULL || *name == '\0')
        return shop_refuse(400, "bad_request", "a session needs a member");
    struct session *session = g_new(struct session, 1);
    /* Spread by a multiplication, so that a token guessed or cut off is nobody's. */
    char *token = g_strdup_printf("%016" G_GINT64_MODIFIER "x",
                                  (guint64)(++shop->tokens * UINT64_C(0x9E3779B97F4A7C15)));
    session->member = g_strdup(name);
    session->until_us = g_get_monotonic_time() + shop->options.session_for_s * G_USEC_PER_SEC;
    g_hash_table_insert(shop->sessions, token, session);
    shop_member(shop, name);
    return (struct shop_answer){201, json_pack("{s:s, s:s, s:I}", "token", token, "member", name,
                                               "expires_in", shop->options.session_for_s)};
}

static struct shop_answer shop_points(struct shop *shop, const struct shop_call *call,
                                      const char *member)
{
    if (strcmp(member, call->segment[1]) != 0)
        return shop_refuse(403, "forbidden", "another member's points");
    return (struct shop_answer){200, json_pack("{s:s, s:I}", "member", member, "points",
                                               shop_member(shop, member)->points)};
}

static struct shop_answer shop_coupons(struct shop *shop, const struct shop_call *call,
                                       const char *member)
{
    if (strcmp(member, call->segment[1]) != 0)
        return shop_refuse(403, "forbidden", "another member's coupons");
    json_t *list = json_array();
    GHashTableIter iter;
    gpointer name, count;
    g_hash_table_iter_init(&iter, shop_member(shop, member)->coupons);
    while (g_hash_table_iter_next(&iter, &name, &count))
        json_array_append_new(list, json_pack("{s:s, s:I}", "coupon", name, "redeemed",
                                              *(int64_t *)count));
    return (struct shop_answer){200, json_pack("{s:s, s:o}", "member", member, "coupons", list)};
}

/* ---- catalogue ------------------------------------------------------------------------------- */

static json_t *product(const char *sku)
{
    return json_pack("{s:s, s:s, s:I}", "sku", sku, "name", sku, "price_cents", price_cents(sku));
}

static struct shop_answer shop_product(struct shop *shop, const struct shop_call *call,
                                       const char *member)
{
    (void)shop;
    (void)member;
    return (struct shop_answer){200, product(call->segment[1])};
}

static struct shop_answer shop_search(struct shop *shop, const struct shop_call *call,
                                      const char *member)
{
    (void)shop;
    (void)member;
    if (call->query == NULL)
        return shop_refuse(400, "bad_request", "a search needs a query");
    return (struct shop_answer){200, json_pack("{s:[o], s:i}", "products", product(call->query),
                                               "total", 1)};
}

static struct shop_answer shop_shelf(struct shop *shop, const struct shop_call *call,
                                     const char *member)
{
    json_t *body = product(call->segment[3]);

    (void)member;
    json_object_set_new(body, "place", json_string(call->segment[1]));
    json_object_set_new(body, "available",
                        json_integer(*shop_stock(shop, call->segment[1], call->segment[3])));
    return (struct shop_answer){200, body};
}

static struct shop_answer shop_available(struct shop *shop, const struct shop_call *call,
                                         const char *member)
{
    (void)member;
    return (struct shop_answer){200,
                                json_pack("{s:s, s:s, s:I}", "place", call->segment[1], "sku",
                                          call->segment[3], "available",
                                          *shop_stock(shop, call->segment[1], call->segment[3]))};
}

/* ---- carts ----------------------------------------------------------------------------------- */

static void line_clear(gpointer line) { g_free(((struct line *)line)->sku); }

GArray *lines_new(void)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct line));

    g_array_set_clear_func(lines, line_clear);
    return lines;
}

static void cart_free(gpointer data)
{
    struct cart *cart = data;

    g_free(cart->member);
    g_free(cart->coupon);
    g_array_unref(cart->lines);
    g_free(cart);
}

int64_t cart_total_cents(const struct cart *cart)
{
    int64_t total = -cart->discount_cents;

    for (guint i = 0; i < cart->lines->len; i++) {
        const struct line *line = &g_array_index(cart->lines, struct line, i);
        total += line->quantity * line->price_cents;
    }
    return MAX(total, 0);
}

static json_t *cart_json(const char *name, const struct cart *cart)
{
    json_t *lines = json_array();

    for (guint i = 0; i < cart->lines->len; i++) {
        const struct line *line = &g_array_index(cart->lines, struct line, i);
        json_array_append_new(lines, json_pack("{s:s, s:I, s:I}", "sku", line->sku, "quantity",
                                               line->quantity, "price_cents", line->price_cents));
    }
    return json_pack("{s:s, s:o, s:I, s:I}", "cart", name, "lines", lines, "discount_cents",
                     cart->discount_cents, "total_cents", cart_total_cents(cart));
}

static struct shop_answer shop_add_line(struct shop *shop, const struct shop_call *call,
                                        const char *member)
{
    struct cart *cart = g_hash_table_lookup(shop->carts, call->segment[1]);
    const char *sku = shop_text(call->body, "sku");
    struct line line;

    if (sku == NULL || *sku == '\0' || !shop_whole(call->body, "quantity", &line.quantity) ||
        line.quantity < 1 || line.quantity > 1000000)
        return shop_refuse(400, "bad_request", "a line needs sku and quantity");
    if (!shop_whole(call->body, "price_cents", &line.price_cents))
        line.price_cents = price_cents(sku);
    if (line.price_cents < 0 || line.price_cents > 1000000000)
        return shop_refuse(400, "bad_request", "a price of cents, 0 or more");
    if (cart != NULL && strcmp(cart->member, member) != 0)
        return shop_refuse(403, "forbidden", "another member's cart");
    if (cart == NULL) {
        cart = g_new0(struct cart, 1);
        cart->member = g_strdup(member);
        cart->lines = lines_new();
        g_hash_table_insert(shop->carts, g_strdup(call->segment[1]), cart);
    }
    line.sku = g_strdup(sku);
    g_array_append_val(cart->lines, line);
    return (struct shop_answer){201, cart_json(call->segment[1], cart)};
}

/* A tenth off. */
static struct shop_answer shop_apply_coupon(struct shop *shop, const struct shop_call *call,
                                            const char *member)
{
    struct cart *cart = g_hash_table_lookup(shop->carts, call->segment[1]);
    const char *coupon = shop_text(call->body, "coupon");

    if (coupon == NULL || *coupon == '\0')
        return shop_refuse(400, "bad_request", "which coupon?");
    if (cart == NULL)
        return shop_refuse(404, "no_such_cart", "the cart is empty or was ordered");
    if (strcmp(cart->member, member) != 0)
        return shop_refuse(403, "forbidden", "another member's cart");
    if (cart->coupon != NULL && strcmp(cart->coupon, coupon) != 0)
        return shop_refuse(409, "coupon_refused", "the cart has another coupon");
    if (cart->coupon == NULL) {
        int64_t *redeemed = shop_counter(shop->coupons, coupon);
        if (*redeemed >= shop->options.coupons)
            return shop_refuse(410, "coupon_used_up", "nothing is left of this coupon");
        ++*redeemed;
        ++*shop_counter(shop_member(shop, member)->coupons, coupon);
        cart->coupon = g_strdup(coupon);
        cart->discount_cents = cart_total_cents(cart) / 10;
    }
    return (struct shop_answer){201, cart_json(call->segment[1], cart)};
}

/* ---- where requests go ----------------------------------------------------------------------- */

enum who { ANYONE, MEMBER, CLERK };

static const struct route {
    const char *method;
    const char *segment[SHOP_SEGMENTS_MAX]; /* "*" = any */
    enum who who;
    shop_handler *handler;
} routes[] = {
    {"POST", {"sessions"}, ANYONE, shop_log_in},
    {"GET", {"products"}, ANYONE, shop_search},
    {"GET", {"products", "*"}, ANYONE, shop_product},
    {"GET", {"places", "*", "products", "*"}, ANYONE, shop_shelf},
    {"GET", {"places", "*", "stock", "*"}, ANYONE, shop_available},
    {"POST", {"carts", "*", "lines"}, MEMBER, shop_add_line},
    {"POST", {"carts", "*", "coupons"}, MEMBER, shop_apply_coupon},
    {"POST", {"orders"}, MEMBER, shop_check_out},
    {"POST", {"orders", "*", "payments"}, MEMBER, shop_pay},
    {"POST", {"orders", "*", "cancellation"}, MEMBER, shop_cancel},
    {"GET", {"members", "*", "points"}, MEMBER, shop_points},
    {"GET", {"members", "*", "coupons"}, MEMBER, shop_coupons},
    {"GET", {"orders", "*", "pick-list"}, CLERK, shop_pick_list},
    {"POST", {"orders", "*", "picks"}, CLERK, shop_pick},
    {"POST", {"orders", "*", "ready"}, CLERK, shop_ready},
    {"POST", {"orders", "*", "collections"}, CLERK, shop_hand_over},
    {"POST", {"orders", "*", "deliveries"}, CLERK, shop_hand_over},
    {"POST", {"orders", "*", "returns"}, CLERK, shop_take_back},
    {"POST", {"sales"}, CLERK, shop_sell},
};

static bool route_fits(const struct route *route, const struct shop_call *call)
{
    uint32_t count = 0;

    for (; count < SHOP_SEGMENTS_MAX && route->segment[count] != NULL; count++)
        if (count >= call->segment_count ||
            (route->segment[count][0] != '*' &&
             strcmp(route->segment[count], call->segment[count]) != 0))
            return false;
    return count == call->segment_count;
}

static struct shop_answer shop_route(struct shop *shop, const struct shop_call *call)
{
    const struct session *session =
        call->token != NULL ? g_hash_table_lookup(shop->sessions, call->token) : NULL;
    bool known = false;

    for (size_t i = 0; i < G_N_ELEMENTS(routes); i++) {
        const struct route *route = &routes[i];
        if (!route_fits(route, call))
            continue;
        known = true;
        if (strcmp(route->method, call->method) != 0)
            continue;
        if (route->who == MEMBER && (session == NULL || session->until_us < g_get_monotonic_time()))
            return shop_refuse(401, "no_session", "log in first, or again");
        if (route->who == CLERK && (call->clerk == NULL || *call->clerk == '\0'))
            return shop_refuse(401, "no_clerk", "for clerks: Authorization: Clerk PLACE");
        if (strcmp(route->method, "POST") == 0 && call->body == NULL &&
            route->handler != shop_cancel)
            return shop_refuse(400, "bad_request", "the body must be a JSON object");
        return route->handler(shop, call, session != NULL ? session->member : NULL);
    }
    return known ? shop_refuse(405, "no_such_method", "the path has no such method")
                 : shop_refuse(404, "no_such_path", "there is nothing here");
}

/* ---- the whole ------------------------------------------------------------------------------- */

static GHashTable *table_new(GDestroyNotify free_value)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_value);
}

struct shop *shop_new(const struct shop_options *options)
{
    struct shop *shop = g_new0(struct shop, 1);

    shop->options = *options;
    pthread_mutex_init(&shop->lock, NULL);
    shop->sessions = table_new(session_free);
    shop->members = table_new(member_free);
    shop->carts = table_new(cart_free);
    shop->orders = table_new(order_free);
    shop->stock = table_new(g_free);
    shop->coupons = table_new(g_free);
    shop->sales = table_new(g_free);
    return shop;
}

void shop_free(struct shop *shop)
{
    g_hash_table_unref(shop->sessions);
    g_hash_table_unref(shop->members);
    g_hash_table_unref(shop->carts);
    g_hash_table_unref(shop->orders);
    g_hash_table_unref(shop->stock);
    g_hash_table_unref(shop->coupons);
    g_hash_table_unref(shop->sales);
    pthread_mutex_destroy(&shop->lock);
    g_free(shop);
}

struct shop_answer shop_ask(struct shop *shop, const struct shop_call *call)
{
    pthread_mutex_lock(&shop->lock);
    struct shop_answer answer = shop_route(shop, call);
    shop->calls++;
    pthread_mutex_unlock(&shop->lock);
    return answer;
}

json_t *shop_books(struct shop *shop)
{
    int64_t low = shop->options.stock;
    GHashTableIter iter;
    gpointer left;

    pthread_mutex_lock(&shop->lock);
    g_hash_table_iter_init(&iter, shop->stock);
    while (g_hash_table_iter_next(&iter, NULL, &left))
        low = MIN(low, *(int64_t *)left);
    json_t *books =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "calls", (json_int_t)shop->calls,
                  "sessions", (json_int_t)shop->tokens, "orders",
                  (json_int_t)g_hash_table_size(shop->orders), "cancelled",
                  (json_int_t)shop->cancelled, "sold_out", (json_int_t)shop->refused_sold_out,
                  "units_sold", (json_int_t)shop->units_sold, "paid_cents",
                  (json_int_t)shop->paid_cents, "lowest_stock", (json_int_t)low);
    pthread_mutex_unlock(&shop->lock);
    return books;
}
