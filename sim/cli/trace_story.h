/* From events and facts to the picture of a run: orders with their steps, servers with their work,
 * levels of stations, written through trace_chrome.h as they end.
 *
 * It has to see every moment from the beginning of the run, also those before the traced window, to
 * know what is under way when the window opens. One trace, one thread. */
#ifndef CLI_TRACE_STORY_H
#define CLI_TRACE_STORY_H

#include "cli/trace_chrome.h"
#include "cli/trace_moment.h"

typedef struct trace_story TraceStory;

/* Borrows all. Caller frees. */
TraceStory *trace_story_new(const struct trace_source *source, TraceChrome *chrome,
                            int64_t from_us);
void trace_story_free(TraceStory *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceStory, trace_story_free)

void trace_story_add(TraceStory *story, const struct trace_moment *moment);
/* Ends all that is still under way. */
void trace_story_finish(TraceStory *story, int64_t until_us);
/* Orders whose end has not been seen. */
uint32_t trace_story_open_count(const TraceStory *story);

#endif
