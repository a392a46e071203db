/* A scenario file, read, checked and turned into sealed models.
 *
 *     g_autoptr(Scenario) s = scenario_read(path, sets, &error);           file, includes, --set
 *     if (varies != NULL && !scenario_vary(s, point_name, varies, &error)) return FALSE;
 *     for (uint32_t i = 0; i < scenario_point_count(s); i++) {
 *         omo_model *model = scenario_build(s, i, &error);                 caller frees
 *         omo_experiment_add_point(experiment, scenario_point(s, i)->name, model, ...);
 *     }
 *
 * A scenario has one or more design points. Without a block `points` there is a single one, called
 * "base". What a point is made of, in this order, later steps win: the file with its includes, the
 * --set arguments, the point's overrides, the --set arguments again (those into `points`, `factors`
 * and `calibration` apart), the factors that are on, the settings of --vary. An override of
 * `routing`, `stocking` or `promotion` by a single word changes the policy and keeps the rest.
 *
 * Errors are those of the shell: BAD_INPUT with one "file:line:column: text" line per finding, 20
 * at most; BAD_USAGE for malformed --set and --vary arguments and unknown --point names. Strings
 * and structs that accessors return are borrowed and live as long as the Scenario (points: until
 * scenario_vary()). One thread at a time changes a Scenario; several may build from it at once.
 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "shell/schema.h"

#include <omosim/model.h>

typedef struct scenario Scenario;

/* Reads a file, applies `sets` ("path=value", NULL-terminated; may be NULL) and checks the base and
 * every named point, tables included. Caller frees with scenario_free(). */
Scenario *scenario_read(const char *path, const char *const *sets, GError **ret_error);
void scenario_free(Scenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scenario, scenario_free)

/* Replaces the points by the cartesian product of `varies` ("path=v1,v2,..." or
 * "path=low:high:step", NULL-terminated, at least one), all based on the point called `point`
 * (NULL: the default one). The last argument varies fastest; point 0 becomes the default. A point
 * is called "routing=cheapest", or "routing=cheapest stocking.safety_factor=1.5". Commas and colons
 * inside brackets, braces and quotes belong to the value. Each value is checked alone, combinations
 * when they are built. On failure nothing has changed. */
gboolean scenario_vary(Scenario *scenario, const char *point, const char *const *varies,
                       GError **ret_error);
/* The same, but `count` points of the space that the axes span instead of all: a Latin hypercube.
 * An axis may be "path=low:high" too, any value between the two with as many decimals as they have.
 * Of points that come out the same only the first is kept. */
gboolean scenario_sample(Scenario *scenario, const char *point, const char *const *varies,
                         uint32_t count, GError **ret_error);
/* The same, but the points are all combinations of factors of the block `factors`, each off or on
 * over the point `point`: 2^k of them, bit i of a point's index for the i-th name. `names` NULL or
 * empty = all of the block. A factor that is on is merged last, behind --set. A point is called
 * "base", or "members+inventory". Unknown names, none, more than 8 and two that set one value to
 * different things are BAD_USAGE. */
gboolean scenario_factorial(Scenario *scenario, const char *point, const char *const *names,
                            GError **ret_error);
#define SCENARIO_FACTORS_MAX 8
#define SCENARIO_POINTS_MAX 10000

/* Builds the model of a point and seals it. Caller frees with omo_model_free(). */
omo_model *scenario_build(const Scenario *scenario, uint32_t point, GError **ret_error);

/* ---- what the file says about itself -------------------------------------------------------- */

const char *scenario_path(const Scenario *scenario);      /* as given */
const char *scenario_directory(const Scenario *scenario); /* of the file, absolute */
const char *scenario_name(const Scenario *scenario);      /* default: the file's, without .yaml */
const char *scenario_title(const Scenario *scenario);     /* default: the name */
const char *scenario_question(const Scenario *scenario);  /* "" when not given */
const char *scenario_currency(const Scenario *scenario);  /* "CNY" when not given */
/* The tree that runs (file, includes and sets) as canonical YAML, and the SHA-256 of it in hex. */
const char *scenario_text(const Scenario *scenario);
const char *scenario_hash(const Scenario *scenario);

/* ---- run ------------------------------------------------------------------------------------ */

