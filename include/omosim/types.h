/* Vocabulary shared by every public header: units, ids, status codes, errors.
 *
 * Units: simulated time is int64 microseconds since the run began (midnight of day 0), money
 * int64 cents, shares parts per million. Ids are one-member structs holding a dense index in the
 * order of adding, so that they can't be swapped.
 */
#ifndef OMOSIM_TYPES_H
#define OMOSIM_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define OMO_API __attribute__((visibility("default")))
#else
#define OMO_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define OMO_VERSION_MAJOR 0
#define OMO_VERSION_MINOR 1
#define OMO_VERSION_PATCH 0

/* Version of the library that is linked, "MAJOR.MINOR.PATCH". Static storage. */
OMO_API const char *omo_version(void);

#define OMO_US_PER_MS INT64_C(1000)
#define OMO_US_PER_SECOND INT64_C(1000000)
#define OMO_US_PER_MINUTE (60 * OMO_US_PER_SECOND)
#define OMO_US_PER_HOUR (60 * OMO_US_PER_MINUTE)
#define OMO_US_PER_DAY (24 * OMO_US_PER_HOUR)
#define OMO_PPM 1000000

typedef struct {
    uint32_t index;
} omo_place;
typedef struct {
    uint32_t index;
} omo_sku;
typedef struct {
    uint32_t index;
} omo_zone;
typedef struct {
    uint32_t index;
} omo_segment;
typedef struct {
    uint32_t index;
} omo_channel;
typedef struct {
    uint32_t index;
} omo_assortment;
typedef struct {
    uint32_t index;
} omo_promotion;

/* Every call that can fail returns one of these; success is 0, failures are negative. */
typedef enum omo_status {
    OMO_OK = 0,
    /* an argument or a model that makes no sense; the error's text says which */
    OMO_EINVAL = -1,
    OMO_ENOMEM = -2,    /* memory could not be had */
    OMO_ELIMIT = -3,    /* a named pool reached its limit (run.memory_max) */
    OMO_EAUDIT = -4,    /* a conservation law did not hold: a bug in the simulator */
    OMO_ECANCELLED = -5 /* the caller asked to stop */
} omo_status;

/* Caller-owned error text; `text` is always terminated. Pass NULL when it is not wanted. */
typedef struct omo_error {
    omo_status status;
    char text[508];
} omo_error;

/* Takes `size` bytes; returns false when that fails, which ends the saving. */
typedef bool (*omo_bytes_writer)(void *user, const void *bytes, size_t size);
/* Fills in the next `size` bytes; returns false when there are not so many. */
typedef bool (*omo_bytes_reader)(void *user, void *bytes, size_t size);

#ifdef __cplusplus
}
#endif
#endif
