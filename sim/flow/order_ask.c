/* The places are asked for what was promised.
 *
 * A store may reject its part, where the scenario lets it (integration.acceptance); then others are
 * asked. Where the view was stale and a place no longer has the units, they are oversold: counted
 * first, then re-routed among the other candidates (three rounds at most, and one more for each
 * rejection) or given up. In real time the view is the stock, and no order is ever oversold: the
 * dial's outcome, not a parameter. */
#include "base/maths.h"
#include "flow/order_job.h"

#define ORDER_ASK_ROUNDS 3

uint32_t order_ask_part(struct order_job *j, struct reach_near at)
{
    struct order_detail *d = j->detail;

    for (uint32_t i = j->first_part; i < d->part_count; i++)
        if (d->part[i].place == at.place)
            return i;
    if (d->part_count == ORDERS_PARTS_MAX)
        return OMO_NONE;
    d->part[d->part_count] = (struct order_part){.place = at.place, .distance_mm = at.distance_mm};
    return d->part_count++;
}

static struct reach_near order_ask_at(const struct order_job *j, uint32_t candidate)
{
    return (struct reach_near){.place = j->c.place[candidate],
                               .distance_mm = j->c.distance_mm[candidate]};
}

/* Reserves units of a line at a candidate. Returns how many the place really had and the order
 * has room to note. */
static int32_t order_ask_reserve(struct order_job *j, uint32_t line, uint32_t candidate,
                                 int32_t quantity)
{
    struct omo_world *w = j->w;
    const omo_model *m = w->model;
    struct order_detail *d = j->detail;
    uint32_t place = j->c.place[candidate], sku = j->wish->sku[line];
    const struct place *p = &m->network.place[place];
    size_t position = network_position(&m->network, p, sku);
    enum stock_pool pool = order_pool(w, j->channel, place);
    int32_t units = core_min_i32(quantity, stock_pool_units(&w->stock, position, pool));

    if (units == 0 || d->allocation_count == ORDERS_ALLOCATIONS_MAX)
        return 0;
    uint32_t part = order_ask_part(j, order_ask_at(j, candidate));
    if (part == OMO_NONE)
        return 0;
    int64_t cents = j->held ? 0 : order_line_cents(&j->line[line], units);
    d->allocation[d->allocation_count++] = (struct order_allocation){.line = (uint8_t)line,
                                                                     .part = (uint8_t)part,
                                                                     .quantity = units,
                                                                     .cents = cents};
    d->part[part].units += units;
    bool last = stock_reserve(&w->stock, place, position, units, pool);
    if (j->held) {
        gauge_add(&w->tally.gauge[GAUGE_HELD], w->now_us, units);
        feed_line(&w->feed, FACT_HELD, order_job_about(j, place), sku, units,
                  (int64_t)m->network.price_cents[sku] * units);
    } else {
        feed_line(&w->feed, FACT_RESERVED, order_job_about(j, place), sku, units, cents);
        order_job_count(j, part, sku, units, cents);
    }
    stock_changed(w, place, position, last);
    return units;
}

void order_ask_oversold(struct order_job *j, uint32_t line, uint32_t place, int32_t units)
{
    struct omo_world *w = j->w;
    uint32_t sku = j->wish->sku[line];
    size_t position = network_position(&w->model->network, &w->model->network.place[place], sku);
    uint64_t bit = UINT64_C(1) << (position % 64);

    feed_line(&w->feed, FACT_OVERSOLD, order_job_about(j, place), sku, units,
              (int64_t)w->model->network.price_cents[sku] * units);
    if ((w->stock.oversold_seen[position / 64] & bit) == 0) {
        w->stock.oversold_seen[position / 64] |= bit;
        feed_none(&w->feed, FACT_OVERSOLD_FIRST, order_job_about(j, place), 1);
    }
}

/* Units accepted on a stale view are counted once, when the promise breaks: now, or, where units are
 * held and the order is accepted with its payment, then. */
static void order_ask_lacking(struct order_job *j, uint32_t line, uint32_t place, int32_t units)
{
    if (!j->held) {
        order_ask_oversold(j, line, place, units);
        return;
    }
    j->oversold[line] += units;
    j->oversold_place[line] = place;
}

