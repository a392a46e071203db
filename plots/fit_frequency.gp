# title: How often customers came back
# for: fit
# question: Does the model expect as many customers with 0, 1, 2, ... repeats as there are?
# caption: WITH miss AS (SELECT sum(abs(actual - expected)) / 2 AS wrong, sum(actual) AS all_of_them
#       FROM fit_frequency)
#   SELECT 'The model puts ' || figure(100.0 * wrong / all_of_them, NULL, '%')
#     || ' of the customers into another class than they are in.' FROM miss
# data row: SELECT repeats, last, actual, expected FROM fit_frequency ORDER BY repeats
#
# Bars are customers, points what the fitted model expects of as many customers who were watched for
# as long.

eval page(narrow ? 260 : 300)
stats data_row using 'actual' nooutput
high = STATS_max
stats data_row using 'expected' nooutput
high = 1.08 * (STATS_max > high ? STATS_max : high)
tic = step(high, 4)
set ytics ()
do for [i = 0 : ceil(high / tic)] { set ytics add (short(i * tic) i * tic) }
set xtics ()
every_nth = ceil(rows_row / (narrow ? 12.0 : 24.0))
do for [i = 1 : rows_row : every_nth] { set xtics add (sprintf('%d', i - 1) i - 1) offset 0, 0.3 }
if (rows_row > 1) { set xtics add (sprintf('%d+', rows_row - 1) rows_row - 1) offset 0, 0.3 }
set grid ytics linecolor rgb rule linetype 1
set yrange [0 : high]
set xrange [-0.6 : rows_row - 0.4]
set lmargin at screen across(narrow ? 48 : 58)
set rmargin at screen 1 - across(12)
set label 1 'customers' at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink font ',14'
set label 2 'repeat purchases' at graph 1, graph 0 offset 0, -2 right textcolor rgb faint
set tmargin 2.2
set bmargin 3
set key at graph 1, graph 1.13 right top horizontal Left reverse samplen 1.5 textcolor rgb ink
set boxwidth 0.7
plot data_row using (column('repeats')) : 'actual' with boxes linecolor rgb '#9CC3DC' title 'actual', \
    data_row using (column('repeats')) : 'expected' with linespoints linecolor rgb bad linewidth 2 \
        pointtype 7 pointsize 0.7 title 'model'
