/* HTTP/2 requests: fields and bodies for nghttp2.
 *
 * nghttp2 copies the fields, names made lower-case, so that a message needs to hold for one call
 * only. Bodies are read when their frames are made: at once as far as the peer's window goes, from a
 * copy later. What HTTP/1.1 sends by itself is sent here, too: the same service must not see two
 * different clients.
 */
#include "replay/http2.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define HTTP2_FIELDS_MAX (API_HEADERS_MAX + 8)

static ssize_t http2_read_upload(nghttp2_session *session, int32_t id, uint8_t *buffer, size_t size,
                                 uint32_t *flags, nghttp2_data_source *source, void *user)
{
    struct http2_stream *stream = nghttp2_session_get_stream_user_data(session, id);

    (void)source;
    (void)user;
    if (stream == NULL)
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    if (size > stream->upload_size)
        size = stream->upload_size;
    memcpy(buffer, stream->upload, size);
    stream->upload += size;
    stream->upload_size -= size;
    if (stream->upload_size == 0)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)size;
}

bool http2_keep_upload(struct http2_stream *stream)
{
    if (stream->upload_size == 0)
        return true;
    stream->upload_copy = malloc(stream->upload_size);
    if (stream->upload_copy == NULL)
        return false;
    memcpy(stream->upload_copy, stream->upload, stream->upload_size);
    stream->upload = stream->upload_copy;
    return true;
}

static bool http2_is(const struct api_text *name, const char *lower, size_t size)
{
    return name->size == size && g_ascii_strncasecmp(name->text, lower, size) == 0;
}

static nghttp2_nv http2_field(const char *name, size_t name_size, const char *value, size_t size)
{
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, name_size, size, NGHTTP2_NV_FLAG_NONE};
}

static nghttp2_nv http2_field_text(const char *name, size_t name_size, const char *text)
{
    return http2_field(name, name_size, text, strlen(text));
}

/* Fields of ours that the message does not have itself. The message has none about the connection,
 * which would have no place here (RFC 9113 8.2.2): they are the sender's. */
static size_t http2_add_fixed(const struct link *link, const struct api_message *message,
                              nghttp2_nv *field, size_t count)
{
    const char *agent = link->pool->options.user_agent;
    const char *encoding = "gzip", *authorization = link->target->authorization;

    for (uint32_t i = 0; i < message->header_count; i++) {
        const struct api_text *name = &message->header[i].name;

        if (http2_is(name, "user-agent", 10))
            agent = NULL;
        else if (http2_is(name, "accept-encoding", 15))
            encoding = NULL;
        else if (http2_is(name, "authorization", 13))
            authorization = NULL;
    }
    if (agent != NULL)
        field[count++] = http2_field_text("user-agent", 10, agent);
    if (encoding != NULL)
        field[count++] = http2_field_text("accept-encoding", 15, encoding);
    if (authorization != NULL)
        field[count++] = http2_field_text("authorization", 13, authorization);
    return count;
}

/* A method that says something with its body says so when it is empty, too. */
static bool http2_has_length(const struct api_message *message)
{
    const struct api_text *method = &message->method;

    return message->body.text != NULL || http2_is(method, "post", 4) ||
           http2_is(method, "put", 3) || http2_is(method, "patch", 5);
}

/* The request's fields; names are made lower-case by nghttp2 as it copies them. `path` has room for
 * the whole path, `length` for the digits of Content-Length. */
static size_t http2_fields(const struct link *link, const struct api_message *message, char *path,
                           char length[24], nghttp2_nv field[HTTP2_FIELDS_MAX])
{
    const struct target *target = link->target;
    const size_t base_size = message->whole_path ? 0 : strlen(target->base_path);
    size_t count = 4;

    field[0] = http2_field(":method", 7, message->method.text, message->method.size);
    field[1] = http2_field_text(":scheme", 7, target->tls ? "https" : "http");
    field[2] = http2_field_text(":authority", 10, target->authority);
    field[3] = http2_field(":path", 5, message->path.text, message->path.size);
    if (base_size > 0) {
        memcpy(path, target->base_path, base_size);
        memcpy(path + base_size, message->path.text, message->path.size);
        field[3] = http2_field(":path", 5, path, base_size + message->path.size);
    }
    count = http2_add_fixed(link, message, field, count);
    for (uint32_t i = 0; i < message->header_count; i++) {
        const struct api_pair *pair = &message->header[i];
        field[count++] =
            http2_field(pair->name.text, pair->name.size, pair->value.text, pair->value.size);
    }
    if (http2_has_length(message)) {
        const int digits = g_snprintf(length, 24, "%u", message->body.size);
        field[count++] = http2_field("content-length", 14, length, (size_t)digits);
    }
    return count;
}

int32_t http2_request(struct http2 *h, struct http2_stream *stream,
                      const struct api_message *message)
{
    const nghttp2_data_provider upload = {.read_callback = http2_read_upload};
    const size_t path_size = strlen(h->link->target->base_path) + message->path.size;
    nghttp2_nv field[HTTP2_FIELDS_MAX];
    char length[24], small[1024];
    char *path = path_size > sizeof small ? malloc(path_size) : small;

    if (path == NULL)
        return -1;
    const size_t count = http2_fields(h->link, message, path, length, field);
    const int32_t id = nghttp2_submit_request(h->session, NULL, field, count,
                                              message->body.size > 0 ? &upload : NULL, stream);
    if (path != small)
        free(path);
    return id;
}
