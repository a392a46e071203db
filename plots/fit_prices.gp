# title: What products cost
# for: fit
# question: Do the prices of the products follow a lognormal law?
# caption: SELECT 'Lognormal (' || parameters || '), cumulative shares at most '
#     || figure(100.0 * distance, NULL, '%') || ' apart.' FROM fit_choice WHERE what = 'price'
# data price: SELECT low, high, actual, expected FROM fit_price ORDER BY low
#
# Bars are shares of the products, the line what the law expects in the same classes. The axis of prices
# is logarithmic.

eval page(narrow ? 260 : 290)
stats data_price using 'actual' nooutput
high = STATS_max
stats data_price using 'expected' nooutput
high = 1.08 * (STATS_max > high ? STATS_max : high)
stats data_price using 'low' nooutput
first = STATS_min
stats data_price using 'high' nooutput
last = STATS_max
set logscale x
set xtics ('0.01' 0.01, '0.1' 0.1, '1' 1, '10' 10, '100' 100, '1,000' 1e3, '10 k' 1e4, \
    '100 k' 1e5) offset 0, 0.3
set xtics add ('0.5' 0.5, '2' 2, '5' 5, '20' 20, '50' 50, '200' 200, '500' 500)
tic = step(100 * high, 4)
set ytics ()
do for [i = 0 : ceil(100 * high / tic)] { set ytics add (sprintf('%g %%%%', i * tic) i * tic / 100.0) }
set grid ytics linecolor rgb rule linetype 1
set xrange [first : last]
set yrange [0 : high]
set lmargin at screen across(narrow ? 48 : 58)
set rmargin at screen 1 - across(18)
set tmargin 2.2
set bmargin 3
set label 1 'share of the products' at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink font ',14'
set label 2 'price' at graph 1, graph 0 offset 0, -2 right textcolor rgb faint
set key at graph 0.99, graph 0.98 right top Left reverse samplen 1.5 textcolor rgb ink
plot data_price using (sqrt(column('low') * column('high'))) : (column('actual') / 2) : 'low' : 'high' : \
        (0) : 'actual' with boxxyerror linecolor rgb '#9CC3DC' title 'actual', \
    data_price using (sqrt(column('low') * column('high'))) : 'expected' with lines linecolor rgb bad \
        linewidth 2 title 'lognormal'
