/* Who asks. Customers carry a token, clerks say at which place they work, the auditor says so.
 *
 * A token is "member.until.name.mac": the member's row, the second in which it ends, the name in
 * base64url (RFC 4648 section 5), and HMAC-SHA256 (RFC 2104) of all before it with a secret that is
 * kept in the database. Nothing is stored for it, so log-ins survive a crash and cost no table; the
 * price is that a token can't be called back before its end.
 */
#include "backend/backend_private.h"

#include <string.h>

#define TOKEN_SIZE_MAX 512

static char *token_sign(const struct backend_shared *shared, const char *text, size_t size)
{
    return g_compute_hmac_for_data(G_CHECKSUM_SHA256, shared->secret, BACKEND_SECRET_SIZE,
                                   (const guchar *)text, size);
}

/* All of it, whatever the first difference: the time says nothing. */
static bool token_same(const char *a, const char *b)
{
    const size_t size = strlen(b);
    unsigned char difference = 0;

    if (strlen(a) != size)
        return false;
    for (size_t i = 0; i < size; i++)
        difference |= (unsigned char)(a[i] ^ b[i]);
    return difference == 0;
}

char *session_make(const struct backend_shared *shared, int64_t member, const char *name,
                   int64_t until_us)
{
    g_autofree char *base64 = g_base64_encode((const guchar *)name, strlen(name));
    g_autofree char *text = NULL, *mac = NULL;

    base64[strcspn(base64, "=")] = '\0';
    g_strdelimit(base64, "+", '-');
    g_strdelimit(base64, "/", '_');
    text = g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".%s", member,
                           until_us / G_USEC_PER_SEC, base64);
    mac = token_sign(shared, text, strlen(text));
    return g_strconcat(text, ".", mac, NULL);
}

bool session_check(const struct backend_shared *shared, const char *token, int64_t now_us,
                   int64_t *ret_member, char *ret_name)
{
    const char *last = strrchr(token, '.');
    g_autofree char *mac = NULL, *name = NULL;
    char *at;
    gsize size;

    if (last == NULL || strlen(token) > TOKEN_SIZE_MAX)
        return false;
    mac = token_sign(shared, token, (size_t)(last - token));
    if (!token_same(last + 1, mac))
        return false;
    /* What follows is our own making. */
    *ret_member = g_ascii_strtoll(token, &at, 10);
    if (*at != '.' || g_ascii_strtoll(at + 1, &at, 10) < now_us / G_USEC_PER_SEC || *at != '.')
        return false;
    name = g_strndup(at + 1, (size_t)(last - at - 1));
    g_strdelimit(name, "-", '+');
    g_strdelimit(name, "_", '/');
    char padded[TOKEN_SIZE_MAX + 8];
    g_snprintf(padded, sizeof padded, "%s%s", name, &"==="[3 - (4 - strlen(name) % 4) % 4]);
    g_base64_decode_inplace(padded, &size);
    g_assert(size <= CALL_ID_MAX);
    memcpy(ret_name, padded, size);
    ret_name[size] = '\0';
    return true;
}

static bool access_refuse(struct job *job, const char *scheme, const char *error,
                          const char *detail)
{
    job_fail(job, 401, error, detail);
    job_header(job, "WWW-Authenticate", scheme); /* RFC 9110 section 11.6.1 */
    return false;
}

static bool access_member(struct job *job, const char *authorization)
{
    if (!g_str_has_prefix(authorization, "Bearer ") ||
        !session_check(job->call.shared, authorization + strlen("Bearer "), job->call.now_us,
                       &job->call.member, job->member_name))
        return access_refuse(job, "Bearer", "no_session",
                             "there is no session, or it has ended: log in with POST /sessions");
    job->call.member_name = job->member_name;
    return true;
}

static bool access_clerk(struct job *job, const char *authorization)
{
    const struct directory_place *place = NULL;

    if (g_str_has_prefix(authorization, "Clerk "))
        place = directory_place(job->call.shared->directory, authorization + strlen("Clerk "));
    if (place == NULL)
        return access_refuse(job, "Clerk", "no_clerk",
                             "only a clerk of one of our places may ask this");
    job->call.clerk = place->name;
    return true;
}

bool access_check(struct job *job)
{
    const char *authorization = service_header(job->call.request, "Authorization");

    if (authorization == NULL)
        authorization = "";
    switch (job->route->access) {
    case ACCESS_OPEN:
        return true;
    case ACCESS_MEMBER:
        return access_member(job, authorization);
    case ACCESS_CLERK:
        return access_clerk(job, authorization);
    case ACCESS_AUDITOR:
        return strcmp(authorization, "Auditor") == 0 ||
               access_refuse(job, "Auditor", "no_auditor", "only the auditor may ask this");
    }
    return false;
}
