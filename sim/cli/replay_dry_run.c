/* A dry run: what would be sent, as commands to try by hand.
 *
 * Values that come from answers are not known, so they stand as shell variables ("$token"), which is
 * also what somebody who tries the commands one after the other would set.
 */
#include "cli/replay_dry_run.h"
#include "shell/units.h"

#include <string.h>

#define SCRATCH_SIZE (256u << 10)

struct dry_run {
    const struct load_options *load;
    FILE *stream;
    char *scratch;
    char *names[API_VARIABLES_MAX]; /* "$token" */
    struct api_text variable[API_VARIABLES_MAX];
    uint64_t number; /* of the next request */
};

static void print_request(struct dry_run *run, const struct api_values *values, uint32_t request)
{
    const ApiMap *map = run->load->map;
    struct api_values mine = *values;
    struct api_message message;

    mine.number = run->number++;
    fprintf(run->stream, "# %s\n", api_request(map, request)->name);
    if (api_render(map, request, &mine, run->scratch, SCRATCH_SIZE, &message) != API_RENDERED) {
        fputs("# not sent: a value that it needs is missing\n", run->stream);
        return;
    }
    g_autofree char *command = api_to_curl(map, &message, run->load->targets[0]->url);
    fprintf(run->stream, "%s\n", command);
}

static void print_step(struct dry_run *run, const struct api_values *values, uint32_t kind)
{
    uint32_t count = 0;
    const uint32_t first = kind < STEP_COUNT ? api_step_requests(run->load->map, kind, &count) : 0;

    for (uint32_t i = 0; i < count; i++)
        print_request(run, values, first + i);
}

static void print_journey(struct dry_run *run, const omo_plan_journey *journey, uint64_t number)
{
    const struct load_options *load = run->load;
    const omo_plan_step *step = plan_first_step(journey);
    g_autofree char *at = units_format_duration(journey->at_us);
    struct api_values values = {.plan = load->plan,
                                .journey = journey,
                                .step = step,
                                .now_ms = g_get_real_time() / 1000,
                                .variable = run->variable};
    const bool logs_in = journey->member != 0 && api_session_valid_for_us(load->map) > 0 &&
                         plan_step_kind(load->plan, step->kind) != STEP_log_in;

    fprintf(run->stream, "%s# journey %" G_GUINT64_FORMAT ", at %s", number > 1 ? "\n" : "", number,
            at);
    if (journey->member != 0)
        fprintf(run->stream, ", member %" G_GUINT64_FORMAT, journey->member);
    fputc('\n', run->stream);
    if (logs_in)
        print_step(run, &values, STEP_log_in);
    for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step)) {
        values.step = step;
        print_step(run, &values, plan_step_kind(load->plan, step->kind));
    }
}

gboolean replay_dry_run(const struct load_options *load, uint64_t count, FILE *stream,
                        GError **ret_error)
{
    struct dry_run run = {.load = load, .stream = stream, .scratch = g_malloc(SCRATCH_SIZE)};
    struct plan_cursor cursor = plan_begin(load->plan);
    const uint32_t variables = api_variable_count(load->map);
    const omo_plan_journey *journey;
    uint64_t number = 0;

    for (uint32_t v = 0; v < variables; v++) {
        run.names[v] = g_strdup_printf("$%s", api_variable_name(load->map, v));
        run.variable[v] = (struct api_text){run.names[v], (uint32_t)strlen(run.names[v])};
    }
    while (number < count && (journey = plan_next(load->plan, &cursor)) != NULL)
        if (journey->at_us >= load->from_us && journey->at_us < load->to_us)
            print_journey(&run, journey, ++number);
    for (uint32_t v = 0; v < variables; v++)
        g_free(run.names[v]);
    g_free(run.scratch);
    if (cursor.broken)
        plan_set_broken_error(load->plan, &cursor, ret_error);
    return !cursor.broken;
}
