# title: Stock and sales, day by day
# question: Does the better point sell more because it holds more, or because it uses stock better?
# keys: points
# caption: WITH day AS (SELECT point, day,
#       sum(CASE name WHEN 'stock_units' THEN value END) AS stock,
#       sum(CASE name WHEN 'sales_cents' THEN value END) / 100.0 AS sales
#     FROM series WHERE name IN ('stock_units', 'sales_cents') AND day >= :warm_up_days
#     GROUP BY point, day),
#     mean AS (SELECT point, avg(stock) AS stock, avg(sales) AS sales FROM day GROUP BY point)
#   SELECT CASE WHEN :other = 0 THEN p.label || ' holds ' || figure(a.stock, NULL, 'units')
#       || ' on an average day and sells for ' || figure(a.sales, NULL, 'money') || '.'
#     ELSE (SELECT label FROM point WHERE point = :other) || ' sells for '
#       || figure(b.sales, NULL, 'money') || ' a day on ' || figure(b.stock, NULL, 'units')
#       || ' of stock, ' || p.label || ' for ' || figure(a.sales, NULL, 'money') || ' on '
#       || figure(a.stock, NULL, 'units') || '.' END || ' First replication.'
#   FROM mean a JOIN mean b ON b.point = :other JOIN point p ON p.point = a.point WHERE a.point = 0
# data days: SELECT s.key + 1 AS position, d.day, d.stock, d.sales FROM json_each(:shown) s
#   JOIN (SELECT point, day, sum(CASE name WHEN 'stock_units' THEN value END) AS stock,
#       sum(CASE name WHEN 'sales_cents' THEN value END) / 100.0 AS sales
#     FROM series WHERE name IN ('stock_units', 'sales_cents') GROUP BY point, day
#     HAVING count(*) > 0) d ON d.point = s.value
#   ORDER BY position, day
# data span: SELECT :warm_up_days AS warm_up
#
# Two panels over one axis of days, a line for each point. The axes need not begin at zero: lines
# show change, and the level is written on the tics. Weeks are the vertical rules.

eval page(narrow ? 380 : 430)
stats data_days using 'day' nooutput
first_day = STATS_min
last_day = STATS_max > STATS_min ? STATS_max : STATS_min + 1
stats data_span using 'warm_up' nooutput
warm_up = STATS_max

set lmargin at screen across(narrow ? 50 : 62)
set rmargin at screen 1 - across(14)
days = last_day - first_day
day_step = days > 400 ? 91 : days > 120 ? 28 : days > 14 ? 7 : 1
set xtics day_step offset 0, 0.3
set grid xtics ytics linecolor rgb rule linetype 1
set format y ''
if (warm_up > first_day) {
    set object 1 rectangle from first_day, graph 0 to warm_up, graph 1 behind \
        fillcolor rgb '#F0F0F0' fillstyle solid noborder
    set label 2 'warm-up' at first_day, graph 0.04 offset 0.5, 0 textcolor rgb faint
}

set multiplot
do for [panel = 1:2] {
    @whole
    measure = panel == 1 ? 'stock' : 'sales'
    stats data_days using (column(measure)) nooutput
    low = STATS_min
    high = STATS_max > STATS_min ? STATS_max : STATS_min + 1
    # The axis begins at zero when the lines reach down near it anyway.
    low = low > 0 && low < 0.5 * high ? 0 : low
    tic = step(high - low, 4)
    set ytics nomirror scale 0 ()
    do for [i = floor(low / tic) : ceil(high / tic)] { set ytics add (short(i * tic) i * tic) }
    set xrange [first_day : last_day]
    set yrange [low - 0.04 * (high - low) : high + 0.06 * (high - low)]
    set tmargin at screen panel == 1 ? 0.92 : 0.44
    set bmargin at screen panel == 1 ? 0.56 : 0.11
    set label 1 panel == 1 ? 'units in stock at the end of the day' : 'sales a day, ' . currency \
        at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink font ',14'
    if (panel == 2) { set xlabel 'day' offset 0, 0.6 textcolor rgb faint }
    else { unset xlabel }
    plot for [i = 1:point_count] data_days using 'day' : \
        (column('position') == i ? column(measure) : NaN) with lines linecolor rgb colour[i] \
        linewidth line_width(i)
}
unset multiplot
