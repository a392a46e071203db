/* Schema of the block `queueing`: sources and stations of a network of queues without goods.
 *
 * Where jobs go next is written as one station (`next: pack`) or as shares (`next: {pack: 80%}`);
 * no type of the tables is both, so those keys are read by build_queueing.c with messages of its
 * own. Keys without a default keep the library's.
 */
#include "scenario/tables.h"

static const char *const schema_disciplines[] = {"fifo",     "lifo",     "random",
                                                 "shortest", "priority", "priority_preemptive",
                                                 NULL};
static const char *const schema_fulls[] = {"turn_away", "block", NULL};
static const char *const schema_works[] = {"resume", "lost", NULL};
static const char *const schema_shift_ends[] = {"overtime", "hand_over", NULL};

/* ---- sources --------------------------------------------------------------------------------- */

static const struct schema_key schema_queueing_rate_keys[] = {
    {"from", SCHEMA_DURATION, .required = true, .help = "time of the period that it begins at"},
    {"rate", SCHEMA_RATE, .required = true, .help = "arrivals per time from then on"},
    SCHEMA_END,
};

static const struct schema_key schema_queueing_source_keys[] = {
    {"rate", SCHEMA_RATE, .above = "0/d",
     .help = "arrivals per time: a Poisson stream; with `hours` their mean"},
    {"hours", SCHEMA_LIST, .of = SCHEMA_NUMBER, .at_least = "0", .count_min = 24, .count_max = 24,
     .help = "relative rate of each hour of a day from midnight"},
    {"interval", SCHEMA_TIME_LAW, .help = "time between arrivals, in place of a rate"},
    {"rates", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = schema_queueing_rate_keys, .count_min = 1,
     .help = "a Poisson stream whose rate changes at times of a period"},
    {"period", SCHEMA_DURATION, .fallback = "24h", .above = "0", .help = "of `rates`"},
    {"population", SCHEMA_WHOLE, .at_least = "1", .at_most = "1000000",
     .help = "so many jobs that come back for ever, in place of arrivals"},
    {"to", SCHEMA_TEXT, .required = true, .help = "station that they come to first"},
    {"priority", SCHEMA_WHOLE, .fallback = "0", .at_least = "-2000000000", .at_most = "2000000000",
     .help = "of its jobs: the lowest number first"},
    {"skill", SCHEMA_TEXT, .help = "that its jobs need of a crew; default: any crew will do"},
    {"count", SCHEMA_WHOLE, .at_least = "1", .help = "arrivals in all; default: no limit"},
    {"from", SCHEMA_DURATION, .fallback = "0s", .help = "time that it opens at"},
    {"until", SCHEMA_DURATION, .above = "0", .help = "time that it closes at; default: never"},
    SCHEMA_END,
};

/* ---- stations -------------------------------------------------------------------------------- */

static const struct schema_key schema_queueing_balk_keys[] = {
    {"from", SCHEMA_WHOLE, .required = true, .at_least = "0", .at_most = "4000000000",
     .help = "with so many jobs waiting or more"},
    {"share", SCHEMA_SHARE, .required = true, .help = "so many arrivals turn away"},
    SCHEMA_END,
};

static const struct schema_key schema_queueing_batch_keys[] = {
    {"min", SCHEMA_WHOLE, .fallback = "1", .at_least = "1", .at_most = "1000000",
     .help = "a server waits for so many jobs"},
    {"max", SCHEMA_WHOLE, .at_least = "1", .at_most = "1000000",
     .help = "and takes so many at once; default: min"},
    {"wait", SCHEMA_DURATION, .above = "0",
     .help = "no longer than this after the first of them came; default: for ever"},
    SCHEMA_END,
};

static const struct schema_key schema_queueing_breakdown_keys[] = {
    {"up", SCHEMA_TIME_LAW, .required = true, .help = "time until a server breaks down"},
    {"down", SCHEMA_TIME_LAW, .required = true, .help = "time until it is mended"},
    {"work", SCHEMA_ENUM, .names = schema_works, .fallback = "resume",
     .help = "what becomes of the job in service"},
    SCHEMA_END,
};

static const struct schema_key schema_queueing_shift_keys[] = {
    {"from", SCHEMA_DURATION, .required = true, .help = "time of the period that it begins at"},
    {"servers", SCHEMA_WHOLE, .required = true, .at_least = "0", .at_most = "1000000",
     .help = "on duty from then on"},
    SCHEMA_END,
};

