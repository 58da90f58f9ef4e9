from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.io.hostile import write

MOST = 60  # MB beyond what was there before

# One process for all: it starts once, and its largest size only ever grows.
CHILD = """
import json, sys
from pathlib import Path
from convlab.io.images import ImageLoadError, decode_image
from tests.io.hostile import READERS
from tests.io.made import colourful, encoded

def megabytes(what):
    status = Path("/proc/self/status").read_text()
    return int(status.split(what + ":")[1].split()[0]) / 1024

decode_image(encoded(".png", colourful()), "x")
messages = {}
for name, path in json.load(sys.stdin).items():
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before, message = megabytes("VmRSS"), None
    try:
        READERS[Path(path).suffix](Path(path))
    except (ImageLoadError, ValueError) as error:
        message = str(error)
    messages[name] = message, megabytes("VmHWM") - before
print(json.dumps(messages))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux counts")
def test_small_files_that_claim_to_be_large_are_rejected_cheaply(tmp_path: Path) -> None:
    paths = {name: str(path) for name, path in write(tmp_path).items()}
    assert paths.keys() > {"long IDAT", "2,000,000 lines"}
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=json.dumps(paths),
        capture_output=True,
        text=True,
        check=True,
    )
    messages = json.loads(done.stdout)
    assert messages.keys() == paths.keys()
    for name, (message, grown) in messages.items():
        assert message is not None, f"{name} was read"
        assert message.endswith(".")
        assert grown < MOST, f"{name} took {grown:.0f} MB"
