"""Failures of the network, made by a small server that does what it is told."""

import http.server
import json
import threading

import numpy as np
import pytest

import jadevectordb as jade

QUICK = jade.Settings(retries=2, backoff=0.001, timeout=0.5)


class Scripted(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.seen.append((self.command, self.path, dict(self.headers)))
        act = self.server.acts.pop(0) if self.server.acts else 200
        if act == "break":
            self.close_connection = True
            self.connection.close()
            return
        if act == "hang":
            self.server.release.wait(10)
            self.close_connection = True
            return
        body = b"not json" if act == "garbage" else json.dumps({"count": 5, "name": "x"} if act == 200 else {"detail": "busy", "code": "overloaded"} if act in (429, 503) else ["somebody else"]).encode()
        self.send_response(200 if act == "garbage" else act)
        self.send_header("content-length", str(len(body)))
        self.send_header("x-request-id", "r1")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = answer

    def log_message(self, *_):
        pass


@pytest.fixture
def scripted():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    server.acts, server.seen, server.release = [], [], threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.release.set()
    server.shutdown()


def client_of(server, **more):
    return jade.Client(f"http://127.0.0.1:{server.server_address[1]}", settings=QUICK, **more)


def test_what_may_be_repeated_is(scripted):
    scripted.acts = [503, "break"]
    assert client_of(scripted).database("x").count() == 5
    assert len(scripted.seen) == 3


def test_it_gives_up(scripted):
    scripted.acts = [429] * 9
    with pytest.raises(jade.Overloaded) as caught:
        client_of(scripted).database("x").count()
    assert len(scripted.seen) == 3 and caught.value.request_id == "r1"


def test_what_may_not_be_repeated_is_not(scripted):
    scripted.acts = ["break", 200]
    with pytest.raises(jade.ConnectionFailed):
        client_of(scripted).create_database("x", 4)
    assert len(scripted.seen) == 1


def test_what_the_server_declined_is_repeated_all_the_same(scripted):
    scripted.acts = [429]
    client_of(scripted).create_database("x", 4)
    assert len(scripted.seen) == 2


def test_a_slow_server_is_not_asked_twice(scripted):
    scripted.acts = ["hang"]
    with pytest.raises(jade.Unavailable, match="0.5 seconds"):
        client_of(scripted).database("x").count()
    assert len(scripted.seen) == 1


def test_nobody_there():
    with pytest.raises(jade.ConnectionFailed, match="127.0.0.1:1"):
        jade.Client("http://127.0.0.1:1", settings=QUICK).status()


def test_the_key_goes_along(scripted, monkeypatch):
    client_of(scripted, api_key="secret").status()
    monkeypatch.setenv("JADEVECTORDB_API_KEY", "other")
    client_of(scripted).status()
    assert [seen[2]["authorization"] for seen in scripted.seen] == ["Bearer secret", "Bearer other"]


def test_errors_of_somebody_in_between(scripted):
    scripted.acts = [502]
    with pytest.raises(jade.ServerError):
        client_of(scripted).status()


def test_upserts_are_repeated_with_the_same_bytes(scripted):
    scripted.acts = ["break"]
    with pytest.raises(KeyError):  # the script's answer has no "upserted"
        client_of(scripted).database("x").upsert([1], np.ones((1, 4)))
    assert len(scripted.seen) == 2
