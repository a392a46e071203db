/* Moments as files of recorded traffic write them, as microseconds since 1970-01-01 UTC. Years 0 to
 * 9999 of the Gregorian calendar; leap seconds count as the second after. Pure functions. */
#ifndef TRAFFIC_MOMENT_H
#define TRAFFIC_MOMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOMENT_TEXT_SIZE 40

/* "2009-07-24T19:20:30.45+01:00" (ISO 8601; "Z" too, the zone may be missing: UTC). The whole text;
 * false when it is not one. */
bool moment_parse_iso(const char *text, size_t size, int64_t *ret_us);
/* "10/Oct/2000:13:55:36 -0700", what an access log has between its brackets; a fraction of a second
 * may follow the seconds. */
bool moment_parse_log(const char *text, size_t size, int64_t *ret_us);

/* When a till or a shop wrote a purchase down: "2009-07-24", "20090724" or "2009/07/24", then, where
 * known, a blank or T and "19:20" or "19:20:30.45". The clock is the shop's own: a zone after it is
 * checked and left out of account. *ret_clock says whether there was a time of day. */
bool moment_parse_local(const char *text, size_t size, int64_t *ret_us, bool *ret_clock);

/* "2009-07-24T18:20:30.450000Z". Returns `text`; a year out of range shows as the nearest. */
const char *moment_format_iso(int64_t us, char text[MOMENT_TEXT_SIZE]);
/* "10/Oct/2000:20:55:36 +0000", fractions dropped. */
const char *moment_format_log(int64_t us, char text[MOMENT_TEXT_SIZE]);

#endif
