/* omosim check, for API maps. */
#ifndef CLI_CHECK_API_H
#define CLI_CHECK_API_H

#include "cli/command.h"

#include <stdbool.h>

/* Whether a file is meant as an API map: it can be read and has the top-level key `api`. */
bool check_api_is_map(const char *path);
/* Reads it, against the OpenAPI document if one is given (NULL: the one that the map names, if any),
 * with tables of a file (NULL: the map's own), and prints its requests and which books it reads. */
enum command_status check_api(const char *path, const char *openapi, const char *tables,
                              gboolean json, GError **ret_error);

#endif
