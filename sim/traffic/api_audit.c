/* The section `audit` of an API map but for its books: how they name orders and members. */
#include "traffic/api_private.h"

#include "traffic/api_books.h"

#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

static const ApiTemplate *api_audit_name(struct api_reader *r, struct schema_value value,
                                         enum api_scope scope)
{
    if (!schema_is_present(value))
        return NULL;
    r->scope = scope;
    const ApiTemplate *template = api_template_read(r, schema_node(value), API_RAW, false);
    if (template != NULL && template->constant)
        diagnostic_add(r->list, schema_position(value),
                       "a name of every one of them needs a value in it, such as {{%s}}",
                       scope == API_SCOPE_MEMBER ? "member" : "order");
    return api_template_needed(r, template);
}

void api_audit_read(struct api_reader *r, struct schema_value audit)
{
    struct api_audit *a = &r->map->audit;

    a->order = api_audit_name(r, schema_get(audit, "order"), API_SCOPE_STEP);
    a->member = api_audit_name(r, schema_get(audit, "member"), API_SCOPE_MEMBER);
    a->stock_lag_us = schema_get_duration_us(audit, "stock_lag");
    if (schema_has(audit, "answers_within"))
        a->answers_within_us = schema_get_duration_us(audit, "answers_within");
    api_books_read(r, audit);
}

/* ---- running --------------------------------------------------------------------------------- */

bool api_order_key_is_plain(const ApiMap *map)
{
    const ApiTemplate *t = map->audit.order;

    return t == NULL || (t->piece_count == 1 && t->pieces->text_size == 0 &&
                         t->pieces->source == API_SOURCE_order && t->pieces->table == NULL);
}

/* {{order}} and {{member}}, for maps that don't say. */
static const struct api_piece plain_order = {.text = "",
                                             .source = API_SOURCE_order,
                                             .needed = true};
static const struct api_piece plain_member = {.text = "",
                                              .source = API_SOURCE_member,
                                              .needed = true};

bool api_order_key(const ApiMap *map, const struct api_values *values, char *scratch,
                   size_t scratch_size, struct api_text *ret_key)
{
    static const struct api_template plain = {.pieces = &plain_order, .piece_count = 1};
    struct api_room room = {scratch, scratch + scratch_size};
    const ApiTemplate *template = map->audit.order != NULL ? map->audit.order : &plain;
    struct api_text key;

    if (api_template_render(template, values, &room, &key) != API_RENDERED || key.size == 0 ||
        key.size > API_KEY_MAX)
        return false;
    *ret_key = key;
    return true;
}

bool api_member_key(const ApiMap *map, uint64_t member, char *text, size_t text_size)
{
    static const struct api_template plain = {.pieces = &plain_member, .piece_count = 1};
    char scratch[4 * API_KEY_MAX];
    struct api_room room = {scratch, scratch + sizeof(scratch)};
    const omo_plan_journey journey = {.member = member};
    const struct api_values values = {.journey = &journey};
    const ApiTemplate *template = map->audit.member != NULL ? map->audit.member : &plain;
    struct api_text key;

    if (api_template_render(template, &values, &room, &key) != API_RENDERED ||
        key.size >= text_size || key.size > API_KEY_MAX)
        return false;
    memcpy(text, key.text, key.size);
    text[key.size] = '\0';
    return true;
}

int64_t api_stock_lag_us(const ApiMap *map) { return map->audit.stock_lag_us; }

int64_t api_answers_within_us(const ApiMap *map) { return map->audit.answers_within_us; }
