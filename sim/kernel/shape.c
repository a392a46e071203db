/* The line between the state of a queueing network and what may be decided anew.
 *
 * A trait is what state is indexed by (stations, sources, servers, branches), what it is ordered or
 * bounded by (disciplines, rooms, batches, gates, shifts), what the past was measured with, and who
 * comes. Free are laws of service, patience, up and down times, shares of routes, balking, where a
 * source sends, priorities and skills: the next draw goes by the new ones, and what is under way
 * ends as it was begun. More servers would be free while jobs wait, and fewer would be held by more
 * jobs than there are, so their number is a trait. */
#include "kernel/shape.h"

void shape_begin(struct shape *s)
{
    struct checksum *all[] = {&s->names,    &s->servers,  &s->queues,
                              &s->branches, &s->measures, &s->arrivals};

    s->station_count = s->source_count = 0;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        checksum_init(all[i]);
}

static void shape_servers(struct checksum *c, const omo_station_options *o)
{
    TRAITS_VALUE(c, o->servers);
    TRAITS_VALUE(c, o->breaks);
    TRAITS_VALUE(c, o->shift_count);
    TRAITS_VALUE(c, o->shift_period_us);
    TRAITS_VALUE(c, o->shift_end);
    for (uint32_t i = 0; i < o->shift_count; i++) {
        TRAITS_VALUE(c, o->shifts[i].from_us);
        TRAITS_VALUE(c, o->shifts[i].servers);
    }
    TRAITS_VALUE(c, o->crew_count);
    for (uint32_t i = 0; i < o->crew_count; i++) {
        TRAITS_VALUE(c, o->crews[i].servers);
        TRAITS_VALUE(c, o->crews[i].skills);
        TRAITS_VALUE(c, o->crews[i].speed);
    }
}

static void shape_queues(struct checksum *c, const omo_station_options *o)
{
    TRAITS_VALUE(c, o->discipline);
    TRAITS_VALUE(c, o->room);
    TRAITS_VALUE(c, o->when_full);
    TRAITS_VALUE(c, o->batch_min);
    TRAITS_VALUE(c, o->batch_max);
    TRAITS_VALUE(c, o->batch_wait_us);
    TRAITS_VALUE(c, o->wave_us);
}

void shape_station(struct shape *s, const omo_station_options *o)
{
    s->station_count++;
    traits_text(&s->names, o->name);
    shape_servers(&s->servers, o);
    shape_queues(&s->queues, o);
    TRAITS_VALUE(&s->branches, o->branch_count);
    for (uint32_t i = 0; i < o->branch_count; i++)
        TRAITS_VALUE(&s->branches, o->branches[i].index);
    TRAITS_VALUE(&s->measures, o->wait_over_us);
    TRAITS_VALUE(&s->measures, o->time_over_us);
    TRAITS_VALUE(&s->measures, o->level_over);
    TRAITS_VALUE(&s->measures, o->period_us);
}

void shape_source(struct shape *s, const omo_source_options *o)
{
    struct checksum *c = &s->arrivals;
    uint32_t rates = o->population == 0 ? o->rate_count : 0;

    s->source_count++;
    traits_text(&s->names, o->name);
    TRAITS_VALUE(c, o->population);
    TRAITS_VALUE(c, o->from_us);
    TRAITS_VALUE(c, o->until_us);
    TRAITS_VALUE(c, o->count_max);
    TRAITS_VALUE(c, rates);
    for (uint32_t i = 0; i < rates; i++) {
        TRAITS_VALUE(c, o->rates[i].from_us);
        TRAITS_VALUE(c, o->rates[i].per_hour);
    }
    if (rates != 0)
        TRAITS_VALUE(c, o->rate_period_us);
    else if (o->population == 0)
        traits_law(c, &o->interval);
}

void shape_end(struct shape *s, struct traits *t)
{
    traits_count(t, "stations of a queueing network", s->station_count);
    traits_count(t, "sources of a queueing network", s->source_count);
    traits_print(t, "names of stations and sources", &s->names);
    traits_print(t, "servers, shifts and crews of stations", &s->servers);
    traits_print(t, "disciplines, rooms, batches and waves", &s->queues);
    traits_print(t, "branches of stations", &s->branches);
    traits_print(t, "thresholds and periods of stations", &s->measures);
    traits_print(t, "arrivals of sources", &s->arrivals);
}
