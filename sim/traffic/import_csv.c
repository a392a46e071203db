/* Plans from tables (the columns are in csv_columns.h).
 *
 * A plan's names stand before its records, so the table is read twice: the first pass collects the
 * names and finds all that is wrong, the second writes. Nothing but the names and one journey is in
 * memory. For the same reason rows are not sorted: journeys must come in the order of their start.
 *
 * With a plan to be like, its names come first and in their order, and its header is taken over: a
 * plan that went through a table and was not changed there is the same to the byte.
 */
#include "shell/csv.h"
#include "shell/spelling.h"
#include "traffic/csv_columns.h"
#include "traffic/import_private.h"
#include "traffic/message.h"
#include "traffic/names.h"
#include "traffic/plan_private.h"
#include "traffic/steps.h"

#include <string.h>

#define CSV_LOOK_EACH 8192

static const char *const csv_list_names[PLAN_NAME_COUNT] = {"channels", "places", "SKUs",
                                                            "coupons"};
static const uint32_t csv_none[PLAN_NAME_COUNT] = {OMO_PLAN_NO_CHANNEL, OMO_PLAN_NONE,
                                                   OMO_PLAN_NONE, OMO_PLAN_NO_COUPON};

struct csv_source {
    const struct import *import;
    Csv *csv;
    int64_t column[CSV_COLUMNS]; /* -1: not there */
    Names *names[PLAN_NAME_COUNT];
    bool has_list[PLAN_NAME_COUNT]; /* the plan to be like has it */
    PlanWriter *writer;             /* NULL in the first pass */
    GString *id;                    /* of the journey being put together */
    uint32_t step_count;            /* of it so far; 0: there is none */
    int64_t last_us;                /* start of the journey before */
    omo_plan_journey journey;
    omo_plan_step steps[OMO_PLAN_STEPS_MAX];
    struct plan_payload payloads[OMO_PLAN_STEPS_MAX]; /* bytes owned */
};

/* ---- fields ---------------------------------------------------------------------------------- */

static const char *csv_field(const struct csv_source *source, enum csv_columns column)
{
    return source->column[column] >= 0 ? csv_text(source->csv, (uint32_t)source->column[column])
                                       : "";
}

static gboolean csv_bad(const struct csv_source *source, enum csv_columns column,
                        GError **ret_error, const char *format, ...) G_GNUC_PRINTF(4, 5);

static gboolean csv_bad(const struct csv_source *source, enum csv_columns column,
                        GError **ret_error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *shown = g_utf8_make_valid(text, -1); /* a text may be cut in a character */
    const uint32_t number = source->column[column] >= 0 ? (uint32_t)source->column[column] : 0;
    diagnostic_bad_input(ret_error, csv_position(source->csv, number), "column '%s': %s",
                         csv_columns[column], shown);
    return FALSE;
}

static gboolean csv_number(const struct csv_source *source, enum csv_columns column, uint64_t max,
                           uint64_t *ret_number, GError **ret_error)
{
    const char *text = csv_field(source, column);

    *ret_number = 0;
    if (*text == '\0' || g_ascii_string_to_unsigned(text, 10, 0, max, ret_number, NULL))
        return TRUE;
    return csv_bad(source, column, ret_error,
                   "expected a whole number up to %" G_GUINT64_FORMAT ", found '%.40s'", max, text);
}

static gboolean csv_time(const struct csv_source *source, enum csv_columns column, int64_t *ret_us,
                         GError **ret_error)
{
    const char *text = csv_field(source, column);

    if (g_ascii_string_to_signed(text, 10, -OMO_PLAN_AT_US_MAX, OMO_PLAN_AT_US_MAX, ret_us, NULL))
        return TRUE;
    return csv_bad(source, column, ret_error,
                   "expected whole microseconds within 285 years of time 0, found '%.40s'", text);
}

static gboolean csv_name(const struct csv_source *source, enum csv_columns column,
                         enum plan_name list, uint32_t *ret_number, GError **ret_error)
{
    const char *text = csv_field(source, column);

    *ret_number = csv_none[list];
    if (*text == '\0')
        return TRUE;
    *ret_number = names_add(source->names[list], text);
    if (*ret_number != NAMES_FULL)
        return TRUE;
    return csv_bad(source, column, ret_error, "'%.40s' is one of more than %u %s", text,
                   csv_none[list], csv_list_names[list]);
}

