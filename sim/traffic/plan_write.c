/* Writing plans.
 *
 * Records are put together in a buffer of a MiB, which goes to the file when the next journey might
 * not fit; the checksum is taken of the buffer as it goes, while it is warm. That makes a step cost
 * a copy of 32 bytes and their CRC, about 20 ns, and no call of the system for 30,000 of them. A
 * journey with payloads may be larger than the buffer: its parts are put one by one.
 *
 * The header comes first in the file and the digest of the simulated facts last in a run, so the
 * header is written twice where the file can go back. The checksum leaves the header out for that
 * reason, and because a pipe cannot go back: there the digest stays what it was at the start.
 */
#include "shell/diagnostic.h"
#include "shell/json.h"
#include "shell/output.h"
#include "traffic/plan_private.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

#define PLAN_BUFFER_SIZE ((size_t)1 << 20)

struct plan_writer {
    char *path;
    Output *output; /* NULL: standard output */
    FILE *stream;
    omo_plan_header header;
    struct plan_counts counts;
    uint64_t record_size;
    uint32_t crc;
    int64_t last_us; /* start of the journey before */
    size_t used;
    uint8_t *buffer; /* PLAN_BUFFER_SIZE */
};

static json_t *plan_writer_list(const char *const *texts)
{
    json_t *list = json_array();

    for (; *texts != NULL; texts++)
        json_array_append_new(list, json_make_text(*texts));
    return list;
}

/* The names object as padded text. Caller frees. */
static GString *plan_writer_names(const struct plan_about *about)
{
    const struct {
        const char *key;
        const char *const *texts;
    } lists[] = {{"channels", about->channels},
                 {"places", about->places},
                 {"skus", about->skus},
                 {"coupons", about->coupons},
                 {"steps", step_names()}};
    json_auto_t *names = json_object();
    GString *text = g_string_new(NULL);

    if (about->scenario != NULL)
        json_object_set_new(names, "scenario", json_make_text(about->scenario));
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        if (lists[i].texts != NULL)
            json_object_set_new(names, lists[i].key, plan_writer_list(lists[i].texts));
    json_write_text(names, FALSE, text);
    while (text->len % PLAN_BLOCK != 0)
        g_string_append_c(text, ' ');
    return text;
}

PlanWriter *plan_writer_open(const char *path, const struct plan_about *about, GError **ret_error)
{
    g_autoptr(PlanWriter) writer = g_new0(PlanWriter, 1);
    g_autoptr(GString) names = plan_writer_names(about);

    if (names->len > OMO_PLAN_NAMES_SIZE_MAX) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: the names take %zu MiB; a plan holds %u at most", path, names->len >> 20,
                    OMO_PLAN_NAMES_SIZE_MAX >> 20);
        return NULL;
    }
    writer->path = g_strdup(path);
    writer->stream = stdout;
    if (strcmp(path, "-") != 0) {
        writer->output = output_open(path, ret_error);
        if (writer->output == NULL)
            return NULL;
        writer->stream = output_stream(writer->output);
    }
    writer->buffer = g_malloc(PLAN_BUFFER_SIZE);
    writer->last_us = -OMO_PLAN_AT_US_MAX;
    writer->header = (omo_plan_header){
        .magic = {'o', 'm', 'o', 'p', 'l', 'a', 'n', OMO_PLAN_FORMAT},
        .names_size = names->len,
        .epoch_us = about->epoch_us,
        .seed = about->seed,
        .digest = about->digest,
        .replication = about->replication,
    };
    fwrite(&writer->header, sizeof writer->header, 1, writer->stream);
    fwrite(names->str, 1, names->len, writer->stream);
    return g_steal_pointer(&writer);
}

void plan_writer_set_digest(PlanWriter *writer, uint64_t digest) { writer->header.digest = digest; }

/* Says why the stream failed. */
static gboolean plan_writer_fail(PlanWriter *writer, GError **ret_error)
{
    if (writer->output != NULL)
        return output_commit(writer->output, ret_error); /* fails, and knows the reason */
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "standard output: %s",
                g_strerror(errno));
    return FALSE;
}

static gboolean plan_writer_flush(PlanWriter *writer, GError **ret_error)
{
    if (writer->used == 0)
        return TRUE;
    writer->crc = (uint32_t)crc32(writer->crc, writer->buffer, (uInt)writer->used);
    writer->record_size += writer->used;
    const bool done = fwrite(writer->buffer, 1, writer->used, writer->stream) == writer->used;
    writer->used = 0;
    return done && ferror(writer->stream) == 0 ? TRUE : plan_writer_fail(writer, ret_error);
}

