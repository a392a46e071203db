"""A tour through all of the back end, each answer held against its document.

backend_tour.py URL DOCUMENT ROUTES.DEF   the shop is new, of test_backend_document.sh

Every request that was done is sent again, if it may carry an Idempotency-Key: with the same body the
answer is the same, with another one it is 422. Then it is sent spoiled, once for each thing that the
document's schema demands: 400. At the end every status of every operation has been seen.
"""
import http.client
import json
import re
import sys
from urllib.parse import urlsplit

from api_document import Document

# That the service has no document happens to programs that embed it, not to the command.
NEVER = {("GET", "/openapi.yaml", 404)}
EAST, WEST = "@east", "@west"


class Tour:
    def __init__(self, url, document):
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.document = document
        self.tokens, self.seen, self.wrong, self.count = {}, set(), [], 0

    def fail(self, what, texts):
        self.wrong += [f"{what}: {text}" for text in texts]

    def send(self, who, method, target, body=None, key=None):
        """Status and body; the answer has been judged."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if who is not None:
            headers["Authorization"] = (f"Clerk {who[1:]}" if who.startswith("@") else
                                        "Auditor" if who == "auditor" else
                                        f"Bearer {self.tokens.get(who, who)}")
        if key is not None:
            headers["Idempotency-Key"] = key
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        self.connection.request(method, target, text, headers)
        answer = self.connection.getresponse()
        kind, got = answer.headers["Content-Type"], answer.read()
        if kind is not None and kind.endswith("json"):
            got = json.loads(got)
        else:
            got = got.decode()
        operation = self.document.operation(method, target)
        self.seen.add((*operation, answer.status))
        self.fail(f"{method} {target} {str(text)[:100]}",
                  self.document.judge(operation, answer.status, kind, got))
        self.count += 1
        return answer.status, got

    def expect(self, wanted, word, who, method, target, body=None, key=None):
        status, got = self.send(who, method, target, body, key)
        if status != wanted or (word and got.get("error") != word):
            self.fail(f"{method} {target} {str(body)[:100]}",
                      [f"expected {wanted} {word or ''}, got {status} {got}"])
        return got

    def done(self, wanted, who, method, target, body=None):
        """Something good: sent, sent again in all ways, and spoiled."""
        operation = self.document.operation(method, target)
        takes_key = self.takes_key(operation)
        key = f"key {self.count}" if takes_key else None
        schema = self.document.request_schema(operation)
        body = body and {**body, "nobody knows this": [1]}
        got = self.expect(wanted, None, who, method, target, body, key)
        if body is not None:
            self.fail(f"{method} {target} {body}", self.document.complaints(body, schema, "request"))
        if takes_key:
            again = self.expect(wanted, None, who, method, target, body, key)
            if again != got:
                self.fail(f"{method} {target}", [f"with its key first {got}, then {again}"])
            self.expect(422, "key_reused", who, method, target, {**body, "other": 1}, key)
        if schema is not None:
            for why, spoiled in self.document.spoil(body, schema):
                status, answer = self.send(who, method, target, spoiled)
                if status != 400:
                    self.fail(f"{method} {target} {spoiled}", [f"{why}: {status} {answer}"])
        return got

    def takes_key(self, operation):
        responses = self.document.operations[operation]["responses"]
        return "key_reused" in self.document.follow(responses.get("422", {})).get("description", "")


def routes(path):
    with open(path, encoding="utf-8") as file:
        return re.findall(r'^ROUTE\((\w+), "([^"]+)", \w+, (\w+), (\w+)\)', file.read(), re.MULTILINE)


def same_routes(tour, path):
    """The document's operations are the routes, and say the same of who may ask."""
    document = tour.document
    access = {None: "OPEN", "session": "MEMBER", "clerk": "CLERK", "auditor": "AUDITOR"}
    told = {(*key, access[document.who(key)]) for key in document.operations}
    there = {route[:3] for route in routes(path)}
    tour.fail("not in the document", [str(r) for r in sorted(there - told)])
    tour.fail("not in routes.def", [str(r) for r in sorted(told - there)])


def strangers(tour):
    """What is refused before anybody looks at what is asked for."""
    for (method, path) in tour.document.operations:
        who = {"session": "alice", "clerk": EAST, "auditor": "auditor"}.get(
            tour.document.who((method, path)))
        target = re.sub("{[^}]+}", "x", path)
        if who is not None:
            for nobody in (None, "nonsense", "@nowhere", "alice" if who != "alice" else EAST):
                tour.expect(401, None, nobody, method, target)
        if "{" in path:
            for bad in ("%0a", "%00", "%ff", "%", "%7f", "a" * 129):
                tour.expect(400, "bad_request", who, method, re.sub("{[^}]+}", bad, path))
        if tour.document.request_schema((method, path)) is not None:
            for text in ("{", "[]", '"x"', '{"a": 1, "a": 2}', '{"a": NaN}', "\x00",
                         '{"a": "\\ud800"}', '{"a": ' + "[" * 16 + "]" * 16 + "}"):
                tour.expect(400, "bad_request", who, method, target, text)
            for text in ("", "{}"):  # some say first that there is no such order, or that it is not yours
                status, got = tour.send(who, method, target, text)
                if status not in (400, 403, 404):
                    tour.fail(f"{method} {target} {text}", [f"{status} {got}"])


