/* What comes back from customers, and how right the record of stock is: two rules of a model that are
 * off until they are set, before sealing.
 */
#ifndef OMOSIM_RETURNS_H
#define OMOSIM_RETURNS_H

#include <omosim/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- returns --------------------------------------------------------------------------------- */

typedef enum omo_return_to {
    OMO_RETURN_TO_ORIGIN,   /* the place that handed it over; if that takes none back, as ANY */
    OMO_RETURN_TO_ANY,      /* the nearest shop that accepts returns */
    OMO_RETURN_TO_WAREHOUSE /* by parcel, to the nearest warehouse that accepts returns */
} omo_return_to;

/* What becomes of goods that customers do not keep. Where inventory or orders are siloed, goods
 * bought online go back to a warehouse whatever `to` says. */
typedef struct omo_returns_options {
    size_t size;
    omo_return_to to;
    omo_law delay;   /* from hand-over until the customer brings or posts the goods */
    omo_law travel;  /* of a parcel: to the warehouse, or on to a place that stocks the product */
    omo_law inspect; /* from arrival until the goods have been looked at and are refunded */
    uint32_t restock_ppm;   /* of the units, those that can be sold again; perishables never */
    int64_t handling_cents; /* cost per return: the units of one line that come back together */
    int64_t parcel_cents;   /* cost per parcel */
} omo_returns_options;

OMO_API omo_returns_options omo_returns_defaults(void);
/* Without this call nothing sold ever comes back. */
OMO_API omo_status omo_model_set_returns(omo_model *model, const omo_returns_options *options,
                                         omo_error *ret_error);
/* Whether goods come back: omo_model_set_returns() was called. */
OMO_API bool omo_model_has_returns(const omo_model *model);

/* ---- the record of stock --------------------------------------------------------------------- */

typedef enum omo_shrink_by { OMO_SHRINK_BY_STOCK, OMO_SHRINK_BY_POPULARITY } omo_shrink_by;

/* What makes the record of stock wrong, and what puts it right. Walk-ins meet the shelf; online
 * channels, reviews and pickers' lists go by the record. */
typedef struct omo_accuracy_options {
    size_t size;
    double shrink_units;       /* units that vanish from a place in a day (Poisson) */
    uint32_t shrink_share_ppm; /* besides: of a place's units, those that vanish in a week */
    omo_shrink_by shrink_by;   /* where: any unit alike, or by the products' popularity */
    uint32_t scan_error_ppm;   /* of the units sold or picked, those taken for another product */
    int64_t count_every_us;    /* each position is counted once in this time; 0 = never */
    int64_t count_at_us;       /* time of the first count */
    bool count_suspects; /* only those on record of which nothing was sold since the last turn */
    int64_t count_cents; /* cost of counting a position */
    uint32_t sensor_share_ppm; /* places with shelves that see what is on them (smart shelves) */
    int64_t sensor_cents;      /* cost of these per place and day */
} omo_accuracy_options;

OMO_API omo_accuracy_options omo_accuracy_defaults(void);
/* Without this call the record of stock is always right. */
OMO_API omo_status omo_model_set_accuracy(omo_model *model, const omo_accuracy_options *options,
                                          omo_error *ret_error);

#ifdef __cplusplus
}
#endif
#endif
