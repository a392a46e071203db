/* The table of channel kinds, made from channel.def.
 *
 * A kind is a touch point; a scenario may run several instances of one, each with its own mode, fee,
 * radius and promise. Names are looked up once, when a model is built.
 */
#include "demand/channel.h"

#define CHANNEL(name) extern const struct channel_kind channel_##name;
#include "demand/channel.def"
#undef CHANNEL

const struct channel_kind *const channel_registry[] = {
#define CHANNEL(name) &channel_##name,
#include "demand/channel.def"
#undef CHANNEL
};

const uint32_t channel_registry_count = sizeof(channel_registry) / sizeof(channel_registry[0]);

const struct channel_kind *channel_find(const char *name)
{
    OMO_ASSERT(name != NULL);

    for (uint32_t i = 0; i < channel_registry_count; i++)
        if (strcmp(channel_registry[i]->name, name) == 0)
            return channel_registry[i];
    return NULL;
}

void channel_set_steps(omo_channel_options *options, const char *const *names)
{
    options->step_count = 0;
    for (uint32_t i = 0; names[i] != NULL; i++) {
        OMO_ASSERT(i < OMO_STEPS_MAX);
        OMO_ASSERT(strlen(names[i]) < OMO_STEP_NAME_SIZE);
        omo_touch_step *step = &options->step[options->step_count++];
        *step = (omo_touch_step){.abandon_ppm = 0};
        memcpy(step->name, names[i], strlen(names[i]));
    }
}

uint32_t channel_mode_find(const struct channel_kind *kind, const char *name)
{
    for (uint32_t i = 0; kind->modes[i] != NULL; i++)
        if (name == NULL || strcmp(kind->modes[i], name) == 0)
            return mode_find(kind->modes[i]);
    return OMO_NONE;
}
