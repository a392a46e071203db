/* A plan of one GET.
 *
 * A real plan file, written to the temporary folder, mapped and unlinked: the engine knows one kind of
 * plan, and begins it anew for each journey.
 */
#include "cli/replay_plan.h"
#include "shell/diagnostic.h"
#include "traffic/steps.h"

#include <string.h>
#include <unistd.h>

/* Where the authority of a URL ends; for "unix:/run/x.sock:/path" the socket's name is it. */
static const char *authority_end(const char *url)
{
    if (g_str_has_prefix(url, "unix:")) {
        const char *colon = strchr(url + strlen("unix:"), ':');
        return colon != NULL ? colon : url + strlen(url);
    }
    const char *begin = strstr(url, "://");
    begin = begin != NULL ? begin + 3 : url;
    return begin + strcspn(begin, "/?#");
}

char *replay_plan_split(const char *url, char **ret_path)
{
    const char *end = authority_end(url);
    const char *path = *end == ':' ? end + 1 : end;
    g_autofree char *without_fragment = g_strndup(path, strcspn(path, "#"));

    *ret_path = g_strconcat(without_fragment[0] == '/' ? "" : "/", without_fragment, NULL);
    return g_strndup(url, (size_t)(end - url));
}

char *replay_plan_host(const char *url)
{
    g_autofree char *path = NULL;
    g_autofree char *base = replay_plan_split(url, &path);
    const char *begin = strstr(base, "://");
    const char *user_end = strrchr(base, '@');

    begin = user_end != NULL ? user_end + 1 : begin != NULL ? begin + 3 : base;
    if (*begin == '[')
        return g_strndup(begin + 1, strcspn(begin + 1, "]"));
    return g_strndup(begin, strcspn(begin, ":"));
}

static gboolean write_get(const char *file, const char *path, GError **ret_error)
{
    const struct plan_about about = {.scenario = path, .epoch_us = INT64_MIN};
    const omo_plan_journey journey = {.place = OMO_PLAN_NONE,
                                      .step_count = 1,
                                      .channel = OMO_PLAN_NO_CHANNEL};
    const omo_plan_step step = {.sku = OMO_PLAN_NONE,
                                .place = OMO_PLAN_NONE,
                                .coupon = OMO_PLAN_NO_COUPON,
                                .kind = STEP_request};
    g_autofree char *text = g_strdup_printf("GET %s HTTP/1.1\r\n\r\n", path);
    const struct plan_payload payload = {text, strlen(text)};
    g_autoptr(PlanWriter) writer = plan_writer_open(file, &about, ret_error);

    return writer != NULL && plan_write_journey(writer, &journey, &step, &payload, ret_error) &&
           plan_writer_commit(writer, NULL, ret_error);
}

Plan *replay_plan_of_get(const char *path, GError **ret_error)
{
    g_autofree char *folder = NULL;
    g_autofree char *file = NULL;
    Plan *plan = NULL;

    for (const char *c = path; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 127) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                        "--target: a path must not hold blanks or control characters");
            return NULL;
        }
    folder = g_dir_make_tmp("omosim-XXXXXX", ret_error);
    if (folder == NULL)
        return NULL;
    file = g_build_filename(folder, "get.plan", NULL);
    if (write_get(file, path, ret_error))
        plan = plan_open(file, ret_error);
    unlink(file);
    rmdir(folder);
    return plan;
}
