"""A client that means harm, against a shop that the tour has been through.

backend_hostile.py URL DOCUMENT

Whatever comes is answered with a status that the document lists and a problem, or ends the connection;
nothing is a 500, nothing is done twice, and the books agree at the end.
"""
import http.client
import json
import re
import socket
import sys
import threading
import time
from collections import Counter
from urllib.parse import quote

from api_document import Document
from backend_tour import EAST, Tour

NASTY = ["'", "';DROP TABLE orders;--", '" OR ""="', "1) UNION SELECT value FROM meta--", "%27%20OR%201=1",
         "{{7*7}}", "${jndi:ldap://x}", "<script>alert(1)</script>", "$(id)", "`id`", "| id", "%s%n%x",
         "../../etc/passwd", "..\\..", "/", "?", "#", "&", "*", "_", "%", "null", "true", "-1", "0", "1e9",
         "9223372036854775808", "\u202e", "\ufeff", "\U0001f4a9" * 32, "a" * 128, "\u00e9" * 64]
CONTROL = ["\0", "\n", "\x1b[2J", "\x7f", "\u0085", "\u009f"]
CLIENTS = 8


def body_of(document, schema, text):
    """A body as the schema wants it, with the text in every place that takes one."""
    body = {}
    for name, told in document.follow(schema).get("properties", {}).items():
        told = document.follow(told)
        body[name] = (told["enum"][0] if "enum" in told else text if told["type"] == "string" else 1)
    return body


def everywhere(tour):
    """Texts that mean something to SQL, shells, templates and browsers, in all places that take a text."""
    document = tour.document
    for (method, path), operation in document.operations.items():
        who = {"session": "alice", "clerk": EAST, "auditor": "auditor"}.get(document.who((method, path)))
        schema = document.request_schema((method, path))
        query = [document.follow(p)["name"] for p in operation.get("parameters", [])
                 if document.follow(p)["in"] == "query"]
        for text in NASTY + CONTROL:
            part = quote(text, safe="")
            target = re.sub("{[^}]+}", part, path)
            if query:
                target += "?" + "&".join(f"{name}={part}" for name in query)
            status, got = tour.send(who, method, target, schema and body_of(document, schema, text))
            if text in CONTROL and ("{" in path or schema or query) and status != 400:
                tour.fail(f"{method} {target}", [f"a control character: {status} {got}"])


def tokens(tour):
    """Any other token than the one that was given is none."""
    good = tour.tokens["alice"]
    for i in range(0, len(good), 3):
        for c in ("A", "0", "."):
            bad = good[:i] + c + good[i + 1:]
            if bad != good:
                tour.expect(401, "no_session", bad, "GET", "/members/alice/points")
    for bad in (good[:-1], good + "0", good.upper(), "." * 3, "1.9999999999.YWxpY2U.", "x" * 5000):
        tour.expect(401, "no_session", bad, "GET", "/members/alice/points")
    tour.expect(200, None, "alice", "GET", "/members/alice/points")


def at_once(tour, requests):
    """Sends all at the same time, each from a connection of its own; answers as (status, text)."""
    answers, ready = [], threading.Barrier(len(requests))

    def one(method, target, body, key):
        connection = http.client.HTTPConnection(tour.connection.host, tour.connection.port, timeout=60)
        connection.connect()
        ready.wait()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {tour.tokens['alice']}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        connection.request(method, target, json.dumps(body), headers)
        answer = connection.getresponse()
        answers.append((answer.status, answer.read().decode()))

    threads = [threading.Thread(target=one, args=request) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def keys(tour):
    """One key or reference, many at the same time: one is done, once."""
    for round in range(5):
        cart, key = f"rush {round}", f"rush {round}"
        target = "/carts/" + quote(cart) + "/lines"
        same = at_once(tour, [("POST", target, {"sku": "sku_9", "quantity": 1}, key)] * CLIENTS)
        if len(set(same)) != 1 or same[0][0] != 201:
            tour.fail(f"{target} with one key", [str(same)])
        other = at_once(tour, [("POST", target, {"sku": "sku_9", "quantity": i + 1}, key + "b")
                               for i in range(CLIENTS)])
        if Counter(status for status, _ in other) != {201: 1, 422: CLIENTS - 1}:
            tour.fail(f"{target} with one key and other bodies", [str(other)])
        lines = tour.expect(200, None, "alice", "GET", "/carts/" + quote(cart))["lines"]
        if len(lines) != 2:
            tour.fail(target, [f"was done {len(lines)} times in place of 2"])
        order = {"reference": f"rush {round}", "cart": cart}
        made = at_once(tour, [("POST", "/orders", order, None if round % 2 else key + "c")] * CLIENTS)
        wanted = {201: 1, 200: CLIENTS - 1} if round % 2 else {201: CLIENTS}
        if Counter(s for s, _ in made) != wanted or len({json.loads(t)["id"] for _, t in made}) != 1:
            tour.fail(f"/orders {order}", [str(made)])


def raw(tour, data, half_close):
    """Bytes as they are; status (0 = none) and Content-Type of the first answer."""
    with socket.create_connection((tour.connection.host, tour.connection.port), timeout=10) as s:
        try:
            s.sendall(data)
            if half_close:
                time.sleep(0.2)  # the library does not see an end that comes with the last bytes
                s.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has heard enough
        answer = b""
        try:
            while b"\r\n\r\n" not in answer.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b""):
                piece = s.recv(65536)
                if not piece:
                    break
                answer += piece
        except OSError:
            pass
    found = re.search(rb"HTTP/1.1 (?!100)(\d+).*?\r\n\r\n", answer, re.DOTALL)
    kind = re.search(rb"(?i)Content-Type: ([^\r]+)", found.group(0)) if found else None
    return (int(found.group(1)), kind.group(1).decode() if kind else None) if found else (0, None)


