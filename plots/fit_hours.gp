# title: When customers come
# for: fit
# question: Which hours of which days are busy?
# caption: WITH best AS (SELECT stream, hour, visits, sum(visits) OVER (PARTITION BY stream) AS week,
#       row_number() OVER (PARTITION BY stream ORDER BY visits DESC) AS place FROM fit_hour)
#   SELECT group_concat(replace(stream, '_', ' ') || ': ' || figure(week, NULL, '') || ' a week, '
#     || figure(visits, NULL, '') || ' in the busiest hour ('
#     || substr('MonTueWedThuFriSatSun', 3 * (hour / 24) + 1, 3) || ' ' || (hour % 24) || ':00)', '; ')
#     || '.' FROM best WHERE place = 1 AND week > 0
# data hour: WITH names AS (SELECT stream, min(rowid) AS first FROM fit_hour GROUP BY stream),
#     panels AS (SELECT stream, row_number() OVER (ORDER BY first) AS panel FROM names)
#   SELECT panel, replace(stream, '_', ' ') AS stream, hour / 24 AS day, hour % 24 AS hour,
#     visits / (SELECT max(visits) FROM fit_hour b WHERE b.stream = a.stream) AS share
#   FROM fit_hour a JOIN panels USING (stream) ORDER BY panel, day, hour
#
# Each panel has its own scale, up to its busiest hour.

stats data_hour using 'panel' nooutput
panels = int(STATS_max)
panel_height = narrow ? 190 : 200
height = panels * panel_height
eval page(height)
set multiplot
set palette defined (0 '#F7F7F7', 0.5 '#9CC3DC', 1 '#0072B2')
unset colorbox
set cbrange [0 : 1]
day_names = "Mon Tue Wed Thu Fri Sat Sun"
do for [p = 1 : panels] {
    @whole
    title_text = ''
    stats data_hour using (column('panel') == p ? (title_text = strcol('stream'), 1) : NaN) nooutput
    set lmargin at screen across(44)
    set rmargin at screen 1 - across(24)
    set tmargin at screen 1 - ((p - 1) * panel_height + 28.0) / height
    set bmargin at screen 1 - (p * panel_height - 26.0) / height
    set ytics ()
    do for [d = 0 : 6] { set ytics add (word(day_names, d + 1) d) }
    set xtics ()
    do for [h = 0 : 24 : (narrow ? 6 : 3)] { set xtics add (sprintf('%d:00', h) h - 0.5) offset 0, 0.3 }
    set xrange [-0.5 : 23.5]
    set yrange [6.5 : -0.5]
    set label 1 title_text at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink font ',14'
    plot data_hour using (column('panel') == p ? column('hour') : NaN) : 'day' : \
        (column('hour') - 0.5) : (column('hour') + 0.5) : (column('day') - 0.46) : \
        (column('day') + 0.46) : 'share' with boxxyerror fillstyle solid noborder linecolor palette
}
unset multiplot
