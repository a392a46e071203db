/* Decimal numbers as texts write them, without a binary fraction in between: 12.50 x 100 is 1250, and
 * 0.29 x 100 is 29. Pure functions, any thread. */
#ifndef TRAFFIC_DECIMAL_H
#define TRAFFIC_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct decimal { /* digits x 10^exponent */
    uint64_t digits;
    int32_t exponent;
    bool negative;
};

#define DECIMAL_ONE                                                                                \
    (struct decimal) { 1, 0, false }

/* A number as JSON writes them (RFC 8259), all of the text. Digits behind the 19th that counts are
 * cut off. FALSE: it is none. */
bool decimal_read(const char *text, size_t size, struct decimal *ret_decimal);
/* a x b, rounded to a whole number, half away from zero. FALSE: it is over 2^63 - 1. */
bool decimal_product(struct decimal a, struct decimal b, int64_t *ret_whole);

#endif
