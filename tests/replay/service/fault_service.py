#!/usr/bin/env python3
"""fault_service.py MODE [--cert FILE --key FILE] [--for SECONDS]

A server that does one thing wrong, the same thing to every request. It prints
"listening on http://127.0.0.1:PORT" (https where it has a certificate) and ends on SIGTERM or after
--for seconds. The modes are the functions marked so; `refuse` listens to nobody
and `mute` accepts nobody.
"""
import argparse
import signal
import socket
import ssl
import struct
import sys
import threading
import time

MODES = {}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def mode(function):
    MODES[function.__name__] = function
    return function


def read_request(peer):
    """One request without a body; None when the client has gone."""
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        piece = peer.recv(65536)
        if not piece:
            return None
        data += piece
    return data


def reset(peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


@mode
def fine(peer):
    while read_request(peer) is not None:
        peer.sendall(OK)


@mode
def json_ok(peer):
    """Valid JSON without anything to capture."""
    while read_request(peer) is not None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")


@mode
def round_and_round(peer):
    while read_request(peer) is not None:
        peer.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")


@mode
def silent(peer):
    while read_request(peer) is not None:
        pass


@mode
def reset_before(peer):
    if read_request(peer) is not None:
        reset(peer)


@mode
def reset_inside(peer):
    if read_request(peer) is not None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it")
        time.sleep(0.02)
        reset(peer)


@mode
def close_inside(peer):
    if read_request(peer) is not None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it")
        peer.close()


@mode
def trickle(peer):
    while read_request(peer) is not None:
        for byte in OK:
            peer.sendall(bytes([byte]))
            time.sleep(1)


@mode
def close_each(peer):
    """Says nothing of closing, and closes after each answer."""
    if read_request(peer) is not None:
        peer.sendall(OK)
        peer.close()


@mode
def huge(peer):
    """Ten gibibytes."""
    if read_request(peer) is None:
        return
    size = 10 << 30
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
    piece = b"x" * (1 << 20)
    for _ in range(size >> 20):
        peer.sendall(piece)


@mode
def not_http(peer):
    while read_request(peer) is not None:
        peer.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n\r\n")


@mode
def length_too_small(peer):
    while read_request(peer) is not None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and some more")


@mode
def two_lengths(peer):
    while read_request(peer) is not None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok")


@mode
def chunk_garbage(peer):
    while read_request(peer) is not None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n")


@mode
def head_too_large(peer):
    while read_request(peer) is not None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * (1 << 20) + b"\r\n\r\n")


# ---- HTTP/2 with prior knowledge: frames by hand (RFC 9113) ----------------------------------


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def h2_requests(peer):
    """Yields the stream of each request."""
    data = b""
    peer.sendall(frame(4, 0, 0))
    preface = 24
    while True:
        piece = peer.recv(65536)
        if not piece:
            return
        data += piece
        if preface and len(data) >= preface:
            data, preface = data[preface:], 0
        while not preface and len(data) >= 9:
            size = int.from_bytes(data[:3], "big")
            if len(data) < 9 + size:
                break
            kind, flags, stream = data[3], data[4], int.from_bytes(data[5:9], "big")
            data = data[9 + size:]
            if kind == 4 and not flags & 1:
                peer.sendall(frame(4, 1, 0))
            if kind == 1:
                yield stream


def h2_answer(peer, stream):
    peer.sendall(frame(1, 4, stream, b"\x88") + frame(0, 1, stream, b"ok"))


@mode
def h2_fine(peer):
    for stream in h2_requests(peer):
        h2_answer(peer, stream)


@mode
def h2_goaway(peer):
    """Each connection answers three requests and then says go away, handling nothing later."""
    last = 0
    for count, stream in enumerate(h2_requests(peer)):
        if count < 3:
            last = stream
            h2_answer(peer, stream)
            if count == 2:
                peer.sendall(frame(7, 0, 0, struct.pack(">II", last, 0)))


@mode
def h2_reset(peer):
    """A storm: each request is reset ten times over (INTERNAL_ERROR)."""
    for stream in h2_requests(peer):
        peer.sendall(frame(3, 0, stream, struct.pack(">I", 2)) * 10)


@mode
def h2_refused(peer):
    for stream in h2_requests(peer):
        peer.sendall(frame(3, 0, stream, struct.pack(">I", 7)))


@mode
def h2_garbage(peer):
    for stream in h2_requests(peer):
        peer.sendall(b"\xff" * 64)


def serve(listener, handler, context):
    while True:
        peer, _ = listener.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def run(peer=peer):
            try:
                handler(context.wrap_socket(peer, server_side=True) if context else peer)
            except OSError:
                pass
            finally:
                peer.close()

        threading.Thread(target=run, daemon=True).start()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=sorted([*MODES, "refuse", "mute"]))
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--for", dest="seconds", type=float, default=60)
    options = parser.parse_args()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    context = None
    if options.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)
    if options.mode == "mute":
        listener.listen(0)
    elif options.mode != "refuse":
        listener.listen(512)
        threading.Thread(target=serve, args=(listener, MODES[options.mode], context), daemon=True).start()
    print("listening on %s://127.0.0.1:%d" % ("https" if context else "http", listener.getsockname()[1]),
          flush=True)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    stop.wait(options.seconds)
    sys.exit(0)


if __name__ == "__main__":
    main()
