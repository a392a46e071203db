# title: Latency against rate
# for: load
# question: How much does the service bear, and does it bend or break?
# caption: WITH fact AS (SELECT (SELECT value FROM load WHERE key = 'capacity_rate') AS rate,
#       (SELECT value FROM load WHERE key = 'capacity_knee') AS knee,
#       (SELECT value FROM load WHERE key = 'capacity_end') AS ended)
#   SELECT CASE ended WHEN 'found' THEN 'Up to ' || printf('%,d', rate)
#       || ' journeys a second the service level holds.'
#     WHEN 'below' THEN 'The service level does not even hold at the lowest rate tried.'
#     WHEN 'above' THEN 'The service level still holds at the highest rate tried, '
#       || printf('%,d', rate) || ' journeys a second.'
#     ELSE 'The search ended early (' || replace(ended, '_', ' ') || '): ' || printf('%,d', rate)
#       || ' journeys a second hold at least.' END
#     || coalesce(' The p99 turns upwards at about ' || printf('%,d', knee) || '.', '')
#     || ' Filled marks held, open ones broke'
#     || CASE WHEN EXISTS (SELECT 1 FROM capacity WHERE too_slow AND NOT held)
#       THEN ', at grey ones the generator was too slow to tell' ELSE '' END || '.' FROM fact
# data probe: SELECT rate, max(p99_ms, 0.001) AS late, max(p50_ms, 0.001) AS half,
#     CASE WHEN held THEN 1 WHEN too_slow THEN 2 ELSE 0 END AS kind
#   FROM capacity WHERE p99_ms IS NOT NULL ORDER BY rate
# data line: SELECT rate, avg(max(p99_ms, 0.001)) AS late, avg(max(p50_ms, 0.001)) AS half
#   FROM capacity WHERE (held OR NOT too_slow) AND p99_ms IS NOT NULL
#   GROUP BY rate ORDER BY rate
# data fact: SELECT coalesce((SELECT value FROM load WHERE key = 'capacity_rate'), 0) AS rate,
#     coalesce((SELECT value FROM load WHERE key = 'capacity_low'), 0) AS low,
#     coalesce((SELECT value FROM load WHERE key = 'capacity_high'), 0) AS high,
#     coalesce((SELECT value FROM load WHERE key = 'capacity_knee'), 0) AS knee,
#     coalesce((SELECT min(limit_value) FROM threshold WHERE unit = 'ms'), 0) AS bound
#
# Each probe is a mark: filled where the service level held (if even with a late generator, the
# better), open where it broke, grey where it may have been the generator's fault.

eval page(narrow ? 350 : 400)
stats data_probe using 'rate' nooutput
last = STATS_max * 1.05
stats data_probe using 'half' nooutput
low = STATS_min
stats data_probe using 'late' nooutput
high = STATS_max
low = 10 ** floor(log10(low))
high = 10 ** ceil(log10(high * 3))
stats data_fact using 'rate' nooutput
rate = STATS_max
stats data_fact using 'knee' nooutput
knee = STATS_max
stats data_fact using 'low' nooutput
from = STATS_max
stats data_fact using 'high' nooutput
to = STATS_max
stats data_fact using 'bound' nooutput
bound = STATS_max

stats data_probe using (column(0) == 0 ? column('late') : NaN) nooutput
late_from = STATS_max
stats data_probe using (column(0) == 0 ? column('half') : NaN) nooutput
half_from = STATS_max

set logscale y
set lmargin at screen across(narrow ? 52 : 62)
set rmargin at screen 1 - across(narrow ? 14 : 20)
set tmargin at screen 0.92
set bmargin at screen narrow ? 0.14 : 0.13
set xrange [0 : last]
set yrange [low : high]
tic = step(last, narrow ? 4 : 8)
set xtics ()
do for [i = 0 : floor(last / tic)] { set xtics add (short(i * tic) i * tic) offset 0, 0.3 }
set xlabel 'journeys a second' offset 0, 0.6 textcolor rgb faint
set ytics nomirror scale 0 ()
do for [e = int(log10(low)) : int(log10(high))] { set ytics add (duration(10.0 ** e) 10.0 ** e) }
set grid ytics linecolor rgb rule linetype 1
if (from > 0 && to > from) {
    set object 1 rectangle from from, graph 0 to to, graph 1 behind fillcolor rgb '#E8F3EC' \
        fillstyle solid noborder
}
if (rate > 0) {
    set arrow 1 from rate, graph 0 to rate, graph 1 nohead linecolor rgb '#00795A' linewidth 1.6
    set label 1 'holds to ' . short(rate) at rate, graph 1 offset 0, 0.6 \
        right textcolor rgb '#00795A' font ',14'
}
if (knee > 0) {
    set arrow 2 from knee, graph 0 to knee, graph 0.16 nohead linecolor rgb faint linewidth 1.4
    set label 2 'knee ' at knee, graph 0.1 right textcolor rgb faint
}
if (bound > 0) {
    set arrow 3 from graph 0, first bound to graph 1, first bound nohead linecolor rgb bad \
        dashtype 2 linewidth 1.2
    set label 3 'limit ' . duration(bound) at graph 0.01, first bound offset 0, 0.6 left \
        textcolor rgb bad
}
set label 4 'p99' at graph 0.01, first late_from * 1.35 left textcolor rgb good font ',14'
set label 5 'median' at graph 0.01, first half_from / 1.35 left textcolor rgb '#7A7A7A' font ',14'
plot data_line using 'rate' : 'half' with lines linecolor rgb '#A8A8A8' linewidth 1.6, \
    data_line using 'rate' : 'late' with lines linecolor rgb good linewidth 2, \
    data_probe using 'rate' : (column('kind') == 0 ? column('late') : NaN) with points \
        pointtype 6 pointsize 0.8 linewidth 1.6 linecolor rgb bad, \
    data_probe using 'rate' : (column('kind') == 2 ? column('late') : NaN) with points \
        pointtype 7 pointsize 0.7 linecolor rgb '#BBBBBB', \
    data_probe using 'rate' : (column('kind') == 1 ? column('late') : NaN) with points \
        pointtype 7 pointsize 0.8 linecolor rgb good
