/* From purchases to a fitted model and how well it fits.
 *
 * The table is read once. What a customer bought on a day is one purchase, so the days on which each
 * customer bought are kept (8 bytes each), sorted, and counted; a table need not be in order of time.
 * Money is summed up on the way: all of it, and that of the first day, which begins anew when an
 * earlier day turns up.
 *
 * The fit wants customers by their histories (repeats, last purchase, watched for), of which a
 * million customers have far fewer than a million. The same groups serve the tables of fit: expected
 * frequencies are summed over the times that customers were watched, the tracking curve over the
 * days on which they first bought, so both cost the same for any number of customers.
 */
#include "cli/fit_members.h"

#include "cli/transactions.h"

#include <math.h>
#include <string.h>

#define FREQUENCY_ROWS_MIN 11 /* 0 .. 9, 10 or more */
#define FREQUENCY_ROWS_MAX 41
#define FREQUENCY_TAIL                                                                             \
    0.05                /* customers in the last row at most, as long as there may be more rows */
#define HOLDOUT_ROWS 8  /* 0 .. 6, 7 or more */
#define DAYS_MAX 200000 /* from the first to the last day of a table */
#define EXPECTED_MIN 5  /* in a cell of the chi-square test */
#define US_PER_DAY ((double)OMO_US_PER_DAY)

/* A day on which a customer bought. */
struct bought {
    uint32_t customer;
    int32_t day;
};

struct member {
    int32_t first_day, last_day; /* the last up to the end of calibration */
    uint32_t repeats, held;      /* in calibration, and in the holdout */
    int64_t cents, first_cents;  /* all, and on the first day */
    double last, age;            /* in units */
    double spend;                /* mean of repeats, of a table with a row a customer */
};

struct members {
    FitMembers *fit;
    GArray *member;    /* struct member, by customer number - 1 */
    GArray *bought;    /* struct bought */
    GArray *histories; /* omo_history */
    double unit_days;
};

/* ---- reading --------------------------------------------------------------------------------- */

static struct member *find_member(struct members *m, uint32_t customer)
{
    if (customer > m->member->len) {
        const struct member fresh = {.first_day = INT32_MAX};
        g_array_append_val(m->member, fresh);
    }
    return &g_array_index(m->member, struct member, customer - 1);
}

/* A line of a purchase. */
static void take_line(struct members *m, const struct transaction *row)
{
    const int32_t day = (int32_t)(row->at_us / OMO_US_PER_DAY);
    struct member *member = find_member(m, row->customer);

    member->cents += row->amount_cents;
    if (day < member->first_day) {
        member->first_day = day;
        member->first_cents = 0;
    }
    if (day == member->first_day)
        member->first_cents += row->amount_cents;
    const struct bought bought = {.customer = row->customer, .day = day};
    const guint count = m->bought->len;
    if (count > 0) { /* the lines of a basket mostly stand together */
        const struct bought *last = &g_array_index(m->bought, struct bought, count - 1);
        if (last->customer == bought.customer && last->day == bought.day)
            return;
    }
    g_array_append_val(m->bought, bought);
}

/* A customer of a table with a row a customer. */
static gboolean take_customer(struct members *m, const Transactions *table,
                              const struct transaction *row, GError **ret_error)
{
    const bool whole =
        row->repeats >= 0 && row->repeats <= OMO_REPEATS_MAX && floor(row->repeats) == row->repeats;

    if (!whole)
        transactions_refuse(table, TRANSACTIONS_REPEATS, ret_error,
                            "expected a whole number of repeats from 0, found %g", row->repeats);
    else if (!(row->last >= 0))
        transactions_refuse(table, TRANSACTIONS_LAST, ret_error,
                            "the last purchase is at %g, before the first, which is at 0",
                            row->last);
    else if (row->last > row->age)
        transactions_refuse(table, TRANSACTIONS_LAST, ret_error,
                            "the last purchase is at %g, but the customer was watched for %g only",
                            row->last, row->age);
    else if ((row->last > 0) != (row->repeats > 0))
        transactions_refuse(table, TRANSACTIONS_LAST, ret_error,
                            "%g repeats and the last purchase at %g: the last is after 0 when "
                            "there are repeats, and at 0 when there are none",
                            row->repeats, row->last);
    else {
        const struct member member = {.repeats = (uint32_t)row->repeats,
                                      .last = row->last,
                                      .age = row->age,
                                      .spend = (double)row->amount_cents / 100};
        g_array_append_val(m->member, member);
        m->fit->purchases += member.repeats + 1;
        return TRUE;
    }
    return FALSE;
}

