/* Exact products of two decimal numbers.
 *
 * A number is up to 19 digits, which 64 bits hold, and a power of ten; a product of two then fits
 * 128 bits. What is cut off behind the 19th digit is less than a unit of the last one, so a half
 * stays a half and rounding away from zero is not moved by it.
 */
#include "traffic/decimal.h"

#define DECIMAL_DIGITS_MAX 19
#define DECIMAL_EXPONENT_MAX 10000 /* beyond it is 0 or too large, whatever the digits */

__extension__ typedef unsigned __int128 decimal_wide;

static bool decimal_is_digit(char c) { return c >= '0' && c <= '9'; }

/* Appends digits from `*at` on; `behind` = behind the point. FALSE: there is none. */
static bool decimal_read_digits(const char **at, const char *end, bool behind, uint32_t *count,
                                struct decimal *d)
{
    const char *first = *at;

    for (; *at < end && decimal_is_digit(**at); (*at)++) {
        const bool kept = *count < DECIMAL_DIGITS_MAX;
        if (kept) {
            d->digits = d->digits * 10 + (uint64_t)(**at - '0');
            *count += d->digits > 0;
        }
        if (behind == kept && d->exponent > -DECIMAL_EXPONENT_MAX &&
            d->exponent < DECIMAL_EXPONENT_MAX)
            d->exponent += kept ? -1 : 1;
    }
    return *at > first;
}

static bool decimal_read_exponent(const char **at, const char *end, struct decimal *d)
{
    int32_t exponent = 0;
    bool negative = false;

    if (*at < end && (**at == '+' || **at == '-'))
        negative = *(*at)++ == '-';
    if (*at == end)
        return false;
    for (; *at < end && decimal_is_digit(**at); (*at)++)
        if (exponent < DECIMAL_EXPONENT_MAX)
            exponent = exponent * 10 + (**at - '0');
    d->exponent += negative ? -exponent : exponent;
    return *at == end;
}

bool decimal_read(const char *text, size_t size, struct decimal *ret_decimal)
{
    const char *at = text, *end = text + size;
    struct decimal d = {0, 0, false};
    uint32_t count = 0;

    if (at < end && *at == '-') {
        d.negative = true;
        at++;
    }
    if (!decimal_read_digits(&at, end, false, &count, &d))
        return false;
    if (at < end && *at == '.') {
        at++;
        if (!decimal_read_digits(&at, end, true, &count, &d))
            return false;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (!decimal_read_exponent(&at, end, &d))
            return false;
    }
    if (at != end)
        return false;
    *ret_decimal = d;
    return true;
}

bool decimal_product(struct decimal a, struct decimal b, int64_t *ret_whole)
{
    decimal_wide product = (decimal_wide)a.digits * b.digits;
    int32_t exponent = a.exponent + b.exponent;
    uint32_t last = 0; /* digit that was cut off last */

    for (; exponent < 0 && (product > 0 || last > 0); exponent++) {
        last = (uint32_t)(product % 10);
        product /= 10;
    }
    product += last >= 5;
    for (; exponent > 0 && product > 0; exponent--) {
        if (product > (decimal_wide)INT64_MAX)
            return false;
        product *= 10;
    }
    if (product > (decimal_wide)INT64_MAX)
        return false;
    *ret_whole = a.negative != b.negative ? -(int64_t)product : (int64_t)product;
    return true;
}
