"""Writes elementary.json: log, sin and cos of doubles, correctly rounded, from 300-bit arithmetic.

Run with a Python that has mpmath and numpy:  python3 test/oracle/make_elementary.py
"""

import json
import math
import pathlib

import mpmath
import numpy as np

mpmath.mp.prec = 300
random = np.random.RandomState(1)

log_arguments = [
    *(1 - random.rand(200)),
    *(random.rand(100) * 2.0 ** -random.randint(0, 60, 100)),
    *(1 + random.randn(60) * 2.0 ** -random.randint(1, 52, 60)),
    *(random.rand(40) * 2.0 ** random.randint(1, 1000, 40)),
    1.0, 2.0, 0.5, 2.0**-53, 1 - 2.0**-53, 1 + 2.0**-52, 2.0**-1022, math.sqrt(2), math.sqrt(0.5), math.e,
]  # fmt: skip
angles = [
    *(2 * math.pi * random.rand(300)),
    *(2 * math.pi * random.rand(60) * 2.0 ** -random.randint(0, 53, 60)),
    *(random.randn(60) * 300),
    *(quadrant * math.pi / 2 for quadrant in range(-20, 21)),
    *(np.nextafter(quadrant * math.pi / 4, 9) for quadrant in range(1, 9)),
    2.0**-30, 2.0**-53,
]  # fmt: skip


def table(function, arguments):
    return [[float(x), float(function(mpmath.mpf(float(x))))] for x in arguments]


path = pathlib.Path(__file__).with_name("elementary.json")
about = f"[argument, value]; mpmath {mpmath.__version__}"
tables = {
    "log": table(mpmath.log, log_arguments),
    "sin": table(mpmath.sin, angles),
    "cos": table(mpmath.cos, angles),
}
path.write_text(json.dumps({"about": about, **tables}) + "\n")
