/* A model under construction: growing lists of what was added. Turned into the sealed arrays by
 * model_seal.c. */
#ifndef OMO_EXPERIMENT_DRAFT_H
#define OMO_EXPERIMENT_DRAFT_H

#include "flow/model.h"

/* A call of the builder returns OMO_EINVAL with the text unless the condition holds. */
#define DRAFT_CHECK(condition, ...)                                                                \
    do {                                                                                           \
        if (!(condition))                                                                          \
            return core_error(ret_error, OMO_EINVAL, __VA_ARGS__);                                 \
    } while (0)
/* The model is open for adding, and the options are of the size that we know. */
#define DRAFT_OPEN(model, options)                                                                 \
    DRAFT_CHECK((model) != NULL && (options) != NULL && !(model)->sealed,                          \
                "the model is sealed or missing");                                                 \
    DRAFT_CHECK((options)->size == sizeof(*(options)),                                             \
                "options of an unknown size: use the ..._defaults() call")

static inline omo_status draft_memory(omo_error *ret_error)
{
    return core_error(ret_error, OMO_ENOMEM, "no memory for the model");
}

struct draft_list {
    void *item;
    uint32_t count, capacity;
};

struct draft_place {
    struct place place;
    struct station_spec station[OMO_ROLE_COUNT];
    struct parcel_point parcels; /* as place.parcels says */
    size_t id;
};

struct draft_sku {
    omo_sku_options options; /* without the id */
    size_t id;
};

struct draft_assortment {
    uint32_t *sku;
    uint32_t count;
};

struct draft_zone {
    struct zone zone;
    size_t id;
};

struct draft_segment {
    omo_segment_options options;
    size_t id;
    double utility[OMO_CHANNELS_MAX];
    bool offered[OMO_CHANNELS_MAX];
};

struct draft_channel {
    struct channel channel;
    size_t id;
};

struct draft_promotion {
    struct promotion promotion;
    size_t id;
};

struct model_draft {
    struct draft_list places, skus, assortments, lanes, zones, segments, channels, promotions;
    struct draft_list stations, sources, routes; /* of a queueing network, as in struct queueing */
    struct draft_list text;                      /* all ids, terminated; lists keep offsets */
    struct arena arena;                          /* what options of stations and sources point to */
    /* The network so far, for the kernel's checks; NULL: to be made anew. */
    omo_kernel *kernel;
};

/* Appends an element of `size` bytes. Returns its index, or OMO_NONE when memory is short. */
uint32_t draft_add(struct draft_list *list, const void *item, size_t size);
/* Keeps a copy of a text; SIZE_MAX when memory is short. */
size_t draft_text(struct model_draft *d, const char *text);
/* Checks a law and gives it a copy, in the model's memory, of the table that it borrows. */
omo_status draft_keep_law(struct arena *tables, omo_law *law, omo_error *ret_error);
/* Checks what a segment says about its choices and reactions, and keeps its laws (draft_choice.c);
 * what a channel with that mode says about places and slots. */
omo_status draft_check_choice(struct arena *tables, omo_segment_options *options, const char *id,
                              omo_error *ret_error);
omo_status draft_check_slots(const omo_channel_options *options, const struct mode_kind *mode,
                             const char *id, omo_error *ret_error);
/* model_place.c: what a place's stations and parcels are made of. */
omo_status draft_stations(struct arena *tables, const omo_place_options *options, const char *id,
                          struct station_spec ret_station[OMO_ROLE_COUNT], omo_error *ret_error);
omo_status draft_parcels(struct arena *tables, const omo_place_options *options, const char *id,
                         struct parcel_point *ret_parcels, omo_error *ret_error);
/* Checks how a channel's goods are collected and brought, and keeps the laws. */
omo_status draft_collection(struct arena *tables, const char *id, const struct mode_kind *mode,
                            omo_channel_options *options, omo_error *ret_error);
void draft_free(struct model_draft *d);
/* The lists of stations, routes and sources as a network. Borrows them. */
struct queueing draft_queueing(const struct model_draft *d);

#endif
