/* Who sends on which connection, who waits, and what is closed.
 *
 * Each target has three lists of links (opening, ready, full) and a queue. A request takes the ready
 * link used last: few connections stay warm instead of all growing cold, as in a service's own
 * pools. Waiting requests go first: nobody overtakes the queue.
 *
 * One timer looks after the rest: connections that take too long, targets that rest, idle links. It
 * ticks every 10 ms while something is being opened or rests, slowly when only idle links need it,
 * and not at all otherwise; none of this is on the way of a request.
 *
 * A service that closes what was idle for too long (Node's after 5 s) may do so just when a request
 * is on its way, which then fails as a reset although nothing is wrong: with POST nobody knows
 * whether it was done. So a link that has been idle for nearly as long as the service allows, by its
 * Keep-Alive header or the options, is closed here instead of used.
 *
 * After a connect error a target rests: what waits fails, unless another link is open that will
 * serve it, and no link is opened until the rest is over. What comes meanwhile waits, so that an
 * owner who tries again at once is slowed down and not caught in a loop.
 */
#include "replay/pool_private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TICK_MS 10
#define REST_FIRST_MS 10
#define REST_LONGEST_MS 1000

int64_t clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- lists of links -------------------------------------------------------------------------- */

void pool_displace(struct link *link)
{
    struct link_list *list = link->list;

    if (list == NULL)
        return;
    if (link->previous != NULL)
        link->previous->next = link->next;
    else
        list->first = link->next;
    if (link->next != NULL)
        link->next->previous = link->previous;
    list->count--;
    link->list = NULL;
}

static void pool_put_link(struct link *link, struct link_list *list)
{
    if (link->list == list && list->first == link)
        return;
    pool_displace(link);
    link->list = list;
    link->previous = NULL;
    link->next = list->first;
    if (list->first != NULL)
        list->first->previous = link;
    list->first = link;
    list->count++;
}

void pool_place(struct link *link)
{
    struct pool_side *side = link->side;

    if (!link->usable && link->in_flight == 0)
        link_close(link);
    else if (link->usable && link->protocol->room(link) > 0)
        pool_put_link(link, &side->ready);
    else
        pool_put_link(link, &side->full);
}

static uint32_t pool_link_count(const struct pool_side *side)
{
    return side->opening.count + side->ready.count + side->full.count;
}

uint64_t pool_idle_ms(const struct pool *pool)
{
    return pool->options.idle_ms > 0 ? (uint64_t)pool->options.idle_ms : UINT64_MAX;
}

/* Closes links at the head of the ready ones that the service may be about to close: a request on
 * one of them could be lost. The one used last comes first, so that is mostly none or all. */
static void pool_close_stale(struct pool_side *side)
{
    const uint64_t now = uv_now(side->pool->loop);

    for (struct link *link; (link = side->ready.first) != NULL && link->in_flight == 0 &&
                            now >= link->used_ms && now - link->used_ms >= link->idle_ms;)
        link_close(link);
}

/* ---- the queue ------------------------------------------------------------------------------- */

static void pool_count_waiting(struct pool_side *side, int32_t change)
{
    struct pool_counts *counts = &side->pool->counts;

    side->waiting_count += (uint32_t)change;
    counts->waiting_now += (uint32_t)change;
    if (counts->waiting_now > counts->waiting_max)
        counts->waiting_max = counts->waiting_now;
}

static void pool_enqueue(struct pool_side *side, struct exchange *exchange)
{
    exchange->stream = side->epoch;
    exchange->next = NULL;
    exchange->previous = side->waiting_last;
    if (side->waiting_last != NULL)
        side->waiting_last->next = exchange;
    else
        side->waiting_first = exchange;
    side->waiting_last = exchange;
    pool_count_waiting(side, 1);
}

void pool_requeue(struct pool_side *side, struct exchange *exchange)
{
    exchange->sent_ns = 0;
    exchange->stream = side->epoch;
    exchange->previous = NULL;
    exchange->next = side->waiting_first;
    if (side->waiting_first != NULL)
        side->waiting_first->previous = exchange;
    else
        side->waiting_last = exchange;
    side->waiting_first = exchange;
    pool_count_waiting(side, 1);
}

static void pool_dequeue(struct pool_side *side, struct exchange *exchange)
{
    if (exchange->previous != NULL)
        exchange->previous->next = exchange->next;
    else
        side->waiting_first = exchange->next;
    if (exchange->next != NULL)
        exchange->next->previous = exchange->previous;
    else
        side->waiting_last = exchange->previous;
    exchange->next = exchange->previous = NULL;
    pool_count_waiting(side, -1);
}

