"""Writes printing.json: arrays as numpy.array2string prints them (NumPy 1.24), and numbers as Python's format() does.

Run with a Python that has numpy:  python3 test/oracle/make_printing.py
"""

import json
import math
import pathlib

import numpy as np

random = np.random.RandomState(0)
nan, inf = math.nan, math.inf

ARRAYS = [
    np.array(0.123456789),
    np.array(1.0),
    np.array(-0.0),
    np.array(1e10),
    np.array(nan),
    np.array(-inf),
    np.array(7),
    np.array(True),
    np.zeros((0,)),
    np.zeros((3, 0)),
    np.array([1.0, 2.5, -3.125]),
    np.array([1.0, 2.0, 3.0]),
    np.array([0.1, 0.2, 0.30000000000000004]),
    np.array([0.1, 0.2, 0.3], dtype=np.float32),
    np.array([0.5, 0.125, 0.375, 0.0625, 0.21875, 0.09375]),
    np.array([0.03125, 0.15625, 1.25, 2.5, 3.5]),
    np.array([1.0, 1000.0]),
    np.array([1.0, 1001.0]),
    np.array([0.0001, 0.05]),
    np.array([0.00009, 0.05]),
    np.array([99999999.0]),
    np.array([1e8]),
    np.array([1e-300, 1e300, 0.0, -0.0]),
    np.array([5e-324, 1.7976931348623157e308]),
    np.array([1.25e9, 3.75e9, 9.995e9, 9.9996e9]),
    np.array([0.99995, 0.99996, 0.00995]),
    np.array([9.99996, 99.99999]),
    np.array([nan, 1.0, inf]),
    np.array([nan, 1.5, -inf, 1e-9]),
    np.array([nan, inf]),
    np.array([-inf, nan]),
    np.array([[1.0, nan], [-inf, 2.0]], dtype=np.float32),
    np.array([1e-5, 3e4, 16777216.0], dtype=np.float32),
    np.array([3.4028235e38, 1e-45], dtype=np.float32),
    np.array([1, -20, 300]),
    np.array([[1, 2], [-3, 4]]),
    np.array([2**53, -1]),
    np.array([True, False]),
    np.array([[True, True], [True, True]]),
    np.arange(24.0).reshape(2, 3, 4),
    np.arange(16).reshape(2, 2, 2, 2),
    np.arange(40),
    np.arange(40.0) / 7,
    random.randn(5, 4),
    random.randn(5, 4).astype(np.float32),
    random.rand(3, 30),
    random.randn(2, 2, 11),
    random.randn(30, 40),
    random.randn(3, 400),
    random.randn(2000),
    random.randn(7, 8, 9, 3),
    random.randint(0, 1000, (40, 40)),
    random.randn(1, 1),
    random.randn(1, 1200),
    random.rand(1001) < 0.5,
    np.full((2, 3), 1e-12),
    random.randn(6) * 10.0 ** random.randint(-6, 7, 6),
    *(random.randn(6) * 10.0**exponent for exponent in range(-6, 10)),
    *((random.randn(6) * 10.0**exponent).astype(np.float32) for exponent in range(-6, 10)),
    *(random.randint(-40, 40, 8) / 2.0**bits for bits in range(1, 8)),
]

OPTIONS = [
    {"precision": 4},
    {"precision": 8},
    {"precision": 2, "threshold": 10, "edgeitems": 2},
    {"precision": 0, "max_line_width": 20},
    {"precision": 3, "suppress_small": True, "separator": ", "},
    {"precision": 17, "max_line_width": 40, "threshold": 5, "edgeitems": 1},
]

RENAMED = {"edgeitems": "edgeItems", "max_line_width": "lineWidth", "suppress_small": "suppressSmall"}

NUMBERS = [0.0, -0.0, 1.0, -1.5, 0.1, 1 / 3, 2 / 3, 123456.0, 1234565.0, 1234575.0, 1e6, 999999.5, 999998.5, 1e-4, 9.9999949e-5,
           9.9999951e-5, 1e-5, 1e16, 1e100, -1e-100, 12.5, 2.5, 0.5, nan, inf, -inf, 3.14159265358979]  # fmt: skip


def plain(value):
    """JSON has no NaN and no infinities."""
    value = value.item() if isinstance(value, np.generic) else value
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def dtype_name(array):
    return {"f8": "float64", "f4": "float32", "i8": "int", "b1": "bool"}[array.dtype.str[1:]]


arrays = [
    {"dtype": dtype_name(a), "shape": a.shape, "values": [plain(x) for x in a.flatten()],
     "texts": [np.array2string(a, **options) for options in OPTIONS]}  # fmt: skip
    for a in ARRAYS
]
numbers = [
    {"value": "-0" if str(x) == "-0.0" else plain(x), "digits": digits, "text": format(x, f".{digits}g")}
    for x in NUMBERS
    for digits in (1, 2, 3, 6, 10, 15)
]
options = [{RENAMED.get(key, key): value for key, value in one.items()} for one in OPTIONS]

path = pathlib.Path(__file__).with_name("printing.json")
about = f"numpy {np.__version__}; texts[i] is made with options[i]; NaN and infinities are strings"
path.write_text(json.dumps({"about": about, "options": options, "arrays": arrays, "numbers": numbers}) + "\n")
