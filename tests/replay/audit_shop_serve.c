/* The service: what each request does, and what it is answered; and its bugs. */
#include "replay/audit_shop_private.h"

int64_t shop_roll(struct shop *s, int64_t low, int64_t high)
{
    return g_rand_int_range(s->rand, (gint32)low, (gint32)high + 1);
}

bool shop_bug(const struct shop *s, enum shop_bug bug)
{
    return s->options->bug == bug && s->bug_left;
}

bool shop_bug_once(struct shop *s, enum shop_bug wanted)
{
    if (!shop_bug(s, wanted))
        return false;
    s->bug_left = false;
    s->did = s->touched = true;
    return true;
}

static void tell(struct answer *a, enum telling what, int64_t value)
{
    a->told[what] = value;
    a->what |= 1u << what;
}

void shop_move(struct shop *s, uint64_t order, uint32_t place, uint32_t sku, int64_t units)
{
    const struct shop_movement movement = {order, place, sku, units};

    if (!shop_bug_once(s, SHOP_BUG_lose_movement))
        g_array_append_val(s->movements, movement);
}

static struct answer refuse(uint16_t status) { return (struct answer){true, status, {0}, 0}; }

static struct answer place_told(const struct shop_order *o)
{
    struct answer a = {false, 201, {0}, 0};

    tell(&a, TELLING_total, o->total);
    tell(&a, TELLING_discount, o->discount);
    tell(&a, TELLING_points_spent, o->spent);
    return a;
}

static bool is_there(struct shop *s, const struct shop_order *o)
{
    for (uint32_t sku = 0; sku < SKUS; sku++)
        if (o->cart[sku] > s->on_hand[o->place][sku] - s->reserved[o->place][sku])
            return false;
    return true;
}

static void redeem_with(struct shop *s, struct shop_order *o)
{
    const bool may = s->redeemed < BUDGET && s->redeemed_by[o->member - 1] == 0;

    if (!o->wants_coupon || (!may && !shop_bug(s, SHOP_BUG_coupon_again)))
        return;
    s->touched |= !may;
    o->has_coupon = true;
    o->discount = 10;
    s->redeemed++;
    s->redeemed_by[o->member - 1]++;
    s->counted += !shop_bug_once(s, SHOP_BUG_coupon_count);
}

static struct answer do_place(struct shop *s, struct shop_order *o)
{
    int64_t units = 0;

    if (o->rows > 0) {
        o->rows += shop_bug_once(s, SHOP_BUG_order_twice);
        return place_told(o);
    }
    for (uint32_t sku = 0; sku < SKUS; sku++)
        units += o->cart[sku];
    if (units == 0)
        return refuse(409);
    if (!is_there(s, o) && !shop_bug(s, SHOP_BUG_oversell)) {
        s->touched |= shop_bug(s, SHOP_BUG_keep_refused);
        o->is_kept_refused |= shop_bug(s, SHOP_BUG_keep_refused);
        return refuse(409);
    }
    s->touched |= !is_there(s, o);
    o->rows = 1;
    for (uint32_t sku = 0; sku < SKUS; sku++) {
        o->quantity[sku] = o->cart[sku];
        o->price[sku] = o->shown[sku] > 0 ? o->shown[sku] : s->price[sku];
        if (o->quantity[sku] > 0 && shop_bug_once(s, SHOP_BUG_other_price))
            o->price[sku] += 7;
        s->reserved[o->place][sku] += o->quantity[sku];
        o->total += o->quantity[sku] * o->price[sku];
    }
    redeem_with(s, o);
    o->total -= o->discount;
    o->spent = MAX(0, MIN(s->points[o->member - 1], shop_roll(s, 0, 3)));
    s->points[o->member - 1] -= o->spent;
    return place_told(o);
}

static struct answer do_pay(struct shop *s, struct shop_order *o)
{
    struct answer a = {false, 200, {0}, 0};
    int64_t *points = &s->points[o->member - 1];

    o->payments++;
    if (o->rows == 0 || o->is_cancelled)
        return refuse(o->rows == 0 ? 404 : 409);
    if (!o->is_paid) {
        o->is_paid = true;
        o->paid = o->total;
        if (shop_bug_once(s, SHOP_BUG_charge_more)) {
            o->paid += 3;
            s->victim = o;
        }
        o->earned = o->total / 100 + 1;
        s->unread[o->member - 1] = *points;
        *points += shop_bug_once(s, SHOP_BUG_lose_points) ? 0 : o->earned;
    }
    tell(&a, TELLING_paid, o->total);
    tell(&a, TELLING_points_earned, o->earned);
    return a;
}

/* By its customer, or by the service when nobody paid. */
void shop_give_up(struct shop *s, struct shop_order *o)
{
    o->is_cancelled = o->was_changed = true;
    for (uint32_t sku = 0; sku < SKUS; sku++)
        s->reserved[o->place][sku] -= o->quantity[sku];
    if (shop_bug(s, SHOP_BUG_leak_reservation) || shop_bug(s, SHOP_BUG_leak_cancelled)) {
        s->did = s->touched = true;
        s->bug_left = false;
        for (uint32_t sku = 0; sku < SKUS; sku++)
            s->reserved[o->place][sku] += o->quantity[sku];
    }
    o->paid = o->paid > 0 && shop_bug_once(s, SHOP_BUG_keep_money) ? o->paid : 0;
    if (o->has_coupon) {
        s->redeemed--;
        s->counted--;
        s->redeemed_by[o->member - 1]--;
    }
    s->points[o->member - 1] += o->spent - o->earned;
}