/* Fails what has waited since before `epoch`; what is queued meanwhile stays. */
static void pool_fail_waiting(struct pool_side *side, uint32_t epoch, enum outcome outcome)
{
    struct pool *pool = side->pool;

    for (struct exchange *e; (e = side->waiting_first) != NULL && e->stream != epoch;) {
        pool_dequeue(side, e);
        pool->events->fail(pool->events->user, e, outcome);
    }
}

/* ---- time ------------------------------------------------------------------------------------ */

static void pool_on_tick(uv_timer_t *timer);

/* How soon to look again; 0 = there is nothing to look after. */
static uint64_t pool_tick_ms(const struct pool *pool)
{
    const uint64_t idle_ms = (uint64_t)pool->options.idle_ms;
    uint64_t tick_ms = 0;

    for (uint32_t i = 0; i < pool->side_count; i++) {
        const struct pool_side *side = &pool->side[i];
        if (side->opening.count > 0 || (side->rest_until > 0 && side->waiting_count > 0))
            return TICK_MS;
        if (idle_ms > 0 && pool_link_count(side) > 0)
            tick_ms = idle_ms / 4 > TICK_MS ? idle_ms / 4 : TICK_MS;
    }
    return tick_ms;
}

static void pool_set_timer(struct pool *pool)
{
    const uint64_t tick_ms = pool->closing ? 0 : pool_tick_ms(pool);

    if (tick_ms == 0)
        uv_timer_stop(&pool->timer);
    else if (!uv_is_active((uv_handle_t *)&pool->timer) ||
             uv_timer_get_due_in(&pool->timer) > tick_ms)
        uv_timer_start(&pool->timer, pool_on_tick, tick_ms, 0);
}

/* Closes links of a list that have not been used since `before`. */
static void pool_close_older(struct link_list *list, uint64_t before, bool failed)
{
    for (struct link *link = list->first, *next; link != NULL; link = next) {
        next = link->next;
        if (link->in_flight == 0 && link->used_ms < before) {
            link->failed = failed;
            link_close(link);
        }
    }
}

static void pool_on_tick(uv_timer_t *timer)
{
    struct pool *pool = timer->data;
    const uint64_t now = uv_now(pool->loop);
    const uint64_t connect_ms = (uint64_t)(pool->options.connect_timeout_us + 999) / 1000;
    const uint64_t idle_ms = (uint64_t)pool->options.idle_ms;

    for (uint32_t i = 0; i < pool->side_count; i++) {
        struct pool_side *side = &pool->side[i];
        if (now > connect_ms)
            pool_close_older(&side->opening, now - connect_ms, true);
        if (idle_ms > 0 && now > idle_ms)
            pool_close_older(&side->ready, now - idle_ms, false);
        pool_dispatch(side);
    }
    pool_set_timer(pool);
}

static void pool_on_later(uv_idle_t *later)
{
    struct pool *pool = later->data;

    uv_idle_stop(later);
    for (uint32_t i = 0; i < pool->side_count; i++)
        pool_dispatch(&pool->side[i]);
    pool_set_timer(pool);
}

void pool_later(struct pool *pool)
{
    if (!pool->closing)
        uv_idle_start(&pool->later, pool_on_later);
}

/* ---- what is packed -------------------------------------------------------------------------- */

void link_flush_later(struct link *link)
{
    struct pool *pool = link->pool;

    if (link->flush_asked || pool->closing)
        return;
    link->flush_asked = true;
    link->flush_next = pool->flush_first;
    pool->flush_first = link;
}

/* O(n) in links with something to flush, when one of them is closed. */
void pool_forget_flush(struct link *link)
{
    if (!link->flush_asked)
        return;
    for (struct link **at = &link->pool->flush_first; *at != NULL; at = &(*at)->flush_next)
        if (*at == link) {
            *at = link->flush_next;
            break;
        }
    link->flush_asked = false;
}

static void pool_before_wait(uv_prepare_t *before_wait)
{
    struct pool *pool = before_wait->data;

    for (struct link *link; (link = pool->flush_first) != NULL;) {
        pool->flush_first = link->flush_next;
        link->flush_asked = false;
        if (link->state == LINK_OPEN && !link->protocol->flush(link))
            link_close(link);
    }
}

/* ---- links come and go ----------------------------------------------------------------------- */

static void pool_open_link(struct pool_side *side)
{
    struct link *link = link_open(side);

    if (link == NULL || link->state == LINK_CLOSING)
        return;
    pool_put_link(link, &side->opening);
    pool_set_timer(side->pool);
}

