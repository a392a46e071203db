/* Numbers and text as the page shows them. Pure functions; results are the caller's (g_free()).
 *
 * A mean is rounded to the second digit of its half-width, so that a reader sees the digits that
 * mean something: 12,413,640 +- 160,548 is shown as 12,410,000 +- 160,000. Without a half-width it
 * keeps four digits (three in compact form), whole numbers all of theirs up to a million.
 */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include <glib.h>

/* How a KPI's unit is shown: shares as %, small times in minutes, long ones in days. */
struct format_unit {
    double factor;
    char suffix[32];     /* "CNY", "%", "" */
    char difference[32]; /* of differences: percentage points instead of % */
};

/* `magnitude` is the largest value that is shown in this unit: all of a column share the unit. */
struct format_unit format_unit_for(const char *unit, double magnitude);

enum format_style {
    FORMAT_PLAIN = 0,
    FORMAT_SIGNED = 1,  /* "+" before positive numbers */
    FORMAT_COMPACT = 2, /* 12.41 M, 43 k: for sentences and pictures */
};

/* The number alone, in `unit`; a dash for NaN. `half_width` NaN or 0 = not known. `style` is a sum
 * of enum format_style. */
char *format_number(double value, double half_width, const struct format_unit *unit, int style);
/* The half-width alone, with the digits that its mean has. */
char *format_half_width(double value, double half_width, const struct format_unit *unit, int style);
/* Number and suffix: "12.41 M CNY", "+4.1 pp" (differences, with FORMAT_SIGNED). */
char *format_figure(double value, double half_width, const struct format_unit *unit, int style);

/* "+4.2 %" of base, or "" when there is no sensible share. */
char *format_change(double difference, double base);

/* Text for HTML: escaped, valid UTF-8, never NULL. */
char *format_html(const char *text);
/* A KPI's or table's name for people: "fill_rate.app" becomes "fill rate, app". */
char *format_name(const char *name);

#endif
