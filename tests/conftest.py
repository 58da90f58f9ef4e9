"""Set up before Qt is imported: no screen unless one is asked for, and nobody's own folders."""

import os
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_home = tempfile.TemporaryDirectory(prefix="convlab-tests-")
os.environ["CONVLAB_HOME"] = _home.name
