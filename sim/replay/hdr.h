/* HdrHistogram's file formats: the compressed log (.hlog) and the percentile text (.hgrm).
 *
 * A `struct hdr` is a histogram in HdrHistogram's own layout: 2^k sub-buckets, of which every bucket
 * after the first uses the upper half, each twice as wide as those of the bucket before. Cells of
 * ours fall into exactly one of its cells, so counts carry over as they are: it is what
 * HdrHistogram would hold had it recorded the same values. Values are nanoseconds.
 *
 *   from               significant digits   sub-buckets   lowest discernible value
 *   omo_histogram      3                    2048          1 ns
 *   coarse_sum         2                    256           8 ns
 */
#ifndef REPLAY_HDR_H
#define REPLAY_HDR_H

#include "replay/coarse.h"

#include <glib.h>
#include <omosim/histogram.h>
#include <stdio.h>

struct hdr {
    uint32_t digits;
    uint32_t sub_bucket_bits; /* 11 or 8 */
    uint32_t unit_bits;       /* lowest discernible value: 2^unit_bits */
    int64_t value_max;        /* highest trackable */
    int64_t recorded_max;     /* exact */
    double mean;              /* exact */
    uint64_t count;
    uint64_t *cells; /* [cell_count]; owned */
    uint32_t cell_count;
};

struct hdr *hdr_new(const omo_histogram *h, int64_t value_max);
struct hdr *hdr_new_coarse(const struct coarse_sum *sum, int64_t value_max);
void hdr_free(struct hdr *hdr);
/* V2 compressed encoding in base64, as in a log line ("HISTFAAA..."). Caller frees. */
char *hdr_encode(const struct hdr *hdr);

/* The head of a log: version 1.3, start time, column names. */
void hdr_write_log_head(FILE *stream, int64_t started_unix_us);
/* A line of a log; tag NULL = none. Times since the start; the maximum is told in milliseconds. */
void hdr_write_log_line(FILE *stream, const char *tag, double begin_s, double length_s,
                        const struct hdr *hdr);
/* Percentile text, values in milliseconds, five lines each time the distance to 100 % halves. */
void hdr_write_percentiles(FILE *stream, const struct hdr *hdr);

#endif
