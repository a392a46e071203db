"""outputs.py FOLDER -- reads what a load run leaves behind as other programs would, and holds it
against buckets.txt, which has the histograms as they were: JSON, JUnit XML, CSV, Prometheus text and
HdrHistogram's log and percentile text. The log is decoded here from its published format, and by
HdrHistogram's own log processor where Java and its jar are (Debian: libhdrhistogram-java)."""

import base64
import csv
import glob
import json
import math
import os
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zlib

os.chdir(sys.argv[1])
CLOCKS = ["response", "service", "lateness"]
buckets = {"random.empty": []}
with open("buckets.txt") as lines:
    for line in lines:
        name, low, high, count = line.split()
        buckets.setdefault(name, []).append((int(low), int(high), int(count)))
total_count = sum(count for _, _, count in buckets["total.response"])


# ---- HdrHistogram --------------------------------------------------------------------------------


def zigzag_numbers(data):
    at = 0
    while at < len(data):
        value = shift = 0
        for i in range(9):
            byte = data[at]
            at += 1
            if i == 8:  # the ninth byte carries eight bits
                value |= byte << shift
                break
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield (value >> 1) ^ -(value & 1)


def decode(text):
    """{(low, high): count} of a V2 compressed histogram, and its header."""
    data = base64.b64decode(text)
    cookie, size = struct.unpack(">ii", data[:8])
    assert cookie & ~0xF0 == 0x1C849304 & ~0xF0, hex(cookie)
    assert size == len(data) - 8
    data = zlib.decompress(data[8:])
    cookie, size, offset, digits, lowest, highest, ratio = struct.unpack(">iiiiqqd", data[:40])
    assert cookie & ~0xF0 == 0x1C849303 & ~0xF0, hex(cookie)
    assert size == len(data) - 40 and offset == 0 and ratio == 1.0
    unit = int(math.log2(lowest))
    half = 1 << (math.ceil(math.log2(2 * 10**digits)) - 1)
    cells = {}
    index = 0
    for number in zigzag_numbers(data[40:]):
        if number < 0:
            assert number < -1, "a single empty cell is written as 0"
            index -= number
            continue
        if number > 0:
            bucket = index // half - 1 if index >= 2 * half else 0
            low = (index - bucket * half) << (bucket + unit)
            cells[low, low + (1 << (bucket + unit)) - 1] = number
        index += 1
    return cells, (digits, lowest, highest, half)


def regroup(rows, half, lowest=1):
    """Our buckets in HdrHistogram's cells: each lies in one of them."""
    cells = {}
    unit = lowest.bit_length() - 1
    for low, high, count in rows:
        bucket = unit + max(0, low.bit_length() - unit - (2 * half - 1).bit_length())
        cell_low = low >> bucket << bucket
        cell_high = cell_low + (1 << bucket) - 1
        assert cell_low <= low and high <= cell_high
        cells[cell_low, cell_high] = cells.get((cell_low, cell_high), 0) + count
    return cells


def check_log(path):
    with open(path) as lines:
        lines = lines.read().splitlines()
    assert lines[0] == "#[Histogram log format version 1.3]"
    assert re.fullmatch(r"#\[StartTime: \d+\.\d{3} \(seconds since epoch\), .*\]", lines[1])
    assert lines[2] == ('"StartTimestamp","Interval_Length","Interval_Max",'
                        '"Interval_Compressed_Histogram"')
    tagged = {}
    series_count, series_end = 0, None
    for line in lines[3:]:
        fields = line.split(",")
        tag = fields.pop(0)[4:] if fields[0].startswith("Tag=") else None
        begin, length, largest, text = fields
        cells, (digits, lowest, highest, half) = decode(text)
        assert highest == 3600 * 10**9
        if tag is not None:
            assert (digits, lowest) == ((2, 8) if tag == "random.coarse" else (3, 1))
            assert cells == regroup(buckets[tag], half, lowest), tag
            tagged[tag] = True
        else:
            assert (digits, lowest) == (2, 8)
            assert series_end is None or series_end == float(begin)
            series_end = float(begin) + float(length)
            series_count += sum(cells.values())
            top = max(cells)
            assert top[0] <= float(largest) * 1e6 + 1000 and float(largest) * 1e6 <= top[1] + 1000
    return set(tagged), series_count


def check_logs():
    tags, series_count = check_log("run.hlog")
    assert tags == {step + "." + clock for step in ("browse", "check_out", "pay", "total")
                    for clock in CLOCKS}
    assert series_count == total_count
    tags, series_count = check_log("random.hlog")
    assert tags == {"random.fine", "random.coarse", "random.empty"} and series_count == 0


