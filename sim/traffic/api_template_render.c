/* Filling in templates: for each piece a copy, a switch, and the escapes of its place.
 *
 * Bytes that go through unchanged are looked up in a table, a bit for each way of writing. A value
 * that is looked up in a table is first written raw, where it will stand, and is the key from there:
 * so numbers, names and captured texts are looked up alike, and nothing is allocated.
 */
#include "traffic/api_private.h"

#include "traffic/api_books.h"

#include <string.h>

/* ---- escaping -------------------------------------------------------------------------------- */

/* Bit 1 << escape: a byte that goes through unchanged. */
static uint8_t safe[256];

void api_template_prepare(void)
{
    static gsize prepared;

    if (!g_once_init_enter(&prepared))
        return;
    for (uint32_t c = 0; c < 256; c++) {
        bool unreserved =
            c < 128 && (g_ascii_isalnum((char)c) || (c != 0 && strchr("-._~", (int)c)));
        uint32_t bits = 1u << API_RAW;
        bits |= unreserved ? 1u << API_URL : 0;
        bits |= unreserved && c != '~' ? 1u << API_FORM : 0;
        bits |= c >= 0x20 && c != '"' && c != '\\' ? 1u << API_JSON | 1u << API_QUOTED : 0;
        bits |= c >= 0x20 && c != 0x7F ? 1u << API_LINE : 0;
        safe[c] = (uint8_t)bits;
    }
    g_once_init_leave(&prepared, 1);
}

