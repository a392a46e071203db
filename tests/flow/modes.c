/* A shop and its customers, run and looked at fact by fact. */
#include "flow/modes.h"

struct modes modes_begin(const char *kind, const char *mode, double visits_per_day)
{
    struct modes s = {.model = build_model(20.0)};

    build_sku(s.model);
    s.place = build_place(OMO_PLACE_STORE, build_assortment(s.model, 1), 2.0, 100000);
    s.place.id = "shop";
    s.channel = build_channel(kind, mode);
    s.channel.pickup_hold_us = 0;
    s.channel.no_show_ppm = 0;
    s.segment = build_segment(visits_per_day);
    build_zone(s.model, 0.0, 0);
    return s;
}

omo_role_options modes_servers(uint32_t servers, double minutes)
{
    return (omo_role_options){.servers = servers,
                              .service = build_constant(minutes * (double)MINUTE)};
}

void modes_run(struct modes *s)
{
    omo_place_options box = omo_place_defaults();

    build_add_place(s->model, &s->place);
    box.kind = OMO_PLACE_LOCKER;
    box.shelf_slots = s->boxes;
    box.lon = 0.5;
    if (s->locker)
        build_add_place(s->model, &box);
    box.lon = -1.0;
    if (s->second_locker)
        build_add_place(s->model, &box);
    build_add_segment(s->model, &s->segment, build_add_channel(s->model, &s->channel));
    build_seal(s->model);
    build_run(s->model, 2, 0, &s->facts);
}

void modes_end(struct modes *s)
{
    build_facts_free(&s->facts);
    omo_model_free(s->model);
}

const omo_fact *modes_fact(const struct modes *s, const char *kind, size_t n)
{
    const uint32_t number = build_fact_kind(kind);

    for (size_t i = 0; i < s->facts.count; i++)
        if (omo_fact_kind(&s->facts.fact[i]) == number && n-- == 0)
            return &s->facts.fact[i];
    ck_abort_msg("no such %s", kind);
}

int64_t modes_cents(const struct modes *s, const char *kind)
{
    const uint32_t number = build_fact_kind(kind);
    int64_t sum = 0;

    for (size_t i = 0; i < s->facts.count; i++)
        if (omo_fact_kind(&s->facts.fact[i]) == number)
            sum += s->facts.fact[i].amount;
    return sum;
}
