/* A buffer that grows, and one that has a limit. */
#include "flow/saved.h"

bool saved_write(void *user, const void *bytes, size_t size)
{
    struct saved *s = user;

    if (s->limit != 0 && s->size + size > s->limit)
        return false;
    s->bytes = realloc(s->bytes, s->size + size);
    ck_assert_ptr_nonnull(s->bytes);
    memcpy(s->bytes + s->size, bytes, size);
    s->size += size;
    return true;
}

bool saved_read(void *user, void *bytes, size_t size)
{
    struct saved *s = user;

    if (size > s->size - s->at)
        return false;
    memcpy(bytes, s->bytes + s->at, size);
    s->at += size;
    return true;
}

struct saved saved_of(const omo_world *w)
{
    struct saved s = {0};
    omo_error error = {0};
    uint64_t size = omo_world_save_size(w);

    ck_assert_msg(omo_world_save(w, saved_write, &s, &error) == OMO_OK, "%s", error.text);
    ck_assert_uint_eq(s.size, size);
    return s;
}

omo_world *saved_restore(struct saved *s, const omo_model *m, omo_error *ret_error)
{
    s->at = 0;
    return omo_world_restore(m, saved_read, s, ret_error);
}

void saved_free(struct saved *s)
{
    free(s->bytes);
    *s = (struct saved){0};
}

omo_world *saved_world(const omo_model *m, uint64_t seed, int64_t until_us)
{
    omo_error error = {0};
    omo_world *w = omo_world_new(m, seed, 0, &error);

    ck_assert_msg(w != NULL, "%s", error.text);
    ck_assert_msg(omo_world_run(w, until_us, &error) == OMO_OK, "%s", error.text);
    return w;
}
