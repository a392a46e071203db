/* A scripted HTTP/2 server in memory. Test code: it allocates as it likes and checks as it goes. */
#include "replay/http2_server.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct request {
    char *path;
    GString *text; /* for /echo */
    GString *upload;
    GString *body; /* of the answer, what is left */
    bool trailers, resets;
};

static void request_free(gpointer data)
{
    struct request *request = data;

    g_free(request->path);
    g_string_free(request->text, TRUE);
    g_string_free(request->upload, TRUE);
    g_string_free(request->body, TRUE);
    g_free(request);
}

static nghttp2_nv field(const char *name, const char *value)
{
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), 0};
}

static ssize_t read_body(nghttp2_session *session, int32_t id, uint8_t *buffer, size_t size,
                         uint32_t *flags, nghttp2_data_source *source, void *user)
{
    struct request *request = source->ptr;

    (void)user;
    if (size > request->body->len)
        size = request->body->len;
    memcpy(buffer, request->body->str, size);
    g_string_erase(request->body, 0, (gssize)size);
    if (request->body->len > 0)
        return (ssize_t)size;
    if (request->resets && size == 0) {
        nghttp2_submit_rst_stream(session, 0, id, NGHTTP2_INTERNAL_ERROR);
        return NGHTTP2_ERR_DEFERRED;
    }
    if (request->resets)
        return (ssize_t)size;
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (request->trailers) {
        const nghttp2_nv trailer = field("x-check", "sum");

        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        nghttp2_submit_trailer(session, id, &trailer, 1);
    }
    return (ssize_t)size;
}

static void respond(nghttp2_session *session, int32_t id, struct request *request,
                    const char *status, const char *name, const char *value)
{
    const nghttp2_nv fields[] = {field(":status", status), field("server", "script"),
                                 field(name != NULL ? name : "x", value != NULL ? value : "")};
    const nghttp2_data_provider body = {.source.ptr = request, .read_callback = read_body};
    const bool has_body = request->body->len > 0 || request->resets || request->trailers;

    ck_assert_int_eq(nghttp2_submit_response(session, id, fields, name != NULL ? 3 : 2,
                                             has_body ? &body : NULL),
                     0);
}

static void fill(GString *body, size_t size)
{
    g_string_set_size(body, size);
    for (size_t i = 0; i < size; i++)
        body->str[i] = (char)('a' + i % 26);
}

static void pack(GString *body, const char *text)
{
    z_stream z = {.next_in = (Bytef *)text, .avail_in = (uInt)strlen(text)};

    g_string_set_size(body, 200);
    z.next_out = (Bytef *)body->str;
    z.avail_out = 200;
    deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    deflate(&z, Z_FINISH);
    g_string_truncate(body, z.total_out);
    deflateEnd(&z);
}

/* A head of so many bytes, in fields of at most 30,000. */
static void answer_long_head(nghttp2_session *session, int32_t id, size_t size)
{
    g_autofree char *value = g_strnfill(30000, 'h');
    nghttp2_nv fields[100] = {field(":status", "200")};
    size_t count = 1;

    for (size_t left = size; left > 0; count++) {
        fields[count] = field("x-long", value);
        fields[count].valuelen = MIN(left, 30000);
        left -= fields[count].valuelen;
    }
    ck_assert_int_eq(nghttp2_submit_response(session, id, fields, count, NULL), 0);
}

static void answer_about_size(nghttp2_session *session, int32_t id, struct request *request)
{
    const char *number = strrchr(request->path, '/') + 1;
    const size_t size = strtoul(number, NULL, 10);

    if (g_str_has_prefix(request->path, "/size/")) {
        fill(request->body, size);
        respond(session, id, request, "200", NULL, NULL);
    } else if (g_str_has_prefix(request->path, "/length/")) {
        if (!g_str_has_prefix(request->text->str, "HEAD"))
            fill(request->body, size);
        respond(session, id, request, "200", "content-length", number);
    } else if (g_str_has_prefix(request->path, "/status/")) {
        respond(session, id, request, number, NULL, NULL);
    } else if (g_str_has_prefix(request->path, "/field/")) {
        g_autofree char *value = g_strnfill(size, 'h');
        respond(session, id, request, "200", "x-long", value);
    } else {
        answer_long_head(session, id, size);
    }
}

