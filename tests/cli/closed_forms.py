#!/usr/bin/env python3
"""closed_forms.py ORACLES.csv -- works out what the rows of group `kernel` must say, without the simulator.

Closed forms where there are some, otherwise Markov chains that are solved here by elimination or by
uniformisation. Each row of the table must be among them and agree to 1e-8; `--print` prints the
rows instead of comparing them.
"""
import csv
import math
import sys
from collections import defaultdict

# ---- chains --------------------------------------------------------------------------------------


def chain(first, moves):
    """States that can be reached from `first`, and rates[state] = [(state, rate)], by `moves(state)`."""
    index, order, rates = {first: 0}, [first], []
    for state in order:
        row = []
        for to, rate in moves(state):
            if to not in index:
                index[to] = len(order)
                order.append(to)
            if rate > 0:
                row.append((index[to], rate))
        rates.append(row)
    return order, rates


def stationary(first, moves):
    """{state: probability}, by elimination of states from the last to the first (Grassmann, Taksar & Heyman 1985),
    which only adds, multiplies and divides positive numbers."""
    order, rates = chain(first, moves)
    out = [defaultdict(float) for _ in order]
    into = [set() for _ in order]
    for i, row in enumerate(rates):
        for j, rate in row:
            if i != j:
                out[i][j] += rate
                into[j].add(i)
    for n in range(len(order) - 1, 0, -1):
        lower = {j: rate for j, rate in out[n].items() if j < n}
        total = sum(lower.values())
        for i in [i for i in into[n] if i < n]:
            rate = out[i][n]
            out[i][n] = rate / total
            for j, share in lower.items():
                if i != j:
                    out[i][j] += rate * share / total
                    into[j].add(i)
    p = [1.0] + [0.0] * (len(order) - 1)
    for n in range(1, len(order)):
        p[n] = sum(p[i] * out[i][n] for i in into[n] if i < n)
    total = math.fsum(p)
    return {state: value / total for state, value in zip(order, p)}


def mean(p, value):
    return math.fsum(probability * value(state) for state, probability in p.items())


# ---- one station ---------------------------------------------------------------------------------


def birth_death(up, down, top):
    p = [1.0]
    for n in range(top):
        p.append(p[-1] * up(n) / down(n + 1))
    total = math.fsum(p)
    return [x / total for x in p]


def mmc(lam, mu, c, t=0.5, s=5.0):
    a, rho = lam / mu, lam / mu / c
    term = a**c / math.factorial(c) / (1 - rho)
    wait = term / (math.fsum(a**k / math.factorial(k) for k in range(c)) + term)
    wq = wait / (c * mu - lam)
    row = {"rho": rho, "P_wait": wait, "Lq": lam * wq, "Wq": wq, "W": wq + 1 / mu, "L": lam * wq + a,
           "P_wait_gt_t": wait * math.exp(-(c * mu - lam) * t)}
    if c == 1:
        row["p0"] = 1 - rho
        row["P_W_gt_t"] = math.exp(-(mu - lam) * s)
    return row


def mg1(lam, mean_service, cv2):
    rho = lam * mean_service
    wq = lam * mean_service**2 * (1 + cv2) / (2 * (1 - rho))
    return {"rho": rho, "Wq": wq, "W": wq + mean_service, "L": lam * (wq + mean_service)}


def poisson(m, over):
    p = [math.exp(-m)]
    for k in range(over):
        p.append(p[-1] * m / (k + 1))
    return {"L": m, "Var_L": m, "p0": p[0], "P_L_gt_n": 1 - math.fsum(p)}


def mmck(lam, mu, c, room):
    p = birth_death(lambda n: lam, lambda n: min(n, c) * mu, room)
    level = math.fsum(n * x for n, x in enumerate(p))
    busy = math.fsum(min(n, c) * x for n, x in enumerate(p))
    through = lam * (1 - p[-1])
    return {"P_block": p[-1], "L": level, "W": level / through, "Wq": (level - busy) / through, "carried": busy,
            "throughput": through, "p0": p[0], "P_wait": math.fsum(p[c:room]) / (1 - p[-1])}


def erlang_b(a, c):
    block = 1.0
    for k in range(1, c + 1):
        block = a * block / (k + a * block)
    return {"P_block": block, "carried": a * (1 - block)}


