# title: Oversold units and the closed form
# question: Is what the simulation oversells what the theory of stale stock says?
# for: sweep
# caption: SELECT 'Dashed: each time a position runs out, online channels go on selling until the news '
#     || 'arrives, and of the N units that are asked for meanwhile those online beyond the buffer are '
#     || 'oversold: p E[(N - b)+], N Poisson, summed over all positions with the demand that the model '
#     || 'forecasts for each hour; the number of times that positions ran out is the simulation''s. '
#     || 'It assumes that nothing is delivered before the news, so it goes on rising with the lag. '
#     || 'Dotted: the same, but the next delivery ends it. What parts these from the simulation: '
#     || 'customers turn to what other places show, which forecasts leave out, as they do prices and '
#     || 'distances; orders come with several units; positions are not alike in luck.'
# data sim: WITH x AS (SELECT v.point, v.text, v.number FROM axis_value v)
#   SELECT coalesce(x.number, x.point + 1) AS x, x.number IS NOT NULL AS numeric, x.text, k.mean,
#     coalesce(k.half_width, 0) AS half_width
#   FROM kpi k JOIN kpi_column c USING (kpi) JOIN x USING (point)
#   WHERE c.name = 'oversold_units' AND (SELECT count(*) FROM axis) = 1
#     AND EXISTS (SELECT 1 FROM expected WHERE value > 0)
#   ORDER BY x
# data form: SELECT coalesce(v.number, v.point + 1) AS x, e.value, 1 + (e.name <> 'closed form') AS kind
#   FROM expected e JOIN axis_value v USING (point) WHERE e.kpi = 'oversold_units' ORDER BY kind, x
# data axis: SELECT path FROM axis
#
# Twice the same: on a plain scale, where long lags count, and on a logarithmic one, where a factor
# between theory and simulation is the same height everywhere.

stats data_sim using 'numeric' nooutput
numeric = int(STATS_min)
smallest = 1e300
least = 1e300
stats data_sim using (numeric && column('x') > 0 && column('x') < smallest ? \
    (smallest = column('x')) : 1) nooutput
stats data_sim using (column('mean') > 0 && column('mean') < least ? (least = column('mean')) : 1) \
    nooutput
stats data_form using (column('value') > 0 && column('value') < least ? (least = column('value')) : 1) \
    nooutput
stats data_sim using 'x' nooutput
wide_span = numeric && STATS_min >= 0 && STATS_max / smallest > 12
zero_at = log10(smallest) - 0.12 * (log10(STATS_max) - log10(smallest)) - 0.2
at(x) = wide_span ? (x > 0 ? log10(x) : zero_at) : x
first = at(STATS_min)
last = at(STATS_max)
span = last - first > 0 ? last - first : 1
apart = span * (narrow ? 0.17 : 0.1)
stats data_sim using (column('mean') + column('half_width')) nooutput
high = STATS_max
stats data_form using 'value' nooutput
high = STATS_max > high ? STATS_max : high
axis_name = ''
stats data_axis using (axis_name = strcol('path'), 1) nooutput

panel_height = narrow ? 270 : 320
height = (narrow ? 2 * panel_height : panel_height) + 20
eval page(height)
set grid ytics linecolor rgb rule linetype 1
set xtics ()
taken = first - 2 * apart
do for [i = 0 : int(rows_sim) - 1] {
    here = taken
    stats data_sim using (column(0) == i ? (here = at(column('x')), text = strcol('text'), 1) : 1) \
        nooutput
    if (here - taken >= apart) {
        set xtics add (cut(text, 14) here) offset 0, 0.3
        taken = here
    }
}
set multiplot
do for [panel = 1:2] {
    @whole
    row = narrow ? panel - 1 : 0
    col = narrow ? 0 : panel - 1
    columns = narrow ? 1 : 2
    set lmargin at screen col * 1.0 / columns + across(narrow ? 78 : 84)
    set rmargin at screen (col + 1) * 1.0 / columns - across(20)
    set tmargin at screen 1 - (row * panel_height + 34.0) / height
    set bmargin at screen 1 - ((row + 1) * panel_height - 50.0) / height
    set xrange [first - 0.04 * span : last + 0.04 * span]
    set ytics nomirror scale 0 ()
    if (panel == 1) {
        set yrange [0 : 1.06 * high]
        tic = step(high, 5)
        do for [i = 0 : floor(1.06 * high / tic)] { set ytics add (precise(i * tic, tic) i * tic) }
    } else {
        set logscale y
        set yrange [least / 1.6 : high * 1.6]
        do for [e = floor(log10(least)) : ceil(log10(high))] {
            set ytics add (sprintf('%.6g', 10.0 ** e) 10.0 ** e)
        }
    }
    set label 1 panel == 1 ? 'oversold units' : 'oversold units, logarithmic' \
        at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink font ',14'
    set label 2 axis_name at graph 1, graph 0 offset 0, -2.2 right textcolor rgb faint
    unset for [i = 3:5] label i
    if (panel == 1) {
        set label 3 'simulated, 95 % interval' at graph 0.03, graph 0.92 left textcolor rgb '#0072B2'
        set label 4 '– – closed form' at graph 0.03, graph 0.84 left textcolor rgb ink
        set label 5 '· · · until the next delivery' at graph 0.03, graph 0.76 left textcolor rgb ink
    }
    low(row) = panel == 1 || column('mean') > column('half_width') ? \
        column('mean') - column('half_width') : least / 1.6
    plot data_sim using (at(column('x'))) : (low(0)) : (column('mean') + column('half_width')) \
            with filledcurves fillcolor rgb '#0072B2' fillstyle transparent solid 0.18 noborder, \
        for [k = 1:2] data_form using (column('kind') == k ? at(column('x')) : NaN) : \
            (panel == 1 || column('value') > 0 ? column('value') : NaN) with lines \
            dashtype k + 1 linecolor rgb ink linewidth 1.8, \
        data_sim using (at(column('x'))) : (panel == 1 || column('mean') > 0 ? column('mean') : NaN) \
            with linespoints pointtype 7 pointsize 0.6 linecolor rgb '#0072B2' linewidth 2
}
unset multiplot
