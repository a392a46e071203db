/* How the network may treat a request (by lot, when it is noisy): it is answered; it is lost; its
 * answer is lost; it is done much later, or while the books are read; it is sent twice.
 *
 * Time is one counter: each effect is later than the one before. A customer sends the next request
 * when the last one was answered or given up. */
#include "replay/audit_shop_private.h"

#include <string.h>

/* ---- the network ----------------------------------------------------------------------------- */

enum fate { ANSWERED, LOST, UNANSWERED, LATE, SENT_TWICE };

static enum fate fate_of(struct shop *s)
{
    const int64_t lot = s->options->is_noisy ? shop_roll(s, 0, 99) : 99;

    return lot < 4    ? LOST
           : lot < 10 ? UNANSWERED
           : lot < 14 ? LATE
           : lot < 20 ? SENT_TWICE
                      : ANSWERED;
}

void shop_run_late(struct shop *s)
{
    if (s->pending->len == 0)
        return;
    const guint at = (guint)shop_roll(s, 0, s->pending->len - 1);
    const struct call call = g_array_index(s->pending, struct call, at);
    g_array_remove_index(s->pending, at);
    s->now++;
    shop_serve(s, &call);
}

/* Sends it, and writes down what its customer saw. FALSE = there was no answer. */
static bool ask(struct shop *s, struct client *client, const struct call *call,
                struct answer *ret_answer)
{
    static const char *const places[] = {"P0", "P1"}, *const skus[] = {"S0", "S1"};
    const enum fate fate = fate_of(s);
    const bool is_read =
        call->step == STEP_browse || call->step == STEP_check_stock || call->step == STEP_points;
    const int64_t due = client->now + shop_roll(s, 1, 4);
    int64_t sent = due;
    struct answer answer = {0};

