/* A request, filled in: the map's templates over the values of a step.
 *
 * Texts that no value touches are handed out where the map keeps them; only templates with values
 * go through the scratch memory. A message without any is constant, and its sender may keep what it
 * made of it.
 */
#include "traffic/api_private.h"

#include <string.h>

enum api_render api_render(const ApiMap *map, uint32_t request, const struct api_values *values,
                           char *scratch, size_t scratch_size, struct api_message *ret_message)
{
    if (g_array_index(map->rules, struct api_rules, request).recorded)
        return api_recorded_render(values, ret_message);
    return api_render_by(api_request(map, request), values,
                         (struct api_room){scratch, scratch + scratch_size}, ret_message);
}

enum api_render api_render_by(const struct api_request *compiled, const struct api_values *values,
                              struct api_room room, struct api_message *ret_message)
{
    struct api_message *m = ret_message;

    m->method = (struct api_text){compiled->method, compiled->method_size};
    m->head_only = compiled->head_only;
    m->idempotent = compiled->idempotent;
    m->constant = compiled->path->constant;
    m->whole_path = false;
    m->header_count = 0;
    enum api_render result = api_template_render(compiled->path, values, &room, &m->path);
    if (result != API_RENDERED)
        return result;
    for (uint32_t i = 0; i < compiled->header_count; i++) {
        const struct api_header *header = &compiled->headers[i];
        struct api_pair *pair = &m->header[m->header_count];
        m->constant &= header->value->constant;
        char *before = room.at;
        result = api_template_render(header->value, values, &room, &pair->value);
        if (result == API_MISSING_VALUE && header->value->optional) {
            room.at = before;
            continue;
        }
        if (result != API_RENDERED)
            return result;
        pair->name = header->name;
        m->header_count++;
    }
    m->body = (struct api_text){NULL, 0};
    if (compiled->body == NULL)
        return API_RENDERED;
    m->constant &= compiled->body->constant;
    return api_template_render(compiled->body, values, &room, &m->body);
}