static gboolean check_columns(const Transactions *table, bool *ret_summarised, GError **ret_error)
{
    *ret_summarised = !transactions_has(table, TRANSACTIONS_DATE) &&
                      transactions_has(table, TRANSACTIONS_REPEATS);
    if (*ret_summarised)
        return transactions_need(table, TRANSACTIONS_LAST, ret_error) &&
               transactions_need(table, TRANSACTIONS_AGE, ret_error);
    return transactions_need(table, TRANSACTIONS_CUSTOMER, ret_error) &&
           transactions_need(table, TRANSACTIONS_DATE, ret_error);
}

static gboolean read_rows(struct members *m, Transactions *table, bool summarised,
                          const struct fit_members_options *options, GError **ret_error)
{
    g_autoptr(GError) row_error = NULL;
    struct transaction row;

    while (transactions_next(table, &row, &row_error)) {
        if (summarised) {
            if (!take_customer(m, table, &row, ret_error))
                return FALSE;
        } else if (row.customer == 0 || row.amount_cents < 0) {
            if (row.customer > 0)
                find_member(m, row.customer);
            m->fit->left_out++;
        } else {
            take_line(m, &row);
        }
        if (options->go_on != NULL && transactions_line_count(table) % 65536 == 0 &&
            !options->go_on(transactions_share_done(table), options->context))
            return FALSE;
    }
    if (row_error == NULL)
        return TRUE;
    g_propagate_error(ret_error, g_steal_pointer(&row_error));
    return FALSE;
}

/* ---- histories ------------------------------------------------------------------------------- */

static int compare_bought(const void *a, const void *b)
{
    const struct bought *x = a, *y = b;

    if (x->customer != y->customer)
        return x->customer < y->customer ? -1 : 1;
    return x->day < y->day ? -1 : x->day > y->day;
}

/* Sorts the days and drops those that stand twice. */
static void sort_bought(GArray *array)
{
    struct bought *bought = (struct bought *)(void *)array->data;
    guint kept = 0;

    g_array_sort(array, compare_bought);
    for (guint i = 0; i < array->len; i++)
        if (kept == 0 || compare_bought(&bought[kept - 1], &bought[i]) != 0)
            bought[kept++] = bought[i];
    g_array_set_size(array, kept);
}

static gboolean find_days(struct members *m, const struct fit_members_options *options,
                          const char *path, GError **ret_error)
{
    FitMembers *fit = m->fit;

    fit->first_day = INT32_MAX;
    fit->last_day = INT32_MIN;
    for (guint i = 0; i < m->bought->len; i++) {
        const int32_t day = g_array_index(m->bought, struct bought, i).day;
        fit->first_day = MIN(fit->first_day, day);
        fit->last_day = MAX(fit->last_day, day);
    }
    fit->until_day = options->until_day != FIT_MEMBERS_NO_DAY ? options->until_day : fit->last_day;
    if (m->bought->len == 0)
        diagnostic_bad_input(ret_error, diagnostic_at(path, 0, 0), "there are no purchases");
    else if (fit->last_day - fit->first_day > DAYS_MAX)
        diagnostic_bad_input(ret_error, diagnostic_at(path, 0, 0),
                             "its dates span %d days; at most %d", fit->last_day - fit->first_day,
                             DAYS_MAX);
    else if (fit->until_day < fit->first_day || fit->until_day > fit->last_day)
        diagnostic_bad_input(ret_error, diagnostic_at(path, 0, 0),
                             "--calibrate-until is not between its first and its last day");
    else
        return TRUE;
    return FALSE;
}

/* Turns the days of each customer into a history; those who come after calibration have none. */
static void count_days(struct members *m)
{
    const int32_t until = m->fit->until_day;

    for (guint i = 0; i < m->bought->len; i++) {
        const struct bought *bought = &g_array_index(m->bought, struct bought, i);
        struct member *member = &g_array_index(m->member, struct member, bought->customer - 1);
        if (member->first_day > until)
            continue;
        if (bought->day > until) {
            member->held++;
            continue;
        }
        member->repeats += bought->day > member->first_day;
        member->last_day = bought->day;
        member->last = (bought->day - member->first_day) / m->unit_days;
        member->age = (until - member->first_day) / m->unit_days;
        m->fit->purchases++;
    }
}

