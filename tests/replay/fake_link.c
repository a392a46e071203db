/* A link without a socket: the functions of link.h, doing the least that their contract asks for,
 * and checking what it forbids: an exchange that ends twice, a protocol entered from its own write,
 * bytes written after the link was closed. */
#include "replay/fake_link.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct fake_block {
    struct fake_link *fake;
    struct link link;
    max_align_t state[];
};

static struct fake_link *fake_of(const struct link *link)
{
    return ((struct fake_block *)((char *)link - offsetof(struct fake_block, link)))->fake;
}

void *__wrap_link_state_of(const struct link *link);
bool __wrap_link_write(struct link *link, const char *bytes, size_t size);
bool __wrap_link_write_raw(struct link *link, const uv_buf_t *pieces, uint32_t count);
void __wrap_link_reply(struct link *link, struct exchange *exchange, const struct reply *reply);
void __wrap_link_fail(struct link *link, struct exchange *exchange, enum outcome outcome);
void __wrap_link_flush_later(struct link *link);
void __wrap_link_retire(struct link *link);
void __wrap_link_has_room(struct link *link);
void __wrap_link_is_up(struct link *link, const struct protocol *protocol);
bool __wrap_link_take_plain(struct link *link, const char *bytes, size_t size);

/* ---- what protocols and TLS call ------------------------------------------------------------- */

void *__wrap_link_state_of(const struct link *link)
{
    return ((struct fake_block *)((char *)link - offsetof(struct fake_block, link)))->state;
}

bool __wrap_link_write_raw(struct link *link, const uv_buf_t *pieces, uint32_t count)
{
    struct fake_link *fake = fake_of(link);

    ck_assert_int_ne(link->state, LINK_CLOSING);
    if (fake->is_broken)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        g_byte_array_append(fake->sent, (const guint8 *)pieces[i].base, (guint)pieces[i].len);
        if (fake->takes_nothing)
            link->unsent_size += pieces[i].len;
    }
    fake->write_count++;
    return true;
}

bool __wrap_link_write(struct link *link, const char *bytes, size_t size)
{
    const uv_buf_t piece = {.base = (char *)bytes, .len = size};

    return link->tls != NULL ? tls_write(link, &piece, 1) : __wrap_link_write_raw(link, &piece, 1);
}

static void fake_drop(struct link *link, struct exchange *exchange)
{
    struct exchange *next = exchange->next, *previous = exchange->previous;

    *(previous != NULL ? &previous->next : &link->first) = next;
    *(next != NULL ? &next->previous : &link->last) = previous;
    exchange->next = exchange->previous = NULL;
    exchange->link = NULL;
    link->in_flight--;
}

/* Takes an exchange off the link and notes its end. */
static void fake_note(struct link *link, struct exchange *exchange, enum outcome outcome,
                      const struct reply *reply)
{
    struct fake_exchange *fake = (struct fake_exchange *)exchange;

    ck_assert_ptr_eq(exchange->link, link);
    ck_assert_uint_eq(fake->end_count, 0);
    fake_drop(link, exchange);
    fake->end_count++;
    fake->outcome = outcome;
    if (reply != NULL) {
        fake->status = reply->api.status;
        fake->body_bytes = reply->body_bytes;
        fake->head_bytes = reply->head_bytes;
        fake->gzip = reply->gzip;
        g_string_append_len(fake->body, reply->api.body.text, reply->api.body.size);
        for (uint32_t i = 0; i < link->pool->wanted_count; i++) {
            const struct api_text *text = &reply->api.wanted[i];
            g_string_append_len(fake->wanted, text->text != NULL ? text->text : "-",
                                text->text != NULL ? text->size : 1);
            g_string_append_c(fake->wanted, '|');
        }
    }
    free(exchange->body);
    exchange->body = NULL;
    exchange->body_size = exchange->body_capacity = 0;
    if (fake->on_end != NULL)
        fake->on_end(fake);
    if (fake->fake->retired && link->in_flight == 0)
        fake_close(fake->fake, OUTCOME_reset);
}

void __wrap_link_reply(struct link *link, struct exchange *exchange, const struct reply *reply)
{
    fake_note(link, exchange, OUTCOME_ok, reply);
}

void __wrap_link_fail(struct link *link, struct exchange *exchange, enum outcome outcome)
{
    ck_assert_int_ne(outcome, OUTCOME_ok);
    fake_note(link, exchange, outcome, NULL);
}

void __wrap_link_has_room(struct link *link) { fake_of(link)->has_room_count++; }

void __wrap_link_flush_later(struct link *link) { fake_of(link)->flush_asked = true; }

void __wrap_link_retire(struct link *link)
{
    link->usable = false;
    fake_of(link)->retired = true;
    if (link->in_flight == 0)
        fake_close(fake_of(link), OUTCOME_reset);
}

void __wrap_link_is_up(struct link *link, const struct protocol *protocol)
{
    link->state = LINK_OPEN;
    link->usable = true;
    link->protocol = protocol;
    if (!fake_of(link)->keep_plain)
        ck_assert(protocol->open(link));
}

bool __wrap_link_take_plain(struct link *link, const char *bytes, size_t size)
{
    struct fake_link *fake = fake_of(link);

    if (!fake->keep_plain)
        return link->protocol->take(link, bytes, size);
    g_byte_array_append(fake->plain, (const guint8 *)bytes, (guint)size);
    return true;
}

/* ---- what tests call ------------------------------------------------------------------------- */

