# title: Run beside run
# for: load
# question: Do the runs agree on how long customers waited?
# caption: WITH late AS (SELECT r.run, r.label, w.response_p99_ms AS ms FROM all_runs r
#       JOIN all_load_row w ON w.run = r.run AND w.step = ''),
#     low AS (SELECT label, ms FROM late ORDER BY ms LIMIT 1),
#     high AS (SELECT label, ms FROM late ORDER BY ms DESC LIMIT 1)
#   SELECT '99 % of requests were answered within ' || figure(high.ms, NULL, 'ms') || ' by “' || high.label
#     || '”, within ' || figure(low.ms, NULL, 'ms') || ' by “' || low.label || '”.'
#     || CASE WHEN EXISTS (SELECT 1 FROM all_runs WHERE label LIKE 'closed%')
#       AND EXISTS (SELECT 1 FROM all_runs WHERE label LIKE 'open%')
#     THEN ' A closed loop sends nothing while it waits: what customers would have asked for in that'
#       || ' time is missing from its figures.' ELSE '' END FROM low, high
# data curve: WITH RECURSIVE size(run, n) AS (SELECT run, requests FROM all_load_row WHERE step = ''),
#     grid(run, k, x) AS (SELECT run, 0, 1.0 FROM size
#       UNION ALL SELECT run, k + 1, min(n * 1.0, pow(10, (k + 1) / 40.0))
#       FROM grid JOIN size USING (run) WHERE x < n),
#     part AS MATERIALIZED (SELECT run, high_ns,
#         sum(count) OVER (PARTITION BY run ORDER BY low_ns) AS below,
#         sum(count) OVER (PARTITION BY run) AS total
#       FROM all_load_bucket WHERE step = '' AND clock = 'response')
#   SELECT g.run, r.label, g.x, (SELECT max(min(high_ns), 1000) / 1e6 FROM part
#       WHERE part.run = g.run AND below >= (1 - 1 / g.x) * total) AS response
#   FROM grid g JOIN all_runs r USING (run) WHERE (SELECT count(*) FROM all_runs) > 1
#   ORDER BY g.run, g.x
#
# The response of several runs on the axis of load_percentiles.gp. A closed loop that is beside an
# open one shows what it leaves out: while the service stands still it sends nothing.

eval page(narrow ? 340 : 380)
stats data_curve using 'x' nooutput
last = STATS_max > 20 ? STATS_max : 20
stats data_curve using 'response' nooutput
low = 10 ** floor(log10(STATS_min))
stats data_curve using 'run' nooutput
runs = int(STATS_max) + 1
stats data_curve using 'response' nooutput
high = 10 ** ceil(log10(STATS_max * (runs > 3 ? 30 : 6)))
array name[runs]
do for [i = 1:runs] {
    title_text = ''
    stats data_curve using (column('run') == i - 1 ? (title_text = strcol('label'), 1) : NaN) nooutput
    name[i] = title_text
}

set logscale xy
set lmargin at screen across(narrow ? 52 : 62)
set rmargin at screen 1 - across(narrow ? 22 : 34)
set tmargin at screen 0.985
set bmargin at screen narrow ? 0.14 : 0.13
set xrange [1 : last]
set yrange [low : high]
eval share_tics
set xlabel 'share of requests that waited no longer' offset 0, 0.6 textcolor rgb faint
set ytics nomirror scale 0 ()
do for [e = int(log10(low)) : int(log10(high))] { set ytics add (duration(10.0 ** e) 10.0 ** e) }
set grid xtics ytics linecolor rgb rule linetype 1

array hue[8] = [bad, good, '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000', '#888888']
line = 1.0 / (narrow ? 17 : 19)
do for [i = 1:runs] {
    set label i cut(name[i], narrow ? 40 : 90) at graph 0.015, graph 1 - (1.2 * i - 0.5) * line \
        left textcolor rgb hue[i] font ',14'
}
plot for [i = 1:runs] data_curve using (column('run') == i - 1 ? column('x') : NaN) : 'response' \
    with lines linecolor rgb hue[i] linewidth (i == 1 ? 3.2 : 2)
