/* Opening plans, and what their numbers are called.
 *
 * The file is mapped read-only and never copied; opening reads the header, the names and the
 * trailer, so it costs the same for ten journeys as for 10^8 steps. Nothing in the file is trusted:
 * sizes are compared with the file's own before anything is read behind them, and what a number in
 * a record stands for is looked up with bounds.
 *
 * A file without a fitting trailer is walked once, as far as it makes sense, to say what is wrong:
 * cut, longer than its trailer, or damaged in the middle. That is the only slow way to fail, and
 * the message it buys ("cut after 1,204 journeys (byte 98,304)") is what tells a full disk from a
 * wrong file.
 */
#include "shell/diagnostic.h"
#include "shell/units.h"
#include "traffic/plan_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean plan_bad(const char *path, GError **ret_error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static gboolean plan_bad(const char *path, GError **ret_error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "%s: %s", path, text);
    return FALSE;
}

/* ---- mapping --------------------------------------------------------------------------------- */

static gboolean plan_map_descriptor(Plan *plan, int descriptor, GError **ret_error)
{
    struct stat status;

    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        if (status.st_size == 0)
            return plan_bad(plan->path, ret_error, "is empty: not a traffic plan");
        void *map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (map != MAP_FAILED) {
            plan->map = map;
            plan->map_size = (size_t)status.st_size;
            (void)madvise(map, plan->map_size, MADV_SEQUENTIAL);
            return TRUE;
        }
    } else if (errno == 0) {
        return plan_bad(plan->path, ret_error,
                        "a plan is read in place and must be a regular file");
    }
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", plan->path,
                g_strerror(errno));
    return FALSE;
}

static gboolean plan_map_file(Plan *plan, GError **ret_error)
{
    int descriptor = open(plan->path, O_RDONLY | O_CLOEXEC);

    if (descriptor < 0) {
        const gboolean absent = errno == ENOENT || errno == ENOTDIR;
        g_set_error(ret_error, OMO_SHELL_ERROR,
                    absent ? OMO_SHELL_ERROR_BAD_INPUT : OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s",
                    plan->path, g_strerror(errno));
        return FALSE;
    }
    errno = 0;
    const gboolean mapped = plan_map_descriptor(plan, descriptor, ret_error);
    close(descriptor);
    return mapped;
}

/* ---- header and names ------------------------------------------------------------------------ */

static gboolean plan_check_header(Plan *plan, GError **ret_error)
{
    static const char magic[7] = {'o', 'm', 'o', 'p', 'l', 'a', 'n'};
    const omo_plan_header *header = (const void *)plan->map;

    if (memcmp(plan->map, magic, MIN(sizeof magic, plan->map_size)) != 0)
        return plan_bad(plan->path, ret_error,
                        "not a traffic plan (omosim import makes one of other formats)");
    if (plan->map_size < sizeof *header)
        return plan_bad(plan->path, ret_error, "cut within its header (byte %zu)", plan->map_size);
    if (header->magic[7] != OMO_PLAN_FORMAT)
        return plan_bad(plan->path, ret_error,
                        "a traffic plan of format %u; this version reads format %d",
                        (uint8_t)header->magic[7], OMO_PLAN_FORMAT);
    for (size_t i = 0; i < G_N_ELEMENTS(header->zero); i++)
        if (header->zero[i] != 0)
            return plan_bad(plan->path, ret_error,
                            "damaged: its header ends with bytes that must "
                            "be zero");
    if (header->names_size % PLAN_BLOCK != 0 || header->names_size == 0 ||
        header->names_size > OMO_PLAN_NAMES_SIZE_MAX)
        return plan_bad(plan->path, ret_error,
                        "damaged: its names cannot have %" G_GUINT64_FORMAT " bytes",
                        header->names_size);
    if (header->names_size > plan->map_size - sizeof *header)
        return plan_bad(plan->path, ret_error, "cut within its names (byte %zu)", plan->map_size);
    plan->begin = plan->map + sizeof *header + header->names_size;
    return TRUE;
}

