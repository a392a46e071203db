/* Each client has its own random visits, drawn from its number, so that a seed is the same crowd every
 * time; how their requests fall among each other is the machine's, and what is asserted holds for all.
 */
#include "backend/shop_swarm.h"

#include <stdlib.h>

#define SWARM_MEMBERS 3 /* few, so that they meet themselves */

struct client {
    GRand *random;
    uint32_t seed, number, visits;
    char *member[SWARM_MEMBERS];
    struct swarm_told told;
    char reference[32];
};

uint32_t swarm_seed(uint32_t otherwise)
{
    const char *text = g_getenv("OMO_SEED");
    const uint32_t seed = text != NULL ? (uint32_t)strtoul(text, NULL, 0) : otherwise;

    printf("OMO_SEED=%u\n", seed);
    return seed;
}

static int64_t field(const json_t *answer, const char *key)
{
    return json_integer_value(json_object_get(answer, key));
}

/* Asks; the answer (the caller's) or NULL when it was refused. Nothing may be an error. */
static json_t *ask(struct client *c, const char *who, const char *path, const char *body)
{
    json_t *answer;
    const int status = shop_ask(who, "POST", path, body, &answer);

    ck_assert_msg(status < 500, "POST %s %s: %d", path, body, status);
    if (status < 300) {
        c->told.done++;
        return answer;
    }
    c->told.refused++;
    json_decref(answer);
    return NULL;
}

static void ask_twice(struct client *c, const char *who, const char *path, const char *body,
                      json_t **ret_answer)
{
    *ret_answer = ask(c, who, path, body);
    if (*ret_answer != NULL && g_rand_int_range(c->random, 0, 3) == 0)
        json_decref(ask(c, who, path, body)); /* the first answer was lost, it believes */
}

static char *any_place(struct client *c)
{
    return g_strdup(shop_places[g_rand_int_range(c->random, 0, 3)]);
}

static char *clerk_of(const char *place)
{
    return g_strdup_printf("Authorization: Clerk %s\r\n", place);
}

static void sell(struct client *c)
{
    g_autofree char *place = any_place(c), *clerk = clerk_of(place);
    g_autofree char *body = g_strdup_printf(
        "{\"reference\": \"%s\", \"place\": \"%s\", \"sku\": \"%s\", \"quantity\": %d, \"card\": "
        "\"%d\"}",
        c->reference, place, shop_skus[g_rand_int_range(c->random, 0, SHOP_SKUS)],
        g_rand_int_range(c->random, 1, 3), 1 + g_rand_int_range(c->random, 0, SWARM_MEMBERS));
    json_t *answer;

    ask_twice(c, clerk, "/sales", body, &answer);
    c->told.sold_cents += field(answer, "amount_cents");
    json_decref(answer);
}

static void put_aside(struct client *c, const char *who)
{
    g_autofree char *place = any_place(c);
    g_autofree char *body = g_strdup_printf(
        "{\"reference\": \"%s\", \"place\": \"%s\", \"sku\": \"%s\", \"quantity\": 1}",
        c->reference, place, shop_skus[g_rand_int_range(c->random, 0, SHOP_SKUS)]);
    g_autofree char *cancel = g_strdup_printf("/reservations/%s/cancellation", c->reference);
    json_t *answer;

    ask_twice(c, who, "/reservations", body, &answer);
    if (answer != NULL && g_rand_boolean(c->random))
        json_decref(ask(c, who, cancel, ""));
    json_decref(answer);
}

/* Wherever the clerks are, they take it over, pick and hand it over; some of it comes back. */
static void serve(struct client *c, int64_t units)
{
    static const char *const steps[] = {"routes", "picks", "ready", "collections", "returns"};
    g_autofree char *place = any_place(c), *clerk = clerk_of(place);
    const int last = g_rand_int_range(c->random, 1, (int)G_N_ELEMENTS(steps) + 1);

    for (int i = 0; i < last; i++) {
        g_autofree char *path = g_strdup_printf("/orders/%s/%s", c->reference, steps[i]);
        g_autofree char *body =
            g_strdup_printf("{\"place\": \"%s\", \"quantity\": %d}", place, i < 2 ? (int)units : 1);
        json_t *answer = ask(c, clerk, path, body);
        c->told.paid_cents -= field(answer, "refunded_cents");
        json_decref(answer);
    }
}

