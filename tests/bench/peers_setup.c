/* The server and the traffic of bench_load: nginx that answers from memory, one worker; plans of a
 * million journeys, so that a run reads its plan as it goes. */
#include "bench/peers.h"
#include "traffic/plan.h"
#include "traffic/steps.h"

#include <stdio.h>
#include <string.h>

static const char nginx_text[] =
    "daemon off; master_process on; worker_processes 1; worker_cpu_affinity 01;\n"
    "worker_rlimit_nofile 20000; pid %1$s/nginx.pid; error_log %1$s/nginx.log error;\n"
    "events { worker_connections 16000; }\n"
    "http { access_log off; keepalive_requests 1000000000; keepalive_timeout 300s;\n"
    "  http2_max_requests 1000000000; default_type application/json;\n"
    "  client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/f;\n"
    "  uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;\n"
    "  ssl_certificate %1$s/cert.pem; ssl_certificate_key %1$s/key.pem;\n"
    "  server { listen 127.0.0.1:%2$u backlog=4096; listen 127.0.0.1:%3$u ssl http2 backlog=4096;\n"
    "    listen 127.0.0.1:%4$u http2 backlog=4096;\n"
    "    location / { return 200 'ok'; }\n"
    "    location = /sessions { return 201 '{\"token\": \"9f1c24d07ab34be2\", \"expires_in\": "
    "3600}'; }\n"
    "    location = /lines { return 201 '{\"cart\": \"c-184467440737\", \"total_cents\": 1290}'; "
    "}\n"
    "    location = /orders { return 201 '{\"id\": \"o-8812\", \"status\": \"placed\", "
    "\"total_cents\": "
    "1290}'; }\n"
    "  }\n}\n";

bool peers_nginx_start(struct peers_bench *l)
{
    g_autofree char *config = g_strdup_printf("%s/nginx.conf", l->folder);
    g_autofree char *log = g_strdup_printf("%s/nginx.out", l->folder);
    struct peers_run run;

    peers_run_line(&run,
                   "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
                   " -addext subjectAltName=IP:127.0.0.1 -keyout %s/key.pem -out %s/cert.pem",
                   l->folder, l->folder);
    peers_run_clear(&run);
    l->plain_port = peers_free_port();
    l->tls_port = peers_free_port();
    l->h2c_port = peers_free_port();
    g_autofree char *text =
        g_strdup_printf(nginx_text, l->folder, l->plain_port, l->tls_port, l->h2c_port);
    if (!g_file_set_contents(config, text, -1, NULL))
        return false;
    const char *const argv[] = {"nginx", "-c", config, NULL};
    l->nginx = peers_server_start(argv, log);
    if (peers_wait_for_port(l->plain_port))
        return true;
    g_printerr("bench load: nginx does not answer; see %s\n", log);
    return false;
}

/* ---- plans ---------------------------------------------------------------------------------- */

#define BODY_FILLER                                                                                \
    "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij"

static const char get_map[] = "api: 1\nname: get\nsteps:\n  browse: {method: GET, path: /}\n";
static const char post_map[] =
    "api: 1\nname: post\nsteps:\n  check_out:\n    method: POST\n    path: /\n"
    "    headers: {Content-Type: application/json}\n"
    "    body: '{\"reference\": \"{{order}}\", \"member\": \"{{member}}\", \"sku\": \"{{sku}}\", "
    "\"quantity\": {{quantity}}, \"filler\": \"%s%s%s%s%s%s%s%s%s%s\"}'\n";
static const char journey_map[] =
    "api: 1\nname: journey\n"
    "headers: {Accept: application/json, Authorization: \"Bearer {{token}}\"}\n"
    "steps:\n"
    "  log_in:\n    method: POST\n    path: /sessions\n    headers: {Authorization: none}\n"
    "    body: '{\"member\": \"{{member}}\"}'\n    expect: [201]\n"
    "    capture: {token: {json: /token}}\n"
    "  browse: {method: GET, path: \"/products/{{sku}}\"}\n"
    "  search: {method: GET, path: \"/products?query={{sku}}\"}\n"
    "  add_to_cart:\n    method: POST\n    path: /lines\n"
    "    body: '{\"sku\": \"{{sku}}\", \"quantity\": {{quantity}}}'\n    expect: [201]\n"
    "    capture: {cart: {json: /cart}}\n"
    "  points: {method: GET, path: \"/members/{{member}}/points\"}\n"
    "  check_out:\n    method: POST\n    path: /orders\n"
    "    body: '{\"reference\": \"{{order}}\", \"cart\": \"{{cart}}\"}'\n    expect: [201]\n"
    "    capture: {order_id: {json: /id}}\n    check: [{json: /status, is: placed}]\n"
    "  pay:\n    method: POST\n    path: \"/orders/{{order_id}}/payments\"\n"
    "    body: '{\"amount_cents\": {{amount}}}'\n";

static const uint8_t get_steps[] = {STEP_browse};
static const uint8_t post_steps[] = {STEP_check_out};
static const uint8_t journey_steps[] = {STEP_log_in, STEP_browse,    STEP_search, STEP_add_to_cart,
                                        STEP_points, STEP_check_out, STEP_pay};

static bool write_plan(const char *path, const uint8_t *kinds, uint32_t kind_count, uint64_t count)
{
    const struct plan_about about = {.scenario = "bench", .epoch_us = INT64_MIN};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanWriter) writer = plan_writer_open(path, &about, &error);

    for (uint64_t i = 0; writer != NULL && i < count; i++) {
        omo_plan_step steps[8];
        const omo_plan_journey journey = {.at_us = (int64_t)i * 1000,
                                          .member = i + 1,
                                          .order = i + 1,
                                          .place = OMO_PLAN_NONE,
                                          .step_count = (uint16_t)kind_count,
                                          .channel = OMO_PLAN_NO_CHANNEL};

        for (uint32_t k = 0; k < kind_count; k++)
            steps[k] = (omo_plan_step){.at_us = journey.at_us,
                                       .amount = 1290,
                                       .sku = (uint32_t)(i % 10000),
                                       .place = OMO_PLAN_NONE,
                                       .quantity = 2,
                                       .coupon = OMO_PLAN_NO_COUPON,
                                       .kind = kinds[k]};
        if (!plan_write_journey(writer, &journey, steps, NULL, &error))
            break;
    }
    if (error == NULL && plan_writer_commit(writer, NULL, &error))
        return true;
    g_printerr("bench load: %s\n", error->message);
    return false;
}

static bool write_map(const struct peers_bench *l, const char *name, const char *text)
{
    g_autofree char *path = g_strdup_printf("%s/%s.yaml", l->folder, name);

    return g_file_set_contents(path, text, -1, NULL);
}

bool peers_plans_write(struct peers_bench *l)
{
    g_autofree char *get = g_strdup_printf("%s/get.plan", l->folder);
    g_autofree char *post = g_strdup_printf("%s/post.plan", l->folder);
    g_autofree char *journey = g_strdup_printf("%s/journey.plan", l->folder);
    const char *const f = BODY_FILLER;
    g_autofree char *map = g_strdup_printf(post_map, f, f, f, f, f, f, f, f, f, f);

    return write_map(l, "get", get_map) && write_map(l, "post", map) &&
           write_map(l, "journey", journey_map) &&
           write_plan(get, get_steps, G_N_ELEMENTS(get_steps), 1000000) &&
           write_plan(post, post_steps, G_N_ELEMENTS(post_steps), 1000000) &&
           write_plan(journey, journey_steps, G_N_ELEMENTS(journey_steps), 200000);
}