static gboolean csv_payload(const struct csv_source *source, struct plan_payload *ret_payload,
                            GError **ret_error)
{
    const char *text = csv_field(source, CSV_REQUEST);
    struct plan_payload payload = {NULL, 0};
    struct message message;

    if (*text != '\0') {
        payload.bytes = g_base64_decode(text, &payload.size);
        if (payload.size > OMO_PLAN_PAYLOAD_MAX || !message_parse(&payload, &message)) {
            g_free((void *)(uintptr_t)payload.bytes);
            return csv_bad(source, CSV_REQUEST, ret_error,
                           "expected an HTTP/1.1 message in base64");
        }
    }
    *ret_payload = payload;
    return TRUE;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static gboolean csv_read_step(const struct csv_source *source, omo_plan_step *ret_step,
                              GError **ret_error)
{
    const char *kind_name = csv_field(source, CSV_STEP);
    const uint32_t kind = step_find(kind_name);
    omo_plan_step step = {.kind = (uint8_t)kind};
    uint64_t quantity;
    uint32_t coupon;

    if (kind == STEP_COUNT) {
        g_autofree char *hint = spelling_hint(kind_name, step_names());
        return csv_bad(source, CSV_STEP, ret_error, "unknown kind of step '%.40s'%s", kind_name,
                       hint);
    }
    if (!csv_time(source, CSV_AT_US, &step.at_us, ret_error) ||
        !csv_name(source, CSV_PLACE, PLAN_PLACE, &step.place, ret_error) ||
        !csv_name(source, CSV_SKU, PLAN_SKU, &step.sku, ret_error) ||
        !csv_name(source, CSV_COUPON, PLAN_COUPON, &coupon, ret_error) ||
        !csv_number(source, CSV_QUANTITY, UINT16_MAX, &quantity, ret_error))
        return FALSE;
    if (*csv_field(source, CSV_AMOUNT) != '\0' &&
        !csv_get_money_cents(source->csv, (uint32_t)source->column[CSV_AMOUNT], &step.amount,
                             ret_error))
        return FALSE;
    step.quantity = (uint16_t)quantity;
    step.coupon = (uint16_t)coupon;
    *ret_step = step;
    return TRUE;
}

static gboolean csv_read_journey(const struct csv_source *source, const omo_plan_step *first,
                                 omo_plan_journey *ret_journey, GError **ret_error)
{
    omo_plan_journey journey = {.at_us = first->at_us};
    uint32_t channel;

    if (*csv_field(source, CSV_START_US) != '\0' &&
        !csv_time(source, CSV_START_US, &journey.at_us, ret_error))
        return FALSE;
    if (journey.at_us < source->last_us)
        return csv_bad(source, CSV_AT_US, ret_error,
                       "the journey starts before the one above; sort the table by start");
    if (journey.at_us > first->at_us)
        return csv_bad(source, CSV_AT_US, ret_error, "the step is before the start of its journey");
    if (!csv_number(source, CSV_MEMBER, UINT64_MAX, &journey.member, ret_error) ||
        !csv_number(source, CSV_ORDER, UINT64_MAX, &journey.order, ret_error) ||
        !csv_name(source, CSV_CHANNEL, PLAN_CHANNEL, &channel, ret_error) ||
        !csv_name(source, CSV_JOURNEY_PLACE, PLAN_PLACE, &journey.place, ret_error))
        return FALSE;
    journey.channel = (uint8_t)channel;
    *ret_journey = journey;
    return TRUE;
}

static void csv_drop_journey(struct csv_source *source)
{
    for (uint32_t i = 0; i < source->step_count; i++)
        g_free((void *)(uintptr_t)source->payloads[i].bytes);
    source->step_count = 0;
}

static gboolean csv_finish_journey(struct csv_source *source, GError **ret_error)
{
    gboolean done = TRUE;

    if (source->step_count == 0)
        return TRUE;
    source->journey.step_count = (uint16_t)source->step_count;
    source->last_us = source->journey.at_us;
    if (source->writer != NULL)
        done = plan_write_journey(source->writer, &source->journey, source->steps, source->payloads,
                                  ret_error);
    csv_drop_journey(source);
    return done;
}

/* Adds the current row, whose journey is begun when it is a new one. */
static gboolean csv_add_row(struct csv_source *source, bool is_new, GError **ret_error)
{
    omo_plan_step step;
    struct plan_payload payload;

    if (!csv_read_step(source, &step, ret_error))
        return FALSE;
    if (is_new) {
        if (!csv_read_journey(source, &step, &source->journey, ret_error))
            return FALSE;
    } else if (step.at_us < source->steps[source->step_count - 1].at_us) {
        return csv_bad(source, CSV_AT_US, ret_error, "the step is before the one above");
    } else if (source->step_count == OMO_PLAN_STEPS_MAX) {
        return csv_bad(source, CSV_STEP, ret_error, "the journey has more than %d steps",
                       OMO_PLAN_STEPS_MAX);
    }
    if (!csv_payload(source, &payload, ret_error))
        return FALSE;
    source->steps[source->step_count] = step;
    source->payloads[source->step_count++] = payload;
    return TRUE;
}

/* ---- passes ---------------------------------------------------------------------------------- */

static gboolean csv_find_columns(struct csv_source *source, GError **ret_error)
{
    uint32_t column;

    for (int i = 0; i < CSV_COLUMNS; i++)
        source->column[i] = csv_column_find(source->csv, csv_columns[i]);
    for (uint32_t i = 0; i < csv_column_count(source->csv); i++) {
        const char *name = csv_column_names(source->csv)[i];
        bool known = false;
        for (int c = 0; c < CSV_COLUMNS; c++)
            known = known || strcmp(name, csv_columns[c]) == 0;
        if (!known) {
            const char *list[CSV_COLUMNS + 1] = {NULL};
            memcpy(list, csv_columns, sizeof csv_columns);
            g_autofree char *hint = spelling_hint(name, list);
            diagnostic_bad_input(ret_error, csv_position(source->csv, i), "unknown column '%s'%s",
                                 name, hint);
            return FALSE;
        }
    }
    return csv_column(source->csv, "at_us", &column, ret_error) &&
           csv_column(source->csv, "step", &column, ret_error);
}

static gboolean csv_pass(struct csv_source *source, GError **ret_error)
{
    const double pass_begin = source->writer != NULL ? 0.5 : 0.0;
    g_autoptr(GError) end = NULL;

    source->last_us = -OMO_PLAN_AT_US_MAX;
    while (csv_next(source->csv, &end)) {
        const char *id = csv_field(source, CSV_JOURNEY);
        const bool is_new =
            source->step_count == 0 || *id == '\0' || strcmp(id, source->id->str) != 0;
        GError *error = NULL;
        if (is_new && !csv_finish_journey(source, ret_error))
            return FALSE;
        g_string_assign(source->id, id);
        if (!csv_add_row(source, is_new, &error)) {
            if (source->writer != NULL)
                g_clear_error(&error); /* counted in the first pass */
            else if (!import_skip(source->import, error, ret_error))
                return FALSE;
        }
        if (csv_row_count(source->csv) % CSV_LOOK_EACH == 0 &&
            !import_go_on(source->import, pass_begin + 0.5 * csv_share_done(source->csv),
                          ret_error))
            return FALSE;
    }
    if (end == NULL)
        return csv_finish_journey(source, ret_error);
    g_propagate_error(ret_error, g_steal_pointer(&end));
    return FALSE;
}

/* A list of names for the plan; an empty one only when the plan to be like has it. */
static const char *const *csv_list(const struct csv_source *source, enum plan_name list)
{
    return names_count(source->names[list]) > 0 || source->has_list[list]
               ? names_list(source->names[list])
               : NULL;
}

static gboolean csv_both_passes(struct csv_source *source, struct plan_about *about,
                                GError **ret_error)
{
    if (!csv_find_columns(source, ret_error) || !csv_pass(source, ret_error))
        return FALSE;
    about->channels = csv_list(source, PLAN_CHANNEL);
    about->places = csv_list(source, PLAN_PLACE);
    about->skus = csv_list(source, PLAN_SKU);
    about->coupons = csv_list(source, PLAN_COUPON);
    csv_free(source->csv);
    source->csv = csv_open(source->import->path, ret_error);
    if (source->csv == NULL || !csv_find_columns(source, ret_error))
        return FALSE;
    source->writer = plan_writer_open(source->import->plan_path, about, ret_error);
    return source->writer != NULL && csv_pass(source, ret_error) &&
           plan_writer_commit(source->writer, &source->import->report->counts, ret_error);
}

/* Takes over what the plan to be like says of itself. */
static void csv_take_names(struct csv_source *source, const Plan *like, struct plan_about *about)
{
    const omo_plan_header *header = plan_header(like);

    for (int list = 0; list < PLAN_NAME_COUNT; list++) {
        source->has_list[list] = like->list[list].name != NULL;
        for (uint32_t i = 0; i < plan_name_count(like, (enum plan_name)list); i++)
            names_add(source->names[list], plan_name(like, (enum plan_name)list, i));
    }
    about->scenario = json_string_value(json_object_get(plan_names(like), "scenario"));
    about->epoch_us = header->epoch_us;
    about->seed = header->seed;
    about->digest = header->digest;
    about->replication = header->replication;
}

gboolean import_csv(const struct import *import, GError **ret_error)
{
    struct plan_about about = {.epoch_us = INT64_MIN};
    const char *like_path = import->options->like;
    g_autoptr(Plan) like = like_path != NULL ? plan_open(like_path, ret_error) : NULL;

    if (like_path != NULL && like == NULL)
        return FALSE;
    struct csv_source *source = g_new0(struct csv_source, 1);
    source->import = import;
    source->id = g_string_new(NULL);
    for (int list = 0; list < PLAN_NAME_COUNT; list++)
        source->names[list] = names_new(csv_none[list]);
    if (like != NULL)
        csv_take_names(source, like, &about);
    source->csv = csv_open(import->path, ret_error);
    const gboolean done = source->csv != NULL && csv_both_passes(source, &about, ret_error);
    csv_drop_journey(source);
    for (int list = 0; list < PLAN_NAME_COUNT; list++)
        names_free(source->names[list]);
    plan_writer_free(source->writer);
    csv_free(source->csv);
    g_string_free(source->id, TRUE);
    g_free(source);
    return done;
}
