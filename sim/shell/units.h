/* Values with units, in and out.
 *
 * Parsers read a whole text (blanks around it allowed), set the result on success only, and fail
 * with BAD_INPUT, "expected a duration such as 15min, 2h or 3d, found '15kg'", without a position:
 * the caller knows it. NaN, infinity and overflow are refused. Decimal fractions are scaled in
 * integers, never through double; a duration is rounded to the microsecond.
 *
 *   duration     500ms, 90s, 15min, 2.5h, 3d, 2w, 1d12h; 0       int64 microseconds
 *   money        12.50, -3, at most two decimals                 int64 cents
 *   share        0.12 or 12%                                     int64 parts per million, rounded
 *   distance     2.5km, 300m; 0                                  double metres
 *   speed        18km/h, 1.4m/s                                  double metres per second
 *   rate         350/d, 20/h, 3/15min; 0                         double, per unit of caller
 *   time of day  06:30, 23:59:30, 24:00                          int64 microseconds since midnight
 *
 * Formatters return text that the caller frees with g_free().
 */
#ifndef SHELL_UNITS_H
#define SHELL_UNITS_H

#include <glib.h>
#include <stdint.h>

/* What messages say is expected. */
#define UNITS_DURATION "a duration such as 15min, 2h or 3d"
#define UNITS_MONEY "an amount of money such as 12.50"
#define UNITS_SHARE "a share such as 0.12 or 12%"
#define UNITS_DISTANCE "a distance such as 2.5km or 300m"
#define UNITS_SPEED "a speed such as 18km/h or 1.4m/s"
#define UNITS_RATE "a rate such as 350/d or 20/h"
#define UNITS_TIME_OF_DAY "a time of day such as 06:30"
#define UNITS_WHOLE "a whole number"
#define UNITS_NUMBER "a number"

/* `bare_us` is what a bare number counts (the scenario's time_unit); 0 refuses bare numbers other
 * than 0. */
gboolean units_parse_duration_us(const char *text, int64_t bare_us, int64_t *ret_us,
                                 GError **ret_error);
/* Name of a unit of time alone: "ms", "s", "min", "h", "d", "w". */
gboolean units_parse_time_unit_us(const char *text, int64_t *ret_us, GError **ret_error);
gboolean units_parse_money_cents(const char *text, int64_t *ret_cents, GError **ret_error);
/* The same of an average or a converted price: any number of decimals, rounded to the cent. */
gboolean units_parse_money_rounded_cents(const char *text, int64_t *ret_cents, GError **ret_error);
gboolean units_parse_share_ppm(const char *text, int64_t *ret_ppm, GError **ret_error);
gboolean units_parse_distance_m(const char *text, double *ret_m, GError **ret_error);
gboolean units_parse_speed_m_per_s(const char *text, double *ret_m_per_s, GError **ret_error);
/* Count per `per_us` of time; `bare_us` as for durations. */
gboolean units_parse_rate(const char *text, int64_t bare_us, int64_t per_us, double *ret_rate,
                          GError **ret_error);
gboolean units_parse_time_of_day_us(const char *text, int64_t *ret_us, GError **ret_error);
gboolean units_parse_whole(const char *text, int64_t *ret_whole, GError **ret_error);
gboolean units_parse_number(const char *text, double *ret_number, GError **ret_error);
/* true, false, yes, no, on, off. */
gboolean units_parse_bool(const char *text, gboolean *ret_bool, GError **ret_error);

/* Exact, and read back by units_parse_duration_us(): "1d12h", "90ms", "2min30s500ms", "0s". */
char *units_format_duration(int64_t us);
/* About three digits in the largest fitting unit: "2.5h", "450ms". */
char *units_format_duration_short(int64_t us);
/* "1,234.50", "-0.05". */
char *units_format_money(int64_t cents);
/* "12%", "0.25%". */
char *units_format_share(int64_t ppm);
/* "1,234,567". */
char *units_format_count(int64_t count);
/* "06:30", with seconds and their fraction only when they aren't 0. */
char *units_format_time_of_day(int64_t us);

#endif