    if (fate == LATE)
        g_array_append_val(s->pending, *call);
    s->sent = due;
    if (fate == SENT_TWICE) {
        s->now = MAX(s->now, sent) + 1;
        if (shop_roll(s, 0, 1) == 0)
            shop_serve(s, call);
        sent = s->now + shop_roll(s, 0, 2);
    }
    if (fate == ANSWERED || fate == UNANSWERED || fate == SENT_TWICE) {
        s->now = MAX(s->now, sent) + 1;
        answer = shop_serve(s, call);
    }
    s->now = MAX(s->now, sent); /* nothing is done before it is sent */
    const bool is_answered = fate == ANSWERED || fate == SENT_TWICE;
    client->now = MAX(s->now, sent) + 1 + shop_roll(s, 0, is_answered ? 4 : 30);
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

/* A shop into which nothing comes back, so that an old answer about stock must be wrong. */
static bool is_calm(const struct shop *s) { return s->options->bug == SHOP_BUG_stale_stock; }

/* The next request of a customer: look, take, look, take, coupon, order, pay, then something. */
static bool next_call(struct shop *s, struct client *client, struct call *ret_call)
{
    struct call call = {.order = client->order, .place = s->order[client->order].place};

    if (client->is_till) {
        call.step = STEP_till;
        call.sku = client->step;
        call.units = shop_roll(s, 1, 2);
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
        call.units = shop_roll(s, 1, 2);
        break;
    case 4:
        call.step = shop_roll(s, 0, 1) == 0 ? STEP_apply_coupon : STEP_check_stock;
        break;
    case 5:
        call.step = STEP_check_out;
        break;
    case 6:
        call.step = shop_roll(s, 0, 5) == 0 ? STEP_check_stock : STEP_pay;
        break;
    case 7:
        call.step = shop_roll(s, 0, 1) == 0 ? STEP_points : STEP_check_stock;
        call.sku = (uint32_t)shop_roll(s, 0, SKUS - 1);
        break;
    case 8:
        if (is_calm(s))
            return false;
        call.step = shop_roll(s, 0, 1) == 0 ? STEP_cancel : STEP_collect;
        break;
    case 9:
        if (shop_roll(s, 0, 1) == 0)
            return false;
        call.step = STEP_take_back;
        call.units = 1;
        call.place = (uint32_t)shop_roll(s, 0, PLACES - 1);
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
                       client->taps == 0 && shop_roll(s, 0, 3) == 0;
    if (again ||
        (!is_answered && client->taps == 0 && shop_roll(s, 0, 1) == 0 &&
         call.step != STEP_take_back && call.step != STEP_add_to_cart && call.step != STEP_till)) {
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
    const uint32_t place = (uint32_t)shop_roll(s, 0, PLACES - 1),
                   sku = (uint32_t)shop_roll(s, 0, SKUS - 1);
    struct shop_order *o = &s->order[shop_roll(s, 0, s->options->orders - 1)];

    s->now++;
    if (shop_roll(s, 0, 2) == 0)
        shop_run_late(s);
    if (shop_roll(s, 0, 9) == 0)
        s->price[sku] += shop_roll(s, -20, 20);
    if (!is_calm(s) && shop_roll(s, 0, 19) == 0) {
        s->on_hand[place][sku]++;
        s->supply[place][sku]++;
        shop_move(s, 0, place, sku, 1);
    }
    if (!is_calm(s) && shop_roll(s, 0, 5) == 0 && o->rows > 0 && !o->is_cancelled && !o->is_paid) {
        shop_give_up(s, o);
        o->is_expired = true;
    }
    if (o->rows > 0 && !o->is_cancelled && o->is_paid &&
        o->handed_over[0] + o->handed_over[1] == 0 && shop_bug_once(s, SHOP_BUG_give_up_paid)) {
        s->points[o->member - 1] += o->earned - o->spent; /* keeps the customer's points right */
        shop_give_up(s, o);
    }
}

/* ---- a run ----------------------------------------------------------------------------------- */

static void begin(struct shop *s)
{
    s->sales = g_array_new(FALSE, FALSE, sizeof(struct shop_sale));
    s->movements = g_array_new(FALSE, FALSE, sizeof(struct shop_movement));
    s->pending = g_array_new(FALSE, FALSE, sizeof(struct call));
    for (uint32_t place = 0; place < PLACES; place++)
        for (uint32_t sku = 0; sku < SKUS; sku++)
            s->supply[place][sku] = s->on_hand[place][sku] = s->stale[place][sku] =
                shop_roll(s, 0, 9);
    for (uint32_t sku = 0; sku < SKUS; sku++)
        s->price[sku] = shop_roll(s, 100, 900);
    for (uint32_t member = 0; member < MEMBERS; member++)
        s->points[member] = shop_roll(s, 0, 50);
    for (uint32_t i = 0; i < s->options->orders + s->options->sales; i++) {
        s->order[i].order = i + 1;
        s->order[i].member = (uint64_t)shop_roll(s, 1, MEMBERS);
        s->order[i].place = (uint32_t)shop_roll(s, 0, PLACES - 1);
    }
    s->bug_left = true;
    shop_write_books(s, s->c->before);
    s->did = s->touched = false;
    s->bug_left = true;
}

static void end(struct shop *s)
{
    const uint32_t place = (uint32_t)shop_roll(s, 0, PLACES - 1),
                   sku = (uint32_t)shop_roll(s, 0, SKUS - 1);

    while (s->pending->len > 2 || (s->pending->len > 0 && shop_roll(s, 0, 1) == 0))
        shop_run_late(s);
    if (shop_bug_once(s, SHOP_BUG_lose_unit))
        s->on_hand[place][sku]--;
    if (shop_bug_once(s, SHOP_BUG_below_zero))
        s->on_hand[place][sku] = -1;
    if (s->options->bug == SHOP_BUG_oversell || s->options->bug == SHOP_BUG_oversell_at_till)
        s->did = shop_is_oversold(s);
    if (s->options->bug == SHOP_BUG_coupon_again)
        s->did = shop_is_redeemed_too_often(s);
    for (uint32_t i = 0; i < s->options->orders; i++) {
        if (s->options->bug == SHOP_BUG_stale_stock) /* units may have come back, or come */
            s->did &= !s->order[i].was_changed && memcmp(s->supply, s->stale, sizeof s->stale) == 0;
        if (s->options->bug == SHOP_BUG_lose_points || s->options->bug == SHOP_BUG_points_unread)
            s->did &= s->order[i].payments <= 1 && !s->order[i].is_expired &&
                      s->order[i].returned[0] == 0; /* told twice; perhaps taken back, not told */
    }
    if (s->victim != NULL) /* and nobody changed it afterwards */
        s->did = !s->victim->was_changed;
    shop_write_books(s, s->c->after);
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
        client[i] = (struct client){.order = i,
                                    .is_till = i >= options->orders,
                                    .now = shop_roll(&s, 1, 60)};
    while (left > 0) {
        struct client *next = &client[shop_roll(&s, 0, clients - 1)];
        pass_time(&s);
        if (next->is_done)
            continue;
        advance(&s, next);
        left -= next->is_done;
    }
    end(&s);
    return s.did ? SHOP_MUST_SHOW : s.touched ? SHOP_MAY_SHOW : SHOP_CLEAN;
}
