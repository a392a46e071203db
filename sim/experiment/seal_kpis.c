/* The KPI columns of a model: every registered KPI, then each per-channel one for every channel,
 * as NAME.CHANNEL. */
#include <omosim/world.h>

#include "experiment/seal.h"
#include "flow/world.h"
#include "measure/kpi.h"

bool seal_kpis(omo_model *m)
{
    uint32_t channels = m->demand.channel_count, count = kpi_registry_count;
    size_t text = 0;

    for (uint32_t i = 0; i < kpi_registry_count; i++) {
        if (!kpi_registry[i]->per_channel)
            continue;
        count += channels;
        for (uint32_t c = 0; c < channels; c++)
            text += strlen(kpi_registry[i]->name) + strlen(m->demand.channel[c].options.id) + 2;
    }
    m->kpi_column = arena_take(&m->arena, count, sizeof(m->kpi_column[0]));
    char *name = arena_take(&m->arena, text, 1);
    if (m->kpi_column == NULL || name == NULL)
        return false;
    for (uint32_t i = 0; i < kpi_registry_count; i++)
        m->kpi_column[i] =
            (struct kpi_column){.kpi = i, .channel = TALLY_ALL, .name = kpi_registry[i]->name};
    uint32_t next = kpi_registry_count;
    for (uint32_t i = 0; i < kpi_registry_count; i++)
        for (uint32_t c = 0; kpi_registry[i]->per_channel && c < channels; c++) {
            m->kpi_column[next++] = (struct kpi_column){.kpi = i, .channel = c, .name = name};
            size_t length = strlen(kpi_registry[i]->name);
            memcpy(name, kpi_registry[i]->name, length);
            name[length] = '.';
            name += length + 1;
            length = strlen(m->demand.channel[c].options.id) + 1;
            memcpy(name, m->demand.channel[c].options.id, length);
            name += length;
        }
    m->kpi_column_count = count;
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

double omo_world_kpi(const omo_world *world, uint32_t i)
{
    OMO_ASSERT(i < world->model->kpi_column_count);
    const struct kpi_column *column = &world->model->kpi_column[i];
    return kpi_registry[column->kpi]->value(&world->tally, column->channel);
}