/* The same for all points; the command line may have its own. Threads are no matter of a file. */
uint64_t scenario_seed(const Scenario *scenario);
uint32_t scenario_replications(const Scenario *scenario);
/* Simulated days of the default point, warm-up included. */
double scenario_days(const Scenario *scenario);
/* Days of it that pass before measuring begins. */
double scenario_warm_up_days(const Scenario *scenario);
/* Whether there is a `run.kpis`. */
gboolean scenario_names_kpis(const Scenario *scenario);
/* Whether `run.kpis` selects a KPI (omo_kpi_group(), omo_registry_name()). */
gboolean scenario_wants_kpi(const Scenario *scenario, const char *group, const char *name);

/* ---- points --------------------------------------------------------------------------------- */

enum scenario_role { SCENARIO_ROLE_NONE, SCENARIO_ROLE_CALIBRATED, SCENARIO_ROLE_PREDICTED };

struct scenario_point {
    const char *name;
    const char *label; /* default: the name */
    enum scenario_role role;
    const char *overrides; /* "path=value" lines, "" for none */
};

uint32_t scenario_point_count(const Scenario *scenario); /* at least 1 */
const struct scenario_point *scenario_point(const Scenario *scenario, uint32_t point);
/* The point marked `default`, else the first. */
uint32_t scenario_default_point(const Scenario *scenario);
/* Index of a point by name; an unknown one is BAD_USAGE with the nearest spelling. */
gboolean scenario_find_point(const Scenario *scenario, const char *name, uint32_t *ret_point,
                             GError **ret_error);
/* "calibrated", "predicted" or "". */
const char *scenario_role_name(enum scenario_role role);

/* ---- axes ----------------------------------------------------------------------------------- */

enum scenario_axis_kind {
    SCENARIO_AXIS_CATEGORY,
    SCENARIO_AXIS_NUMBER,   /* in `unit`, "" for none */
    SCENARIO_AXIS_DURATION, /* in seconds */
    SCENARIO_AXIS_FACTOR    /* off (0) or on (1) */
};

struct scenario_axis {
    const char *path;  /* of a factor: its name */
    const char *label; /* of a factor; else the path */
    const char *unit;
    enum scenario_axis_kind kind;
};

struct scenario_value {
    const char *text; /* as written */
    double number;    /* NaN on an axis of categories */
};

/* What scenario_vary() and its like made the points of; 0 before. */
uint32_t scenario_axis_count(const Scenario *scenario);
const struct scenario_axis *scenario_axis(const Scenario *scenario, uint32_t axis);
struct scenario_value scenario_axis_value(const Scenario *scenario, uint32_t point, uint32_t axis);
/* "category", "number", "duration", "factor". */
const char *scenario_axis_kind_name(enum scenario_axis_kind kind);

/* ---- calibration ---------------------------------------------------------------------------- */

enum scenario_scale {
    SCENARIO_SCALE_NONE,
    SCENARIO_SCALE_PER_YEAR,     /* a count over the measured time, as one of 365 days */
    SCENARIO_SCALE_PER_STORE_DAY /* the same as one per store and day */
};

struct scenario_calibration {
    const char *figure; /* what was published, in words */
    double published;
    const char *measure; /* KPI column that stands for it: "aov.walk_in" */
    enum scenario_scale scale;
    const char *source; /* "" when not given */
};

uint32_t scenario_calibration_count(const Scenario *scenario);
const struct scenario_calibration *scenario_calibration(const Scenario *scenario, uint32_t row);
/* What the measure of a model's run is multiplied by to stand beside the published figure. `point`
 * is the one that the sealed `model` was built for. */
double scenario_calibration_factor(const Scenario *scenario, uint32_t row, uint32_t point,
                                   const omo_model *model);

/* ---- traffic -------------------------------------------------------------------------------- */

/* The block `traffic`: what customers do that the simulation knows nothing of. Shares in
 * millionths, laws in us. */
struct scenario_traffic {
    uint32_t browse_ppm; /* product pages for each line */
    uint32_t search_ppm, scan_ppm, check_stock_ppm, points_ppm, coupons_ppm;
    uint32_t looking_ppm, cancel_ppm, return_ppm;
    uint32_t double_tap_ppm, points_after_ppm;
    uint32_t accounts;
    omo_law think, pay, cancel_after, return_after, rush_reaction;
    int64_t notice_us;
    int64_t rush_at_us, rush_hold_us; /* time of day; hold 0 = no rush */
};

/* That of a point, defaults included; FALSE when its settings contradict each other. */
gboolean scenario_traffic(const Scenario *scenario, uint32_t point,
                          struct scenario_traffic *ret_traffic, GError **ret_error);

/* ---- the language --------------------------------------------------------------------------- */

/* The schema of a scenario, for help and editors. Static. */
const struct schema_key *scenario_schema(void);

#endif
