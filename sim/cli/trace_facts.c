/* The table of facts that a trace draws. What is not in it still stands in the text of --watch.
 * Facts about single lines are left out where an order may have sixteen of them at one moment. */
#include "cli/trace_facts.h"

#include <omosim/model.h>
#include <omosim/registry.h>

#include <string.h>

static const struct {
    const char *name;
    struct trace_fact fact;
} table[] = {
    {"OPENED", {TRACE_MARK_OPENED, UINT32_MAX}},
    {"PLACED", {TRACE_MARK_PLACED, UINT32_MAX}},
    {"FAILED", {TRACE_MARK_FAILED, UINT32_MAX}},
    {"ROUTED", {TRACE_MARK_ROUTED, UINT32_MAX}},
    {"TILL_START", {TRACE_MARK_TILL_START, OMO_ROLE_TILL}},
    {"TILL_DONE", {TRACE_MARK_TILL_DONE, OMO_ROLE_TILL}},
    {"OVER_WAIT", {TRACE_MARK_NONE, OMO_ROLE_TILL}},
    {"OVER_SOJOURN", {TRACE_MARK_NONE, OMO_ROLE_TILL}},
    {"PICK_START", {TRACE_MARK_PICK_START, OMO_ROLE_PICKER}},
    {"PICKED", {TRACE_MARK_PICKED, OMO_ROLE_PICKER}},
    {"READY", {TRACE_MARK_READY, UINT32_MAX}},
    {"SHIPPED", {TRACE_MARK_SHIPPED, OMO_ROLE_COURIER}},
    {"TRIP", {TRACE_MARK_NONE, OMO_ROLE_COURIER}},
    {"DELIVERED", {TRACE_MARK_DELIVERED, OMO_ROLE_COURIER}},
    {"COLLECTED", {TRACE_MARK_COLLECTED, UINT32_MAX}},
    {"PICKUP_EXPIRED", {TRACE_MARK_EXPIRED, UINT32_MAX}},
    {"VERIFY_START", {TRACE_MARK_NONE, OMO_ROLE_COUNTER}},
    {"VERIFIED", {TRACE_MARK_NONE, OMO_ROLE_COUNTER}},
    {"CLOSED", {TRACE_MARK_CLOSED, UINT32_MAX}},
    {"LOST", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"SWITCHED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"OVERSOLD", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"REROUTED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"CANCELLED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"REFUNDED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"PENALTY", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"BACKORDERED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"FILLED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"PICK_NIL", {TRACE_MARK_NOTE, OMO_ROLE_PICKER}},
    {"RETURN_REQUESTED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"RETURNED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"RETURN_INSPECTED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"RESTOCKED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"RETURN_WASTED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"SPLIT", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"SHELF_WAIT", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"BOX_FULL", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"FETCHED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"NO_SHOW", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"SETTLED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"WAIVED", {TRACE_MARK_NOTE, UINT32_MAX}},
    {"REDEEMED", {TRACE_MARK_NOTE, UINT32_MAX}},
};

struct trace_fact *trace_facts_new(void)
{
    const uint32_t kinds = omo_registry_count(OMO_REGISTRY_FACT);
    struct trace_fact *facts = g_new(struct trace_fact, kinds);

    for (uint32_t kind = 0; kind < kinds; kind++) {
        facts[kind] = (struct trace_fact){TRACE_MARK_NONE, UINT32_MAX};
        for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
            if (strcmp(table[i].name, omo_registry_name(OMO_REGISTRY_FACT, kind)) == 0)
                facts[kind] = table[i].fact;
    }
    return facts;
}
