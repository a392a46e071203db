/* How the network may treat a request (by lot, when it is noisy): it is answered; it is lost; its
 * answer is lost; it is done much later, or while the books are read; it is sent twice.
 *
 * Time is one counter: each effect is later than the one before. A customer sends the next request
 * when the last one was answered or given up. */
#include "replay/audit_shop.h"

#include <string.h>

#define PLACES 2
#define SKUS 2
#define MEMBERS 3
#define ORDERS_MAX 24
#define BUDGET 3

struct shop_order {
    uint64_t order, member;
    uint32_t payments;    /* requests to pay it */
    uint32_t place, rows; /* rows in the books; 0 = there is none */
    int64_t cart[SKUS], quantity[SKUS], price[SKUS], shown[SKUS], handed_over[SKUS], returned[SKUS];
    bool wants_coupon, has_coupon, is_cancelled, is_paid, is_kept_refused, was_changed, is_expired;
    int64_t total, discount, paid, earned, spent;
};

struct shop_sale {
    int64_t at;
    uint64_t sale;
    uint32_t place, sku;
    int64_t units;
};

struct shop_movement {
    uint64_t order; /* 0 = none */
    uint32_t place, sku;
    int64_t units;
};

struct answer {
    bool is_refused;
    uint16_t status;
    int64_t told[TELLING_COUNT];
    uint32_t what; /* told, a bit each */
};

struct call {
    enum step_kind step;
    uint32_t order; /* of the array */
    uint32_t place, sku;
    int64_t units;
};

struct client {
    uint32_t order, step, taps;
    int64_t now;
    bool is_till, is_done;
};

struct shop {
    struct audit_case *c;
    const struct shop_options *options;
    GRand *rand;
    int64_t now, sent; /* sent: of the request that is served */
    int64_t supply[PLACES][SKUS], on_hand[PLACES][SKUS], reserved[PLACES][SKUS],
        stale[PLACES][SKUS];
    int64_t price[SKUS];
    struct shop_order order[ORDERS_MAX * 2];
    int64_t points[MEMBERS], unread[MEMBERS], redeemed_by[MEMBERS], redeemed, counted;
    GArray *sales, *movements, *pending; /* pending: struct call */
    bool touched, did;                   /* the bug did something; what must show */
    bool bug_left;
    struct shop_order *victim; /* of the bug */
};

static int64_t roll(struct shop *s, int64_t low, int64_t high)
{
    return g_rand_int_range(s->rand, (gint32)low, (gint32)high + 1);
}

static bool bug(const struct shop *s, enum shop_bug bug)
{
    return s->options->bug == bug && s->bug_left;
}

static bool bug_once(struct shop *s, enum shop_bug wanted)
{
    if (!bug(s, wanted))
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

static void move(struct shop *s, uint64_t order, uint32_t place, uint32_t sku, int64_t units)
{
    const struct shop_movement movement = {order, place, sku, units};

    if (!bug_once(s, SHOP_BUG_lose_movement))
        g_array_append_val(s->movements, movement);
}

/* ---- the service ----------------------------------------------------------------------------- */

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

    if (!o->wants_coupon || (!may && !bug(s, SHOP_BUG_coupon_again)))
        return;
    s->touched |= !may;
    o->has_coupon = true;
    o->discount = 10;
    s->redeemed++;
    s->redeemed_by[o->member - 1]++;
    s->counted += !bug_once(s, SHOP_BUG_coupon_count);
}

static struct answer do_place(struct shop *s, struct shop_order *o)
{
    int64_t units = 0;

