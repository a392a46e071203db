# title: When they waited
# for: load
# question: Was it slow all the time, or at one moment?
# caption: WITH half AS (SELECT response_p50_ms AS ms, response_p99_ms AS late, requests FROM load_row
#       WHERE step = ''),
#     step(ms) AS (VALUES (0.1), (0.2), (0.5), (1), (2), (5), (10), (20), (50), (100), (200), (500),
#       (1000), (2000), (5000), (10000), (60000)),
#     bound AS (SELECT max((SELECT min(step.ms) FROM step WHERE step.ms >= 10 * half.ms),
#       (SELECT coalesce(max(step.ms), 0) FROM step WHERE step.ms <= half.late / 10)) AS ms FROM half),
#     late AS (SELECT coalesce(sum(count), 0) AS count FROM load_bucket, bound
#       WHERE step = '' AND clock = 'response' AND low_ns >= ms * 1e6),
#     found AS (SELECT s.begin_s, s.end_s FROM load_heat h JOIN bound
#       ON h.low_ms >= bound.ms * 0.9999 JOIN load_series s USING (begin_s)
#       WHERE NOT s.warm_up GROUP BY s.begin_s),
#     span AS (SELECT min(begin_s) AS first, max(end_s) AS last, sum(end_s - begin_s) AS busy,
#       count(*) AS many, (SELECT count(*) FROM load_series WHERE NOT warm_up) AS all_of
#       FROM found)
#   SELECT CASE WHEN late.count = 0 THEN 'No request took longer than '
#       || figure(bound.ms, NULL, 'ms') || ', ten times the median.'
#     ELSE 'Requests answered later than ' || figure(bound.ms, NULL, 'ms') || ': '
#       || printf('%,d', late.count) || ' of ' || printf('%,d', requests)
#       || CASE WHEN many = 0 THEN '' WHEN many = all_of THEN ', spread over the whole run'
#         WHEN last - first <= busy * 1.01
#         THEN ', all due between second ' || printf('%g', first) || ' and ' || printf('%g', last)
#         ELSE ', in ' || many || ' of ' || all_of || ' intervals, the first in second '
#           || printf('%g', first) || ', the last in second ' || printf('%g', last) END || '.' END
#   FROM half, bound, late, span
# data cell: WITH size AS (SELECT max(max(end_s) - min(begin_s), 1e-9) / 90 AS bin FROM load_series),
#     place AS (SELECT begin_s, end_s, CAST(begin_s / max(bin, end_s - begin_s) AS INTEGER) AS slot
#       FROM load_series, size)
#   SELECT (SELECT min(begin_s) FROM place q WHERE q.slot = p.slot) AS begin,
#     (SELECT max(end_s) FROM place q WHERE q.slot = p.slot) AS end, h.low_ms AS low,
#     h.high_ms AS high, sum(h.count) AS count
#   FROM load_heat h JOIN place p USING (begin_s) GROUP BY p.slot, h.low_ms
#   ORDER BY p.slot, h.low_ms
# data line: WITH size AS (SELECT max(max(end_s) - min(begin_s), 1e-9) / 90 AS bin FROM load_series)
#   SELECT min(begin_s) AS begin, max(end_s) AS end, avg(p50_ms) AS half, max(p99_ms) AS late,
#     max(avg(lateness_p50_ms), 0.001) AS lateness_half,
#     max(max(lateness_p99_ms), 0.001) AS lateness_late,
#     max(max(lateness_max_ms), 0.001) AS lateness_most,
#     max(warm_up) AS warm_up, count(*) AS intervals
#   FROM load_series, size WHERE requests > 0
#   GROUP BY CAST(begin_s / max(bin, end_s - begin_s) AS INTEGER) ORDER BY begin
# data stage: SELECT stage, begin_s AS begin, end_s AS end, rate_from, rate_to FROM load_stage
#
# Above: responses by the second in which they were due and by their length, the darker the more,
# with median and p99. Below, on the same axis of time, how late requests were sent: what stands in
# both was waiting for a connection, what stands above alone was the service. Long runs are drawn in
# 90 columns; the p99 of a column is that of its worst interval.