static int compare_history(const void *a, const void *b)
{
    const omo_history *x = a, *y = b;

    if (x->repeats != y->repeats)
        return x->repeats < y->repeats ? -1 : 1;
    if (x->last < y->last || x->last > y->last)
        return x->last < y->last ? -1 : 1;
    return x->age < y->age ? -1 : x->age > y->age;
}

/* Members that bought in the calibration period, by history. */
static void group_histories(struct members *m)
{
    guint kept = 0;

    for (guint i = 0; i < m->member->len; i++) {
        const struct member *member = &g_array_index(m->member, struct member, i);
        const omo_history history = {.last = member->last,
                                     .age = member->age,
                                     .count = 1,
                                     .repeats = member->repeats};
        if (m->fit->until_day != FIT_MEMBERS_NO_DAY && member->first_day > m->fit->until_day)
            continue;
        g_array_append_val(m->histories, history);
    }
    m->fit->customers = m->histories->len;
    omo_history *history = (omo_history *)(void *)m->histories->data;
    g_array_sort(m->histories, compare_history);
    for (guint i = 0; i < m->histories->len; i++)
        if (kept > 0 && compare_history(&history[kept - 1], &history[i]) == 0)
            history[kept - 1].count++;
        else
            history[kept++] = history[i];
    g_array_set_size(m->histories, kept);
}

/* ---- how well it fits ------------------------------------------------------------------------ */

struct watched {
    double age;
    uint64_t count;
};

static int compare_watched(const void *a, const void *b)
{
    const struct watched *x = a, *y = b;

    return x->age < y->age ? -1 : x->age > y->age;
}

/* Times that customers were watched, each once. */
static GArray *group_ages(const struct members *m)
{
    GArray *ages = g_array_new(FALSE, FALSE, sizeof(struct watched));
    guint kept = 0;

    for (guint i = 0; i < m->histories->len; i++) {
        const omo_history *h = &g_array_index(m->histories, omo_history, i);
        const struct watched age = {.age = h->age, .count = h->count};
        g_array_append_val(ages, age);
    }
    struct watched *age = (struct watched *)(void *)ages->data;
    g_array_sort(ages, compare_watched);
    for (guint i = 0; i < ages->len; i++)
        if (kept > 0 && compare_watched(&age[kept - 1], &age[i]) == 0)
            age[kept - 1].count += age[i].count;
        else
            age[kept++] = age[i];
    g_array_set_size(ages, kept);
    return ages;
}

/* As many rows as leave few customers for the last. */
static uint32_t count_frequency_rows(const struct members *m)
{
    uint64_t left = m->fit->customers;
    uint32_t rows = 1;

    for (guint i = 0; i < m->histories->len; i++) {
        const omo_history *h = &g_array_index(m->histories, omo_history, i);
        if ((double)left <= FREQUENCY_TAIL * (double)m->fit->customers)
            break;
        left -= h->count;
        rows = h->repeats < FREQUENCY_ROWS_MAX ? h->repeats + 2 : FREQUENCY_ROWS_MAX;
    }
    return CLAMP(rows, FREQUENCY_ROWS_MIN, FREQUENCY_ROWS_MAX);
}

static void count_frequencies(struct members *m)
{
    g_autoptr(GArray) ages = group_ages(m);
    const omo_bgnbd *model = &m->fit->fit.model;
    const uint32_t rows = count_frequency_rows(m);
    struct fit_members_frequency row[FREQUENCY_ROWS_MAX] = {{0}};
    double below = 0;

    for (guint i = 0; i < m->histories->len; i++) {
        const omo_history *h = &g_array_index(m->histories, omo_history, i);
        row[MIN(h->repeats, rows - 1)].actual += h->count;
    }
    for (uint32_t x = 0; x < rows; x++) {
        row[x].repeats = x;
        for (guint i = 0; i < ages->len && x + 1 < rows; i++) {
            const struct watched *age = &g_array_index(ages, struct watched, i);
            row[x].expected += (double)age->count * omo_bgnbd_probability(model, age->age, x);
        }
        below += row[x].expected;
    }
    row[rows - 1].expected = fmax(0, (double)m->fit->customers - below);
    g_array_append_vals(m->fit->frequency, row, rows);
}

