/* The traits of a sealed model that a saved world of it depends on (base/traits.h).
 *
 * All of them together say which places, goods, customers, stations and measures the state speaks
 * of; what a policy decides is in none. include/omosim/checkpoint.h lists both sides.
 */
#ifndef OMO_FLOW_LIKENESS_H
#define OMO_FLOW_LIKENESS_H

#include "base/traits.h"
#include "flow/model.h"

void likeness_of(const omo_model *m, struct traits *ret_traits);

#endif
