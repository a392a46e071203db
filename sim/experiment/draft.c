/* Lists that double. The only place of the library besides the makers of handles that uses the
 * heap; gone once the model is sealed. */
#define OMO_CORE_MAY_ALLOCATE
#include <stdlib.h>

#include "base/empirical.h"
#include "experiment/draft.h"

uint32_t draft_add(struct draft_list *list, const void *item, size_t size)
{
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        void *grown = capacity > list->capacity ? realloc(list->item, capacity * size) : NULL;
        if (grown == NULL)
            return OMO_NONE;
        list->item = grown;
        list->capacity = capacity;
    }
    memcpy((char *)list->item + list->count * size, item, size);
    return list->count++;
}

size_t draft_text(struct model_draft *d, const char *text)
{
    struct draft_list *t = &d->text;
    size_t size = strlen(text) + 1;

    while (t->capacity - t->count < size) {
        uint32_t capacity = t->capacity == 0 ? 4096 : t->capacity * 2;
        void *grown = capacity > t->capacity ? realloc(t->item, capacity) : NULL;
        if (grown == NULL)
            return SIZE_MAX;
        t->item = grown;
        t->capacity = capacity;
    }
    size_t at = t->count;
    memcpy((char *)t->item + at, text, size);
    t->count += (uint32_t)size;
    return at;
}

struct queueing draft_queueing(const struct model_draft *d)
{
    return (struct queueing){
        .station = d->stations.item,
        .station_count = d->stations.count,
        .source = d->sources.item,
        .source_count = d->sources.count,
        .route = d->routes.item,
        .route_count = d->routes.count,
    };
}

omo_status draft_keep_law(struct arena *tables, omo_law *law, omo_error *ret_error)
{
    if (omo_law_check(law, ret_error) != OMO_OK)
        return OMO_EINVAL;
    if (law->kind != OMO_LAW_EMPIRICAL)
        return OMO_OK;
    size_t size = empirical_size(law->table);
    void *copy = arena_take(tables, size, 1);
    if (copy == NULL)
        return core_error(ret_error, OMO_ENOMEM, "no memory for the model");
    memcpy(copy, law->table, size);
    law->table = copy;
    return OMO_OK;
}

void draft_free(struct model_draft *d)
{
    if (d == NULL)
        return;
    struct draft_assortment *assortment = d->assortments.item;
    for (uint32_t i = 0; i < d->assortments.count; i++)
        free(assortment[i].sku);
    struct draft_list *list[] = {&d->places,   &d->skus,     &d->assortments, &d->lanes,
                                 &d->zones,    &d->segments, &d->channels,    &d->promotions,
                                 &d->stations, &d->sources,  &d->routes,      &d->text};
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
        free(list[i]->item);
    arena_free(&d->arena);
    omo_kernel_free(d->kernel);
    free(d);
}
