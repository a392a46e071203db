"""A small shop with another style of API than the reference service, for the tests of `omosim seed` and
of replay and audit through an API map alone.

REST and JSON; a publishable key for each sales channel; carts with ids; amounts in decimals; completing
a cart answers 200 with an order or with the cart and why it is no sale; staff log in for /admin; kept
connections are closed after a second without a request.

    keyed_shop.py [--race] [--for SECONDS]        prints "listening on http://127.0.0.1:PORT"

--race: the stock is checked, then taken a moment later, and the ledger of reservations is capped at
what there is, so that it looks right when too much was sold.
"""
import argparse
import http.server
import itertools
import json
import os
import socketserver
import threading
import time
import urllib.parse

PASSWORD = os.environ.get("SHOP_PASSWORD", "")
IDLE_S = 1.0
arguments = None
lock = threading.Lock()
numbers = itertools.count(1)
channels, keys, locations, variants, levels, promotions = {}, {}, {}, {}, {}, {}
customers, tokens, carts, orders = {}, {}, {}, []


class Problem(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def identity(prefix):
    return f"{prefix}_{next(numbers):06d}"


def money(cents):
    return round(cents / 100, 2)


def total_cents(cart):
    goods = sum(line["quantity"] * line["cents"] for line in cart["lines"])
    return max(goods - sum(promotions[code]["cents"] for code in cart["codes"]), 0)


def show_cart(cart):
    return {"id": cart["id"], "total": money(total_cents(cart)), "promotions": cart["codes"],
            "items": [{"sku": line["sku"], "quantity": line["quantity"],
                       "unit_price": money(line["cents"])} for line in cart["lines"]]}


def show_variant(variant, place):
    level = levels.get((place, variant["sku"]), {"stocked": 0, "reserved": 0})
    return {"id": variant["id"], "sku": variant["sku"],
            "calculated_price": {"calculated_amount": money(variant["cents"])},
            "inventory_quantity": level["stocked"] - level["reserved"]}


def of_channel(call):
    place = keys.get(call.headers.get("x-publishable-api-key"))
    if place is None:
        raise Problem(400, "a valid publishable key is required")
    return place


def of_member(call):
    member = tokens.get((call.headers.get("Authorization") or "").removeprefix("Bearer "))
    if member is None:
        raise Problem(401, "unauthorized")
    return member


# ---- the store ----------------------------------------------------------------------------------


def log_in(call, body):
    if customers.get(body["email"]) != body["password"]:
        raise Problem(401, "invalid email or password")
    token = identity("tok")
    tokens[token] = body["email"]
    return 200, {"token": token}


def list_products(call, body):
    place = of_channel(call)
    skus = call.query.get("sku", [])
    return 200, {"products": [{"id": v["product"], "variants": [show_variant(v, place)]}
                              for v in variants.values() if v["sku"] in skus],
                 "count": len(skus), "offset": 0}


def new_cart(call, body):
    cart = {"id": identity("cart"), "place": of_channel(call), "lines": [], "codes": [],
            "member": of_member(call), "metadata": {}, "order": None}
    carts[cart["id"]] = cart
    return 200, {"cart": show_cart(cart)}


def cart_of(call, part):
    cart = carts.get(part)
    if cart is None or cart["place"] != of_channel(call):
        raise Problem(404, f"cart {part} was not found")
    return cart


def add_line(call, body, part):
    cart = cart_of(call, part)
    variant = next((v for v in variants.values() if v["id"] == body["variant_id"]), None)
    if variant is None:
        raise Problem(404, "variant was not found")
    level = levels.get((cart["place"], variant["sku"]), {"stocked": 0, "reserved": 0})
    if level["stocked"] - level["reserved"] < body["quantity"]:
        raise Problem(400, "insufficient_inventory")
    cart["lines"].append({"sku": variant["sku"], "quantity": body["quantity"],
                          "cents": variant["cents"]})
    return 200, {"cart": show_cart(cart)}


def change_cart(call, body, part):
    cart = cart_of(call, part)
    cart["metadata"].update(body["metadata"])
    return 200, {"cart": show_cart(cart)}


def used(code, member=None):
    return sum(code in order["codes"] and member in (None, order["member"]) for order in orders)


def add_promotion(call, body, part):
    """An invalid code is no error: the cart comes back without it."""
    cart = cart_of(call, part)
    for code in body["promo_codes"]:
        promotion = promotions.get(code)
        if (promotion and cart["place"] in promotion["places"] and code not in cart["codes"]
                and (promotion["limit"] is None or used(code) < promotion["limit"])
                and used(code, cart["member"]) < promotion["per_member"]):
            cart["codes"].append(code)
    return 200, {"cart": show_cart(cart)}


def short_of(cart):
    return [line["sku"] for line in cart["lines"]
            if levels[(cart["place"], line["sku"])]["stocked"]
            - levels[(cart["place"], line["sku"])]["reserved"] < line["quantity"]]


def used_up(cart):
    return [code for code in cart["codes"]
            if used(code, cart["member"]) >= promotions[code]["per_member"]
            or (promotions[code]["limit"] is not None and used(code) >= promotions[code]["limit"])]


def place_order(cart):
    order = {"id": identity("order"), "cents": total_cents(cart), **cart}
    for line in cart["lines"]:
        level = levels[(cart["place"], line["sku"])]
        level["reserved"] = min(level["reserved"] + line["quantity"], level["stocked"])
    cart["order"] = order
    orders.append(order)
    return order


def complete(call, body, part):
    cart = cart_of(call, part)
    if arguments.race:
        missing = short_of(cart) if cart["order"] is None else []
        time.sleep(0.05)
    with lock:
        if cart["order"] is None:
            if not arguments.race:
                missing = short_of(cart)
            if missing or used_up(cart):
                return 200, {"type": "cart", "cart": show_cart(cart), "error": {
                    "type": "insufficient_inventory" if missing else "promotion_used_up"}}
            place_order(cart)
    order = cart["order"]
    return 200, {"type": "order", "order": {"id": order["id"], "total": money(order["cents"])}}


# ---- the staff ----------------------------------------------------------------------------------


def staff_log_in(call, body):
    if not PASSWORD or body["password"] != PASSWORD:
        raise Problem(401, "unauthorized")
    token = identity("staff")
    tokens[token] = None
    return 200, {"token": token}


def of_staff(call):
    token = (call.headers.get("Authorization") or "").removeprefix("Bearer ")
    if not token.startswith("staff_") or token not in tokens:
        raise Problem(401, "unauthorized")


def new_channel(call, body):
    if body["name"] in channels:
        raise Problem(409, f"channel {body['name']} exists")
    channel, key, location = identity("sc"), identity("pk"), identity("sloc")
    channels[body["name"]], keys[key] = channel, body["name"]
    locations[location] = body["name"]
    return 200, {"sales_channel": {"id": channel, "publishable_key": key, "location": location}}


def new_product(call, body):
    variant = {"id": identity("variant"), "product": identity("prod"), "sku": body["sku"],
               "cents": round(float(body["price"]) * 100)}
    variants[body["sku"]] = variant
    return 200, {"product": {"id": variant["product"], "variants": [{"id": variant["id"]}]}}


def new_level(call, body, variant, location):
    sku = next(v["sku"] for v in variants.values() if v["id"] == variant)
    levels[(locations[location], sku)] = {"stocked": body["stocked_quantity"], "reserved": 0}
    return 200, {}


def new_promotion(call, body):
    promotions[body["code"]] = {"cents": round(float(body["value"]) * 100), "limit": body["limit"],
                                "per_member": body["per_customer"], "places": set()}
    return 200, {"promotion": {"id": body["code"]}}


def assign_promotion(call, body, code, channel):
    promotions[code]["places"].add(next(p for p, c in channels.items() if c == channel))
    return 200, {}


def new_customer(call, body):
    if body["email"] in customers:
        return 200, {"error": "exists"}
    customers[body["email"]] = body["password"]
    return 200, {"customer": {"id": identity("cus")}}


def page(call, name, rows):
    first, count = int(call.query["offset"][0]), int(call.query["limit"][0])
    return 200, {name: rows[first:first + count], "count": len(rows), "offset": first}


def list_levels(call, body):
    back = {place: location for location, place in locations.items()}
    return page(call, "inventory_levels",
                [{"location_id": back[place], "sku": sku, "stocked_quantity": level["stocked"],
                  "reserved_quantity": level["reserved"]}
                 for (place, sku), level in sorted(levels.items())])


def list_orders(call, body):
    return page(call, "orders", [
        {"id": order["id"], "email": order["member"], "metadata": order["metadata"],
         "total": money(order["cents"]), "promotions": order["codes"], "status": "pending",
         "items": show_cart(order)["items"], "sales_channel": channels[order["place"]]}
        for order in orders])


def list_promotions(call, body):
    return page(call, "promotions", [{"code": code, "limit": promotion["limit"],
                                      "per_customer": promotion["per_member"], "used": used(code)}
                                     for code, promotion in promotions.items()])


ROUTES = [
    ("POST", "auth/customer", log_in), ("GET", "store/products", list_products),
    ("POST", "store/carts", new_cart), ("POST", "store/carts/*", change_cart),
    ("POST", "store/carts/*/line-items", add_line),
    ("POST", "store/carts/*/promotions", add_promotion),
    ("POST", "store/carts/*/complete", complete), ("POST", "auth/staff", staff_log_in),
    ("POST", "admin/sales-channels", new_channel), ("POST", "admin/products", new_product),
    ("POST", "admin/variants/*/levels/*", new_level), ("POST", "admin/promotions", new_promotion),
    ("POST", "admin/promotions/*/channels/*", assign_promotion),
    ("POST", "admin/customers", new_customer), ("GET", "admin/inventory-levels", list_levels),
    ("GET", "admin/orders", list_orders), ("GET", "admin/promotions", list_promotions),
]


def find_route(method, path):
    parts = path.strip("/").split("/")
    for wanted, pattern, handler in ROUTES:
        pieces = pattern.split("/")
        if wanted == method and len(pieces) == len(parts) and all(
                p in ("*", q) for p, q in zip(pieces, parts)):
            return handler, [urllib.parse.unquote(q) for p, q in zip(pieces, parts) if p == "*"]
    raise Problem(404, f"no such route: {method} {path}")


class Call(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S  # of a connection without a request
    wbufsize = -1  # head and body leave together: no waiting for the client's delayed ACK

    def log_message(self, format, *args):
        pass

    def answer(self):
        split = urllib.parse.urlsplit(self.path)
        self.query = urllib.parse.parse_qs(split.query)
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            handler, parts = find_route(self.command, split.path)
            if split.path.startswith("/admin/"):
                of_staff(self)
            status, body = handler(self, json.loads(text) if text else {}, *parts)
        except Problem as problem:
            status, body = problem.status, {"message": str(problem)}
        except (KeyError, ValueError, StopIteration, TypeError) as wrong:
            status, body = 500, {"message": repr(wrong)}
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 1024


def main():
    global arguments
    parser = argparse.ArgumentParser()
    parser.add_argument("--race", action="store_true")
    parser.add_argument("--for", dest="seconds", type=float, default=600)
    arguments = parser.parse_args()
    server = Server(("127.0.0.1", 0), Call)
    threading.Timer(arguments.seconds, lambda: os._exit(0)).start()
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


main()
