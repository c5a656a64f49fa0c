"""Draws photos like those of a camera into a folder, and prints their names.

A leaf with veins and spots on a ground, with the blur of a lens, with texture and a sensor's grain. JPEG, quality 92,
chroma at half the size in both directions, sequential and progressive.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

SIZES = {"0.08": (320, 240), "2": (1632, 1224), "12": (4000, 3000), "24": (6000, 4000), "48": (8064, 6048)}


def draw(width: int, height: int) -> Image.Image:
    random = np.random.default_rng(width)
    v, u = np.mgrid[0:600, 0:800]
    u, v = u / 800 - 0.5, v / 600 - 0.5
    leaf = (u / 0.4) ** 2 + (v / 0.25) ** 2 < 1
    vein = (np.abs(v) < 0.01) | (np.abs((u * 6 + np.abs(v) * 9) % 1 - 0.5) < 0.04)
    spot = np.sin(u * 37) * np.sin(v * 53) > 0.8
    colours = np.empty((600, 800, 3))
    colours[:] = (150, 125, 105)
    colours[leaf] = (55, 120, 40)
    colours[leaf & vein] = (150, 180, 95)
    colours[leaf & spot] = (85, 55, 30)
    picture = Image.fromarray(colours.astype(np.uint8)).resize((width, height), Image.BICUBIC)
    picture = np.asarray(picture, np.float32)
    texture = np.zeros((height, width), np.float32)
    for step, strength in ((4, 9), (16, 12), (64, 14)):
        small = random.normal(128, 60, (height // step + 2, width // step + 2)).clip(0, 255).astype(np.uint8)
        large = Image.fromarray(small).resize((width, height), Image.BICUBIC)
        texture += (np.asarray(large, np.float32) - 128) * (strength / 60)
    grain = random.standard_normal((height, width), np.float32) * 2.5
    lit = Image.fromarray((picture + (texture + grain)[..., None]).clip(0, 255).astype(np.uint8))
    return lit.filter(ImageFilter.GaussianBlur(0.6))


def main() -> None:
    folder = Path(sys.argv[1])
    for megapixels, size in SIZES.items():
        names = [f"{megapixels}MP-{kind}.jpg" for kind in ("sequential", "progressive")]
        if not all((folder / name).exists() for name in names):
            photo = draw(*size)
            for name, progressive in zip(names, (False, True)):
                photo.save(folder / name, quality=92, subsampling=2, progressive=progressive)
        print(*names, sep="\n")


main()