    if (o->rows > 0) {
        o->rows += bug_once(s, SHOP_BUG_order_twice);
        return place_told(o);
    }
    for (uint32_t sku = 0; sku < SKUS; sku++)
        units += o->cart[sku];
    if (units == 0)
        return refuse(409);
    if (!is_there(s, o) && !bug(s, SHOP_BUG_oversell)) {
        s->touched |= bug(s, SHOP_BUG_keep_refused);
        o->is_kept_refused |= bug(s, SHOP_BUG_keep_refused);
        return refuse(409);
    }
    s->touched |= !is_there(s, o);
    o->rows = 1;
    for (uint32_t sku = 0; sku < SKUS; sku++) {
        o->quantity[sku] = o->cart[sku];
        o->price[sku] = o->shown[sku] > 0 ? o->shown[sku] : s->price[sku];
        if (o->quantity[sku] > 0 && bug_once(s, SHOP_BUG_other_price))
            o->price[sku] += 7;
        s->reserved[o->place][sku] += o->quantity[sku];
        o->total += o->quantity[sku] * o->price[sku];
    }
    redeem_with(s, o);
    o->total -= o->discount;
    o->spent = MIN(s->points[o->member - 1], roll(s, 0, 3));
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
        if (bug_once(s, SHOP_BUG_charge_more)) {
            o->paid += 3;
            s->victim = o;
        }
        o->earned = o->total / 100 + 1;
        s->unread[o->member - 1] = *points;
        *points += bug_once(s, SHOP_BUG_lose_points) ? 0 : o->earned;
    }
    tell(&a, TELLING_paid, o->total);
    tell(&a, TELLING_points_earned, o->earned);
    return a;
}

/* By its customer, or by the service when nobody paid. */
static void give_up(struct shop *s, struct shop_order *o)
{
    o->is_cancelled = o->was_changed = true;
    for (uint32_t sku = 0; sku < SKUS; sku++)
        s->reserved[o->place][sku] -= o->quantity[sku];
    if (bug(s, SHOP_BUG_leak_reservation) || bug(s, SHOP_BUG_leak_cancelled)) {
        s->did = s->touched = true;
        s->bug_left = false;
        for (uint32_t sku = 0; sku < SKUS; sku++)
            s->reserved[o->place][sku] += o->quantity[sku];
    }
    o->paid = o->paid > 0 && bug_once(s, SHOP_BUG_keep_money) ? o->paid : 0;
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
    if (bug_once(s, SHOP_BUG_forget_cancel)) {
        s->victim = o;
    } else {
        give_up(s, o);
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
            move(s, o->order, o->place, sku, -o->quantity[sku]);
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
    move(s, o->order, call->place, call->sku, call->units);
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
    if (left < call->units && !bug(s, SHOP_BUG_oversell_at_till))
        return refuse(409);
    s->touched |= left < call->units;
    s->on_hand[call->place][call->sku] -= call->units;
    move(s, o->order, call->place, call->sku, -call->units);
    if (!bug_once(s, SHOP_BUG_lose_sale))
        g_array_append_val(s->sales, sale);
    if (bug_once(s, SHOP_BUG_sell_twice))
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
        if (bug(s, SHOP_BUG_stale_stock) && s->stale[place][sku] > left) {
            tell(&a, TELLING_available, s->stale[place][sku]);
            s->touched = true;
            s->did |= was_sold_before(s, place, sku);
        }
    } else {
        tell(&a, TELLING_points, s->points[o->member - 1]);
        if (bug(s, SHOP_BUG_points_unread) && s->unread[o->member - 1] >= 0 && o->is_paid &&
            s->unread[o->member - 1] + o->earned == s->points[o->member - 1] &&
            bug_once(s, SHOP_BUG_points_unread))
            tell(&a, TELLING_points, s->unread[o->member - 1]);
    }
    return a;
}

static struct answer serve(struct shop *s, const struct call *call)
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

/* ---- the network ----------------------------------------------------------------------------- */

enum fate { ANSWERED, LOST, UNANSWERED, LATE, SENT_TWICE };

static enum fate fate_of(struct shop *s)
{
    const int64_t lot = s->options->is_noisy ? roll(s, 0, 99) : 99;

    return lot < 4    ? LOST
           : lot < 10 ? UNANSWERED
           : lot < 14 ? LATE
           : lot < 20 ? SENT_TWICE
                      : ANSWERED;
}

static void run_late(struct shop *s)
{
    if (s->pending->len == 0)
        return;
    const guint at = (guint)roll(s, 0, s->pending->len - 1);
    const struct call call = g_array_index(s->pending, struct call, at);
    g_array_remove_index(s->pending, at);
    s->now++;
    serve(s, &call);
}

