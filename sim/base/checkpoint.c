/* Writing and reading the frame of a saved state.
 *
 * A section is written from where it stands and read twice, once for its checksum, which stands in
 * front of it so that a reader knows early. At 10^8 positions that is 1.3 GB, a third of a second
 * of summing beside the seconds of a disk. Reading goes straight to where a section belongs: what
 * it must be is known before, and a name, size or number that differs refuses it, and so does a
 * checksum. */
#include "base/checkpoint.h"

uint64_t checkpoint_header_sum(const struct checkpoint_header *header)
{
    struct checksum c;

    checksum_init(&c);
    checksum_add(&c, header, CHECKPOINT_HEADER_SUMMED);
    return checksum_value(&c);
}

uint64_t checkpoint_section_sum(const struct checkpoint_section *section, const void *bytes)
{
    struct checksum c;

    checksum_init(&c);
    checksum_add(&c, section, CHECKPOINT_SECTION_SUMMED);
    checksum_add(&c, bytes, (size_t)(section->element_size * section->count));
    return checksum_value(&c);
}

/* ---- writing --------------------------------------------------------------------------------- */

uint64_t checkpoint_section_size(uint64_t element_size, uint64_t count)
{
    uint64_t size = element_size * count;

    return sizeof(struct checkpoint_section) + size + checkpoint_padding(size);
}

bool checkpoint_write_header(const struct checkpoint_sink *sink, const char *magic,
                             struct checkpoint_header *header)
{
    memcpy(header->magic, magic, sizeof(header->magic));
    header->format = CHECKPOINT_FORMAT;
    header->order = CHECKPOINT_ORDER;
    memset(header->version, 0, sizeof(header->version));
    memcpy(header->version, omo_version(), strlen(omo_version()));
    header->checksum = checkpoint_header_sum(header);
    return sink->write(sink->user, header, sizeof(*header));
}

bool checkpoint_write_section(const struct checkpoint_sink *sink, const char *name,
                              uint64_t element_size, uint64_t count, const void *bytes)
{
    static const char zeros[8];
    struct checkpoint_section section = {.element_size = element_size, .count = count};
    size_t size = (size_t)(element_size * count), padding = checkpoint_padding(size);

    memcpy(section.name, name, strlen(name));
    section.checksum = checkpoint_section_sum(&section, bytes);
    return sink->write(sink->user, &section, sizeof(section)) &&
           (size == 0 || sink->write(sink->user, bytes, size)) &&
           (padding == 0 || sink->write(sink->user, zeros, padding));
}

bool checkpoint_write_traits(const struct checkpoint_sink *sink, const struct traits *traits)
{
    return checkpoint_write_section(sink, "model", sizeof(traits->trait[0]), traits->count,
                                    traits->trait);
}

/* ---- reading --------------------------------------------------------------------------------- */

bool checkpoint_refuse(struct checkpoint_source *s, const char *text)
{
    core_error(s->error, OMO_EINVAL, "the saved %s %s", s->what, text);
    return false;
}

static bool checkpoint_bytes(struct checkpoint_source *s, void *bytes, size_t size)
{
    return size == 0 || s->read(s->user, bytes, size) || checkpoint_refuse(s, "is cut short");
}

bool checkpoint_read_header(struct checkpoint_source *s, const char *magic,
                            struct checkpoint_header *ret_header)
{
    struct checkpoint_header h;
    char version[sizeof(h.version)] = {0};

    if (!s->read(s->user, &h, sizeof(h)) || memcmp(h.magic, magic, sizeof(h.magic)) != 0) {
        core_error(s->error, OMO_EINVAL, "this is no saved %s", s->what);
        return false;
    }
    if (h.order != CHECKPOINT_ORDER) {
        core_error(s->error, OMO_EINVAL, "saved on a machine of another byte order");
        return false;
    }
    if (h.format != CHECKPOINT_FORMAT) {
        core_error(s->error, OMO_EINVAL, "saved in format %u, and this version reads format %d",
                   h.format, CHECKPOINT_FORMAT);
        return false;
    }
    memcpy(version, omo_version(), strlen(omo_version()));
    if (memcmp(h.version, version, sizeof(version)) != 0) {
        core_error(s->error, OMO_EINVAL, "saved by omosim %.16s, and this is %s", h.version,
                   version);
        return false;
    }
    if (h.checksum != checkpoint_header_sum(&h))
        return checkpoint_refuse(s, "is damaged: header");
    *ret_header = h;
    return true;
}

bool checkpoint_read_section(struct checkpoint_source *s, const char *name, uint64_t element_size,
                             uint64_t count, uint64_t room, void *bytes, uint64_t *ret_count)
{
    struct checkpoint_section section;
    char padding[8], wanted[CHECKPOINT_NAME_SIZE] = {0};

    memcpy(wanted, name, strlen(name));
    if (!checkpoint_bytes(s, &section, sizeof(section)))
        return false;
    bool fits = memcmp(section.name, wanted, sizeof(wanted)) == 0 &&
                section.element_size == element_size &&
                (count == UINT64_MAX ? section.count <= room : section.count == count);
    if (!fits) {
        core_error(s->error, OMO_EINVAL, "the saved %s is damaged or of another build: %s", s->what,
                   name);
        return false;
    }
    size_t size = (size_t)(section.element_size * section.count);
    if (!checkpoint_bytes(s, bytes, size) ||
        !checkpoint_bytes(s, padding, checkpoint_padding(size)))
        return false;
    if (section.checksum != checkpoint_section_sum(&section, bytes)) {
        core_error(s->error, OMO_EINVAL, "the saved %s is damaged: %s", s->what, name);
        return false;
    }
    *ret_count = section.count;
    return true;
}

bool checkpoint_read_traits(struct checkpoint_source *s, const struct traits *here)
{
    struct traits saved = {0};
    uint64_t count;

    if (!checkpoint_read_section(s, "model", sizeof(saved.trait[0]), UINT64_MAX, TRAITS_MAX,
                                 saved.trait, &count))
        return false;
    saved.count = (uint32_t)count;
    return traits_check(&saved, here, s->error) == OMO_OK;
}
