/* Which option a key of a channel sets, and how its value is written.
 *
 * The library has the defaults (omo_channel_defaults()); this says where each key finds its own, so
 * that `omosim list channels KIND` shows what the kind really does.
 */
#include "scenario/channel_defaults.h"

#include "shell/law_text.h"
#include "shell/units.h"

#include <glib.h>
#include <string.h>

enum channel_value {
    CHANNEL_BOOL,
    CHANNEL_KM,
    CHANNEL_KMH,
    CHANNEL_TIME,
    CHANNEL_CLOCK,
    CHANNEL_MONEY,
    CHANNEL_SHARE,
    CHANNEL_WHOLE,
    CHANNEL_UNITS, /* int32, or derived */
    CHANNEL_SCOPE,
    CHANNEL_TIME_LAW,
    CHANNEL_COUNT_LAW
};

static const struct {
    const char *key;
    size_t at;
    enum channel_value value;
} channel_keys[] = {
#define KEY(key, member, value)                                                                    \
    {                                                                                              \
        key, offsetof(omo_channel_options, member), CHANNEL_##value                                \
    }
    KEY("enabled", enabled, BOOL),
    KEY("radius", radius_km, KM),
    KEY("promise", promise_us, TIME),
    KEY("travel", travel, TIME_LAW),
    KEY("speed", speed_kmh, KMH),
    KEY("collect", collect, TIME_LAW),
    KEY("fee", fee_cents, MONEY),
    KEY("free_above", free_above_cents, MONEY),
    KEY("commission", commission_ppm, SHARE),
    KEY("cost_order", cost_order_cents, MONEY),
    KEY("cost_line", cost_line_cents, MONEY),
    KEY("cost_parcel", cost_parcel_cents, MONEY),
    KEY("cost_km", cost_km_cents, MONEY),
    KEY("opens", opens_us, CLOCK),
    KEY("closes", closes_us, CLOCK),
    KEY("down.every", down_every, TIME_LAW),
    KEY("down.for", down_for, TIME_LAW),
    KEY("visit_cost", visit_cost_cents, MONEY),
    KEY("acquisition", acquisition_cents, MONEY),
    KEY("acquisition_growth", acquisition_growth_ppm, SHARE),
    KEY("agent_cost", agent_cost_cents, MONEY),
    KEY("guide_share", guide_share_ppm, SHARE),
    KEY("share.buyers", share_ppm, SHARE),
    KEY("share.friends", friends, COUNT_LAW),
    KEY("share.come", come_ppm, SHARE),
    KEY("share.after", come_after, TIME_LAW),
    KEY("share.generations", generations, WHOLE),
    KEY("group.size", group_size, WHOLE),
    KEY("group.within", group_within_us, TIME),
    KEY("group.of", group_scope, SCOPE),
    KEY("renewal.subscribe", subscribe_ppm, SHARE),
    KEY("renewal.every", period_us, TIME),
    KEY("renewal.skip", skip_ppm, SHARE),
    KEY("renewal.cancel", cancel_ppm, SHARE),
    KEY("places", place_count, WHOLE),
    KEY("hold", pickup_hold_us, TIME),
    KEY("no_show", no_show_ppm, SHARE),
    KEY("verify", verify, TIME_LAW),
    KEY("priority", priority, WHOLE),
    KEY("cutoff", cutoff_us, CLOCK), /* negative: none */
    KEY("pay.time", pay_time, TIME_LAW),
    KEY("pay.fail", pay_fail_ppm, SHARE),
    KEY("pay.hold", hold_us, TIME),
    KEY("return_rate", return_rate_ppm, SHARE),
    KEY("buffer", buffer, UNITS),
    KEY("credit", credit_ppm, SHARE),
#undef KEY
};

static char *channel_value_text(const void *at, enum channel_value value)
{
    switch (value) {
    case CHANNEL_BOOL:
        return g_strdup(*(const bool *)at ? "yes" : "no");
    case CHANNEL_KM:
        return g_strdup_printf("%.12gkm", *(const double *)at);
    case CHANNEL_KMH:
        return g_strdup_printf("%.12gkm/h", *(const double *)at);
    case CHANNEL_TIME:
        return units_format_duration(*(const int64_t *)at);
    case CHANNEL_CLOCK:
        return *(const int64_t *)at < 0 ? NULL : units_format_time_of_day(*(const int64_t *)at);
    case CHANNEL_MONEY:
        return units_format_money(*(const int64_t *)at);
    case CHANNEL_SHARE:
        return units_format_share(*(const uint32_t *)at);
    case CHANNEL_WHOLE:
        return g_strdup_printf("%u", *(const uint32_t *)at);
    case CHANNEL_UNITS:
        return *(const int32_t *)at == OMO_DERIVED ? NULL
                                                   : g_strdup_printf("%d", *(const int32_t *)at);
    case CHANNEL_SCOPE:
        return g_strdup(*(const omo_group_scope *)at == OMO_GROUP_OF_ZONE ? "zone" : "chain");
    case CHANNEL_TIME_LAW:
        return law_text_format(at, LAW_TEXT_TIME);
    case CHANNEL_COUNT_LAW:
        return law_text_format(at, LAW_TEXT_COUNT);
    }
    return NULL;
}

/* "{log_in: 0%, browse: 0%}" */
static char *channel_steps_text(const omo_channel_options *o)
{
    GString *text = g_string_new("{");

    for (uint32_t i = 0; i < o->step_count; i++) {
        g_autofree char *share = units_format_share(o->step[i].abandon_ppm);
        g_string_append_printf(text, "%s%s: %s", i > 0 ? ", " : "", o->step[i].name, share);
    }
    g_string_append_c(text, '}');
    return g_string_free(text, FALSE);
}

char *channel_default_text(const omo_channel_options *options, const char *key)
{
    if (strcmp(key, "kind") == 0)
        return g_strdup(options->kind);
    if (strcmp(key, "mode") == 0)
        return g_strdup(options->mode);
    if (strcmp(key, "steps") == 0)
        return channel_steps_text(options);
    for (size_t i = 0; i < G_N_ELEMENTS(channel_keys); i++)
        if (strcmp(channel_keys[i].key, key) == 0)
            return channel_value_text((const char *)options + channel_keys[i].at,
                                      channel_keys[i].value);
    return NULL;
}
