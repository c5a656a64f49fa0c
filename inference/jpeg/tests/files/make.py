#!/usr/bin/env python3
"""Makes the JPEG files of this folder: one drawn picture with every subsampling, sequential and progressive, with and
without restart markers. Needs Pillow. The four files named `cases-*` are from elsewhere: see README.md."""
import numpy as np
from PIL import Image

WIDTH, HEIGHT = 77, 61
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
noise = np.random.default_rng(7).normal(0, 6, (HEIGHT, WIDTH, 1))
leaf = ((x - 38) / 34) ** 2 + ((y - 30) / 20) ** 2 < 1
spots = np.sin(x / 3.0) * np.sin(y / 4.0) > 0.7
picture = np.zeros((HEIGHT, WIDTH, 3))
picture[:] = np.stack([150 + x / 2, 120 + y / 2, 100 + 0 * x], -1)
picture[leaf] = [50, 130, 40]
picture[leaf & spots] = [110, 60, 30]
image = Image.fromarray((picture + noise).clip(0, 255).astype(np.uint8))

for name, subsampling in {"444": 0, "422": 1, "420": 2}.items():
    for kind, progressive in {"sequential": False, "progressive": True}.items():
        for suffix, rows in {"": None, "-restarts": 1}.items():
            more = {"restart_marker_rows": rows} if rows else {}
            image.save(
                f"{name}-{kind}{suffix}.jpg", quality=88, subsampling=subsampling, progressive=progressive, **more
            )
for kind, progressive in {"sequential": False, "progressive": True}.items():
    image.convert("L").save(f"grey-{kind}.jpg", quality=88, progressive=progressive)
image.convert("CMYK").save("cmyk.jpg", quality=88)