/* At most six bytes. */
static uint32_t api_escape_byte(unsigned char byte, uint32_t escape, char *into)
{
    static const char upper[] = "0123456789ABCDEF";
    static const char names[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found;

    switch (escape) {
    case API_LINE:
        into[0] = ' ';
        return 1;
    case API_JSON:
    case API_QUOTED:
        found = byte != 0 ? strchr(names, byte) : NULL;
        into[0] = '\\';
        if (found != NULL) {
            into[1] = letters[found - names];
            return 2;
        }
        into[1] = 'u';
        into[2] = into[3] = '0';
        into[4] = upper[byte >> 4];
        into[5] = upper[byte & 15];
        return 6;
    default:
        if (escape == API_FORM && byte == ' ') {
            into[0] = '+';
            return 1;
        }
        into[0] = '%';
        into[1] = upper[byte >> 4];
        into[2] = upper[byte & 15];
        return 3;
    }
}

static bool api_put(struct api_room *room, const char *text, size_t size)
{
    if ((size_t)(room->end - room->at) < size)
        return false;
    memcpy(room->at, text, size);
    room->at += size;
    return true;
}

static bool api_put_escaped(struct api_room *room, const char *text, size_t size, uint32_t escape)
{
    const uint8_t bit = (uint8_t)(1u << escape);
    const char *end = text + size;
    char *into = room->at;

    if (escape == API_RAW)
        return api_put(room, text, size);
    while (text < end) {
        unsigned char byte = (unsigned char)*text++;
        if ((safe[byte] & bit) != 0) {
            if (into == room->end)
                return false;
            *into++ = (char)byte;
        } else {
            if (room->end - into < 6)
                return false;
            into += api_escape_byte(byte, escape, into);
        }
    }
    room->at = into;
    return true;
}

struct api_text api_escape_text(ApiMap *map, const char *text, enum api_escape escape)
{
    const size_t size = strlen(text);
    g_autofree char *bytes = g_malloc(6 * size + 1);
    struct api_room room = {bytes, bytes + 6 * size};

    api_put_escaped(&room, text, size, escape);
    const uint32_t length = (uint32_t)(room.at - bytes);
    return (struct api_text){api_keep_text(map, bytes, length), length};
}

/* ---- rendering ------------------------------------------------------------------------------- */

#define API_NUMBER_SIZE 20 /* of UINT64_MAX in digits */

static bool api_put_number(struct api_room *room, uint64_t number)
{
    char digits[API_NUMBER_SIZE];
    char *first = digits + sizeof(digits);

    do
        *--first = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return api_put(room, first, (size_t)(digits + sizeof(digits) - first));
}

static bool api_put_signed(struct api_room *room, int64_t number)
{
    if (number < 0 && !api_put(room, "-", 1))
        return false;
    return api_put_number(room, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

static bool api_put_text(struct api_room *room, uint32_t escape, const char *text)
{
    return text == NULL || api_put_escaped(room, text, strlen(text), escape);
}

static bool api_put_name(struct api_room *room, uint32_t escape, const struct api_values *values,
                         enum plan_name list, uint32_t number)
{
    return api_put_text(room, escape, plan_name(values->plan, list, number));
}

static bool api_put_order(struct api_room *room, const struct api_values *values)
{
    if (values->journey->order == 0)
        return true;
    return api_put_number(room, values->journey->order) &&
           (values->pass == 0 || (api_put(room, "-", 1) && api_put_number(room, values->pass)));
}

/* A value of `audit.books`. */
static bool api_put_paging(struct api_room *room, uint32_t source, uint32_t escape,
                           const struct api_paging *paging)
{
    switch (source) {
    case API_SOURCE_offset:
        return api_put_number(room, paging->offset);
    case API_SOURCE_page:
        return api_put_number(room, paging->page);
    case API_SOURCE_page_number:
        return api_put_number(room, paging->page + 1);
    case API_SOURCE_next:
        return api_put_text(room, escape, paging->next);
    case API_SOURCE_each_sku:
        return api_put_text(room, escape, paging->sku);
    case API_SOURCE_each_place:
        return api_put_text(room, escape, paging->place);
    case API_SOURCE_each_member:
        return api_put_text(room, escape, paging->member);
    default:
        return api_put_text(room, escape, paging->coupon);
    }
}

/* FALSE when there is no room. */
static bool api_put_value(struct api_room *room, const struct api_piece *piece, uint32_t escape,
                          const struct api_values *values)
{
    const omo_plan_step *step = values->step;
    const omo_plan_journey *journey = values->journey;
    const struct api_text *variable;

    switch (piece->source) {
    case API_SOURCE_member:
        return journey->member == 0 || api_put_number(room, journey->member);
    case API_SOURCE_order:
        return api_put_order(room, values);
    case API_SOURCE_sku:
        return api_put_name(room, escape, values, PLAN_SKU, step->sku);
    case API_SOURCE_quantity:
        return api_put_number(room, step->quantity);
    case API_SOURCE_place:
        return api_put_name(room, escape, values, PLAN_PLACE,
                            step->place != OMO_PLAN_NONE ? step->place : journey->place);
    case API_SOURCE_price:
        return api_put_signed(room,
                              step->quantity > 1 ? step->amount / step->quantity : step->amount);
    case API_SOURCE_coupon:
        return api_put_name(room, escape, values, PLAN_COUPON, step->coupon);
    case API_SOURCE_channel:
        return api_put_name(room, escape, values, PLAN_CHANNEL, journey->channel);
    case API_SOURCE_amount:
        return api_put_signed(room, step->amount);
    case API_SOURCE_step:
        return api_put_text(room, escape, step_name(plan_step_kind(values->plan, step->kind)));
    case API_SOURCE_number:
        return api_put_number(room, values->number);
    case API_SOURCE_now_ms:
        return api_put_signed(room, values->now_ms);
    case API_SOURCE_VARIABLE:
        variable = &values->variable[piece->variable];
        return variable->text == NULL ||
               api_put_escaped(room, variable->text, variable->size, escape);
    case API_SOURCE_ENVIRONMENT:
        return api_put(room, piece->environment.text, piece->environment.size);
    case API_SOURCE_NONE:
        return true;
    default:
        return api_put_paging(room, piece->source, escape, values->paging);
    }
}

/* A value in quotes, or null. */
static bool api_put_quoted(struct api_room *room, const char *text, size_t size)
{
    if (size == 0)
        return api_put(room, "null", 4);
    return api_put(room, "\"", 1) && api_put_escaped(room, text, size, API_QUOTED) &&
           api_put(room, "\"", 1);
}

/* A value that is looked up, or put in quotes: what it is must be known before it is written. It is
 * written raw at the far end of the room first. */
static enum api_render api_put_indirect(struct api_room *room, const struct api_piece *piece,
                                        const struct api_values *values)
{
    const size_t half = (size_t)(room->end - room->at) / 2;
    struct api_room far = {room->end - half, room->end};
    struct api_room near = {room->at, far.at};
    struct api_text value = {far.at, 0};

    if (!api_put_value(&far, piece, API_RAW, values))
        return API_TOO_LARGE;
    value.size = (uint32_t)(far.at - value.text);
    if (piece->table != NULL) {
        const struct api_text *found = api_table_find(piece->table, value.text, value.size);
        if (found == NULL)
            return API_MISSING_VALUE;
        value = *found;
    }
    if (piece->escape == API_QUOTED
            ? !api_put_quoted(&near, value.text, value.size)
            : !api_put_escaped(&near, value.text, value.size, piece->escape))
        return API_TOO_LARGE;
    room->at = near.at;
    return API_RENDERED;
}

static enum api_render api_put_piece(struct api_room *room, const struct api_piece *piece,
                                     const struct api_values *values)
{
    if (piece->source == API_SOURCE_VARIABLE && piece->escape != API_QUOTED &&
        values->variable[piece->variable].text == NULL)
        return API_MISSING_VALUE;
    if (!api_put(room, piece->text, piece->text_size))
        return API_TOO_LARGE;
    const char *value = room->at;
    enum api_render result = API_RENDERED;
    if (piece->table != NULL || piece->escape == API_QUOTED)
        result = api_put_indirect(room, piece, values);
    else if (!api_put_value(room, piece, piece->escape, values))
        result = API_TOO_LARGE;
    if (result == API_RENDERED && piece->needed && piece->source != API_SOURCE_NONE &&
        room->at == value)
        return API_MISSING_VALUE;
    return result;
}

enum api_render api_template_render(const ApiTemplate *template, const struct api_values *values,
                                    struct api_room *room, struct api_text *ret_text)
{
    const char *start = room->at;

    if (template->constant) {
        *ret_text = (struct api_text){template->pieces->text, template->pieces->text_size};
        return API_RENDERED;
    }
    for (uint32_t i = 0; i < template->piece_count; i++) {
        const enum api_render result = api_put_piece(room, &template->pieces[i], values);
        if (result != API_RENDERED)
            return result;
    }
    *ret_text = (struct api_text){start, (uint32_t)(room->at - start)};
    return API_RENDERED;
}