def percentile_lines(text):
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def check_percentiles():
    with open("run.hgrm") as file:
        text = file.read()
    lines = percentile_lines(text)
    assert lines[0].split() == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"]
    cells = sorted(regroup(buckets["total.response"], 1024).items())
    for line in lines[1:]:
        fields = line.split()
        value, share, count = float(fields[0]), float(fields[1]), int(fields[2])
        below = 0
        for (_, high), cell_count in cells:
            below += cell_count
            if below >= share * total_count - 1e-6:
                break
        assert below == count, line
        assert abs(high / 1e6 - value) <= 0.0005001, line
        if share < 1:
            assert abs(float(fields[3]) - 1 / (1 - share)) < 0.01
    assert float(lines[-1].split()[1]) == 1
    mean = sum((low + high) / 2 * count for low, high, count in buckets["total.response"])
    found = float(re.search(r"#\[Mean +=\s+([0-9.]+),", text).group(1))
    assert abs(found - mean / total_count / 1e6) < 0.001 * found
    assert re.search(r", Total count +=\s+%d\]" % total_count, text)
    assert re.search(r"#\[Buckets =\s+32, SubBuckets +=\s+2048\]", text)


def check_with_their_tool():
    jars = glob.glob("/usr/share/java/[hH]dr[hH]istogram.jar")
    if shutil.which("java") is None or not jars:
        return
    processor = ["java", "-cp", jars[0], "org.HdrHistogram.HistogramLogProcessor"]
    subprocess.run(processor + ["-i", "run.hlog", "-tag", "total.response", "-o", "theirs"],
                   check=True, stdout=subprocess.DEVNULL)
    with open("theirs.hgrm") as theirs, open("run.hgrm") as ours:
        assert percentile_lines(theirs.read()) == percentile_lines(ours.read())
    subprocess.run(processor + ["-i", "random.hlog", "-tag", "random.fine", "-o", "random"],
                   check=True, stdout=subprocess.DEVNULL)
    random_count = sum(row[2] for row in buckets["random.fine"])
    with open("random.hgrm") as random:
        assert re.search(r"Total count +=\s+%d\]" % random_count, random.read())
    subprocess.run(processor + ["-i", "run.hlog", "-o", "series"], check=True,
                   stdout=subprocess.DEVNULL)
    with open("series.hgrm") as series:
        assert re.search(r"Total count +=\s+%d\]" % total_count, series.read())


# ---- JSON, XML, CSV ------------------------------------------------------------------------------


def check_clock(clock, rows):
    assert list(clock) == ["count", "mean", "p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99",
                           "p99.999", "max", "clipped"]
    count = sum(row[2] for row in rows)
    assert clock["count"] == count
    for key, value in clock.items():
        if key.startswith("p"):
            below = 0
            for low, high, cell_count in rows:
                below += cell_count
                if below >= float(key[1:]) / 100 * count - 1e-6:
                    break
            assert low / 1e6 <= value <= high / 1e6, (key, value)


def check_json():
    with open("summary.json") as file:
        document = json.load(file)
    assert list(document) == [
        "verdict", "verdict_text", "title", "command", "mode", "targets", "api", "plan", "started",
        "elapsed_s", "intended_s", "warm_up_s", "stop_reason", "requests", "total", "steps",
        "journeys", "counts", "thresholds", "stages", "generator", "tls", "recorded"]
    assert document["verdict"] == "failed"
    assert document["started"] == "2027-01-15T08:00:00Z"
    assert (document["elapsed_s"], document["warm_up_s"]) == (20, 1)
    requests = document["requests"]
    assert requests["count"] == total_count == 1900 and requests["warm_up"] == 100
    assert requests["outcomes"] == {"ok": 1895, "refused": 1, "bad_status": 1, "timeout": 2,
                                    "shed": 1}
    assert requests["statuses"] == {"200": 1517, "201": 378, "409": 1, "503": 1}
    assert requests["errors"] == 4 and abs(requests["error_share"] - 4 / 1900) < 1e-12
    assert (requests["asked_per_s"], requests["held_per_s"]) == (100, 99.8)
    assert list(document["steps"]) == ["browse", "check_out", "pay"]
    for name, step in list(document["steps"].items()) + [("total", document["total"])]:
        for clock in CLOCKS:
            check_clock(step[clock + "_ms"], buckets[name + "." + clock])
    assert document["steps"]["pay"]["errors"] == 3
    assert document["journeys"] == {"started": 200, "completed": 194, "refused": 1, "failed": 4,
                                    "cut_off": 1, "in_flight_max": 17}
    assert document["counts"]["bytes_in"] == 2500000 and document["counts"]["resent"] == 1
    first, second, third = document["thresholds"]
    assert list(first) == ["text", "source", "held", "abort", "value", "limit", "unit",
                           "value_text", "at_s"]
    assert first["held"] and first["limit"] == 750 and first["unit"] == "ms"
    assert first["at_s"] is None and third["at_s"] == 9
    assert not second["held"] and abs(second["value"] - 300 / 190) < 1e-9
    assert document["stages"] == 2 * [{"duration_s": 10, "from_per_s": 10, "to_per_s": 10}]
    generator = document["generator"]
    assert generator["own_lateness_ms"]["count"] == 2000 and generator["why"] is None
    assert generator["cpu_us_per_request"] == 875
    assert generator["memory_bytes"] == {"journeys": 20000, "sessions": 30000, "links": 40000}


