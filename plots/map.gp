# title: Where orders are fulfilled
# question: Do stores serve their neighbourhood, or does everything come from the warehouse?
# caption: WITH late AS (SELECT channel FROM latency WHERE name = 'lead_time'
#       GROUP BY channel HAVING sum(low * 1.0 * count) / sum(count) > 60000),
#     served AS (SELECT point, place, sum(orders) AS orders FROM place_channel
#       JOIN late USING (channel) GROUP BY point, place),
#     store AS (SELECT point, 100.0 * sum(CASE p.kind WHEN 'store' THEN orders
#         WHEN 'dark store' THEN orders ELSE 0 END) / sum(orders) AS share,
#       count(*) AS places FROM served JOIN place p USING (point, place) WHERE orders > 0
#       GROUP BY point)
#   SELECT 'Stores fulfil ' || printf('%.0f', b.share) || ' % of online orders at '
#     || (SELECT label FROM point WHERE point = :other)
#     || CASE WHEN :other <> 0 THEN ', ' || printf('%.0f', a.share) || ' % at '
#       || (SELECT label FROM point WHERE point = 0) ELSE '' END
#     || '; circles are places, their area the online orders fulfilled, lines the busiest '
#     || 'deliveries. First replication.'
#   FROM store a JOIN store b ON b.point = :other WHERE a.point = 0
# data places: WITH late AS (SELECT channel FROM latency WHERE name = 'lead_time'
#       GROUP BY channel HAVING sum(low * 1.0 * count) / sum(count) > 60000),
#     served AS (SELECT point, place, sum(orders) AS orders FROM place_channel
#       JOIN late USING (channel) GROUP BY point, place)
#   SELECT p.point <> 0 AS panel, p.lat, p.lon, coalesce(v.orders, 0) AS orders,
#     CASE p.kind WHEN 'store' THEN 1 WHEN 'dark store' THEN 2 ELSE 3 END AS kind
#   FROM place p LEFT JOIN served v USING (point, place)
#   WHERE p.point IN (0, :other) AND p.kind <> 'supplier' ORDER BY panel, orders DESC, p.place
# data flows: SELECT f.point <> 0 AS panel, p.lat, p.lon, f.zone_lat, f.zone_lon,
#     1.0 * f.trips / (SELECT max(trips) FROM flow WHERE point IN (0, :other)) AS weight
#   FROM flow f JOIN place p USING (point, place)
#   WHERE f.point IN (0, :other) AND f.rank < 150 ORDER BY panel, f.rank DESC
#
# One map for each of the two points that are compared, side by side (below each other on a phone).
# Degrees become kilometres around the middle of the places, so both directions have one scale.

stats data_places using (column('panel')) nooutput
maps = STATS_max > 0 ? 2 : 1
columns = narrow ? 1 : maps
stats data_places using 'lat' nooutput
mid_lat = 0.5 * (STATS_min + STATS_max)
low_lat = STATS_min
high_lat = STATS_max
stats data_places using 'lon' nooutput
mid_lon = 0.5 * (STATS_min + STATS_max)
low_lon = STATS_min
high_lon = STATS_max
lat_km = plane ? 1.0 : 111.195
lon_km = plane ? 1.0 : 111.195 * cos(mid_lat * pi / 180)
x(lon) = (lon - mid_lon) * lon_km
y(lat) = (lat - mid_lat) * lat_km

panel_width = width / columns < 560 ? width / columns : 560
half_x = 0.58 * (high_lon - low_lon) * lon_km
half_y = 0.58 * (high_lat - low_lat) * lat_km
half_x = half_x > 0.25 ? half_x : 0.25
half_y = half_y > 0.25 ? half_y : 0.25
shape = half_y / half_x
shape = shape < 0.5 ? 0.5 : shape > 1.25 ? 1.25 : shape
half_x = half_y / shape > half_x ? half_y / shape : half_x
half_y = half_x * shape
frame = panel_width - 16
panel_height = int(frame * shape) + 34
strip = narrow ? 54 : 34
height = (narrow ? maps : 1) * panel_height + strip
eval page(height)

stats data_places using 'orders' nooutput
most = STATS_max > 0 ? STATS_max : 1
# Area by orders; a place without any is still a dot. Hundreds of places get smaller marks.
crowd = rows_places / maps > 300 ? 0.6 : 1
size(orders) = (narrow ? 0.8 : 1) * (0.3 * crowd + 4 * sqrt(orders / most))
tint(kind) = kind == 1 ? 0x550072B2 : 0x55009E73
bar_km = step(half_x, 3)

# Busier flows are wider lines: six widths.
do for [w = 1:6] { set style arrow w nohead linewidth 0.5 * w linecolor rgb '#66D55E00' }

set xrange [-half_x : half_x]
set yrange [-half_y : half_y]
unset xtics
unset ytics
set multiplot
do for [m = 0:maps - 1] {
    row = narrow ? m : 0
    col = narrow ? 0 : m
    set lmargin at screen (col * panel_width + 8.0) / width
    set rmargin at screen (col * panel_width + 8.0 + frame) / width
    set tmargin at screen 1 - (row * panel_height + 28.0) / height
    set bmargin at screen 1 - (row * panel_height + 28.0 + frame * shape) / height
    set object 1 rectangle from graph 0, graph 0 to graph 1, graph 1 behind \
        fillcolor rgb '#F7F7F5' fillstyle solid noborder
    set label 1 cut(label[m == 0 ? 1 : other], 40) at graph 0, graph 1 offset 0, 0.7 left \
        textcolor rgb ink font ',14'
    if (m == maps - 1) {
        text_y = (strip - 20.0) / height
        set label 11 '● store' at screen across(10), screen text_y textcolor rgb 0x0072B2
        set label 12 '● dark store' at screen across(80), screen text_y textcolor rgb 0x009E73
        set label 13 '○ warehouse' at screen across(180), screen text_y textcolor rgb ink
        set label 14 '— deliveries' at screen across(280), screen text_y textcolor rgb 0xD55E00
        bar_x = across(narrow ? 10 : 400)
        bar_y = 14.0 / height
        bar_end = bar_x + across(bar_km / (2 * half_x) * frame)
        set arrow 1 from screen bar_x, screen bar_y to screen bar_end, screen bar_y nohead \
            linecolor rgb ink linewidth 2
        set label 15 sprintf('%g km', bar_km) at screen bar_end + across(8), screen bar_y \
            textcolor rgb ink
    }
    plot data_places using (x(column('lon'))) : \
            (column('panel') == m && column('kind') < 3 ? y(column('lat')) : NaN) : \
            (size(column('orders'))) : (tint(column('kind'))) \
            with points pointtype 7 pointsize variable linecolor rgb variable, \
        data_flows using (x(column('lon'))) : \
            (column('panel') == m ? y(column('lat')) : NaN) : \
            (x(column('zone_lon')) - x(column('lon'))) : \
            (y(column('zone_lat')) - y(column('lat'))) : (1 + int(5.99 * column('weight'))) \
            with vectors arrowstyle variable, \
        data_places using (x(column('lon'))) : \
            (column('panel') == m && column('kind') == 3 ? y(column('lat')) : NaN) : \
            (size(column('orders'))) \
            with points pointtype 6 pointsize variable linewidth 2.5 linecolor rgb ink
}
unset multiplot
