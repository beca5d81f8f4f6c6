"""Writes ops_reduce_shape.json: random cases of the operators that reduce, sort, move, join and index, made by PyTorch.

Run as `/usr/bin/python3 make_ops_reduce_shape.py` with Debian's python3-torch; the output is committed. The format is that of
oracle_ops.json: shapes from scalars to rank 5, sizes from 0, negative dims, ties, zeros, infinities, and calls to be refused.
"""

import json
import math
import os
import random

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
choose = random.Random(20240607)
generator = torch.Generator().manual_seed(20240607)
DTYPES = {torch.float64: "float64", torch.int64: "int64", torch.bool: "bool"}


# ---- drawing shapes, values and attributes


def shape(lowest=0, highest=5, sizes=(1, 2, 2, 3, 3, 4), most=40):
    while True:
        drawn = [choose.choice(sizes) for _ in range(choose.randint(lowest, highest))]
        if math.prod(drawn) <= most:
            return drawn


def normal(of):
    # Three decimals: short in the file, and the same double wherever it is read.
    return torch.round(torch.randn(of, generator=generator, dtype=torch.float64) * 1000) / 1000


def distinct(of):
    count = math.prod(of)
    order = torch.randperm(count, generator=generator).to(torch.float64)
    return torch.round((order - count / 2) * 370 + 11).reshape(of) / 1000


def tied(of):
    return torch.randint(-1, 2, of, generator=generator).to(torch.float64)


def ints(low, high, of):
    return torch.randint(low, max(high, low + 1), of, generator=generator)


def mask(of):
    return torch.rand(of, generator=generator) < 0.5


def some_dim(rank):
    axes = max(rank, 1)
    return choose.randrange(-axes, axes)


def some_dims(rank):
    axes = list(range(rank))
    chosen = choose.sample(axes, choose.randint(1, rank)) if rank else [0]
    return [axis if choose.random() < 0.5 else axis - max(rank, 1) for axis in chosen]


# ---- cases


def written(value):
    if isinstance(value, torch.Tensor):
        return {"shape": list(value.shape), "dtype": DTYPES[value.dtype], "data": [written(v) for v in value.flatten().tolist()]}
    if isinstance(value, bool) or isinstance(value, int):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15 and math.copysign(1, value) > 0:
        return int(value)
    return value


cases = []
counts = {}


def case(op, function, inputs, attrs=None, tags=()):
    """Records one call with its output, vjp and jvp."""
    attrs = attrs or {}
    counts[op] = counts.get(op, 0) + 1
    leaves = {k: v.clone().requires_grad_(v.dtype == torch.float64) for k, v in inputs.items()}
    output = function(*leaves.values(), **attrs)
    record = {"name": f"{op}~{counts[op]}", "op": op, "attrs": attrs, "tags": list(tags)}
    record["inputs"] = {k: written(v) for k, v in inputs.items()}
    record["output"] = written(output.detach())
    record |= {"cotangent": None, "vjp": {}, "tangents": {}, "jvp": None, "jvp_reliable": False}
    floats = [k for k, v in leaves.items() if v.requires_grad]
    if output.dtype == torch.float64 and floats:
        cotangent = normal(output.shape)
        record["cotangent"] = written(cotangent)
        if output.requires_grad:
            weight = cotangent.clone().requires_grad_(True)
            grads = torch.autograd.grad(output, [leaves[k] for k in floats], weight, create_graph=True, allow_unused=True)
            grads = [torch.zeros_like(leaves[k]) if g is None else g for k, g in zip(floats, grads)]
        else:
            grads = [torch.zeros_like(leaves[k]) for k in floats]
        record["vjp"] = {k: written(g.detach()) for k, g in zip(floats, grads)}
        tangents = {k: normal(leaves[k].shape) for k in floats}
        moved = torch.zeros_like(output)
        for k, g in zip(floats, grads):
            if not g.requires_grad:
                continue
            (part,) = torch.autograd.grad(g, weight, tangents[k], retain_graph=True, allow_unused=True)
            moved = moved if part is None else moved + part
        forward = (moved.detach() * cotangent).sum()
        backward = sum((g.detach() * tangents[k]).sum() for k, g in zip(floats, grads))
        error = abs(float(forward - backward)) / (1 + abs(float(forward)))
        record["tangents"] = {k: written(t) for k, t in tangents.items()}
        record["jvp"] = written(moved.detach())
        record["jvp_reliable"] = error < 1e-10  # also false where it is NaN
    cases.append(record)


def refused(op, function, inputs, attrs=None):
    """Records a call that PyTorch refuses."""
    attrs = attrs or {}
    try:
        function(*inputs.values(), **attrs)
    except (RuntimeError, IndexError, ValueError, NotImplementedError) as error:
        counts[op] = counts.get(op, 0) + 1
        name = f"raises:{op}~{counts[op]}"
        message = str(error).split("\n")[0]
        written_inputs = {k: written(v) for k, v in inputs.items()}
        cases.append({"name": name, "op": op, "attrs": attrs, "tags": ["raises"], "inputs": written_inputs, "raises": True, "message": message})
        return
    raise AssertionError(f"{op} {attrs} was not refused")


# ---- reductions


def reduction(name):
    method = getattr(torch.Tensor, name)

    def call(x, dim=None, keepdim=False, **rest):
        if dim is None and not keepdim and not rest:
            return method(x)
        if dim is None:
            dim = list(range(x.dim()))
        return method(x, dim=dim, keepdim=keepdim, **rest)

    return call


