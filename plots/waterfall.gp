# title: Where the difference in profit comes from
# question: Which parts of the books make the other point earn more, or less, than the first?
# caption: WITH part(name, sign, text) AS (VALUES ('net_sales', 1, 'net sales'),
#     ('cost_of_goods', -1, 'cost of goods'), ('fulfilment_cost', -1, 'fulfilment'),
#     ('holding_cost', -1, 'holding stock'), ('waste_cost', -1, 'waste'),
#     ('commission', -1, 'commission'), ('penalties', -1, 'penalties'),
#     ('backorder_cost', -1, 'backorders')),
#     change AS (SELECT text, sign * p.mean AS mean, p.half_width FROM part
#       JOIN kpi_column c USING (name) JOIN paired p USING (kpi) WHERE p.point = :other),
#     total AS (SELECT p.mean, p.half_width FROM paired p JOIN kpi_column c USING (kpi)
#       WHERE c.name = 'profit' AND p.point = :other)
#   SELECT 'From ' || (SELECT label FROM point WHERE point = 0) || ' to '
#     || (SELECT label FROM point WHERE point = :other) || ' the largest gain is in '
#     || (SELECT text || ' (' || change(mean, half_width, 'money') || ')' FROM change
#       ORDER BY mean DESC LIMIT 1)
#     || ', the largest loss in '
#     || (SELECT text || ' (' || change(mean, half_width, 'money') || ')' FROM change
#       ORDER BY mean LIMIT 1)
#     || '; together profit changes by ' || (SELECT change(mean, half_width, 'money') FROM total)
#     || '.'
# data steps: WITH part(place, name, sign, text) AS (VALUES (1, 'net_sales', 1, 'net sales'),
#     (2, 'cost_of_goods', -1, 'cost of goods'), (3, 'fulfilment_cost', -1, 'fulfilment'),
#     (4, 'holding_cost', -1, 'holding stock'), (5, 'waste_cost', -1, 'waste'),
#     (6, 'commission', -1, 'commission'), (7, 'penalties', -1, 'penalties'),
#     (8, 'backorder_cost', -1, 'backorders')),
#     change AS (SELECT place, text, sign * p.mean AS mean, p.half_width FROM part
#       JOIN kpi_column c USING (name) JOIN paired p USING (kpi)
#       WHERE p.point = :other AND :other <> 0 AND p.mean <> 0),
#     step AS (SELECT place, text, mean, half_width,
#       coalesce(sum(mean) OVER (ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
#         0) AS start FROM change
#       UNION ALL SELECT 9, 'profit', p.mean, p.half_width, 0 FROM paired p
#       JOIN kpi_column c USING (kpi) WHERE c.name = 'profit' AND p.point = :other AND :other <> 0
#         AND EXISTS (SELECT 1 FROM change))
#   SELECT row_number() OVER (ORDER BY place) AS row, text, start, start + mean AS stop, mean,
#     half_width, place = 9 AS total, change(mean, half_width, 'money') AS figure
#   FROM step ORDER BY row
#
# A waterfall on its side: each bar begins where the one above ended, costs saved count as gains.
# The axis is the change since the first point, so zero is always on it and nothing is cut off. The
# last bar is the paired difference in profit with its 95 % interval.

bar = narrow ? 26 : 30
height = rows_steps * bar + 66
eval page(height)
larger(a, b) = a > b ? a : b
whisker(total, half_width) = total > 0 && half_width == half_width ? half_width : 0
ends(sign) = larger(sign * column('start'), sign * column('stop')) \
    + whisker(column('total'), column('half_width'))
stats data_steps using (ends(1)) nooutput
high = STATS_max > 0 ? STATS_max : 0
stats data_steps using (-ends(-1)) nooutput
low = STATS_min < 0 ? STATS_min : 0
span = high - low

set lmargin at screen across(14 * font_size * 0.6)
set rmargin at screen 1 - across(12)
set tmargin at screen 1 - 12.0 / height
set bmargin at screen 46.0 / height
set xrange [low - span * 0.04 : high + span * (narrow ? 0.5 : 0.2)]
set yrange [rows_steps + 0.5 : 0.5]
tic = step(span, narrow ? 2 : 5)
unset ytics
set xtics nomirror scale 0 ()
do for [i = floor(low / tic) : ceil(high / tic)] {
    set xtics add ((i > 0 ? '+' : '') . short(i * tic) i * tic)
}
set grid xtics linecolor rgb rule linetype 1
set label 1 'change against ' . cut(label[1], 24) . ', ' . currency \
    at first 0, screen 12.0 / height left textcolor rgb faint
set arrow 1 from 0, graph 0 to 0, graph 1 nohead linecolor rgb faint linewidth 1
shade(total, mean) = total > 0 ? 0x222222 : mean >= 0 ? 0x0072B2 : 0xD55E00

plot data_steps using (0.5 * (column('start') + column('stop'))) : 'row' : \
        (0.5 * abs(column('mean'))) : (0.36) : (shade(column('total'), column('mean'))) \
        with boxxyerror linecolor rgb variable, \
    data_steps using 'stop' : \
        (column('row') < rows_steps - 1 ? column('row') + 0.36 : NaN) : (0) : (0.28) \
        with vectors nohead linecolor rgb faint linewidth 1, \
    data_steps using (column('total') > 0 ? column('stop') : NaN) : 'row' : 'half_width' \
        with xerrorbars pointtype 0 linecolor rgb '#CC79A7' linewidth 2, \
    data_steps using (ends(1) + span * 0.015) : 'row' : (strcol('figure')) \
        with labels left textcolor rgb ink, \
    data_steps using (low - span * 0.04) : 'row' : (strcol('text')) with labels right \
        offset -1, 0 textcolor rgb ink