struct fake_link *fake_link_new(const struct protocol *protocol, struct tls *tls)
{
    struct fake_link *fake = g_new0(struct fake_link, 1);
    struct fake_block *block = g_malloc0(sizeof *block + protocol_http2.size + 4096);

    block->fake = fake;
    fake->link = &block->link;
    fake->target =
        (struct target){.authority = (char *)"127.0.0.1:1", .base_path = (char *)"", .tls = tls};
    fake->pool = g_new0(struct pool, 1);
    fake->pool->options = (struct pool_options){.streams = 100, .user_agent = "omosim"};
    fake->side = (struct pool_side){.pool = fake->pool, .target = &fake->target};
    fake->link->pool = fake->pool;
    fake->link->side = &fake->side;
    fake->sent = g_byte_array_new();
    fake->plain = g_byte_array_new();
    fake->all = g_ptr_array_new();
    fake->link->target = &fake->target;
    fake->link->tls = tls;
    fake->link->state = LINK_HANDSHAKE;
    if (tls == NULL)
        __wrap_link_is_up(fake->link, protocol);
    else
        fake->link->protocol = protocol;
    return fake;
}

void fake_close(struct fake_link *fake, enum outcome outcome)
{
    struct link *link = fake->link;

    if (link->state == LINK_CLOSING)
        return;
    const bool was_open = link->state == LINK_OPEN;
    link->state = LINK_CLOSING;
    while (link->first != NULL)
        __wrap_link_fail(link, link->first, outcome);
    if (was_open && !fake->keep_plain)
        link->protocol->close(link);
}

void fake_link_free(struct fake_link *fake)
{
    fake_close(fake, OUTCOME_cut_off);
    for (guint i = 0; i < fake->all->len; i++) {
        struct fake_exchange *exchange = fake->all->pdata[i];

        g_string_free(exchange->body, TRUE);
        g_string_free(exchange->wanted, TRUE);
        g_free(exchange);
    }
    g_ptr_array_unref(fake->all);
    g_byte_array_unref(fake->sent);
    g_byte_array_unref(fake->plain);
    tls_free(fake->link->tls);
    link_free_unpacked(fake->pool);
    g_free(fake->pool);
    g_free((char *)fake->link - offsetof(struct fake_block, link));
    g_free(fake);
}

struct fake_exchange *fake_request(struct fake_link *fake, const struct api_message *message,
                                   bool wants_body)
{
    struct link *link = fake->link;

    if (link->state != LINK_OPEN || !link->usable || link->protocol->room(link) == 0)
        return NULL;

    struct fake_exchange *made = g_new0(struct fake_exchange, 1);
    made->fake = fake;
    made->body = g_string_new(NULL);
    made->wanted = g_string_new(NULL);
    made->exchange.wants_body = wants_body;
    made->exchange.head_only = message->head_only;
    made->exchange.link = link;
    made->exchange.previous = link->last;
    *(link->last != NULL ? &link->last->next : &link->first) = &made->exchange;
    link->last = &made->exchange;
    link->in_flight++;
    g_ptr_array_add(fake->all, made);
    if (!link->protocol->submit(link, &made->exchange, message)) {
        __wrap_link_fail(link, &made->exchange, OUTCOME_reset);
        return NULL;
    }
    return made;
}

struct fake_exchange *fake_get(struct fake_link *fake, const char *path, bool wants_body)
{
    const struct api_message message = {.method = {"GET", 3},
                                        .path = {path, (uint32_t)strlen(path)},
                                        .idempotent = true};

    return fake_request(fake, &message, wants_body);
}

void fake_cancel(struct fake_link *fake, struct fake_exchange *exchange)
{
    struct link *link = fake->link;
    const bool goes_on =
        link->state != LINK_OPEN || link->protocol->cancel(link, &exchange->exchange);

    free(exchange->exchange.body);
    exchange->exchange.body = NULL;
    fake_drop(link, &exchange->exchange);
    if (!goes_on)
        fake_close(fake, OUTCOME_reset);
}

bool fake_take(struct fake_link *fake, const void *bytes, size_t size)
{
    struct link *link = fake->link;
    enum outcome outcome = OUTCOME_reset;
    /* its own memory, so that reading past the end or afterwards is noticed */
    g_autofree char *copy = g_memdup2(bytes, size);

    if (link->state == LINK_CLOSING)
        return false;
    const bool good = link->tls != NULL ? tls_take(link, copy, size, &outcome)
                                        : link->protocol->take(link, copy, size);
    if (!good && outcome == OUTCOME_ok)
        fake_end(fake);
    else if (!good)
        fake_close(fake, outcome);
    return link->state != LINK_CLOSING;
}

bool fake_flush(struct fake_link *fake)
{
    struct link *link = fake->link;

    if (link->state == LINK_OPEN && fake->flush_asked) {
        fake->flush_asked = false;
        if (!link->protocol->flush(link))
            fake_close(fake, OUTCOME_reset);
    }
    return link->state != LINK_CLOSING;
}

void fake_end(struct fake_link *fake)
{
    struct link *link = fake->link;

    if (link->state == LINK_OPEN && !fake->keep_plain) {
        link->protocol->end(link);
        while (link->first != NULL)
            __wrap_link_fail(link, link->first,
                             link->protocol->started(link, link->first) ? OUTCOME_short_body
                                                                        : OUTCOME_reset);
    }
    fake_close(fake, OUTCOME_reset);
}