def reductions():
    for name in ["sum", "mean", "amax", "amin", "var", "std"]:
        function = reduction(name)
        for _ in range(9):
            x = distinct(shape()) if name.startswith("am") else normal(shape())
            attrs = {"dim": some_dims(x.dim())} if choose.random() < 0.8 else {}
            if choose.random() < 0.4 and attrs:
                attrs["keepdim"] = True
            if name in ("var", "std"):
                choice = choose.random()
                size = math.prod(x.shape[d] if x.dim() else 1 for d in attrs["dim"]) if attrs else x.numel()
                if size < 2 or choice < 0.3:
                    attrs["unbiased"] = False
                elif choice < 0.5 and attrs:
                    attrs["correction"] = choose.choice([0, 1, 2 if size > 2 else 0])
            if not attrs.get("dim") and "unbiased" in attrs:
                attrs["dim"] = list(range(x.dim())) or [0]
            case(name, function, {"x": x}, attrs)
        case(name, function, {"x": normal([])}, {"dim": [-1], "keepdim": True} | ({"unbiased": False} if name in ("var", "std") else {}))
        case(name, function, {"x": normal([2, 0, 3])}, {"dim": [0, -1]})
        case(name, function, {"x": normal([3, 2])}, {"dim": 0})
        refused(name, function, {"x": normal([2, 3])}, {"dim": [2]})
        refused(name, function, {"x": normal([2, 3])}, {"dim": [-3, 0]})
        refused(name, function, {"x": normal([2, 3])}, {"dim": [1, -1]})
        refused(name, function, {"x": normal([])}, {"dim": [1]})
    for name in ["sum", "mean", "var", "std"]:
        case(name, reduction(name), {"x": normal([0, 3])}, {"dim": [0]})
        case(name, reduction(name), {"x": torch.tensor([[math.inf, 1.0], [2.0, math.nan]], dtype=torch.float64)}, {"dim": [1]}, ["edge"])
    case("sum", torch.sum, {"x": ints(-5, 5, [2, 3, 2])}, {"dim": [0]})
    case("sum", torch.sum, {"x": mask([3, 4])}, {"dim": [-1], "keepdim": True})
    case("sum", torch.sum, {"x": mask([7])}, {})
    for name in ["var", "std"]:
        case(name, reduction(name), {"x": torch.full([2, 3], 1.5, dtype=torch.float64)}, {"dim": [1]}, ["kink"])
        case(name, reduction(name), {"x": torch.tensor([[1.0, 1.0], [1.0, 2.0]], dtype=torch.float64)}, {"dim": [1], "unbiased": False}, ["kink"])
        case(name, reduction(name), {"x": normal([2, 2]) + 1e4}, {"dim": [1], "correction": 0}, ["stability"])
        case(name, reduction(name), {"x": normal([2, 2])}, {"dim": [0], "correction": 3}, ["edge"])
    for name in ["amax", "amin"]:
        for x, attrs in [(tied([3, 4]), {"dim": [1]}), (tied([2, 3, 3]), {"dim": [0, 2], "keepdim": True}), (tied([5]), {}), (torch.ones([4], dtype=torch.float64), {})]:
            case(name, reduction(name), {"x": x}, attrs, ["kink-ties"])
        case(name, reduction(name), {"x": torch.tensor([[1.0, math.nan], [3.0, 3.0]], dtype=torch.float64)}, {"dim": [1]}, ["edge"])
        case(name, reduction(name), {"x": torch.tensor([math.inf, -math.inf, math.inf], dtype=torch.float64)}, {}, ["edge"])
        case(name, reduction(name), {"x": ints(-9, 9, [3, 4])}, {"dim": [0]})
        case(name, reduction(name), {"x": mask([3, 4])}, {"dim": [0]})
        case(name, reduction(name), {"x": normal([0, 3])}, {"dim": [1]})
        refused(name, reduction(name), {"x": normal([0, 3])}, {"dim": [0]})
        refused(name, reduction(name), {"x": normal([0, 3])}, {})


def selections():
    def valued(method):
        def call(x, dim=None, keepdim=False):
            return method(x) if dim is None else method(x, dim=dim, keepdim=keepdim).values

        return call

    for name in ["max", "min", "median"]:
        function = valued(getattr(torch, name))
        for _ in range(8):
            x = distinct(shape())
            attrs = {"dim": some_dim(x.dim())} if choose.random() < 0.8 else {}
            if attrs and choose.random() < 0.4:
                attrs["keepdim"] = True
            case(name, function, {"x": x}, attrs)
        case(name, function, {"x": tied([3, 4])}, {}, ["kink-ties"])
        case(name, function, {"x": torch.ones([2, 2, 2], dtype=torch.float64)}, {}, ["kink-ties"])
        if name != "median":  # PyTorch's choice among equal medians along a dimension is unspecified
            case(name, function, {"x": tied([3, 5])}, {"dim": 1}, ["kink-ties"])
            case(name, function, {"x": tied([3, 2, 2])}, {"dim": -3, "keepdim": True}, ["kink-ties"])
        case(name, function, {"x": torch.tensor([[1.0, math.nan, 3.0], [2.0, 0.0, 1.0]], dtype=torch.float64)}, {"dim": 1}, ["edge"])
        case(name, function, {"x": torch.tensor([1.0, math.nan, 3.0], dtype=torch.float64)}, {}, ["edge"])
        case(name, function, {"x": ints(-9, 9, [3, 4])}, {"dim": 0})
        case(name, function, {"x": normal([0, 3])}, {"dim": 1})
        refused(name, function, {"x": normal([0, 3])}, {"dim": 0})
        refused(name, function, {"x": normal([2, 3])}, {"dim": 2})
    refused("max", valued(torch.max), {"x": normal([0])}, {})
    case("median", valued(torch.median), {"x": normal([0, 2])}, {})
    for name in ["argmax", "argmin"]:
        function = getattr(torch, name)
        for draw in [distinct, tied, distinct, tied, distinct]:
            x = draw(shape())
            attrs = {"dim": some_dim(x.dim())} if choose.random() < 0.7 else {}
            if attrs and choose.random() < 0.4:
                attrs["keepdim"] = True
            case(name, function, {"x": x}, attrs)
        case(name, function, {"x": torch.tensor([1.0, math.nan, 3.0, math.nan], dtype=torch.float64)}, {"dim": 0}, ["edge"])
        case(name, function, {"x": normal([0, 3])}, {"dim": 1})
        refused(name, function, {"x": normal([0, 3])}, {"dim": 0})
        refused(name, function, {"x": normal([0, 3])}, {})
        refused(name, function, {"x": normal([2, 3])}, {"dim": -3})


