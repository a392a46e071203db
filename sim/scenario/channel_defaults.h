/* What a channel is when a scenario says nothing, key by key, as a user would write it. */
#ifndef SCENARIO_CHANNEL_DEFAULTS_H
#define SCENARIO_CHANNEL_DEFAULTS_H

#include <omosim/model.h>

/* What options say under a key of `channels.NAME` ("fee", "group.size"); NULL: nothing, or no such
 * key. Caller frees with g_free(). */
char *channel_default_text(const omo_channel_options *options, const char *key);

#endif
