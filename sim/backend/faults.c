/* One row a fault: whether it is on, its share, its two durations. Arguments are parsed by kind, so a
 * new fault of a known kind is one line in faults.def. */
#include "backend/faults.h"

#include <stdatomic.h>
#include <string.h>

#include "shell/diagnostic.h"
#include "shell/spelling.h"
#include "shell/units.h"

enum argument { NONE, SHARE, DURATION, SHARE_MS, STALL };

static const struct {
    const char *name, *help;
    enum argument argument;
} rows[] = {
#define FAULT(symbol, name, argument, help) {name, help, argument},
#include "backend/faults.def"
#undef FAULT
};

struct setting {
    bool on;
    int64_t share_ppm, length_us, period_us;
    _Atomic uint64_t count;
};

struct faults {
    struct setting setting[FAULT_COUNT];
};

const char *faults_name(enum fault fault) { return rows[fault].name; }

const char *faults_help(enum fault fault) { return rows[fault].help; }

static gboolean parse_duration(const char *text, int64_t bare_us, int64_t *ret_us,
                               GError **ret_error)
{
    return units_parse_duration_us(text, bare_us, ret_us, ret_error);
}

/* "A" and "B" of "A:B". */
static gboolean parse_pair(const char *text, char between, const char *expected, char **ret_first,
                           const char **ret_second, GError **ret_error)
{
    const char *at = strchr(text, between);

    if (at == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "expected %s, found '%s'", expected, text);
        return FALSE;
    }
    *ret_first = g_strndup(text, (size_t)(at - text));
    *ret_second = at + 1;
    return TRUE;
}

static gboolean parse_share(struct setting *setting, const char *text, GError **ret_error)
{
    if (!units_parse_share_ppm(text, &setting->share_ppm, ret_error))
        return FALSE;
    if (setting->share_ppm >= 0 && setting->share_ppm <= 1000000)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                "expected a share between 0 and 1, found '%s'", text);
    return FALSE;
}

static gboolean parse_value(enum argument argument, struct setting *setting, const char *text,
                            GError **ret_error)
{
    g_autofree char *first = NULL;
    const char *second = NULL;

    switch (argument) {
    case NONE:
        break;
    case SHARE:
        return parse_share(setting, text, ret_error);
    case DURATION:
        return parse_duration(text, 0, &setting->length_us, ret_error);
    case SHARE_MS:
        return parse_pair(text, ':', "SHARE:MILLISECONDS such as 0.05:1500", &first, &second,
                          ret_error) &&
               parse_share(setting, first, ret_error) &&
               parse_duration(second, 1000, &setting->length_us, ret_error);
    case STALL:
        if (!parse_pair(text, '@', "LENGTH@PERIOD such as 2s@60s", &first, &second, ret_error) ||
            !parse_duration(first, 0, &setting->length_us, ret_error) ||
            !parse_duration(second, 0, &setting->period_us, ret_error))
            return FALSE;
        if (setting->length_us < setting->period_us)
            return TRUE;
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "expected a length below its period, found '%s'", text);
        return FALSE;
    }
    return TRUE;
}

static gboolean parse_fault(struct faults *faults, const char *text, GError **ret_error)
{
    const char *names[FAULT_COUNT + 1] = {NULL};
    const char *equals = strchr(text, '=');
    g_autofree char *name =
        equals != NULL ? g_strndup(text, (size_t)(equals - text)) : g_strdup(text);
    g_autoptr(GError) error = NULL;
    uint32_t i = 0;

    for (uint32_t j = 0; j < FAULT_COUNT; j++)
        names[j] = rows[j].name;
    while (i < FAULT_COUNT && strcmp(rows[i].name, name) != 0)
        i++;
    if (i == FAULT_COUNT) {
        g_autofree char *hint = spelling_hint(name, names);
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--fault: unknown fault '%s'%s", name, hint);
        return FALSE;
    }
    if ((rows[i].argument == NONE) != (equals == NULL)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    rows[i].argument == NONE ? "--fault %s: takes no value"
                                             : "--fault %s: needs a value: %s",
                    name, rows[i].help);
        return FALSE;
    }
    if (equals != NULL && !parse_value(rows[i].argument, &faults->setting[i], equals + 1, &error)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "--fault %s: %s", name,
                    error->message);
        return FALSE;
    }
    faults->setting[i].on = true;
    return TRUE;
}

struct faults *faults_new(const char *const *texts, GError **ret_error)
{
    struct faults *faults = g_new0(struct faults, 1);

    for (; texts != NULL && *texts != NULL; texts++)
        if (!parse_fault(faults, *texts, ret_error)) {
            faults_free(faults);
            return NULL;
        }
    return faults;
}

void faults_free(struct faults *faults) { g_free(faults); }

bool faults_has(const struct faults *faults, enum fault fault) { return faults->setting[fault].on; }

int64_t faults_us(const struct faults *faults, enum fault fault)
{
    return faults->setting[fault].on ? faults->setting[fault].length_us : 0;
}

/* Steps of two even sequences that know nothing of each other, so that requests that fail are slow no
 * more often than others: the inverses of the plastic number and of the golden ratio (Roberts 2018,
 * "The unreasonable effectiveness of quasirandom sequences"), in parts of 2^64. */
#define STEP_OF_ERRORS UINT64_C(0xc13fa9a902a6328f)
#define STEP_OF_SLOW UINT64_C(0x9e3779b97f4a7c15)

static uint64_t next_share(struct setting *setting, uint64_t step)
{
    return (setting->count++ + 1) * step;
}

/* `ppm` of 2^64. */
static uint64_t share_of(int64_t ppm)
{
    return ppm >= 1000000 ? UINT64_MAX : (UINT64_MAX / 1000000) * (uint64_t)ppm;
}

enum faults_error faults_next_error(struct faults *faults)
{
    struct setting *setting = &faults->setting[FAULT_error];
    uint64_t share;

    if (!setting->on)
        return FAULTS_NO_ERROR;
    share = next_share(setting, STEP_OF_ERRORS);
    if (share >= share_of(setting->share_ppm) && setting->share_ppm < 1000000)
        return FAULTS_NO_ERROR;
    return share < share_of(setting->share_ppm) / 2 ? FAULTS_ERROR_BEFORE : FAULTS_ERROR_AFTER;
}

int64_t faults_next_slow_us(struct faults *faults)
{
    struct setting *setting = &faults->setting[FAULT_slow];

    if (!setting->on)
        return 0;
    return next_share(setting, STEP_OF_SLOW) < share_of(setting->share_ppm) ? setting->length_us
                                                                            : 0;
}

/* In the middle of each period, so that a run of one period sees it. */
int64_t faults_stall_us(const struct faults *faults, int64_t since_us)
{
    const struct setting *setting = &faults->setting[FAULT_stall];
    const int64_t end_us = (setting->period_us + setting->length_us) / 2;
    const int64_t left_us = setting->on ? end_us - since_us % setting->period_us : 0;

    return left_us > 0 && left_us <= setting->length_us ? left_us : 0;
}
