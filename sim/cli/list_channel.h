/* omosim list channels [KIND]: what a kind of channel is, or all of them. */
#ifndef CLI_LIST_CHANNEL_H
#define CLI_LIST_CHANNEL_H

#include <glib.h>

/* Prints the kind's modes, and its parameters with units, defaults and meaning. */
gboolean list_channel(const char *kind, gboolean json, GError **ret_error);
/* The same of all kinds. */
void list_channel_all(gboolean json);

#endif
