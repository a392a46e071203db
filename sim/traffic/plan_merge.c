/* Several plans as one.
 *
 * Each file keeps its walk and its next journey; the earliest start is taken, the first file's when
 * several start together. Looking at all of them each time is linear in the files, which are a few:
 * beside copying a journey it shows from about thirty on.
 *
 * A plan's names stand before its records, so a merged plan's must be known before the first
 * journey is written. The lists of the files are joined at once. A file may also use numbers past
 * the end of its lists, which stand for themselves; to give those a name, each file is walked once
 * beforehand when there are several (0.1 s for 20 million steps). A single file keeps its numbers
 * and needs none of this.
 */
#include "traffic/plan_merge.h"
#include "shell/diagnostic.h"
#include "traffic/names.h"
#include "traffic/plan_private.h"
#include "traffic/steps.h"

static const uint32_t merge_none[PLAN_NAME_COUNT] = {OMO_PLAN_NO_CHANNEL, OMO_PLAN_NONE,
                                                     OMO_PLAN_NONE, OMO_PLAN_NO_COUPON};
static const char *const merge_list_names[PLAN_NAME_COUNT] = {"channels", "places", "SKUs",
                                                              "coupons"};

struct merge_source {
    Plan *plan;
    struct plan_check check;
    int64_t shift_us;
    const omo_plan_journey *next;        /* NULL: at the end */
    uint32_t *number[PLAN_NAME_COUNT];   /* new number of each in the lists; NULL: the same */
    GHashTable *strays[PLAN_NAME_COUNT]; /* of numbers past the lists */
};

struct plan_merge {
    struct merge_source *source;
    uint32_t source_count;
    Names *names[PLAN_NAME_COUNT];
    struct plan_about about;
    uint64_t number;
    omo_plan_step steps[OMO_PLAN_STEPS_MAX];
    struct plan_payload payloads[OMO_PLAN_STEPS_MAX];
};

/* ---- names ----------------------------------------------------------------------------------- */

static gboolean merge_add_name(PlanMerge *merge, enum plan_name list, const char *name,
                               uint32_t *ret_number, GError **ret_error)
{
    *ret_number = names_add(merge->names[list], name);
    if (*ret_number != NAMES_FULL)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                "together the plans name more than %u %s, which is all that a plan holds",
                merge_none[list], merge_list_names[list]);
    return FALSE;
}

static gboolean merge_add_list(PlanMerge *merge, struct merge_source *source, enum plan_name list,
                               GError **ret_error)
{
    const uint32_t count = plan_name_count(source->plan, list);

    source->number[list] = g_new(uint32_t, (size_t)count + 1);
    source->strays[list] = g_hash_table_new(NULL, NULL);
    for (uint32_t i = 0; i < count; i++)
        if (!merge_add_name(merge, list, plan_name(source->plan, list, i), &source->number[list][i],
                            ret_error))
            return FALSE;
    return TRUE;
}

/* Gives a name to a number that is past the end of its list. */
static gboolean merge_add_stray(PlanMerge *merge, struct merge_source *source, enum plan_name list,
                                uint32_t number, GError **ret_error)
{
    uint32_t added;

    if (number < plan_name_count(source->plan, list) || number == merge_none[list] ||
        g_hash_table_contains(source->strays[list], GUINT_TO_POINTER(number)))
        return TRUE;
    if (!merge_add_name(merge, list, plan_name(source->plan, list, number), &added, ret_error))
        return FALSE;
    g_hash_table_insert(source->strays[list], GUINT_TO_POINTER(number), GUINT_TO_POINTER(added));
    return TRUE;
}

static gboolean merge_find_strays(PlanMerge *merge, struct merge_source *source, GError **ret_error)
{
    struct plan_check check = plan_check_begin(source->plan);
    const omo_plan_journey *journey;

    while ((journey = plan_check_next(source->plan, &check)) != NULL) {
        const omo_plan_step *step = plan_first_step(journey);
        if (!merge_add_stray(merge, source, PLAN_CHANNEL, journey->channel, ret_error) ||
            !merge_add_stray(merge, source, PLAN_PLACE, journey->place, ret_error))
            return FALSE;
        for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step))
            if (!merge_add_stray(merge, source, PLAN_PLACE, step->place, ret_error) ||
                !merge_add_stray(merge, source, PLAN_SKU, step->sku, ret_error) ||
                !merge_add_stray(merge, source, PLAN_COUPON, step->coupon, ret_error))
                return FALSE;
    }
    return plan_check_end(source->plan, &check, ret_error);
}

static inline uint32_t merge_number(const struct merge_source *source, enum plan_name list,
                                    uint32_t number)
{
    if (source->number[list] == NULL || number == merge_none[list])
        return number;
    if (number < plan_name_count(source->plan, list))
        return source->number[list][number];
    return GPOINTER_TO_UINT(g_hash_table_lookup(source->strays[list], GUINT_TO_POINTER(number)));
}

