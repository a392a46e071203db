"""trace_json.py FILE [EVENTS] -- FILE is a trace that a viewer can draw; EVENTS: how many it must hold.

Every event stands in it once, servers' slices do not overlap, what begins ends, names come before
their use, and counters agree with the slices. Prints the shape of the trace."""
import collections
import json
import sys

with open(sys.argv[1], encoding="utf-8") as f:
    trace = json.load(f)
entries, other = trace["traceEvents"], trace["otherData"]
from_us, until_us = other["from_us"], other["until_us"]

numbers = [e["args"]["event"] for e in entries if "event" in e.get("args", {})]
assert len(numbers) == len(set(numbers)) == other["events"], (len(numbers), other)
if numbers:
    assert max(numbers) - min(numbers) + 1 == len(numbers), "an event is missing"
if len(sys.argv) > 2:
    assert other["events"] == int(sys.argv[2]), other

processes, threads = set(), set()
lane_end = collections.defaultdict(int)
track_at = collections.defaultdict(int)
open_spans = collections.defaultdict(list)
began = collections.Counter()
rows = collections.defaultdict(int)
seen_busy = collections.defaultdict(set)
for e in entries:
    ph, pid = e["ph"], e["pid"]
    if ph == "M":
        if e["name"] == "process_name":
            assert pid not in processes
            processes.add(pid)
        if e["name"] == "thread_name":
            assert (pid, e["tid"]) not in threads
            threads.add((pid, e["tid"]))
            station, _, row = e["args"]["name"].rpartition(" ")
            if row.isdigit():
                rows[pid, station] = max(rows[pid, station], int(row))
        continue
    assert pid in processes, e
    assert from_us <= e["ts"] <= until_us, e
    if ph == "X":
        lane = (pid, e["tid"])
        assert lane in threads and e["dur"] >= 0 and e["ts"] >= lane_end[lane], e
        lane_end[lane] = e["ts"] + e["dur"]
        assert lane_end[lane] <= until_us and ("event" in e["args"]) != ("cut" in e["args"])
    elif ph == "i":
        track = (pid, e["tid"])
        assert track in threads and e["ts"] >= track_at[track], e
        track_at[track] = e["ts"]
    elif ph == "C":
        track = (pid, e["name"])
        assert e["ts"] >= track_at[track] and e["args"]["queue"] >= 0, e
        track_at[track] = e["ts"]
        seen_busy[track].add(e["args"]["busy"])
    else:
        track = (pid, e["cat"], e["id"])
        assert e["ts"] >= track_at[track], e
        track_at[track] = e["ts"]
        stack = open_spans[track]
        if ph == "b":
            stack.append(e["name"])
            began[e["cat"] == "order" and len(stack) == 1] += 1
        elif ph == "e":
            assert stack and stack.pop() == e["name"], e
        else:
            assert ph == "n" and stack, e
assert not any(open_spans.values()), "an order does not end"
if from_us == 0:  # a row for each server that was ever busy at the same time, and no more
    for station, count in rows.items():
        assert count == max(seen_busy[station]), (station, count, seen_busy[station])
kinds = collections.Counter(e["ph"] for e in entries)
assert kinds["b"] == kinds["e"]
print("events", other["events"], "orders", began[True], "slices", kinds["X"], "stopped", other["stopped"])