static gboolean plan_read_list(Plan *plan, enum plan_name list, const char *key, GError **ret_error)
{
    const json_t *texts = json_object_get(plan->names, key);
    const size_t count = json_array_size(texts);

    if (texts == NULL)
        return TRUE;
    if (!json_is_array(texts))
        return plan_bad(plan->path, ret_error, "damaged: '%s' of its names is not a list", key);
    plan->list[list].name = g_new0(const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *text = json_array_get(texts, i);
        if (!json_is_string(text))
            return plan_bad(plan->path, ret_error, "damaged: %s[%zu] of its names is not a text",
                            key, i);
        plan->list[list].name[i] = json_string_value(text);
    }
    plan->list[list].count = (uint32_t)count;
    return TRUE;
}

/* The file's numbers of steps, as the registry's. */
static gboolean plan_read_kinds(Plan *plan, GError **ret_error)
{
    const json_t *steps = json_object_get(plan->names, "steps");

    if (steps != NULL && !json_is_array(steps))
        return plan_bad(plan->path, ret_error, "damaged: 'steps' of its names is not a list");
    for (uint32_t i = 0; i < G_N_ELEMENTS(plan->kind); i++) {
        const char *name = json_string_value(json_array_get(steps, i));
        const uint32_t kind = name != NULL ? step_find(name) : i;
        plan->kind[i] = (uint8_t)(kind < STEP_COUNT ? kind : STEP_COUNT);
    }
    return TRUE;
}

static gboolean plan_read_names(Plan *plan, GError **ret_error)
{
    static const char *const keys[PLAN_NAME_COUNT] = {"channels", "places", "skus", "coupons"};
    const size_t size = (size_t)(plan->begin - plan->map) - sizeof(omo_plan_header);
    const char *text = (const char *)plan->begin - size;
    json_error_t reason;

    plan->names = json_loadb(text, size, 0, &reason);
    if (plan->names == NULL)
        return plan_bad(plan->path, ret_error, "damaged: its names are no JSON: %s (byte %zu)",
                        reason.text, sizeof(omo_plan_header) + (size_t)MAX(reason.position, 0));
    if (!json_is_object(plan->names))
        return plan_bad(plan->path, ret_error, "damaged: its names are not an object");
    for (int list = 0; list < PLAN_NAME_COUNT; list++)
        if (!plan_read_list(plan, (enum plan_name)list, keys[list], ret_error))
            return FALSE;
    return plan_read_kinds(plan, ret_error);
}

/* ---- trailer --------------------------------------------------------------------------------- */

/* Whether the block before `end` is the trailer of all records between. */
static bool plan_trailer_fits(const Plan *plan, const omo_plan_trailer *trailer)
{
    const size_t record_size = (size_t)((const uint8_t *)trailer - plan->begin);

    return trailer->tag == OMO_PLAN_TRAILER && trailer->record_size == record_size &&
           trailer->zero[0] == 0 && trailer->zero[1] == 0 && trailer->zero[2] == 0;
}

/* Walks a file whose end is not a trailer, to say what is wrong with it. */
static gboolean plan_explain_end(Plan *plan, GError **ret_error)
{
    const size_t blocks = (plan->map_size - (size_t)(plan->begin - plan->map)) / PLAN_BLOCK;
    uint64_t journeys = 0;

    plan->end = plan->begin + blocks * PLAN_BLOCK;
    struct plan_cursor cursor = plan_begin(plan);
    while (plan_next(plan, &cursor) != NULL)
        if (++journeys % 100000 == 0)
            plan_forget(plan, cursor.at);
    const size_t byte = (size_t)(cursor.at - plan->map);
    g_autofree char *count = units_format_count((int64_t)journeys);
    g_autofree char *size = units_format_count((int64_t)plan->map_size);
    g_autofree char *at = units_format_count((int64_t)byte);
    if (cursor.at < plan->end && plan_trailer_fits(plan, (const void *)cursor.at))
        return plan_bad(plan->path, ret_error,
                        "has %zu bytes too many behind its end (byte %s), after %s journeys",
                        plan->map_size - byte - PLAN_BLOCK, at, count);
    if (plan_is_cut(plan, &cursor))
        return plan_bad(plan->path, ret_error, "cut after %s journeys (byte %s)", count, size);
    return plan_bad(plan->path, ret_error, "damaged after %s journeys (byte %s)", count, at);
}

