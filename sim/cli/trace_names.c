/* Names for traces.
 *
 * An order's identity is 64 bits of cell, day and ordinal (fact.h). As one number nobody can read,
 * remember or guess it; as three with dots it says "cell 1, day 0, seventeenth visit", and the next
 * customer of that cell is the next number. A customer of a queueing network is named by its source and
 * number there, both of which the identity holds, too.
 */
#include "cli/trace_names.h"
#include "shell/diagnostic.h"
#include "shell/spelling.h"

#include <omosim/fact.h>
#include <omosim/registry.h>

#include <stdio.h>
#include <string.h>

#define ORDINAL_BITS 22
#define DAY_BITS 22
#define PART_MASK ((UINT64_C(1) << 22) - 1)
#define CELL_MASK ((UINT64_C(1) << 18) - 1)
#define SWITCHED (UINT64_C(1) << 63)
#define FOLLOWS (UINT64_C(1) << 62)

static const char *const role_names[OMO_ROLE_COUNT + 1] = {
    [OMO_ROLE_TILL] = "till",
    [OMO_ROLE_PICKER] = "picker",
    [OMO_ROLE_COURIER] = "courier",
    [OMO_ROLE_COUNTER] = "counter",
};

static const char *const place_kinds[OMO_PLACE_KIND_COUNT] = {
    [OMO_PLACE_STORE] = "store",         [OMO_PLACE_DARK_STORE] = "dark_store",
    [OMO_PLACE_WAREHOUSE] = "warehouse", [OMO_PLACE_SUPPLIER] = "supplier",
    [OMO_PLACE_LOCKER] = "locker",
};

static void name_places(TraceNames *names, const omo_model *model)
{
    const uint32_t places = omo_model_place_count(model);

    names->place = g_new0(char *, places + 1);
    names->station = g_new0(char *, (size_t)places *OMO_ROLE_COUNT + 1);
    for (uint32_t i = 0; i < places; i++) {
        names->place[i] = g_strdup(omo_model_place_id(model, i));
        for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++) {
            char *station = g_strconcat(names->place[i], ".", role_names[role], NULL);
            names->station[i * OMO_ROLE_COUNT + role] = station;
            names->where_width = MAX(names->where_width, (int)g_utf8_strlen(station, -1));
        }
    }
}

static void name_network(TraceNames *names, const omo_model *model)
{
    const uint32_t stations = omo_model_station_count(model);
    const uint32_t sources = omo_model_source_count(model);

    names->place = g_new0(char *, 1);
    names->station = g_new0(char *, stations + 1);
    for (uint32_t i = 0; i < stations; i++) {
        names->station[i] = g_strdup(omo_model_station_name(model, i));
        names->where_width = MAX(names->where_width, (int)g_utf8_strlen(names->station[i], -1));
    }
    names->source = g_new0(char *, sources + 1);
    for (uint32_t i = 0; i < sources; i++)
        names->source[i] = g_strdup(omo_model_source_name(model, i));
}

TraceNames *trace_names_new(const omo_model *model)
{
    TraceNames *names = g_new0(TraceNames, 1);
    const uint32_t channels = omo_model_channel_count(model);
    const uint32_t facts = omo_registry_count(OMO_REGISTRY_FACT);

    names->role = (char **)role_names;
    if (omo_model_station_count(model) != 0)
        name_network(names, model);
    else
        name_places(names, model);
    names->channel = g_new0(char *, channels + 1);
    names->courier = g_new0(bool, channels + 1);
    for (uint32_t i = 0; i < channels; i++) {
        names->channel[i] = g_strdup(omo_model_channel_id(model, i));
        names->courier[i] = (omo_model_channel_capability(model, i) & OMO_SHIPS_COURIER) != 0;
    }
    names->fact = g_new0(char *, facts + 1);
    for (uint32_t i = 0; i < facts; i++)
        names->fact[i] = (char *)omo_registry_name(OMO_REGISTRY_FACT, i);
    return names;
}

void trace_names_free(TraceNames *names)
{
    if (names == NULL)
        return;
    g_strfreev(names->place);
    g_strfreev(names->station);
    g_strfreev(names->source);
    g_strfreev(names->channel);
    g_free(names->courier);
    g_free(names->fact);
    g_free(names);
}

void trace_names_order(uint64_t order, char ret_text[TRACE_NAMES_TEXT_MAX])
{
    if (order == 0)
        g_strlcpy(ret_text, "-", TRACE_NAMES_TEXT_MAX);
    else
        snprintf(ret_text, TRACE_NAMES_TEXT_MAX, "%u.%u.%u%s%s",
                 (unsigned)(order >> (DAY_BITS + ORDINAL_BITS) & CELL_MASK),
                 (unsigned)(order >> ORDINAL_BITS & PART_MASK), (unsigned)(order & PART_MASK),
                 (order & FOLLOWS) != 0 ? "~" : "", (order & SWITCHED) != 0 ? "+" : "");
}