static void pay_and_go_on(struct client *c, const char *who, const json_t *order)
{
    g_autofree char *pay = g_strdup_printf("/orders/%s/payments", c->reference);
    g_autofree char *cancel = g_strdup_printf("/orders/%s/cancellation", c->reference);
    g_autofree char *body = g_strdup_printf("{\"amount_cents\": %d, \"method\": \"wallet\"}",
                                            (int)field(order, "total_cents"));
    json_t *answer = NULL;
    int64_t paid_cents = 0;

    if (g_rand_int_range(c->random, 0, 5) > 0) {
        ask_twice(c, who, pay, body, &answer);
        paid_cents = field(answer, "paid_cents");
        json_decref(answer);
    }
    c->told.paid_cents += paid_cents;
    if (paid_cents > 0 && g_rand_boolean(c->random))
        serve(c, field(order, "units"));
    if (g_rand_int_range(c->random, 0, 3) > 0)
        return;
    ask_twice(c, who, cancel, "", &answer);
    if (answer != NULL) {
        g_hash_table_add(c->told.cancelled, g_strdup(c->reference));
        c->told.paid_cents -= paid_cents;
        json_decref(answer);
    }
}

static void shop(struct client *c, const char *who)
{
    g_autofree char *lines = g_strdup_printf("/carts/%s/lines", c->reference);
    g_autofree char *coupons = g_strdup_printf("/carts/%s/coupons", c->reference);
    g_autofree char *place = any_place(c);
    g_autofree char *body = g_strdup_printf(
        "{\"reference\": \"%s\", \"cart\": \"%s\", \"place\": \"%s\", \"points\": %d}",
        c->reference, c->reference, place, g_rand_int_range(c->random, 0, 4) == 0 ? 7 : 0);
    json_t *order;

    for (int i = g_rand_int_range(c->random, 1, 4); i > 0; i--) {
        g_autofree char *line =
            g_strdup_printf("{\"sku\": \"%s\", \"quantity\": %d}",
                            shop_skus[g_rand_int_range(c->random, 0, SHOP_SKUS)],
                            g_rand_int_range(c->random, 1, 3));
        json_decref(ask(c, who, lines, line));
    }
    if (g_rand_boolean(c->random))
        json_decref(
            ask(c, who, coupons,
                g_rand_boolean(c->random) ? "{\"coupon\": \"three\"}" : "{\"coupon\": \"tenth\"}"));
    ask_twice(c, who, "/orders", body, &order);
    if (order == NULL)
        return;
    g_hash_table_insert(c->told.orders, g_strdup(c->reference),
                        GINT_TO_POINTER((int)field(order, "total_cents") + 1));
    pay_and_go_on(c, who, order);
    json_decref(order);
}

static void *client_run(void *user)
{
    struct client *c = user;

    for (uint32_t i = 0; i < c->visits; i++) {
        const char *who = c->member[g_rand_int_range(c->random, 0, SWARM_MEMBERS)];
        const int what = g_rand_int_range(c->random, 0, 10);
        g_snprintf(c->reference, sizeof c->reference, "%u-%u-%u", c->seed, c->number, i);
        if (what < 2)
            sell(c);
        else if (what < 3)
            put_aside(c, who);
        else
            shop(c, who);
    }
    return NULL;
}

static void told_init(struct swarm_told *told)
{
    *told =
        (struct swarm_told){.orders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                            .cancelled =
                                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
}

static void told_add(struct swarm_told *all, struct swarm_told *one)
{
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init(&iter, one->orders);
    while (g_hash_table_iter_next(&iter, &key, &value))
        g_hash_table_insert(all->orders, g_strdup(key), value);
    g_hash_table_iter_init(&iter, one->cancelled);
    while (g_hash_table_iter_next(&iter, &key, &value))
        g_hash_table_add(all->cancelled, g_strdup(key));
    all->paid_cents += one->paid_cents;
    all->sold_cents += one->sold_cents;
    all->done += one->done;
    all->refused += one->refused;
    swarm_clear(one);
}

void swarm_clear(struct swarm_told *told)
{
    g_hash_table_unref(told->orders);
    g_hash_table_unref(told->cancelled);
}

void swarm_run(uint32_t seed, uint32_t threads, uint32_t visits, struct swarm_told *ret_told)
{
    g_autofree struct client *client = g_new0(struct client, threads);
    g_autofree GThread **thread = g_new(GThread *, threads);

    told_init(ret_told);
    for (uint32_t i = 0; i < threads; i++) {
        client[i] = (struct client){.random = g_rand_new_with_seed(seed * 1000 + i),
                                    .seed = seed,
                                    .number = i,
                                    .visits = visits};
        told_init(&client[i].told);
        for (int m = 0; m < SWARM_MEMBERS; m++) {
            g_autofree char *name = g_strdup_printf("%d", m + 1);
            client[i].member[m] = shop_member(name);
        }
        thread[i] = g_thread_new("client", client_run, &client[i]);
    }
    for (uint32_t i = 0; i < threads; i++) {
        g_thread_join(thread[i]);
        told_add(ret_told, &client[i].told);
        g_rand_free(client[i].random);
        for (int m = 0; m < SWARM_MEMBERS; m++)
            g_free(client[i].member[m]);
    }
}
