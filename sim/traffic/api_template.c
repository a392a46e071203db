/* Templates: texts with {{name}} and {{name|how}} in them.
 *
 * A template is taken apart once into pieces, each a text and the value behind it, so that rendering
 * is a copy and a switch a piece. Names are resolved to numbers here: an unknown one is an error of
 * the file with its position, never a surprise of the run.
 *
 * Escaping follows the place: a path takes percent-encoding (RFC 3986, all but unreserved
 * characters, so that a value is always one segment or one parameter), a JSON body the escapes of
 * RFC 8259, a form body those of application/x-www-form-urlencoded, a header none but that a control
 * character becomes a blank, as a value with a line end in it would be a header of its own. Numbers
 * need none and skip it.
 *
 * A value that the plan does not have is empty. In the path before a `?` that is never meant, and
 * the request is not sent; nor is it when a captured variable is not there.
 */
#include "traffic/api_private.h"

#include "shell/spelling.h"

#include <string.h>

static const char *const value_names[] = {
#define VALUE(name, text, help) #name,
    API_VALUES(VALUE)
#undef VALUE
        NULL,
};

static const char *const value_helps[] = {
#define VALUE(name, text, help) help,
    API_VALUES(VALUE)
#undef VALUE
};

static const bool value_is_text[] = {
#define VALUE(name, text, help) text,
    API_VALUES(VALUE)
#undef VALUE
};

static const char *const escape_names[] = {"raw", "url", "json", "form", NULL};

/* ---- reading --------------------------------------------------------------------------------- */

const char *api_value_name(uint32_t i) { return i < API_SOURCE_VARIABLE ? value_names[i] : NULL; }

const char *api_value_help(uint32_t i) { return i < API_SOURCE_VARIABLE ? value_helps[i] : NULL; }

bool api_is_value(const char *name) { return g_strv_contains(value_names, name); }

const char *api_piece_name(const ApiMap *map, const struct api_piece *piece)
{
    return piece->source == API_SOURCE_VARIABLE ? api_variable_name(map, piece->variable)
                                                : value_names[piece->source];
}

bool api_source_is_text(uint32_t source)
{
    return source < API_SOURCE_VARIABLE && value_is_text[source];
}

uint32_t api_variable_find(const ApiMap *map, const char *name)
{
    for (guint i = 0; i < map->variables->len; i++)
        if (strcmp(g_array_index(map->variables, struct api_variable, i).name, name) == 0)
            return i;
    return API_NONE;
}

static uint32_t api_name_find(const char *const *names, const char *name)
{
    uint32_t i = 0;

    while (names[i] != NULL && strcmp(names[i], name) != 0)
        i++;
    return i;
}

static void api_template_unknown(struct api_reader *r, struct text_position at, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (uint32_t i = 0; value_names[i] != NULL; i++)
        g_ptr_array_add(names, (gpointer)value_names[i]);
    for (guint i = 0; i < r->map->variables->len; i++)
        g_ptr_array_add(names,
                        (gpointer)g_array_index(r->map->variables, struct api_variable, i).name);
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = spelling_hint(name, (const char *const *)names->pdata);
    diagnostic_add(r->list, at,
                   "unknown name '%s' in a template: neither a step's value nor captured%s", name,
                   hint);
}

/* One {{...}}; `text` begins behind the braces. */
static bool api_template_value(struct api_reader *r, const char *text, size_t size,
                               struct text_position at, enum api_escape escape,
                               struct api_piece *piece)
{
    g_autofree char *inside = g_strndup(text, size);
    char *bar = strchr(inside, '|');

    piece->escape = (uint8_t)escape;
    piece->at = at;
    if (bar != NULL) {
        *bar = '\0';
        char *how = g_strstrip(bar + 1);
        uint32_t found = api_name_find(escape_names, how);
        if (escape_names[found] == NULL) {
            g_autofree char *hint = spelling_hint(how, escape_names);
            diagnostic_add(r->list, at, "unknown way '%s' of writing a value%s", how, hint);
            return false;
        }
        /* A header stays one line whatever is asked for. */
        piece->escape = (uint8_t)(escape == API_LINE && found == API_RAW ? API_LINE : found);
    }
    const char *name = g_strstrip(inside);
    uint32_t source = api_name_find(value_names, name);
    piece->source = (uint8_t)source;
    if (source == API_SOURCE_VARIABLE) { /* past the last value */
        piece->variable = api_variable_find(r->map, name);
        if (piece->variable == API_NONE) {
            api_template_unknown(r, at, name);
            return false;
        }
    } else if (!value_is_text[source]) {
        piece->escape = API_RAW;
    }
    return true;
}