def products():
    for _ in range(8):
        x = normal(shape())
        attrs = {"dim": some_dim(x.dim())} if choose.random() < 0.8 else {}
        if attrs and choose.random() < 0.4:
            attrs["keepdim"] = True
        case("prod", torch.prod, {"x": x}, attrs)
    zeros = torch.tensor([[2.0, 0.0, 3.0], [0.0, 0.0, 4.0], [1.5, -2.0, 0.5]], dtype=torch.float64)
    for attrs in [{"dim": 0}, {"dim": 1, "keepdim": True}, {}]:
        case("prod", torch.prod, {"x": zeros}, attrs, ["kink"])
    case("prod", torch.prod, {"x": torch.tensor([0.0, 2.0, 5.0], dtype=torch.float64)}, {}, ["kink"])
    case("prod", torch.prod, {"x": normal([0, 2])}, {"dim": 0})
    case("prod", torch.prod, {"x": normal([0])}, {})
    case("prod", torch.prod, {"x": normal([])}, {"dim": -1})
    case("prod", torch.prod, {"x": ints(-3, 4, [2, 3])}, {"dim": 1})
    case("prod", torch.prod, {"x": mask([3, 2])}, {"dim": 0})
    refused("prod", torch.prod, {"x": normal([2, 3])}, {"dim": 2})
    for name in ["cumsum", "cumprod"]:
        function = getattr(torch, name)
        for _ in range(7):
            x = normal(shape())
            case(name, function, {"x": x}, {"dim": some_dim(x.dim())})
        case(name, function, {"x": zeros}, {"dim": 0}, ["kink"])
        case(name, function, {"x": zeros}, {"dim": -1}, ["kink"])
        case(name, function, {"x": normal([2, 0])}, {"dim": 1})
        case(name, function, {"x": normal([])}, {"dim": 0})
        case(name, function, {"x": ints(-3, 4, [2, 3])}, {"dim": 1})
        case(name, function, {"x": mask([3, 2])}, {"dim": 0})
        refused(name, function, {"x": normal([2, 3])}, {"dim": 2})

    def recurrence(a, b, dim):
        lanes_a, lanes_b = (a.unbind(dim), b.unbind(dim)) if a.dim() else ([a], [b])
        rows = []
        for a_k, b_k in zip(lanes_a, lanes_b):
            rows.append(b_k if not rows else a_k * rows[-1] + b_k)
        return torch.stack(rows, dim) if a.dim() else rows[0] + 0 * a

    for of, dim in [([5], 0), ([2, 3, 2], 1), ([2, 3], -1), ([1, 4], 0), ([3, 1, 2, 1, 2], -5)]:
        case("linear_recurrence", recurrence, {"a": normal(of), "b": normal(of)}, {"dim": dim})


def norms():
    def norm(x, p=2, dim=None, keepdim=False):
        p = float(p) if isinstance(p, str) else p
        return torch.norm(x, p=p, dim=dim, keepdim=keepdim)

    def written_p(p):
        return {math.inf: "inf", -math.inf: "-inf"}.get(p, p)

    for p in [2, 2, 2, 1, 3, 1.5, 4, 0.5, math.inf, math.inf, -math.inf, 0, -1, 2.5]:
        x = distinct(shape(most=24)) if abs(p) in (math.inf, 1, 0.5) else normal(shape(most=24))
        attrs = {"p": written_p(p)} if p != 2 or choose.random() < 0.3 else {}
        if choose.random() < 0.7:
            attrs["dim"] = some_dims(x.dim()) if choose.random() < 0.5 else some_dim(x.dim())
            if choose.random() < 0.4:
                attrs["keepdim"] = True
        case("norm", norm, {"x": x}, attrs)
    rows = torch.tensor([[0.0, 0.0], [0.0, 2.0], [3.0, -3.0]], dtype=torch.float64)
    for p in [2, 1, 3, 1.5, 0.5, math.inf, -math.inf, -1, 0]:
        case("norm", norm, {"x": rows}, {"p": written_p(p), "dim": 1}, ["kink"])
    case("norm", norm, {"x": torch.tensor([3.0, -3.0, 1.0, 3.0], dtype=torch.float64)}, {"p": "inf"}, ["kink"])
    case("norm", norm, {"x": normal([0, 3])}, {"dim": 0})
    case("norm", norm, {"x": normal([0, 3])}, {})
    case("norm", norm, {"x": normal([0, 3])}, {"p": "inf", "dim": 1})
    case("norm", norm, {"x": normal([])}, {"dim": 0})
    refused("norm", norm, {"x": normal([2, 3])}, {"dim": 2})
    refused("norm", norm, {"x": normal([2, 3])}, {"dim": [0, 0]})