def bytes_of_all_kinds(tour):
    head = b"POST /sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    get = b"GET /health HTTP/1.1\r\nHost: x\r\n"
    body, end = b'{"member":"alice"}', b"\r\n0\r\n\r\n"
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n"
    params = b"&".join(b"a%d=1" % i for i in range(1000))
    own = None  # what is no HTTP is refused by the library, in its own words
    problem, good = "application/problem+json", "application/json"
    for status, kind, data in (
            (201, good, chunked + b"12\r\n" + body + end),
            (201, good, chunked + b"".join(b"1\r\n%c\r\n" % c for c in body) + b"0\r\n\r\n"),
            (201, good, head + b"Expect: 100-continue\r\nContent-Length: 18\r\n\r\n" + body),
            (413, problem, head + b"Expect: 100-continue\r\nContent-Length: 10485760\r\n\r\n"),
            (413, problem, head + b"Content-Length: 10737418240\r\n\r\n"),
            (413, problem, chunked + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 160 + b"0\r\n\r\n"),
            (413, own, chunked + b"ffffffffffffffffff\r\n"),
            (413, own, head + b"Content-Length: 18446744073709551616\r\n\r\n"),
            (400, own, head + b"Content-Length: -1\r\n\r\n"),
            (400, own, chunked + b"zz\r\n" + body + end),
            (200, good, get + b"".join(b"X-%d: y\r\n" % i for i in range(100)) + b"\r\n"),
            (431, own, get + b"".join(b"X-%d: y\r\n" % i for i in range(5000)) + b"\r\n"),
            (431, own, get + b"X: " + b"y" * 40000 + b"\r\n\r\n"),
            (414, own, b"GET /products/" + b"a" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
            (400, problem, b"GET /products?query=" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
            (505, own, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            (400, own, b"GET /health\r\n\r\n"),
            (0, own, b"GET /products?" + params + b" HTTP/1.1\r\nHost: x\r\n\r\n"),  # fills its memory
            (0, own, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500),
            (0, own, head + b'Content-Length: 18\r\n\r\n{"mem'),
            (405, problem, b"HEAD /sessions HTTP/1.1\r\nHost: x\r\n\r\n"),
            (200, good, b"HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n"),
            (405, problem, b"OPTIONS /orders HTTP/1.1\r\nHost: x\r\n\r\n"),
            (405, problem, b"TRACE /health HTTP/1.1\r\nHost: x\r\n\r\n"),
            (404, problem, b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"),
            (400, problem, head + b"Content-Length: 100017\r\n\r\n" + b'{"member":"a"}   ' + b"}" * 100000),
            (400, problem, head + b"Content-Length: 1000003\r\n\r\n" + b'[' + b"1" * 1000001 + b']'),
    ):
        got = raw(tour, data, half_close=status == 0)
        if got != (status, kind):
            tour.fail(f"{data[:120]}", [f"expected {status} {kind}, got {got}"])


def books_agree(tour):
    """What is on hand is what was there at first and what moved; nothing was promised twice."""
    def book(name):
        rows, after = [], 0
        while after is not None:
            page = tour.expect(200, None, "auditor", "GET", f"/books/{name}?limit=5000&after={after}")
            rows, after = rows + page["rows"], page.get("next")
        return rows

    moved, held = Counter(), Counter()
    for row in book("movements"):
        moved[row["place"], row["sku"]] += row["quantity"]
    for row in book("reservations"):
        held[row["place"], row["sku"]] += row["quantity"]
    for row in book("stock"):
        key = row["place"], row["sku"]
        if (row["on_hand"], row["reserved"]) != (row["opening"] + moved[key], held[key]) or \
                row["available"] < 0:
            tour.fail("stock", [f"{row}, moved {moved[key]}, held {held[key]}"])


def main(url, document):
    tour = Tour(url, Document(document))
    tour.tokens["alice"] = tour.send(None, "POST", "/sessions", {"member": "alice"})[1]["token"]
    for attack in (everywhere, tokens, keys, bytes_of_all_kinds, books_agree):
        attack(tour)
        tour.connection.close()  # it may have been idle for too long
    tour.expect(200, None, None, "GET", "/health")
    print("\n".join(tour.wrong[:200]))
    print(f"{tour.count} requests of a hostile client")
    return 1 if tour.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