/* Whether a store takes its part of the order, asked once. Stores weigh what the order brings them
 * against what it costs them: P = logistic(base + credit x credited share - load x parts that wait
 * for a picker or are being picked). Whoever is asked after the last rejection that is allowed has
 * to take it, and so have warehouses and dark stores, which do nothing else, and a store in which the
 * customer stands. */
static bool order_ask_accept(struct order_job *j, uint32_t place, int32_t units)
{
    struct omo_world *w = j->w;
    const omo_integration_options *i = &w->model->integration;
    const struct place *p = &w->model->network.place[place];
    const struct labour *picker = &w->station[place * OMO_ROLE_COUNT + OMO_ROLE_PICKER];
    struct draw_cursor c;

    if (!i->acceptance || p->kind != OMO_PLACE_STORE ||
        w->model->demand.channel[j->channel].mode->in_store)
        return true;
    for (uint32_t k = 0; k < j->asked_count; k++)
        if (j->asked[k] == place)
            return !j->rejected[k];
    uint32_t credit_ppm = w->model->demand.channel[j->channel].options.credit_ppm;
    double utility = (p->acceptance_own ? p->acceptance_base : i->acceptance_base) +
                     i->acceptance_credit * (double)credit_ppm / OMO_PPM -
                     i->acceptance_load * (double)(picker->queue_count + picker->busy);
    utility = utility > -500.0 ? utility : -500.0; /* never, and within exp() */
    draw_begin(&c, w->key, DRAW_ACCEPT, j->order, place);
    bool accepts =
        j->reject_count >= i->reject_max || draw_unit(&c) * (1.0 + maths_exp(-utility)) < 1.0;
    feed_none(&w->feed, accepts ? FACT_ACCEPTED : FACT_REJECTED, order_job_about(j, place), units);
    j->reject_count += !accepts;
    if (j->asked_count < sizeof(j->asked) / sizeof(j->asked[0])) {
        j->asked[j->asked_count] = place;
        j->rejected[j->asked_count++] = !accepts;
    }
    return accepts;
}

static void order_ask_accept_all(struct order_job *j, bool ret_takes[ROUTING_PLACES_MAX])
{
    for (uint32_t i = 0; i < j->c.count; i++) {
        int32_t units = 0;
        for (uint32_t line = 0; line < j->wish->line_count; line++)
            units += j->answer.quantity[line][i];
        ret_takes[i] = units == 0 || order_ask_accept(j, j->c.place[i], units);
    }
}

/* Asks the places for what the answer gave them. Fills `ret_open` with the units of each line that
 * are to be routed again, and adds to `lost` those that are not; true when there are any of the
 * first. */
static bool order_ask_round(struct order_job *j, uint32_t round, int32_t ret_open[OMO_LINES_MAX],
                            int32_t lost[OMO_LINES_MAX])
{
    const bool reroute = j->w->model->integration.oversold == OMO_OVERSOLD_REROUTE;
    bool any = false, takes[ROUTING_PLACES_MAX];

    order_ask_accept_all(j, takes);
    for (uint32_t line = 0; line < j->wish->line_count; line++) {
        ret_open[line] = 0;
        for (uint32_t i = 0; i < j->c.count; i++) {
            int32_t asked = j->answer.quantity[line][i];
            if (asked == 0)
                continue;
            int32_t got = takes[i] ? order_ask_reserve(j, line, i, asked) : 0;
            int32_t *seen = &j->c.available[line * j->c.count + i];
            *seen = got == asked ? *seen - got : 0;
            if (round > 0 && got > 0)
                feed_line(&j->w->feed, FACT_REROUTED, order_job_about(j, j->c.place[i]),
                          j->wish->sku[line], got, 0);
            if (got == asked)
                continue;
            if (takes[i] && round == 0)
                order_ask_lacking(j, line, j->c.place[i], asked - got);
            bool again = reroute || !takes[i];
            (again ? ret_open : lost)[line] += asked - got;
            any = any || again;
        }
    }
    return any;
}

