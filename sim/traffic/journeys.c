/* Reading facts.
 *
 * The facts of one visit come together, in one event: what was wanted, what it costs, who promised
 * it. They are gathered in a struct; the first fact of another order, of another time or of the
 * order's own picking ends it, and the visit becomes a journey. Later facts are tasks of clerks:
 * the picking of a part (list, confirmation, ready: one journey), handing over, and returns. These are
 * made up where the simulation has none of its own. Tasks belong to the plan if the order's own
 * journey does: a service cannot pick what nobody has ordered there.
 *
 *   OPENED LINE* [TURNED_DOWN] [DISCOUNT [REDEEMED]] PLACED RESERVED* ...   a visit; walk-ins may go on with
 *   SWITCHED* LINE* ... PLACED RESERVED* ...                the order of what the shop lacked
 *   PICK_START ... PICKED READY ... COLLECTED               a part, at its place
 *   PICKED ... DELIVERED                                    (no pickers: no PICK_START)
 *   CLOSED                                                  the order is complete
 *   RETURNED                                                units of a line come back, to any place
 *
 * A visit's journey starts before its facts, at most JOURNEYS_SPAN_US, and a task's with them. So
 * at time t nothing can start before t - JOURNEYS_SPAN_US any more, and what does goes to the sink.
 */
#include "traffic/journeys_private.h"

#include <omosim/registry.h>
#include <omosim/returns.h>
#include <string.h>

static const struct {
    const char *name;
    enum journeys_mark mark;
} fact_marks[] = {
    {"CLAIMED", JOURNEYS_MARK_CLAIMED},     {"OPENED", JOURNEYS_MARK_OPENED},
    {"LEFT", JOURNEYS_MARK_LEFT},           {"LINE", JOURNEYS_MARK_LINE},
    {"SWITCHED", JOURNEYS_MARK_SWITCHED},   {"DISCOUNT", JOURNEYS_MARK_DISCOUNT},
    {"REDEEMED", JOURNEYS_MARK_REDEEMED},   {"PLACED", JOURNEYS_MARK_PLACED},
    {"RESERVED", JOURNEYS_MARK_TAKEN},      {"BACKORDERED", JOURNEYS_MARK_TAKEN},
    {"LOST", JOURNEYS_MARK_LACKED},         {"OVERSOLD", JOURNEYS_MARK_LACKED},
    {"FAILED", JOURNEYS_MARK_FAILED},       {"PICK_START", JOURNEYS_MARK_PICK_START},
    {"PICKED", JOURNEYS_MARK_PICKED},       {"READY", JOURNEYS_MARK_READY},
    {"COLLECTED", JOURNEYS_MARK_COLLECTED}, {"DELIVERED", JOURNEYS_MARK_DELIVERED},
    {"CLOSED", JOURNEYS_MARK_CLOSED},       {"TURNED_DOWN", JOURNEYS_MARK_TURNED_DOWN},
    {"RETURNED", JOURNEYS_MARK_RETURNED},
};

const char *journeys_kind_name(enum journeys_kind kind)
{
    static const char *const names[JOURNEYS_KIND_COUNT] = {
        [JOURNEYS_ORDER] = "order",       [JOURNEYS_CART] = "abandoned_cart",
        [JOURNEYS_LOOK] = "just_looking", [JOURNEYS_TILL] = "till_sale",
        [JOURNEYS_PICK] = "pick",         [JOURNEYS_COLLECT] = "collect",
        [JOURNEYS_DELIVER] = "deliver",   [JOURNEYS_RETURN] = "return",
    };

    return names[kind];
}

Journeys *journeys_new(const omo_world *world, const omo_model *model,
                       const struct journeys_options *options, journeys_sink sink, void *user)
{
    Journeys *j = g_new0(Journeys, 1);

    j->world = world;
    j->model = model;
    j->options = *options;
    j->sink = sink;
    j->user = user;
    j->now_us = INT64_MIN;
    j->returns = omo_model_has_returns(model);
    for (uint32_t i = 0; i < omo_model_channel_count(model); i++)
        j->online[i] = (omo_model_channel_capability(model, i) & OMO_SELLS_ON_SITE) == 0;
    for (uint32_t kind = 0; kind < omo_registry_count(OMO_REGISTRY_FACT); kind++)
        for (size_t i = 0; i < G_N_ELEMENTS(fact_marks); i++)
            if (strcmp(fact_marks[i].name, omo_registry_name(OMO_REGISTRY_FACT, kind)) == 0)
                j->mark[kind] = fact_marks[i].mark;
    j->orders = journeys_orders_new();
    journeys_queue_init(&j->queue);
    return j;
}

void journeys_free(Journeys *j)
{
    if (j == NULL)
        return;
    journeys_orders_free(j->orders);
    journeys_queue_clear(&j->queue);
    g_clear_error(&j->error);
    g_free(j);
}

/* ---- the window ------------------------------------------------------------------------------ */

static int64_t window_us(const struct journeys_options *o)
{
    return o->to_us - o->from_us + (o->to_us <= o->from_us ? OMO_US_PER_DAY : 0);
}

int64_t journeys_read_from_us(const struct journeys_options *o)
{
    return o->first_day * OMO_US_PER_DAY + o->from_us;
}

int64_t journeys_read_until_us(const struct journeys_options *o)
{
    return journeys_read_from_us(o) + (o->day_count - 1) * OMO_US_PER_DAY + window_us(o) +
           JOURNEYS_SPAN_US;
}

bool journeys_starts_inside(const struct journeys_options *o, int64_t at_us)
{
    const int64_t since_us = at_us - journeys_read_from_us(o);

    return since_us >= 0 && since_us / OMO_US_PER_DAY < o->day_count &&
           since_us % OMO_US_PER_DAY < window_us(o);
}