/* Opens links for those who wait: not more than wait, nor than may be open. */
static void pool_open_links(struct pool_side *side)
{
    const struct pool *pool = side->pool;

    if (pool->closing)
        return;
    if (side->rest_until > 0) {
        if (uv_now(pool->loop) < side->rest_until) {
            pool_set_timer(side->pool);
            return;
        }
        side->rest_until = 0;
    }
    for (uint32_t count = side->opening.count;
         count < side->waiting_count && pool_link_count(side) < pool->options.links_max; count++)
        pool_open_link(side);
}

void pool_link_up(struct link *link)
{
    struct pool_side *side = link->side;
    struct pool_counts *counts = &link->pool->counts;

    side->rest_ms = REST_FIRST_MS;
    if (++counts->open_now > counts->open_max)
        counts->open_max = counts->open_now;
    link->used_ms = uv_now(link->pool->loop);
    pool_place(link);
    pool_dispatch(side);
    pool_later(link->pool);
}

uint32_t pool_next_address(struct pool_side *side)
{
    const uint32_t count = side->target->address_count;
    uint32_t turn;

    do
        turn = side->next_address++ % count;
    while ((side->dead_addresses >> turn & 1) != 0);
    return turn;
}

static void pool_connect_failed(struct pool_side *side, uint32_t address, enum outcome outcome)
{
    struct pool *pool = side->pool;
    const uint32_t all = (1u << side->target->address_count) - 1;

    if (outcome == OUTCOME_connect_error)
        side->dead_addresses |= 1u << address;
    if (outcome == OUTCOME_connect_error && side->target->address_count > 1 &&
        side->dead_addresses != all) {
        pool_open_link(side); /* "localhost" is two addresses, and a service listens on one */
        return;
    }
    side->dead_addresses = 0;
    pool->counts.connect_errors++;
    if (side->rest_until == 0) { /* the first of those opened together */
        side->rest_until = uv_now(pool->loop) + side->rest_ms;
        side->rest_ms = side->rest_ms * 2 < REST_LONGEST_MS ? side->rest_ms * 2 : REST_LONGEST_MS;
    }
    if (pool_link_count(side) == 0)
        pool_fail_waiting(side, ++side->epoch, outcome);
    pool_later(pool);
}

void pool_link_gone(struct link *link)
{
    struct pool_side *side = link->side;
    struct pool *pool = link->pool;

    pool->handle_count--;
    pool->counts.closed++;
    pool->counts.link_memory -= link->memory;
    if (link->failed && !pool->closing)
        pool_connect_failed(side, link->address, link->outcome);
}

/* ---- sending --------------------------------------------------------------------------------- */

/* Sends an exchange that is on no list. FALSE = no link has room; it must wait. */
static bool pool_send(struct pool_side *side, struct exchange *exchange)
{
    struct pool *pool = side->pool;

    pool_close_stale(side);
    if (side->ready.first == NULL)
        return false;
    if (!pool->events->render(pool->events->user, exchange, &pool->message))
        return true; /* the owner has dealt with it */
    struct link *link = side->ready.first;
    if (link == NULL)
        return false;
    exchange->head_only = pool->message.head_only;
    exchange->idempotent = pool->message.idempotent;
    exchange->sent_ns = clock_ns();
    link->used_ms = uv_now(pool->loop);
    link_put(link, exchange);
    if (link->protocol->submit(link, exchange, &pool->message))
        pool_place(link);
    else
        link_close(link);
    return true;
}

void pool_dispatch(struct pool_side *side)
{
    while (side->waiting_first != NULL && side->ready.first != NULL) {
        struct exchange *exchange = side->waiting_first;
        pool_dequeue(side, exchange);
        if (!pool_send(side, exchange))
            pool_requeue(side, exchange);
    }
    if (side->waiting_count > side->opening.count)
        pool_open_links(side);
}

void pool_request(struct pool *pool, struct exchange *exchange)
{
    struct pool_side *side = &pool->side[exchange->target];

    exchange->link = NULL;
    exchange->next = exchange->previous = NULL;
    exchange->sent_ns = 0;
    exchange->resent = exchange->unsure = 0;
    exchange->body = NULL;
    exchange->body_size = exchange->body_capacity = 0;
    if (pool->closing) {
        pool->events->fail(pool->events->user, exchange, pool->closing_outcome);
        return;
    }
    if (side->waiting_first == NULL && pool_send(side, exchange))
        return;
    if (side->waiting_count >= pool->options.waiting_max) {
        pool->events->fail(pool->events->user, exchange, OUTCOME_shed);
        return;
    }
    pool_enqueue(side, exchange);
    if (side->ready.first == NULL)
        pool_open_links(side);
    else
        pool_later(pool);
}

