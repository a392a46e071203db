# title: How long customers waited
# for: load
# question: How bad is it for the unlucky ones, and is it the service or the wait before it?
# caption: WITH at AS (SELECT * FROM load_row WHERE step = '' AND response_p99_ms IS NOT NULL),
#     gap AS (SELECT column1 AS share, column2 AS response, column3 AS service FROM (
#         SELECT '90' AS column1, response_p90_ms AS column2, service_p90_ms AS column3 FROM at
#         UNION ALL SELECT '99', response_p99_ms, service_p99_ms FROM at
#         UNION ALL SELECT '99.9', response_p999_ms, service_p999_ms FROM at)
#       WHERE column2 > 1.1 * column3 AND column2 - column3 > 1 ORDER BY column2 / column3 DESC
#       LIMIT 1)
#   SELECT 'Half of all requests were answered within ' || figure(response_p50_ms, NULL, 'ms')
#     || ', 99 % within ' || figure(response_p99_ms, NULL, 'ms') || ', the last after '
#     || figure(response_max_ms, NULL, 'ms') || '. '
#     || coalesce((SELECT 'Counted from their sending, ' || share || ' % took at most '
#         || figure(service, NULL, 'ms') || ' instead of ' || figure(response, NULL, 'ms')
#         || ': a tool that waits for an answer before it sends the next request would report the'
#         || ' shorter time.' FROM gap),
#       'Hardly any of it is waiting to be sent: response and service are close.') FROM at
# data curve: WITH RECURSIVE size(n) AS (SELECT requests FROM load_row WHERE step = ''),
#     grid(k, x) AS (SELECT 0, 1.0 UNION ALL SELECT k + 1, min(n * 1.0, pow(10, (k + 1) / 40.0))
#       FROM grid, size WHERE x < n),
#     part AS MATERIALIZED (SELECT clock, high_ns,
#         sum(count) OVER (PARTITION BY clock ORDER BY low_ns) AS below,
#         sum(count) OVER (PARTITION BY clock) AS total
#       FROM load_bucket WHERE step = '' AND clock IN ('response', 'service', 'lateness'))
#   SELECT x, (SELECT max(min(high_ns), 1000) / 1e6 FROM part
#       WHERE clock = 'response' AND below >= (1 - 1 / x) * total) AS response,
#     (SELECT max(min(high_ns), 1000) / 1e6 FROM part
#       WHERE clock = 'service' AND below >= (1 - 1 / x) * total) AS service,
#     (SELECT max(min(high_ns), 1000) / 1e6 FROM part
#       WHERE clock = 'lateness' AND below >= (1 - 1 / x) * total) AS lateness
#   FROM grid WHERE EXISTS (SELECT 1 FROM part)
#
# The share of requests answered within a time, on an axis on which each further nine (90 %, 99 %,
# 99.9 %) takes the same room, as HdrHistogram's plots have it. The three clocks stand together: the
# gap between response and service is what coordinated omission hides.

eval page(narrow ? 340 : 400)
stats data_curve using 'x' nooutput
last = STATS_max > 20 ? STATS_max : 20
low = 1e9
high = 0
do for [clock in 'response service lateness'] {
    stats data_curve using (column(clock)) nooutput
    low = STATS_min < low ? STATS_min : low
    high = STATS_max > high ? STATS_max : high
}
low = 10 ** floor(log10(low))
high = 10 ** ceil(log10(high * (narrow ? 30 : 8)))

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

response = bad
service = good
lateness = '#7A7A7A'
line = 1.0 / (narrow ? 17 : 20)
set label 1 narrow ? 'response: due to answered' : \
    'response: from the moment it was due to the last byte' at graph 0.015, graph 1 - 0.7 * line \
    left textcolor rgb response font ',14'
set label 2 narrow ? 'service: sent to answered' : 'service: from its sending to the last byte' \
    at graph 0.015, graph 1 - 1.9 * line left textcolor rgb service font ',14'
set label 3 narrow ? 'lateness: due to sent' : 'lateness: from the moment it was due to its sending' \
    at graph 0.015, graph 1 - 3.1 * line left textcolor rgb lateness font ',14'
plot data_curve using 'x' : 'service' : 'response' with filledcurves linecolor rgb '#FBE6D9', \
    data_curve using 'x' : 'lateness' with lines linecolor rgb lateness linewidth 1.6 dashtype 2, \
    data_curve using 'x' : 'response' with lines linecolor rgb response linewidth 3.2, \
    data_curve using 'x' : 'service' with lines linecolor rgb service linewidth 2
