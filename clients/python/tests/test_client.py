import numpy as np
import pytest

import jadevectordb as jade


def exact(rows, query, k):
    return np.argsort(((rows - query) ** 2).sum(axis=1))[:k].tolist()


def test_a_database_from_beginning_to_end(client, rows):
    docs = client.create_database("docs", 16, metric="euclidean")
    metadata = [{"parity": n % 2, "name": f"row {n}"} for n in range(len(rows))]
    assert docs.upsert(np.arange(500), rows, metadata) == 500
    assert docs.count() == 500 and docs.count({"parity": 1}) == 250
    found = docs.search(rows[3], top_k=5, exact=True, include_metadata=True, include_values=True)
    assert found.ids == exact(rows, rows[3], 5)
    assert found.metadata[0] == {"parity": 1, "name": "row 3"}
    assert found.values.shape == (5, 16) and np.array_equal(found.values[0], rows[3])
    assert found.scores.dtype == np.float32 and (np.diff(found.scores) >= 0).all()
    assert docs.delete([3, 1_000]) == 1
    assert 3 not in docs.search(rows[3], top_k=5).ids
    docs.set_metadata(4, {"parity": None, "extra": [1]})
    assert docs.fetch([4]).metadata == [{"name": "row 4", "extra": [1]}]
    docs.set_metadata(4, {"only": 1}, replace=True)
    assert docs.fetch([4], include_values=False).metadata == [{"only": 1}]
    assert docs.update(ef_search=99, name="papers")["index"]["ef_search"] == 99
    assert [one["name"] for one in client.databases()] == ["papers"] and docs.describe()["vector_count"] == 499


def test_filters_and_plans(client, rows):
    docs = client.create_database("docs", 16)
    docs.upsert(np.arange(500), rows, [{"n": n} for n in range(500)])
    found = docs.search(rows[0], filter={"n": {"$gte": 490}}, top_k=20, explain=True)
    assert sorted(found.ids) == list(range(490, 500))
    assert found.plan["matching"] == 10


def test_ids_of_every_kind_come_back_as_they_went(client, rows):
    docs = client.create_database("docs", 16)
    ids = ["plain", "with/slash?", "schön", "..", 7, 2**64 - 1, "x" * 512]
    docs.upsert(ids, rows[: len(ids)], [{}, {"a": 1}, None, {}, {}, {}, {}])
    page = docs.fetch(ids)
    assert page.ids == ids and np.array_equal(page.values, rows[: len(ids)])
    assert page.metadata[1] == {"a": 1}
    for id in ids:
        docs.set_metadata(id, {"seen": True})
    assert docs.count({"seen": True}) == len(ids)


@pytest.mark.parametrize("dtype", ["f4", "f8", "f2", "i1", "u1", ">f4", "i8"])
def test_types_of_arrays(client, dtype):
    docs = client.create_database("docs", 4, metric="euclidean")
    values = np.array([[1, 2, 3, 4], [5, 6, 7, 8]], dtype=dtype)
    docs.upsert(["a", "b"], values)
    assert np.array_equal(docs.fetch(["b", "a"]).values, [[5, 6, 7, 8], [1, 2, 3, 4]])
    assert docs.search(values[1]).ids[0] == "b"
    assert docs.search([5, 6, 7, 8.0]).ids[0] == "b"


def test_strided_rows_and_fortran_order(client, rows):
    docs = client.create_database("docs", 8)
    docs.upsert(np.arange(250), np.asfortranarray(rows)[::2, ::2])
    assert np.array_equal(docs.fetch([1]).values[0], rows[2, ::2])


def test_bulk_upsert_in_parallel_shows_its_progress(client):
    rows = np.random.default_rng(1).standard_normal((5_000, 32)).astype("f4")
    docs = client.create_database("docs", 32)
    seen = []
    assert docs.upsert([f"id {n}" for n in range(5_000)], rows, batch=300, parallel=3, progress=lambda done, all: seen.append((done, all))) == 5_000
    assert seen[-1] == (5_000, 5_000) and sorted(seen) == seen and len(seen) == 17
    assert docs.count() == 5_000
    ids = [id for page in docs.scroll(limit=700) for id in page.ids]
    assert len(ids) == 5_000 and ids == sorted(ids)


def test_bulk_upsert_draws_a_bar(client, capsys):
    docs = client.create_database("docs", 4)
    docs.upsert(np.arange(100), np.ones((100, 4), "f4"), batch=50, progress=True)
    assert "100 of 100 vectors" in capsys.readouterr().err


def test_a_batch_that_is_refused_stops_the_upsert(client):
    docs = client.create_database("docs", 4, element_type="u8", metric="euclidean")
    rows = np.ones((1_000, 4), "f4")
    rows[500:] = 1_000
    with pytest.raises(jade.InvalidArgument, match="component 0 of the vector is 1000.0"):
        docs.upsert(np.arange(1_000), rows, batch=100, parallel=2)
    assert docs.count() <= 500