/* Sends it, and writes down what its customer saw. FALSE = there was no answer. */
static bool ask(struct shop *s, struct client *client, const struct call *call,
                struct answer *ret_answer)
{
    static const char *const places[] = {"P0", "P1"}, *const skus[] = {"S0", "S1"};
    const enum fate fate = fate_of(s);
    const bool is_read =
        call->step == STEP_browse || call->step == STEP_check_stock || call->step == STEP_points;
    const int64_t due = client->now + roll(s, 1, 4);
    int64_t sent = due;
    struct answer answer = {0};

    if (fate == LATE)
        g_array_append_val(s->pending, *call);
    s->sent = due;
    if (fate == SENT_TWICE) {
        s->now = MAX(s->now, sent) + 1;
        if (roll(s, 0, 1) == 0)
            serve(s, call);
        sent = s->now + roll(s, 0, 2);
    }
    if (fate == ANSWERED || fate == UNANSWERED || fate == SENT_TWICE) {
        s->now = MAX(s->now, sent) + 1;
        answer = serve(s, call);
    }
    const bool is_answered = fate == ANSWERED || fate == SENT_TWICE;
    client->now = MAX(s->now, sent) + 1 + roll(s, 0, is_answered ? 4 : 30);
    const uint64_t number =
        ASK(s->c, .step = call->step, .order = s->order[call->order].order,
            .member = client->is_till ? 0 : s->order[call->order].member,
            .place = is_read && call->step != STEP_check_stock ? NULL : places[call->place],
            .sku = call->units > 0 || is_read ? skus[call->sku] : NULL,
            .quantity = (uint16_t)call->units, .due = due, .sent = sent, .done = client->now,
            .coupon = call->step == STEP_apply_coupon ? "C1" : NULL,
            .outcome = !is_answered        ? OUTCOME_timeout
                       : answer.is_refused ? OUTCOME_refused
                                           : OUTCOME_ok,
            .status = is_answered ? answer.status : 0, .tries = fate == SENT_TWICE ? 2 : 1);
    for (uint32_t what = 0; is_answered && what < TELLING_COUNT; what++)
        if ((answer.what >> what & 1) != 0)
            audit_case_tell(s->c, number, what, answer.told[what]);
    *ret_answer = answer;
    return is_answered;
}

/* ---- customers ------------------------------------------------------------------------------- */

/* The next request of a customer: look, take, look, take, coupon, order, pay, then something. */
static bool next_call(struct shop *s, struct client *client, struct call *ret_call)
{
    struct call call = {.order = client->order, .place = s->order[client->order].place};

    if (client->is_till) {
        call.step = STEP_till;
        call.sku = client->step;
        call.units = roll(s, 1, 2);
        *ret_call = call;
        return client->step < SKUS;
    }
    call.sku = client->step / 2 % SKUS;
    switch (client->step) {
    case 0:
    case 2:
        call.step = STEP_browse;
        break;
    case 1:
    case 3:
        call.step = STEP_add_to_cart;
        call.units = roll(s, 1, 2);
        break;
    case 4:
        call.step = roll(s, 0, 1) == 0 ? STEP_apply_coupon : STEP_check_stock;
        break;
    case 5:
        call.step = STEP_check_out;
        break;
    case 6:
        call.step = roll(s, 0, 5) == 0 ? STEP_check_stock : STEP_pay;
        break;
    case 7:
        call.step = roll(s, 0, 1) == 0 ? STEP_points : STEP_check_stock;
        call.sku = (uint32_t)roll(s, 0, SKUS - 1);
        break;
    case 8:
        call.step = roll(s, 0, 1) == 0 ? STEP_cancel : STEP_collect;
        break;
    case 9:
        if (roll(s, 0, 1) == 0)
            return false;
        call.step = STEP_take_back;
        call.units = 1;
        call.place = (uint32_t)roll(s, 0, PLACES - 1);
        break;
    default:
        return false;
    }
    *ret_call = call;
    return true;
}

