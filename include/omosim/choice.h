/* Parts of a segment's options: what its customers choose by, and how they react. model.h includes
 * this.
 */
#ifndef OMOSIM_CHOICE_H
#define OMOSIM_CHOICE_H

#include <omosim/law.h>
#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OMO_NESTS_MAX 8         /* nests of a segment */
#define OMO_ALTERNATIVES_MAX 64 /* that a visit may choose from: channels x places x slots */

/* Channels that are more alike than others: nested logit. */
typedef struct omo_nest {
    uint32_t channel_mask; /* bit i = channel i; a channel is in at most one nest */
    double lambda;         /* above 0, at most 1: 1 = no more alike than all others */
} omo_nest;

/* Visits that only look and order elsewhere later. */
typedef struct omo_detour {
    uint32_t share_ppm;
    omo_law delay;         /* microseconds until the second visit */
    uint32_t channel_mask; /* that it chooses from: bit i = channel i; 0 = all that fit */
} omo_detour;

/* What customers of a shop do about lines that it lacks: shares of the visits that find one
 * missing, besides switch_ppm; the rest goes without. */
typedef struct omo_stockout {
    uint32_t substitute_ppm;    /* takes something like it from the shelf */
    uint32_t endless_aisle_ppm; /* orders it at the shop's screen, by parcel */
    uint32_t other_store_ppm;   /* goes to another shop for it */
    uint32_t backorder_ppm;     /* pays now and gets it when it comes in */
    omo_law travel;             /* microseconds to the other shop */
} omo_stockout;

#ifdef __cplusplus
}
#endif
#endif
