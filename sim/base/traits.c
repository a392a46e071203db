/* Fingerprints instead of the values keep a saved state small (a chain's SKU list is megabytes) and
 * still say which of forty things differs, which is what a person needs to mend a model. */
#include "base/traits.h"

static void traits_add(struct traits *t, const char *name, bool counted, uint64_t value)
{
    struct trait one = {.counted = counted, .value = value};
    size_t size = strlen(name) + 1;

    OMO_ASSERT(t->count < TRAITS_MAX);
    OMO_ASSERT(size <= sizeof(one.name));
    memcpy(one.name, name, size);
    t->trait[t->count++] = one;
}

void traits_count(struct traits *t, const char *name, uint64_t value)
{
    traits_add(t, name, true, value);
}

void traits_print(struct traits *t, const char *name, struct checksum *c)
{
    traits_add(t, name, false, checksum_value(c));
    checksum_init(c);
}

void traits_text(struct checksum *c, const char *text) { checksum_add(c, text, strlen(text) + 1); }

void traits_law(struct checksum *c, const omo_law *law)
{
    TRAITS_VALUE(c, law->kind);
    TRAITS_VALUE(c, law->a);
    TRAITS_VALUE(c, law->b);
    TRAITS_VALUE(c, law->c);
    if (law->table != NULL) {
        double mean = omo_law_mean(law), variance = omo_law_variance(law);
        TRAITS_VALUE(c, mean);
        TRAITS_VALUE(c, variance);
    }
}

omo_status traits_check(const struct traits *saved, const struct traits *here, omo_error *ret_error)
{
    if (saved->count != here->count)
        return core_error(ret_error, OMO_EINVAL, "saved with another list of traits");
    for (uint32_t i = 0; i < here->count; i++) {
        const struct trait *a = &saved->trait[i], *b = &here->trait[i];
        if (memcmp(a->name, b->name, sizeof(a->name)) != 0)
            return core_error(ret_error, OMO_EINVAL, "saved with another list of traits");
        if (a->value == b->value)
            continue;
        if (b->counted)
            return core_error(ret_error, OMO_EINVAL,
                              "saved from another model: %s: %llu there, %llu here", b->name,
                              (unsigned long long)a->value, (unsigned long long)b->value);
        return core_error(ret_error, OMO_EINVAL, "saved from another model: it differs in %s",
                          b->name);
    }
    return OMO_OK;
}
