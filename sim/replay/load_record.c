/* The record of a load run: what it is called, what its numbers mean, what is noted beside the
 * requests. Keys of record_run:
 *
 *   plan, api, api_name, target  files as given; the map's name; targets without user info
 *   started     when the run began, microseconds since 1970
 *   mode        plan, rate or closed
 *   speed       of the plan: its times / speed are the run's
 *   epoch_us    what time 0 of the plan is, since 1970; not there when the plan does not know
 *   first_us    the plan's time that is the beginning of the run
 *   first_pass, passes   which pass over the plan was the first, and how many were begun
 *   order_key   order = a row's order_id is how the books name it (with -PASS behind it from pass 1
 *               on); told = tellings `key` say so
 */
#include "replay/load_private.h"

#include "results/record.h"

#include <inttypes.h>

static void note_number(Recorder *recorder, const char *key, int64_t number)
{
    g_autofree char *text = g_strdup_printf("%" PRId64, number);

    recorder_note(recorder, key, text);
}

static void note_run(const struct run *run)
{
    static const char *const modes[] =
        {[LOAD_PLAN] = "plan", [LOAD_RATE] = "rate", [LOAD_CLOSED] = "closed"};
    const struct load_options *o = &run->options;
    const int64_t epoch_us = plan_header(o->plan)->epoch_us;
    char speed[G_ASCII_DTOSTR_BUF_SIZE];
    g_autoptr(GString) targets = g_string_new(NULL);

    for (uint32_t i = 0; i < o->target_count; i++)
        g_string_append_printf(targets, "%s%s", i > 0 ? " " : "", o->targets[i]->url);
    recorder_note(run->recorder, "plan", plan_path(o->plan));
    recorder_note(run->recorder, "api", o->api != NULL ? o->api : api_name(o->map));
    recorder_note(run->recorder, "api_name", api_name(o->map));
    recorder_note(run->recorder, "target", targets->str);
    recorder_note(run->recorder, "mode", modes[o->mode]);
    recorder_note(run->recorder, "speed", g_ascii_dtostr(speed, sizeof speed, o->speed));
    if (epoch_us != INT64_MIN)
        note_number(run->recorder, "epoch_us", epoch_us);
    note_number(run->recorder, "first_us", run->first_us);
    note_number(run->recorder, "first_pass", o->first_pass);
    recorder_note(run->recorder, "order_key", api_order_key_is_plain(o->map) ? "order" : "told");
}

/* What the plan calls places, SKUs or coupons. */
static gboolean name_list(const struct run *run, const char *what, enum plan_name list,
                          GError **ret_error)
{
    const uint32_t count = plan_name_count(run->options.plan, list);
    g_autofree const char **names = g_new0(const char *, (size_t)count + 1);

    for (uint32_t i = 0; i < count; i++)
        names[i] = plan_name(run->options.plan, list, i);
    return recorder_name(run->recorder, what, names, ret_error);
}

static gboolean name_all(const struct run *run, GError **ret_error)
{
    const char *outcomes[OUTCOME_COUNT + 1] = {NULL};

    for (int i = 0; i < OUTCOME_COUNT; i++)
        outcomes[i] = outcome_name((enum outcome)i);
    return recorder_name(run->recorder, "step", step_names(), ret_error) &&
           recorder_name(run->recorder, "outcome", outcomes, ret_error) &&
           recorder_name(run->recorder, "telling", telling_names(), ret_error) &&
           name_list(run, "place", PLAN_PLACE, ret_error) &&
           name_list(run, "sku", PLAN_SKU, ret_error) &&
           name_list(run, "coupon", PLAN_COUPON, ret_error);
}

/* Whether rows of this request are to say how the books name their order. */
static bool has_key(const ApiMap *map, uint32_t request)
{
    return !api_order_key_is_plain(map) && api_deed(map, request) != DEED_nothing;
}

gboolean load_record_open(struct run *run, GError **ret_error)
{
    const uint32_t count = api_request_count(run->options.map);
    g_autofree const char **names = g_new0(const char *, count + 1);

    run->keyed = g_new0(bool, count + 1);
    if (run->options.record == NULL)
        return TRUE;
    for (uint32_t i = 0; i < count; i++) {
        names[i] = run->request[i]->name;
        run->keyed[i] = has_key(run->options.map, i);
    }
    run->recorder = recorder_open(run->options.record, run->worker_count, names, ret_error);
    if (run->recorder == NULL)
        return FALSE;
    note_run(run);
    return name_all(run, ret_error);
}

void load_record_started(const struct run *run, int64_t started_unix_us)
{
    if (run->recorder != NULL)
        note_number(run->recorder, "started", started_unix_us);
}

void load_hook(Load *load, int64_t at_us, const char *what, const char *detail)
{
    g_mutex_lock(&load->hook_lock);
    if (load->run.recorder != NULL)
        recorder_hook(load->run.recorder, at_us, what, detail);
    g_mutex_unlock(&load->hook_lock);
}

gboolean load_record_close(Load *load, GError **ret_error)
{
    Recorder *recorder;
    uint32_t last_pass = load->run.options.first_pass;

    g_mutex_lock(&load->hook_lock);
    recorder = g_steal_pointer(&load->run.recorder);
    g_mutex_unlock(&load->hook_lock);
    if (recorder == NULL)
        return TRUE;
    for (uint32_t i = 0; i < load->run.worker_count; i++)
        last_pass = MAX(last_pass, load->worker[i].last_pass);
    note_number(recorder, "passes", (int64_t)last_pass - load->run.options.first_pass + 1);
    return recorder_close(recorder, &load->result.recorded, ret_error);
}
