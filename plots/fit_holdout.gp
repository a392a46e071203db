# title: What customers did next
# for: fit
# question: Does the number of purchases before tell how many follow?
# caption: WITH sums AS (SELECT sum(actual) AS actual, sum(expected) AS expected FROM fit_holdout)
#   SELECT printf('%,d', actual) || ' purchases in the holdout, ' || printf('%,d', round(expected))
#     || ' forecast.' FROM sums
# data row: SELECT repeats, last, actual * 1.0 / customers AS actual, expected / customers AS expected
#   FROM fit_holdout WHERE customers > 0 ORDER BY repeats
#
# Purchases of a customer in the holdout, on average over those with as many repeats in the calibration
# period; the forecast is of each customer's own history.

eval page(narrow ? 260 : 300)
stats data_row using 'actual' nooutput
high = STATS_max
stats data_row using 'expected' nooutput
high = 1.08 * (STATS_max > high ? STATS_max : high)
stats data_row using 'repeats' nooutput
last = STATS_max
tic = step(high, 4)
set ytics ()
do for [i = 0 : ceil(high / tic)] { set ytics add (short(i * tic) i * tic) }
set xtics ()
do for [i = 0 : last] { set xtics add (sprintf(i == last ? '%d+' : '%d', i) i) offset 0, 0.3 }
set grid ytics linecolor rgb rule linetype 1
set yrange [0 : high]
set xrange [-0.4 : last + 0.4]
set lmargin at screen across(narrow ? 48 : 58)
set rmargin at screen 1 - across(18)
set tmargin 2.2
set bmargin 3
set label 1 narrow ? 'purchases each' : 'purchases each in the holdout' at graph 0, graph 1 \
    offset 0, 0.7 left textcolor rgb ink font ',14'
set label 2 'repeats before' at graph 1, graph 0 offset 0, -2 right textcolor rgb faint
set key at graph 1, graph 1.13 right top horizontal Left reverse samplen 1.5 textcolor rgb ink
plot data_row using 'repeats' : 'actual' with linespoints linecolor rgb good linewidth 3 pointtype 7 \
        title 'actual', \
    data_row using 'repeats' : 'expected' with linespoints linecolor rgb bad linewidth 2 dashtype 2 \
        pointtype 6 title 'model'
