/* HdrHistogram's formats, written from its published description (github.com/HdrHistogram, public
 * domain): the layout of cells in the class documentation of AbstractHistogram, the log in
 * HistogramLogWriter, the V2 encoding in its encodeIntoByteBuffer and ZigZagEncoding.
 *
 *   compressed   offset 0  4  cookie 0x1c849304, with 0x10 set       big-endian throughout
 *                       4  4  size of what follows
 *                       8     zlib stream of
 *   encoded      offset 0  4  cookie 0x1c849303, with 0x10 set
 *                       4  4  size of the counts in bytes
 *                       8  4  normalising offset, 0
 *                      12  4  significant digits
 *                      16  8  lowest discernible value
 *                      24  8  highest trackable value
 *                      32  8  double: ratio of stored to recorded values, 1
 *                      40     counts of cells 0 .. that of the maximum, ZigZag LEB128, where -n
 *                             stands for n > 1 empty cells in a row; a ninth byte carries 8 bits
 *
 * The percentile text follows the same project's outputPercentileDistribution, line for line, so
 * that files of different tools can be laid over each other. Mean and maximum are the exact ones.
 */
#include "replay/hdr.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

#define HDR_COOKIE_ENCODED (0x1c849303u | 0x10u)
#define HDR_COOKIE_COMPRESSED (0x1c849304u | 0x10u)
#define HDR_TICKS_PER_HALF 5
#define HDR_NS_PER_MS 1e6

/* ---- layout --------------------------------------------------------------------------------- */

static uint32_t hdr_cell(const struct hdr *hdr, int64_t value)
{
    uint64_t units = (uint64_t)value >> hdr->unit_bits;
    uint64_t top = (UINT64_C(1) << hdr->sub_bucket_bits) - 1;
    uint32_t bucket = 64u - hdr->sub_bucket_bits - (uint32_t)__builtin_clzll(units | top);
    uint32_t half = 1u << (hdr->sub_bucket_bits - 1);

    return bucket * half + (uint32_t)(units >> bucket);
}

/* Lowest value of a cell. */
static int64_t hdr_cell_low(const struct hdr *hdr, uint32_t cell)
{
    uint32_t half = 1u << (hdr->sub_bucket_bits - 1);
    uint32_t bucket = cell < 2 * half ? 0 : cell / half - 1;

    return (int64_t)(cell - bucket * half) << (bucket + hdr->unit_bits);
}

static struct hdr *hdr_new_empty(uint32_t digits, uint32_t sub_bucket_bits, uint32_t unit_bits,
                                 int64_t value_max)
{
    struct hdr *hdr = g_new0(struct hdr, 1);

    hdr->digits = digits;
    hdr->sub_bucket_bits = sub_bucket_bits;
    hdr->unit_bits = unit_bits;
    hdr->value_max = value_max;
    hdr->cell_count = hdr_cell(hdr, value_max) + 1;
    hdr->cells = g_new0(uint64_t, hdr->cell_count);
    return hdr;
}

struct hdr *hdr_new(const omo_histogram *h, int64_t value_max)
{
    struct hdr *hdr = hdr_new_empty(3, 11, 0, value_max);
    int64_t low, high;
    uint64_t count;
    uint32_t cursor = 0;

    while (omo_histogram_next(h, &cursor, &low, &high, &count))
        hdr->cells[hdr_cell(hdr, low)] += count;
    hdr->count = omo_histogram_count(h);
    hdr->recorded_max = omo_histogram_max(h);
    hdr->mean = omo_histogram_mean(h);
    return hdr;
}

struct hdr *hdr_new_coarse(const struct coarse_sum *sum, int64_t value_max)
{
    struct hdr *hdr = hdr_new_empty(2, 8, 3, value_max);

