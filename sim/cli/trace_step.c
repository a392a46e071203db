/* The step mode.
 *
 * The reader of events is called between events, so it simply does not return before the user says
 * how to go on; the world stands still meanwhile and can be asked. What runs without showing (t, w,
 * c) is the same loop with a reader that returns at once.
 *
 * Commands are read with poll() and read(): a read through stdio would be started again after
 * Ctrl-C (interrupt.c sets SA_RESTART), and the signal would wait for a line.
 */
#include "cli/trace_step.h"
#include "cli/interrupt.h"
#include "cli/trace_facts.h"
#include "cli/trace_text.h"
#include "cli/trace_watch.h"
#include "shell/units.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define TOUCHED_MAX 8 /* stations that `p` shows */
#define NEXT_MAX 5    /* pending events that it shows */
#define COMMAND_MAX 256

enum mode { ASK, COUNT, UNTIL, WATCH, RUN };

struct trace_step {
    const struct trace_source *source;
    const omo_world *world;
    int input;
    FILE *stream;
    struct trace_fact *facts;
    enum mode mode;
    uint64_t count; /* COUNT: events left */
    int64_t until_us;
    TraceWatch *watch;
    bool watch_hit;
    bool show; /* the event under way was shown; so are its facts */
    uint32_t touched[TOUCHED_MAX];
    uint32_t touched_count;
    char command[COMMAND_MAX];
    char buffer[512];
    size_t begin, end; /* of what is in the buffer */
};

TraceStep *trace_step_new(const struct trace_source *source, const omo_world *world, int input,
                          FILE *stream)
{
    TraceStep *s = g_new0(TraceStep, 1);

    s->source = source;
    s->world = world;
    s->facts = trace_facts_new();
    s->input = input;
    s->stream = stream;
    return s;
}

