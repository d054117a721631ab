"""The examples of the README run as they stand there, one after the other."""

import pathlib
import re

README = pathlib.Path(__file__).resolve().parents[1] / "README.md"


def test_the_examples_of_the_readme(server, client, monkeypatch):
    monkeypatch.setenv("JADEVECTORDB_URL", server.url)
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.S)
    assert len(blocks) >= 5
    names = {}
    for block in blocks:
        exec(compile(block, str(README), "exec"), names)