static void answer(struct http2_server *server, int32_t id, struct request *request)
{
    nghttp2_session *session = server->session;
    const char *path = request->path;

    if (strcmp(path, "/echo") == 0) {
        g_string_append(request->body, request->text->str);
        g_string_append_len(request->body, request->upload->str, (gssize)request->upload->len);
        respond(session, id, request, "200", "x-kind", "echo");
    } else if (strcmp(path, "/interim") == 0) {
        const nghttp2_nv hint[] = {field(":status", "103"), field("x-kind", "interim")};

        nghttp2_submit_headers(session, 0, id, NULL, hint, 2, NULL);
        nghttp2_submit_headers(session, 0, id, NULL, hint, 2, NULL);
        g_string_append(request->body, "final");
        respond(session, id, request, "200", NULL, NULL);
    } else if (strcmp(path, "/trailers") == 0) {
        g_string_append(request->body, "body");
        request->trailers = true;
        respond(session, id, request, "200", NULL, NULL);
    } else if (strcmp(path, "/gzip") == 0) {
        pack(request->body, "packed");
        respond(session, id, request, "200", "content-encoding", "gzip");
    } else if (strcmp(path, "/notgzip") == 0) {
        g_string_append(request->body, "plain");
        respond(session, id, request, "200", "content-encoding", "gzip");
    } else if (strcmp(path, "/short") == 0) {
        g_string_append(request->body, "12345");
        respond(session, id, request, "200", "content-length", "10");
    } else if (strcmp(path, "/long") == 0) {
        g_string_append(request->body, "1234567890");
        respond(session, id, request, "200", "content-length", "5");
    } else if (strcmp(path, "/refuse") == 0) {
        nghttp2_submit_rst_stream(session, 0, id, NGHTTP2_REFUSED_STREAM);
    } else if (strcmp(path, "/reset") == 0) {
        nghttp2_submit_rst_stream(session, 0, id, NGHTTP2_CANCEL);
    } else if (strcmp(path, "/resetinside") == 0) {
        g_string_append(request->body, "12345");
        request->resets = true;
        respond(session, id, request, "200", NULL, NULL);
    } else if (strchr(path + 1, '/') != NULL) {
        answer_about_size(session, id, request);
    } else if (strcmp(path, "/hold") != 0) {
        g_string_append(request->body, "hello");
        respond(session, id, request, "200", NULL, NULL);
    }
}

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct http2_server *server = user;

    (void)session;
    if (frame->headers.cat != NGHTTP2_HCAT_REQUEST)
        return 0;
    struct request *request = g_new0(struct request, 1);
    request->text = g_string_new(NULL);
    request->upload = g_string_new(NULL);
    request->body = g_string_new(NULL);
    g_hash_table_insert(server->requests, GINT_TO_POINTER(frame->hd.stream_id), request);
    server->request_count++;
    if (++server->open_count > server->open_max)
        server->open_max = server->open_count;
    return 0;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
                     void *user)
{
    struct http2_server *server = user;
    struct request *request =
        g_hash_table_lookup(server->requests, GINT_TO_POINTER(frame->hd.stream_id));

    (void)session;
    (void)flags;
    if (request == NULL)
        return 0;
    if (name_size == 5 && memcmp(name, ":path", 5) == 0)
        request->path = g_strndup((const char *)value, value_size);
    if (name_size == 7 && memcmp(name, ":method", 7) == 0)
        g_string_append_len(request->text, (const char *)value, (gssize)value_size);
    else
        g_string_append_printf(request->text, "\n%.*s: %.*s", (int)name_size, (const char *)name,
                               (int)value_size, (const char *)value);
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *bytes,
                   size_t size, void *user)
{
    struct http2_server *server = user;
    struct request *request = g_hash_table_lookup(server->requests, GINT_TO_POINTER(id));

    (void)session;
    (void)flags;
    server->upload_bytes += size;
    if (request != NULL)
        g_string_append_len(request->upload, (const char *)bytes, (gssize)size);
    return 0;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct http2_server *server = user;
    struct request *request =
        g_hash_table_lookup(server->requests, GINT_TO_POINTER(frame->hd.stream_id));
    const bool whole = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;

    (void)session;
    if (frame->hd.type == NGHTTP2_RST_STREAM) {
        server->reset_count++;
        server->last_reset = frame->rst_stream.error_code;
    }
    if (request == NULL || server->holds)
        return 0;
    const bool early = strcmp(request->path, "/early") == 0;
    if (frame->hd.type == NGHTTP2_HEADERS ? whole || early
                                          : frame->hd.type == NGHTTP2_DATA && whole && !early)
        answer(server, frame->hd.stream_id, request);
    return 0;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t error, void *user)
{
    struct http2_server *server = user;

    (void)session;
    (void)error;
    g_hash_table_remove(server->requests, GINT_TO_POINTER(id));
    server->open_count--;
    return 0;
}

struct http2_server *http2_server_new(const nghttp2_settings_entry *settings, size_t count)
{
    struct http2_server *server = g_new0(struct http2_server, 1);
    nghttp2_session_callbacks *callbacks;
    nghttp2_option *option;

    server->out = g_byte_array_new();
    server->requests = g_hash_table_new_full(NULL, NULL, NULL, request_free);
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_option_new(&option);
    nghttp2_option_set_max_send_header_block_length(option, 1 << 20);
    ck_assert_int_eq(nghttp2_session_server_new2(&server->session, callbacks, server, option), 0);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(server->session, 0, settings, count);
    return server;
}

void http2_server_free(struct http2_server *server)
{
    nghttp2_session_del(server->session);
    g_hash_table_unref(server->requests);
    g_byte_array_unref(server->out);
    g_free(server);
}

void http2_server_send(struct http2_server *server)
{
    const uint8_t *bytes;
    ssize_t size;

    while ((size = nghttp2_session_mem_send(server->session, &bytes)) > 0)
        g_byte_array_append(server->out, bytes, (guint)size);
}

bool http2_server_take(struct http2_server *server, const void *bytes, size_t size)
{
    const ssize_t used = nghttp2_session_mem_recv(server->session, bytes, size);

    http2_server_send(server);
    return used == (ssize_t)size;
}