def exponentials():
    def logsumexp(x, dim, keepdim=False):
        return torch.logsumexp(x, dim=dim, keepdim=keepdim)

    edges = torch.tensor([[1000.0, 1001.0, -5.0], [-math.inf, 0.0, 1.0], [-2000.0, -2001.0, -2000.5]], dtype=torch.float64)
    for _ in range(8):
        x = normal(shape())
        attrs = {"dim": some_dims(x.dim()) if choose.random() < 0.5 else some_dim(x.dim())}
        if choose.random() < 0.4:
            attrs["keepdim"] = True
        case("logsumexp", logsumexp, {"x": x}, attrs)
    case("logsumexp", logsumexp, {"x": edges}, {"dim": 1}, ["stability"])
    case("logsumexp", logsumexp, {"x": edges}, {"dim": [0, 1]}, ["stability"])
    case("logsumexp", logsumexp, {"x": normal([0, 3])}, {"dim": 0})
    case("logsumexp", logsumexp, {"x": normal([0, 3])}, {"dim": 1})
    case("logsumexp", logsumexp, {"x": torch.tensor([[math.inf, 1.0], [math.nan, 1.0]], dtype=torch.float64)}, {"dim": 1}, ["edge"])
    refused("logsumexp", logsumexp, {"x": normal([2, 3])}, {"dim": 2})
    refused("logsumexp", logsumexp, {"x": normal([2, 3])}, {"dim": [0, 0]})
    for name in ["softmax", "log_softmax"]:
        function = getattr(torch, name)
        for _ in range(8):
            x = normal(shape())
            case(name, function, {"x": x}, {"dim": some_dim(x.dim())})
        case(name, function, {"x": edges}, {"dim": 1}, ["stability"])
        case(name, function, {"x": edges}, {"dim": 0}, ["stability"])
        case(name, function, {"x": normal([])}, {"dim": -1})
        case(name, function, {"x": normal([0, 3])}, {"dim": 0})
        case(name, function, {"x": normal([2, 0, 3])}, {"dim": 2})
        case(name, function, {"x": torch.tensor([[math.inf, 1.0], [math.nan, 1.0]], dtype=torch.float64)}, {"dim": 1}, ["edge"])
        refused(name, function, {"x": normal([2, 3])}, {"dim": -3})
        refused(name, function, {"x": normal([])}, {"dim": 1})


def truths_and_orders():
    for name in ["any", "all"]:
        function = getattr(torch, name)
        for _ in range(4):
            x = mask(shape())
            case(name, function, {"x": x}, {"dim": some_dim(x.dim()), "keepdim": choose.random() < 0.5})
        case(name, function, {"x": mask([3, 4])})
        case(name, function, {"x": torch.tensor([[1.0, math.nan], [0.0, 2.0]], dtype=torch.float64)}, {"dim": 1}, ["edge"])
        case(name, function, {"x": normal([0, 3])}, {"dim": 0})
        case(name, function, {"x": mask([0])})
        refused(name, function, {"x": mask([2, 3])}, {"dim": 2})
    ordered = {
        "sort": lambda x, dim=-1, descending=False: torch.sort(x, dim=dim, descending=descending, stable=True).values,
        "argsort": lambda x, dim=-1, descending=False: torch.sort(x, dim=dim, descending=descending, stable=True).indices,
    }
    special = torch.tensor([[1.0, math.nan, -math.inf], [math.inf, 0.0, math.nan]], dtype=torch.float64)
    for name, function in ordered.items():
        for draw in [distinct, distinct, tied, distinct, tied, distinct, distinct]:
            x = draw(shape())
            case(name, function, {"x": x}, {"dim": some_dim(x.dim()), "descending": choose.random() < 0.5}, ["kink-ties"] if draw is tied else [])
        case(name, function, {"x": distinct([2, 3])})
        case(name, function, {"x": special}, {"dim": 1}, ["edge"])
        case(name, function, {"x": special}, {"dim": 1, "descending": True}, ["edge"])
        case(name, function, {"x": ints(-9, 9, [3, 4])}, {"dim": 0})
        case(name, function, {"x": normal([2, 0])}, {"dim": 1})
        refused(name, function, {"x": normal([2, 3])}, {"dim": 2})

    def topk(x, k, dim=-1, largest=True):
        return torch.topk(x, k, dim=dim, largest=largest).values

    for _ in range(7):
        x = distinct(shape())
        dim = some_dim(x.dim())
        case("topk", topk, {"x": x}, {"k": choose.randint(0, x.shape[dim] if x.dim() else 1), "dim": dim, "largest": choose.random() < 0.5})
    case("topk", topk, {"x": special}, {"k": 2}, ["edge"])
    refused("topk", topk, {"x": normal([2, 3])}, {"k": 4})
    refused("topk", topk, {"x": normal([2, 3])}, {"k": -1})
    refused("topk", topk, {"x": normal([2, 3])}, {"k": 1, "dim": 2})


# ---- moving, joining and picking


