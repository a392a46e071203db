/* From a checked tree to a model: what the builders of the blocks share. Inside of sim/scenario.
 *
 * One struct build lives for one call of build_model(). Each builder reads its block, adds what it
 * finds wrong to `list` with the position of the node that is wrong, and goes on; later builders
 * tolerate what earlier ones could not add. Texts in here are borrowed from the tree or owned by
 * `texts`.
 */
#ifndef SCENARIO_BUILD_H
#define SCENARIO_BUILD_H

#include "scenario/tables.h"

struct build_place {
    omo_place_options options;
    const char
        *entry; /* name of the entry with a table or a generator that it came from, or NULL */
    struct text_position at;
    struct schema_value stations; /* its own overrides */
    uint32_t supplied_by;         /* number of the lane that supplies it, from 1; 0: none */
    omo_place place;
    bool added;
};

struct build_channel {
    const char *id;
    const char *kind;
    const char *mode; /* NULL: the kind's first one */
    bool enabled;
    omo_channel channel;
    bool added;
};

struct build {
    struct schema_value top;
    int64_t time_unit_us; /* meaning of bare numbers; 0: none */
    GPtrArray *list;
    omo_model *model;
    GStringChunk *texts;
    GHashTable *positions; /* id of anything to where it stands (struct text_position, owned) */
    bool plane;
    double torus_km;
    omo_sku *ranked; /* most popular first */
    uint32_t sku_count;
    GHashTable *assortments; /* number of products to index + 1 */
    GArray *places;          /* struct build_place */
    GHashTable *place_ids;   /* id to index + 1 */
    bool places_failed;      /* some are missing: a reference to one is no finding of its own */
    GArray *channels;        /* struct build_channel */
    GPtrArray *shifts;       /* GArray of omo_shift, of each calendar of servers */
};

/* build.c */

/* Checks a tree and builds its model, sealed or not (caller frees with omo_model_free()). NULL when
 * something was added to `list`. */
omo_model *build_model(const Node *root, bool seal, GPtrArray *list);
/* The meaning of bare numbers of time in a tree; a wrong one is added to `list`. */
int64_t build_time_unit_us(const Node *root, GPtrArray *list);
/* Adds the library's refusal. */
void build_refused(struct build *b, struct text_position at, const omo_error *error);
/* Notes where an id stands, so that a refusal at sealing can be placed. */
void build_remember(struct build *b, const char *id, struct text_position at);
/* "unlimited" or a number from 0; FALSE with a finding. */
bool build_read_servers(struct build *b, struct schema_value value, uint32_t *ret_servers);
/* Shares `total` out by weight: largest remainders, the first of equals first. The weights must not
 * all be 0. */
void build_share_out(uint64_t total, const double *weights, uint32_t count, uint32_t *ret_counts);
/* Position from lat and lon, or x and y on a plane; FALSE with a finding. */
bool build_read_position(struct build *b, struct schema_value value, double *ret_lat,
                         double *ret_lon);

/* build_run.c */

void build_run(struct build *b);
/* Horizon and warm-up of a checked tree; FALSE with a finding. */
bool build_run_span(struct schema_value top, GPtrArray *list, int64_t *ret_horizon_us,
                    int64_t *ret_warm_up_us);

/* build_station.c */

void build_station(struct build *b);

/* build_queueing.c */

void build_queueing(struct build *b);
/* Arrivals per day of all open sources together, of a checked tree; 0 when all are closed, NaN
 * when an interval is 0, which is a finding of its own. */
double build_queueing_rate(struct schema_value queueing);

/* build_skus.c */

void build_skus(struct build *b);
/* The assortment of the `count` most popular products (none for 0). */
bool build_skus_assortment(struct build *b, uint32_t count, struct text_position at,
                           omo_assortment *ret_assortment);

/* build_places.c */

void build_places(struct build *b);
/* Takes a place into the list; a second one of the same id is a finding. The id is copied. */
void build_places_take(struct build *b, const omo_place_options *options, const char *id,
                       struct schema_value entry, struct text_position at);
/* Makes `options` those of a kind of place, as the entry says. */
void build_places_kind(struct build *b, struct schema_value entry, omo_place_kind kind,
                       omo_place_options *options);
static inline struct build_place *build_place_at(const struct build *b, uint32_t i)
{
    return &g_array_index(b->places, struct build_place, i);
}

/* build_generate.c */

void build_generate(struct build *b, struct schema_value entry, const omo_place_options *options);
/* Moves a place to the next of an even pattern of points on the disc around where it is. `*cursor`
 * starts at 0. */
void build_generate_spread(const struct build *b, uint64_t *cursor, double radius_km,
                           omo_place_options *options);

/* build_lanes.c */

/* Places that a text means: an id, the name of an entry, or a kind. Returns their indices (caller
 * frees with g_array_unref()), or NULL with a finding (none when places_failed). */
GArray *build_lanes_resolve(struct build *b, struct text_position at, const char *text);
void build_lanes(struct build *b);

/* build_stations.c */

/* Sets the stations of all places in their options. */
void build_stations(struct build *b);

/* build_demand.c */

void build_channels(struct build *b);
void build_zones(struct build *b);
/* Index of a channel, or -1 with a finding. */
int64_t build_channel_find(struct build *b, const char *id, struct text_position at);

/* build_members.c */

void build_members(struct build *b);
/* build_choice.c */

/* Places and slots of a channel; what a segment chooses by and how it reacts. */
void build_channels_choice(struct schema_value channel, omo_channel_options *options);
void build_segments_choice(struct build *b, struct schema_value segment,
                           omo_segment_options *options);

/* build_segments.c */

void build_segments(struct build *b);

/* build_returns.c */

/* What a product without a return rate of its own starts from. */
uint32_t build_returns_rate_ppm(const struct build *b);
void build_returns(struct build *b);
/* build_integration.c */

void build_integration(struct build *b);

/* build_accuracy.c */

void build_accuracy(struct build *b);

/* build_policies.c */

void build_policies(struct build *b);

#endif