const ApiTemplate *api_template_read(struct api_reader *r, const Node *node, enum api_escape escape,
                                     bool path)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, TRUE, sizeof(struct api_piece));
    const char *text = node_text(node);
    const char *at = text;
    bool good = true, query = false;

    for (;;) {
        const char *open = strstr(at, "{{");
        size_t size = open != NULL ? (size_t)(open - at) : strlen(at);
        struct api_piece piece = {.text = api_keep_text(r->map, at, size),
                                  .text_size = (uint32_t)size,
                                  .source = API_SOURCE_NONE};
        query = query || memchr(at, '?', size) != NULL;
        if (open == NULL) {
            if (size > 0 || pieces->len == 0)
                g_array_append_val(pieces, piece);
            break;
        }
        const char *close = strstr(open, "}}");
        struct text_position where = node_text_position(node, (size_t)(open - text) + 2);
        if (close == NULL) {
            diagnostic_add(r->list, node_text_position(node, (size_t)(open - text)),
                           "'{{' without '}}'");
            return NULL;
        }
        good &= api_template_value(r, open + 2, (size_t)(close - open) - 2, where, escape, &piece);
        piece.needed = path && !query;
        g_array_append_val(pieces, piece);
        at = close + 2;
    }
    if (!good)
        return NULL;
    const struct api_piece *first = &g_array_index(pieces, struct api_piece, 0);
    struct api_template template = {
        .pieces = api_keep(r->map, pieces->data, pieces->len, sizeof(struct api_piece)),
        .piece_count = pieces->len,
        .constant = pieces->len == 1 && first->source == API_SOURCE_NONE,
    };
    return api_keep(r->map, &template, 1, sizeof(template));
}

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
        bits |= c >= 0x20 && c != '"' && c != '\\' ? 1u << API_JSON : 0;
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

static bool api_put_text(struct api_room *room, const struct api_piece *piece, const char *text)
{
    return text == NULL || api_put_escaped(room, text, strlen(text), piece->escape);
}

static bool api_put_name(struct api_room *room, const struct api_piece *piece,
                         const struct api_values *values, enum plan_name list, uint32_t number)
{
    return api_put_text(room, piece, plan_name(values->plan, list, number));
}

static bool api_put_order(struct api_room *room, const struct api_values *values)
{
    if (values->journey->order == 0)
        return true;
    return api_put_number(room, values->journey->order) &&
           (values->pass == 0 || (api_put(room, "-", 1) && api_put_number(room, values->pass)));
}

/* FALSE when there is no room. */
static bool api_put_value(struct api_room *room, const struct api_piece *piece,
                          const struct api_values *values)
{
    const omo_plan_step *step = values->step;
    const omo_plan_journey *journey = values->journey;
    const struct api_text *variable;

    switch ((enum api_source)piece->source) {
    case API_SOURCE_member:
        return journey->member == 0 || api_put_number(room, journey->member);
    case API_SOURCE_order:
        return api_put_order(room, values);
    case API_SOURCE_sku:
        return api_put_name(room, piece, values, PLAN_SKU, step->sku);
    case API_SOURCE_quantity:
        return api_put_number(room, step->quantity);
    case API_SOURCE_place:
        return api_put_name(room, piece, values, PLAN_PLACE,
                            step->place != OMO_PLAN_NONE ? step->place : journey->place);
    case API_SOURCE_price:
        return api_put_signed(room,
                              step->quantity > 1 ? step->amount / step->quantity : step->amount);
    case API_SOURCE_coupon:
        return api_put_name(room, piece, values, PLAN_COUPON, step->coupon);
    case API_SOURCE_channel:
        return api_put_name(room, piece, values, PLAN_CHANNEL, journey->channel);
    case API_SOURCE_amount:
        return api_put_signed(room, step->amount);
    case API_SOURCE_step:
        return api_put_text(room, piece, step_name(plan_step_kind(values->plan, step->kind)));
    case API_SOURCE_number:
        return api_put_number(room, values->number);
    case API_SOURCE_now_ms:
        return api_put_signed(room, values->now_ms);
    case API_SOURCE_VARIABLE:
        variable = &values->variable[piece->variable];
        return api_put_escaped(room, variable->text, variable->size, piece->escape);
    case API_SOURCE_NONE:
        break;
    }
    return true;
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
        const struct api_piece *piece = &template->pieces[i];
        if (piece->source == API_SOURCE_VARIABLE && values->variable[piece->variable].text == NULL)
            return API_MISSING_VALUE;
        if (!api_put(room, piece->text, piece->text_size))
            return API_TOO_LARGE;
        const char *value = room->at;
        if (!api_put_value(room, piece, values))
            return API_TOO_LARGE;
        if (piece->needed && piece->source != API_SOURCE_NONE && room->at == value)
            return API_MISSING_VALUE;
    }
    *ret_text = (struct api_text){start, (uint32_t)(room->at - start)};
    return API_RENDERED;
}