    for (uint32_t i = 0; i < COARSE_CELLS; i++)
        if (sum->cells[i] > 0)
            hdr->cells[hdr_cell(hdr, coarse_cell_low_ns(i))] += sum->cells[i];
    hdr->count = sum->count;
    hdr->recorded_max = sum->max_ns;
    hdr->mean = sum->count == 0 ? 0 : (double)sum->sum_ns / (double)sum->count;
    return hdr;
}

void hdr_free(struct hdr *hdr)
{
    if (hdr == NULL)
        return;
    g_free(hdr->cells);
    g_free(hdr);
}

/* ---- encoding ------------------------------------------------------------------------------- */

static void hdr_put(GByteArray *bytes, uint64_t value, uint32_t size)
{
    for (uint32_t i = size; i > 0; i--) {
        uint8_t byte = (uint8_t)(value >> (8 * (i - 1)));
        g_byte_array_append(bytes, &byte, 1);
    }
}

static void hdr_put_zigzag(GByteArray *bytes, int64_t value)
{
    uint64_t left = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);

    for (uint32_t i = 0; i < 8 && left >= 0x80; i++, left >>= 7)
        hdr_put(bytes, (left & 0x7f) | 0x80, 1);
    hdr_put(bytes, left, 1);
}

static void hdr_put_counts(GByteArray *bytes, const struct hdr *hdr)
{
    uint32_t end = hdr->count == 0 ? 0 : hdr_cell(hdr, hdr->recorded_max) + 1;

    for (uint32_t i = 0; i < end;) {
        uint32_t zeros = 0;
        while (i + zeros < end && hdr->cells[i + zeros] == 0)
            zeros++;
        hdr_put_zigzag(bytes, zeros > 1 ? -(int64_t)zeros : (int64_t)hdr->cells[i]);
        i += MAX(zeros, 1);
    }
}

char *hdr_encode(const struct hdr *hdr)
{
    g_autoptr(GByteArray) counts = g_byte_array_new();
    g_autoptr(GByteArray) encoded = g_byte_array_new();
    g_autoptr(GByteArray) compressed = g_byte_array_new();
    const double ratio = 1;
    uint64_t ratio_bits;

    memcpy(&ratio_bits, &ratio, sizeof ratio_bits);
    hdr_put_counts(counts, hdr);
    hdr_put(encoded, HDR_COOKIE_ENCODED, 4);
    hdr_put(encoded, counts->len, 4);
    hdr_put(encoded, 0, 4);
    hdr_put(encoded, hdr->digits, 4);
    hdr_put(encoded, UINT64_C(1) << hdr->unit_bits, 8);
    hdr_put(encoded, (uint64_t)hdr->value_max, 8);
    hdr_put(encoded, ratio_bits, 8);
    g_byte_array_append(encoded, counts->data, counts->len);

    uLongf size = compressBound(encoded->len);
    g_autofree uint8_t *deflated = g_malloc(size);
    int status = compress2(deflated, &size, encoded->data, encoded->len, Z_DEFAULT_COMPRESSION);
    g_assert(status == Z_OK); /* the buffer is as large as it can get */
    hdr_put(compressed, HDR_COOKIE_COMPRESSED, 4);
    hdr_put(compressed, size, 4);
    g_byte_array_append(compressed, deflated, (guint)size);
    return g_base64_encode(compressed->data, compressed->len);
}

/* ---- the log -------------------------------------------------------------------------------- */

/* A number with a fixed width and number of decimals, the decimal point whatever the locale says. */
static void hdr_write_number(FILE *stream, int width, const char *format, double value)
{
    char text[64];

    g_ascii_formatd(text, sizeof text, format, value);
    fprintf(stream, "%*s", width, text);
}

void hdr_write_log_head(FILE *stream, int64_t started_unix_us)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(started_unix_us / 1000000);
    g_autofree char *date = at == NULL ? NULL : g_date_time_format(at, "%Y-%m-%dT%H:%M:%SZ");

    fprintf(stream, "#[Histogram log format version 1.3]\n#[StartTime: ");
    hdr_write_number(stream, 0, "%.3f", (double)started_unix_us / 1e6);
    fprintf(stream, " (seconds since epoch), %s]\n", date == NULL ? "" : date);
    fprintf(stream, "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                    "\"Interval_Compressed_Histogram\"\n");
}

