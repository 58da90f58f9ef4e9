"""The program as others get it: built, installed into an empty environment, started elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from convlab import paths
from tests.pictures import load_image

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
HERMETIC = ("--no-deps", "--no-index", "--no-build-isolation")
LARGEST = 12_000_000  # of the wheel [bytes]
WHERE = """
import convlab, convlab.paths
print(convlab.__file__)
print(convlab.paths.resource("pictures"))
print(convlab.paths.guide())
"""


def call(*command: str | Path, cwd: Path, home: Path | None = None) -> str:
    """Run a command to its end and return what it printed."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "CONVLAB_HOME": str(home or cwd / "home")}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment_at(folder: Path) -> tuple[Path, Path]:
    """Make an environment that sees the dependencies installed here, but not ConvLab itself.

    Returns:
        Its programs and its site-packages.
    """
    venv.create(folder, with_pip=False)
    names = {"base": str(folder), "platbase": str(folder)}
    site = Path(sysconfig.get_path("purelib", "venv", vars=names))
    here = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    # A path file's own folders are not searched for path files: an editable ConvLab stays out.
    (site / "dependencies.pth").write_text("\n".join(sorted(here)), encoding="utf-8")
    return folder / SCRIPTS, site


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    call(*build, cwd=folder)
    (file,) = folder.glob("*.whl")
    return file


def test_wheel_holds_the_program_and_its_resources_only(wheel: Path) -> None:
    assert wheel.stat().st_size <= LARGEST
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packed = {name.removeprefix("convlab/_resources/") for name in names if "_resources/" in name}
    resources = paths.resource()
    files = {path for path in resources.rglob("*") if path.is_file()}
    assert packed == {path.relative_to(resources).as_posix() for path in files}
    guide = {name.removeprefix("convlab/_guide/") for name in names if "_guide/" in name}
    pictures = {f"pictures/{path.name}" for path in paths.guide().parent.glob("pictures/*.png")}
    assert guide == {"guide.md", *pictures}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert "convlab/app.py" in names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"convlab"}


def test_installed_wheel_runs_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    programs, site = environment_at(tmp_path / "env")
    call(*PIP, "--python", programs / "python", "install", *HERMETIC, wheel, cwd=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    where = call(programs / "python", "-c", WHERE, cwd=elsewhere).splitlines()
    package = (site / "convlab").resolve()
    assert [Path(line).resolve() for line in where] == [
        package / "__init__.py",
        package / "_resources" / "pictures",
        package / "_guide" / "guide.md",
    ]

    arguments = ("--source", "pattern:step", "--screenshot", "out.png", "--size", "1200x800")
    call(programs / "convlab", *arguments, cwd=elsewhere, home=tmp_path / "home")
    assert load_image(elsewhere / "out.png").shape[1::-1] == (1200, 800)
    assert [path.name for path in elsewhere.iterdir()] == ["out.png"]
    assert "--screenshot" in call(programs / "python", "-m", "convlab", "--help", cwd=elsewhere)


def test_editable_install_uses_the_checkout(tmp_path: Path) -> None:
    programs, site = environment_at(tmp_path / "env")
    call(*PIP, "--python", programs / "python", "install", *HERMETIC, "-e", ROOT, cwd=tmp_path)
    where = call(programs / "python", "-c", WHERE, cwd=tmp_path).splitlines()
    assert [Path(line).resolve() for line in where] == [
        ROOT / "convlab" / "__init__.py",
        ROOT / "resources" / "pictures",
        ROOT / "docs" / "guide.md",
    ]
    assert not (site / "convlab").exists()
