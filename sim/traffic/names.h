/* Tables of names in the making: texts get numbers in the order in which they are met, as the lists
 * of a plan need them. One thread at a time. */
#ifndef TRAFFIC_NAMES_H
#define TRAFFIC_NAMES_H

#include <glib.h>
#include <stdint.h>

#define NAMES_FULL UINT32_MAX

typedef struct names Names;

/* Numbers from 0 to `count_max` - 1. Caller frees. */
Names *names_new(uint32_t count_max);
void names_free(Names *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Names, names_free)

/* Number of a text, given now if it has none; NAMES_FULL when all are taken. Copies. */
uint32_t names_add(Names *names, const char *text);
uint32_t names_count(const Names *names);
/* The texts by number, NULL-terminated. Borrowed until the next names_add(). */
const char *const *names_list(const Names *names);

#endif
