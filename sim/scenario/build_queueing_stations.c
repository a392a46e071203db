/* `queueing.stations`: options of each station, added to the model.
 *
 * Found here is what has a position of its own in the file: two keys that say the same, a shift out
 * of order, a fork with servers. The rest the kernel refuses when the station is added, and its
 * words are placed at the station's name.
 */
#include "scenario/build_queueing.h"

static void build_queueing_service(struct build *b, struct schema_value station, omo_law *ret_law)
{
    static const char *const keys[] = {"service", "service_rate"};
    const char *found = build_queueing_either(b, station, keys, 2,
                                              "give the service time: service_rate or service");

    if (found == keys[0])
        *ret_law = schema_get_law(station, "service");
    else if (found == keys[1])
        *ret_law = (omo_law){
            .kind = OMO_LAW_EXPONENTIAL,
            .a = (double)OMO_US_PER_DAY / schema_get_rate(station, "service_rate", OMO_US_PER_DAY),
        };
}

/* `servers` beside a block that counts them itself. */
static void build_queueing_servers_twice(struct build *b, struct schema_value station,
                                         const char *block)
{
    if (schema_has(station, "servers"))
        diagnostic_add(b->list, schema_position(schema_get(station, "servers")),
                       "the servers are counted in '%s': take away 'servers' or that", block);
}

static void build_queueing_shifts(struct build *b, struct schema_value station,
                                  omo_station_options *options, GArray *shifts)
{
    struct schema_value block = schema_get(station, "shifts"), at;
    int64_t after_us = -1;

    if (!schema_is_present(block))
        return;
    build_queueing_servers_twice(b, station, "shifts");
    at = schema_get(block, "at");
    options->shift_period_us = schema_get_duration_us(block, "period");
    options->shift_end = (omo_shift_end)schema_get_enum(block, "end");
    options->servers = 0;
    for (uint32_t i = 0; i < schema_count(at); i++) {
        struct schema_value item = schema_item(at, i), from = schema_get(item, "from");
        omo_shift shift = {.from_us = schema_as_duration_us(from),
                           .servers = (uint32_t)schema_get_whole(item, "servers")};
        if (i == 0 && shift.from_us != 0)
            diagnostic_add(b->list, schema_position(from), "the first shift begins at 0h");
        else if (shift.from_us <= after_us)
            diagnostic_add(b->list, schema_position(from), "shifts stand in the order of time");
        else if (shift.from_us >= options->shift_period_us)
            diagnostic_add(b->list, schema_position(from), "a shift begins within the period");
        after_us = shift.from_us;
        options->servers = MAX(options->servers, shift.servers);
        g_array_append_val(shifts, shift);
    }
    if (options->servers == 0)
        diagnostic_add(b->list, schema_position(at), "no shift has a server");
    options->shifts = (const omo_shift *)(const void *)shifts->data;
    options->shift_count = shifts->len;
}

static void build_queueing_crews(struct build_queueing *q, struct schema_value station,
                                 omo_station_options *options, GArray *crews)
{
    struct schema_value list = schema_get(station, "crews");

    if (!schema_is_present(list))
        return;
    build_queueing_servers_twice(q->b, station, "crews");
    options->servers = 0;
    for (uint32_t i = 0; i < schema_count(list); i++) {
        struct schema_value item = schema_item(list, i), skills = schema_get(item, "skills");
        omo_crew crew = {.servers = (uint32_t)schema_get_whole(item, "servers"),
                         .skills = UINT32_C(1) << SKILL_ANY,
                         .speed = schema_get_number(item, "speed")};
        for (uint32_t s = 0; s < schema_count(skills); s++)
            crew.skills |= UINT32_C(1)
                           << build_queueing_skill_bit(q, schema_as_text(schema_item(skills, s)));
        if (!schema_is_present(skills))
            crew.skills = UINT32_MAX;
        options->servers += crew.servers;
        g_array_append_val(crews, crew);
    }
    options->crews = (const omo_crew *)(const void *)crews->data;
    options->crew_count = crews->len;
}

/* False while a branch is still to be added; branches that are wrong are left out with a finding. */
static bool build_queueing_branches(struct build_queueing *q, struct schema_value station,
                                    omo_station_options *options, GArray *branches)
{
    struct schema_value list = schema_get(station, "branches");

    for (uint32_t i = 0; i < schema_count(list); i++) {
        struct schema_value item = schema_item(list, i);
        guint number = GPOINTER_TO_UINT(g_hash_table_lookup(q->numbers, schema_as_text(item)));
        if (number != 0 && !q->added[number - 1] && !q->failed[number - 1])
            return false;
    }
    for (uint32_t i = 0; i < schema_count(list); i++) {
        struct schema_value item = schema_item(list, i);
        int64_t number = build_queueing_find(q, schema_as_text(item), schema_position(item));
        if (number >= 0 && q->added[number])
            g_array_append_val(branches, q->station[number]);
    }
    options->branches =
        branches->len == 0 ? NULL : (const omo_station *)(const void *)branches->data;
    options->branch_count = branches->len;
    return true;
}

