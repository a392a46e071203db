/* The contract of a KPI: one formula over a tally, in a file of its own under sim/measure/kpi/,
 * named in kpi.def. A KPI may be of chains (`value`), of queueing networks (`subject`), or both. */
#ifndef OMO_MEASURE_KPI_H
#define OMO_MEASURE_KPI_H

#include <omosim/kernel.h>

#include "measure/tally.h"

enum kpi_direction { KPI_LESS_IS_BETTER = -1, KPI_NEUTRAL = 0, KPI_MORE_IS_BETTER = 1 };

enum kpi_subjects {                     /* bits: what of a queueing network a KPI is given for */
                    KPI_OF_STATION = 1, /* NAME.STATION */
                    KPI_OF_CLASS = 2,   /* the jobs of a source at a station: NAME.STATION.SOURCE */
                    KPI_OF_SOURCE = 4   /* the jobs of a source in the whole network: NAME.SOURCE */
};

/* One of them, with its report; borrowed for the call. */
struct kpi_subject {
    const omo_station_options *options; /* of the station; NULL for a source */
    const omo_station_report *station;  /* NULL unless it is a station */
    const omo_class_report *jobs;       /* NULL when it is a station */
    bool limited;    /* the station has a limit of room, or one that jobs of the source can meet */
    bool impatient;  /* jobs can lose patience, alike */
    bool held;       /* a job done can find no room ahead that waits for some */
    int64_t span_us; /* measured time */
    int64_t time_unit_us; /* the scenario's */
};

struct kpi {
    /* the field's word, snake_case; textbook measures keep their symbols (L, Wq) */
    const char *name;
    const char
        *unit; /* "money", "units", "1" (a share or ratio), "h", "km", "orders", "units/day" ... */
    /* sales, service, touch, fulfilment, stock, cost, queue, queueing, dispersion,
     * arrival, spatial, choice, oversell */
    const char *group;
    const char *definition; /* one sentence */
    enum kpi_direction direction;
    bool per_channel; /* also reported as NAME.CHANNEL */
    /* Value for one channel, or for all (TALLY_ALL). NaN = no cases. Money in currency units
     * (cents / 100), time in hours, shares 0..1. NULL: no KPI of a chain. */
    double (*value)(const struct tally *t, uint32_t channel);
    uint32_t subjects; /* bits of enum kpi_subjects; 0: no KPI of a queueing network */
    /* Value for a subject; NaN = no cases, or the station has no such thing (a room without limit
     * blocks nobody). Time in the scenario's unit. */
    double (*subject)(const struct kpi_subject *s);
};

static inline double kpi_none(void) { return (double)__builtin_nanf(""); }
/* Microseconds as a number of the scenario's time unit. */
static inline double kpi_time(const struct kpi_subject *s, double us)
{
    return us / (double)s->time_unit_us;
}

extern const struct kpi *const kpi_registry[];
extern const uint32_t kpi_registry_count;

#endif
