/* The JSON that a command leaves on standard output. */
#ifndef CLI_EMIT_H
#define CLI_EMIT_H

#include <jansson.h>

/* Writes `json` (taken) and a line end. Errors of the stream are found by main() at the end, like
 * those of printf(): they are reported once. */
void emit_json(json_t *json);

#endif