static void advance(struct shop *s, struct client *client)
{
    struct answer answer;
    struct call call;

    if (!next_call(s, client, &call)) {
        client->is_done = true;
        return;
    }
    const bool is_answered = ask(s, client, &call, &answer);
    const bool again = (call.step == STEP_check_out || call.step == STEP_pay) &&
                       client->taps == 0 && roll(s, 0, 3) == 0;
    if (again ||
        (!is_answered && client->taps == 0 && roll(s, 0, 1) == 0 && call.step != STEP_take_back &&
         call.step != STEP_add_to_cart && call.step != STEP_till)) {
        client->taps++; /* impatient, or it got no answer */
        return;
    }
    client->taps = 0;
    client->step++;
    if (!client->is_till && is_answered && answer.is_refused && call.step == STEP_check_out)
        client->is_done = true;
}

/* What happens without anybody asking: orders expire, prices change, goods arrive. */
static void pass_time(struct shop *s)
{
    const uint32_t place = (uint32_t)roll(s, 0, PLACES - 1), sku = (uint32_t)roll(s, 0, SKUS - 1);
    struct shop_order *o = &s->order[roll(s, 0, s->options->orders - 1)];

    s->now++;
    if (roll(s, 0, 2) == 0)
        run_late(s);
    if (roll(s, 0, 9) == 0)
        s->price[sku] += roll(s, -20, 20);
    if (roll(s, 0, 19) == 0) {
        s->on_hand[place][sku]++;
        s->supply[place][sku]++;
        move(s, 0, place, sku, 1);
    }
    if (roll(s, 0, 5) == 0 && o->rows > 0 && !o->is_cancelled && !o->is_paid) {
        give_up(s, o);
        o->is_expired = true;
    }
    if (o->rows > 0 && !o->is_cancelled && o->is_paid &&
        o->handed_over[0] + o->handed_over[1] == 0 && bug_once(s, SHOP_BUG_give_up_paid)) {
        s->points[o->member - 1] += o->earned - o->spent; /* keeps the customer's points right */
        give_up(s, o);
    }
}

/* ---- the books ------------------------------------------------------------------------------- */

static void write_stock(struct shop *s, Books *books)
{
    for (uint32_t place = 0; place < PLACES; place++)
        for (uint32_t sku = 0; sku < SKUS; sku++) {
            const int64_t on_hand = s->on_hand[place][sku], reserved = s->reserved[place][sku];
            g_autofree char *row =
                g_strdup_printf("place=P%u sku=S%u on_hand=%d reserved=%d available=%d", place, sku,
                                (int)on_hand, (int)reserved, (int)(on_hand - reserved));
            audit_case_book(s->c, books, BOOK_stock, row);
        }
}

static void write_order(struct shop *s, const struct shop_order *o, Books *books)
{
    g_autofree char *row = g_strdup_printf(
        "order=%d member=%d total=%d discount=%d paid=%d coupon=%s cancelled=%d settled=%d",
        (int)o->order, (int)o->member, (int)o->total, (int)o->discount, (int)o->paid,
        o->has_coupon ? "C1" : "", o->is_cancelled, o->is_paid);

    audit_case_book(s->c, books, BOOK_orders, row);
    for (uint32_t sku = 0; sku < SKUS; sku++) {
        if (o->quantity[sku] == 0)
            continue;
        g_autofree char *line =
            g_strdup_printf("place=P%u sku=S%u quantity=%d price=%d handed_over=%d returned=%d",
                            o->place, sku,
                            (int)(o->quantity[sku] - (o->quantity[sku] > 1 && !o->is_cancelled &&
                                                      o->rows > 0 &&
                                                      bug_once(s, SHOP_BUG_lose_line))),
                            (int)o->price[sku], (int)o->handed_over[sku], (int)o->returned[sku]);
        audit_case_book(s->c, books, BOOK_order_lines, line);
    }
}

