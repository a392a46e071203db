/* Requests to journeys.
 *
 * Sorted by member, group, time and place in the file, the requests of a journey lie together; they
 * are cut where the group changes, where the gap is too long, and where a journey would have more
 * steps than a plan allows. The journeys are then sorted by their start. Equal times keep the
 * file's order, so the plan depends on the file alone.
 */
#include "traffic/import_private.h"
#include "traffic/steps.h"

#include <omosim/types.h>
#include <stdlib.h>

/* Members' numbers are hashes, folded to what a double and a JSON number hold exactly. */
#define GATHER_MEMBER_BITS 52
#define GATHER_MEMBER_MAX (UINT64_C(1) << GATHER_MEMBER_BITS)

struct gathered {
    int64_t at_us;
    uint64_t member;
    uint64_t where;
    uint32_t group;
    uint32_t number; /* in the file */
};

struct gather_journey {
    int64_t at_us;
    uint32_t first; /* request */
    uint32_t count;
    uint32_t number; /* of its first request in the file */
};

struct gather {
    GArray *requests; /* struct gathered */
    GArray *journeys; /* struct gather_journey */
};

Gather *gather_new(void)
{
    Gather *gather = g_new0(Gather, 1);

    gather->requests = g_array_new(FALSE, FALSE, sizeof(struct gathered));
    gather->journeys = g_array_new(FALSE, FALSE, sizeof(struct gather_journey));
    return gather;
}

void gather_free(Gather *gather)
{
    if (gather == NULL)
        return;
    g_array_unref(gather->requests);
    g_array_unref(gather->journeys);
    g_free(gather);
}

void gather_add(Gather *gather, int64_t at_us, uint64_t member, uint32_t group, uint64_t where)
{
    struct gathered request = {at_us, member, where, group, gather->requests->len};

    if (member != 0)
        request.member = (member ^ member >> GATHER_MEMBER_BITS) % GATHER_MEMBER_MAX + 1;
    g_array_append_val(gather->requests, request);
}

#define GATHER_ORDER(a, b)                                                                         \
    do {                                                                                           \
        if ((a) != (b))                                                                            \
            return (a) < (b) ? -1 : 1;                                                             \
    } while (0)

static int gather_by_time(gconstpointer left, gconstpointer right)
{
    const struct gathered *a = left, *b = right;

    GATHER_ORDER(a->at_us, b->at_us);
    GATHER_ORDER(a->number, b->number);
    return 0;
}

static int gather_by_member(gconstpointer left, gconstpointer right)
{
    const struct gathered *a = left, *b = right;

    GATHER_ORDER(a->member, b->member);
    GATHER_ORDER(a->group, b->group);
    return gather_by_time(left, right);
}

static int gather_by_start(gconstpointer left, gconstpointer right)
{
    const struct gather_journey *a = left, *b = right;

    GATHER_ORDER(a->at_us, b->at_us);
    GATHER_ORDER(a->number, b->number);
    return 0;
}

void gather_spread_seconds(Gather *gather)
{
    struct gathered *requests = (struct gathered *)(void *)gather->requests->data;
    const uint32_t count = gather->requests->len;
    uint32_t next;

    g_array_sort(gather->requests, gather_by_time);
    for (uint32_t first = 0; first < count; first = next) {
        const int64_t second_us = requests[first].at_us;
        next = first + 1;
        while (next < count && requests[next].at_us == second_us)
            next++;
        if (second_us % OMO_US_PER_SECOND != 0)
            continue;
        for (uint32_t i = first; i < next; i++)
            requests[i].at_us += OMO_US_PER_SECOND * (i - first) / (next - first);
    }
}

static void gather_cut(Gather *gather, int64_t gap_us)
{
    const struct gathered *requests = (const struct gathered *)(void *)gather->requests->data;
    struct gather_journey journey = {.count = 0};

    for (uint32_t i = 0; i < gather->requests->len; i++) {
        const struct gathered *request = &requests[i];
        const struct gathered *before = i > 0 ? &requests[i - 1] : NULL;
        const bool goes_on =
            before != NULL && before->member == request->member &&
            before->group == request->group && journey.count < OMO_PLAN_STEPS_MAX &&
            (request->group != GATHER_NO_GROUP || request->at_us - before->at_us < gap_us);
        if (!goes_on) {
            if (journey.count > 0)
                g_array_append_val(gather->journeys, journey);
            journey = (struct gather_journey){request->at_us, i, 0, request->number};
        }
        journey.count++;
    }
    if (journey.count > 0)
        g_array_append_val(gather->journeys, journey);
    g_array_sort(gather->journeys, gather_by_start);
}

