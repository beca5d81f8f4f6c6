"""Writes initializers.json: parameters drawn by torch.nn.init (PyTorch 1.13, CPU) with arguments other than the defaults.

Run with a Python that has torch:  python3 test/oracle/make_initializers.py
"""

import json
import pathlib

import torch
from torch.nn import init

CASES = [
    ("xavier_uniform", {"gain": 5 / 3}, [4, 5]),
    ("xavier_uniform", {}, [3, 2, 3, 3]),
    ("xavier_normal", {"gain": 0.5}, [6, 3]),
    ("xavier_normal", {}, [2, 2, 5]),
    ("kaiming_uniform", {"a": 5**0.5}, [7, 3]),
    ("kaiming_uniform", {"mode": "fan_out", "nonlinearity": "relu"}, [4, 2, 3, 3]),
    ("kaiming_uniform", {"nonlinearity": "tanh"}, [2, 9]),
    ("kaiming_normal", {"a": 0.2, "mode": "fan_out"}, [3, 8]),
    ("kaiming_normal", {"nonlinearity": "selu"}, [5, 5]),
    ("kaiming_normal", {"nonlinearity": "linear"}, [5, 5]),
    ("kaiming_normal", {"nonlinearity": "sigmoid"}, [5, 5]),
    ("orthogonal", {}, [3, 3]),
    ("orthogonal", {"gain": 2**0.5}, [5, 3]),
    ("orthogonal", {}, [3, 7]),
    ("orthogonal", {"gain": 0.5}, [4, 2, 3, 3]),
    ("orthogonal", {}, [30, 30]),
    ("orthogonal", {}, [1, 4]),
    ("orthogonal", {}, [4, 1]),
    ("uniform", {"low": -2.0, "high": 3.0}, [3, 3]),
    ("normal", {"mean": -2.0, "std": 3.0}, [3, 3]),
    ("constant", {"value": 0.1}, [2, 2]),
]

# The language's option names where they are not PyTorch's.
RENAMED = {"low": "a", "high": "b", "value": "val"}


def draw(name, options, shape, dtype, seed):
    torch.manual_seed(seed)
    weight = torch.empty(shape, dtype=dtype)
    renamed = {RENAMED.get(key, key): value for key, value in options.items()}
    getattr(init, name + "_")(weight, **renamed)
    return [float(value) for value in weight.double().flatten()]


cases = [
    {
        "initializer": name,
        "options": options,
        "shape": shape,
        "seed": seed,
        "dtype": str(dtype).removeprefix("torch."),
        "values": draw(name, options, shape, dtype, seed),
    }
    for name, options, shape in CASES
    for dtype in (torch.float64, torch.float32)
    for seed in (0, 7)
]

path = pathlib.Path(__file__).with_name("initializers.json")
path.write_text(json.dumps({"about": f"torch {torch.__version__}", "cases": cases}, indent=0) + "\n")