def movers():
    for _ in range(6):
        x = normal(shape())
        dims = choose.sample(range(x.dim()), x.dim())
        dims = [d if choose.random() < 0.6 else d - x.dim() for d in dims]
        case("permute", torch.permute, {"x": x}, {"dims": dims})
        x = normal(shape())
        case("transpose", torch.transpose, {"x": x}, {"dim0": some_dim(x.dim()), "dim1": some_dim(x.dim())})
        x = normal(shape())
        case("flip", torch.flip, {"x": x}, {"dims": some_dims(x.dim()) if choose.random() < 0.9 else []})
        x = normal(shape())
        case("unsqueeze", torch.unsqueeze, {"x": x}, {"dim": choose.randint(-x.dim() - 1, x.dim())})
        x = normal(shape(sizes=(1, 1, 2, 3)))
        attrs = {"dim": some_dim(x.dim())} if choose.random() < 0.6 else {}
        case("squeeze", torch.squeeze, {"x": x}, attrs)
        x = normal(shape())
        case("reshape", torch.reshape, {"x": x}, {"shape": factored(x.numel())})
        x = normal(shape())
        first, last = sorted([choose.randrange(max(x.dim(), 1)), choose.randrange(max(x.dim(), 1))])
        case("flatten", torch.flatten, {"x": x}, {"start_dim": first, "end_dim": last - (max(x.dim(), 1) if choose.random() < 0.5 else 0)})
        x = normal(shape(highest=3, sizes=(1, 1, 2, 3)))
        target = [choose.choice([2, 3]) for _ in range(choose.randint(0, 2))]
        target += [choose.choice([-1, choose.choice([2, 3]) if s == 1 else s]) for s in x.shape]
        case("expand", lambda x, shape: x.expand(shape), {"x": x}, {"shape": target})
        x = normal(shape(highest=3))
        repeats = [choose.choice([1, 1, 2, 3]) for _ in range(x.dim() + choose.randint(0, 2))]
        case("repeat", lambda x, repeats: x.repeat(repeats), {"x": x}, {"repeats": repeats})
        x = normal(shape(lowest=1))
        dims = some_dims(x.dim())
        case("roll", torch.roll, {"x": x}, {"shifts": [choose.randint(-6, 6) for _ in dims], "dims": dims})
    expand = lambda x, shape: x.expand(shape)
    repeat = lambda x, repeats: x.repeat(repeats)
    for op, function, of, attrs in [
        ("permute", torch.permute, [0, 2], {"dims": [1, 0]}),
        ("transpose", torch.transpose, [2, 0, 1], {"dim0": -1, "dim1": 0}),
        ("flip", torch.flip, [2, 0], {"dims": [0, 1]}),
        ("unsqueeze", torch.unsqueeze, [0], {"dim": -1}),
        ("squeeze", torch.squeeze, [1, 0, 1], {}),
        ("reshape", torch.reshape, [0, 3], {"shape": [3, -1]}),
        ("reshape", torch.reshape, [2, 0], {"shape": [0, 5, 2]}),
        ("reshape", torch.reshape, [], {"shape": [1, 1, 1]}),
        ("reshape", torch.reshape, [1, 1], {"shape": []}),
        ("reshape", torch.reshape, [2, 3], {"shape": [-1]}),
        ("flatten", torch.flatten, [], {}),
        ("flatten", torch.flatten, [2, 0, 3], {"start_dim": -2}),
        ("expand", expand, [1, 3], {"shape": [0, 3]}),
        ("expand", expand, [], {"shape": []}),
        ("expand", expand, [], {"shape": [2, 1, 2]}),
        ("repeat", repeat, [2, 3], {"repeats": [2, 0]}),
        ("repeat", repeat, [], {"repeats": []}),
        ("repeat", repeat, [0, 2], {"repeats": [3, 2]}),
        ("roll", torch.roll, [2, 3], {"shifts": 2}),
        ("roll", torch.roll, [3, 4], {"shifts": [1, 1], "dims": [1, 1]}),
        ("roll", torch.roll, [0, 4], {"shifts": 1, "dims": 0}),
        ("roll", torch.roll, [], {"shifts": 3}),
    ]:
        case(op, function, {"x": normal(of)}, attrs)
    case("permute", torch.permute, {"x": ints(0, 9, [2, 3])}, {"dims": [1, 0]})
    case("flip", torch.flip, {"x": mask([2, 3])}, {"dims": [1]})
    for op, function, of, attrs in [
        ("permute", torch.permute, [2, 3], {"dims": [0]}),
        ("permute", torch.permute, [2, 3], {"dims": [1, -1]}),
        ("permute", torch.permute, [2, 3], {"dims": [0, 2]}),
        ("transpose", torch.transpose, [2, 3], {"dim0": 0, "dim1": 2}),
        ("transpose", torch.transpose, [3], {"dim0": -2, "dim1": 0}),
        ("flip", torch.flip, [2, 3], {"dims": [0, -2]}),
        ("flip", torch.flip, [2, 3], {"dims": [2]}),
        ("unsqueeze", torch.unsqueeze, [2, 3], {"dim": 3}),
        ("unsqueeze", torch.unsqueeze, [2, 3], {"dim": -4}),
        ("squeeze", torch.squeeze, [2, 1], {"dim": 2}),
        ("reshape", torch.reshape, [2, 3], {"shape": [5]}),
        ("reshape", torch.reshape, [2, 3], {"shape": [-1, 4]}),
        ("reshape", torch.reshape, [2, 3], {"shape": [-1, -1]}),
        ("reshape", torch.reshape, [2, 3], {"shape": [-1, 0]}),
        ("reshape", torch.reshape, [0, 3], {"shape": [0, -1]}),
        ("reshape", torch.reshape, [2, 3], {"shape": [-2, 3]}),
        ("flatten", torch.flatten, [2, 3], {"start_dim": 1, "end_dim": 0}),
        ("flatten", torch.flatten, [2, 3], {"start_dim": 2}),
        ("expand", expand, [2, 3], {"shape": [4, 3]}),
        ("expand", expand, [2, 3], {"shape": [3]}),
        ("expand", expand, [2, 3], {"shape": [-1, 2, 3]}),
        ("expand", expand, [2, 3], {"shape": [0, 3]}),
        ("repeat", repeat, [2, 3], {"repeats": [2]}),
        ("repeat", repeat, [2, 3], {"repeats": [2, -1]}),
        ("roll", torch.roll, [2, 3], {"shifts": [1], "dims": [2]}),
        ("roll", torch.roll, [2, 3], {"shifts": [1, 2], "dims": [0]}),
        ("roll", torch.roll, [2, 3], {"shifts": [1, 2]}),
        ("roll", torch.roll, [], {"shifts": [1], "dims": [0]}),
    ]:
        refused(op, function, {"x": normal(of)}, attrs)


def factored(count):
    """A random shape of `count` elements, perhaps with a -1."""
    sizes = []
    while count > 1 and len(sizes) < 4:
        divisor = choose.choice([d for d in range(1, count + 1) if count % d == 0])
        sizes.append(divisor)
        count //= divisor
    sizes.append(count)
    if choose.random() < 0.5:
        sizes[choose.randrange(len(sizes))] = -1
    return sizes