/* Room for one journey. */
struct gather_room {
    omo_plan_step steps[OMO_PLAN_STEPS_MAX];
    struct plan_payload payloads[OMO_PLAN_STEPS_MAX];
    GString *message[OMO_PLAN_STEPS_MAX]; /* made when first needed */
};

static void gather_room_free(struct gather_room *room)
{
    for (uint32_t i = 0; i < OMO_PLAN_STEPS_MAX; i++)
        if (room->message[i] != NULL)
            g_string_free(room->message[i], TRUE);
    g_free(room);
}

static gboolean gather_write_journey(const Gather *gather, const struct gather_journey *from,
                                     int64_t epoch_us, PlanWriter *writer, struct gather_room *room,
                                     gather_message message, void *context, GError **ret_error)
{
    const struct gathered *requests = (const struct gathered *)(void *)gather->requests->data;
    const omo_plan_journey journey = {.at_us = from->at_us - epoch_us,
                                      .member = requests[from->first].member,
                                      .place = OMO_PLAN_NONE,
                                      .channel = OMO_PLAN_NO_CHANNEL,
                                      .step_count = (uint16_t)from->count};

    for (uint32_t i = 0; i < from->count; i++) {
        const struct gathered *request = &requests[from->first + i];
        if (room->message[i] == NULL)
            room->message[i] = g_string_new(NULL);
        if (!message(context, request->where, room->message[i], ret_error))
            return FALSE;
        room->payloads[i] = (struct plan_payload){room->message[i]->str, room->message[i]->len};
        room->steps[i] = (omo_plan_step){.at_us = request->at_us - epoch_us,
                                         .sku = OMO_PLAN_NONE,
                                         .place = OMO_PLAN_NONE,
                                         .coupon = OMO_PLAN_NO_COUPON,
                                         .kind = STEP_request};
    }
    return plan_write_journey(writer, &journey, room->steps, room->payloads, ret_error);
}

/* Whether all times fit between those that a plan can hold, counted from the first. */
static gboolean gather_check_span(const Gather *gather, const char *path, GError **ret_error)
{
    const struct gathered *requests = (const struct gathered *)(void *)gather->requests->data;
    int64_t first_us = INT64_MAX, last_us = INT64_MIN;

    for (uint32_t i = 0; i < gather->requests->len; i++) {
        first_us = MIN(first_us, requests[i].at_us);
        last_us = MAX(last_us, requests[i].at_us);
    }
    if (gather->requests->len == 0 || last_us - first_us <= OMO_PLAN_AT_US_MAX)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                "%s: its times lie more than 285 years apart", path);
    return FALSE;
}

gboolean gather_write(Gather *gather, const struct import *import, int64_t gap_us, bool timed,
                      gather_message message, void *context, GError **ret_error)
{
    struct plan_about about = {.epoch_us = INT64_MIN};

    if (!gather_check_span(gather, import->path, ret_error))
        return FALSE;
    g_array_sort(gather->requests, gather_by_member);
    gather_cut(gather, gap_us);
    const struct gather_journey *journeys =
        (const struct gather_journey *)(void *)gather->journeys->data;
    if (timed && gather->journeys->len > 0)
        about.epoch_us = journeys[0].at_us;
    const int64_t epoch_us = about.epoch_us != INT64_MIN ? about.epoch_us : 0;
    g_autoptr(PlanWriter) writer = plan_writer_open(import->plan_path, &about, ret_error);
    if (writer == NULL)
        return FALSE;
    struct gather_room *room = g_new0(struct gather_room, 1);
    gboolean done = TRUE;
    for (uint32_t i = 0; i < gather->journeys->len && done; i++) {
        done = gather_write_journey(gather, &journeys[i], epoch_us, writer, room, message, context,
                                    ret_error);
        if (i % 1024 == 0 && done)
            done = import_go_on(import, 0.5 + 0.5 * i / gather->journeys->len, ret_error);
    }
    gather_room_free(room);
    return done && plan_writer_commit(writer, &import->report->counts, ret_error);
}
