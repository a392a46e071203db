/* Starts tests/replay/service/clock_service.c and reads its log. */
#include "bench/peers_clock.h"

#include <stdlib.h>
#include <string.h>

bool peers_clock_start(const struct peers_bench *l, const char *options,
                       struct peers_clock *ret_clock)
{
    g_autofree char *said = g_strdup_printf("%s/clock.out", l->folder);
    g_autofree char *log = g_strdup_printf("%s/clock.log", l->folder);
    g_autofree char *line =
        g_strdup_printf("%s --log %s --for 120 %s", l->clock_service, log, options);
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);

    *ret_clock = (struct peers_clock){0};
    ret_clock->pid = peers_server_start((const char *const *)argv, said);
    for (uint32_t i = 0; i < 100; i++) {
        g_autofree char *text = NULL;

        g_usleep(20000);
        if (!g_file_get_contents(said, &text, NULL, NULL) || strchr(text, '\n') == NULL)
            continue;
        const char *url = strstr(text, "http://");
        if (url == NULL)
            break;
        ret_clock->url = g_strndup(url, strcspn(url, "\n"));
        ret_clock->log = g_steal_pointer(&log);
        return true;
    }
    g_printerr("bench load: %s does not start\n", l->clock_service);
    peers_server_stop(ret_clock->pid);
    return false;
}

void peers_clock_stop(struct peers_clock *clock)
{
    char *bytes = NULL;
    gsize size = 0;

    peers_server_stop(clock->pid);
    g_file_get_contents(clock->log, &bytes, &size, NULL);
    clock->entry = (int64_t(*)[2])(void *)bytes;
    clock->count = size / sizeof *clock->entry;
}

void peers_clock_clear(struct peers_clock *clock)
{
    g_free(clock->url);
    g_free(clock->log);
    g_free(clock->entry);
    *clock = (struct peers_clock){0};
}

int peers_clock_compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

int64_t peers_clock_origin_ns(const struct peers_clock *clock, double rate)
{
    g_autofree int64_t *origin = g_new(int64_t, clock->count + 1);

    for (uint64_t k = 0; k < clock->count; k++)
        origin[k] = clock->entry[k][0] - (int64_t)((double)k * 1e9 / rate);
    qsort(origin, clock->count, sizeof *origin, peers_clock_compare);
    return clock->count > 0 ? origin[clock->count / 1000] : 0;
}
