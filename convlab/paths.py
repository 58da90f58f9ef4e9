"""Where things lie: the program's resources and the user's own folders."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import PlatformDirs

APP_NAME = "convlab"
HOME_VARIABLE = "CONVLAB_HOME"
"""Set to a folder, it holds all of the user's files: for tests and for a stick to carry along."""

NO_HOME = Path(os.devnull) / "no home"
"""Where the user's folders are said to lie if there is no home: nothing can be written there."""

_PACKAGE = Path(__file__).resolve().parent
_PICTURE_SUFFIXES = (".png", ".jpg")


def resource(*parts: str) -> Path:
    """Find a file or folder that comes with the program, in a checkout or an installed wheel.

    Raises:
        FileNotFoundError: It is not there.
    """
    # The wheel's own folder first: beside an installed package, "resources" may be anybody's.
    for root in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        if root.is_dir():
            path = root.joinpath(*parts)
            if path.exists():
                return path
    name = "/".join(parts) or "the resources folder"
    raise FileNotFoundError(f"{name} is missing from ConvLab's resources: install ConvLab again.")


def guide() -> Path:
    """Find the guide; its pictures lie beside it, as it names them.

    Raises:
        FileNotFoundError: It is not there.
    """
    for root in (_PACKAGE / "_guide", _PACKAGE.parent / "docs"):
        path = root / "guide.md"
        if path.is_file():
            return path
    raise FileNotFoundError("The guide is missing from ConvLab: install ConvLab again.")


def sample_pictures() -> list[Path]:
    """List the pictures that come with the program, by name."""
    folder = resource("pictures")
    return sorted(path for path in folder.iterdir() if path.suffix in _PICTURE_SUFFIXES)


def sample_stacks() -> list[Path]:
    """List the project files with ready stacks that come with the program, by name."""
    return sorted(resource("stacks").glob("*.convlab"))


def digits_stack() -> Path:
    """Find the network that has learned the bundled digits.

    Raises:
        FileNotFoundError: It is not there.
    """
    return resource("stacks", "digits-trained.convlab")


def sample_networks() -> list[Path]:
    """List the networks that come with the program, by name."""
    return sorted(resource("networks").glob("*.onnx"))


def imagenet_classes() -> Path:
    """Find the names of the 1,000 classes of ImageNet, a line each.

    Raises:
        FileNotFoundError: It is not there.
    """
    return resource("networks", "imagenet-classes.txt")


def sample_sounds() -> list[Path]:
    """List the sounds that come with the program, by name."""
    return sorted(resource("sounds").glob("*.wav"))


def user_config_dir() -> Path:
    """The folder for preferences; not created here."""
    return _user_dir("config")


def user_cache_dir() -> Path:
    """The folder for what can be computed again; not created here."""
    return _user_dir("cache")


def user_data_dir() -> Path:
    """The folder for presets; not created here."""
    return _user_dir("data")


def user_state_dir() -> Path:
    """The folder for unsaved work that is kept, and for the log; not created here."""
    return _user_dir("state")


def log_file() -> Path:
    """The program's log; an older one, and what a crash left, lie beside it. Not created here."""
    return user_state_dir() / "log" / "convlab.log"


def _user_dir(kind: str) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home).absolute() / kind
    # Without a home some versions raise, others answer with a folder called "~" where one stands.
    try:
        folder: Path = getattr(PlatformDirs(APP_NAME, appauthor=False), f"user_{kind}_path")
    except RuntimeError:
        return NO_HOME / kind
    return folder if folder.is_absolute() else NO_HOME / kind
