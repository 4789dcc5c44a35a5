"""The JavaScript client `zotero-api-client`, unchanged.

It is looked for in the folder that ZOTERO_API_CLIENT names, a `node_modules` in which `npm install zotero-api-client`
has put it, else in a `node_modules` of this checkout.
"""

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from dmlsync.sandbox import serve

HERE = Path(__file__).parent
MODULES = Path(os.environ.get("ZOTERO_API_CLIENT") or HERE.parents[1] / "node_modules")
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="needs node")
@pytest.mark.skipif(not (MODULES / "zotero-api-client").is_dir(), reason="needs the npm package zotero-api-client")
def test_what_a_script_would_do(sandbox):
    server = serve(sandbox, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    facts = {
        "ZOTERO_URL": server.url,
        "ZOTERO_KEY": sandbox.key,
        "ZOTERO_GROUP": str(sandbox.group),
        "ZOTERO_USER": str(sandbox.user),
        "ZOTERO_CLIENT": str(MODULES.resolve()),
    }
    try:
        played = subprocess.run(
            [NODE, HERE / "client.mjs"], env=os.environ | facts, capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        server.shutdown()
        thread.join()
    assert played.returncode == 0, played.stderr
    assert json.loads(played.stdout) == {
        "user": sandbox.user,
        "types": 40,
        "fields": "title",
        "creators": "author",
        "template": "book",
        "schema": 41,
        "groups": [sandbox.group],
        "written": False,
        "errors": ["'bogus' is not a valid itemType"],
        "list": ["One"],
        "total": 2,
        "next": True,
        "versions": 200,
        "patched": "Uno",
        "patchedVersion": True,
        "stale": 412,
        "unmodified": 304,
        "sub": ["Inner"],
        "members": ["Two"],
        "searches": ["S"],
        "settings": "a",
        "tags": ["a"],
        "itemTags": ["a"],
        "upload": "FileUploadResponse",
        "md5": "af8abd57151c6f34920807037dc6406b",
        "fetched": "%PDF-1.7 é",
        "viewed": "%PDF-1.7 é",
        "children": 1,
        "known": "same.pdf",
        "deleted": True,
        "gone": 404,
        "trash": ["Two"],
    }