/* Chi-square of the frequencies; cells with few expected are put together from the end. */
static void test_frequencies(FitMembers *fit)
{
    double actual = 0, expected = 0;
    int32_t cells = 0;

    for (guint i = fit->frequency->len; i-- > 0;) {
        const struct fit_members_frequency *row =
            &g_array_index(fit->frequency, struct fit_members_frequency, i);
        actual += (double)row->actual;
        expected += row->expected;
        if (expected < EXPECTED_MIN && i > 0)
            continue;
        if (expected > 0)
            fit->chi_square += (actual - expected) * (actual - expected) / expected;
        cells++;
        actual = expected = 0;
    }
    fit->chi_square_degrees = (uint32_t)MAX(cells - 1 - OMO_BGNBD_PARAMETERS, 0);
    if (fit->chi_square_degrees > 0)
        fit->chi_square_p = omo_chi_square_tail(fit->chi_square, fit->chi_square_degrees);
}

/* Repeats of all customers by the end of each week of the calendar, those who came after the
 * calibration left out. */
static void track_weeks(struct members *m)
{
    const FitMembers *fit = m->fit;
    const uint32_t days = (uint32_t)(fit->last_day - fit->first_day) + 1;
    g_autofree uint64_t *begun = g_new0(uint64_t, days);
    g_autofree uint64_t *repeats = g_new0(uint64_t, days);
    g_autofree double *expected = g_new0(double, days);
    uint64_t actual = 0;

    for (guint i = 0; i < m->bought->len; i++) {
        const struct bought *bought = &g_array_index(m->bought, struct bought, i);
        const struct member *member =
            &g_array_index(m->member, struct member, bought->customer - 1);
        if (member->first_day > fit->until_day)
            continue;
        if (bought->day == member->first_day)
            begun[bought->day - fit->first_day]++;
        else
            repeats[bought->day - fit->first_day]++;
    }
    for (uint32_t d = 0; d < days; d++)
        expected[d] = omo_bgnbd_expected(&fit->fit.model, d / m->unit_days);
    for (uint32_t d = 0; d < days; d++) {
        actual += repeats[d];
        if (d % 7 != 6 && d + 1 < days && fit->first_day + (int32_t)d != fit->until_day)
            continue;
        struct fit_members_week week = {.day = fit->first_day + (int32_t)d, .actual = actual};
        for (uint32_t first = 0; first <= d; first++)
            week.expected += (double)begun[first] * expected[d - first];
        g_array_append_val(fit->weeks, week);
    }
}

static void hold_out(struct members *m)
{
    const FitMembers *fit = m->fit;
    const double period = (fit->last_day - fit->until_day) / m->unit_days;
    struct fit_members_holdout row[HOLDOUT_ROWS] = {{0}};

    for (guint i = 0; i < m->histories->len; i++) {
        const omo_history *h = &g_array_index(m->histories, omo_history, i);
        struct fit_members_holdout *of = &row[MIN(h->repeats, HOLDOUT_ROWS - 1)];
        of->customers += h->count;
        of->expected += (double)h->count * omo_bgnbd_expected_more(&fit->fit.model, h, period);
    }
    for (guint i = 0; i < m->member->len; i++) {
        const struct member *member = &g_array_index(m->member, struct member, i);
        if (member->first_day <= fit->until_day)
            row[MIN(member->repeats, HOLDOUT_ROWS - 1)].actual += member->held;
    }
    for (uint32_t x = 0; x < HOLDOUT_ROWS; x++)
        row[x].repeats = x;
    g_array_append_vals(fit->holdout, row, HOLDOUT_ROWS);
}

/* ---- spending -------------------------------------------------------------------------------- */

