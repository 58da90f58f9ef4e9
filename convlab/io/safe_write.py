"""The one way to write a file: a crash leaves the old one or the new one, never a half."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2


def write_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file by way of a temporary one beside it.

    A symbolic link stays one (its target is written), an existing file keeps its permissions, a
    new one gets those that the user's mask allows.

    Raises:
        OSError: The folder is missing, full or read-only; the old file is untouched.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(f"{target.name} is a folder: choose another name.")
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.tmp")
    try:
        _write_through(temporary, data)
        with suppress(FileNotFoundError):
            os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _write_through(path: Path, data: bytes) -> None:
    """Create a file and wait until its bytes are on the disk: only then may it replace another."""
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def save_png(path: str | os.PathLike[str], rgb: AnyArray) -> None:
    """Save (H, W) or (H, W, 3) RGB, uint8 or uint16, as PNG.

    Raises:
        ValueError: The array has another shape or type.
        OSError: The file cannot be written.
    """
    is_picture = rgb.ndim == 2 or (rgb.ndim == 3 and rgb.shape[2] == 3)
    if not is_picture or rgb.size == 0 or rgb.dtype not in ("uint8", "uint16"):
        raise ValueError(f"a PNG takes (H, W) or (H, W, 3) integers, not {rgb.shape} {rgb.dtype}")
    ordered = rgb if rgb.ndim == 2 else cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".png", ordered)
    write_bytes(path, encoded.tobytes())
