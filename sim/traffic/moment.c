/* Dates by arithmetic on days: no locale, no time zone of the machine, no limits of time_t's
 * functions. Days are counted from 0000-03-01, so that the leap day ends a year and the length of
 * the months before it repeats every five (H. Hinnant, "chrono-compatible low-level date
 * algorithms", 2013).
 */
#include "traffic/moment.h"

#include <glib.h>
#include <omosim/types.h>
#include <string.h>

#define MOMENT_DAYS_TO_1970 719468 /* from 0000-03-01 */
#define MOMENT_YEAR_MAX 9999

static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct moment_date {
    int64_t year;
    int64_t month;     /* 1 to 12 */
    int64_t day;       /* 1 to 31 */
    int64_t second_us; /* since midnight */
};

/* What is left of a text. */
struct moment_scan {
    const char *at, *end;
};

static int64_t moment_days(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const int64_t of_era = year - era * 400;
    const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - MOMENT_DAYS_TO_1970;
}

static struct moment_date moment_date(int64_t us)
{
    int64_t days = us / OMO_US_PER_DAY;
    int64_t rest_us = us % OMO_US_PER_DAY;

    if (rest_us < 0) {
        rest_us += OMO_US_PER_DAY;
        days--;
    }
    days += MOMENT_DAYS_TO_1970;
    const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const int64_t of_era = days - era * 146097;
    const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const int64_t month = (5 * of_year + 2) / 153;
    return (struct moment_date){
        .year = year + era * 400 + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = of_year - (153 * month + 2) / 5 + 1,
        .second_us = rest_us,
    };
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool scan_digits(struct moment_scan *scan, int count, int64_t low, int64_t high,
                        int64_t *ret_number)
{
    int64_t number = 0;

    if (scan->end - scan->at < count)
        return false;
    for (int i = 0; i < count; i++, scan->at++) {
        if (!g_ascii_isdigit(*scan->at))
            return false;
        number = number * 10 + (*scan->at - '0');
    }
    *ret_number = number;
    return number >= low && number <= high;
}

static bool scan_char(struct moment_scan *scan, char c)
{
    if (scan->at == scan->end || *scan->at != c)
        return false;
    scan->at++;
    return true;
}

/* "13:55:36", then a fraction if there is one; digits past the microsecond are dropped. */
static bool scan_clock(struct moment_scan *scan, int64_t *ret_us)
{
    int64_t hour, minute, second;
    int64_t us = 0, unit_us = OMO_US_PER_SECOND / 10;

    if (!scan_digits(scan, 2, 0, 23, &hour) || !scan_char(scan, ':') ||
        !scan_digits(scan, 2, 0, 59, &minute) || !scan_char(scan, ':') ||
        !scan_digits(scan, 2, 0, 60, &second))
        return false;
    if (scan_char(scan, '.')) {
        if (scan->at == scan->end || !g_ascii_isdigit(*scan->at))
            return false;
        for (; scan->at < scan->end && g_ascii_isdigit(*scan->at); scan->at++, unit_us /= 10)
            us += (*scan->at - '0') * unit_us;
    }
    *ret_us = hour * OMO_US_PER_HOUR + minute * OMO_US_PER_MINUTE + second * OMO_US_PER_SECOND + us;
    return true;
}

/* "13:55", or as scan_clock(). */
static bool scan_clock_short(struct moment_scan *scan, int64_t *ret_us)
{
    struct moment_scan whole = *scan;
    int64_t hour, minute;

    if (scan_clock(&whole, ret_us)) {
        *scan = whole;
        return true;
    }
    if (!scan_digits(scan, 2, 0, 23, &hour) || !scan_char(scan, ':') ||
        !scan_digits(scan, 2, 0, 59, &minute))
        return false;
    *ret_us = hour * OMO_US_PER_HOUR + minute * OMO_US_PER_MINUTE;
    return true;
}

/* "+0100" or "+01:00": what is to be taken off to get UTC. */
static bool scan_zone(struct moment_scan *scan, int64_t *ret_us)
{
    const bool behind = scan->at < scan->end && *scan->at == '-';
    int64_t hours, minutes;

    if (!behind && (scan->at == scan->end || *scan->at != '+'))
        return false;
    scan->at++;
    if (!scan_digits(scan, 2, 0, 23, &hours))
        return false;
    (void)scan_char(scan, ':');
    if (!scan_digits(scan, 2, 0, 59, &minutes))
        return false;
    *ret_us = hours * OMO_US_PER_HOUR + minutes * OMO_US_PER_MINUTE;
    if (behind)
        *ret_us = -*ret_us;
    return true;
}

static bool moment_from(int64_t year, int64_t month, int64_t day, int64_t clock_us, int64_t zone_us,
                        int64_t *ret_us)
{
    const int64_t us = moment_days(year, month, day) * OMO_US_PER_DAY + clock_us;

    if (moment_date(us - clock_us).day != day) /* a 31st of April */
        return false;
    *ret_us = us - zone_us;
    return true;
}

bool moment_parse_iso(const char *text, size_t size, int64_t *ret_us)
{
    struct moment_scan scan = {text, text + size};
    int64_t year, month, day, clock_us, zone_us = 0;

    if (!scan_digits(&scan, 4, 0, MOMENT_YEAR_MAX, &year) || !scan_char(&scan, '-') ||
        !scan_digits(&scan, 2, 1, 12, &month) || !scan_char(&scan, '-') ||
        !scan_digits(&scan, 2, 1, 31, &day))
        return false;
    if (!scan_char(&scan, 'T') && !scan_char(&scan, 't') && !scan_char(&scan, ' '))
        return false;
    if (!scan_clock(&scan, &clock_us))
        return false;
    if (scan.at < scan.end && !scan_char(&scan, 'Z') && !scan_char(&scan, 'z') &&
        !scan_zone(&scan, &zone_us))
        return false;
    return scan.at == scan.end && moment_from(year, month, day, clock_us, zone_us, ret_us);
}

bool moment_parse_log(const char *text, size_t size, int64_t *ret_us)
{
    struct moment_scan scan = {text, text + size};
    int64_t year, month = 0, day, clock_us, zone_us;

    if (!scan_digits(&scan, 2, 1, 31, &day) || !scan_char(&scan, '/') || scan.end - scan.at < 3)
        return false;
    while (month < 12 && g_ascii_strncasecmp(scan.at, months[month], 3) != 0)
        month++;
    scan.at += 3;
    if (month++ == 12 || !scan_char(&scan, '/') ||
        !scan_digits(&scan, 4, 0, MOMENT_YEAR_MAX, &year) || !scan_char(&scan, ':') ||
        !scan_clock(&scan, &clock_us) || !scan_char(&scan, ' ') || !scan_zone(&scan, &zone_us))
        return false;
    return scan.at == scan.end && moment_from(year, month, day, clock_us, zone_us, ret_us);
}

bool moment_parse_local(const char *text, size_t size, int64_t *ret_us, bool *ret_clock)
{
    struct moment_scan scan = {text, text + size};
    int64_t year, month, day, clock_us = 0, zone_us;
    bool clock = false;

    if (!scan_digits(&scan, 4, 0, MOMENT_YEAR_MAX, &year))
        return false;
    const char mark = scan.at < scan.end && (*scan.at == '-' || *scan.at == '/') ? *scan.at : '\0';
    if ((mark != '\0' && !scan_char(&scan, mark)) || !scan_digits(&scan, 2, 1, 12, &month) ||
        (mark != '\0' && !scan_char(&scan, mark)) || !scan_digits(&scan, 2, 1, 31, &day))
        return false;
    if (scan.at < scan.end) {
        if (!scan_char(&scan, ' ') && !scan_char(&scan, 'T') && !scan_char(&scan, 't'))
            return false;
        if (!scan_clock_short(&scan, &clock_us))
            return false;
        if (scan.at < scan.end && !scan_char(&scan, 'Z') && !scan_char(&scan, 'z') &&
            !scan_zone(&scan, &zone_us))
            return false;
        clock = true;
    }
    if (scan.at != scan.end || !moment_from(year, month, day, clock_us, 0, ret_us))
        return false;
    *ret_clock = clock;
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

static struct moment_date moment_date_shown(int64_t us)
{
    struct moment_date date = moment_date(us);

    date.year = CLAMP(date.year, 0, MOMENT_YEAR_MAX);
    return date;
}

const char *moment_format_iso(int64_t us, char text[MOMENT_TEXT_SIZE])
{
    const struct moment_date date = moment_date_shown(us);
    const int64_t second = date.second_us / OMO_US_PER_SECOND;

    g_snprintf(text, MOMENT_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", (int)date.year,
               (int)date.month, (int)date.day, (int)(second / 3600), (int)(second / 60 % 60),
               (int)(second % 60), (int)(date.second_us % OMO_US_PER_SECOND));
    return text;
}

const char *moment_format_log(int64_t us, char text[MOMENT_TEXT_SIZE])
{
    const struct moment_date date = moment_date_shown(us);
    const int64_t second = date.second_us / OMO_US_PER_SECOND;

    g_snprintf(text, MOMENT_TEXT_SIZE, "%02d/%s/%04d:%02d:%02d:%02d +0000", (int)date.day,
               months[date.month - 1], (int)date.year, (int)(second / 3600),
               (int)(second / 60 % 60), (int)(second % 60));
    return text;
}
