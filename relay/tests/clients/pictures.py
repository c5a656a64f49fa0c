"""Pictures for requests."""

import struct
import zlib

import numpy as np


def leaf(seed, width=96, height=64):
    """Pixels of a green picture with spots, different for each number."""
    random = np.random.default_rng(seed)
    pixels = np.full((height, width, 3), (60, 130, 50), dtype=np.uint8)
    for y, x in random.integers(0, (height - 8, width - 8), size=(12, 2)):
        pixels[y : y + 8, x : x + 8] = random.integers(20, 120, size=3)
    return pixels


def png(pixels):
    """The picture as a PNG file."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