def matrices():
    for _ in range(6):
        for name in ["tril", "triu"]:
            case(name, getattr(torch, name), {"x": normal(shape(lowest=2))}, {"diagonal": choose.randint(-3, 3)})
        x = normal(shape(lowest=2))
        first, second = choose.sample(range(x.dim()), 2)
        attrs = {"offset": choose.randint(-2, 2), "dim1": first, "dim2": second - (x.dim() if choose.random() < 0.5 else 0)}
        case("diagonal", torch.diagonal, {"x": x}, attrs)
        src = normal(torch.diagonal(x, **attrs).shape)
        case("diagonal_scatter", torch.diagonal_scatter, {"x": x, "src": src}, attrs)
        case("diag", torch.diag, {"x": normal(shape(lowest=1, highest=2))}, {"diagonal": choose.randint(-1, 1) if choose.random() < 0.7 else 0})
        # Of a tall matrix PyTorch 1.13 also gives elements beside the diagonal a gradient.
        case("trace", torch.trace, {"x": normal(sorted(shape(lowest=2, highest=2)))})
    case("trace", torch.trace, {"x": ints(-9, 9, [3, 3])})
    case("trace", torch.trace, {"x": normal([0, 3])})
    case("tril", torch.tril, {"x": normal([0, 3])})
    case("triu", torch.triu, {"x": ints(1, 9, [3, 3])})
    case("diagonal", torch.diagonal, {"x": normal([0, 3])})
    case("diagonal", torch.diagonal, {"x": normal([2, 3])}, {"offset": 4})
    case("diag", torch.diag, {"x": normal([0])})
    refused("tril", torch.tril, {"x": normal([3])})
    refused("triu", torch.triu, {"x": normal([])})
    refused("diagonal", torch.diagonal, {"x": normal([3])})
    refused("diagonal", torch.diagonal, {"x": normal([3, 3])}, {"dim1": 1, "dim2": -1})
    refused("diagonal", torch.diagonal, {"x": normal([3, 3])}, {"dim2": 2})
    refused("diag", torch.diag, {"x": normal([])})
    refused("diag", torch.diag, {"x": normal([2, 2, 2])})
    refused("trace", torch.trace, {"x": normal([3])})
    refused("trace", torch.trace, {"x": normal([2, 2, 2])})


def joins():
    def joined(function):
        return lambda *tensors, dim=0: function(list(tensors), dim=dim)

    cat, stack = joined(torch.cat), joined(torch.stack)
    for _ in range(7):
        of = shape(lowest=1, most=12)
        dim = some_dim(len(of))
        parts = {}
        for name in "abc"[: choose.randint(1, 3)]:
            own = list(of)
            own[dim] = choose.choice([1, 2, 3, 0] if len(parts) else [1, 2, 3])
            parts[name] = normal(own)
        case("cat", cat, parts, {"dim": dim})
        of = shape(highest=4, most=12)
        case("stack", stack, {name: normal(of) for name in "abc"[: choose.randint(1, 3)]}, {"dim": choose.randint(-len(of) - 1, len(of))})
    case("cat", cat, {"a": normal([0]), "b": normal([2, 3]), "c": normal([2, 1])}, {"dim": 1})
    case("cat", cat, {"a": normal([2]), "b": ints(0, 5, [3])})
    case("cat", cat, {"a": ints(0, 5, [2]), "b": mask([3])})
    case("stack", stack, {"a": normal([2]), "b": ints(0, 5, [2])}, {"dim": 1})
    case("stack", stack, {"a": normal([0, 2]), "b": normal([0, 2])}, {"dim": 2})
    refused("cat", cat, {"a": normal([2, 3]), "b": normal([2, 2])})
    refused("cat", cat, {"a": normal([2, 3]), "b": normal([3])})
    refused("cat", cat, {"a": normal([]), "b": normal([])})
    refused("cat", cat, {"a": normal([2, 3]), "b": normal([2, 3])}, {"dim": 2})
    refused("stack", stack, {"a": normal([2]), "b": normal([3])})
    refused("stack", stack, {"a": normal([2]), "b": normal([2, 1])})
    refused("stack", stack, {"a": normal([2]), "b": normal([2])}, {"dim": 2})


