/* The KPI columns of a model. Of a chain: every KPI that has a value for chains, then each
 * per-channel one for every channel, as NAME.CHANNEL. Of a queueing network: each KPI for each of
 * its subjects, as NAME.STATION, NAME.STATION.SOURCE and NAME.SOURCE. */
#include <omosim/world.h>

#include "experiment/seal.h"
#include "flow/world.h"
#include "measure/kpi.h"

/* Columns counted in a first pass, made in a second, when `column` is there. */
struct seal_columns {
    struct kpi_column *column;
    char *name; /* next free byte */
    uint32_t count;
    size_t name_size;
};

/* Adds a column called KPI.PART, or KPI when the part is NULL. */
static void seal_kpis_add(struct seal_columns *c, uint32_t kpi, uint32_t channel, uint32_t subject,
                          const char *part)
{
    const char *name = kpi_registry[kpi]->name;
    size_t first = strlen(name), second = part != NULL ? strlen(part) : 0;

    if (c->column != NULL) {
        struct kpi_column column = {kpi, channel, subject, part != NULL ? c->name : name};
        c->column[c->count] = column;
    }
    if (c->column != NULL && part != NULL) {
        memcpy(c->name, name, first);
        c->name[first] = '.';
        memcpy(c->name + first + 1, part, second + 1);
        c->name += first + second + 2;
    }
    c->count++;
    c->name_size += part != NULL ? first + second + 2 : 0;
}

static void seal_kpis_chain(const omo_model *m, struct seal_columns *c)
{
    for (uint32_t i = 0; i < kpi_registry_count; i++)
        if (kpi_registry[i]->value != NULL)
            seal_kpis_add(c, i, TALLY_ALL, OMO_NONE, NULL);
    for (uint32_t i = 0; i < kpi_registry_count; i++)
        for (uint32_t j = 0; kpi_registry[i]->per_channel && j < m->demand.channel_count; j++)
            seal_kpis_add(c, i, j, OMO_NONE, m->demand.channel[j].options.id);
}

static void seal_kpis_network(const omo_model *m, struct seal_columns *c)
{
    const struct queueing *q = &m->queueing;

    for (uint32_t i = 0; i < kpi_registry_count; i++)
        for (uint32_t j = 0; j < q->subject_count; j++) {
            const struct queueing_subject *s = &q->subject[j];
            uint32_t kind = s->source == OMO_NONE    ? KPI_OF_STATION
                            : s->station == OMO_NONE ? KPI_OF_SOURCE
                                                     : KPI_OF_CLASS;
            if ((kpi_registry[i]->subjects & kind) != 0)
                seal_kpis_add(c, i, TALLY_ALL, j, s->name);
        }
}

bool seal_kpis(omo_model *m)
{
    void (*add)(const omo_model *, struct seal_columns *) =
        m->queueing.station_count != 0 ? seal_kpis_network : seal_kpis_chain;
    struct seal_columns counted = {0}, made = {0};

    add(m, &counted);
    made.column = arena_take(&m->arena, counted.count, sizeof(made.column[0]));
    made.name = arena_take(&m->arena, counted.name_size, 1);
    if (made.column == NULL || made.name == NULL)
        return false;
    m->kpi_column = made.column;
    m->kpi_column_count = counted.count;
    add(m, &made);
    return true;
}

uint32_t omo_model_kpi_count(const omo_model *model) { return model->kpi_column_count; }

const char *omo_model_kpi_name(const omo_model *model, uint32_t i, uint32_t *ret_kpi,
                               uint32_t *ret_channel)
{
    if (i >= model->kpi_column_count)
        return NULL;
    if (ret_kpi != NULL)
        *ret_kpi = model->kpi_column[i].kpi;
    if (ret_channel != NULL)
        *ret_channel = model->kpi_column[i].channel;
    return model->kpi_column[i].name;
}

void omo_model_kpi_subject(const omo_model *model, uint32_t i, uint32_t *ret_station,
                           uint32_t *ret_source)
{
    uint32_t subject = i < model->kpi_column_count ? model->kpi_column[i].subject : OMO_NONE;

    *ret_station = subject != OMO_NONE ? model->queueing.subject[subject].station : OMO_NONE;
    *ret_source = subject != OMO_NONE ? model->queueing.subject[subject].source : OMO_NONE;
}

double omo_world_kpi(const omo_world *world, uint32_t i)
{
    OMO_ASSERT(i < world->model->kpi_column_count);
    const struct kpi_column *column = &world->model->kpi_column[i];
    const struct kpi *kpi = kpi_registry[column->kpi];
    return column->subject != OMO_NONE ? queueing_kpi(world, kpi, column->subject)
                                       : kpi->value(&world->tally, column->channel);
}
