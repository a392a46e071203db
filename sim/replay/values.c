/* Captured values: blocks by size class.
 *
 * Within a block values stand one behind the other, each as variable (1 byte), size (2 bytes), text;
 * a variable of 255 ends them. A journey has a handful of short values, so reading all of them for a
 * template is a few dozen instructions and needs no index. A change writes a new block: the old one
 * is read while the new one is written, which is why an area has one block more than owners.
 *
 * A handle is the class in its top four bits and the block's number below.
 */
#include "replay/values.h"

#include <string.h>
#include <sys/mman.h>

enum { HEAD_SIZE = 3, END = 255, CLASS_SHIFT = 28 };

void *values_reserve(size_t size)
{
    void *area = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return area == MAP_FAILED ? NULL : area;
}

void values_release(void *area, size_t size)
{
    if (area != NULL)
        munmap(area, size);
}

static size_t area_size(const struct values *values, uint32_t class)
{
    return ((size_t)values->capacity + 1) * (VALUES_BLOCK_MIN << class);
}

bool values_init(struct values *values, uint32_t capacity)
{
    g_assert(capacity < (1u << CLASS_SHIFT) - 1);
    *values = (struct values){.capacity = capacity};
    for (uint32_t class = 0; class < VALUES_CLASSES; class ++) {
        values->free[class] = VALUES_NONE;
        values->area[class] = values_reserve(area_size(values, class));
        if (values->area[class] == NULL) {
            values_clear(values);
            return false;
        }
    }
    return true;
}

void values_clear(struct values *values)
{
    for (uint32_t class = 0; class < VALUES_CLASSES; class ++) {
        values_release(values->area[class], area_size(values, class));
        values->area[class] = NULL;
    }
}

static uint8_t *block_of(const struct values *values, uint32_t handle)
{
    const uint32_t class = handle >> CLASS_SHIFT;
    const size_t index = handle & ((1u << CLASS_SHIFT) - 1);

    return values->area[class] + index * (VALUES_BLOCK_MIN << class);
}

static uint32_t take_block(struct values *values, size_t size)
{
    uint32_t class = 0;

    while ((VALUES_BLOCK_MIN << class) < size)
        class ++;
    uint32_t handle = values->free[class];
    if (handle != VALUES_NONE) {
        memcpy(&values->free[class], block_of(values, handle), sizeof values->free[class]);
        return handle;
    }
    g_assert(values->used[class] <= values->capacity);
    handle = class << CLASS_SHIFT | values->used[class]++;
    return handle;
}

void values_drop(struct values *values, uint32_t handle)
{
    if (handle == VALUES_NONE)
        return;
    const uint32_t class = handle >> CLASS_SHIFT;
    memcpy(block_of(values, handle), &values->free[class], sizeof values->free[class]);
    values->free[class] = handle;
}

static bool is_new(const struct api_text *captured, uint32_t variable, uint32_t mine)
{
    return captured[variable].text != NULL && (mine >> variable & 1) != 0;
}

static uint8_t *append(uint8_t *at, uint32_t variable, const void *text, uint32_t size)
{
    const uint16_t short_size = (uint16_t)size;

    at[0] = (uint8_t)variable;
    memcpy(at + 1, &short_size, sizeof short_size);
    memcpy(at + HEAD_SIZE, text, size);
    return at + HEAD_SIZE + size;
}

bool values_put(struct values *values, uint32_t *handle, const struct api_text *captured,
                uint32_t variable_count, uint32_t mine)
{
    struct api_text all[API_VARIABLES_MAX] = {{NULL, 0}};
    size_t size = 1;

    if (*handle != VALUES_NONE)
        values_get(values, *handle, all);
    for (uint32_t v = 0; v < variable_count; v++) {
        if (is_new(captured, v, mine))
            all[v] = captured[v];
        if (all[v].text != NULL)
            size += HEAD_SIZE + (size_t)all[v].size;
    }
    if (size > VALUES_BLOCK_MAX)
        return false;
    const uint32_t fresh = take_block(values, size);
    uint8_t *at = block_of(values, fresh);
    for (uint32_t v = 0; v < variable_count; v++)
        if (all[v].text != NULL)
            at = append(at, v, all[v].text, all[v].size);
    *at = END;
    values_drop(values, *handle);
    *handle = fresh;
    return true;
}

void values_get(const struct values *values, uint32_t handle, struct api_text *ret_variable)
{
    if (handle == VALUES_NONE)
        return;
    for (const uint8_t *at = block_of(values, handle); *at != END;) {
        uint16_t size;
        memcpy(&size, at + 1, sizeof size);
        ret_variable[*at] = (struct api_text){(const char *)at + HEAD_SIZE, size};
        at += HEAD_SIZE + size;
    }
}

uint64_t values_memory(const struct values *values)
{
    uint64_t size = 0;

    for (uint32_t class = 0; class < VALUES_CLASSES; class ++)
        size += (uint64_t)values->used[class] * (VALUES_BLOCK_MIN << class);
    return size;
}
