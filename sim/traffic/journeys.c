/* Reading facts.
 *
 * The facts of one visit come together, in one event: what was wanted, what it costs, who promised
 * it. They are gathered in a struct; the first fact of another order, of another time or of the
 * order's own picking ends it, and the visit becomes a journey. Later facts are tasks of clerks: the
 * picking of a part (list, confirmation, ready: one journey), handing over, and what the simulation
 * does not know, returns. They belong to the plan if the order's own journey does: a service cannot
 * pick what nobody has ordered there.
 *
 *   OPENED LINE* [DISCOUNT REDEEMED] PLACED RESERVED* ...   a visit; walk-ins may go on with
 *   SWITCHED* LINE* ... PLACED RESERVED* ...                the order of what the shop lacked
 *   PICK_START ... PICKED READY ... COLLECTED               a part, at its place
 *   PICKED ... DELIVERED                                    (no pickers: no PICK_START)
 *   CLOSED                                                  the order is complete
 *
 * A visit's journey starts before its facts, at most JOURNEYS_SPAN_US, and a task's with them. So at
 * time t nothing can start before t - JOURNEYS_SPAN_US any more, and what does goes to the sink. A
 * pick is open until it is confirmed; one that takes longer than the span is let go and its
 * confirmation becomes a journey of its own. That is decided by the two times alone, so that the
 * plan does not depend on when the queue was emptied.
 *
 * Which channel somebody who leaves with nothing has looked into is not known: he is taken to have
 * used each channel of his segment with the same chance, and is traced when that was an online one.
 */
#include "traffic/journeys.h"

#include "traffic/journeys_orders.h"
#include "traffic/journeys_queue.h"
#include "traffic/steps.h"

#include <omosim/registry.h>
#include <string.h>

enum mark {
    MARK_NONE,
    MARK_CLAIMED,
    MARK_OPENED,
    MARK_LEFT,
    MARK_LINE,
    MARK_SWITCHED,
    MARK_DISCOUNT,
    MARK_REDEEMED,
    MARK_PLACED,
    MARK_TAKEN,
    MARK_LACKED,
    MARK_FAILED,
    MARK_PICK_START, /* from here on: tasks */
    MARK_PICKED,
    MARK_READY,
    MARK_COLLECTED,
    MARK_DELIVERED,
    MARK_CLOSED
};

static const struct {
    const char *name;
    enum mark mark;
} fact_marks[] = {
    {"CLAIMED", MARK_CLAIMED},     {"OPENED", MARK_OPENED},     {"LEFT", MARK_LEFT},
    {"LINE", MARK_LINE},           {"SWITCHED", MARK_SWITCHED}, {"DISCOUNT", MARK_DISCOUNT},
    {"REDEEMED", MARK_REDEEMED},   {"PLACED", MARK_PLACED},     {"RESERVED", MARK_TAKEN},
    {"BACKORDERED", MARK_TAKEN},   {"FAILED", MARK_FAILED},     {"PICK_START", MARK_PICK_START},
    {"PICKED", MARK_PICKED},       {"READY", MARK_READY},       {"COLLECTED", MARK_COLLECTED},
    {"DELIVERED", MARK_DELIVERED}, {"CLOSED", MARK_CLOSED},
};

#define FACT_KINDS 64 /* that a fact can tell apart */
#define SWITCHED (UINT64_C(1) << 63)
#define CELL_SHIFT 44
#define CELL_MASK ((UINT64_C(1) << 19) - 1)

struct journeys {
    const omo_world *world;
    const omo_model *model;
    struct journeys_options options;
    bool online[OMO_CHANNELS_MAX];
    enum mark mark[FACT_KINDS];

    int64_t now_us;
    struct journeys_visit visit;
    uint32_t switched_place; /* of the last SWITCHED fact */
    JourneysOrders *orders;
    struct journeys_queue queue;
    struct journeys_laying laying;