eval page(narrow ? 430 : 480)
stats data_cell using 'begin' nooutput
first = STATS_min
stats data_cell using 'end' nooutput
last = STATS_max
stats data_cell using 'low' nooutput
low = STATS_min
stats data_cell using 'high' nooutput
high = STATS_max * 1.3
stats data_cell using 'count' nooutput
most = STATS_max

set lmargin at screen across(narrow ? 52 : 62)
set rmargin at screen 1 - across(narrow ? 10 : 14)
set xrange [first : last]
eval time_tics(first, last)
set logscale y
set grid ytics linecolor rgb rule linetype 1
# From light to dark by the logarithm of the count.
shade(n) = most > 1 ? 0.12 + 0.88 * log(n) / log(most) : 1
mix(a, b, t) = int(a + (b - a) * t)
blue(t) = mix(226, 8, t) * 65536 + mix(236, 48, t) * 256 + mix(246, 107, t)
middle(row) = (column('begin') + column('end')) / 2

set multiplot
set tmargin at screen narrow ? 0.93 : 0.94
set bmargin at screen narrow ? 0.47 : 0.44
set yrange [low : high]
set ytics nomirror scale 0 ()
do for [e = floor(log10(low)) : ceil(log10(high))] { set ytics add (duration(10.0 ** e) 10.0 ** e) }
eval stages(rows_stage)
set label 1 'response by the second it was due' at graph 0, graph 1 offset 0, 0.7 left \
    textcolor rgb ink font ',14'
set label 2 'p99' at graph 1, graph 1 offset -7, 0.7 right textcolor rgb bad font ',14'
set label 3 'median' at graph 1, graph 1 offset 0, 0.7 right textcolor rgb '#B8860B' font ',14'
plot data_cell using (middle(0)) : (sqrt(column('low') * column('high'))) : 'begin' : 'end' : \
        'low' : 'high' : (blue(shade(column('count')))) with boxxyerror linecolor rgb variable, \
    data_line using (middle(0)) : 'half' with lines linecolor rgb 'white' linewidth 3.6, \
    data_line using (middle(0)) : 'half' with lines linecolor rgb '#E6A817' linewidth 2, \
    data_line using (middle(0)) : 'late' with lines linecolor rgb 'white' linewidth 3.6, \
    data_line using (middle(0)) : 'late' with lines linecolor rgb bad linewidth 2

unset logscale
@whole
stats data_line using 'lateness_half' nooutput
low = STATS_min
stats data_line using 'lateness_most' nooutput
high = STATS_max > 10 * low ? STATS_max : 10 * low
low = 10 ** floor(log10(low))
high = 10 ** ceil(log10(high * 1.05))
set logscale y
set xrange [first : last]
set tmargin at screen narrow ? 0.33 : 0.31
set bmargin at screen narrow ? 0.09 : 0.1
set yrange [low : high]
set ytics nomirror scale 0 ()
decades = int(log10(high) - log10(low) + 0.5)
do for [e = 0 : decades] {
    if (decades < 5 || e % 2 == 0) {
        set ytics add (duration(low * 10.0 ** e) low * 10.0 ** e)
    }
}
set label 1 'lateness: due to sent'
set label 2 'p99'
set label 4 'longest' at graph 1, graph 1 offset -11.5, 0.7 right textcolor rgb faint font ',14'
plot data_line using (middle(0)) : 'lateness_most' with lines linecolor rgb '#9A9A9A' linewidth 1.4, \
    data_line using (middle(0)) : 'lateness_late' with lines linecolor rgb bad linewidth 2, \
    data_line using (middle(0)) : 'lateness_half' with lines linecolor rgb '#E6A817' linewidth 2
unset multiplot
