/* Figures of a load run as people read them. Each is a small value of its own:
 *
 *     printf("%s of %s", figure_time(p99_ns).text, figure_count(requests).text);
 *
 * Three significant digits, unit behind a blank, the decimal point whatever the locale says.
 */
#ifndef REPLAY_FIGURE_H
#define REPLAY_FIGURE_H

#include <stdint.h>

struct figure {
    char text[32];
};

struct figure figure_time(double ns);     /* "850 ns", "212 us", "1.23 ms", "95.1 s", "12.5 min" */
struct figure figure_share(double share); /* "0.12%", "100%" */
struct figure figure_rate(double per_s);  /* "12.5/s", "10,240/s" */
struct figure figure_count(uint64_t count); /* "1,204,399" */
struct figure figure_bytes(uint64_t bytes); /* "512 B", "12.5 kB", "1.2 GB": powers of 1,000 */
struct figure figure_number(double number); /* "0.125", "250", "1,234" */

#endif