/* A number at *text that ends at `end`; moves *text behind that. */
static gboolean take_number(const char **text, char end, uint64_t most, uint64_t *ret_number)
{
    const char *stop = strchr(*text, end);

    if (stop == NULL)
        return FALSE;
    g_autofree char *digits = g_strndup(*text, (size_t)(stop - *text));
    if (!g_ascii_string_to_unsigned(digits, 10, 0, most, ret_number, NULL))
        return FALSE;
    *text = *stop == '\0' ? stop : stop + 1;
    return TRUE;
}

gboolean trace_names_parse_order(const char *text, uint64_t *ret_order)
{
    const gboolean switched = g_str_has_suffix(text, "+");
    g_autofree char *visit = g_strndup(text, strlen(text) - (switched ? 1 : 0));
    const gboolean follows = g_str_has_suffix(visit, "~");
    g_autofree char *plain = g_strndup(visit, strlen(visit) - (follows ? 1 : 0));
    const char *at = plain;
    uint64_t cell;
    uint64_t day;
    uint64_t ordinal;

    if (!switched && !follows &&
        g_ascii_string_to_unsigned(plain, 10, 1, G_MAXUINT64, ret_order, NULL))
        return TRUE;
    if (!take_number(&at, '.', CELL_MASK, &cell) || !take_number(&at, '.', PART_MASK, &day) ||
        !take_number(&at, '\0', PART_MASK, &ordinal))
        return FALSE;
    *ret_order = cell << (DAY_BITS + ORDINAL_BITS) | day << ORDINAL_BITS | ordinal |
                 (switched ? SWITCHED : 0) | (follows ? FOLLOWS : 0);
    return TRUE;
}

#define CUSTOMER_MASK ((UINT64_C(1) << OMO_CUSTOMER_ORDINAL_BITS) - 1)

void trace_names_customer(const TraceNames *names, uint64_t customer,
                          char ret_text[TRACE_NAMES_TEXT_MAX])
{
    snprintf(ret_text, TRACE_NAMES_TEXT_MAX, "%.40s.%" G_GUINT64_FORMAT,
             names->source[customer >> OMO_CUSTOMER_ORDINAL_BITS], customer & CUSTOMER_MASK);
}

gboolean trace_names_parse_customer(const TraceNames *names, const char *text,
                                    uint64_t *ret_customer, GError **ret_error)
{
    const char *dot = strrchr(text, '.');
    uint64_t ordinal;

    if (dot == NULL || !g_ascii_string_to_unsigned(dot + 1, 10, 0, CUSTOMER_MASK, &ordinal, NULL)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "customer=%s: expected a customer such as %s.17 (source, number)", text,
                    names->source[0]);
        return FALSE;
    }
    g_autofree char *source = g_strndup(text, (size_t)(dot - text));
    for (uint64_t i = 0; names->source[i] != NULL; i++)
        if (strcmp(names->source[i], source) == 0) {
            *ret_customer = i << OMO_CUSTOMER_ORDINAL_BITS | ordinal;
            return TRUE;
        }
    g_autofree char *hint = spelling_hint(source, (const char *const *)names->source);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "customer=%s: unknown source '%s'%s", text, source, hint);
    return FALSE;
}

void trace_names_id(const TraceNames *names, uint64_t id, char ret_text[TRACE_NAMES_TEXT_MAX])
{
    if (names->source != NULL)
        trace_names_customer(names, id, ret_text);
    else
        trace_names_order(id, ret_text);
}

void trace_names_subject(const TraceNames *names, const omo_event_record *record,
                         char ret_text[TRACE_NAMES_TEXT_MAX])
{
    const uint64_t id = record->subject_id;
    char order[TRACE_NAMES_TEXT_MAX];

    switch (record->subject) {
    case OMO_SUBJECT_NONE:
        g_strlcpy(ret_text, "-", TRACE_NAMES_TEXT_MAX);
        break;
    case OMO_SUBJECT_ORDER:
        trace_names_order(id, order);
        snprintf(ret_text, TRACE_NAMES_TEXT_MAX, "order %.40s", order);
        break;
    case OMO_SUBJECT_SHIPMENT:
        snprintf(ret_text, TRACE_NAMES_TEXT_MAX, "shipment %u.%u", (unsigned)(id & UINT32_MAX),
                 (unsigned)(id >> 32));
        break;
    case OMO_SUBJECT_PLACE:
        snprintf(ret_text, TRACE_NAMES_TEXT_MAX, "place %.50s", names->place[id]);
        break;
    case OMO_SUBJECT_PLACE_KIND:
        snprintf(ret_text, TRACE_NAMES_TEXT_MAX, "each %s", place_kinds[id]);
        break;
    case OMO_SUBJECT_CUSTOMER:
        trace_names_customer(names, id, order);
        snprintf(ret_text, TRACE_NAMES_TEXT_MAX, "customer %.50s", order);
        break;
    }
}

const char *trace_names_where(const TraceNames *names, const omo_event_record *record)
{
    if (record->station != UINT32_MAX)
        return names->station[record->station];
    return record->place != UINT32_MAX ? names->place[record->place] : "-";
}
