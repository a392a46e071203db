/* The public face of keyed draws.
 *
 * omo_draws is struct draw_cursor under a public name: same members, same order, checked below. Only
 * the functions of this file look inside one, and always through the internal type.
 */
#include <omosim/draws.h>

#include "base/batch.h"
#include "base/laws.h"

static_assert(sizeof(omo_draws) == sizeof(struct draw_cursor), "one layout");
static_assert(offsetof(omo_draws, key) == offsetof(struct draw_cursor, key), "one layout");
static_assert(offsetof(omo_draws, word) == offsetof(struct draw_cursor, word), "one layout");
static_assert(offsetof(omo_draws, used) == offsetof(struct draw_cursor, used), "one layout");

#define DRAWS_INDEX_END (UINT32_C(1) << 24)

static struct draw_cursor *draws_cursor(omo_draws *draws)
{
    OMO_ASSERT(draws != NULL);
    return (struct draw_cursor *)(void *)draws;
}

omo_status omo_draws_open(omo_draws *ret_draws, uint64_t seed, uint64_t replication,
                          uint32_t purpose, uint64_t entity, uint32_t index, omo_error *ret_error)
{
    if (ret_draws == NULL)
        return core_error(ret_error, OMO_EINVAL, "no place for the stream given");
    if (purpose > UINT8_MAX)
        return core_error(ret_error, OMO_EINVAL, "a purpose is below 256, not %u", purpose);
    if (index >= DRAWS_INDEX_END)
        return core_error(ret_error, OMO_EINVAL, "an index is below 2^24, not %u", index);
    draw_begin(draws_cursor(ret_draws), draw_key_make(seed, replication),
               (enum draw_purpose)purpose, entity, index);
    return OMO_OK;
}

uint32_t omo_draws_word(omo_draws *draws) { return draw_u32(draws_cursor(draws)); }

double omo_draws_unit(omo_draws *draws) { return draw_unit(draws_cursor(draws)); }

double omo_draws_exponential(omo_draws *draws) { return law_exponential(draws_cursor(draws)); }

double omo_law_draw(const omo_law *law, omo_draws *draws)
{
    OMO_ASSERT(law != NULL);
    return law_draw(law, draws_cursor(draws));
}

void omo_draws_fill_unit(omo_draws *draws, size_t count, double *ret_value)
{
    batch_units(draws_cursor(draws), count, ret_value);
}

void omo_draws_fill_exponential(omo_draws *draws, size_t count, double *ret_value)
{
    batch_exponentials(draws_cursor(draws), count, ret_value);
}

void omo_draws_use_scalar(bool scalar) { batch_use_scalar(scalar); }

void omo_draw_words(const uint32_t counter[4], const uint32_t key[2], uint32_t ret_word[4])
{
    struct draw_cursor c = {.used = 4};

    OMO_ASSERT(counter != NULL && key != NULL && ret_word != NULL);
    memcpy(c.counter.v, counter, sizeof(c.counter.v));
    memcpy(c.key.v, key, sizeof(c.key.v));
    draw_block(&c);
    memcpy(ret_word, c.word, sizeof(c.word));
}
