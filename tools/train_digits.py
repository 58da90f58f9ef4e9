"""Train the network that comes with the program: ``python tools/train_digits.py``.

Writes ``resources/stacks/digits-trained.convlab`` and prints the accuracy on the test set;
the network never learned from it. The same data give the same bytes on one machine;
another processor may round matrix products in another way.
"""

from __future__ import annotations

import argparse
import string
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from convlab.document.document import Document  # noqa: E402
from convlab.document.stack.edits import set_classes  # noqa: E402
from convlab.document.stack.model import InputSpace, StackInput, StackState  # noqa: E402
from convlab.engine.arrays import FloatArray  # noqa: E402
from convlab.engine.cv import cv2  # noqa: E402
from convlab.io.datasets import load_digits  # noqa: E402
from convlab.io.project import SUFFIX, save_project  # noqa: E402
from convlab.layers import Stack  # noqa: E402
from convlab.learn.examples import Examples  # noqa: E402
from convlab.learn.losses import Labels  # noqa: E402
from convlab.learn.starter import starter_network  # noqa: E402
from convlab.learn.trainer import Trainer, TrainingSettings, evaluate  # noqa: E402

FILE = ROOT / "resources" / "stacks" / f"digits-trained{SUFFIX}"
TITLE = "Handwritten digits, trained"
SEED = 0
EPOCHS = 12
COPIES = 4  # of every digit, each augmented in another way
_SIZE = 8  # px
_BITMAP = 32  # px: the size in which the digits were scanned
# How a augmented digit differs at most.
_TURN, _GROWTH, _MOVE = 8.0, 0.1, 2.0  # [degrees], share, [px of the bitmap]
# Where ink begins: a low threshold makes thick strokes.
_THINNEST, _THICKEST = 0.6, 0.3


def trained(epochs: int = EPOCHS) -> Stack:
    """Return the network after learning from the digits' training part, augmented ones too."""
    digits = load_digits()
    images, labels = with_copies(digits.training)
    stack = starter_network((1, _SIZE, _SIZE), digits.classes, SEED)
    *_, last = Trainer(stack, images, labels, TrainingSettings(epochs, seed=SEED))
    return last.stack


def with_copies(examples: Examples) -> tuple[FloatArray, Labels]:
    """Return the pictures, each followed by augmented ones, and the label of each."""
    rng = np.random.default_rng(SEED)
    drawn = [examples.images, *(augmented(examples.images, rng) for _ in range(COPIES))]
    return np.concatenate(drawn), np.tile(examples.labels, len(drawn))


def augmented(images: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return the digits as another hand, or a mouse, might have drawn them.

    As the originals were made: a bitmap of 32 × 32, black or white, of which each pixel is the mean
    of 4 × 4 (Alpaydin and Kaynak, "Cascading classifiers", 1998). Before, each is rotated, scaled,
    moved, and its strokes made thicker or thinner.

    Args:
        images: ``(N, 1, 8, 8)``, 0 to 1.
        rng: Of the random changes.
    """
    return np.stack([_augmented(image[0], rng)[np.newaxis] for image in images])


def _augmented(image: FloatArray, rng: np.random.Generator) -> FloatArray:
    large = cv2.resize(image, (_BITMAP, _BITMAP), interpolation=cv2.INTER_CUBIC)
    middle = (_BITMAP - 1) / 2
    turn, growth = rng.uniform(-_TURN, _TURN), 1 + rng.uniform(-_GROWTH, _GROWTH)
    matrix = np.asarray(cv2.getRotationMatrix2D((middle, middle), turn, growth), np.float64)
    matrix[:, 2] += rng.uniform(-_MOVE, _MOVE, 2)
    moved = cv2.warpAffine(large, matrix, (_BITMAP, _BITMAP), flags=cv2.INTER_LINEAR)
    bitmap = np.asarray(moved > rng.uniform(_THICKEST, _THINNEST), np.float32)
    cells = _BITMAP // _SIZE
    blocks = bitmap.reshape(_SIZE, cells, _SIZE, cells)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)


def main(file: Path = FILE, epochs: int = EPOCHS) -> None:
    """Write the file, and say how good the network is."""
    stack = trained(epochs)
    cut_out = StackInput(InputSpace.GREY, (_SIZE, _SIZE), as_digit=True)
    state = set_classes(StackState.of(stack.layers, TITLE, cut_out), tuple(string.digits))
    file.parent.mkdir(parents=True, exist_ok=True)
    save_project(Document(stack=state), file)
    test = load_digits().test
    found = evaluate(stack, test.images, test.labels)
    correct = round(found.accuracy * len(test))
    print(f"accuracy on the test set {found.accuracy:.1%} ({correct} of {len(test)})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train the digits' network.")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="how often all is seen")
    main(epochs=parser.parse_args().epochs)
