# title: Units sold against units there
# for: audit
# question: When was more sold than there was?
# caption: WITH over AS (SELECT min(at_us) AS first FROM audit_level WHERE sold > there),
#     most AS (SELECT subject, sold, there FROM audit_level ORDER BY sold - there DESC, at_us LIMIT 1)
#   SELECT subject || ': at most ' || printf('%,d', sold) || CASE sold WHEN 1 THEN ' unit was'
#     ELSE ' units were' END || ' sold at once, of ' || printf('%,d', there) || ' that were there'
#     || coalesce('; from second ' || printf('%.3f', first / 1e6) || ' on too many.', '.')
#   FROM most, over
# data line: WITH l AS (SELECT at_us, lead(at_us) OVER w AS until_us, sold, there,
#       row_number() OVER w AS row FROM audit_level WINDOW w AS (ORDER BY at_us, rowid))
#   SELECT at, sold, there FROM (SELECT at_us / 1e6 AS at, sold, there, row, 0 AS part FROM l
#     UNION ALL SELECT until_us / 1e6, sold, there, row, 1 FROM l WHERE until_us IS NOT NULL)
#   ORDER BY row, part
# data hook: SELECT at_us / 1e6 AS at, what FROM audit_hook ORDER BY at_us
#
# Sold counts what is certain: acknowledged, and not given back. So the true line lies at or above
# it, and what stands above "there" was sold twice whatever happened to the requests without answer. Levels hold until
# the next one: the query gives both ends of each.

eval page(narrow ? 300 : 320)
@whole
stats data_line using 'at' nooutput
first = STATS_min
last = STATS_max > first ? STATS_max : first + 1
first = first - 0.02 * (last - first) < 0 ? 0 : first - 0.02 * (last - first)
last = last + 0.04 * (last - first)
stats data_line using (column('sold') > column('there') ? column('sold') : column('there')) nooutput
high = (STATS_max > 0 ? STATS_max : 1) * 1.18

set lmargin at screen across(narrow ? 44 : 56)
set rmargin at screen 1 - across(narrow ? 12 : 20)
set tmargin at screen narrow ? 0.84 : 0.91
set bmargin at screen 0.13
eval time_tics(first, last)
set grid ytics linecolor rgb rule linetype 1
tic = step(high, 4)
set ytics nomirror scale 0 ()
do for [i = 0 : floor(high / tic)] { set ytics add (short(i * tic) i * tic) }
set xrange [first : last]
set yrange [0 : high]
set label 1 'units' at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink font ',14'
eval hooks(rows_hook)
set key at screen 1 - across(narrow ? 4 : 20), screen 0.995 right top horizontal samplen 1 \
    width (narrow ? -4 : 0) textcolor rgb ink
over(sold, there) = sold > there ? sold : there

plot data_line using 'at' : 'there' : (over(column('sold'), column('there'))) \
         with filledcurves linecolor rgb bad fillstyle solid 0.35 noborder title 'sold twice', \
     data_line using 'at' : 'there' with lines linewidth 2.5 linecolor rgb good title 'there', \
     data_line using 'at' : 'sold' with lines linewidth 2.5 linecolor rgb bad title 'sold'
