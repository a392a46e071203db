# title: What was asked of the service
# for: load
# question: Was the rate held, and when did requests fail?
# caption: WITH sums AS (SELECT sum(requests) AS requests, sum(errors) AS errors FROM load_series
#       WHERE NOT warm_up),
#     bad AS (SELECT min(begin_s) AS first, max(end_s) AS last, sum(end_s - begin_s) AS busy,
#       count(*) AS many FROM load_series WHERE errors > 0 AND NOT warm_up)
#   SELECT printf('%,d', requests) || ' requests were due, '
#     || printf('%,d', (SELECT value FROM load WHERE key = 'held_rate'))
#     || ' a second were answered of '
#     || printf('%,d', (SELECT value FROM load WHERE key = 'asked_rate')) || ' asked. '
#     || CASE WHEN errors = 0 THEN 'None failed.'
#       ELSE printf('%,d', errors) || ' failed (' || figure(100.0 * errors / requests, NULL, '%')
#         || CASE WHEN last - first <= busy * 1.01 THEN '), all due between second '
#           || printf('%g', first) || ' and ' || printf('%g', last) || '.'
#           ELSE '), in ' || many || ' of the intervals.' END END
#   FROM sums, bad WHERE requests > 0
# data line: WITH size AS (SELECT max(max(end_s) - min(begin_s), 1e-9) / 180 AS bin FROM load_series)
#   SELECT min(begin_s) AS begin, max(end_s) AS end,
#     sum(requests) / max(sum(end_s - begin_s), 1e-9) AS rate,
#     sum(errors) / max(sum(end_s - begin_s), 1e-9) AS errors, max(warm_up) AS warm_up
#   FROM load_series, size GROUP BY CAST(begin_s / max(bin, end_s - begin_s) AS INTEGER)
#   ORDER BY begin
# data stage: SELECT stage, begin_s AS begin, end_s AS end, rate_from, rate_to FROM load_stage
#
# Requests by the second in which they were due, and errors on a scale of their own below: they are
# few beside the rate, or the run would not be worth a picture.

eval page(narrow ? 340 : 330)
stats data_line using 'begin' nooutput
first = STATS_min
stats data_line using 'end' nooutput
last = STATS_max
stats data_line using (column('warm_up') > 0 ? column('end') : first) nooutput
warm_up = STATS_max

set lmargin at screen across(narrow ? 52 : 62)
set rmargin at screen 1 - across(narrow ? 10 : 14)
eval time_tics(first, last)
set grid ytics linecolor rgb rule linetype 1
middle(row) = (column('begin') + column('end')) / 2

set multiplot
do for [panel = 1:2] {
    @whole
    measure = panel == 1 ? 'rate' : 'errors'
    stats data_line using (column(measure)) nooutput
    high = STATS_max > 0 ? STATS_max * (panel == 1 ? 1.2 : 1.12) : 1.0
    none = STATS_max > 0 ? '' : ' (none)'
    tic = step(high, panel == 1 ? 4 : 2)
    set ytics nomirror scale 0 ()
    do for [i = 0 : ceil(high / tic)] { set ytics add (short(i * tic) i * tic) }
    set xrange [first : last]
    set yrange [0 : high]
    set tmargin at screen panel == 1 ? 0.9 : 0.31
    set bmargin at screen panel == 1 ? 0.48 : 0.11
    set label 1 panel == 1 ? 'requests due a second' : 'errors a second' . none \
        at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink font ',14'
    if (panel == 1) {
        eval stages(rows_stage)
        eval stage_rates(rows_stage)
    }
    if (warm_up > first) {
        set object 99 rectangle from first, graph 0 to warm_up, graph 1 behind \
            fillcolor rgb '#F0F0F0' fillstyle solid noborder
        set label 99 'warm-up' at first, graph 0.08 offset 0.5, 0 textcolor rgb faint
    }
    plot data_line using (middle(0)) : (0.5 * column(measure)) : 'begin' : 'end' : (0) : \
        (column(measure)) with boxxyerror linecolor rgb panel == 1 ? '#9CC3DC' : bad
    unset label
}
unset multiplot