def members(tour):
    for name in ("alice", "bob"):
        tour.tokens[name] = tour.done(201, None, "POST", "/sessions", {"member": name})["token"]
    phone = {"kind": "phone", "value": "+86 351 1"}
    tour.done(201, None, "POST", "/members", {"member": "carol", "phone": "+86 351 2"})
    tour.expect(409, "name_taken", None, "POST", "/members", {"member": "carol"})
    tour.expect(409, "identity_taken", None, "POST", "/members", {"member": "dan", "phone": "+86 351 2"})
    tour.done(201, EAST, "POST", "/members/alice/identities", phone)
    tour.done(200, EAST, "POST", "/members/alice/identities", phone)
    tour.expect(404, "no_such_member", EAST, "POST", "/members/zoe/identities", phone)
    for what in ("identities", "points", "coupons"):
        tour.expect(200, None, "alice", "GET", f"/members/alice/{what}")
        tour.expect(403, "forbidden", "bob", "GET", f"/members/alice/{what}")


def catalogue(tour):
    tour.expect(200, None, None, "GET", "/health")
    tour.expect(200, None, None, "GET", "/openapi.yaml")
    tour.expect(200, None, None, "GET", "/products?query=sku_1&limit=3")
    for bad in ("", "?query=", "?query=x&limit=0", "?query=x&limit=101", "?query=%ff"):
        tour.expect(400, "bad_request", None, "GET", "/products" + bad)
    for path in ("/products/{}", "/places/east/products/{}", "/places/east/stock/{}"):
        tour.expect(200, None, None, "GET", path.format("sku_1"))
        tour.expect(404, "no_such_product", None, "GET", path.format("coffee"))
    tour.expect(404, "no_such_place", None, "GET", "/places/moon/stock/sku_1")
    for sku, cents in (("sku_19", 100), ("sku_20", 10**12)):
        tour.done(200, EAST, "PUT", f"/products/{sku}/price", {"price_cents": cents})
    tour.expect(404, "no_such_product", EAST, "PUT", "/products/coffee/price", {"price_cents": 1})


def fill(tour, cart, sku, quantity, who="alice"):
    return tour.expect(201, None, who, "POST", f"/carts/{cart}/lines", {"sku": sku, "quantity": quantity})


def carts(tour):
    line = {"sku": "sku_1", "quantity": 2}
    tour.done(201, "alice", "POST", "/carts/c1/lines", line)
    tour.expect(403, "forbidden", "bob", "POST", "/carts/c1/lines", line)
    tour.expect(404, "no_such_product", "alice", "POST", "/carts/c1/lines", {**line, "sku": "coffee"})
    tour.expect(409, "cart_full", "alice", "POST", "/carts/dear/lines",
                {"sku": "sku_20", "quantity": 100000})
    tour.expect(200, None, "alice", "GET", "/carts/c1")
    tour.expect(403, "forbidden", "bob", "GET", "/carts/c1")
    tour.expect(404, "no_such_cart", "alice", "GET", "/carts/c9")

    coupon = {"coupon": "ten_off"}
    fill(tour, "cheap", "sku_19", 1)
    tour.done(201, "alice", "POST", "/members/alice/coupons", coupon)
    tour.done(200, "alice", "POST", "/members/alice/coupons", coupon)
    tour.expect(403, "forbidden", "bob", "POST", "/members/alice/coupons", coupon)
    tour.expect(404, "no_such_coupon", "alice", "POST", "/members/alice/coupons", {"coupon": "x"})
    tour.done(201, "alice", "POST", "/carts/c1/coupons", coupon)
    tour.expect(403, "forbidden", "bob", "POST", "/carts/c1/coupons", coupon)
    tour.expect(404, "no_such_coupon", "alice", "POST", "/carts/c1/coupons", {"coupon": "x"})
    tour.expect(409, "coupon_refused", "alice", "POST", "/carts/cheap/coupons", coupon)
    fill(tour, "second", "sku_3", 1)
    tour.expect(410, "coupon_used_up", "alice", "POST", "/carts/second/coupons", coupon)
    tour.expect(410, "coupon_used_up", "alice", "POST", "/members/alice/coupons", coupon)