def check_junit():
    suites = ElementTree.parse("junit.xml").getroot()
    assert suites.tag == "testsuites" and len(suites) == 1
    cases = suites[0].findall("testcase")
    failed = [case for case in cases if case.find("failure") is not None]
    for element in (suites, suites[0]):
        assert int(element.get("tests")) == len(cases) == 5
        assert int(element.get("failures")) == len(failed) == 1
        assert int(element.get("errors")) == 0
    assert failed[0].get("name") == "pay errors<1%"
    assert failed[0].find("failure").get("message") == "1.58%, asked by --threshold"
    assert [case.get("name") for case in cases[3:]] == ["the generator kept up",
                                                        "the run was not interrupted"]
    command = suites[0].find("properties/property").get("value")
    assert command == "omosim replay \"a<b>&c\" --note 'tab here, bell , \ufffd'", command


def check_csv():
    with open("series.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20 and None not in rows[0]
    counted = [row for row in rows if row["warm_up"] == "0"]
    assert len(counted) == 19 and rows[0]["warm_up"] == "1"
    assert sum(int(row["requests"]) for row in counted) == total_count
    assert sum(int(row["errors"]) for row in counted) == 4
    assert sum(int(row["timeout"]) for row in counted) == 2
    assert sum(int(row["pay.requests"]) for row in counted) == 190
    assert sum(int(row["pay.errors"]) for row in counted) == 3
    assert [float(row["begin_s"]) for row in rows] == list(range(20))
    assert all(float(row["rate"]) == 100 for row in rows)
    assert float(rows[10]["max_ms"]) == 500.1 and float(rows[15]["max_ms"]) == 1000.1
    assert 2.1 <= float(rows[3]["p50_ms"]) <= 2.1 * 129 / 128
    assert float(rows[6]["lateness_max_ms"]) == 3


# ---- Prometheus ----------------------------------------------------------------------------------


def check_metrics():
    sample = re.compile(r'(omosim_[a-z_]+)(?:\{([a-z]+="[^"\\]*"(?:,[a-z]+="[^"\\]*")*)\})? (\S+)$')
    types, values = {}, {}
    with open("metrics.txt") as file:
        text = file.read()
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            assert len(line.split(" ", 3)) == 4
            last = line.split()[2]
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            assert name == last and name not in types, "a metric is described once"
            types[name] = kind
        else:
            name, labels, value = sample.match(line).groups()
            assert re.sub("_(bucket|sum|count)$", "", name) == last or name == last, line
            labels = dict(re.findall(r'([a-z]+)="([^"]*)"', labels or ""))
            key = (name, tuple(sorted(labels.items())))
            assert key not in values, "a series occurs once"
            values[key] = float(value)
    assert set(types.values()) == {"counter", "gauge", "histogram"}
    assert all(name.endswith("_total") for name, kind in types.items() if kind == "counter")
    requests = [(dict(labels), value) for (name, labels), value in values.items()
                if name == "omosim_requests_total"]
    assert sum(value for _, value in requests) == total_count
    assert sum(value for labels, value in requests if labels["error"] == "yes") == 4
    for clock in CLOCKS:
        for step in ("browse", "check_out", "pay"):
            name = "omosim_%s_seconds" % clock
            rows = buckets[step + "." + clock]
            bounds = [(float(dict(labels)["le"]), value) for (key, labels), value in values.items()
                      if key == name + "_bucket" and dict(labels)["step"] == step]
            assert [bound for bound, _ in bounds] == sorted(bound for bound, _ in bounds)
            for bound, value in bounds:
                most = sum(count for low, _, count in rows if low <= bound * 1e9)
                least = sum(count for _, high, count in rows if high <= bound * 1e9 * 0.992)
                assert least <= value <= most, (name, step, bound, value)
            labels = (("step", step),)
            assert bounds[-1][1] == values[name + "_count", labels] == sum(row[2] for row in rows)
            total = sum((low + high) / 2 * count for low, high, count in rows) / 1e9
            assert abs(values[name + "_sum", labels] - total) <= total / 1000
    assert values["omosim_journeys_ended_total", (("how", "failed"),)] == 4
    assert values["omosim_responses_total", (("status", "503"),)] == 1
    assert values["omosim_journeys_in_flight", ()] == 3
    assert values["omosim_request_rate", ()] == 99.5


for check in (check_logs, check_percentiles, check_with_their_tool, check_json, check_junit,
              check_csv, check_metrics):
    check()
