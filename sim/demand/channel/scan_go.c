/* scan_go: scan & go: the QR code on the shelf, paid on the phone (C79).
 *
 * The customer stands in the shop, scans what is wanted and pays on the phone; staff pack it behind
 * the counter and hand it over some minutes later. There is no till and no queue before one: what
 * takes time is the picker. Sold is what the shop's own shelf holds, seen as it is, in every setting
 * of the integration dial. The customer waits, so the goods are collected half a minute after they
 * are ready.
 */
#include "demand/channel.h"

static const char *const steps[] = {"scan", "cart", "pay", NULL};

static void defaults(omo_channel_options *options)
{
    channel_set_steps(options, steps);
    options->promise_us = 10 * OMO_US_PER_MINUTE;
    options->collect = (omo_law){.kind = OMO_LAW_CONSTANT, .a = 30.0 * (double)OMO_US_PER_SECOND};
    options->cost_order_cents = 0;
    options->cost_line_cents = 0;
}

const struct channel_kind channel_scan_go = {
    .name = "scan_go",
    .help = "in a store: scans the shelf's QR code, pays on the phone, fetches the goods when they "
            "are packed; no till",
    .online = true,
    .in_shop = true,
    .shelf = true,
    .modes = {"pickup"},
    .defaults = defaults,
};