def order(tour, reference, cart, who="alice"):
    return tour.done(201, who, "POST", "/orders", {"reference": reference, "cart": cart,
                                                   "place": "east", "channel": "app", "points": 0})


def pay(tour, status, made):
    return tour.done(status, "alice", "POST", f"/orders/{made['reference']}/payments",
                     {"amount_cents": made["total_cents"], "method": "card"})


def orders(tour):
    """Leaves o1 and o2 paid (the code of o2 is returned), o3 placed, o4 cancelled."""
    made = order(tour, "o1", "c1")
    again = {"reference": "o1", "cart": "c1", "place": "east", "channel": "app"}
    tour.expect(200, None, "alice", "POST", "/orders", again)
    tour.expect(422, "reference_reused", "alice", "POST", "/orders", {**again, "cart": "cheap"})
    tour.expect(403, "forbidden", "bob", "POST", "/orders", again)
    tour.expect(404, "no_such_cart", "alice", "POST", "/orders", {"reference": "o9", "cart": "c9"})
    tour.expect(409, "points_short", "alice", "POST", "/orders",
                {"reference": "o9", "cart": "cheap", "points": 5})
    fill(tour, "many", "sku_2", 97)
    tour.expect(409, "sold_out", "alice", "POST", "/orders", {"reference": "o9", "cart": "many"})
    fill(tour, "c2", "sku_2", 2)
    fill(tour, "c4", "sku_3", 1)
    second, third, fourth = order(tour, "o2", "c2"), order(tour, "o3", "second"), order(tour, "o4", "c4")
    tour.expect(200, None, "alice", "POST", "/orders/o4/cancellation")
    tour.expect(404, "no_such_order", "alice", "POST", "/orders/o9/cancellation")
    tour.expect(403, "forbidden", "bob", "POST", "/orders/o1/cancellation")

    sum_of = {"amount_cents": made["total_cents"], "method": "card"}
    tour.expect(422, "wrong_amount", "alice", "POST", "/orders/o1/payments", {**sum_of, "amount_cents": 1})
    tour.expect(403, "forbidden", "bob", "POST", "/orders/o1/payments", sum_of)
    tour.expect(404, "no_such_order", "alice", "POST", "/orders/o9/payments", sum_of)
    tour.expect(409, "order_cancelled", "alice", "POST", "/orders/o4/payments",
                {"amount_cents": fourth["total_cents"], "method": "cash"})
    pay(tour, 201, made)
    pay(tour, 200, made)
    code = pay(tour, 201, second)["code"]
    tour.expect(200, None, "alice", "GET", f"/orders/{third['reference']}")
    tour.expect(403, "forbidden", "bob", "GET", "/orders/o1")
    tour.expect(404, "no_such_order", "alice", "GET", "/orders/o9")
    return code


def clerks(tour, code):
    one = {"place": "east", "quantity": 1}
    listed = "/orders/{}/pick-list?place={}"
    tour.expect(200, None, EAST, "GET", listed.format("o1", "east"))
    tour.expect(400, "bad_request", EAST, "GET", "/orders/o1/pick-list")
    tour.expect(403, "forbidden", EAST, "GET", listed.format("o1", "west"))
    tour.expect(404, "no_such_order", EAST, "GET", listed.format("o9", "east"))
    tour.expect(409, "not_paid", EAST, "GET", listed.format("o3", "east"))

    west = {**one, "place": "west"}
    tour.done(201, WEST, "POST", "/orders/o3/routes", west)
    tour.done(200, WEST, "POST", "/orders/o3/routes", west)
    tour.expect(409, "sold_out", WEST, "POST", "/orders/o1/routes", {**west, "quantity": 500})
    for step in ("picks", "ready", "collections", "deliveries", "returns", "routes"):
        path = f"/orders/{{}}/{step}"
        tour.expect(403, "forbidden", EAST, "POST", path.format("o1"), west)
        tour.expect(404, "no_such_order", EAST, "POST", path.format("o9"), one)
        tour.expect(409, None, EAST, "POST", path.format("o4"), one)
    for step in ("picks", "picks", "ready", "collections", "deliveries", "returns"):
        tour.done(201, EAST, "POST", f"/orders/o1/{step}", {**one, "sku": "sku_1"})
        tour.expect(409, "out_of_turn", EAST, "POST", f"/orders/o1/{step}", {**one, "quantity": 3})
    tour.expect(409, "too_late", "alice", "POST", "/orders/o1/cancellation")

    by_code = {"place": "east", "code": code}
    tour.expect(409, "out_of_turn", EAST, "POST", "/collections", by_code)
    tour.expect(201, None, EAST, "POST", "/orders/o2/picks", {**one, "quantity": 2})
    tour.done(201, EAST, "POST", "/collections", by_code)
    tour.expect(403, "forbidden", WEST, "POST", "/collections", by_code)
    tour.expect(404, "no_such_code", EAST, "POST", "/collections", {**by_code, "code": "x"})