static const struct schema_key schema_queueing_shifts_keys[] = {
    {"period", SCHEMA_DURATION, .fallback = "24h", .above = "0", .help = "of the calendar"},
    {"at", SCHEMA_LIST, .required = true, .of = SCHEMA_MAPPING, .child = schema_queueing_shift_keys,
     .count_min = 1, .help = "shifts by time of the period, the first from 0"},
    {"end", SCHEMA_ENUM, .names = schema_shift_ends, .fallback = "overtime",
     .help = "what servers do who still serve at the end of their shift"},
    SCHEMA_END,
};

static const struct schema_key schema_queueing_crew_keys[] = {
    {"servers", SCHEMA_WHOLE, .required = true, .at_least = "1", .at_most = "1000000",
     .help = "how many are alike"},
    {"skills", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true,
     .help = "what they can do; default: every skill"},
    {"speed", SCHEMA_NUMBER, .fallback = "1", .above = "0", .help = "2: twice as fast"},
    SCHEMA_END,
};

static const struct schema_key schema_queueing_station_keys[] = {
    {"servers", SCHEMA_TEXT, .fallback = "1", .help = "a number, or unlimited"},
    {"service", SCHEMA_TIME_LAW, .help = "service time"},
    {"service_rate", SCHEMA_RATE, .above = "0/d",
     .help = "jobs that a busy server serves per time; service is exponential"},
    {"discipline", SCHEMA_ENUM, .names = schema_disciplines, .fallback = "fifo",
     .help = "which of those waiting is next"},
    {"room", SCHEMA_WHOLE, .at_least = "1", .at_most = "4000000000",
     .help = "jobs waiting and in service, at most; default: no limit"},
    {"when_full", SCHEMA_ENUM, .names = schema_fulls, .fallback = "turn_away",
     .help = "turned away, or kept by the server of the station before"},
    {"balk", SCHEMA_MAPPING, .child = schema_queueing_balk_keys,
     .help = "arrivals that turn away at the sight of the queue"},
    {"patience", SCHEMA_TIME_LAW, .help = "how long a job waits before it leaves the queue"},
    {"batch", SCHEMA_MAPPING, .child = schema_queueing_batch_keys,
     .help = "a server takes several jobs at once"},
    {"wave", SCHEMA_DURATION, .above = "0",
     .help = "jobs wait at a gate that opens once in this time"},
    {"breakdown", SCHEMA_MAPPING, .child = schema_queueing_breakdown_keys,
     .help = "each server by itself breaks down"},
    {"shifts", SCHEMA_MAPPING, .child = schema_queueing_shifts_keys,
     .help = "servers on duty by time, in place of `servers`"},
    {"crews", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = schema_queueing_crew_keys, .count_min = 1,
     .help = "servers with skills, in place of `servers`"},
    {"branches", SCHEMA_LIST, .of = SCHEMA_TEXT, .count_min = 1,
     .help = "a job is split into one for each of these stations and goes on when all have ended"},
    {"next", SCHEMA_ANY,
     .help = "station that jobs go to when done, or shares: {pack: 80%}; the rest leaves"},
    {"on_refused", SCHEMA_ANY, .help = "the same for jobs that find no room, or balk"},
    {"on_reneged", SCHEMA_ANY, .help = "the same for jobs that lose patience"},
    {"wait_over", SCHEMA_DURATION, .help = "count waits longer than this"},
    {"time_over", SCHEMA_DURATION, .help = "count times at the station longer than this"},
    {"level_over", SCHEMA_WHOLE, .at_least = "0", .at_most = "4000000000",
     .help = "count the time with more jobs than this here"},
    {"period", SCHEMA_DURATION, .fallback = "1d", .above = "0",
     .help = "count the jobs done by such periods"},
    SCHEMA_END,
};

const struct schema_key schema_queueing_keys[] = {
    {"sources", SCHEMA_NAMED, .required = true, .of = SCHEMA_MAPPING,
     .child = schema_queueing_source_keys, .count_min = 1, .help = "where jobs come from"},
    {"stations", SCHEMA_NAMED, .required = true, .of = SCHEMA_MAPPING,
     .child = schema_queueing_station_keys, .count_min = 1,
     .help = "where they wait and are served"},
    SCHEMA_END,
};