/* For a reroute, pickup orders look beyond the store that the customer chose. */
static void order_ask_widen(struct order_job *j, const struct wish *open)
{
    struct candidates wide;

    if (j->w->model->demand.channel[j->channel].mode->path != MODE_COLLECT)
        return;
    order_gather(j->w, j->customer, j->channel, j->wish, &wide);
    for (uint32_t i = 0; i < wide.count; i++)
        if (wide.place[i] == j->c.place[0])
            for (uint32_t line = 0; line < j->wish->line_count; line++)
                if (open->quantity[line] > 0)
                    wide.available[line * wide.count + i] = 0;
    j->c = wide;
}

/* Routes the open units again. Lines that are complete take part with nothing wanted, so indices
 * stay. */
static bool order_ask_reroute(struct order_job *j, uint32_t round, int32_t open[OMO_LINES_MAX],
                              int32_t lost[OMO_LINES_MAX])
{
    struct wish again = {.line_count = 0};
    uint32_t line_of[OMO_LINES_MAX];
    struct candidates c;
    struct routing_answer answer;
    struct wish open_wish = {.line_count = j->wish->line_count};

    memcpy(open_wish.quantity, open, sizeof(open_wish.quantity));
    if (round == 1)
        order_ask_widen(j, &open_wish);
    c.count = j->c.count;
    memcpy(c.place, j->c.place, sizeof(c.place));
    memcpy(c.distance_mm, j->c.distance_mm, sizeof(c.distance_mm));
    for (uint32_t line = 0; line < j->wish->line_count; line++) {
        if (open[line] == 0)
            continue;
        uint32_t k = again.line_count++;
        again.sku[k] = j->wish->sku[line];
        again.quantity[k] = open[line];
        line_of[k] = line;
        memcpy(&c.available[k * c.count], &j->c.available[line * c.count],
               c.count * sizeof(c.available[0]));
    }
    order_route(j->w, j->channel, j->order, &again, &c, &answer);
    int32_t unanswered[OMO_LINES_MAX] = {0};
    for (uint32_t line = 0; line < j->wish->line_count; line++)
        memset(j->answer.quantity[line], 0, j->c.count * sizeof(j->answer.quantity[line][0]));
    for (uint32_t k = 0; k < again.line_count; k++) {
        unanswered[line_of[k]] = again.quantity[k];
        for (uint32_t i = 0; i < c.count; i++) {
            j->answer.quantity[line_of[k]][i] = answer.quantity[k][i];
            unanswered[line_of[k]] -= answer.quantity[k][i];
        }
    }
    bool any = order_ask_round(j, round, open, lost);
    for (uint32_t line = 0; line < j->wish->line_count; line++)
        open[line] += unanswered[line];
    return any;
}

void order_ask(struct order_job *j, int32_t ret_open[OMO_LINES_MAX])
{
    int32_t lost[OMO_LINES_MAX] = {0};
    bool any = order_ask_round(j, 0, ret_open, lost);

    for (uint32_t round = 1; any && round <= ORDER_ASK_ROUNDS + j->reject_count; round++)
        any = order_ask_reroute(j, round, ret_open, lost);
    for (uint32_t line = 0; line < j->wish->line_count; line++)
        ret_open[line] += lost[line];
}

void order_ask_elsewhere(struct order_job *j, uint32_t place, int32_t open[OMO_LINES_MAX])
{
    int32_t lost[OMO_LINES_MAX] = {0};
    bool any = true;

    order_gather(j->w, j->customer, j->channel, j->wish, &j->c);
    for (uint32_t i = 0; i < j->c.count; i++)
        for (uint32_t line = 0; j->c.place[i] == place && line < j->wish->line_count; line++)
            j->c.available[line * j->c.count + i] = 0;
    /* From the second round on a pickup order has looked beyond its store already. */
    for (uint32_t round = 2; any && round < 2 + ORDER_ASK_ROUNDS + j->reject_count; round++)
        any = order_ask_reroute(j, round, open, lost);
    for (uint32_t line = 0; line < j->wish->line_count; line++)
        open[line] += lost[line];
}
