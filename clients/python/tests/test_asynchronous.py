import asyncio
import inspect

import numpy as np
import pytest

import jadevectordb as jade


def test_the_same_answers_as_the_other_client(client, rows):
    docs = client.create_database("docs", 16)
    docs.upsert(np.arange(500), rows, [{"n": n} for n in range(500)])

    async def ask():
        async with jade.AsyncClient(client.url) as other:
            same = other.database("docs")
            assert await same.count({"n": {"$lt": 9}}) == 9
            many = await asyncio.gather(*(same.search(query, top_k=3) for query in rows[:50]))
            assert [one.ids for one in many] == [docs.search(query, top_k=3).ids for query in rows[:50]]
            assert [one.ids for one in await same.search_many(rows[:50], top_k=3)] == [one.ids for one in many]
            assert (await same.search(id=4, top_k=2)).ids == docs.search(id=4, top_k=2).ids
            assert (await same.fetch([1])).metadata == [{"n": 1}]
            pages = [page async for page in same.scroll(limit=100)]
            assert sum(len(page) for page in pages) == 500
            assert [one["name"] for one in await other.databases()] == ["docs"]
            await same.set_metadata(1, {"m": 1})
            assert await same.delete([1]) == 1
            assert (await same.update(ef_search=70))["index"]["ef_search"] == 70
            with pytest.raises(jade.NotFound):
                await other.database("nobody").describe()
            new = await other.create_database("new", 16)
            done = []
            assert await new.upsert(np.arange(500), rows, batch=60, parallel=3, progress=lambda n, all: done.append(n)) == 500
            assert done[-1] == 500
            with pytest.raises(jade.InvalidArgument):
                await new.upsert(np.arange(500), rows[:, :8], batch=60)
            assert (await other.status())["database_count"] == 2
            await new.drop()

    asyncio.run(ask())


def test_both_clients_have_the_same_calls():
    for one, other in [(jade.Client, jade.AsyncClient), (jade.Database, jade.AsyncDatabase)]:
        mine = {name: value for name, value in vars(one).items() if not name.startswith("_") and callable(value)}
        for name, value in mine.items():
            assert list(inspect.signature(value).parameters) == list(inspect.signature(getattr(other, name)).parameters), name
