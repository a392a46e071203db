# title: How popularity spreads over the products
# for: fit
# question: What share of sales has the product of rank 1, 10, 100?
# caption: WITH best AS (SELECT law, parameters, distance FROM fit_choice
#       WHERE what = 'popularity' AND best)
#   SELECT 'Best: ' || law || ' (' || parameters || '), cumulative shares at most '
#     || figure(100.0 * distance, NULL, '%') || ' apart.' FROM best
# data rank: SELECT CASE law WHEN 'actual' THEN 0 WHEN 'Zipf' THEN 1 WHEN 'Zipf-Mandelbrot' THEN 2
#     ELSE 3 END AS law, rank, share FROM fit_rank ORDER BY law, rank
#
# Both axes are logarithmic: a straight line is Zipf's law.

eval page(narrow ? 280 : 320)
stats data_rank using 'rank' nooutput
last = STATS_max
stats data_rank using (column('law') == 0 ? column('share') : NaN) nooutput
low = STATS_min / 2
high = STATS_max * 2
set logscale xy
set xtics ('1' 1, '10' 10, '100' 100, '1,000' 1e3, '10 k' 1e4, '100 k' 1e5, '1 M' 1e6) offset 0, 0.3
set ytics ('10 %%' 0.1, '1 %%' 0.01, '0.1 %%' 1e-3, '0.01 %%' 1e-4, '10 ppm' 1e-5, \
    '1 ppm' 1e-6, '0.1 ppm' 1e-7)
set grid ytics linecolor rgb rule linetype 1
set xrange [1 : last]
set yrange [low : high]
set lmargin at screen across(narrow ? 58 : 68)
set rmargin at screen 1 - across(18)
set tmargin 2.2
set bmargin 3
set label 1 'share of all sales' at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink font ',14'
set label 2 'rank of the product' at graph 1, graph 0 offset 0, -2 right textcolor rgb faint
set key at graph 0.02, graph 0.03 left bottom Left reverse samplen 2 textcolor rgb ink
law_name(i) = i == 1 ? 'Zipf' : i == 2 ? 'Zipf-Mandelbrot' : 'lognormal'
law_colour(i) = i == 1 ? good : i == 2 ? bad : '#009E73'
plot data_rank using (column('law') == 0 ? column('rank') : NaN) : 'share' with points pointtype 7 \
        pointsize 0.5 linecolor rgb ink title 'actual', \
    for [i = 1 : 3] data_rank using (column('law') == i ? column('rank') : NaN) : 'share' \
        with lines linecolor rgb law_colour(i) linewidth 2 title law_name(i)
