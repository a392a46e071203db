/* An API map held against an OpenAPI 3 document (https://spec.openapis.org/oas/v3.1.0). */
#ifndef TRAFFIC_API_OPENAPI_H
#define TRAFFIC_API_OPENAPI_H

#include "traffic/api_private.h"

/* Adds a finding for each request of the map that the document does not know: path, method, query
 * parameters, properties of the body, statuses. FALSE with an error when the document itself cannot
 * be read. */
gboolean api_openapi_check(struct api_reader *r, const char *path, GError **ret_error);

/* ---- inside ---------------------------------------------------------------------------------- */

struct openapi {
    struct api_reader *reader;
    const Node *root;
    const char *name; /* of the document, for messages */
};

/* What a node stands for: itself, or what its $ref leads to. NULL after a finding. */
const Node *openapi_resolve(const struct openapi *o, const Node *node);
/* Value of a key, resolved; NULL when there is none. */
const Node *openapi_get(const struct openapi *o, const Node *node, const char *key);

/* Holds a body against a media type's schema. */
void openapi_check_body(const struct openapi *o, const struct api_rules *rules,
                        const struct api_request *request, const Node *schema);

#endif
