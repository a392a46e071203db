/* What the corpus of API maps and the fuzzer share. */
#include "traffic/api_chew.h"

#include "traffic/api_books.h"
#include "traffic/api_seed.h"
#include "traffic/json_scan.h"

#include <string.h>
#include <unistd.h>

#define ROOM 4096

/* A plan of one step, written once. */
static const Plan *chew_plan_of_one(void)
{
    static Plan *plan;

    if (plan == NULL) {
        const struct plan_about about = {.epoch_us = INT64_MIN};
        const omo_plan_journey journey = {.member = 1, .order = 2, .step_count = 1};
        const omo_plan_step step = {.amount = -3, .quantity = 4, .kind = STEP_pay};
        g_autofree char *path =
            g_strdup_printf("%s/omosim-chew-%d.plan", g_get_tmp_dir(), (int)getpid());
        PlanWriter *writer = plan_writer_open(path, &about, NULL);
        g_assert(plan_write_journey(writer, &journey, &step, NULL, NULL));
        g_assert(plan_writer_commit(writer, NULL, NULL));
        plan_writer_free(writer);
        plan = plan_open(path, NULL);
        g_assert(plan != NULL);
        unlink(path);
    }
    return plan;
}

/* Reads every book from answers that may or may not be as the map wants them. */
static void chew_books(const ApiMap *map, const struct api_text *wanted)
{
    static const char nested[] =
        "{\"rows\": [{\"a\": 1, \"b\": \"x\", \"c\": [{\"a\": \"12.5\", \"b\": null}]}],"
        " \"n\": \"7\"}";
    static const char *const bodies[] = {"",
                                         "null",
                                         "[]",
                                         "{\"a\": [[{\"b\": 1.5}]]}",
                                         nested,
                                         "[{\"a\": {\"b\": true}, \"b\": [3, 4], \"c\": []}]"};
    const struct api_paging pagings[] =
        {{0}, {.offset = 3, .page = 1, .next = "n\"", .sku = "s", .place = "p", .member = "m"}};
    ApiReading *reading = api_reading_new(map, NULL);
    Intern *texts = intern_new();
    Books *books = books_new();
    struct api_message message;

    for (uint32_t b = 0; b < G_N_ELEMENTS(bodies) && reading != NULL; b++) {
        const struct api_reply reply = {200, {bodies[b], (uint32_t)strlen(bodies[b])}, wanted};
        for (uint32_t i = 0; i < api_books_begin_count(map); i++)
            if (api_reading_begin_message(reading, i, &message, NULL))
                (void)api_reading_begin_answer(reading, i, &reply, NULL);
        for (uint32_t k = 0; k < BOOK_COUNT * 2; k++) {
            const enum book book = (enum book)(k / 2);
            for (uint32_t i = 0; book != BOOK_order_lines && i < api_book_request_count(map, book);
                 i++) {
                g_autoptr(GError) error = NULL;
                g_autofree char *next = NULL;
                uint64_t row_count;
                bool more;
                if (api_reading_message(reading, book, i, &pagings[k % 2], &message, NULL) &&
                    !api_reading_answer(reading, book, i, &reply, texts, books, &row_count, &more,
                                        &next, &error))
                    g_assert(error->message[0] != '\0');
            }
        }
    }
    books_free(books);
    intern_free(texts);
    api_reading_free(reading);
}

/* Sends every request of the seeding, answered the same way each time. Last: tables change. */
static void chew_seed(ApiMap *map, const struct api_reply *reply)
{
    g_autoptr(ApiSeeding) seeding = api_has_seed(map) ? api_seeding_new(map, NULL) : NULL;
    struct api_message message;

    if (seeding == NULL)
        return;
    for (uint32_t value = 0; value < API_SEED_VALUE_COUNT; value++)
        api_seeding_set_number(seeding, value, -(int64_t)value);
    for (uint32_t stage = 0; stage < API_SEED_STAGE_COUNT; stage++)
        for (uint32_t i = 0; i < api_seed_request_count(map, stage); i++) {
            g_autoptr(GError) error = NULL;
            if (!api_seeding_message(seeding, stage, i, &message, &error) ||
                !api_seeding_answer(seeding, stage, i, reply, &error))
                g_assert(error != NULL && error->message[0] != '\0');
        }
    json_decref(api_seeding_tables(seeding));
}

bool api_chew_map(const char *path)
{
    static const char body[] = "{\"t\": \"a\\n\", \"a\": [1.5], \"total_cents\": 5, \"id\": \"7\"}";
    g_autoptr(GError) error = NULL;
    g_autoptr(ApiMap) map = api_read(path, NULL, &error);
    struct api_text wanted[API_WANTED_MAX], variable[API_VARIABLES_MAX] = {{NULL, 0}};
    const struct api_reply reply = {200, {body, sizeof(body) - 1}, wanted};
    char room[ROOM];

    g_assert((map == NULL) == (error != NULL));
    if (map == NULL) {
        g_assert(error->message[0] != '\0');
        return false;
    }
    for (uint32_t i = 0; i < API_WANTED_MAX; i++)
        wanted[i] = (struct api_text){"x; y", i % 2 == 0 ? 4 : 0};
    struct plan_cursor cursor = plan_begin(chew_plan_of_one());
    struct api_values values = {.plan = chew_plan_of_one(), .variable = variable};
    values.journey = plan_next(values.plan, &cursor);
    values.step = plan_first_step(values.journey);
    struct api_text key;
    char member[API_KEY_MAX + 1];
    (void)api_order_key(map, &values, room, sizeof(room), &key);
    (void)api_member_key(map, 7, member, sizeof(member));
    chew_books(map, wanted);
    for (uint32_t i = 0; i < 2 * api_request_count(map); i++) { /* twice: with captures, too */
        struct api_message message;
        uint32_t request = i % api_request_count(map);
        if (api_render(map, request, &values, room, sizeof(room), &message) == API_RENDERED)
            g_free(api_to_curl(map, &message, "http://h"));
        g_free(api_path_text(map, request));
        struct api_told told;
        api_judge(map, request, &reply, room, sizeof(room), variable, &told);
        g_assert(told.count <= TELLING_COUNT);
        for (uint32_t v = 0; v < api_variable_count(map); v++)
            if (variable[v].text != NULL) /* the room is used again: texts of its own */
                variable[v] = (struct api_text){"0123456789", MIN(variable[v].size, 10)};
    }
    chew_seed(map, &reply);
    return true;
}

bool api_chew_json(const char *bytes, size_t size)
{
    static const char *const pointers[] = {"", "/a", "/0", "/a/0/b", "/lines/1/sku", "/~0~1"};
    bool valid = json_scan_is_valid(bytes, size);

    for (size_t i = 0; i < G_N_ELEMENTS(pointers); i++) {
        char keys[32];
        struct json_scan_step steps[8];
        struct json_scan_value value;
        size_t offset;
        int32_t count = json_scan_pointer(pointers[i], keys, steps, G_N_ELEMENTS(steps), &offset);
        enum json_scan found = json_scan_find(bytes, size, steps, (uint32_t)count, &value);
        g_assert(!valid || found != JSON_SCAN_BROKEN);
        if (found != JSON_SCAN_FOUND)
            continue;
        g_assert(value.text >= bytes && value.text + value.size <= bytes + size);
        if (value.kind == JSON_SCAN_STRING) {
            g_autofree char *decoded = g_malloc(value.size);
            g_assert(json_scan_decode(&value, decoded) <= value.size);
        }
    }
    return valid;
}
