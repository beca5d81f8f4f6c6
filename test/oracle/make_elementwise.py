"""Writes elementwise_edges.json: elementwise functions at edge values and over a range, by PyTorch, in float64 and float32.

Run with a Python that has torch: python3 test/oracle/make_elementwise.py
Each case: {op, attrs, inputs: {name: numbers}, output, output32, vjp: {name: numbers}}; cotangents are all 1; output32 is
computed in float32 from the rounded inputs. Non-finite numbers are strings, minus zero is "-0".
"""
import json
import math
import os
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
inf, nan = math.inf, math.nan
EDGES = [0.0, -0.0, inf, -inf, nan, 1.0, -1.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 3.0, -3.0, 6.0, 7.0, 1e-8, -1e-8, 1e-3, -1e-3,
         10.0, -10.0, 19.9, 20.1, 50.0, -50.0, 80.0, -80.0, 700.0, -700.0, 1000.0, -1000.0, 1e-300, -1e-300, 1e300, -1e300]
GRID = [round(-4 + 8 * i / 40 + 0.013, 6) for i in range(41)]
PAIRS = [(a, b) for a in [0.0, -0.0, inf, -inf, nan, 1.0, -1.0, 2.0, -2.5, 0.5, 1e300, 1e-300]
         for b in [0.0, -0.0, inf, -inf, nan, 1.0, -1.0, 2.0, -2.5, 0.5, 3.0, 1e300]]

UNARY = {
    "neg": torch.neg, "exp": torch.exp, "exp2": torch.exp2, "expm1": torch.expm1, "log": torch.log, "log1p": torch.log1p,
    "log2": torch.log2, "log10": torch.log10, "square": torch.square, "abs": torch.abs, "sign": torch.sign,
    "reciprocal": torch.reciprocal, "sqrt": torch.sqrt, "rsqrt": torch.rsqrt, "sin": torch.sin, "cos": torch.cos,
    "tan": torch.tan, "asin": torch.asin, "acos": torch.acos, "atan": torch.atan, "sinh": torch.sinh, "cosh": torch.cosh,
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "logsigmoid": F.logsigmoid, "erf": torch.erf, "relu": F.relu,
    "relu6": F.relu6, "silu": F.silu, "mish": F.mish, "elu": F.elu, "selu": F.selu, "gelu": F.gelu,
    "leaky_relu": F.leaky_relu, "softplus": F.softplus, "softsign": F.softsign, "hardtanh": F.hardtanh,
    "floor": torch.floor, "ceil": torch.ceil, "round": torch.round, "trunc": torch.trunc,
    "isnan": torch.isnan, "isinf": torch.isinf, "isfinite": torch.isfinite, "logical_not": torch.logical_not,
}
WITH = [
    ("gelu", {"approximate": "tanh"}, lambda x: F.gelu(x, approximate="tanh")),
    ("elu", {"alpha": 0.5}, lambda x: F.elu(x, alpha=0.5)),
    ("leaky_relu", {"negative_slope": 0.2}, lambda x: F.leaky_relu(x, 0.2)),
    ("softplus", {"beta": 2, "threshold": 1}, lambda x: F.softplus(x, 2, 1)),
    ("clamp", {"min": -0.5, "max": 1.5}, lambda x: torch.clamp(x, -0.5, 1.5)),
    ("clamp", {"min": 0}, lambda x: torch.clamp(x, min=0)),
    ("clamp", {"min": 1, "max": -1}, lambda x: torch.clamp(x, min=1, max=-1)),
    ("hardtanh", {"min_val": -0.5, "max_val": 1.5}, lambda x: F.hardtanh(x, -0.5, 1.5)),
]
BINARY = {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "pow": torch.pow, "atan2": torch.atan2,
    "maximum": torch.maximum, "minimum": torch.minimum, "equal": torch.eq, "not_equal": torch.ne, "less": torch.lt,
    "less_equal": torch.le, "greater": torch.gt, "greater_equal": torch.ge, "logical_and": torch.logical_and,
    "logical_or": torch.logical_or, "logical_xor": torch.logical_xor, "isclose": torch.isclose,
}
GRIDPAIRS = [(a, b) for a in [-3.5, -2.0, -0.7, 0.3, 1.1, 4.0] for b in [-2.2, -1.0, 0.4, 1.3, 3.0]]
BINARY_GRID = {"remainder": torch.remainder, "fmod": torch.fmod}


def plain(value):
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return "-0" if value == 0 and math.copysign(1, value) < 0 else value


def numbers(tensor):
    return [plain(v) for v in tensor.reshape(-1).tolist()]


def case(op, attrs, function, columns):
    leaves = {name: torch.tensor(values, dtype=torch.float64, requires_grad=True) for name, values in columns.items()}
    output = function(*leaves.values())
    vjp = {}
    if output.dtype.is_floating_point and output.requires_grad:
        grads = torch.autograd.grad(output, list(leaves.values()), torch.ones_like(output), allow_unused=True)
        vjp = {name: numbers(g if g is not None else torch.zeros_like(leaves[name])) for name, g in zip(leaves, grads)}
    single = function(*[torch.tensor(values, dtype=torch.float32) for values in columns.values()])
    return {"op": op, "attrs": attrs, "inputs": {n: numbers(t.detach()) for n, t in leaves.items()},
            "output": numbers(output.detach()), "output32": numbers(single), "vjp": vjp}


cases = []
for values in (EDGES, GRID):
    cases += [case(op, {}, function, {"x": values}) for op, function in UNARY.items()]
    cases += [case(op, attrs, function, {"x": values}) for op, attrs, function in WITH]
for pairs in (PAIRS, GRIDPAIRS):
    columns = {"x": [a for a, _ in pairs], "y": [b for _, b in pairs]}
    cases += [case(op, {}, function, columns) for op, function in BINARY.items()]
columns = {"x": [a for a, _ in GRIDPAIRS], "y": [b for _, b in GRIDPAIRS]}
cases += [case(op, {}, function, columns) for op, function in BINARY_GRID.items()]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "elementwise_edges.json")
with open(path, "w") as file:
    json.dump({"about": "Made by make_elementwise.py", "torch": torch.__version__, "cases": cases}, file)
    file.write("\n")
