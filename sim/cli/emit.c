/* JSON on standard output.
 *
 * The text is made whole before the first byte is written. That costs memory for a result of at
 * most some megabytes and spares a second kind of output error beside the one that main() looks
 * for.
 */
#include "cli/emit.h"
#include "shell/json.h"

#include <stdio.h>

void emit_json(json_t *json)
{
    GString *text = g_string_new(NULL);

    json_write_text(json, TRUE, text);
    json_decref(json);
    fwrite(text->str, 1, text->len, stdout);
    g_string_free(text, TRUE);
}

void emit_days(const Scenario *scenario)
{
    const double warm_up = scenario_warm_up_days(scenario);

    printf("%.6g days", scenario_days(scenario) - warm_up);
    if (warm_up > 0.0)
        printf(" after %.6g of warm-up", warm_up);
}