void hdr_write_log_line(FILE *stream, const char *tag, double begin_s, double length_s,
                        const struct hdr *hdr)
{
    g_autofree char *encoded = hdr_encode(hdr);

    if (tag != NULL)
        fprintf(stream, "Tag=%s,", tag);
    hdr_write_number(stream, 0, "%.3f", begin_s);
    fputc(',', stream);
    hdr_write_number(stream, 0, "%.3f", length_s);
    fputc(',', stream);
    hdr_write_number(stream, 0, "%.3f", (double)hdr->recorded_max / HDR_NS_PER_MS);
    fprintf(stream, ",%s\n", encoded);
}

/* ---- percentile text ------------------------------------------------------------------------ */

static double hdr_deviation(const struct hdr *hdr)
{
    double sum = 0;

    for (uint32_t i = 0; i < hdr->cell_count; i++) {
        int64_t low = hdr_cell_low(hdr, i), next = hdr_cell_low(hdr, i + 1);
        double distance = (double)low + (double)((next - low) / 2) - hdr->mean;
        sum += distance * distance * (double)hdr->cells[i];
    }
    return hdr->count == 0 ? 0 : sqrt(sum / (double)hdr->count);
}

static void hdr_write_percentile(FILE *stream, int64_t value, double percent, uint64_t count)
{
    hdr_write_number(stream, 12, "%.3f", (double)value / HDR_NS_PER_MS);
    hdr_write_number(stream, 15, "%.12f", percent / 100);
    fprintf(stream, " %10" G_GUINT64_FORMAT, count);
    if (percent < 100) {
        fputc(' ', stream);
        hdr_write_number(stream, 14, "%.2f", 1 / (1 - percent / 100));
    }
    fputc('\n', stream);
}

static void hdr_write_footer(FILE *stream, const struct hdr *hdr)
{
    uint32_t buckets = (hdr_cell(hdr, hdr->value_max) >> (hdr->sub_bucket_bits - 1));

    fprintf(stream, "#[Mean    = ");
    hdr_write_number(stream, 12, "%.3f", hdr->mean / HDR_NS_PER_MS);
    fprintf(stream, ", StdDeviation   = ");
    hdr_write_number(stream, 12, "%.3f", hdr_deviation(hdr) / HDR_NS_PER_MS);
    fprintf(stream, "]\n#[Max     = ");
    hdr_write_number(stream, 12, "%.3f", (double)hdr->recorded_max / HDR_NS_PER_MS);
    fprintf(stream, ", Total count    = %12" G_GUINT64_FORMAT "]\n", hdr->count);
    fprintf(stream, "#[Buckets = %12u, SubBuckets     = %12u]\n", buckets,
            1u << hdr->sub_bucket_bits);
}

void hdr_write_percentiles(FILE *stream, const struct hdr *hdr)
{
    uint64_t below = 0;
    double level = 0; /* percent, of the next line */

    fprintf(stream, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
            "1/(1-Percentile)");
    for (uint32_t i = 0; i < hdr->cell_count && hdr->count > 0; i++) {
        int64_t high = hdr_cell_low(hdr, i + 1) - 1;
        below += hdr->cells[i];
        while (hdr->cells[i] > 0 && level < 100 &&
               100.0 * (double)below / (double)hdr->count >= level) {
            hdr_write_percentile(stream, high, level, below);
            if (below == hdr->count) {
                hdr_write_percentile(stream, high, 100, below);
                level = 100;
                break;
            }
            double halves = floor(log2(100 / (100 - level))) + 1;
            double next = level + 100 / (HDR_TICKS_PER_HALF * exp2(halves));
            if (next == level) /* as near to 100 % as a double comes: only the end is left */
                break;
            level = next;
        }
    }
    hdr_write_footer(stream, hdr);
}