/* What one key or one small block says. */
static void build_queueing_plain(struct schema_value station, omo_station_options *o)
{
    struct schema_value balk = schema_get(station, "balk"), batch = schema_get(station, "batch"),
                        breakdown = schema_get(station, "breakdown");

    o->discipline = (omo_discipline)schema_get_enum(station, "discipline");
    o->when_full = (omo_full)schema_get_enum(station, "when_full");
    if (schema_has(station, "room"))
        o->room = (uint32_t)schema_get_whole(station, "room");
    if (schema_is_present(balk)) {
        o->balk_from = (uint32_t)schema_get_whole(balk, "from");
        o->balk_ppm = (uint32_t)schema_get_share_ppm(balk, "share");
    }
    o->impatient = schema_has(station, "patience");
    if (o->impatient)
        o->patience = schema_get_law(station, "patience");
    if (schema_is_present(batch)) {
        o->batch_min = (uint32_t)schema_get_whole(batch, "min");
        o->batch_max =
            schema_has(batch, "max") ? (uint32_t)schema_get_whole(batch, "max") : o->batch_min;
        if (schema_has(batch, "wait"))
            o->batch_wait_us = schema_get_duration_us(batch, "wait");
    }
    if (schema_has(station, "wave"))
        o->wave_us = schema_get_duration_us(station, "wave");
    o->breaks = schema_is_present(breakdown);
    if (o->breaks) {
        o->up = schema_get_law(breakdown, "up");
        o->down = schema_get_law(breakdown, "down");
        o->work_lost = schema_get_enum(breakdown, "work") == 1;
    }
    if (schema_has(station, "wait_over"))
        o->wait_over_us = schema_get_duration_us(station, "wait_over");
    if (schema_has(station, "time_over"))
        o->time_over_us = schema_get_duration_us(station, "time_over");
    if (schema_has(station, "level_over"))
        o->level_over = (uint32_t)schema_get_whole(station, "level_over");
    o->period_us = schema_get_duration_us(station, "period");
}

/* What a fork has no use for. */
static void build_queueing_fork(struct build *b, struct schema_value station)
{
    static const char *const unused[] = {"servers",   "service",  "service_rate", "shifts",
                                         "crews",     "patience", "batch",        "wave",
                                         "breakdown", "balk",     "room"};

    for (size_t i = 0; i < G_N_ELEMENTS(unused); i++)
        if (schema_has(station, unused[i]))
            diagnostic_add(b->list, schema_position(schema_get(station, unused[i])),
                           "a station with branches only splits jobs: it has no %s", unused[i]);
}

/* Adds station `number`, or marks it failed with a finding; false: its branches come first. */
static bool build_queueing_station(struct build_queueing *q, uint32_t number)
{
    struct build *b = q->b;
    struct schema_value station = schema_item(q->stations, number);
    struct text_position at = schema_item_name_position(q->stations, number);
    omo_station_options options = omo_station_defaults(schema_item_name(q->stations, number));
    g_autoptr(GArray) shifts = g_array_new(FALSE, FALSE, sizeof(omo_shift));
    g_autoptr(GArray) crews = g_array_new(FALSE, FALSE, sizeof(omo_crew));
    g_autoptr(GArray) branches = g_array_new(FALSE, FALSE, sizeof(omo_station));
    guint before = b->list->len;
    omo_error error = {0};

    if (!build_queueing_branches(q, station, &options, branches))
        return false;
    build_remember(b, options.name, at);
    build_queueing_plain(station, &options);
    if (schema_has(station, "branches")) {
        build_queueing_fork(b, station);
    } else {
        build_queueing_service(b, station, &options.service);
        if (schema_has(station, "servers") &&
            build_read_servers(b, schema_get(station, "servers"), &options.servers) &&
            options.servers == 0)
            diagnostic_add(b->list, schema_position(schema_get(station, "servers")),
                           "a station needs at least one server");
        build_queueing_shifts(b, station, &options, shifts);
        build_queueing_crews(q, station, &options, crews);
    }
    if (options.batch_max < options.batch_min)
        diagnostic_add(b->list, schema_position(schema_get(schema_get(station, "batch"), "max")),
                       "the largest batch is below the smallest, %u", options.batch_min);
    if (b->list->len == before &&
        omo_model_add_station(b->model, &options, &q->station[number], &error) != OMO_OK)
        build_refused(b, at, &error);
    q->added[number] = b->list->len == before;
    q->failed[number] = !q->added[number];
    return true;
}

void build_queueing_stations(struct build_queueing *q)
{
    uint32_t count = schema_count(q->stations), left = count, before;

    do {
        before = left;
        for (uint32_t i = 0; i < count; i++)
            if (!q->added[i] && !q->failed[i] && build_queueing_station(q, i))
                left--;
    } while (left < before);
    for (uint32_t i = 0; i < count; i++)
        if (!q->added[i] && !q->failed[i])
            diagnostic_add(q->b->list, schema_item_name_position(q->stations, i),
                           "%s: its branches lead in a circle", schema_item_name(q->stations, i));
}