static struct answer do_cancel(struct shop *s, struct shop_order *o)
{
    struct answer a = {false, 200, {0}, 0};

    if (o->rows == 0)
        return refuse(404);
    if (o->is_cancelled || o->handed_over[0] + o->handed_over[1] > 0)
        return refuse(409);
    if (shop_bug_once(s, SHOP_BUG_forget_cancel)) {
        s->victim = o;
    } else {
        shop_give_up(s, o);
        tell(&a, TELLING_points_earned, o->spent);
        tell(&a, TELLING_points_spent, o->earned);
    }
    return a;
}

static struct answer do_collect(struct shop *s, struct shop_order *o)
{
    if (o->rows == 0 || !o->is_paid || o->is_cancelled || o->handed_over[0] + o->handed_over[1] > 0)
        return refuse(409);
    for (uint32_t sku = 0; sku < SKUS; sku++) {
        o->handed_over[sku] = o->quantity[sku];
        s->on_hand[o->place][sku] -= o->quantity[sku];
        s->reserved[o->place][sku] -= o->quantity[sku];
        if (o->quantity[sku] > 0)
            shop_move(s, o->order, o->place, sku, -o->quantity[sku]);
    }
    return (struct answer){false, 200, {0}, 0};
}

static struct answer do_take_back(struct shop *s, struct shop_order *o, const struct call *call)
{
    if (call->units > o->handed_over[call->sku] - o->returned[call->sku])
        return refuse(409);
    o->returned[call->sku] += call->units;
    o->was_changed = true;
    s->on_hand[call->place][call->sku] += call->units;
    shop_move(s, o->order, call->place, call->sku, call->units);
    return (struct answer){false, 200, {0}, 0};
}

static struct answer do_sell(struct shop *s, const struct shop_order *o, const struct call *call)
{
    struct shop_sale sale = {s->now, o->order, call->place, call->sku, call->units};
    const int64_t left = s->on_hand[call->place][call->sku] - s->reserved[call->place][call->sku];

    for (guint i = 0; i < s->sales->len; i++) {
        const struct shop_sale *other = &g_array_index(s->sales, struct shop_sale, i);
        if (other->sale == sale.sale && other->sku == sale.sku) {
            return (struct answer){false, 200, {0}, 0};
        }
    }
    if (left < call->units && !shop_bug(s, SHOP_BUG_oversell_at_till))
        return refuse(409);
    s->touched |= left < call->units;
    s->on_hand[call->place][call->sku] -= call->units;
    shop_move(s, o->order, call->place, call->sku, -call->units);
    if (!shop_bug_once(s, SHOP_BUG_lose_sale))
        g_array_append_val(s->sales, sale);
    if (shop_bug_once(s, SHOP_BUG_sell_twice))
        g_array_append_val(s->sales, sale);
    return (struct answer){false, 201, {0}, 0};
}

/* Whether some unit was sold at a till and acknowledged before this request was sent, and none came. */
static bool was_sold_before(const struct shop *s, uint32_t place, uint32_t sku)
{
    bool was = false;

    for (guint i = 0; i < s->sales->len; i++) {
        const struct shop_sale *sale = &g_array_index(s->sales, struct shop_sale, i);
        was |= sale->place == place && sale->sku == sku && sale->at + 8 < s->sent;
    }
    return was && s->supply[place][sku] == s->stale[place][sku];
}

/* A price that an order was shown is kept for it. */
static struct answer do_read(struct shop *s, struct shop_order *o, const struct call *call)
{
    const uint32_t place = call->place, sku = call->sku;
    const int64_t left = s->on_hand[place][sku] - s->reserved[place][sku];
    struct answer a = {false, 200, {0}, 0};

    if (call->step == STEP_browse) {
        o->shown[sku] = o->shown[sku] > 0 ? o->shown[sku] : s->price[sku];
        tell(&a, TELLING_price, o->shown[sku]);
    } else if (call->step == STEP_check_stock) {
        tell(&a, TELLING_available, left);
        if (shop_bug(s, SHOP_BUG_stale_stock) && s->stale[place][sku] > left) {
            tell(&a, TELLING_available, s->stale[place][sku]);
            s->touched = true;
            s->did |= was_sold_before(s, place, sku);
        }
    } else {
        tell(&a, TELLING_points, s->points[o->member - 1]);
        if (shop_bug(s, SHOP_BUG_points_unread) && s->unread[o->member - 1] >= 0 && o->is_paid &&
            s->unread[o->member - 1] + o->earned == s->points[o->member - 1] &&
            shop_bug_once(s, SHOP_BUG_points_unread))
            tell(&a, TELLING_points, s->unread[o->member - 1]);
    }
    return a;
}

struct answer shop_serve(struct shop *s, const struct call *call)
{
    struct shop_order *o = &s->order[call->order];

    switch (call->step) {
    case STEP_add_to_cart:
        o->cart[call->sku] += call->units;
        return (struct answer){false, 201, {0}, 0};
    case STEP_apply_coupon:
        o->wants_coupon = true;
        return (struct answer){false, 201, {0}, 0};
    case STEP_check_out:
        return do_place(s, o);
    case STEP_pay:
        return do_pay(s, o);
    case STEP_cancel:
        return do_cancel(s, o);
    case STEP_collect:
        return do_collect(s, o);
    case STEP_take_back:
        return do_take_back(s, o, call);
    case STEP_till:
        return do_sell(s, o, call);
    default:
        return do_read(s, o, call);
    }
}
