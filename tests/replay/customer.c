/* The owner's side of a pool in tests. */
#include "replay/customer.h"

#include <check.h>
#include <signal.h>
#include <string.h>

#define TEXT(literal) ((struct api_text){literal, sizeof(literal) - 1})

static bool on_render(void *user, struct exchange *exchange, struct api_message *ret_message)
{
    struct customer *customer = user;

    (void)exchange;
    customer->render_count++;
    *ret_message = customer->message;
    return !customer->refuses;
}

static struct customer_end *end_of(struct customer *customer, const struct exchange *exchange)
{
    struct customer_end *end = &customer->end[exchange - customer->exchange];

    ck_assert(!end->ended); /* each ends once */
    ck_assert_ptr_null(exchange->link);
    end->ended = true;
    end->order = ++customer->end_count;
    end->resent = exchange->resent;
    return end;
}

/* The wanted headers of a reply. Caller frees. */
static char *wanted_of(const struct customer *customer, const struct reply *reply)
{
    GString *text = g_string_new(NULL);

    for (uint32_t i = 0; customer->events.map && i < api_wanted_count(customer->events.map); i++) {
        const struct api_text *value = &reply->api.wanted[i];
        if (value->text != NULL)
            g_string_append_len(text, value->text, value->size);
        g_string_append(text, value->text != NULL ? "|" : "-|");
    }
    return g_string_free(text, FALSE);
}

static void on_reply(void *user, struct exchange *exchange, const struct reply *reply)
{
    struct customer *customer = user;
    struct customer_end *end = end_of(customer, exchange);

    end->status = reply->api.status;
    end->body_size = reply->api.body.size;
    if (reply->api.body.text != NULL)
        end->body = g_strndup(reply->api.body.text, reply->api.body.size);
    end->body_bytes = reply->body_bytes;
    end->head_bytes = reply->head_bytes;
    end->gzip = reply->gzip;
    end->wanted = wanted_of(customer, reply);
    if (customer->after != NULL)
        customer->after(customer, (uint32_t)(exchange - customer->exchange));
}

static void on_fail(void *user, struct exchange *exchange, enum outcome outcome)
{
    struct customer *customer = user;
    struct customer_end *end = end_of(customer, exchange);

    end->failed = true;
    end->outcome = outcome;
    if (customer->after != NULL)
        customer->after(customer, (uint32_t)(exchange - customer->exchange));
}

struct pool_options customer_options(void)
{
    return (struct pool_options){.links_max = 4,
                                 .pipeline = 1,
                                 .streams = 1,
                                 .waiting_max = 1000,
                                 .connect_timeout_us = 5000000,
                                 .user_agent = "test/1"};
}

void customer_open(struct customer *customer, const char *url, const struct pool_options *options)
{
    customer_open_map(customer, url, options, NULL);
}

void customer_open_map(struct customer *customer, const char *url,
                       const struct pool_options *options, const ApiMap *map)
{
    const struct pool_options usual = customer_options();
    GError *error = NULL;

    signal(SIGPIPE, SIG_IGN);
    memset(customer, 0, sizeof(*customer));
    customer->target = target_new(url, NULL, &error);
    ck_assert_msg(customer->target != NULL, "%s", error != NULL ? error->message : "");
    customer->events = (struct exchange_events){.user = customer,
                                                .render = on_render,
                                                .reply = on_reply,
                                                .fail = on_fail,
                                                .map = map};
    customer->message = (struct api_message){.method = TEXT("GET"),
                                             .path = TEXT("/"),
                                             .idempotent = true,
                                             .constant = true};
    ck_assert_int_eq(uv_loop_init(&customer->loop), 0);
    customer->pool = pool_new(&customer->loop, (const struct target *const *)&customer->target, 1,
                              options != NULL ? options : &usual, &customer->events);
    ck_assert_ptr_nonnull(customer->pool);
}

void customer_close(struct customer *customer)
{
    pool_close(customer->pool, OUTCOME_cut_off);
    while (!pool_is_closed(customer->pool))
        uv_run(&customer->loop, UV_RUN_ONCE);
    const struct pool_counts *counts = pool_counts(customer->pool);
    ck_assert_uint_eq(counts->opened, counts->closed);
    ck_assert_uint_eq(counts->open_now, 0);
    ck_assert_uint_eq(counts->waiting_now, 0);
    ck_assert_uint_eq(counts->link_memory, 0);
    pool_free(customer->pool);
    ck_assert_int_eq(uv_loop_close(&customer->loop), 0);
    target_free(customer->target);
    for (uint32_t i = 0; i < CUSTOMER_EXCHANGES; i++)
        customer_forget(customer, i);
}

void customer_forget(struct customer *customer, uint32_t which)
{
    g_free(customer->end[which].body);
    g_free(customer->end[which].wanted);
    customer->end[which] = (struct customer_end){.ended = false};
}

void customer_ask(struct customer *customer, uint32_t which)
{
    ck_assert_uint_lt(which, CUSTOMER_EXCHANGES);
    customer->exchange[which].wants_body = true;
    pool_request(customer->pool, &customer->exchange[which]);
}

void customer_ask_next(struct customer *customer, uint32_t which)
{
    if (which + 1 < customer->user)
        customer_ask(customer, which + 1);
}

void customer_assert_fine(const struct customer *customer, uint32_t which)
{
    const struct customer_end *end = &customer->end[which];

    ck_assert_msg(end->ended && !end->failed, "%u: %s", which,
                  end->ended ? outcome_name(end->outcome) : "no end");
    ck_assert_uint_eq(end->status, 200);
    ck_assert_uint_eq(end->body_size, 5);
    ck_assert_str_eq(end->body, "hello");
}

static void on_timer(uv_timer_t *timer) { *(bool *)timer->data = true; }

/* Runs until `count` have ended or the time is up. */
static void run(struct customer *customer, uint32_t count, uint32_t ms)
{
    bool over = false;
    uv_timer_t timer;

    uv_timer_init(&customer->loop, &timer);
    timer.data = &over;
    uv_timer_start(&timer, on_timer, ms, 0);
    while (!over && customer->end_count < count)
        uv_run(&customer->loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&customer->loop, UV_RUN_NOWAIT);
}

void customer_run(struct customer *customer, uint32_t count)
{
    run(customer, count, 20000);
    ck_assert_uint_eq(customer->end_count, count);
}

void customer_run_ms(struct customer *customer, uint32_t ms) { run(customer, UINT32_MAX, ms); }