static void write_orders(struct shop *s, Books *books)
{
    audit_case_book(s->c, books, BOOK_orders,
                    "order= member= total= discount= paid= coupon= cancelled= settled=");
    audit_case_book(s->c, books, BOOK_order_lines,
                    "place= sku= quantity= price= handed_over= returned=");
    for (uint32_t i = 0; i < s->options->orders; i++) {
        struct shop_order *o = &s->order[i];
        if (o->rows > 0 && !o->is_cancelled && bug_once(s, SHOP_BUG_lose_order))
            continue;
        for (uint32_t k = 0; k < o->rows; k++)
            write_order(s, o, books);
        if (o->rows == 0 && o->is_kept_refused && bug_once(s, SHOP_BUG_keep_refused))
            write_order(s, o, books);
    }
    if (s->now > 0 && bug_once(s, SHOP_BUG_invent_order))
        audit_case_book(s->c, books, BOOK_orders, "order=999 member=1 total=1 cancelled=0");
}

static void write_rest(struct shop *s, Books *books)
{
    audit_case_book(s->c, books, BOOK_sales, "sale= place= sku= quantity=");
    for (guint i = 0; i < s->sales->len; i++) {
        const struct shop_sale *sale = &g_array_index(s->sales, struct shop_sale, i);
        g_autofree char *row =
            g_strdup_printf("sale=%d place=P%u sku=S%u quantity=%d", (int)sale->sale, sale->place,
                            sale->sku, (int)sale->units);
        audit_case_book(s->c, books, BOOK_sales, row);
    }
    audit_case_book(s->c, books, BOOK_movements, "place= sku= quantity= order=");
    for (guint i = 0; i < s->movements->len; i++) {
        const struct shop_movement *m = &g_array_index(s->movements, struct shop_movement, i);
        g_autofree char *name = m->order != 0 ? g_strdup_printf("%d", (int)m->order) : g_strdup("");
        g_autofree char *row = g_strdup_printf("place=P%u sku=S%u quantity=%d order=%s", m->place,
                                               m->sku, (int)m->units, name);
        audit_case_book(s->c, books, BOOK_movements, row);
    }
    for (uint32_t member = 0; member < MEMBERS; member++) {
        g_autofree char *row =
            g_strdup_printf("member=%u balance=%d", member + 1, (int)s->points[member]);
        audit_case_book(s->c, books, BOOK_points, row);
    }
    g_autofree char *coupon =
        g_strdup_printf("coupon=C1 limit=%d per_member=1 redeemed=%d", BUDGET, (int)s->counted);
    audit_case_book(s->c, books, BOOK_coupons, coupon);
    audit_case_book(s->c, books, BOOK_redemptions, "coupon= member= order=");
    for (uint32_t i = 0; i < s->options->orders; i++) {
        const struct shop_order *o = &s->order[i];
        if (!o->has_coupon || o->is_cancelled)
            continue;
        g_autofree char *row =
            g_strdup_printf("coupon=C1 member=%d order=%d", (int)o->member, (int)o->order);
        audit_case_book(s->c, books, BOOK_redemptions, row);
    }
}

/* What was late may happen between one book and the next. */
static void write_books(struct shop *s, Books *books)
{
    write_stock(s, books);
    if (!s->c->is_still)
        run_late(s);
    write_orders(s, books);
    if (!s->c->is_still)
        run_late(s);
    write_rest(s, books);
}

/* Whether more units are sold for good than were there and came. */
static bool is_oversold(const struct shop *s)
{
    bool is = false;

    for (uint32_t place = 0; place < PLACES; place++)
        for (uint32_t sku = 0; sku < SKUS; sku++) {
            int64_t sold = 0;
            for (uint32_t i = 0; i < s->options->orders; i++) {
                const struct shop_order *o = &s->order[i];
                sold += o->place == place && o->rows > 0 && !o->is_cancelled ? o->quantity[sku] : 0;
                sold -= o->returned[sku];
            }
            for (guint i = 0; i < s->sales->len; i++) {
                const struct shop_sale *sale = &g_array_index(s->sales, struct shop_sale, i);
                sold += sale->place == place && sale->sku == sku ? sale->units : 0;
            }
            is |= sold > s->supply[place][sku];
        }
    return is;
}