void trace_step_free(TraceStep *s)
{
    if (s == NULL)
        return;
    trace_watch_free(s->watch);
    g_free(s->facts);
    g_free(s);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* The next byte of the commands; -1 at their end, and when the user interrupts. */
static int read_byte(TraceStep *s)
{
    while (s->begin == s->end) {
        struct pollfd wait = {.fd = s->input, .events = POLLIN};
        if (interrupt_requested())
            return -1;
        if (poll(&wait, 1, -1) < 0 && errno != EINTR)
            return -1;
        if (wait.revents == 0)
            continue;
        ssize_t got = read(s->input, s->buffer, sizeof(s->buffer));
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
            return -1;
        s->begin = 0;
        s->end = got > 0 ? (size_t)got : 0;
    }
    return (unsigned char)s->buffer[s->begin++];
}

/* The next command, without blanks around it; what is too long for one is cut. */
static bool read_command(TraceStep *s)
{
    size_t length = 0;
    int byte;

    fflush(s->stream);
    while ((byte = read_byte(s)) != '\n') {
        if (byte < 0 && length == 0)
            return false;
        if (byte < 0)
            break;
        if (length < COMMAND_MAX - 1)
            s->command[length++] = (char)byte;
    }
    s->command[length] = '\0';
    g_strstrip(s->command);
    return true;
}

/* ---- commands -------------------------------------------------------------------------------- */

static void print_help(const TraceStep *s)
{
    const TraceNames *names = s->source->names;

    fputs("  Enter, n     handle this event, show the next\n"
          "  n 10         handle ten\n"
          "  t 36h        go on to the first event at or after that simulated time\n",
          s->stream);
    if (names->source != NULL)
        fprintf(s->stream, "  w customer=%s.17, w station=%s\n", names->source[0],
                names->station[0]);
    else
        fputs("  w order=4.0.17, w place=east, w station=east.till\n", s->stream);
    fputs("               go on until it is touched\n"
          "  p            the stations touched lately, and the next events\n"
          "  c            go on to the end of the run\n"
          "  q            stop here\n",
          s->stream);
}

static void print_state(const TraceStep *s)
{
    omo_event_record next[NEXT_MAX];
    omo_station_level level;
    const uint32_t count = omo_world_pending(s->world, next, NEXT_MAX);

    fprintf(s->stream, "  %s under way: %u\n",
            s->source->names->source != NULL ? "customers" : "orders",
            omo_world_open_orders(s->world));
    for (uint32_t i = 0; i < s->touched_count; i++)
        if (s->source->level(s->source->user, s->touched[i], &level))
            trace_text_level(s->source->names->station[s->touched[i]], &level, s->stream);
    fputs("  next:\n", s->stream);
    for (uint32_t i = 0; i < count; i++)
        trace_text_event(s->source->names, &next[i], s->stream);
}

/* A command that goes on with a condition. False: it was not understood, which has been said. */
static bool start(TraceStep *s, char command, const char *argument, const omo_event_record *record)
{
    const char *const targets[] = {argument, NULL};
    g_autoptr(GError) reason = NULL;
    int64_t until_us;

    if (command == 't') {
        if (!units_parse_duration_us(argument, 0, &until_us, &reason)) {
            fprintf(s->stream, "  t: %s\n", reason->message);
            return false;
        }
        if (until_us <= record->at_us) {
            fputs("  t: this event is not earlier\n", s->stream);
            return false;
        }
        s->until_us = until_us;
        s->mode = UNTIL;
        return true;
    }
    TraceWatch *watch = trace_watch_new(s->source, targets, &reason);
    if (watch == NULL) {
        fprintf(s->stream, "  w: %s\n", reason->message);
        return false;
    }
    trace_watch_free(s->watch);
    s->watch = watch;
    s->watch_hit = false;
    s->mode = WATCH;
    return true;
}

static bool start_count(TraceStep *s, const char *argument)
{
    uint64_t count = 1;

    if (argument[0] != '\0' &&
        !g_ascii_string_to_unsigned(argument, 10, 1, G_MAXINT64, &count, NULL)) {
        fprintf(s->stream, "  n: expected how many events, found '%s'\n", argument);
        return false;
    }
    s->mode = COUNT;
    s->count = count - 1;
    s->show = true;
    return true;
}

/* Obeys one command. True: the run goes on. */
static bool obey(TraceStep *s, const omo_event_record *record, bool *ret_quit)
{
    const char command = s->command[0] != '\0' ? s->command[0] : 'n';
    const size_t blanks = strspn(s->command + (s->command[0] != '\0'), " \t");
    const char *argument = s->command + (s->command[0] != '\0') + blanks;
    const bool known = strchr("ntwpcqh", command) != NULL && (blanks > 0 || argument[0] == '\0');

    switch (known ? command : '?') {
    case 'n':
        return start_count(s, argument);
    case 't':
    case 'w':
        return start(s, command, argument, record);
    case 'c':
        s->mode = RUN;
        return true;
    case 'q':
        *ret_quit = true;
        return false;
    case 'p':
        print_state(s);
        return false;
    case 'h':
        print_help(s);
        return false;
    default:
        fprintf(s->stream, "  unknown command '%s'; h shows what there is\n", s->command);
        return false;
    }
}

static bool ask(TraceStep *s, const omo_event_record *record)
{
    bool quit = false;

    s->mode = ASK;
    s->show = false;
    trace_text_event(s->source->names, record, s->stream);
    do {
        if (isatty(s->input))
            fputs("step> ", s->stream);
        if (!read_command(s))
            return false;
    } while (!obey(s, record, &quit) && !quit);
    return !quit;
}

/* ---- the two sides of an event --------------------------------------------------------------- */

bool trace_step_before(TraceStep *s, const omo_event_record *record)
{
    s->show = false;
    switch (s->mode) {
    case ASK:
        return ask(s, record);
    case COUNT:
        if (s->count == 0)
            return ask(s, record);
        s->count--;
        s->show = true;
        trace_text_event(s->source->names, record, s->stream);
        return true;
    case UNTIL:
        return record->at_us < s->until_us || ask(s, record);
    case WATCH:
        return (!s->watch_hit && !trace_watch_wants_event(s->watch, record)) || ask(s, record);
    case RUN:
        return true;
    }
    return true;
}

static void touch(TraceStep *s, uint32_t station)
{
    uint32_t at = 0;

    while (at < s->touched_count && s->touched[at] != station)
        at++;
    if (at == TOUCHED_MAX)
        at--;
    memmove(&s->touched[1], &s->touched[0], at * sizeof(s->touched[0]));
    s->touched[0] = station;
    if (at == s->touched_count)
        s->touched_count++;
}

static uint32_t station_of_fact(const TraceStep *s, const omo_fact *f)
{
    const uint32_t role = s->facts[omo_fact_kind(f)].role;

    return role != UINT32_MAX && f->place != UINT32_MAX ? f->place * OMO_ROLE_COUNT + role
                                                        : UINT32_MAX;
}

static uint32_t station_of_step(const omo_step *step)
{
    return step->kind != OMO_STEP_ENDED ? step->station : UINT32_MAX;
}

/* Stations of a moment: the event's, and those of its facts or steps. Their levels are shown with it. */
static void touch_all(TraceStep *s, const struct trace_moment *m)
{
    omo_station_level level;
    uint32_t last = UINT32_MAX;
    const size_t count = m->fact_count + m->step_count; /* there are only facts or only steps */

    for (size_t i = 0; i <= count; i++) {
        uint32_t station = m->has_event ? m->event.station : UINT32_MAX; /* last, so it leads `p` */
        if (i < count)
            station = m->fact_count != 0 ? station_of_fact(s, &m->facts[i])
                                         : station_of_step(&m->steps[i]);
        if (station == UINT32_MAX || station == last ||
            !s->source->level(s->source->user, station, &level))
            continue;
        last = station;
        touch(s, station);
        if (s->show)
            trace_text_level(s->source->names->station[station], &level, s->stream);
    }
}

void trace_step_after(TraceStep *s, const struct trace_moment *m)
{
    for (size_t i = 0; s->show && i < m->fact_count; i++)
        trace_text_fact(s->source->names, &m->facts[i], s->stream);
    for (size_t i = 0; s->show && i < m->step_count; i++)
        trace_text_step(s->source->names, &m->steps[i], s->stream);
    touch_all(s, m);
    if (s->mode != WATCH || !trace_watch_touched(s->watch, m))
        return;
    s->watch_hit = true;
    trace_watch_print(s->watch, m, s->stream);
}
