#!/usr/bin/env python3
"""An embedding service with OpenAI's interface that really embeds: words and their three-letter pieces, weighted by how telling they are,
hashed with signs into a vector (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009). Texts that share words, or
parts of words, are near each other. Standard library only.

POST /control {"mode":…,"times":n} makes the next n answers fail in a way of one's choosing; GET /control tells what was asked.
The first line that it prints is its port. It ends with its standard input.
"""
import collections
import hashlib
import http.server
import json
import math
import os
import re
import struct
import sys
import threading
import time

DIMENSION = 96
COMMON = set("a an and are as at be by for from in is it of on or that the this to was with".split())


def features(text):
    for word in re.findall(r"\w+", text.lower()):
        if word in COMMON:
            continue
        yield word, 1.0
        padded = f"^{word}$"
        for at in range(len(padded) - 2):
            yield padded[at : at + 3], 0.35


def embed(text, dimension=DIMENSION):
    weights = collections.Counter()
    for feature, weight in features(text):
        weights[feature] += weight
    vector = [0.0] * dimension
    for feature, weight in weights.items():
        place, sign = struct.unpack("<IB", hashlib.blake2b(feature.encode(), digest_size=5).digest())
        vector[place % dimension] += math.sqrt(weight) * (1 if sign & 1 else -1)
    length = math.sqrt(sum(x * x for x in vector)) or 1.0
    return [x / length for x in vector]


class State:
    lock = threading.Lock()
    modes = []
    requests = []
    under_way = 0
    most_under_way = 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body, headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        with State.lock:
            self.send(200, {"requests": State.requests, "most_under_way": State.most_under_way})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/control":
            with State.lock:
                State.modes = [body["mode"]] * body.get("times", 1) if body["mode"] != "ok" else []
                if body.get("forget"):
                    State.requests, State.most_under_way = [], 0
            return self.send(200, {})
        with State.lock:
            mode = State.modes.pop(0) if State.modes else "ok"
            State.requests.append({"texts": len(body["input"]), "model": body["model"], "key": self.headers.get("authorization"), "mode": mode})
            State.under_way += 1
            State.most_under_way = max(State.most_under_way, State.under_way)
        try:
            self.answer(mode, body)
        finally:
            with State.lock:
                State.under_way -= 1

    def answer(self, mode, body):
        dimension = DIMENSION // 2 if mode == "wrong dimension" else DIMENSION
        data = [{"object": "embedding", "index": n, "embedding": embed(text, dimension)} for n, text in enumerate(body["input"])]
        if mode == "slow":
            time.sleep(3)
        if mode == "pause":
            time.sleep(0.05)
        if mode == "429":
            return self.send(429, {"error": {"message": "slow down"}}, [("retry-after", "0")])
        if mode in ("500", "401", "400"):
            return self.send(int(mode), {"error": {"message": f"told to answer {mode}"}})
        if mode == "garbage":
            return self.send(200, b"<html>this is no JSON</html>")
        if mode == "too few":
            data = data[:-1]
        if mode == "mixed":
            data[0]["embedding"] = data[0]["embedding"][:3]
        if mode == "not a number":
            data[0]["embedding"] = ["x"]
        if mode == "break":
            self.close_connection = True
            return self.connection.close()
        if mode == "shuffled":
            data.reverse()
        self.send(200, {"object": "list", "data": data, "model": body["model"], "usage": {"prompt_tokens": 0, "total_tokens": 0}})


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    os._exit(0)