def erlang_a(lam, mu, theta, c):
    p = birth_death(lambda n: lam, lambda n: min(n, c) * mu + max(n - c, 0) * theta, 400)
    queue = math.fsum(max(n - c, 0) * x for n, x in enumerate(p))
    busy = math.fsum(min(n, c) * x for n, x in enumerate(p))
    return {"P_abandon": theta * queue / lam, "P_wait": math.fsum(p[c:]), "Lq": queue, "Wq": queue / lam,
            "utilisation": busy / c}


def breakdown(lam, mu, xi, eta):
    level = (lam * (1 + xi / eta + xi * lam / eta**2) / (mu - lam * (1 + xi / eta)) + xi * lam / (eta * (xi + eta)))
    up = eta / (xi + eta)
    return {"L": level, "W": level / lam, "down": 1 - up, "duty": up, "utilisation": lam / mu / up}


def wave(lam, period):
    return {"Wq": period / 2, "E_wave": lam * period, "Var_wave": lam * period, "P_empty_wave": math.exp(-lam * period)}


# ---- networks ------------------------------------------------------------------------------------


def priority(lam1, lam2, mu):
    s1, s2 = lam1 / mu, (lam1 + lam2) / mu
    residual = (lam1 + lam2) / mu**2
    high, low, all_ = residual / (1 - s1), residual / ((1 - s1) * (1 - s2)), residual / (1 - s2)
    return {"Wq.desk.bopis": high, "Wq.desk.sfs": low, "Wq.desk": (lam1 * high + lam2 * low) / (lam1 + lam2),
            "Lq.desk": (lam1 + lam2) * all_}


def preemptive(lam1, lam2, mu):
    s1, s2 = lam1 / mu, (lam1 + lam2) / mu
    return {"W.bopis": 1 / mu / (1 - s1), "W.sfs": 1 / mu / ((1 - s1) * (1 - s2)), "L.desk": s2 / (1 - s2)}


def tandem(lam, mu1, mu2):
    return {"W.pick": 1 / (mu1 - lam), "W.pack": 1 / (mu2 - lam), "W.orders": 1 / (mu1 - lam) + 1 / (mu2 - lam)}


def blocking(lam, mu1, mu2):
    def moves(state):
        pick, pack = state  # pick: 0 idle, 1 busy, 2 blocked
        if pick == 0:
            yield (1, pack), lam
        if pick == 1:
            yield (0, 1) if pack == 0 else (2, 1), mu1
        if pack == 1:
            yield (pick, 0) if pick != 2 else (0, 1), mu2

    p = stationary((0, 0), moves)
    through = mu2 * mean(p, lambda s: s[1])
    return {"P_block.pick": mean(p, lambda s: s[0] > 0), "throughput.pack": through,
            "blocked.pick": mean(p, lambda s: s[0] == 2), "rho.pick": mean(p, lambda s: s[0] == 1),
            "W.pick": mean(p, lambda s: s[0] > 0) / through}