static gboolean merge_join_names(PlanMerge *merge, GError **ret_error)
{
    for (int list = 0; list < PLAN_NAME_COUNT; list++)
        merge->names[list] = names_new(merge_none[list]);
    for (uint32_t i = 0; i < merge->source_count; i++)
        for (int list = 0; list < PLAN_NAME_COUNT; list++)
            if (!merge_add_list(merge, &merge->source[i], (enum plan_name)list, ret_error))
                return FALSE;
    for (uint32_t i = 0; i < merge->source_count; i++)
        if (!merge_find_strays(merge, &merge->source[i], ret_error))
            return FALSE;
    return TRUE;
}

/* ---- about ----------------------------------------------------------------------------------- */

static gboolean merge_set_times(PlanMerge *merge, int64_t shift_us, GError **ret_error)
{
    int64_t first_us = INT64_MAX;

    for (uint32_t i = 0; i < merge->source_count; i++) {
        const int64_t epoch_us = plan_header(merge->source[i].plan)->epoch_us;
        if (epoch_us != INT64_MIN)
            first_us = MIN(first_us, epoch_us);
    }
    for (uint32_t i = 0; i < merge->source_count; i++) {
        struct merge_source *source = &merge->source[i];
        const int64_t epoch_us = plan_header(source->plan)->epoch_us;
        source->shift_us = 0;
        if ((epoch_us != INT64_MIN &&
             __builtin_sub_overflow(epoch_us, first_us, &source->shift_us)) ||
            __builtin_add_overflow(source->shift_us, shift_us, &source->shift_us) ||
            ABS(source->shift_us) > OMO_PLAN_AT_US_MAX) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                        "%s: would be moved by more than 285 years", plan_path(source->plan));
            return FALSE;
        }
    }
    merge->about.epoch_us = first_us == INT64_MAX ? INT64_MIN : first_us;
    return TRUE;
}

static void merge_set_about(PlanMerge *merge)
{
    struct plan_about *about = &merge->about;
    const omo_plan_header *first = plan_header(merge->source[0].plan);
    const char *scenario =
        json_string_value(json_object_get(plan_names(merge->source[0].plan), "scenario"));
    bool same = true;

    for (uint32_t i = 1; i < merge->source_count; i++) {
        const omo_plan_header *header = plan_header(merge->source[i].plan);
        same = same && header->seed == first->seed && header->digest == first->digest &&
               header->replication == first->replication;
        if (g_strcmp0(scenario, json_string_value(json_object_get(plan_names(merge->source[i].plan),
                                                                  "scenario"))) != 0)
            scenario = NULL;
    }
    about->scenario = scenario;
    about->seed = same ? first->seed : 0;
    about->digest = same ? first->digest : 0;
    about->replication = same ? first->replication : 0;
    about->channels = plan_merge_names(merge, PLAN_CHANNEL);
    about->places = plan_merge_names(merge, PLAN_PLACE);
    about->skus = plan_merge_names(merge, PLAN_SKU);
    about->coupons = plan_merge_names(merge, PLAN_COUPON);
}

/* ---- walking --------------------------------------------------------------------------------- */

/* FALSE with the error set when a file is damaged or its times would not fit. */
static gboolean merge_advance(struct merge_source *source, GError **ret_error)
{
    source->next = plan_check_next(source->plan, &source->check);
    return source->next != NULL || plan_check_end(source->plan, &source->check, ret_error);
}

static struct merge_source *merge_earliest(PlanMerge *merge)
{
    struct merge_source *earliest = NULL;
    int64_t earliest_us = INT64_MAX;

    for (uint32_t i = 0; i < merge->source_count; i++) {
        struct merge_source *source = &merge->source[i];
        if (source->next != NULL && source->next->at_us + source->shift_us < earliest_us) {
            earliest = source;
            earliest_us = source->next->at_us + source->shift_us;
        }
    }
    return earliest;
}

static gboolean merge_unknown_step(const struct merge_source *source, uint8_t kind,
                                   GError **ret_error)
{
    const json_t *steps = json_object_get(plan_names(source->plan), "steps");
    const char *name = json_string_value(json_array_get(steps, kind));

    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                "%s: has steps of kind %u%s%s%s, which this version does not know",
                plan_path(source->plan), kind, name != NULL ? " ('" : "", name != NULL ? name : "",
                name != NULL ? "')" : "");
    return FALSE;
}

