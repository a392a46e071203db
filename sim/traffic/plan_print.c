/* One line a step, in columns that are wide enough for what is usual; a longer value pushes its line
 * to the right, since a stream of unknown length cannot be measured first. What does not apply is a
 * dash. Names come from files: whatever would move the cursor shows as a blank.
 */
#include "traffic/plan_print.h"
#include "shell/table.h"
#include "traffic/steps.h"

#include <omosim/types.h>
#include <string.h>
#include <time.h>

#define PRINT_TIME_WIDTH(merge) (plan_merge_about(merge)->epoch_us == INT64_MIN ? 18 : 26)
#define PRINT_REQUEST_SIZE 100 /* bytes shown of a recorded request's first line */

/* Writes a cell and the blanks behind it; the last cell of a line has width 0 and none. */
static void print_cell(const char *text, uint32_t width, FILE *stream)
{
    g_autofree char *clean = NULL;
    bool plain = true;

    if (*text == '\0')
        text = "-";
    for (const char *c = text; *c != '\0' && plain; c++)
        plain = *c >= ' ' && *c < 0x7f;
    if (!plain) {
        clean = g_utf8_make_valid(text, -1);
        for (char *c = clean; *c != '\0'; c = g_utf8_next_char(c))
            if (g_unichar_iscntrl(g_utf8_get_char(c)))
                memset(c, ' ', (size_t)(g_utf8_next_char(c) - c));
        text = clean;
    }
    const uint32_t used = plain ? (uint32_t)strlen(text) : table_text_width(text);
    fputs(text, stream);
    if (width > 0)
        fprintf(stream, "%*s", (int)(used < width ? width - used : 0) + 2, "");
}

static void print_number(uint64_t number, uint32_t width, FILE *stream)
{
    if (number == 0)
        fprintf(stream, "%*s  ", (int)width, "-");
    else
        fprintf(stream, "%*" G_GUINT64_FORMAT "  ", (int)width, number);
}

static void print_money(int64_t cents, FILE *stream)
{
    const uint64_t size = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
    char text[32];

    g_snprintf(text, sizeof text, "%s%" G_GUINT64_FORMAT ".%02u", cents < 0 ? "-" : "", size / 100,
               (unsigned)(size % 100));
    fprintf(stream, "%10s  ", cents == 0 ? "-" : text);
}

const char *plan_print_time(const PlanMerge *merge, int64_t at_us, char text[PLAN_TIME_SIZE])
{
    const int64_t epoch_us = plan_merge_about(merge)->epoch_us;
    int64_t clock_us;

    if (epoch_us != INT64_MIN && !__builtin_add_overflow(at_us, epoch_us, &clock_us)) {
        const int64_t fraction_us =
            (clock_us % OMO_US_PER_SECOND + OMO_US_PER_SECOND) % OMO_US_PER_SECOND;
        const time_t seconds = (time_t)((clock_us - fraction_us) / OMO_US_PER_SECOND);
        struct tm date;
        if (gmtime_r(&seconds, &date) != NULL && date.tm_year < 8100 && date.tm_year > -1900) {
            const size_t used = strftime(text, PLAN_TIME_SIZE, "%Y-%m-%d %H:%M:%S", &date);
            g_snprintf(text + used, PLAN_TIME_SIZE - used, ".%06d", (int)fraction_us);
            return text;
        }
    }
    const int64_t size_us = ABS(at_us);
    const int64_t second = size_us / OMO_US_PER_SECOND;
    g_snprintf(text, PLAN_TIME_SIZE, "%s%" G_GINT64_FORMAT "d %02d:%02d:%02d.%06d",
               at_us < 0 ? "-" : "", second / 86400, (int)(second / 3600 % 24),
               (int)(second / 60 % 60), (int)(second % 60), (int)(size_us % OMO_US_PER_SECOND));
    return text;
}

void plan_print_heading(const PlanMerge *merge, FILE *stream)
{
    fprintf(stream, "%-*s  %8s  %10s  %20s  %-10s  %-13s  %-12s  %-12s  %4s  %10s  %s\n",
            PRINT_TIME_WIDTH(merge), "time", "journey", "member", "order", "channel", "step",
            "place", "sku", "qty", "money", "coupon or request");
}

/* First line of a recorded request. */
static void print_request(const struct plan_payload *payload, FILE *stream)
{
    const size_t size = MIN(payload->size, PRINT_REQUEST_SIZE);
    const char *bytes = payload->bytes;
    size_t length = 0;

    while (length < size && bytes[length] != '\r' && bytes[length] != '\n' && bytes[length] != '\0')
        length++;
    g_autofree char *line = g_utf8_make_valid(bytes, (gssize)length);
    print_cell(line, 0, stream);
}

uint64_t plan_print_visit(const PlanMerge *merge, const struct plan_visit *visit, uint64_t line_max,
                          FILE *stream)
{
    const omo_plan_journey *journey = &visit->journey;
    const uint64_t count = MIN(journey->step_count, line_max);
    char time[PLAN_TIME_SIZE];

    for (uint64_t i = 0; i < count; i++) {
        const omo_plan_step *step = &visit->steps[i];
        const uint32_t place = step->place != OMO_PLAN_NONE ? step->place : journey->place;
        fprintf(stream, "%*s  %8" G_GUINT64_FORMAT "  ", PRINT_TIME_WIDTH(merge),
                plan_print_time(merge, step->at_us, time), visit->number);
        print_number(journey->member, 10, stream);
        print_number(journey->order, 20, stream);
        print_cell(plan_merge_name(merge, PLAN_CHANNEL, journey->channel), 10, stream);
        print_cell(step_name(step->kind), 13, stream);
        print_cell(plan_merge_name(merge, PLAN_PLACE, place), 12, stream);
        print_cell(plan_merge_name(merge, PLAN_SKU, step->sku), 12, stream);
        print_number(step->quantity, 4, stream);
        print_money(step->amount, stream);
        if (visit->payloads != NULL && visit->payloads[i].size > 0)
            print_request(&visit->payloads[i], stream);
        else
            print_cell(plan_merge_name(merge, PLAN_COUPON, step->coupon), 0, stream);
        fputc('\n', stream);
    }
    return count;
}