static gboolean plan_check_trailer(Plan *plan, GError **ret_error)
{
    const size_t size = plan->map_size - (size_t)(plan->begin - plan->map);

    if (size < PLAN_BLOCK || size % PLAN_BLOCK != 0)
        return plan_explain_end(plan, ret_error);
    const omo_plan_trailer *trailer = (const void *)(plan->begin + size - PLAN_BLOCK);
    if (!plan_trailer_fits(plan, trailer))
        return plan_explain_end(plan, ret_error);
    plan->trailer = trailer;
    plan->end = (const uint8_t *)trailer;
    const uint64_t blocks = trailer->record_size / PLAN_BLOCK;
    if (trailer->journey_count > trailer->step_count || trailer->step_count > blocks ||
        trailer->journey_count + trailer->step_count > blocks ||
        (trailer->journey_count == 0) != (blocks == 0))
        return plan_bad(plan->path, ret_error,
                        "damaged: %" G_GUINT64_FORMAT " journeys of %" G_GUINT64_FORMAT
                        " steps are not in %" G_GUINT64_FORMAT " bytes of records",
                        trailer->journey_count, trailer->step_count, trailer->record_size);
    return TRUE;
}

/* ---- public ---------------------------------------------------------------------------------- */

Plan *plan_open(const char *path, GError **ret_error)
{
    g_autoptr(Plan) plan = g_new0(Plan, 1);

    plan->path = g_strdup(path);
    if (!plan_map_file(plan, ret_error) || !plan_check_header(plan, ret_error) ||
        !plan_read_names(plan, ret_error) || !plan_check_trailer(plan, ret_error))
        return NULL;
    return g_steal_pointer(&plan);
}

void plan_free(Plan *plan)
{
    if (plan == NULL)
        return;
    if (plan->map != NULL)
        munmap((void *)(uintptr_t)plan->map, plan->map_size);
    for (int list = 0; list < PLAN_NAME_COUNT; list++)
        g_free(plan->list[list].name);
    json_decref(plan->names);
    g_free(plan->path);
    g_free(plan);
}

const char *plan_path(const Plan *plan) { return plan->path; }

const omo_plan_header *plan_header(const Plan *plan) { return (const void *)plan->map; }

uint64_t plan_journey_count(const Plan *plan) { return plan->trailer->journey_count; }

uint64_t plan_step_count(const Plan *plan) { return plan->trailer->step_count; }

const json_t *plan_names(const Plan *plan) { return plan->names; }

/* A number as text, in a ring of the thread. */
static const char *plan_number(uint32_t number)
{
    static _Thread_local char ring[PLAN_NUMBERS_KEPT][sizeof "4294967295"];
    static _Thread_local uint32_t next;
    char *text = ring[next++ % PLAN_NUMBERS_KEPT] + sizeof ring[0] - 1;

    *text = '\0';
    do
        *--text = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    return text;
}

const char *plan_name(const Plan *plan, enum plan_name list, uint32_t number)
{
    static const uint32_t none[PLAN_NAME_COUNT] = {OMO_PLAN_NO_CHANNEL, OMO_PLAN_NONE,
                                                   OMO_PLAN_NONE, OMO_PLAN_NO_COUPON};

    if (number == none[list])
        return "";
    return number < plan->list[list].count ? plan->list[list].name[number] : plan_number(number);
}

uint32_t plan_name_count(const Plan *plan, enum plan_name list) { return plan->list[list].count; }

uint32_t plan_step_kind(const Plan *plan, uint8_t kind) { return plan->kind[kind]; }
