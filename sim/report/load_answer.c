/* The first sentence of a load page. The order of verdicts is that of the harness: figures that the
 * generator spoilt prove nothing, so that is said before any threshold.
 */
#include "report/load_page.h"

static const char answer_sql[] =
    "WITH broken AS (SELECT text, value, unit, at_s FROM threshold WHERE NOT held"
    "   ORDER BY threshold.threshold LIMIT 1),"
    " counts AS (SELECT count(*) AS asked, coalesce(sum(NOT held), 0) AS broken,"
    "   ' with ' || group_concat(text, ', ') AS level FROM threshold),"
    " fact AS (SELECT max(CASE key WHEN 'verdict' THEN value END) AS verdict,"
    "   max(CASE key WHEN 'too_slow_why' THEN value END) AS why,"
    "   max(CASE key WHEN 'stop_reason' THEN value END) AS reason,"
    "   max(CASE key WHEN 'capacity_end' THEN value END) AS search,"
    "   max(CASE key WHEN 'capacity_half_width' THEN value END) AS half_width,"
    "   printf('%,d', max(CASE key WHEN 'capacity_rate' THEN value END))"
    "     || ' journeys a second' AS rate FROM load)"
    " SELECT CASE"
    " WHEN search IS NOT NULL THEN CASE search"
    "   WHEN 'found' THEN 'The service bears ' || rate"
    "     || coalesce(' (95 % interval \u00b1' || figure(half_width, NULL, '') || ')', '')"
    "   WHEN 'below' THEN 'The service level does not hold at any rate that was tried'"
    "   WHEN 'above' THEN 'The service bears more than was tried: at least ' || rate"
    "   WHEN 'too_slow' THEN 'The generator was too slow to find the limit: at least '"
    "     || rate"
    "   ELSE 'Interrupted: at least ' || rate END || coalesce(level, '') || '.'"
    " WHEN verdict = 'too_slow' THEN"
    "   'The generator was too slow, these figures prove nothing about the service: '"
    "   || coalesce(why, 'it fell behind') || '.'"
    " WHEN verdict = 'interrupted' THEN 'Interrupted' || coalesce(' (' || reason || ')', '')"
    "   || ': what was measured until then is shown.'"
    " WHEN broken > 0 THEN 'Failed: '"
    "   || CASE WHEN asked = 1 THEN '' ELSE broken || ' of ' || asked || ' thresholds broken, ' END"
    "   || (SELECT text || coalesce(' was ' || figure(value, NULL, unit), ' had no requests')"
    "     || CASE WHEN at_s IS NULL THEN '' ELSE ' from second ' || printf('%g', at_s) END"
    "     FROM broken) || '.'"
    " WHEN asked > 0 THEN 'Passed: ' || CASE WHEN asked = 1 THEN 'the threshold holds.'"
    "   ELSE 'all ' || asked || ' thresholds hold.' END"
    " ELSE 'No threshold was set; this is what was measured.' END FROM counts, fact";

static const char note_sql[] =
    "WITH own AS (SELECT high_ns / 1e6 AS ms, sum(count) OVER (ORDER BY low_ns) AS below,"
    "   sum(count) OVER () AS total FROM load_bucket WHERE step = '' AND clock = 'own_lateness'),"
    " fact AS (SELECT max(CASE key WHEN 'elapsed_s' THEN value END) AS elapsed_s,"
    "   max(CASE key WHEN 'held_rate' THEN value END) AS held,"
    "   max(CASE key WHEN 'asked_rate' THEN value END) AS asked FROM load),"
    " late AS (SELECT (SELECT min(ms) FROM own WHERE below >= 0.5 * total) AS p50,"
    "   (SELECT min(ms) FROM own WHERE below >= 0.99 * total) AS p99,"
    "   (SELECT max(ms) FROM own) AS most),"
    " error AS (SELECT coalesce(sum(count), 0) AS errors FROM load_outcome"
    "   WHERE step = '' AND outcome NOT IN ('ok', 'refused'))"
    " SELECT printf('%,d', requests) || ' requests in ' || figure(elapsed_s, NULL, 's') || ', '"
    " || CASE WHEN held < 100 THEN figure(held, NULL, '') ELSE printf('%,d', round(held)) END"
    " || ' a second answered of '"
    " || CASE WHEN asked < 100 THEN figure(asked, NULL, '') ELSE printf('%,d', round(asked)) END"
    " || ' asked. Response: median ' || figure(response_p50_ms, NULL, 'ms')"
    " || ', p99 ' || figure(response_p99_ms, NULL, 'ms')"
    " || ', longest ' || figure(response_max_ms, NULL, 'ms') || '. '"
    " || CASE WHEN errors = 0 THEN 'No errors. ' ELSE printf('%,d', errors) || ' errors ('"
    "   || figure(100.0 * errors / requests, NULL, '%') || '). ' END"
    " || coalesce('The generator itself sent late by ' || figure(p50, NULL, 'ms')"
    "   || ' (median), ' || figure(p99, NULL, 'ms') || ' (p99), ' || figure(most, NULL, 'ms')"
    "   || ' (at most).', '')"
    " FROM load_row, fact, late, error WHERE step = '' AND requests > 0";

char *load_answer(Results *results, GError **ret_error)
{
    return results_query_text(results, answer_sql, NULL, 0, ret_error);
}

char *load_answer_note(Results *results, GError **ret_error)
{
    return results_query_text(results, note_sql, NULL, 0, ret_error);
}
