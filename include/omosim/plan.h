/* Traffic plans: the file format of what simulated customers and clerks ask of a service, and when.
 *
 * A plan is a stream of journeys (one customer visit, one clerk task), each followed by its steps.
 * Everything is little-endian and in units of 32 bytes, so a mapped file is read in place and a
 * reader needs no memory of its own, however long the plan.
 *
 *   file = header, names, records ..., trailer
 *
 *   header (64 bytes)
 *   offset size  meaning
 *        0    8  "omoplan" and the format's version as a byte, OMO_PLAN_FORMAT
 *        8    8  size of the names in bytes, a multiple of 32
 *       16    8  what time 0 is, microseconds since 1970-01-01 UTC; INT64_MIN = not known
 *       24    8  seed, 0 when no simulation made it
 *       32    8  digest of the simulated facts, 0 likewise
 *       40    4  replication
 *       44   20  zeros
 *
 *   names: one JSON object, UTF-8, padded with blanks: {"scenario": ..., "channels": [...],
 *   "places": [...], "skus": [...], "coupons": [...], "steps": [...]}: what the numbers in the
 *   records stand for; each list may be missing or short (a number past its end stands for itself).
 *   Step kinds are looked up by their name in "steps": their numbers may differ between versions.
 *
 *   journey (32 bytes), in the order of at_us         step (32 bytes), in the order of at_us
 *   offset size  field                                 offset size  field
 *        0    8  at_us   start, us since time 0             0    8  at_us    intended time
 *        8    8  member  0 = nobody known                   8    8  amount   cents: line or order
 *       16    8  order   0 = none                          16    4  sku      OMO_PLAN_NONE = none
 *       24    4  place   OMO_PLAN_NONE = none              20    4  place    OMO_PLAN_NONE = none
 *       28    2  step_count, 1..OMO_PLAN_STEPS_MAX         24    2  quantity
 *       30    1  channel OMO_PLAN_NO_CHANNEL = none        26    2  coupon   OMO_PLAN_NO_COUPON
 *       31    1  tag = OMO_PLAN_JOURNEY                    28    2  payload  32-byte blocks behind
 *                                                          30    1  kind
 *                                                          31    1  tag = OMO_PLAN_STEP
 *
 *   payload: `payload` x 32 bytes behind a step, of imported traffic only: a request as it was
 *   recorded, in the form of an HTTP/1.1 message (request line with path or absolute URL, header
 *   lines, empty line, body), zero-padded; bytes 0..3 are its size.
 *
 *   trailer (32 bytes)
 *   offset size  field
 *        0    8  journey count
 *        8    8  step count
 *       16    8  size of the records in bytes, trailer not counted
 *       24    4  CRC-32 (ISO-HDLC, as in zlib) of the records
 *       28    3  zeros
 *       31    1  tag = OMO_PLAN_TRAILER
 *
 * Times lie within OMO_PLAN_AT_US_MAX of time 0, on either side; a step is never before its journey.
 * A file without its trailer was cut: readers refuse it. An order's identity is that of its facts
 * (omosim/fact.h); a member's is given by whoever makes the plan and is never 0.
 */
#ifndef OMOSIM_PLAN_H
#define OMOSIM_PLAN_H

#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OMO_PLAN_FORMAT 1
#define OMO_PLAN_HEADER_SIZE 64
#define OMO_PLAN_STEPS_MAX 4096
#define OMO_PLAN_NAMES_SIZE_MAX (1u << 30)
#define OMO_PLAN_AT_US_MAX ((int64_t)1 << 53)         /* 285 years: exact as a double, too */
#define OMO_PLAN_PAYLOAD_MAX ((size_t)65535 * 32 - 4) /* bytes of a recorded request */
#define OMO_PLAN_NONE UINT32_MAX
#define OMO_PLAN_NO_CHANNEL UINT8_MAX
#define OMO_PLAN_NO_COUPON UINT16_MAX

enum omo_plan_tag { OMO_PLAN_STEP = 1, OMO_PLAN_JOURNEY = 2, OMO_PLAN_TRAILER = 3 };

typedef struct omo_plan_header {
    char magic[8];
    uint64_t names_size;
    int64_t epoch_us;
    uint64_t seed;
    uint64_t digest;
    uint32_t replication;
    uint32_t zero[5];
} omo_plan_header;

typedef struct omo_plan_journey {
    int64_t at_us;
    uint64_t member;
    uint64_t order;
    uint32_t place;
    uint16_t step_count;
    uint8_t channel;
    uint8_t tag;
} omo_plan_journey;

typedef struct omo_plan_step {
    int64_t at_us;
    int64_t amount;
    uint32_t sku;
    uint32_t place;
    uint16_t quantity;
    uint16_t coupon;
    uint16_t payload;
    uint8_t kind;
    uint8_t tag;
} omo_plan_step;

typedef struct omo_plan_trailer {
    uint64_t journey_count;
    uint64_t step_count;
    uint64_t record_size;
    uint32_t crc;
    uint8_t zero[3];
    uint8_t tag;
} omo_plan_trailer;

#ifdef __cplusplus
}
#endif
#endif
