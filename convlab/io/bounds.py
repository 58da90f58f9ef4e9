"""How large what is read from files may be, all of it in one place.

Each number is held against what a file says of itself, in its header or its directory, before
memory is taken for what it promises. Bytes where nothing else is said. What holds without any file
stands with what it holds for: graphs (``convlab.networks.bounds``), and the frames of cameras and
films (``convlab.sources.protocol``).
"""

from __future__ import annotations

from convlab.networks.bounds import LARGEST as LARGEST_NETWORK_WEIGHTS  # as float32

_KB, _MB = 1 << 10, 1 << 20

# ---- pictures ----

LARGEST_PICTURE_FILE = 512 * _MB
MOST_PIXELS = 64 << 20  # rows × columns
LARGEST_PICTURE_MEMORY = 768 * _MB  # of the decoded picture and its decoder
FREE_PICTURE_MEMORY = 64 * _MB  # nothing that takes this little is a bomb
LARGEST_PICTURE_RATIO = 16_384  # of that to the file; blank PNG reach 1,000, blank GIF 10,000
MOST_PICTURES = 50_000  # in a folder
MOST_FRAMES = 10_000  # in a file: frames of a moving picture, pages of a TIFF
MOST_TIFF_ENTRIES = 200_000  # of all its directories; one has a few dozen
MOST_TIFF_PARTS = 1 << 20  # strips or tiles of a page

# ---- sounds ----

LARGEST_SOUND_FILE = 200 * _MB
LONGEST_SOUND = 20 * 60  # [s]
HIGHEST_RATE = 768_000  # [Hz]
MOST_SOUND_CHANNELS = 256
MOST_SOUND_NUMBERS = 128 << 20  # of all channels together that are decoded
MOST_SOUND_CHUNKS = 10_000  # broadcast files have dozens

# ---- tables and other texts ----

LARGEST_TABLE_FILE = 16 * _MB
MOST_TABLE_NUMBERS = 200_000
LARGEST_CLASS_FILE = 8 * _MB  # names of classes
LARGEST_KERNEL_FILE = 4 * _MB  # a person's own kernels, a line each
LONGEST_KERNEL_LINE = 8192  # characters: room for 31 × 31 numbers
LARGEST_KERNEL_TEXT = 1 * _MB  # one kernel as the weights of a layer

# ---- zip files ----

FREE_ENTRY = 1 * _MB  # no entry this small is a bomb
FREE_ARCHIVE = 64 * _MB  # nor are all together
LARGEST_ARCHIVE_RATIO = 100  # of unpacked to packed; numbers and text stay far below
LONGEST_LISTING = 1024  # what the directory says of one entry, on average and at most

# ---- weights and networks ----

LARGEST_WEIGHTS_FILE = 512 * _MB  # also unpacked
MOST_ARRAYS = 10_000  # 2,000 layers, each with five at most
LONGEST_ARRAY_HEADER = 10_000  # characters of a .npy file
LONGEST_TENSOR_LIST = 4 * _MB  # of safetensors: a line of some hundred bytes for each array
LARGEST_NETWORK_FILE = LARGEST_NETWORK_WEIGHTS + 32 * _MB  # and its graph

# ---- data sets ----

LARGEST_DIGITS_FILE = 4 * _MB  # those that come with the program
MOST_DIGITS = 10_000
LARGEST_DATASET_FILE = 256 * _MB  # a person's own; also unpacked: MNIST as a table has 110
MOST_DATASET_ENTRIES = 64  # a file may hold more than is wanted
MOST_DATASET_ROWS = 200_000  # of a table of pixels
MOST_DATASET_PICTURES = 60_000  # of more some are left out; MNIST has as many
MOST_DATASET_VALUES = 48 << 20  # of all pictures together: 60,000 of 28 × 28
MOST_DATASET_FILES = 10_000  # pictures of a folder; of more some are left out
LARGEST_DATASET_SIDE = 64  # [px]
MOST_DATASET_CLASSES = 32

# ---- projects ----

LARGEST_PROJECT_TEXT = 4 * _MB  # what says everything but weights
LARGEST_ATTACHMENT = 256 * _MB  # what is larger stays where it lies, and the project refers to it
LARGEST_ATTACHMENTS = 512 * _MB  # of all files in a project
MOST_ATTACHMENTS = 8
MOST_PROJECT_ENTRIES = 32  # a newer file may have more, and is to be told from a bad one
LARGEST_PROJECT_FILE = LARGEST_PROJECT_TEXT + LARGEST_WEIGHTS_FILE + LARGEST_ATTACHMENTS + _MB

# ---- files of the program's own ----

LARGEST_ANSWERS_FILE = 200_000
LARGEST_COSTS_FILE = 10_000
LARGEST_NOTE_FILE = 64 * _KB  # beside work that is kept after a crash
