#!/usr/bin/env python3
"""picture.py REPORT.html PICTURE.svg -- the picture of README.md, cut from a report page.

The headline sentence, the table of the points, the waterfall and the map, as the page has them, on
one white sheet without style sheets or scripts. After a change that moves the demo's numbers:

    ./run demo
    python3 tests/readme/picture.py build/demo/report.html plots/readme.svg

With the name of a figure, that one picture of the page alone:

    python3 tests/readme/picture.py frozen.html plots/readme_load.svg load_runs
"""
import html
import re
import sys

WIDTH = 1000
MARGIN = 20
INK, FAINT, RULE, TINT = "#1d1f21", "#5c6166", "#dcdfe2", "#f4f5f6"
SHADES = {"better": "#00583f", "worse": "#9c3a00", "same": FAINT}


def plain(fragment):
    """Text of a piece of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", fragment)).strip()


def text(x, y, words, size=13, fill=INK, anchor="start", weight="400"):
    return (f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" '
            f'text-anchor="{anchor}" font-weight="{weight}">{html.escape(words)}</text>')


def heading(page):
    title = plain(re.search(r"<h1>(.*?)</h1>", page, re.S)[1])
    answer = plain(re.search(r'<div class="answer">\s*<p>(.*?)</p>', page, re.S)[1])
    return [
        text(MARGIN, 40, title, 22, weight="700"),
        f'<rect x="{MARGIN}" y="58" width="{WIDTH - 2 * MARGIN}" height="44" fill="{TINT}"/>',
        f'<rect x="{MARGIN}" y="58" width="5" height="44" fill="#0072b2"/>',
        text(MARGIN + 18, 85, answer, 15, weight="600"),
    ], 118


def table(page, top):
    body = re.search(r'<table class="headline">(.*?)</table>', page, re.S)[1]
    heads = re.findall(r"<th[^>]*>(.*?)</th>", re.search(r"<thead>(.*?)</thead>", body, re.S)[1])
    rows = re.findall(r"<tr>(.*?)</tr>", re.search(r"<tbody>(.*?)</tbody>", body, re.S)[1], re.S)
    first = 160
    right = [first + (i + 1) * (WIDTH - MARGIN - first) / (len(heads) - 1)
             for i in range(len(heads) - 1)]
    out = []

    for x, head in zip(right, heads[1:]):
        unit = re.search(r"<small>(.*?)</small>", head)
        out.append(text(x, top + 16, plain(re.sub(r"<small>.*", "", head)), 13, INK, "end", "600"))
        if unit:
            out.append(text(x, top + 31, plain(unit[1]), 11, FAINT, "end"))
    y = top + 40
    out.append(f'<path d="M{MARGIN} {y}H{WIDTH - MARGIN}" stroke="{RULE}" stroke-width="2"/>')
    for row in rows:
        head = re.search(r"<th>(.*?)</th>", row, re.S)[1]
        colour = re.search(r"background:(#\w+)", head)[1]
        small = re.search(r"<small>(.*?)</small>", head)
        out.append(f'<rect x="{MARGIN}" y="{y + 9}" width="10" height="10" rx="2" fill="{colour}"/>')
        out.append(text(MARGIN + 17, y + 19, plain(re.sub(r"<small>.*", "", head)), 13, INK,
                        weight="600"))
        if small:
            out.append(text(MARGIN + 17, y + 35, plain(small[1]), 11, FAINT))
        for x, cell in zip(right, re.findall(r"<td>(.*?)</td>", row, re.S)):
            value = re.sub(r'<span class="(half|difference).*', "", cell)
            half = re.search(r'<span class="half">(.*?)</span>', cell)
            difference = re.search(r'<span class="difference (\w+)"[^>]*>(.*?)</span>', cell)
            out.append(text(x, y + 19, plain(value), 13, INK, "end"))
            if half:
                out.append(text(x, y + 34, plain(half[1]), 11, FAINT, "end"))
            if difference:
                out.append(text(x, y + 50, plain(difference[2]), 11, SHADES[difference[1]], "end"))
        y += 58 if "difference" in row else 42
        out.append(f'<path d="M{MARGIN} {y}H{WIDTH - MARGIN}" stroke="{RULE}"/>')
    return out, y + 12


def shorter(drawing):
    """The same drawing in fewer bytes: one circle for each of gnuplot's dots, short numbers."""
    dot = re.compile(r"<use href='#[\w-]*gpPt6' transform='translate\(([\d.-]+),([\d.-]+)\) "
                     r"scale\(([\d.]+)\)' color='([^']*)' opacity='([\d.]+)'/>\s*")
    group = re.compile("(?:" + dot.pattern + ")+")

    def circles(match):
        dots = dot.findall(match[0])
        out = []
        for i, (x, y, r, colour, opacity) in enumerate(dots):
            if i == 0 or dots[i - 1][3:] != dots[i][3:]:
                out.append(("</g>" if i else "") +
                           f'<g fill="{colour}" opacity="1" fill-opacity="{opacity}" stroke="none">')
            out.append(f'<circle cx="{float(x):.1f}" cy="{float(y):.1f}" r="{float(r):.1f}"/>')
        return "".join(out) + "</g>\n"

    drawing = group.sub(circles, drawing)
    drawing = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d)\d+", r"\1", tag[0]), drawing)
    drawing = re.sub(r"<g[^>]*>\s*</g>\n?", "", drawing)
    return re.sub(r"\n\s*\n+", "\n", drawing)


def figure(page, name, top):
    body = re.search(rf'<figure id="{name}">(.*?)</figure>', page, re.S)[1]
    drawing = re.search(r'<div class="wide">\s*(<svg.*?</svg>)', body, re.S)[1]
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing).groups())
    drawing = re.sub(r"^<svg[^>]*>", "", drawing)[: -len("</svg>")]
    caption = plain(re.search(r"<figcaption>(.*?)</figcaption>", body, re.S)[1])
    lines, line = [], ""

    for word in caption.split():
        if len(line) + len(word) > 132:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    lines.append(line)
    out = [text(MARGIN, top + 20, plain(re.search(r"<h3>(.*?)</h3>", body)[1]), 16, weight="600")]
    out += [text(MARGIN, top + 40 + 17 * i, line, 13, FAINT) for i, line in enumerate(lines)]
    top += 34 + 17 * len(lines)
    out.append(f'<g transform="translate({(WIDTH - width) / 2:g},{top})">{shorter(drawing)}</g>')
    return out, top + height + 8


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        page = f.read()
    if len(sys.argv) > 3:
        out, y = figure(page, sys.argv[3], 0)
    else:
        out, y = heading(page)
        for part in (lambda y: table(page, y), lambda y: figure(page, "waterfall", y),
                     lambda y: figure(page, "map", y)):
            more, y = part(y)
            out += more
    with open(sys.argv[2], "w", encoding="utf-8") as f:
        f.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 8:g}" '
                f'width="{WIDTH}" height="{y + 8:g}" font-family="system-ui,\'Segoe UI\',Roboto,'
                f'\'Noto Sans\',\'Noto Sans CJK SC\',\'PingFang SC\',sans-serif">\n'
                f'<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(out) + "\n</svg>\n")


main()
