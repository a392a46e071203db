/* Texts to numbers by a hash table with open addressing over a growing list of texts.
 *
 * The table is at most half full and probed one slot after the other (Knuth, The Art of Computer
 * Programming 3, 6.4, algorithm L). Beside each number stands the text's hash: a probe that meets
 * another text ends in the table, mostly in the same cache line, and growing reads no texts. Texts
 * lie terminated in blocks that never move: what intern_text() gave stays where it is.
 *
 * The hash takes eight bytes at a time (a multiplication by an odd constant and a fold of the upper
 * half onto the lower, the mixing step of MurmurHash, Appleby 2008). It is not made to withstand
 * someone who looks for collisions: then taking texts in becomes slow, not wrong.
 *
 * A text costs its bytes, one more, 16 for its entry and 16 to 32 in the table: a million order keys
 * of 12 bytes are about 60 MB.
 */
#include "shell/intern.h"

#include <string.h>

#define BLOCK_SIZE (1u << 20) /* longer texts have a block of their own */
#define SLOTS_FIRST 1024u
#define MULTIPLIER UINT64_C(0x9e3779b97f4a7c15)

struct entry {
    const char *text;
    uint32_t size;
};

struct slot {
    uint32_t number; /* 0 = free */
    uint32_t hash;
};

struct intern {
    struct entry *entry; /* by number; the first is "" */
    uint32_t count, capacity;
    struct slot *slot;
    uint32_t mask;
    GPtrArray *blocks;
    char *room; /* what is left of the last block */
    size_t room_size;
};

Intern *intern_new(void)
{
    Intern *intern = g_new0(Intern, 1);

    intern->capacity = SLOTS_FIRST / 2;
    intern->entry = g_new(struct entry, intern->capacity);
    intern->entry[0] = (struct entry){.text = ""};
    intern->count = 1;
    intern->slot = g_new0(struct slot, SLOTS_FIRST);
    intern->mask = SLOTS_FIRST - 1;
    intern->blocks = g_ptr_array_new_with_free_func(g_free);
    return intern;
}

void intern_free(Intern *intern)
{
    if (intern == NULL)
        return;
    g_ptr_array_unref(intern->blocks);
    g_free(intern->slot);
    g_free(intern->entry);
    g_free(intern);
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * MULTIPLIER;
    return hash ^ hash >> 32;
}

static uint32_t hash_of(const char *text, size_t size)
{
    uint64_t hash = size, word;

    for (; size >= sizeof word; text += sizeof word, size -= sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, text, size);
    return (uint32_t)mix(mix(hash, word), 0);
}

/* Where the text's number stands, or where it belongs. */
static struct slot *find_slot(const Intern *intern, const char *text, size_t size, uint32_t hash)
{
    uint32_t at = hash & intern->mask;

    for (; intern->slot[at].number != 0; at = (at + 1) & intern->mask) {
        const struct entry *e = &intern->entry[intern->slot[at].number];
        if (intern->slot[at].hash == hash && e->size == size && memcmp(e->text, text, size) == 0)
            break;
    }
    return &intern->slot[at];
}

/* Doubles the table and the list, so that the table is at most half full. */
static void grow(Intern *intern)
{
    const uint32_t before = intern->mask + 1, slots = before * 2;
    g_autofree struct slot *old = intern->slot;

    g_assert(slots != 0); /* 2 thousand million texts */
    intern->slot = g_new0(struct slot, slots);
    intern->mask = slots - 1;
    intern->capacity = slots / 2;
    intern->entry = g_renew(struct entry, intern->entry, intern->capacity);
    for (uint32_t i = 0; i < before; i++) {
        uint32_t at = old[i].hash & intern->mask;
        if (old[i].number == 0)
            continue;
        while (intern->slot[at].number != 0)
            at = (at + 1) & intern->mask;
        intern->slot[at] = old[i];
    }
}

static const char *keep(Intern *intern, const char *text, size_t size)
{
    char *kept;

    if (size >= BLOCK_SIZE / 4) {
        kept = g_malloc(size + 1);
        g_ptr_array_add(intern->blocks, kept);
    } else {
        if (intern->room_size <= size) {
            intern->room = g_malloc(BLOCK_SIZE);
            intern->room_size = BLOCK_SIZE;
            g_ptr_array_add(intern->blocks, intern->room);
        }
        kept = intern->room;
        intern->room += size + 1;
        intern->room_size -= size + 1;
    }
    memcpy(kept, text, size);
    kept[size] = '\0';
    return kept;
}

uint32_t intern_put(Intern *intern, const char *text, int64_t given_size)
{
    const size_t size = given_size < 0 ? strlen(text) : (size_t)given_size;

    g_assert(size < UINT32_MAX);
    if (size == 0)
        return INTERN_NONE;
    const uint32_t hash = hash_of(text, size);
    struct slot *slot = find_slot(intern, text, size, hash);
    if (slot->number != 0)
        return slot->number;
    if (intern->count == intern->capacity) {
        grow(intern);
        slot = find_slot(intern, text, size, hash);
    }
    intern->entry[intern->count] =
        (struct entry){.text = keep(intern, text, size), .size = (uint32_t)size};
    *slot = (struct slot){.number = intern->count, .hash = hash};
    return intern->count++;
}

uint32_t intern_put_number(Intern *intern, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return intern_put(intern, digits + at, (int64_t)(sizeof digits - at));
}

const char *intern_text(const Intern *intern, uint32_t number)
{
    g_assert(number < intern->count);
    return intern->entry[number].text;
}

uint32_t intern_count(const Intern *intern) { return intern->count; }