def pads():
    def pad(x, pad, mode="constant", value=None):
        return F.pad(x, pad, mode) if value is None else F.pad(x, pad, mode, value)

    for _ in range(8):
        x = normal(shape(sizes=(1, 2, 3, 4)))
        amounts = []
        for size in reversed(x.shape[choose.randrange(x.dim() + 1) :]):
            before = choose.randint(-1 if size > 1 else 0, 2)
            amounts += [before, max(choose.randint(-1, 2), 1 - size - before, -(size - max(-before, 0)))]
        attrs = {"pad": amounts}
        if choose.random() < 0.4:
            attrs["value"] = choose.choice([1.5, -2, math.pi])
        case("pad", pad, {"x": x}, attrs)
    for mode in ["reflect", "replicate", "circular"]:
        for of, amounts in [
            ([1, 2, 4], [2, 1]),
            ([2, 1, 3], [0, 2]),
            ([1, 2, 3, 4], [1, 3, 2, 0]),
            ([2, 1, 2, 3], [2, 2, 1, 1]),
            ([1, 1, 2, 2, 3], [1, 2, 0, 1, 1, 1]),
            ([1, 2, 5], [-1, 2]),
            ([1, 1, 4, 5], [-2, 1, 1, -1]),
            ([0, 1, 3], [1, 1]),
        ]:
            case("pad", pad, {"x": normal(of)}, {"pad": amounts, "mode": mode})
        refused("pad", pad, {"x": normal([3])}, {"pad": [1, 1], "mode": mode})
        refused("pad", pad, {"x": normal([2, 3])}, {"pad": [1, 1, 1, 1], "mode": mode})
    for mode in ["reflect", "replicate"]:
        for of, amounts in [([2, 4], [3, 1]), ([2, 3, 4], [1, 1, 2, 2])]:
            case("pad", pad, {"x": normal(of)}, {"pad": amounts, "mode": mode})
        refused("pad", pad, {"x": normal([1, 1, 3])}, {"pad": [-3, 0], "mode": mode})
    case("pad", pad, {"x": normal([1, 2])}, {"pad": [4, 5], "mode": "replicate"})
    case("pad", pad, {"x": normal([0, 3])}, {"pad": [1, 1]})
    case("pad", pad, {"x": normal([3])}, {"pad": [0, 0]})
    case("pad", pad, {"x": normal([2, 3])}, {"pad": [-3, 0, 0, -1]})
    refused("pad", pad, {"x": normal([2, 3])}, {"pad": [-3, 0, 1, 0]})
    refused("pad", pad, {"x": normal([2, 0])}, {"pad": [0, 0, 1, 1]})
    case("pad", pad, {"x": ints(1, 9, [2, 2])}, {"pad": [1, 0], "value": 2.5})
    refused("pad", pad, {"x": normal([2, 3])}, {"pad": [1]})
    refused("pad", pad, {"x": normal([3])}, {"pad": [1, 1, 1, 1]})
    refused("pad", pad, {"x": normal([3])}, {"pad": [-2, -2]})
    refused("pad", pad, {"x": normal([2, 3])}, {"pad": [3, 0], "mode": "reflect"})
    refused("pad", pad, {"x": normal([1, 1, 3])}, {"pad": [4, 0], "mode": "circular"})
    refused("pad", pad, {"x": normal([2, 3])}, {"pad": [1, 1], "mode": "replicate", "value": 1})


def slices():
    def sliced(x, dim=0, start=None, stop=None, step=1):
        axis = dim % x.dim()
        positions = list(range(x.shape[axis]))[start:stop:step]  # Python's own rules, negative steps included
        return torch.index_select(x, axis, torch.tensor(positions, dtype=torch.int64))

    def scattered(x, src, dim=0, start=None, stop=None, step=1):
        axis = dim % x.dim()
        positions = torch.tensor(list(range(x.shape[axis]))[start:stop:step], dtype=torch.int64)
        return x.index_copy(axis, positions, src)

    for _ in range(12):
        x = normal(shape(lowest=1, sizes=(1, 2, 3, 5)))
        attrs = {"dim": some_dim(x.dim())}
        for bound in ["start", "stop"]:
            if choose.random() < 0.7:
                attrs[bound] = choose.randint(-6, 6)
        if choose.random() < 0.6:
            attrs["step"] = choose.choice([1, 2, 3, -1, -2])
        case("slice", sliced, {"x": x}, attrs)
        if choose.random() < 0.5:
            case("slice_scatter", scattered, {"x": x, "src": normal(sliced(x, **attrs).shape)}, attrs)
    case("slice", sliced, {"x": normal([3, 0])}, {"dim": 1, "stop": 2})
    case("slice", sliced, {"x": ints(0, 9, [4])}, {"start": 1})
    refused("slice", lambda x, dim: torch.ops.aten.slice(x, dim, 0, 1, 1), {"x": normal([])}, {"dim": 0})
    refused("slice", lambda x, dim: torch.ops.aten.slice(x, dim, 0, 1, 1), {"x": normal([2, 3])}, {"dim": 2})
    refused("slice", lambda x, step: torch.ops.aten.slice(x, 0, 0, 1, step), {"x": normal([2, 3])}, {"step": 0})
    refused("slice_scatter", torch.slice_scatter, {"x": normal([4, 3]), "src": normal([2, 3])}, {"dim": 0})
    for _ in range(6):
        x = normal(shape(lowest=1))
        dim = some_dim(x.dim())
        case("select", torch.select, {"x": x}, {"dim": dim, "index": choose.randrange(-x.shape[dim], x.shape[dim])})
    case("select", torch.select, {"x": normal([0, 3])}, {"dim": 1, "index": -1})
    refused("select", torch.select, {"x": normal([2, 3])}, {"dim": 1, "index": 3})
    refused("select", torch.select, {"x": normal([2, 3])}, {"dim": 0, "index": -3})
    refused("select", torch.select, {"x": normal([2, 3])}, {"dim": 2, "index": 0})
    refused("select", torch.select, {"x": normal([])}, {"dim": 0, "index": 0})


