/* What the two halves of the recorder share: record.c (the workers' side, opening and closing) and
 * record_write.c (the writer's thread). */
#ifndef RESULTS_RECORD_PRIVATE_H
#define RESULTS_RECORD_PRIVATE_H

#include "results/database.h"
#include "results/record.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>

#define RING_LINE 64

/* A row or a telling. The last byte, which a row leaves unused, says which. */
union slot {
    struct record_row row;
    struct record_telling telling;
    struct {
        uint8_t bytes[95];
        bool is_telling;
    } mark;
};
G_STATIC_ASSERT(sizeof(union slot) == 96);
G_STATIC_ASSERT(offsetof(struct record_row, pass) + sizeof(uint32_t) <= 95);
G_STATIC_ASSERT(offsetof(struct record_telling, text) + RECORD_TEXT_MAX <= 95);
G_STATIC_ASSERT((RECORD_RING_ROWS & (RECORD_RING_ROWS - 1)) == 0);

struct ring {
    alignas(RING_LINE) _Atomic uint64_t put; /* written by the worker */
    uint64_t taken_seen;                     /* the worker's copy of `taken` */
    union slot *slots;
    alignas(RING_LINE) _Atomic uint64_t taken; /* written by the writer */
};

/* What other threads than the workers' have to say, until it is written. */
struct record_note {
    bool is_hook;
    int64_t at_us;    /* of hooks */
    char *key, *text; /* of hooks: what, detail */
};

struct recorder {
    struct database database; /* the writer's while it runs */
    sqlite3_stmt *insert, *tell, *note, *hook;
    struct ring *rings;
    uint32_t ring_count;
    GThread *writer;
    _Atomic bool stopping; /* rings get no more rows */
    _Atomic bool overrun;  /* a ring was full */
    _Atomic bool failed;   /* the disk failed: `error` is set */
    _Atomic uint64_t saved;
    uint64_t rows, written; /* requests, and all, in the open transaction */
    uint64_t tellings;      /* on disk when the writer has ended */
    int64_t begun_us;       /* when it was opened */
    GError *error;
    GMutex lock;   /* of notes and the writer's sleep */
    GCond wake;    /* told when stopping */
    GArray *notes; /* struct record_note */
};

void record_note_clear(gpointer note);
/* Compiles what the writer inserts with. */
gboolean record_write_prepare(Recorder *recorder, GError **ret_error);
/* The writer's thread; `user` is the recorder. Ends when it is stopping and the rings are empty, or
 * with `failed`. */
gpointer record_write(gpointer user);

#endif
