# title: Purchases as time goes on
# for: fit
# question: Does the model follow the purchases of all customers, week by week?
# caption: WITH final AS (SELECT actual, expected, held FROM fit_week ORDER BY week DESC LIMIT 1)
#   SELECT printf('%,d', actual) || ' repeat purchases at the end, '
#     || printf('%,d', round(expected)) || ' by the model ('
#     || change(100.0 * (expected - actual) / actual, NULL, '%') || ').'
#     || CASE WHEN held THEN ' The model has seen nothing of what is to the right of the line.'
#       ELSE '' END FROM final WHERE actual > 0
# data week: SELECT week, actual, expected, held FROM fit_week ORDER BY week
#
# Cumulative repeat purchases of the customers whose first one was in the calibration period.

eval page(narrow ? 260 : 300)
stats data_week using 'actual' nooutput
high = STATS_max
stats data_week using 'expected' nooutput
high = 1.06 * (STATS_max > high ? STATS_max : high)
stats data_week using 'week' nooutput
last = STATS_max
stats data_week using (column('held') > 0 ? NaN : column('week')) nooutput
until = STATS_max
tic = step(high, 4)
set ytics ()
do for [i = 0 : ceil(high / tic)] { set ytics add (short(i * tic) i * tic) }
weeks = step(last, narrow ? 4 : 8)
set xtics ()
do for [i = 0 : floor(last / weeks)] { set xtics add (sprintf('%g', i * weeks) i * weeks) offset 0, 0.3 }
set grid ytics linecolor rgb rule linetype 1
set yrange [0 : high]
set xrange [0 : last]
set lmargin at screen across(narrow ? 52 : 62)
set rmargin at screen 1 - across(18)
set tmargin 2.2
set bmargin 3
set label 1 narrow ? 'repeats so far' : 'repeat purchases so far' at graph 0, graph 1 \
    offset 0, 0.7 left textcolor rgb ink font ',14'
set label 2 'weeks' at graph 1, graph 0 offset 0, -2 right textcolor rgb faint
if (until < last) {
    set arrow 1 from until, graph 0 to until, graph 1 nohead dashtype 2 linecolor rgb ink
    set label 3 'holdout' at until, graph 0.04 offset 0.6, 0 left textcolor rgb faint
}
set key at graph 1, graph 1.13 right top horizontal Left reverse samplen 1.5 textcolor rgb ink
plot data_week using 'week' : 'actual' with lines linecolor rgb good linewidth 4 title 'actual', \
    data_week using 'week' : 'expected' with lines linecolor rgb bad linewidth 2 dashtype 2 title 'model'
