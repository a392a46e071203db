/* `members`: starts from the library's defaults and changes what was written. What the values mean
 * together, and against the population, the library checks.
 */
#include "scenario/build.h"

static void build_members_share(struct schema_value mapping, const char *name, uint32_t *share_ppm)
{
    if (schema_has(mapping, name))
        *share_ppm = (uint32_t)schema_get_share_ppm(mapping, name);
}

static void build_members_number(struct schema_value mapping, const char *name, double *number)
{
    if (schema_has(mapping, name))
        *number = schema_get_number(mapping, name);
}

static void build_members_duration(struct schema_value mapping, const char *name, int64_t *us)
{
    if (schema_has(mapping, name))
        *us = schema_get_duration_us(mapping, name);
}

static void build_members_ids(struct build *b, struct schema_value members,
                              omo_member_options *options)
{
    struct schema_value ids = schema_get(members, "ids"),
                        recognition = schema_get(members, "recognition"),
                        joins = schema_get(members, "register"),
                        channels = schema_get(joins, "channels");

    build_members_share(ids, "till", &options->id_ppm[OMO_ID_TILL]);
    build_members_share(ids, "own", &options->id_ppm[OMO_ID_OWN]);
    build_members_share(ids, "platform", &options->id_ppm[OMO_ID_PLATFORM]);
    build_members_share(members, "linked", &options->linked_ppm);
    build_members_share(members, "consent", &options->consent_ppm);
    build_members_share(members, "bind", &options->bind_ppm);
    if (schema_is_present(recognition))
        for (uint32_t i = 0; i < OMO_RECOGNISED_COUNT; i++)
            options->recognition_ppm[i] = 0;
    build_members_share(recognition, "barcode", &options->recognition_ppm[OMO_RECOGNISED_BARCODE]);
    build_members_share(recognition, "phone", &options->recognition_ppm[OMO_RECOGNISED_PHONE]);
    build_members_share(recognition, "binding", &options->recognition_ppm[OMO_RECOGNISED_BINDING]);
    for (uint32_t i = 0; i < OMO_CHANNELS_MAX; i++)
        build_members_share(joins, "all", &options->register_ppm[i]);
    for (uint32_t i = 0; i < schema_count(channels); i++) {
        struct schema_value share = schema_item(channels, i);
        int64_t found =
            build_channel_find(b, schema_item_name(channels, i), schema_position(share));
        if (found < 0)
            continue;
        uint32_t channel = g_array_index(b->channels, struct build_channel, found).channel.index;
        if (channel < OMO_CHANNELS_MAX)
            options->register_ppm[channel] = (uint32_t)schema_as_share_ppm(share);
    }
}

static void build_members_lives(struct build *b, struct schema_value members,
                                omo_member_options *options)
{
    struct schema_value growth = schema_get(members, "growth"),
                        lifetime = schema_get(members, "lifetime"),
                        retention = schema_get(members, "retention");

    build_members_share(growth, "start", &options->start_ppm);
    build_members_number(growth, "p", &options->growth_p);
    build_members_number(growth, "q", &options->growth_q);
    build_members_duration(growth, "per", &options->growth_unit_us);
    options->growth_step_us = MAX(1, options->growth_unit_us / 100);
    build_members_duration(growth, "step", &options->growth_step_us);
    build_members_number(lifetime, "r", &options->lifetime_r);
    if (schema_has(lifetime, "alpha"))
        options->lifetime_alpha_us = (double)schema_get_duration_us(lifetime, "alpha");
    build_members_number(lifetime, "a", &options->lifetime_a);
    build_members_number(lifetime, "b", &options->lifetime_b);
    if (schema_has(lifetime, "a") != schema_has(lifetime, "b"))
        diagnostic_add(b->list, schema_position(lifetime),
                       "a and b are the two parameters of one law: give both or none");
    build_members_share(retention, "stay", &options->retention_ppm);
    build_members_duration(retention, "per", &options->retention_period_us);
    build_members_share(retention, "discount", &options->discount_ppm);
}

static void build_members_points(struct build *b, struct schema_value points,
                                 omo_member_options *options)
{
    build_members_number(points, "earn", &options->points_earn);
    if (schema_has(points, "value")) {
        double microcents = schema_get_number(points, "value") * 1e8;
        options->point_microcents = (int64_t)(microcents + 0.5);
        if (options->point_microcents == 0 && microcents > 0)
            diagnostic_add(b->list, schema_position(schema_get(points, "value")),
                           "a point must be worth at least 0.00000001, or nothing");
    }
    build_members_share(points, "spend", &options->points_spend_ppm);
    build_members_share(points, "cover", &options->points_cover_ppm);
    build_members_duration(points, "expiry", &options->points_expiry_us);
    options->points_at_payment =
        schema_is_present(points) && schema_get_enum(points, "earned_at") == 1;
}

void build_members(struct build *b)
{
    struct schema_value members = schema_get(b->top, "members");
    omo_member_options options = omo_member_defaults();
    omo_error error = {0};
    guint before = b->list->len;

    if (!schema_is_present(members))
        return;
    build_members_ids(b, members, &options);
    build_members_lives(b, members, &options);
    build_members_points(b, schema_get(members, "points"), &options);
    if (b->list->len == before && omo_model_set_members(b->model, &options, &error) != OMO_OK)
        build_refused(b, schema_position(members), &error);
    build_remember(b, "members", schema_position(members));
}
