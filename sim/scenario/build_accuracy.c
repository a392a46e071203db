/* `accuracy`: what makes the record of stock wrong, and what puts it right. */
#include "scenario/build.h"

#include <omosim/returns.h>

static void build_accuracy_count(struct schema_value count, omo_accuracy_options *options)
{
    if (!schema_is_present(count))
        return;
    options->count_every_us = schema_get_duration_us(count, "every");
    options->count_at_us = schema_get_duration_us(count, "at");
    options->count_suspects = schema_get_enum(count, "only") == 1;
    options->count_cents = schema_get_money_cents(count, "cost");
}

void build_accuracy(struct build *b)
{
    struct schema_value accuracy = schema_get(b->top, "accuracy");
    omo_accuracy_options o = omo_accuracy_defaults();
    omo_error error = {0};

    if (!schema_is_present(accuracy))
        return;
    if (schema_has(accuracy, "shrink"))
        o.shrink_units = schema_get_rate(accuracy, "shrink", OMO_US_PER_DAY);
    if (schema_has(accuracy, "shrink_share"))
        o.shrink_share_ppm = (uint32_t)schema_get_share_ppm(accuracy, "shrink_share");
    o.shrink_by = (omo_shrink_by)schema_get_enum(accuracy, "shrink_by");
    if (schema_has(accuracy, "scan_error"))
        o.scan_error_ppm = (uint32_t)schema_get_share_ppm(accuracy, "scan_error");
    build_accuracy_count(schema_get(accuracy, "count"), &o);
    if (schema_has(accuracy, "sensors"))
        o.sensor_share_ppm = (uint32_t)schema_get_share_ppm(accuracy, "sensors");
    if (schema_has(accuracy, "sensor_cost"))
        o.sensor_cents = schema_get_money_cents(accuracy, "sensor_cost");
    if (omo_model_set_accuracy(b->model, &o, &error) != OMO_OK)
        build_refused(b, schema_position(accuracy), &error);
}
