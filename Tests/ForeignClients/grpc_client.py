#!/usr/bin/env python3
"""Speaks to a running server as any Python program would: stubs from proto/ by grpcio-tools, calls by grpcio.

usage: grpc_client.py HOST:PORT

Ends with status 0 and the word "done" if everything was as it should be.
"""
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

import grpc
import numpy as np
from google.rpc import error_details_pb2  # googleapis-common-protos: not our copy, which must agree with it
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

ROOT = pathlib.Path(__file__).resolve().parents[2]


def generate(out):
    """Stubs of our own package; google.rpc comes with grpcio-status."""
    files = sorted(str(f.relative_to(ROOT / "proto")) for f in (ROOT / "proto" / "jadevectordb").rglob("*.proto"))
    subprocess.run(
        [sys.executable, "-m", "grpc_tools.protoc", "-I", str(ROOT / "proto"), f"--python_out={out}", f"--grpc_python_out={out}", *files],
        check=True)
    sys.path.insert(0, out)


def expect(code, reason, call):
    """The call fails with the status and our reason in its details; the message is given back."""
    try:
        call()
    except grpc.RpcError as error:
        assert error.code() == code, (error.code(), error.details())
        status = rpc_status.from_call(error)
        info = error_details_pb2.ErrorInfo()
        assert status.details[0].Unpack(info), status
        assert (info.reason, info.domain) == (reason, "jadevectordb"), info
        return error.details()
    raise AssertionError(f"expected {code}")


def main(address):
    with tempfile.TemporaryDirectory() as out:
        generate(out)
        from jadevectordb.v1 import databases_pb2, databases_pb2_grpc, node_pb2, node_pb2_grpc, search_pb2, search_pb2_grpc
        from jadevectordb.v1 import types_pb2, vectors_pb2, vectors_pb2_grpc

        channel = grpc.insecure_channel(address)
        databases = databases_pb2_grpc.DatabaseServiceStub(channel)
        vectors = vectors_pb2_grpc.VectorServiceStub(channel)
        search = search_pb2_grpc.SearchServiceStub(channel)
        node = node_pb2_grpc.NodeServiceStub(channel)

        health = health_pb2_grpc.HealthStub(channel)
        assert health.Check(health_pb2.HealthCheckRequest()).status == health_pb2.HealthCheckResponse.SERVING
        reflected = ProtoReflectionDescriptorDatabase(channel)
        assert "jadevectordb.v1.SearchService" in reflected.get_services()
        assert reflected.FindFileContainingSymbol("jadevectordb.v1.SearchRequest").package == "jadevectordb.v1"

        created = databases.CreateDatabase(
            databases_pb2.CreateDatabaseRequest(name="docs", dimension=64, metric=databases_pb2.METRIC_EUCLIDEAN))
        assert created.dimension == 64 and len(created.id) == 32
        expect(grpc.StatusCode.ALREADY_EXISTS, "CONFLICT", lambda: databases.CreateDatabase(
            databases_pb2.CreateDatabaseRequest(name="docs", dimension=64)))

        rows = np.random.default_rng(1).standard_normal((5_000, 64)).astype("<f4")

        def record(number):
            values = types_pb2.Values(packed=rows[number].tobytes()) if number % 2 else types_pb2.Values(floats=rows[number].tolist())
            return types_pb2.VectorRecord(
                id=types_pb2.VectorId(number=number), values=values, metadata_json=json.dumps({"even": number % 2 == 0, "n": number}))

        def batches():
            for start in range(0, len(rows), 250):
                yield vectors_pb2.UpsertRequest(database="docs", vectors=[record(n) for n in range(start, start + 250)])

        answers = list(vectors.UpsertStream(batches()))
        assert [a.count for a in answers] == [250] * 20 and answers[-1].sequence > answers[0].sequence
        assert vectors.Count(vectors_pb2.CountRequest(database="docs", filter_json='{"even":true}')).count == 2_500

        def request(number, tag=0, **more):
            return search_pb2.SearchRequest(
                database="docs", values=types_pb2.Values(packed=rows[number].tobytes()), top_k=3, tag=tag, **more)

        found = search.Search(request(17, exact=True, parts=types_pb2.Parts(values=True, metadata=True)))
        assert [h.id.number for h in found.hits][0] == 17 and found.hits[0].score == 0
        assert np.array_equal(np.frombuffer(found.hits[0].values.packed, "<f4"), rows[17])
        assert json.loads(found.hits[0].metadata_json) == {"even": False, "n": 17}
        packed = search.Search(request(17, exact=True, filter_json=json.dumps({"n": {"$gte": 0}}) + " " * 4_000), compression=grpc.Compression.Gzip)
        assert packed.hits[0].id.number == 17
        nearest = np.argsort(((rows - rows[17]) ** 2).sum(1))[:3]
        assert [h.id.number for h in found.hits] == nearest.tolist()

        tags = {}
        for answer in search.SearchStream(request(n, tag=n) for n in range(2_000)):
            tags[answer.tag] = answer.hits[0].id.number
        assert tags == {n: n for n in range(2_000)}
        for number in range(1_000):
            assert search.Search(request(number)).hits[0].id.number == number

        exported = list(vectors.Export(vectors_pb2.ExportRequest(database="docs", page_size=300)))
        assert len(exported) == 17 and sum(len(page.vectors) for page in exported) == 5_000

        expect(grpc.StatusCode.NOT_FOUND, "NOT_FOUND", lambda: search.Search(search_pb2.SearchRequest(
            database="none", values=types_pb2.Values(floats=[1]))))
        message = expect(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT", lambda: search.Search(search_pb2.SearchRequest(
            database="docs", values=types_pb2.Values(floats=[1, 2]))))
        assert "2 dimensions" in message and "64" in message, message

        # A deadline that cannot be met, a call that is cancelled, and a stream that is left alone.
        try:
            list(health.Watch(health_pb2.HealthCheckRequest(), timeout=0.2))
            raise AssertionError("a stream without end has ended")
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, error
        abandoned = search.SearchStream(request(n) for n in itertools.count())
        next(abandoned)
        abandoned.cancel()
        lazy = vectors.Export(vectors_pb2.ExportRequest(database="docs", page_size=1))
        next(lazy)
        lazy.cancel()

        stop = threading.Event()
        pieces = vectors.UpsertStream(stop_when(stop, vectors_pb2.UpsertRequest(database="docs", vectors=[record(0)])))
        next(pieces)
        pieces.cancel()
        stop.set()
        databases.DeleteDatabase(databases_pb2.DeleteDatabaseRequest(database="docs"))
        assert node.GetStatus(node_pb2.GetStatusRequest()).database_count == 0
        channel.close()
    print("done")


def stop_when(stop, message):
    """One message, and then none until the event."""
    yield message
    stop.wait(30)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