static void fit_spend(struct members *m, bool summarised)
{
    g_autoptr(GArray) spendings = g_array_new(FALSE, FALSE, sizeof(omo_spending));
    double cents = 0, days = 0;

    for (guint i = 0; i < m->member->len; i++) {
        const struct member *member = &g_array_index(m->member, struct member, i);
        const uint32_t repeats = member->repeats + member->held;
        omo_spending spending = {.count = repeats};
        if (!summarised && member->first_day > m->fit->until_day)
            continue;
        if (repeats > 0)
            spending.mean = summarised
                                ? member->spend
                                : (double)(member->cents - member->first_cents) / 100 / repeats;
        cents += summarised ? 100 * member->spend * repeats : (double)member->cents;
        days += summarised ? repeats : repeats + 1.0;
        if (repeats > 0 && spending.mean > 0)
            g_array_append_val(spendings, spending);
    }
    m->fit->mean_spend = days > 0 ? cents / 100 / days : (double)NAN;
    m->fit->has_spend = omo_spend_estimate((const omo_spending *)(const void *)spendings->data,
                                           spendings->len, &m->fit->spend, NULL) == OMO_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static gboolean fit_histories(struct members *m, const char *path, GError **ret_error)
{
    const omo_history *histories = (const omo_history *)(const void *)m->histories->data;
    FitMembers *fit = m->fit;
    omo_error error;
    double alive = 0;

    if (omo_bgnbd_estimate(histories, m->histories->len, &fit->fit, &error) != OMO_OK) {
        diagnostic_bad_input(ret_error, diagnostic_at(path, 0, 0), "%s", error.text);
        return FALSE;
    }
    for (guint i = 0; i < m->histories->len; i++)
        alive += (double)histories[i].count * omo_bgnbd_alive(&fit->fit.model, &histories[i]);
    fit->alive_share = alive / (double)fit->customers;
    fit->expected_year = omo_bgnbd_expected(&fit->fit.model, 364 / m->unit_days);
    count_frequencies(m);
    test_frequencies(fit);
    return TRUE;
}

static gboolean fit_all(struct members *m, Transactions *table, const char *path,
                        const struct fit_members_options *options, GError **ret_error)
{
    FitMembers *fit = m->fit;
    bool summarised;

    if (!check_columns(table, &summarised, ret_error))
        return FALSE;
    if (summarised && options->until_day != FIT_MEMBERS_NO_DAY) {
        diagnostic_bad_input(ret_error, diagnostic_at(path, 1, 0),
                             "--calibrate-until needs dates; this table has a row a customer");
        return FALSE;
    }
    if (!read_rows(m, table, summarised, options, ret_error))
        return FALSE;
    fit->lines = transactions_line_count(table);
    fit->until_day = fit->first_day = fit->last_day = FIT_MEMBERS_NO_DAY;
    if (!summarised) {
        sort_bought(m->bought);
        if (!find_days(m, options, path, ret_error))
            return FALSE;
        count_days(m);
    }
    group_histories(m);
    if (!fit_histories(m, path, ret_error))
        return FALSE;
    if (!summarised)
        track_weeks(m);
    if (!summarised && fit->until_day < fit->last_day)
        hold_out(m);
    fit->has_amounts = transactions_has(table, TRANSACTIONS_AMOUNT);
    if (fit->has_amounts)
        fit_spend(m, summarised);
    return TRUE;
}

FitMembers *fit_members_read(const char *path, const struct fit_members_options *options,
                             GError **ret_error)
{
    g_autoptr(Transactions) table = transactions_open(path, options->columns, ret_error);
    g_autoptr(FitMembers) fit = g_new0(FitMembers, 1);
    struct members m = {.fit = fit, .unit_days = (double)options->unit_us / US_PER_DAY};

    fit->path = g_strdup(path);
    fit->unit_us = options->unit_us;
    fit->frequency = g_array_new(FALSE, FALSE, sizeof(struct fit_members_frequency));
    fit->weeks = g_array_new(FALSE, FALSE, sizeof(struct fit_members_week));
    fit->holdout = g_array_new(FALSE, FALSE, sizeof(struct fit_members_holdout));
    if (table == NULL)
        return NULL;
    m.member = g_array_new(FALSE, FALSE, sizeof(struct member));
    m.bought = g_array_new(FALSE, FALSE, sizeof(struct bought));
    m.histories = g_array_new(FALSE, FALSE, sizeof(omo_history));
    const gboolean done = fit_all(&m, table, g_intern_string(path), options, ret_error);
    g_array_unref(m.member);
    g_array_unref(m.bought);
    g_array_unref(m.histories);
    return done ? g_steal_pointer(&fit) : NULL;
}

void fit_members_free(FitMembers *fit)
{
    if (fit == NULL)
        return;
    g_free(fit->path);
    g_array_unref(fit->frequency);
    g_array_unref(fit->weeks);
    g_array_unref(fit->holdout);
    g_free(fit);
}
