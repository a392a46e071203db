"""Clients of a shop that is killed under them.

backend_clients.py write URL FILE BASE SECONDS SKU PLACE   eight customers order and pay, until the
    time is over or the service is gone; FILE gets a line for each answer that said "done":
    login MEMBER TOKEN, order REFERENCE TOKEN TOTAL, paid REFERENCE TOKEN TOTAL
backend_clients.py read URL FILE   asks for all of that again, with the tokens of then; prints how many
    are there and how many are lost, status 1 when there are any of those
backend_clients.py crowd URL   ten thousand connections that never say what they want, and some more;
    status 1 when others are not served beside the first nine thousand, or when it does not recover
"""
import http.client
import json
import resource
import socket
import sys
import threading
import time
from urllib.parse import urlsplit

CLIENTS = 8


def connect(url):
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)


def ask(connection, method, path, body=None, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def buy(connection, say, token, reference, sku, place):
    status, _ = ask(connection, "POST", f"/carts/{reference}/lines",
                    {"sku": sku, "quantity": 1, "price_cents": 1}, token)
    if status != 201:
        return
    status, order = ask(connection, "POST", "/orders",
                        {"reference": reference, "cart": reference, "place": place,
                         "channel": "app"}, token)
    if status != 201:
        return
    say("order", reference, token, order["total_cents"])
    status, order = ask(connection, "POST", f"/orders/{reference}/payments",
                        {"amount_cents": order["total_cents"], "method": "card"}, token)
    if status == 201:
        say("paid", reference, token, order["total_cents"])


def write(url, path, base, seconds, sku, place):
    lock = threading.Lock()
    until = time.monotonic() + float(seconds)
    with open(path, "a", encoding="utf-8") as file:

        def say(*words):
            with lock:
                print(*words, file=file, flush=True)

        def client(number):
            connection = connect(url)
            member, count = str(number + 1), 0
            try:
                _, session = ask(connection, "POST", "/sessions", {"member": member})
                say("login", member, session["token"])
                while time.monotonic() < until:
                    count += 1
                    buy(connection, say, session["token"], f"{base}-{number}-{count}", sku, place)
            except (OSError, http.client.HTTPException, ValueError):
                pass  # it was killed

        threads = [threading.Thread(target=client, args=(i,)) for i in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def read(url, path):
    connection = connect(url)
    found = lost = 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            what, name, token, *total = line.split()
            if what == "login":
                status, answer = ask(connection, "GET", f"/members/{name}/points", None, token)
                good = status == 200
            else:
                status, answer = ask(connection, "GET", f"/orders/{name}", None, token)
                good = (status == 200 and answer["reference"] == name and
                        answer["total_cents"] == int(total[0]) and
                        (what == "order" or answer["status"] == "paid"))
            if good:
                found += 1
            else:
                lost += 1
                if lost <= 3:
                    print(f"lost: {line.strip()}: {status} {answer}", file=sys.stderr)
    print(found, lost)
    return 1 if lost else 0


def is_served(url, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if ask(connect(url), "GET", "/health")[0] == 200:
                return True
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    return False


def crowd(url):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    most = 10400 if hard == resource.RLIM_INFINITY else min(10400, hard - 200)
    host, port = urlsplit(url).netloc.split(":")
    crowd, refused = [], 0
    for number in range(most):
        try:
            one = socket.create_connection((host, int(port)), timeout=20)
            one.sendall(b"POST /sessions HTTP/1.1\r\nHost: x\r\nX-Slow: a")
            crowd.append(one)
        except OSError:
            refused += 1
        if number in (100, min(9000, most * 8 // 10)) and not is_served(url, 20):
            print(f"nobody is served beside {number} who are slow", file=sys.stderr)
            return 1
    for one in crowd[most // 2:]:  # those above the limit were closed at once
        one.setblocking(False)
        try:
            refused += one.recv(1) == b""
        except BlockingIOError:
            pass
        except OSError:
            refused += 1
    for one in crowd:
        one.close()
    print(f"{len(crowd)} connections, {refused} refused")
    if most > 10000 and refused < most - 10000 - 100:
        print("more than the limit were kept", file=sys.stderr)
        return 1
    return 0 if is_served(url, 20) else 1


if __name__ == "__main__":
    if sys.argv[1] == "crowd":
        sys.exit(crowd(sys.argv[2]))
    sys.exit(write(*sys.argv[2:]) if sys.argv[1] == "write" else read(*sys.argv[2:]))
