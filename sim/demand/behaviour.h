/* Behaviour: the multinomial logit over channels, with "buy nothing" at utility 0 always an
 * option. */
#ifndef OMO_DEMAND_BEHAVIOUR_H
#define OMO_DEMAND_BEHAVIOUR_H

#include "demand/demand.h"

#define BEHAVIOUR_NOTHING UINT32_MAX

/* What a visitor knows of one channel before choosing. */
struct behaviour_option {
    uint32_t channel;
    bool open;           /* some place can serve it */
    int64_t distance_mm; /* that the customer travels */
    int64_t fee_cents;
    int64_t discount_cents;
    int64_t missing_cents; /* list value shown as sold out */
};

/* Utility of an option for a basket of basket_cents. Source: McFadden 1974; linear in its
 * attributes. */
double behaviour_utility(const struct segment *s, const struct channel *channel,
                         const struct behaviour_option *o, int64_t basket_cents);
/* Chooses among options by their utilities; returns the index of the option or
 * BEHAVIOUR_NOTHING. */
uint32_t behaviour_choose(const double *utility, const bool *open, uint32_t count,
                          struct draw_cursor *c);

#endif
