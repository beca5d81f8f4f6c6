"""Writes vector-maths.json: values of the functions of src/runtime/compile/maths by mpmath with 80 digits, rounded
correctly to each format, at points spread over each function's range and close to its thresholds. The numbers of a point
are strings, operands first. Run: python3 write-table.py > vector-maths.json"""
import json
import random

import mpmath as mp
import numpy as np

mp.mp.dps = 80
random.seed(42)

functions = {
    "exp": mp.exp,
    "expm1": mp.expm1,
    "log": mp.log,
    "log1p": mp.log1p,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "atan": mp.atan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "erf": mp.erf,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)) if x > -100 else mp.exp(x) / (1 + mp.exp(x)),
    "pow": mp.power,
    "atan2": mp.atan2,
}


def rounded(value, width):
    """The nearest number of the format, halves to even, subnormal ones and overflow included."""
    if value == 0:
        return 0.0
    mantissa, low, high = (24, -149, 128) if width == "f32x4" else (53, -1074, 1024)
    _, exponent = mp.frexp(value)
    unit = max(exponent - mantissa, low)
    whole = mp.nint(mp.ldexp(value, -unit))
    if abs(whole) * mp.mpf(2) ** unit >= mp.mpf(2) ** high:
        return float("inf") if value > 0 else float("-inf")
    return float(mp.ldexp(whole, unit))


def spread(width, name):
    tiny, huge = (-149, 127) if width == "f32x4" else (-1074, 1023)
    points = [s * random.uniform(0, 1) * 2.0**e for e in range(-4, 11) for s in (1, -1) for _ in range(3)]
    points += [s * random.uniform(1, 2) * 2.0 ** random.uniform(tiny, huge - 1) for s in (1, -1) for _ in range(25)]
    points += [2.0**tiny, 2.0 ** (tiny + 5), -(2.0**tiny), 1, -1, 0.5, 1e-3]
    edges = {
        "exp": (88.72, 88.723, -87.3, -87.4, -103.2, -103.9, -104, 709.78, 709.782, 709.79, -708.4, -745.1, -745.2),
        "expm1": (88.72, 709.78, 709.79, -17.3, -37.5, 0.34, 0.35, -0.34, -0.35),
        "log": (0.7071067811865475, 0.7071067811865476, 0.70710677, 0.7071068, 1.4142135, 0.999999, 1.000001),
        "log1p": (0.41421356, 0.4142136, -0.29289321, -0.2928933, -0.99999, 1e-9, -1e-9),
        "tanh": (0.5499, 0.55, 0.5501, 8.9, 9.1, 19, 20),
        "sinh": (0.9999, 1.0, 1.0001, 89.4, 89.41, 710.4, 710.47),
        "cosh": (89.4, 89.41, 710.4, 710.47),
        "erf": (0.921, 0.922, 0.9999, 1.0, 2.2499, 2.25, 3.7, 3.9, 5.8, 6.1),
        "atan": (0.41421, 0.41422, 2.4142, 2.4143),
        "sigmoid": (-87.3, -88.8, -103.2, -709, -744, 16, 17, 36, 37),
    }.get(name, ())
    circle = []
    if name in ("sin", "cos", "tan"):
        circle = [float(k * mp.pi / 4) for k in (1, 2, 3, 4, 5, 7, 22, 1000003, 10**7 + 1, 10**12 + 3)]
        circle += [6381956970095103.0 * 2.0**797, 1647099.3, 1647100.0, 26353589.0, 26353600.0, 1e22]
    return points + list(edges) + [-e for e in edges] + circle


def operands(width, name):
    if name == "atan2":
        return [(random.uniform(-9, 9) * 2.0 ** random.randint(-9, 9), random.uniform(-9, 9)) for _ in range(150)] + [
            (2.0**-149, 2.0**-148),
            (3e38, 3e38),
            (3e38, -3e38),
            (1e-30, -3.0),
        ]
    if name == "pow":
        bases = [random.uniform(0, 4) for _ in range(60)] + [2.0 ** random.uniform(-100, 100) for _ in range(60)]
        limit = 128 if width == "f32x4" else 1024
        near = [(b, random.uniform(-1, 1) * limit * 1.05 / abs(float(mp.log(b, 2)) or 1)) for b in bases]
        whole = [(-random.uniform(0, 9), float(random.randint(-30, 30))) for _ in range(60)]
        exact = [(2.0, float(k)) for k in (-149, -140, -3, 10, 100)] + [(10.0, float(k)) for k in range(11)]
        return near + whole + exact + [(1.0000001192092896, 1e7), (0.9999999403953552, 1e8)]
    return [(x,) for x in spread(width, name)]


def main():
    table = {}
    for width in ("f32x4", "f64x2"):
        table[width] = {}
        for name, f in functions.items():
            rows = []
            for point in operands(width, name):
                if width == "f32x4":
                    point = tuple(float(np.float32(x)) for x in point)
                if any(not np.isfinite(x) for x in point):
                    continue
                if name == "log" and point[0] <= 0 or name == "log1p" and point[0] <= -1:
                    continue
                if name in ("exp", "expm1", "sinh", "cosh", "sigmoid") and abs(point[0]) > 2000:
                    continue
                if name == "tanh" and abs(point[0]) > 1000:
                    continue
                value = rounded(f(*(mp.mpf(x) for x in point)), width)
                rows.append([repr(x).replace("inf", "Infinity") for x in (*point, value)])
            table[width][name] = rows
    lines = []
    for width, byname in table.items():
        inner = ",\n".join(" " + json.dumps(name) + ": " + json.dumps(rows, separators=(",", ":")) for name, rows in byname.items())
        lines.append(json.dumps(width) + ": {\n" + inner + "\n}")
    print("{\n" + ",\n".join(lines) + "\n}")


main()