def indices():
    gather = lambda x, index, dim: torch.gather(x, dim, index)
    scatter_add = lambda x, index, src, dim: torch.scatter_add(x, dim, index, src)
    index_select = lambda x, index, dim: torch.index_select(x, dim, index)
    index_add = lambda x, index, source, dim: torch.index_add(x, dim, index, source)

    def take(x, index, dim=0):
        axis = dim % x.dim()
        return x[(slice(None),) * axis + (index,)]

    def whole_src(x, index, src, dim):
        # PyTorch's own gradient needs a src of the index's shape; the part that counts has it.
        return torch.scatter_add(x, dim, index, src[tuple(slice(0, n) for n in index.shape)])

    for _ in range(7):
        of = shape()
        dim = some_dim(len(of))
        axis = dim % max(len(of), 1)
        size = of[axis] if of else 1
        index_shape = [choose.randint(1, 4) if k == axis else choose.randint(1, n) for k, n in enumerate(of)]
        case("gather", gather, {"x": normal(of), "index": ints(0, size, index_shape)}, {"dim": dim})
        src_shape = [n + choose.choice([0, 0, 1]) for n in index_shape]
        case("scatter_add", whole_src, {"x": normal(of), "index": ints(0, size, index_shape), "src": normal(src_shape)}, {"dim": dim})
        of = shape(lowest=1)
        dim = some_dim(len(of))
        count = choose.randint(0, 5)
        index = ints(0, of[dim], [count])
        case("index_select", index_select, {"x": normal(of), "index": index}, {"dim": dim})
        source = list(of)
        source[dim] = count
        case("index_add", index_add, {"x": normal(of), "index": index, "source": normal(source)}, {"dim": dim})
        case("take", take, {"x": normal(of), "index": ints(-of[dim], of[dim], shape(highest=2))}, {"dim": dim})
    for of, dim, count, first, second in [
        ([4, 3], 0, 2, [5], [5]),
        ([2, 4, 3, 2], 1, 2, [2, 1], [3]),
        ([3, 2, 4], -2, 2, [], [2, 2]),
        ([3, 4], 0, 2, [0], [1]),
    ]:
        axis = dim % len(of)
        picks = {"i": ints(-of[axis], of[axis], first), "j": ints(-of[axis + 1], of[axis + 1], second)}
        take_at = lambda x, i, j, dim: x[(slice(None),) * (dim % x.dim()) + (i, j)]
        case("take_at", take_at, {"x": normal(of), **picks}, {"dim": dim})
    refused("take_at", take_at, {"x": normal([2, 3]), "i": torch.tensor([0, 2]), "j": torch.tensor([0, 1])}, {"dim": 0})
    refused("take_at", take_at, {"x": normal([2, 3]), "i": ints(0, 2, [2]), "j": ints(0, 2, [3])}, {"dim": 0})
    case("gather", gather, {"x": normal([]), "index": ints(0, 1, [])}, {"dim": 0})
    case("gather", gather, {"x": normal([2, 3]), "index": ints(0, 3, [2, 0])}, {"dim": 1})
    case("gather", gather, {"x": ints(0, 9, [2, 3]), "index": ints(0, 3, [2, 2])}, {"dim": 1})
    case("scatter_add", scatter_add, {"x": ints(0, 9, [3]), "index": ints(0, 3, [4]), "src": ints(0, 9, [4])}, {"dim": 0})
    case("index_select", index_select, {"x": normal([]), "index": ints(0, 1, [1])}, {"dim": 0})
    case("index_select", index_select, {"x": normal([3]), "index": torch.tensor(2)}, {"dim": -1})
    case("take", take, {"x": normal([3, 2]), "index": torch.tensor(-1)}, {"dim": 0})
    square, three = normal([2, 3]), normal([3])
    for op, function, inputs, dim in [
        ("gather", gather, {"x": square, "index": ints(0, 2, [1, 4])}, 0),
        ("gather", gather, {"x": square, "index": ints(0, 2, [2])}, 0),
        ("gather", gather, {"x": square, "index": torch.tensor([[3]])}, 1),
        ("gather", gather, {"x": square, "index": torch.tensor([[-1]])}, 1),
        ("gather", gather, {"x": square, "index": ints(0, 2, [2, 3])}, 2),
        ("scatter_add", scatter_add, {"x": square, "index": ints(0, 2, [4, 3]), "src": normal([3, 3])}, 0),
        ("scatter_add", scatter_add, {"x": square, "index": ints(0, 2, [1, 4]), "src": normal([1, 4])}, 0),
        ("scatter_add", scatter_add, {"x": square, "index": torch.tensor([[2]]), "src": normal([1, 1])}, 0),
        ("index_select", index_select, {"x": three, "index": torch.tensor([3])}, 0),
        ("index_select", index_select, {"x": three, "index": torch.tensor([-1])}, 0),
        ("index_select", index_select, {"x": three, "index": torch.tensor([[1]])}, 0),
        ("index_select", index_select, {"x": three, "index": torch.tensor([1])}, 1),
        ("index_add", index_add, {"x": three, "index": torch.tensor([3]), "source": normal([1])}, 0),
        ("index_add", index_add, {"x": three, "index": torch.tensor([1, 2]), "source": normal([3])}, 0),
        ("take", take, {"x": three, "index": torch.tensor([3])}, 0),
        ("take", take, {"x": three, "index": torch.tensor([-4])}, 0),
    ]:
        refused(op, function, inputs, {"dim": dim})
    one_hot = lambda x, num_classes: F.one_hot(x, num_classes)
    for of in [[4], [2, 3], [], [0], [2, 1, 2]]:
        case("one_hot", one_hot, {"x": ints(0, 3, of)}, {"num_classes": choose.choice([3, 5])})
    refused("one_hot", one_hot, {"x": torch.tensor([0, 3])}, {"num_classes": 3})
    refused("one_hot", one_hot, {"x": torch.tensor([-1])}, {"num_classes": 3})


for family in [reductions, selections, products, norms, exponentials, truths_and_orders, movers, matrices, joins, pads, slices, indices]:
    family()

about = (
    "Random cases of the operators that reduce, sort, move, join and index, made by make_ops_reduce_shape.py. The format is that of "
    "oracle_ops.json; data that are whole numbers are written without a point. jvp_reliable is false where PyTorch's double backward "
    "does not agree with its own vjp: use output and vjp only."
)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ops_reduce_shape.json")
with open(path, "w") as file:
    file.write('{"about":' + json.dumps(about) + ',"torch":' + json.dumps(torch.__version__) + f',"n":{len(cases)},"cases":[\n')
    file.write(",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in cases))
    file.write("\n]}\n")
print(len(cases), "cases,", os.path.getsize(path) // 1024, "KiB,", sum(c.get("cotangent") is not None and not c["jvp_reliable"] for c in cases), "with unreliable jvp")
