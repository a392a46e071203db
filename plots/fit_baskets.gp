# title: How much they buy
# for: fit
# question: Which law do lines of a basket and units of a line follow?
# caption: SELECT group_concat(what || ': ' || law || ' (' || parameters || ')', '; ') || '.'
#   FROM fit_choice WHERE best AND what IN ('lines of a basket', 'units of a line')
# data count: SELECT CASE what WHEN 'lines' THEN 1 ELSE 2 END AS panel, value, share
#   FROM fit_count WHERE share > 0 AND value <= 30 ORDER BY panel, value
# data law: SELECT CASE what WHEN 'lines' THEN 1 ELSE 2 END AS panel, CASE law WHEN 'geometric' THEN 1
#     WHEN 'Poisson' THEN 2 ELSE 3 END AS law, value, share FROM fit_count_law
#   WHERE value <= 30 AND share >= (SELECT min(share) / 3 FROM fit_count WHERE share > 0)
#   ORDER BY panel, law, value
#
# Points are shares of baskets (lines); the axis of shares is logarithmic, so that the tails show.

panels = 2
columns = narrow ? 1 : 2
height = narrow ? 480 : 270
panel_height = narrow ? 240 : 270
eval page(height)
set logscale y
set format y '10^{%T}'
set grid ytics linecolor rgb rule linetype 1
law_name(i) = i == 1 ? 'geometric' : i == 2 ? 'Poisson' : 'negative binomial'
law_colour(i) = i == 1 ? good : i == 2 ? '#009E73' : bad
set multiplot
do for [p = 1 : panels] {
    @whole
    row = (p - 1) / columns
    col = (p - 1) % columns
    low = 1
    seen = 0
    stats data_count using (column('panel') == p ? (seen = 1, column('share')) : NaN) nooutput
    low = seen ? STATS_min / 3 : 0.001
    last = 1
    stats data_count using (column('panel') == p ? (last = column('value') > last ? \
        column('value') : last, 1) : NaN) nooutput
    set lmargin at screen col * 1.0 / columns + across(58)
    set rmargin at screen (col + 1) * 1.0 / columns - across(14)
    set tmargin at screen 1 - (row * panel_height + 30.0) / height
    set bmargin at screen 1 - ((row + 1) * panel_height - 34.0) / height
    set ytics ('1' 1, '10 %%' 0.1, '1 %%' 0.01, '0.1 %%' 1e-3, '0.01 %%' 1e-4, '10 ppm' 1e-5, '1 ppm' 1e-6)
    set xtics ()
    tic = ceil(step(last, 6))
    do for [i = 0 : floor(last / tic)] { set xtics add (sprintf('%d', i * tic) i * tic) offset 0, 0.3 }
    set xrange [0 : last + 1]
    set yrange [low : 1.2]
    set label 1 p == 1 ? 'lines of a basket' : 'units of a line' at graph 0, graph 1 offset 0, 0.7 \
        left textcolor rgb ink font ',14'
    if (p == 1) { set key at graph 0.99, graph 0.99 right top Left reverse samplen 1.5 textcolor rgb ink } \
    else { unset key }
    plot for [i = 1 : 3] data_law using (column('panel') == p && column('law') == i ? \
            column('value') : NaN) : 'share' with lines linecolor rgb law_colour(i) linewidth 2 \
            title law_name(i), \
        data_count using (column('panel') == p ? column('value') : NaN) : 'share' with points \
            pointtype 7 pointsize 0.6 linecolor rgb ink title 'actual'
}
unset multiplot