def shops(tour):
    hold = {"reference": "r1", "place": "east", "sku": "sku_5", "quantity": 2}
    tour.done(201, "alice", "POST", "/reservations", hold)
    tour.done(200, "alice", "POST", "/reservations", hold)
    tour.expect(422, "reference_reused", "alice", "POST", "/reservations", {**hold, "quantity": 3})
    tour.expect(403, "forbidden", "bob", "POST", "/reservations", hold)
    tour.expect(404, "no_such_place", "alice", "POST", "/reservations", {**hold, "place": "moon"})
    tour.expect(409, "sold_out", "alice", "POST", "/reservations",
                {**hold, "reference": "r9", "quantity": 100})
    tour.done(201, "alice", "POST", "/reservations", {**hold, "reference": "r2"})
    for path in ("/reservations/r2{}", "/reservations/r2/cancellation{}"):
        method = "POST" if "cancel" in path else "GET"
        tour.expect(200, None, "alice", method, path.format(""))
        tour.expect(403, "forbidden", "bob", method, path.format(""))
        tour.expect(404, "no_such_reservation", "alice", method, path.format("").replace("r2", "r9"))

    sale = {"reference": "s1", "place": "east", "sku": "sku_5", "quantity": 2,
            "phone": "+86 351 1", "reservation": "r1"}
    tour.done(201, EAST, "POST", "/sales", sale)
    tour.done(200, EAST, "POST", "/sales", sale)
    tour.expect(422, "reference_reused", EAST, "POST", "/sales", {**sale, "quantity": 1})
    tour.expect(403, "forbidden", WEST, "POST", "/sales", sale)
    tour.expect(404, "no_such_member", EAST, "POST", "/sales", {**sale, "reference": "s2", "phone": "0"})
    tour.expect(409, "sold_out", EAST, "POST", "/sales",
                {"reference": "s3", "place": "east", "sku": "sku_5", "quantity": 100})
    tour.expect(409, "too_late", "alice", "POST", "/reservations/r1/cancellation")

    sent = {"reference": "t1", "place": "east", "to": "west", "sku": "sku_6", "quantity": 3}
    tour.done(201, EAST, "POST", "/transfers", sent)
    tour.done(200, EAST, "POST", "/transfers", sent)
    tour.expect(422, "reference_reused", EAST, "POST", "/transfers", {**sent, "quantity": 1})
    tour.expect(403, "forbidden", WEST, "POST", "/transfers", sent)
    tour.expect(404, "no_such_place", EAST, "POST", "/transfers", {**sent, "to": "moon"})
    tour.expect(409, "sold_out", EAST, "POST", "/transfers",
                {**sent, "reference": "t2", "quantity": 100})
    here = {"place": "west"}
    tour.expect(403, "forbidden", EAST, "POST", "/transfers/t1/receipt", {"place": "east"})
    tour.done(201, WEST, "POST", "/transfers/t1/receipt", here)
    tour.done(200, WEST, "POST", "/transfers/t1/receipt", here)
    tour.expect(404, "no_such_transfer", WEST, "POST", "/transfers/t9/receipt", here)


def books(tour):
    """All pages, a row at a time as well as all at once."""
    names = [path for _, path in tour.document.operations if path.startswith("/books/")]
    for path in names + ["/feed"]:
        list_of = "changes" if path == "/feed" else "rows"
        whole = tour.expect(200, None, "auditor", "GET", path)[list_of]
        pieces, after = [], 0
        while after is not None:
            page = tour.expect(200, None, "auditor", "GET", f"{path}?limit=1&after={after}")
            pieces += page[list_of]
            after = page.get("next") if page[list_of] else None
        if not whole or pieces != whole[:len(pieces)] or len(pieces) < len(whole):
            tour.fail(path, [f"{len(whole)} rows at once, {len(pieces)} one by one"])
        for bad in ("limit=0", "limit=10001", "limit=x", "after=-1", "after=18446744073709551616"):
            tour.expect(400, "bad_request", "auditor", "GET", f"{path}?{bad}")


def main(url, document, routes_def):
    tour = Tour(url, Document(document))
    same_routes(tour, routes_def)
    members(tour)
    strangers(tour)
    catalogue(tour)
    carts(tour)
    clerks(tour, orders(tour))
    shops(tour)
    books(tour)
    told = {(*key, int(status)) for key, operation in tour.document.operations.items()
            for status in operation["responses"]}
    tour.fail("in the document, and was not met", [str(one) for one in sorted(told - tour.seen - NEVER)])
    print("\n".join(tour.wrong[:200]))
    print(f"{tour.count} requests, {len(told)} statuses of {len(tour.document.operations)} operations")
    return 1 if tour.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
