/* omosim list channels KIND: what one kind of channel is. */
#ifndef CLI_LIST_CHANNEL_H
#define CLI_LIST_CHANNEL_H

#include <glib.h>

/* Prints the kind's modes, and its parameters with units, defaults and meaning. */
gboolean list_channel(const char *kind, gboolean json, GError **ret_error);

#endif