/* `size` bytes of buffer; at most PLAN_BUFFER_SIZE. NULL when the stream has failed. */
static inline uint8_t *plan_writer_take(PlanWriter *writer, size_t size, GError **ret_error)
{
    if (writer->used + size > PLAN_BUFFER_SIZE && !plan_writer_flush(writer, ret_error))
        return NULL;
    uint8_t *room = writer->buffer + writer->used;
    writer->used += size;
    return room;
}

static gboolean plan_writer_payload(PlanWriter *writer, const struct plan_payload *payload,
                                    GError **ret_error)
{
    const uint32_t size = (uint32_t)payload->size;
    const uint8_t *bytes = payload->bytes;
    size_t left = payload->size;
    uint8_t *block = plan_writer_take(writer, PLAN_BLOCK, ret_error);

    if (block == NULL)
        return FALSE;
    size_t head = MIN(left, PLAN_BLOCK - sizeof size);
    memset(block, 0, PLAN_BLOCK);
    memcpy(block, &size, sizeof size);
    memcpy(block + sizeof size, bytes, head);
    for (bytes += head, left -= head; left > 0; bytes += head, left -= head) {
        block = plan_writer_take(writer, PLAN_BLOCK, ret_error);
        if (block == NULL)
            return FALSE;
        head = MIN(left, PLAN_BLOCK);
        memset(block + head, 0, PLAN_BLOCK - head);
        memcpy(block, bytes, head);
    }
    return TRUE;
}

gboolean plan_write_journey(PlanWriter *writer, const omo_plan_journey *journey,
                            const omo_plan_step *steps, const struct plan_payload *payloads,
                            GError **ret_error)
{
    const uint32_t count = journey->step_count;
    int64_t last_us = journey->at_us;

    g_assert(count >= 1 && count <= OMO_PLAN_STEPS_MAX);
    g_assert(journey->at_us >= writer->last_us && steps[count - 1].at_us <= OMO_PLAN_AT_US_MAX);
    omo_plan_journey *head = (void *)plan_writer_take(writer, PLAN_BLOCK, ret_error);
    if (head == NULL)
        return FALSE;
    *head = *journey;
    head->tag = OMO_PLAN_JOURNEY;
    for (uint32_t i = 0; i < count; i++) {
        omo_plan_step *step = (void *)plan_writer_take(writer, PLAN_BLOCK, ret_error);
        if (step == NULL)
            return FALSE;
        g_assert(steps[i].at_us >= last_us);
        last_us = steps[i].at_us;
        *step = steps[i];
        step->tag = OMO_PLAN_STEP;
        step->payload = 0;
        writer->counts.step_kind[step->kind]++;
        if (payloads != NULL && payloads[i].size > 0) {
            g_assert(payloads[i].size <= OMO_PLAN_PAYLOAD_MAX);
            step->payload = (uint16_t)plan_payload_blocks(payloads[i].size);
            if (!plan_writer_payload(writer, &payloads[i], ret_error))
                return FALSE;
        }
    }
    if (writer->counts.journeys == 0) {
        writer->counts.first_us = journey->at_us;
        writer->counts.last_us = last_us;
    }
    writer->last_us = journey->at_us;
    writer->counts.last_us = MAX(writer->counts.last_us, last_us);
    writer->counts.journeys++;
    writer->counts.steps += count;
    return TRUE;
}

gboolean plan_writer_commit(PlanWriter *writer, struct plan_counts *ret_counts, GError **ret_error)
{
    if (!plan_writer_flush(writer, ret_error))
        return FALSE;
    const omo_plan_trailer trailer = {
        .journey_count = writer->counts.journeys,
        .step_count = writer->counts.steps,
        .record_size = writer->record_size,
        .crc = writer->crc,
        .tag = OMO_PLAN_TRAILER,
    };
    fwrite(&trailer, sizeof trailer, 1, writer->stream);
    if (writer->output != NULL) {
        output_patch(writer->output, 0, &writer->header, sizeof writer->header);
        if (!output_commit(writer->output, ret_error))
            return FALSE;
    } else if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        return plan_writer_fail(writer, ret_error);
    }
    if (ret_counts != NULL)
        *ret_counts = writer->counts;
    return TRUE;
}

void plan_writer_free(PlanWriter *writer)
{
    if (writer == NULL)
        return;
    output_free(writer->output);
    g_free(writer->buffer);
    g_free(writer->path);
    g_free(writer);
}
