/* What every core file includes: assertions, the poison list, small integer helpers.
 *
 * OMO_ASSERT is on in every build: it states a bug, never an outcome. OMO_AUDIT is for costly
 * checks and is on with -DOMO_AUDIT=ON. The poison list makes allocation, I/O and clocks a compile
 * error in core files; the few files that take memory (arena.c and the object makers) define
 * OMO_CORE_MAY_ALLOCATE before they include this. Poison reaches into every later header, so a file
 * includes what it needs of the system (and Check, in tests) before the first of ours.
 */
#ifndef OMO_BASE_CORE_H
#define OMO_BASE_CORE_H

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <omosim/types.h>

_Noreturn void core_fail(const char *file, int line, const char *condition);

#define OMO_ASSERT(condition) ((condition) ? (void)0 : core_fail(__FILE__, __LINE__, #condition))

#ifdef OMO_AUDIT_ON
#define OMO_AUDIT(condition) OMO_ASSERT(condition)
#else
#define OMO_AUDIT(condition) ((void)sizeof(condition))
#endif

#define OMO_NONE UINT32_MAX /* "no index" */

/* For the few functions that every event passes: part of their caller, as measured to matter. Some
 * are called from other files too, for which clang wants no `inline` and gcc insists on it. */
#if defined(__clang__)
#define OMO_HOT __attribute__((always_inline))
#else
#define OMO_HOT inline __attribute__((always_inline))
#endif

__extension__ typedef __int128 core_int128;
__extension__ typedef unsigned __int128 core_uint128;

/* Sets the caller's error and returns `status`, for `return core_error(...)`. Formats like printf.
 * `ret_error` may be NULL. */
omo_status core_error(omo_error *ret_error, omo_status status, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));

/* The same with the values in a list. */
omo_status core_error_list(omo_error *ret_error, omo_status status, const char *format,
                           va_list arguments);

static inline int64_t core_min_i64(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t core_max_i64(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int32_t core_min_i32(int32_t a, int32_t b) { return a < b ? a : b; }
static inline int32_t core_max_i32(int32_t a, int32_t b) { return a > b ? a : b; }
static inline uint32_t core_min_u32(uint32_t a, uint32_t b) { return a < b ? a : b; }

#ifndef OMO_CORE_MAY_ALLOCATE
#pragma GCC poison malloc calloc realloc free
#endif
#ifndef OMO_CORE_OUTSIDE /* tests and benchmarks that look inside may print and read clocks */
#pragma GCC poison printf fprintf fopen time gettimeofday clock_gettime rand random
#endif

#endif