    journeys_sink sink;
    void *user;
    GError *error;
    struct journeys_counts counts;
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

static bool starts_inside(const struct journeys_options *o, int64_t at_us)
{
    const int64_t since_us = at_us - journeys_read_from_us(o);

    return since_us >= 0 && since_us / OMO_US_PER_DAY < o->day_count &&
           since_us % OMO_US_PER_DAY < window_us(o);
}

static bool passes_place(const Journeys *j, uint32_t place)
{
    return j->options.place == NULL || (place != OMO_PLAN_NONE && j->options.place[place]);
}

/* ---- visits ---------------------------------------------------------------------------------- */

/* The member, and which account it is to a service. */
static uint64_t visit_member(const Journeys *j, const struct journeys_visit *v)
{
    const uint64_t cell = v->order >> CELL_SHIFT & CELL_MASK;
    omo_visitor visitor;

    if (omo_world_visitor(j->world, v->order, &visitor) && visitor.member != UINT32_MAX)
        return (uint64_t)visitor.member + 1;
    if (!j->online[v->channel])
        return 0;
    omo_draws draws = journeys_draws(&j->options, JOURNEYS_DRAW_ACCOUNT, v->order & ~SWITCHED, 0);
    return (cell + 1) << 32 |
           (journeys_draw_below(&draws, MAX(1, j->options.habits.accounts_per_cell)) + 1);
}

/* Someone who has left with nothing: what was wanted, and the channel; false: nobody online. */
static bool visit_look(const Journeys *j, struct journeys_visit *v)
{
    uint32_t offered[OMO_CHANNELS_MAX], count = 0;
    omo_visitor visitor;

    if (!omo_world_visitor(j->world, v->order, &visitor))
        return false;
    for (uint32_t i = 0; i < omo_model_channel_count(j->model); i++)
        if (omo_model_segment_offers(j->model, visitor.segment, i))
            offered[count++] = i;
    omo_draws channel = journeys_draws(&j->options, JOURNEYS_DRAW_CHANNEL, v->order, 0);
    omo_draws looking = journeys_draws(&j->options, JOURNEYS_DRAW_LOOKING, v->order, 0);
    if (count == 0 || !journeys_draw_share(&looking, j->options.habits.looking_ppm))
        return false;
    v->channel = offered[journeys_draw_below(&channel, count)];
    for (v->line_count = 0; v->line_count < visitor.line_count; v->line_count++)
        v->line[v->line_count] = (struct journeys_line){
            .sku = visitor.sku[v->line_count],
            .quantity = visitor.quantity[v->line_count],
            .cents = visitor.cents[v->line_count],
        };
    return j->online[v->channel];
}

static bool visit_passes_place(const Journeys *j, const struct journeys_visit *v)
{
    bool passes = passes_place(j, v->place);

    for (uint32_t i = 0; i < v->taken_count && !passes; i++)
        passes = passes_place(j, v->taken[i].place);
    return passes;
}

/* The journey of a visit goes to the queue; it has `steps`, which are laid. */
static void keep_visit(Journeys *j, enum journeys_kind kind, const struct journeys_laying *steps)
{
    const struct journeys_visit *v = &j->visit;
    const omo_plan_journey head = {.at_us = steps->step[0].at_us,
                                   .member = v->member,
                                   .order = kind == JOURNEYS_LOOK ? 0 : v->order,
                                   .place = v->place,
                                   .channel = (uint8_t)v->channel};
    const uint32_t slot = journeys_queue_add(&j->queue, kind, &head);

    for (uint32_t i = 0; i < steps->count; i++)
        *journeys_queue_step(&j->queue, slot, steps->step[i].kind, 0) = steps->step[i];
    j->counts.channel[v->channel]++;
    if (kind == JOURNEYS_ORDER && j->options.clerks && !v->failed && !v->canceled)
        journeys_orders_add(j->orders, v);
}

/* A visit whose facts have all been seen becomes a journey, if the filters let it. */
static void close_visit(Journeys *j)
{
    struct journeys_visit *v = &j->visit;

    if ((v->left ? !visit_look(j, v) : v->line_count == 0) || !j->options.channel[v->channel])
        return;
    const bool till = !j->online[v->channel];
    if (v->place == OMO_PLAN_NONE)
        v->place = v->taken_count > 0 ? v->taken[0].place : v->lacked_place;
    v->member = visit_member(j, v);
    if (till)
        journeys_visit_lay_till(v, &j->laying);
    else
        journeys_visit_lay(v, &j->options, j->world, &j->laying);
    if (j->laying.count == 0 || !starts_inside(&j->options, j->laying.step[0].at_us) ||
        !visit_passes_place(j, v))
        return;
    keep_visit(j,
               till        ? JOURNEYS_TILL
               : v->left   ? JOURNEYS_LOOK
               : v->placed ? JOURNEYS_ORDER
                           : JOURNEYS_CART,
               &j->laying);
}

static void end_visit(Journeys *j)
{
    if (j->visit.order != 0)
        close_visit(j);
    j->visit.order = 0;
}

static void begin_visit(Journeys *j, const omo_fact *fact)
{
    end_visit(j);
    memset(&j->visit, 0, offsetof(struct journeys_visit, line));
    j->visit.order = fact->order;
    j->visit.at_us = fact->at_us;
    j->visit.channel = omo_fact_channel(fact);
    j->visit.place = fact->place;
    j->visit.lacked_place = OMO_PLAN_NONE;
    j->visit.switched = (fact->order & SWITCHED) != 0;
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
static void gather(struct journeys_visit *v, enum mark mark, const omo_fact *fact)
{
    switch (mark) {
    case MARK_CLAIMED:
        v->claimed = true;
        break;
    case MARK_OPENED:
        v->channel = omo_fact_channel(fact);
        v->place = fact->place;
        break;
    case MARK_LEFT:
        v->left = true;
        v->place = fact->place;
        break;
    case MARK_LINE:
        g_assert(v->line_count < OMO_LINES_MAX);
        v->line[v->line_count++] = line_of(fact);
        break;
    case MARK_DISCOUNT:
        v->promotion = omo_fact_quantity(fact);
        v->discount_cents = fact->amount;
        break;
    case MARK_REDEEMED:
        v->redeemed = true;
        break;
    case MARK_PLACED:
        v->placed = true;
        v->units = omo_fact_quantity(fact);
        v->paid_cents = fact->amount;
        break;
    case MARK_TAKEN:
        g_assert(v->taken_count < JOURNEYS_TAKEN_MAX);
        v->taken[v->taken_count++] = line_of(fact);
        break;
    case MARK_LACKED: /* a place that was asked, should none promise anything */
        if (v->lacked_place == OMO_PLAN_NONE)
            v->lacked_place = fact->place;
        break;
    case MARK_FAILED:
        v->failed = true;
        break;
    default:
        break;
    }
}

/* ---- tasks ----------------------------------------------------------------------------------- */

/* Begins a clerk's journey at the time of the fact; *ret_turn is 0 when the filters hold it back. */
static uint32_t begin_task(Journeys *j, enum journeys_kind kind, const struct journeys_order *o,
                           const struct journeys_part *part, int64_t at_us, uint64_t *ret_turn)
{
    const omo_plan_journey head = {.at_us = at_us,
                                   .order = o->order,
                                   .place = part->place,
                                   .channel = (uint8_t)o->channel};

    *ret_turn = 0;
    if (!starts_inside(&j->options, at_us) || !passes_place(j, part->place))
        return JOURNEYS_QUEUE_NONE;
    const uint32_t slot = journeys_queue_add(&j->queue, kind, &head);
    *ret_turn = j->queue.slot[slot].turn;
    return slot;
}

/* Appends a step about a part to a journey that waits; NULL when there is none. */
static omo_plan_step *add_task_step(Journeys *j, uint32_t slot, uint64_t turn, enum step_kind kind,
                                    const struct journeys_part *part, int64_t at_us)
{
    if (!journeys_queue_holds(&j->queue, slot, turn))
        return NULL;
    omo_plan_step *step = journeys_queue_step(&j->queue, slot, (uint8_t)kind, at_us);
    step->place = part->place;
    step->quantity = (uint16_t)MIN(part->units, UINT16_MAX);
    step->amount = part->cents;
    return step;
}

/* A step of picking: goes on with the part's journey, or begins it. */
static void pick_step(Journeys *j, const struct journeys_order *o, struct journeys_part *part,
                      enum step_kind kind, int64_t at_us)
{
    const bool first = part->pick_us == INT64_MIN;

    if (first || at_us - part->pick_us > JOURNEYS_SPAN_US) {
        part->pick_us = at_us;
        part->pick_slot = begin_task(j, JOURNEYS_PICK, o, part, at_us, &part->pick_turn);
    }
    if (first && kind != STEP_pick_list) /* picked in no time */
        add_task_step(j, part->pick_slot, part->pick_turn, STEP_pick_list, part, at_us);
    add_task_step(j, part->pick_slot, part->pick_turn, kind, part, at_us);
}

/* A journey of one step; NULL when the filters hold it back. */
static omo_plan_step *single_task(Journeys *j, enum journeys_kind journey, enum step_kind kind,
                                  const struct journeys_order *o, const struct journeys_part *part,
                                  int64_t at_us)
{
    uint64_t turn;
    const uint32_t slot = begin_task(j, journey, o, part, at_us, &turn);

    return add_task_step(j, slot, turn, kind, part, at_us);
}

/* One line of a part may be brought back. */
static void return_line(Journeys *j, const struct journeys_order *o,
                        const struct journeys_part *part, int64_t at_us)
{
    omo_draws draws =
        journeys_draws(&j->options, JOURNEYS_DRAW_RETURN, o->order, (uint32_t)(part - o->part));

    if (!journeys_draw_share(&draws, j->options.habits.return_ppm))
        return;
    const struct journeys_line *line =
        journeys_order_line(o, part, journeys_draw_below(&draws, part->line_count));
    const int64_t after_us =
        journeys_draw_us(&draws, &j->options.habits.return_after, INT64_MAX - at_us);
    omo_plan_step *step =
        single_task(j, JOURNEYS_RETURN, STEP_take_back, o, part, at_us + after_us);
    if (step != NULL) {
        step->sku = line->sku;
        step->quantity = (uint16_t)MIN(line->quantity, UINT16_MAX);
        step->amount = line->cents;
    }
}

static void read_task(Journeys *j, enum mark mark, const omo_fact *fact)
{
    struct journeys_order *o = journeys_orders_find(j->orders, fact->order);
    struct journeys_part *part = o != NULL ? journeys_order_part(o, fact->place) : NULL;

    if (o != NULL && mark == MARK_CLOSED)
        journeys_orders_remove(j->orders, fact->order);
    if (part == NULL) /* CLOSED names no place */
        return;
    if (mark == MARK_PICK_START)
        pick_step(j, o, part, STEP_pick_list, fact->at_us);
    else if (mark == MARK_PICKED)
        pick_step(j, o, part, STEP_pick_confirm, fact->at_us);
    else if (mark == MARK_READY)
        pick_step(j, o, part, STEP_ready, fact->at_us);
    else if (mark == MARK_COLLECTED)
        single_task(j, JOURNEYS_COLLECT, STEP_collect, o, part, fact->at_us);
    else if (mark == MARK_DELIVERED)
        single_task(j, JOURNEYS_DELIVER, STEP_deliver, o, part, fact->at_us);
    if (mark == MARK_COLLECTED || mark == MARK_DELIVERED)
        return_line(j, o, part, fact->at_us);
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
    const enum mark mark = j->mark[omo_fact_kind(fact)];

    if (fact->at_us > j->now_us) {
        end_visit(j);
        j->now_us = fact->at_us;
        release(j, j->now_us - JOURNEYS_SPAN_US);
    }
    if (mark == MARK_NONE || fact->order == 0)
        return;
    if (mark >= MARK_PICK_START) {
        end_visit(j);
        read_task(j, mark, fact);
        return;
    }
    if (mark == MARK_SWITCHED) {
        j->switched_place = fact->place;
        return;
    }
    const bool begins = mark == MARK_CLAIMED || mark == MARK_OPENED || mark == MARK_LEFT ||
                        (mark == MARK_LINE && (fact->order & SWITCHED) != 0);
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