static bool is_redeemed_too_often(const struct shop *s)
{
    int64_t by[MEMBERS] = {0}, all = 0;
    bool is = false;

    for (uint32_t i = 0; i < s->options->orders; i++) {
        const struct shop_order *o = &s->order[i];
        if (!o->has_coupon || o->is_cancelled || o->rows == 0)
            continue;
        all++;
        is |= ++by[o->member - 1] > 1;
    }
    return is || all > BUDGET;
}

/* ---- a run ----------------------------------------------------------------------------------- */

static void begin(struct shop *s)
{
    s->sales = g_array_new(FALSE, FALSE, sizeof(struct shop_sale));
    s->movements = g_array_new(FALSE, FALSE, sizeof(struct shop_movement));
    s->pending = g_array_new(FALSE, FALSE, sizeof(struct call));
    for (uint32_t place = 0; place < PLACES; place++)
        for (uint32_t sku = 0; sku < SKUS; sku++)
            s->supply[place][sku] = s->on_hand[place][sku] = s->stale[place][sku] = roll(s, 0, 9);
    for (uint32_t sku = 0; sku < SKUS; sku++)
        s->price[sku] = roll(s, 100, 900);
    for (uint32_t member = 0; member < MEMBERS; member++)
        s->points[member] = roll(s, 0, 50);
    for (uint32_t i = 0; i < s->options->orders + s->options->sales; i++) {
        s->order[i].order = i + 1;
        s->order[i].member = (uint64_t)roll(s, 1, MEMBERS);
        s->order[i].place = (uint32_t)roll(s, 0, PLACES - 1);
    }
    s->bug_left = true;
    write_books(s, s->c->before);
    s->did = s->touched = false;
    s->bug_left = true;
}

static void end(struct shop *s)
{
    const uint32_t place = (uint32_t)roll(s, 0, PLACES - 1), sku = (uint32_t)roll(s, 0, SKUS - 1);

    while (s->pending->len > 2 || (s->pending->len > 0 && roll(s, 0, 1) == 0))
        run_late(s);
    if (bug_once(s, SHOP_BUG_lose_unit))
        s->on_hand[place][sku]--;
    if (bug_once(s, SHOP_BUG_below_zero))
        s->on_hand[place][sku] = -1;
    if (s->options->bug == SHOP_BUG_oversell || s->options->bug == SHOP_BUG_oversell_at_till)
        s->did = is_oversold(s);
    if (s->options->bug == SHOP_BUG_coupon_again)
        s->did = is_redeemed_too_often(s);
    for (uint32_t i = 0; i < s->options->orders; i++) {
        if (s->options->bug == SHOP_BUG_stale_stock) /* units may have come back */
            s->did &= !s->order[i].was_changed;
        if (s->options->bug == SHOP_BUG_lose_points || s->options->bug == SHOP_BUG_points_unread)
            s->did &= s->order[i].payments <= 1 && !s->order[i].is_expired &&
                      s->order[i].returned[0] == 0; /* told twice; perhaps taken back, not told */
    }
    if (s->victim != NULL) /* and nobody changed it afterwards */
        s->did = !s->victim->was_changed;
    write_books(s, s->c->after);
    g_array_unref(s->sales);
    g_array_unref(s->movements);
    g_array_unref(s->pending);
    g_rand_free(s->rand);
}

enum shop_deed shop_run(struct audit_case *c, const struct shop_options *options)
{
    struct client client[ORDERS_MAX * 2] = {0};
    const uint32_t clients = options->orders + options->sales;
    struct shop s = {.c = c,
                     .options = options,
                     .rand = g_rand_new_with_seed((guint32)options->seed)};
    uint32_t left = clients;

    c->is_still = options->seed % 2 == 0 || options->bug != SHOP_BUG_none;

    begin(&s);
    for (uint32_t i = 0; i < clients; i++)
        client[i] =
            (struct client){.order = i, .is_till = i >= options->orders, .now = roll(&s, 1, 60)};
    while (left > 0) {
        struct client *next = &client[roll(&s, 0, clients - 1)];
        pass_time(&s);
        if (next->is_done)
            continue;
        advance(&s, next);
        left -= next->is_done;
    }
    end(&s);
    return s.did ? SHOP_MUST_SHOW : s.touched ? SHOP_MAY_SHOW : SHOP_CLEAN;
}