bool journeys_passes_place(const struct journeys_options *o, uint32_t place)
{
    return o->place == NULL || (place != OMO_PLAN_NONE && o->place[place]);
}

/* ---- visits ---------------------------------------------------------------------------------- */

static void end_visit(Journeys *j)
{
    if (j->visit.order != 0)
        journeys_close_visit(j);
    j->visit.order = 0;
}

static void begin_visit(Journeys *j, const omo_fact *fact)
{
    end_visit(j);
    memset(&j->visit, 0, offsetof(struct journeys_visit, line));
    j->visit.order = fact->order;
    j->visit.at_us = j->visit.paid_us = fact->at_us;
    j->visit.coupon = OMO_PLAN_NO_COUPON;
    j->visit.channel = omo_fact_channel(fact);
    j->visit.place = fact->place;
    j->visit.lacked_place = OMO_PLAN_NONE;
    j->visit.switched = (fact->order & JOURNEYS_SWITCHED) != 0;
    if (j->visit.switched)
        j->visit.place = j->switched_place;
}

static struct journeys_line line_of(const omo_fact *fact)
{
    return (struct journeys_line){.sku = omo_fact_sku(fact),
                                  .quantity = omo_fact_quantity(fact),
                                  .place = fact->place,
                                  .cents = omo_fact_line_cents(fact)};
}

/* A fact of the visit that is being gathered. */
static void gather(struct journeys_visit *v, enum journeys_mark mark, const omo_fact *fact)
{
    switch (mark) {
    case JOURNEYS_MARK_CLAIMED:
        v->claimed = true;
        break;
    case JOURNEYS_MARK_OPENED:
        v->channel = omo_fact_channel(fact);
        v->place = fact->place;
        break;
    case JOURNEYS_MARK_LEFT:
        v->left = true;
        v->place = fact->place;
        break;
    case JOURNEYS_MARK_LINE:
        g_assert(v->line_count < OMO_LINES_MAX);
        v->line[v->line_count++] = line_of(fact);
        break;
    case JOURNEYS_MARK_DISCOUNT:
        v->promotion = omo_fact_quantity(fact);
        break;
    case JOURNEYS_MARK_REDEEMED: /* the discount's, which came before */
        v->coupon = (uint16_t)v->promotion;
        v->coupon_cents = fact->amount;
        break;
    case JOURNEYS_MARK_TURNED_DOWN:
        v->coupon = (uint16_t)omo_fact_quantity(fact);
        v->coupon_cents = fact->amount;
        break;
    case JOURNEYS_MARK_PLACED:
        v->placed = true;
        v->units = omo_fact_quantity(fact);
        v->paid_cents = fact->amount;
        break;
    case JOURNEYS_MARK_TAKEN:
        g_assert(v->taken_count < JOURNEYS_TAKEN_MAX);
        v->taken[v->taken_count++] = line_of(fact);
        break;
    case JOURNEYS_MARK_LACKED: /* a place that was asked, should none promise anything */
        if (v->lacked_place == OMO_PLAN_NONE)
            v->lacked_place = fact->place;
        break;
    case JOURNEYS_MARK_FAILED:
        v->failed = true;
        break;
    default:
        break;
    }
}

/* ---- the stream ------------------------------------------------------------------------------ */

/* Hands out what starts before `before_us`. */
static void release(Journeys *j, int64_t before_us)
{
    const struct journeys_waiting *w;

    while (j->error == NULL && (w = journeys_queue_take(&j->queue, before_us)) != NULL) {
        j->counts.journeys[w->kind]++;
        j->sink(j->user, &w->head, w->steps, &j->error);
    }
}

static void read_fact(Journeys *j, const omo_fact *fact)
{
    const enum journeys_mark mark = j->mark[omo_fact_kind(fact)];

    if (fact->at_us > j->now_us) {
        end_visit(j);
        j->now_us = fact->at_us;
        release(j, j->now_us - JOURNEYS_SPAN_US);
    }
    if (mark == JOURNEYS_MARK_NONE || fact->order == 0)
        return;
    if (mark >= JOURNEYS_MARK_PICK_START) {
        end_visit(j);
        journeys_read_task(j, mark, fact);
        return;
    }
    if (mark == JOURNEYS_MARK_SWITCHED) {
        j->switched_place = fact->place;
        return;
    }
    const bool begins = mark == JOURNEYS_MARK_CLAIMED || mark == JOURNEYS_MARK_OPENED ||
                        mark == JOURNEYS_MARK_LEFT ||
                        (mark == JOURNEYS_MARK_LINE && (fact->order & JOURNEYS_SWITCHED) != 0);
    if (fact->order != j->visit.order && begins)
        begin_visit(j, fact);
    if (fact->order == j->visit.order)
        gather(&j->visit, mark, fact);
}

void journeys_read(void *user, const omo_fact *facts, size_t count)
{
    Journeys *j = user;

    for (size_t i = 0; i < count && j->error == NULL; i++)
        read_fact(j, &facts[i]);
}

bool journeys_failed(const Journeys *j) { return j->error != NULL; }

gboolean journeys_finish(Journeys *j, struct journeys_counts *ret_counts, GError **ret_error)
{
    end_visit(j);
    release(j, INT64_MAX);
    if (j->error != NULL) {
        g_propagate_error(ret_error, g_steal_pointer(&j->error));
        return FALSE;
    }
    j->counts.waiting_max = j->queue.count_max;
    if (ret_counts != NULL)
        *ret_counts = j->counts;
    return TRUE;
}
