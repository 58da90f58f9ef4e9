from pathlib import Path

import pytest

from convlab import paths
from tests.pictures import load_image


def test_sample_pictures_are_there_and_can_be_read() -> None:
    pictures = paths.sample_pictures()
    assert len(pictures) >= 6
    assert pictures == sorted(pictures)
    for path in pictures:
        assert min(load_image(path).shape[:2]) >= 300
    assert sum(path.stat().st_size for path in pictures) < 3_000_000


def test_origin_of_every_sample_picture_is_said() -> None:
    text = paths.resource("pictures", "ORIGIN.md").read_text(encoding="utf-8")
    for path in paths.sample_pictures():
        assert f"| {path.name} |" in text


def test_ready_stacks_are_there() -> None:
    stacks = paths.sample_stacks()
    assert len(stacks) == 8
    assert stacks == sorted(stacks)
    assert sum(path.stat().st_size for path in stacks) < 500_000


def test_sample_networks_are_there_with_their_licences() -> None:
    networks = paths.sample_networks()
    assert [path.stem for path in networks] == ["everyday-objects", "faces"]
    assert sum(path.stat().st_size for path in networks) < 9_600_000
    text = paths.resource("ORIGIN.md").read_text(encoding="utf-8")
    for path in paths.resource("networks").iterdir():
        assert path.name in text
    names = paths.imagenet_classes().read_text(encoding="utf-8").splitlines()
    assert len(names) == 1000
    assert names[967] == "espresso"


def test_sample_sounds_are_there_and_small() -> None:
    sounds = paths.sample_sounds()
    assert [path.name for path in sounds] == ["plucked-strings.wav"]
    assert sounds[0].stat().st_size < 200_000
    assert "| sounds |" in paths.resource("ORIGIN.md").read_text(encoding="utf-8")


def test_missing_resource_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match=r"pictures/none\.png is missing .*: install"):
        paths.resource("pictures", "none.png")


def test_installed_wheel_has_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "convlab"
    monkeypatch.setattr(paths, "_PACKAGE", package)
    with pytest.raises(FileNotFoundError, match="resources folder is missing"):
        paths.resource()
    for folder in (tmp_path / "resources", package / "_resources"):
        folder.mkdir(parents=True)
        (folder / "a.txt").touch()
        assert paths.resource("a.txt") == folder / "a.txt"


def test_user_folders_can_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVLAB_HOME", str(tmp_path))
    assert paths.user_config_dir() == tmp_path / "config"
    assert paths.user_cache_dir() == tmp_path / "cache"
    assert paths.user_data_dir() == tmp_path / "data"
    assert paths.user_state_dir() == tmp_path / "state"


def test_user_folders_belong_to_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONVLAB_HOME", raising=False)
    for folder in (paths.user_config_dir(), paths.user_cache_dir(), paths.user_data_dir()):
        assert folder.is_absolute()
        assert "convlab" in folder.parts