def test_many_searches_at_once(client, rows):
    docs = client.create_database("docs", 16, metric="euclidean")
    docs.upsert(np.arange(500), rows)
    found = docs.search_many(rows, top_k=3, exact=True)
    assert [one.ids for one in found] == [exact(rows, query, 3) for query in rows]


def test_search_near_a_stored_vector(client, rows):
    docs = client.create_database("docs", 16, metric="euclidean")
    docs.upsert(np.arange(500), rows)
    assert docs.search(id=9, top_k=4, exact=True).ids == exact(rows, rows[9], 5)[1:]
    with pytest.raises(jade.NotFound):
        docs.search(id="nobody")


def test_an_empty_database_answers(client):
    docs = client.create_database("docs", 4)
    found = docs.search([1, 2, 3, 4])
    assert len(found) == 0 and found.ids == []
    assert list(docs.scroll()) == [] and len(docs.fetch(["a"])) == 0


def test_vectors_that_expire(client):
    docs = client.create_database("docs", 4)
    docs.upsert(["a"], np.ones((1, 4)), ttl_seconds=3_600)
    docs.upsert(["b"], np.ones((1, 4)))
    assert docs.count() == 2


@pytest.mark.parametrize("call, kind, says", [
    (lambda c: c.database("nobody").count(), jade.NotFound, "nobody"),
    (lambda c: c.create_database("a b", 4), jade.InvalidArgument, "a b"),
    (lambda c: c.create_database("x", 0), jade.InvalidArgument, "dimension is 0"),
    (lambda c: (c.create_database("x", 4), c.create_database("x", 4)), jade.Conflict, "x"),
    (lambda c: c.create_database("x", 4).upsert(["a"], np.ones((1, 5))), jade.InvalidArgument, "5 dimensions"),
    (lambda c: c.create_database("x", 4).search(np.ones(4), top_k=10_001), jade.InvalidArgument, "top_k is 10001"),
    (lambda c: c.create_database("x", 4).search(np.ones(4), filter={"a": {"$no": 1}}), jade.InvalidArgument, r"\$no"),
])
def test_errors_say_what_happened(client, call, kind, says):
    with pytest.raises(kind, match=says) as caught:
        call(client)
    assert caught.value.status in (400, 404, 409) and caught.value.code and caught.value.request_id


def test_wrong_arguments_never_leave(client):
    docs = client.create_database("docs", 4)
    for ids, rows in [(["a"], np.ones((2, 4))), (["a"], [[np.nan] * 4]), (["a"], np.ones((1, 1, 4))), ([-1], np.ones((1, 4)))]:
        with pytest.raises((ValueError, OverflowError)):
            docs.upsert(ids, rows)
    with pytest.raises(ValueError):
        docs.search()
    with pytest.raises(ValueError):
        docs.search(np.ones((2, 4)))
    assert docs.count() == 0


def test_a_database_that_may_exist(client):
    client.create_database("docs", 4).upsert(["a"], np.ones((1, 4)))
    assert client.create_database("docs", 4, exist_ok=True).count() == 1


def test_a_write_on_a_condition(client, rows):
    docs = client.create_database("docs", 16, metric="euclidean")
    assert docs.put("a", rows[0], {"n": 1}, if_absent=True) == 1
    with pytest.raises(jade.PreconditionFailed, match="exists already"):
        docs.put("a", rows[1], if_absent=True)
    page = docs.fetch(["a"], include_versions=True)
    assert np.array_equal(page.values, rows[:1]) and page.metadata == [{"n": 1}]
    assert docs.fetch(["a"]).versions is None
    [version] = page.versions
    docs.set_metadata("a", {"n": 2}, if_match=version)
    for stale in (
        lambda: docs.set_metadata("a", {"n": 3}, if_match=version),
        lambda: docs.put("a", rows[1], if_match=version),
        lambda: docs.delete_one("a", if_match=version),
        lambda: docs.delete_one("nobody", if_match="*"),
    ):
        with pytest.raises(jade.PreconditionFailed) as refused:
            stale()
        assert refused.value.status == 412 and refused.value.code == "precondition_failed"
    assert docs.fetch(["a"]).metadata == [{"n": 2}]
    [version] = docs.fetch(["a"], include_values=False, include_metadata=False, include_versions=True).versions
    assert docs.put("a", rows[2], {"n": 2}, if_match=version) == 1
    [version] = docs.fetch(["a"], include_versions=True).versions
    assert docs.delete_one("a", if_match=version) == 1 and docs.count() == 0
    with pytest.raises(ValueError):
        docs.put("a", rows[2])