def solve(a, b):
    n = len(b)
    rows = [list(r) + [x] for r, x in zip(a, b)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(n):
            if r != i:
                f = rows[r][i] / rows[i][i]
                rows[r] = [x - f * y for x, y in zip(rows[r], rows[i])]
    return [rows[i][n] / rows[i][i] for i in range(n)]


def jackson(gamma, share, mu, c, names):
    n = len(gamma)
    flow = solve([[(i == j) - share[j][i] for j in range(n)] for i in range(n)], gamma)
    row, total = {}, 0.0
    for i, name in enumerate(names):
        m = mmc(flow[i], mu[i], c[i])
        total += m["L"]
        row.update({"throughput." + name: flow[i], "L." + name: m["L"], "Wq." + name: m["Wq"], "rho." + name: m["rho"]})
    # A job from each source visits station j e_j times on average; each visit takes W_j.
    for source, start in (("orders", 0), ("returns", 1)):
        visits = solve([[(i == j) - share[j][i] for j in range(n)] for i in range(n)], [float(i == start) for i in range(n)])
        row["W." + source] = math.fsum(v * mmc(flow[i], mu[i], c[i])["W"] for i, v in enumerate(visits))
    assert abs(total - gamma[0] * row["W.orders"] - gamma[1] * row["W.returns"]) < 1e-9
    return row


def repair(fleet, up, mu, c):
    p = birth_death(lambda k: (fleet - k) / up, lambda k: min(k, c) * mu, fleet)
    down = math.fsum(k * x for k, x in enumerate(p))
    busy = math.fsum(min(k, c) * x for k, x in enumerate(p))
    return {"L.running": fleet - down, "L.repair": down, "Lq.repair": down - busy, "rho.repair": busy / c,
            "throughput.repair": busy * mu, "W.repair": down / (busy * mu), "p0.repair": p[0],
            "Var_L.repair": math.fsum(k * k * x for k, x in enumerate(p)) - down**2}


def fork_join(lam, mu):
    return {"W.order": (12 - lam / mu) / 8 / (mu - lam), "W.shop": 1 / (mu - lam)}


def batch(lam, mu, least, most, top=600):
    def moves(state):
        away, waiting = state  # away: parcels on the van
        if waiting < top:
            more = waiting + 1
            yield ((min(more, most), more - min(more, most)) if away == 0 and more >= least else (away, more)), lam
        if away:
            take = min(waiting, most) if waiting >= least else 0
            yield (take, waiting - take), mu

    p = stationary((0, 0), moves)
    queue = mean(p, lambda s: s[1])
    trips = mu * mean(p, lambda s: s[0] > 0)
    return {"Lq.van": queue, "Wq.van": queue / lam, "L.van": queue + mean(p, lambda s: s[0]),
            "rho.van": trips / mu, "E_wave.van": lam / trips,
            "Var_wave.van": mean(p, lambda s: s[0] ** 2) * mu / trips - (lam / trips) ** 2}


def skills(fresh, frozen, mu, speed, room):
    def start(one, two, queue):
        """Lets free crews take the first in the queue that they can do. Crew one knows fresh only."""
        queue = list(queue)
        if two == "" and queue:
            if one == "" and queue[0] == "a":
                one = queue.pop(0)
            else:
                two = queue.pop(0)
        if one == "" and "a" in queue:
            queue.remove("a")
            one = "a"
        return one, two, "".join(queue)

    def moves(state):
        one, two, queue = state
        if len(one) + len(two) + len(queue) < room:
            yield start(one, two, queue + "a"), fresh
            yield start(one, two, queue + "b"), frozen
        if one:
            yield start("", two, queue), mu * speed
        if two:
            yield start(one, "", queue), mu

    p = stationary(("", "", ""), moves)
    full = mean(p, lambda s: len("".join(s)) == room)
    row = {"P_block.pick": full, "L.pick": mean(p, lambda s: len("".join(s))), "Lq.pick": mean(p, lambda s: len(s[2])),
           "carried.pick": mean(p, lambda s: len(s[0] + s[1])), "p0.pick": p[("", "", "")]}
    for name, kind, rate in (("fresh", "a", fresh), ("frozen", "b", frozen)):
        row["Wq.pick." + name] = mean(p, lambda s: s[2].count(kind)) / rate / (1 - full)
        row["W.pick." + name] = mean(p, lambda s: "".join(s).count(kind)) / rate / (1 - full)
    return row


def shifts(rates, staff, mu, overtime, period=24.0, top=110):
    """Time averages of the state that repeats every period. State: (jobs here, servers that serve)."""
    times = sorted({t for t, _ in rates} | {t for t, _ in staff} | {period})
    at = lambda table, t: [value for start, value in table if start <= t][-1]

    def settle(n, s, c):  # at a change of shift
        if s > c:
            return n, (s if overtime else min(n, c))
        return n, min(n, c)

    state, last = {(0, 0): 1.0}, None
    for _ in range(60):
        level = queue = over = busy = 0.0
        for start, end in zip(times, times[1:]):
            lam, c, span = at(rates, start), at(staff, start), end - start
            begun = defaultdict(float)
            for (n, s), x in state.items():
                begun[settle(n, s, c)] += x
            states = {(n, s) for n in range(top + 1) for s in range(c, 6) if s <= n and overtime} | {(n, min(n, c)) for n in range(top + 1)}
            states = sorted(states | set(begun))
            index = {x: i for i, x in enumerate(states)}
            speed = lam + mu * max(max(s for _, s in states), 1)
            jumps = []
            for n, s in states:
                row = []
                if n < top:
                    row.append((index[(n + 1, s if s >= c else min(n + 1, c))], lam / speed))
                if s:
                    row.append((index[(n - 1, s - 1 if s > c else min(n - 1, c))], s * mu / speed))
                row.append((index[(n, s)], 1 - math.fsum(x for _, x in row)))
                jumps.append(row)
            # Uniformisation: state after k jumps, weighed with Poisson for its end and with the tail for its integral.
            x = [begun.get(state_, 0.0) for state_ in states]
            m = speed * span
            count = int(m + 12 * math.sqrt(m) + 40)
            weight = math.exp(-m)
            head = weight
            final, total = [weight * v for v in x], [(1 - head) / speed * v for v in x]
            for k in range(1, count):
                y = [0.0] * len(x)
                for i, v in enumerate(x):
                    if v:
                        for j, share in jumps[i]:
                            y[j] += v * share
                x = y
                weight *= m / k
                head += weight
                tail = max(1 - head, 0.0) / speed
                for i, v in enumerate(x):
                    final[i] += weight * v
                    total[i] += tail * v
            for (n, s), area in zip(states, total):
                level += n * area
                busy += s * area
                queue += (n - s) * area
                over += max(s - c, 0) * area
            state = {key: v for key, v in zip(states, final) if v > 1e-18}
        if last is not None and abs(level - last) < 1e-11:
            break
        last = level
    row = {"L.pick": level / period, "Lq.pick": queue / period, "carried.pick": busy / period}
    if overtime:
        row["overtime.pick"] = over / period
    return row


# ---- rows ----------------------------------------------------------------------------------------


def desk(values):
    return {name + ".desk": value for name, value in values.items()}


def only(values, names):
    return {name: values[name] for name in names.split()}


S, R = "queueing.stations.desk.", "queueing.sources.arrivals."
BY_HOUR = [(0.0, 0.5), (8.0, 4.0), (20.0, 1.0)]
STAFF = [(0.0, 1), (8.0, 5), (18.0, 3)]
P_NETWORK = [[0, 0.5, 0.4], [0.3, 0, 0.6], [0.1, 0, 0]]


def station(rate="", servers="", more=""):
    words = [R + "rate=" + rate if rate else "", S + "servers=" + servers if servers else "", more]
    return " ".join(word for word in words if word)


def all_rows():
    """(oracle, scenario, overrides, {measure: value}, {measure: tolerance}, groups)"""
    both, own = "kernel queue", "kernel"
    p8 = station("8", "3", S + "service_rate=3")
    p2 = station("1.5", "2", "run.customers=3000000")
    yield "mm1_rho0.8", "queue.yaml", "", desk(mmc(0.8, 1, 1)), {}, both
    yield "mmc_checkout_8_3_3", "queue.yaml", p8 + " run.customers=4000000", desk(mmc(8, 3, 3)), {}, both
    yield "mmc_2servers", "queue.yaml", p2, desk(mmc(1.5, 1, 2)), {}, both
    yield "mg1_deterministic", "queue.yaml", S + "service=constant(1)", desk(mg1(0.8, 1, 0)), {}, both
    yield "mg1_uniform", "queue.yaml", S + "service=uniform(0.5,1.5)", desk(mg1(0.8, 1, 1 / 12)), {}, both
    yield "mg1_erlang", "queue.yaml", S + "service=erlang(1,2)", desk(mg1(0.8, 1, 0.5)), {}, own
    yield "mg1_lognormal", "queue.yaml", R + "rate=0.7 " + S + "service=lognormal(1,1.5) run.customers=5000000", desk(mg1(0.7, 1, 2.25)), {}, own
    for law in ("exponential(0.5)", "constant(0.5)", "lognormal(0.5,1)"):
        free = station("10", "unlimited", S + "service=" + law)
        for over in (8, 10):
            m = desk(poisson(5.0, over))
            if over == 10:
                m = only(m, "P_L_gt_n.desk")
            yield ("mginf_pickup_shelf", "queue.yaml", free + " " + S + "level_over=%d" % over, m,
                   {"Var_L.desk": "2%", "P_L_gt_n.desk": "3%", "p0.desk": "3%"}, both)
    for law in ("exponential(1)", "constant(1)", "lognormal(1,2)"):
        yield ("erlangB_capacity_10", "queue.yaml", station("8", "10", S + "room=10 " + S + "service=" + law),
               desk(erlang_b(8.0, 10)), {}, both)
    yield ("erlangA_patience", "queue.yaml", station("10", "9", S + "patience=exponential(2)"),
           desk(erlang_a(10.0, 1.0, 0.5, 9)), {}, both)
    yield "mmck", "queue.yaml", station("2.5", "3", S + "room=8"), desk(mmck(2.5, 1.0, 3, 8)), {}, own
    b = S + "breakdown.up=exponential(10) " + S + "breakdown.down=exponential(2)"
    yield "mm1_breakdowns", "queue.yaml", R + "rate=0.5 " + b, desk(breakdown(0.5, 1.0, 0.1, 0.5)), {}, own
    gate = S + "wave=30min " + S + "service=constant(0)"
    yield ("wave_picking", "queue.yaml", station("20", "unlimited", gate), desk(wave(20.0, 0.5)),
           {"P_empty_wave.desk": "30%"}, both)
    yield "wave_picking_sparse", "queue.yaml", station("4", "unlimited", gate), desk(wave(4.0, 0.5)), {}, own
    yield "priority_bopis_over_sfs", "priority.yaml", "", priority(0.3, 0.5, 1.0), {}, both
    yield ("priority_bopis_over_sfs", "priority.yaml", S + "discipline=fifo",
           {"Wq.desk": 4.0, "Wq.desk.bopis": 4.0, "Wq.desk.sfs": 4.0}, {}, both)
    yield ("priority_preemptive", "priority.yaml", S + "discipline=priority_preemptive", preemptive(0.3, 0.5, 1.0), {}, own)
    yield "tandem_pick_pack", "tandem.yaml", "", tandem(0.6, 1.0, 0.9), {}, both
    block = "queueing.stations.pick.room=1 queueing.stations.pack.room=1 queueing.stations.pack.when_full=block"
    yield "tandem_blocking", "tandem.yaml", block, blocking(0.6, 1.0, 0.9), {}, own
    yield ("jackson_feedback", "jackson.yaml", "",
           jackson([1.0, 0.2, 0.0], P_NETWORK, [2.5, 0.8, 2.0], [1, 2, 1], ["pick", "check", "pack"]), {}, own)
    yield "machine_repair", "finite_source.yaml", "", repair(10, 10.0, 0.5, 2), {}, own
    yield "fork_join_two", "fork_join.yaml", "", fork_join(0.7, 1.0), {}, own
    yield "batch_van", "batch.yaml", "", batch(2.0, 0.8, 2, 4), {}, own
    yield "skills_two_crews", "skills.yaml", "", skills(1.2, 0.5, 1.0, 1.5, 6), {}, own
    over = "queueing.stations.pick.shifts.end="
    yield "shifts_of_a_day", "shifts.yaml", "", shifts(BY_HOUR, STAFF, 1.0, True), {}, own
    yield "shifts_of_a_day", "shifts.yaml", over + "hand_over", shifts(BY_HOUR, STAFF, 1.0, False), {}, own
    yield ("thinning_returns_boris", "returns.yaml", "",
           {"throughput.back": 1.0, "E_done.back": 1.0, "Var_done.back": 1.0, "L.transit": 7.0, "Var_L.transit": 7.0},
           {name: "2%" for name in ("throughput.back", "E_done.back", "Var_done.back", "L.transit", "Var_L.transit")}, both)
    first = 30 * (6 + 0.8 * 24 / (2 * math.pi))
    yield ("nhpp_sinusoid", "nhpp_rates.yaml", "",
           {"E_done.shop": 720.0, "Var_done.shop": 720.0, "E_done.early": first, "Var_done.early": first},
           {"E_done.shop": "3se", "E_done.early": "3se", "Var_done.shop": "5%", "Var_done.early": "5%"}, "kernel arrivals")


UNITS = {"L": "jobs", "Lq": "jobs", "W": "time units", "Wq": "time units", "Var_L": "jobs^2", "Var_wave": "jobs^2",
         "Var_done": "jobs^2", "E_wave": "jobs", "E_done": "jobs", "carried": "servers", "blocked": "servers",
         "overtime": "servers", "down": "servers", "duty": "servers", "throughput": "jobs/time unit"}


def main():
    rows = list(all_rows())
    if sys.argv[1] == "--print":
        out = csv.writer(sys.stdout, lineterminator="\n")
        for oracle, scenario, overrides, values, tolerance, groups in rows:
            for measure, value in values.items():
                out.writerow([oracle, groups, "simulated", scenario, overrides, measure, "%.12g" % value,
                              tolerance.get(measure, "1%"), UNITS.get(measure.split(".")[0], "1")])
        return 0
    expected = {(o, s, over, m): v for o, s, over, values, _, _ in rows for m, v in values.items()}
    wrong = 0
    with open(sys.argv[1], newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            if "kernel" not in row["group"].split() or row["kind"] != "simulated":
                continue
            value = expected.pop((row["oracle"], row["scenario"], row["overrides"], row["measure"]), None)
            if value is None or abs(float(row["expected"]) - value) > 1e-8 * abs(value):
                print("%s %s %s: %s in the table, %s here" % (row["oracle"], row["overrides"], row["measure"],
                                                            row["expected"], value))
                wrong += 1
    for key in expected:
        print("not in the table:", *key)
    print("%d rows, %d wrong, %d missing" % (sum(len(r[3]) for r in rows), wrong, len(expected)))
    return 1 if wrong or expected else 0


sys.exit(main())