void pool_cancel(struct pool *pool, struct exchange *exchange)
{
    struct link *link = exchange->link;

    if (link == NULL) {
        pool_dequeue(&pool->side[exchange->target], exchange);
        return;
    }
    const bool goes_on = link->state != LINK_OPEN || link->protocol->cancel(link, exchange);
    free(exchange->body);
    exchange->body = NULL;
    link_drop(link, exchange);
    if (!goes_on)
        link_close(link);
    else if (link->state == LINK_OPEN)
        pool_place(link);
    pool_later(pool);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void pool_prepare_side(struct pool_side *side, const struct pool_options *options)
{
    const char *agent = options->user_agent != NULL ? options->user_agent : "omosim";
    g_autofree char *host = g_strdup_printf("Host: %s\r\n", side->target->authority);
    g_autofree char *agent_line = g_strdup_printf("User-Agent: %s\r\n", agent);
    const char *encoding = "Accept-Encoding: gzip\r\n", *secret = side->target->authorization;
    g_autofree char *authorization =
        secret != NULL ? g_strdup_printf("Authorization: %s\r\n", secret) : g_strdup("");

    side->rest_ms = REST_FIRST_MS;
    side->idle_ms = pool_idle_ms(side->pool);
    side->host_size = (uint32_t)strlen(host);
    side->agent_size = (uint32_t)strlen(agent_line);
    side->encoding_size = (uint32_t)strlen(encoding);
    side->authorization_size = (uint32_t)strlen(authorization);
    side->fixed = g_strconcat(host, agent_line, encoding, authorization, NULL);
}

struct pool *pool_new(uv_loop_t *loop, const struct target *const *targets, uint32_t target_count,
                      const struct pool_options *options, const struct exchange_events *events)
{
    struct pool *pool = calloc(1, sizeof(*pool));

    if (pool == NULL)
        return NULL;
    pool->side = calloc(target_count, sizeof(pool->side[0]));
    pool->send = malloc(POOL_SEND_SIZE);
    pool->send_capacity = POOL_SEND_SIZE;
    pool->loop = loop;
    pool->options = *options;
    pool->events = events;
    if (pool->side == NULL || pool->send == NULL) {
        pool_free(pool);
        return NULL;
    }
    for (uint32_t i = 0; i < target_count; i++) {
        pool->side[i].pool = pool;
        pool->side[i].target = targets[i];
        pool->side_count++;
        pool_prepare_side(&pool->side[i], options);
    }
    link_prepare_wanted(pool, events);
    uv_timer_init(loop, &pool->timer);
    uv_idle_init(loop, &pool->later);
    uv_prepare_init(loop, &pool->before_wait);
    uv_prepare_start(&pool->before_wait, pool_before_wait);
    uv_unref((uv_handle_t *)&pool->before_wait);
    pool->timer.data = pool;
    pool->later.data = pool;
    pool->before_wait.data = pool;
    pool->handle_count = 3;
    return pool;
}

static void pool_on_handle_closed(uv_handle_t *handle)
{
    struct pool *pool = handle->data;

    pool->handle_count--;
}

static void pool_close_links(struct link_list *list)
{
    for (struct link *link; (link = list->first) != NULL;) {
        link_close(link);
        link_drop_all(link, false);
    }
}

void pool_close(struct pool *pool, enum outcome outcome)
{
    if (pool->closing)
        return;
    pool->closing = true;
    pool->closing_outcome = outcome;
    for (uint32_t i = 0; i < pool->side_count; i++) {
        struct pool_side *side = &pool->side[i];
        pool_fail_waiting(side, ++side->epoch, outcome);
        pool_close_links(&side->opening);
        pool_close_links(&side->ready);
        pool_close_links(&side->full);
    }
    uv_close((uv_handle_t *)&pool->timer, pool_on_handle_closed);
    uv_close((uv_handle_t *)&pool->later, pool_on_handle_closed);
    uv_close((uv_handle_t *)&pool->before_wait, pool_on_handle_closed);
}

bool pool_is_closed(const struct pool *pool) { return pool->closing && pool->handle_count == 0; }

void pool_free(struct pool *pool)
{
    if (pool == NULL)
        return;
    for (uint32_t i = 0; i < pool->side_count; i++)
        g_free(pool->side[i].fixed);
    link_free_unpacked(pool);
    free(pool->side);
    free(pool->send);
    free(pool);
}

const struct pool_counts *pool_counts(const struct pool *pool) { return &pool->counts; }
