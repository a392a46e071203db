/* A byte a row, in an array that a station gets with its first service. */
#include "cli/trace_lanes.h"

struct trace_lanes {
    GPtrArray *taken; /* [station] GByteArray, or NULL */
};

static void free_station(gpointer taken)
{
    if (taken != NULL)
        g_byte_array_unref(taken);
}

TraceLanes *trace_lanes_new(uint32_t station_count)
{
    TraceLanes *lanes = g_new0(TraceLanes, 1);

    lanes->taken = g_ptr_array_new_with_free_func(free_station);
    g_ptr_array_set_size(lanes->taken, (gint)station_count);
    return lanes;
}

void trace_lanes_free(TraceLanes *lanes)
{
    if (lanes == NULL)
        return;
    g_ptr_array_unref(lanes->taken);
    g_free(lanes);
}

uint32_t trace_lanes_take(TraceLanes *lanes, uint32_t station)
{
    const guint8 taken = 1;

    if (lanes->taken->pdata[station] == NULL)
        lanes->taken->pdata[station] = g_byte_array_new();
    GByteArray *rows = lanes->taken->pdata[station];
    for (uint32_t i = 0; i < rows->len; i++)
        if (rows->data[i] == 0) {
            rows->data[i] = 1;
            return i;
        }
    g_byte_array_append(rows, &taken, 1);
    return rows->len - 1;
}

void trace_lanes_give(TraceLanes *lanes, uint32_t station, uint32_t lane)
{
    GByteArray *rows = lanes->taken->pdata[station];

    rows->data[lane] = 0;
}