/* Copies the steps of the source's journey into the merge. */
static gboolean merge_copy(PlanMerge *merge, const struct merge_source *source,
                           bool *ret_has_payloads, GError **ret_error)
{
    const uint32_t count = source->next->step_count;
    const omo_plan_step *from = plan_first_step(source->next);
    bool has_payloads = false;

    for (uint32_t i = 0; i < count; i++, from = plan_next_step(from)) {
        const uint32_t kind = plan_step_kind(source->plan, from->kind);
        omo_plan_step *step = &merge->steps[i];
        if (kind == STEP_COUNT)
            return merge_unknown_step(source, from->kind, ret_error);
        *step = *from;
        step->at_us += source->shift_us;
        step->kind = (uint8_t)kind;
        step->place = merge_number(source, PLAN_PLACE, from->place);
        step->sku = merge_number(source, PLAN_SKU, from->sku);
        step->coupon = (uint16_t)merge_number(source, PLAN_COUPON, from->coupon);
        merge->payloads[i] = plan_step_payload(from);
        has_payloads = has_payloads || from->payload > 0;
    }
    *ret_has_payloads = has_payloads;
    return TRUE;
}

gboolean plan_merge_next(PlanMerge *merge, struct plan_visit *ret_visit, GError **ret_error)
{
    struct merge_source *source = merge_earliest(merge);
    bool has_payloads;

    if (source == NULL)
        return FALSE;
    struct plan_visit visit = {.journey = *source->next, .steps = merge->steps};
    if (!merge_copy(merge, source, &has_payloads, ret_error))
        return FALSE;
    visit.journey.at_us += source->shift_us;
    if (visit.journey.at_us < -OMO_PLAN_AT_US_MAX ||
        merge->steps[visit.journey.step_count - 1].at_us > OMO_PLAN_AT_US_MAX) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: has times that would be moved more than 285 years away from time 0",
                    plan_path(source->plan));
        return FALSE;
    }
    visit.journey.channel = (uint8_t)merge_number(source, PLAN_CHANNEL, source->next->channel);
    visit.journey.place = merge_number(source, PLAN_PLACE, source->next->place);
    visit.payloads = has_payloads ? merge->payloads : NULL;
    if (!merge_advance(source, ret_error))
        return FALSE;
    visit.number = ++merge->number;
    *ret_visit = visit;
    return TRUE;
}

/* ---- public ---------------------------------------------------------------------------------- */

PlanMerge *plan_merge_open(const char *const *paths, int64_t shift_us, GError **ret_error)
{
    g_autoptr(PlanMerge) merge = g_new0(PlanMerge, 1);

    merge->source_count = g_strv_length((char **)(uintptr_t)paths);
    g_assert(merge->source_count > 0);
    merge->source = g_new0(struct merge_source, merge->source_count);
    for (uint32_t i = 0; i < merge->source_count; i++) {
        merge->source[i].plan = plan_open(paths[i], ret_error);
        if (merge->source[i].plan == NULL)
            return NULL;
        merge->source[i].check = plan_check_begin(merge->source[i].plan);
    }
    if (!merge_set_times(merge, shift_us, ret_error) ||
        (merge->source_count > 1 && !merge_join_names(merge, ret_error)))
        return NULL;
    for (uint32_t i = 0; i < merge->source_count; i++)
        if (!merge_advance(&merge->source[i], ret_error))
            return NULL;
    merge_set_about(merge);
    return g_steal_pointer(&merge);
}

void plan_merge_free(PlanMerge *merge)
{
    if (merge == NULL)
        return;
    for (uint32_t i = 0; i < merge->source_count; i++) {
        for (int list = 0; list < PLAN_NAME_COUNT; list++) {
            g_free(merge->source[i].number[list]);
            g_clear_pointer(&merge->source[i].strays[list], g_hash_table_unref);
        }
        plan_free(merge->source[i].plan);
    }
    for (int list = 0; list < PLAN_NAME_COUNT; list++)
        names_free(merge->names[list]);
    g_free(merge->source);
    g_free(merge);
}

const struct plan_about *plan_merge_about(const PlanMerge *merge) { return &merge->about; }

const char *plan_merge_name(const PlanMerge *merge, enum plan_name list, uint32_t number)
{
    if (merge->names[list] == NULL)
        return plan_name(merge->source[0].plan, list, number);
    return number == merge_none[list] ? "" : names_list(merge->names[list])[number];
}

const char *const *plan_merge_names(const PlanMerge *merge, enum plan_name list)
{
    bool listed = false;

    for (uint32_t i = 0; i < merge->source_count; i++)
        listed = listed || merge->source[i].plan->list[list].name != NULL;
    if (merge->names[list] == NULL)
        return (const char *const *)merge->source[0].plan->list[list].name;
    return listed || names_count(merge->names[list]) > 0 ? names_list(merge->names[list]) : NULL;
}

double plan_merge_share_done(const PlanMerge *merge)
{
    double done = 0, size = 0;

    for (uint32_t i = 0; i < merge->source_count; i++) {
        const struct merge_source *source = &merge->source[i];
        done += (double)(source->check.cursor.at - source->plan->map);
        size += (double)source->plan->map_size;
    }
    return done / size;
}
