"""Writes ops_nn.json beside this file: PyTorch's numbers for the operators of linear algebra, layers and losses.

Run with a Python that has PyTorch (Debian: python3-torch, run as /usr/bin/python3). Cases have the format of oracle_ops.json:
inputs, attributes, output, an explicit cotangent, the vjp of each float input, tangents and the jvp (by double backward);
`raises` marks calls that PyTorch refuses. Names of operators, inputs and attributes are those of oracle_ops.json.
"""

import json
import math
import pathlib
import random
import warnings

import torch
import torch.nn.functional as F

warnings.simplefilter("ignore")
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

cases = []
counts = {}
torch.manual_seed(20240607)


def normal(*shape):
    return torch.randn(*shape)


def unit(*shape):
    return 0.05 + 0.9 * torch.rand(*shape)


def labels(classes, *shape):
    return torch.randint(0, classes, shape)


def probabilities(shape, dim):
    return torch.softmax(torch.randn(*shape), dim)


def number(value):
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def stored(tensor):
    tensor = tensor.detach()
    kind = {torch.float64: "float64", torch.int64: "int64", torch.bool: "bool"}[tensor.dtype]
    flat = tensor.reshape(-1).tolist()
    data = [number(value) for value in flat] if kind == "float64" else flat
    return {"shape": list(tensor.shape), "dtype": kind, "data": data}


def name_of(op, tag):
    counts[op] = counts.get(op, 0) + 1
    return f"nn:{op}{':' + tag if tag else ''}#{counts[op]}"


def case(op, function, inputs, attrs=None, constants=(), tag="", reliable=True):
    """One call: `function(**inputs, **attrs)`; inputs named in `constants` have no derivative."""
    attrs = attrs or {}
    name = name_of(op, tag)
    leaves = {k: v.clone().requires_grad_() for k, v in inputs.items() if v.is_floating_point() and k not in constants}
    given = {**inputs, **leaves}
    output = function(given, attrs)
    record = {"name": name, "op": op, "attrs": attrs, "inputs": {k: stored(v) for k, v in inputs.items()}}
    record["output"] = stored(output)
    cotangent = torch.randn(output.shape).requires_grad_()
    record["cotangent"] = stored(cotangent)
    wanted = list(leaves.values())
    gradients = torch.autograd.grad(output, wanted, cotangent, create_graph=True, allow_unused=True)
    gradients = [torch.zeros_like(leaf) if g is None else g for g, leaf in zip(gradients, wanted)]
    record["vjp"] = {k: stored(g) for k, g in zip(leaves, gradients)}
    tangents = {k: torch.randn(v.shape) for k, v in leaves.items()}
    record["tangents"] = {k: stored(t) for k, t in tangents.items()}
    record["jvp"], record["jvp_reliable"] = None, False
    moving = [(g, t) for g, t in zip(gradients, tangents.values()) if g.requires_grad]
    if moving and reliable:
        # The gradient is linear in the cotangent, so its derivative with respect to it, applied to the tangents, is J·v.
        total = sum((g * t).sum() for g, t in moving)
        try:
            (moves,) = torch.autograd.grad(total, cotangent, allow_unused=True)
        except RuntimeError as problem:
            # PyTorch 1.13 cannot differentiate a normalisation's rule twice where there is a bias but no weight.
            print(f"{name} has no jvp: {str(problem)[:60]}")
            moves = None
        if moves is not None:
            record["jvp"], record["jvp_reliable"] = stored(moves), True
    cases.append(record)


def refused(op, function, inputs, attrs=None):
    attrs = attrs or {}
    try:
        function(inputs, attrs)
    except (RuntimeError, ValueError, IndexError, AssertionError) as problem:
        message = str(problem).split("\n")[0][:160]
        record = {"name": name_of(op, "raises"), "op": op, "attrs": attrs, "raises": True, "message": message}
        record["inputs"] = {k: stored(v) for k, v in inputs.items()}
        cases.append(record)
        return
    raise SystemExit(f"{op} {attrs} was not refused")


def call(torch_function, *order):
    """Inputs by position in PyTorch's order (missing ones are None), attributes by name."""

    def run(inputs, attrs):
        return torch_function(*[inputs.get(name) for name in order], **attrs)

    return run


# ---- linear algebra

matmul = call(torch.matmul, "x", "y")
for x, y in [
    ([1], [1]), ([5], [5]), ([4, 1], [1, 3]), ([1, 4], [4]), ([4], [4, 1]), ([3, 2, 4], [4]), ([4], [2, 3, 4, 2]),
    ([2, 1, 3, 4], [5, 4, 2]), ([3, 1, 1, 2, 3], [1, 2, 1, 3, 2]), ([5, 2, 3], [1, 3, 4]), ([1, 2, 3], [4, 3, 2]),
    ([2, 2, 2, 3], [3, 5]), ([2, 3], [4, 3, 5]), ([0, 3], [3, 2]), ([2, 0], [0, 3]), ([0], [0]), ([2, 0, 3], [3, 4]),
    ([7, 9], [9, 6]), ([3, 0, 2], [2]), ([0, 2, 3], [3, 1]),
]:
    case("matmul", matmul, {"x": normal(*x), "y": normal(*y)})
case("matmul", matmul, {"x": torch.tensor([[1.0, math.inf], [0.0, 2.0]]), "y": torch.tensor([[1.0], [0.0]])}, tag="inf", reliable=False)
for x, y in [([2, 3], [4]), ([3], [4, 2]), ([2, 2, 3], [3, 3, 2]), ([4, 5], [4, 5]), ([2, 3, 4], [3, 4])]:
    refused("matmul", matmul, {"x": normal(*x), "y": normal(*y)})
refused("matmul", matmul, {"x": torch.tensor(2.0), "y": normal(3)})

dot = call(torch.dot, "x", "y")
for n in [1, 7, 0]:
    case("dot", dot, {"x": normal(n), "y": normal(n)})
refused("dot", dot, {"x": normal(2, 2), "y": normal(2)})
outer = call(torch.outer, "x", "y")
for n, m in [(1, 4), (5, 2), (0, 3), (3, 0)]:
    case("outer", outer, {"x": normal(n), "y": normal(m)})
refused("outer", outer, {"x": normal(2, 2), "y": normal(2)})

linear = call(F.linear, "x", "weight", "bias")
for x, w, bias in [([5], [3, 5], True), ([2, 3, 4], [5, 4], True), ([2, 1, 2, 3], [1, 3], False), ([0, 3], [2, 3], True), ([4, 3], [3], False), ([1, 1], [1, 1], True)]:
    inputs = {"x": normal(*x), "weight": normal(*w)}
    if bias:
        inputs["bias"] = normal(w[0])
    case("linear", linear, inputs)
refused("linear", linear, {"x": normal(4, 3), "weight": normal(3, 2)})
refused("linear", linear, {"x": normal(4, 3), "weight": normal(2, 3), "bias": normal(3)})


def einsum(inputs, attrs):
    return torch.einsum(attrs["equation"], *inputs.values())


for equation, *shapes in [
    ("i->i", [3]), ("i->", [4]), ("ij->ji", [2, 3]), ("ijk->kij", [2, 3, 4]), ("ii->i", [4, 4]), ("iij->ij", [2, 2, 3]),
    ("iii->i", [3, 3, 3]), ("iijj->ij", [2, 2, 3, 3]), ("ijij->", [2, 3, 2, 3]), ("ij", [2, 3]), ("ba", [2, 3]), ("Ab", [3, 2]),
    ("bij,bj->bi", [2, 3, 4], [2, 4]), ("bi,bi->b", [3, 4], [3, 4]), ("i,i", [5], [5]), ("i,j", [2], [3]),
    ("ij,kj->ik", [2, 3], [4, 3]), ("ij,ij->", [2, 3], [2, 3]), ("bhqd,bhkd->bhqk", [2, 2, 3, 4], [2, 2, 5, 4]),
    ("ijk,jil->kl", [2, 3, 4], [3, 2, 5]), ("bn,anm,bm->ba", [2, 3], [4, 3, 2], [2, 2]), ("i,j,k->kji", [2], [3], [4]),
    ("ij,jk,kl->il", [2, 3], [3, 4], [4, 2]), ("...ij->...ji", [2, 2, 3]), ("...ii->...i", [2, 3, 3]),
    ("...ij,...jk->...ik", [3, 1, 2, 3], [4, 3, 2]), ("i...,i...->...", [2, 3], [2, 3]), ("...,...->...", [2, 1, 3], [4, 3]),
    ("b...k,kl->b...l", [2, 3, 4, 5], [5, 2]), ("...->", [2, 3]), ("i...j", [3, 2, 2]), ("ij,jk->ik", [2, 3], [1, 4]),
    ("ij,ij->ij", [1, 3], [2, 3]), ("ij,jk->k", [2, 3], [3, 4]), ("ii,ii->i", [3, 3], [3, 3]), ("ij,ik->jk", [0, 2], [0, 3]),
    (" i j , j k -> i k ", [2, 3], [3, 2]), ("ij->...j", [2, 3]), ("a,b,c,d->dcba", [2], [1], [2], [3]),
]:
    case("einsum", einsum, {chr(97 + i): normal(*shape) for i, shape in enumerate(shapes)}, {"equation": equation})
for equation, *shapes in [
    ("ij,jk->ik", [2, 3], [2, 3]), ("ii->i", [2, 3]), ("ii->i", [1, 3]), ("ij->k", [2, 3]), ("ij->ii", [2, 2]), ("ijk->i", [2, 3]),
    ("ij,jk->ik", [2, 3]), ("i", [2], [2]), ("...i->i...", []), ("i1->i", [2, 3]),
]:
    refused("einsum", einsum, {chr(97 + i): normal(*shape) if shape else torch.tensor(1.0) for i, shape in enumerate(shapes)}, {"equation": equation})

# ---- losses between two tensors

pairs = [([4], [4]), ([2, 3], [2, 3]), ([2, 3], [3]), ([2, 1], [1, 3]), ([2, 1, 3], [2, 2, 1]), ([0, 3], [0, 3]), ([2, 2], [])]


def tensor_or_scalar(make, shape):
    return make(*shape) if shape else make(1).reshape(())


for op, function, options in [
    ("mse_loss", F.mse_loss, [{}]), ("l1_loss", F.l1_loss, [{}]),
    ("smooth_l1_loss", F.smooth_l1_loss, [{}, {"beta": 0.3}, {"beta": 2.5}, {"beta": 0.0}]),
    ("huber_loss", F.huber_loss, [{}, {"delta": 0.3}, {"delta": 2.5}]),
]:
    for i, (x, y) in enumerate(pairs):
        attrs = {"reduction": ["mean", "sum", "none"][i % 3], **options[i % len(options)]}
        case(op, call(function, "x", "y"), {"x": normal(*x), "y": tensor_or_scalar(normal, y)}, attrs)
    case(op, call(function, "x", "y"), {"x": tensor_or_scalar(normal, []), "y": tensor_or_scalar(normal, [])}, {})
    refused(op, call(function, "x", "y"), {"x": normal(2, 3), "y": normal(2)})
refused("smooth_l1_loss", call(F.smooth_l1_loss, "x", "y"), {"x": normal(2), "y": normal(2)}, {"beta": -0.5})
refused("huber_loss", call(F.huber_loss, "x", "y"), {"x": normal(2), "y": normal(2)}, {"delta": 0.0})
ties = {"x": torch.tensor([0.0, 1.0, -1.0, 2.0, -2.0, 0.5]), "y": torch.zeros(6)}
for op, function, attrs in [
    ("l1_loss", F.l1_loss, {}), ("smooth_l1_loss", F.smooth_l1_loss, {"beta": 1.0}), ("smooth_l1_loss", F.smooth_l1_loss, {"beta": 0.5}),
    ("huber_loss", F.huber_loss, {"delta": 1.0}), ("huber_loss", F.huber_loss, {"delta": 2.0}),
]:
    case(op, call(function, "x", "y"), ties, {"reduction": "sum", **attrs}, tag="kink", reliable=False)

for i, (x, y) in enumerate(pairs):
    attrs = {"reduction": ["mean", "batchmean", "none", "sum"][i % 4]}
    case("kl_div", call(F.kl_div, "x", "y"), {"x": normal(*x), "y": tensor_or_scalar(unit, y)}, attrs)
    case("kl_div", call(F.kl_div, "x", "y"), {"x": normal(*x), "y": tensor_or_scalar(normal, y)}, {**attrs, "log_target": True})
case("kl_div", call(F.kl_div, "x", "y"), {"x": tensor_or_scalar(normal, []), "y": tensor_or_scalar(unit, [])}, {"reduction": "batchmean"})
case("kl_div", call(F.kl_div, "x", "y"), {"x": normal(3), "y": torch.tensor([0.0, 1.0, 0.5])}, {"reduction": "none"}, constants=["y"], tag="zero")

for i, shape in enumerate([[4], [3, 2], [2, 3, 2], [0, 2], [1, 1]]):
    attrs = {"reduction": ["mean", "sum", "none"][i % 3]}
    bce, logits = call(F.binary_cross_entropy, "x", "y", "weight"), F.binary_cross_entropy_with_logits
    with_logits = call(lambda x, y, w, p, **more: logits(x, y, weight=w, pos_weight=p, **more), "x", "y", "weight", "pos_weight")
    case("bce", bce, {"x": unit(*shape), "y": unit(*shape)}, attrs)
    case("bce", bce, {"x": unit(*shape), "y": torch.bernoulli(torch.full(shape, 0.5)), "weight": unit(shape[-1])}, attrs, constants=["weight", "y"])
    case("bce_with_logits", with_logits, {"x": 3 * normal(*shape), "y": unit(*shape)}, attrs)
    case("bce_with_logits", with_logits, {"x": normal(*shape), "y": unit(*shape), "weight": unit(*shape)}, attrs, constants=["weight"])
    case("bce_with_logits", with_logits, {"x": normal(*shape), "y": unit(*shape), "pos_weight": 2 * unit(shape[-1])}, attrs, constants=["pos_weight"])
    case("bce_with_logits", with_logits, {"x": normal(*shape), "y": unit(*shape), "weight": unit(1), "pos_weight": 3 * unit(*shape)}, attrs, constants=["weight", "pos_weight"])
extreme = {"x": torch.tensor([-800.0, -40.0, 0.0, 40.0, 800.0]), "y": torch.tensor([0.0, 1.0, 0.5, 0.0, 1.0])}
case("bce_with_logits", with_logits, extreme, {"reduction": "none"}, constants=["y"], tag="stability", reliable=False)
case("bce", bce, {"x": torch.tensor([0.0, 1.0, 1.0, 0.0]), "y": torch.tensor([0.0, 1.0, 0.0, 1.0])}, {"reduction": "none"}, constants=["y"], tag="edge", reliable=False)
for op, function, x in [("bce", bce, unit(3, 2)), ("bce_with_logits", with_logits, normal(3, 2))]:
    refused(op, function, {"x": x, "y": unit(2)})
    refused(op, function, {"x": x, "y": unit(3, 1)})
    refused(op, function, {"x": x, "y": unit(3, 2), "weight": unit(3)})
refused("bce", bce, {"x": torch.tensor([0.5, 1.5]), "y": unit(2)})
refused("bce", bce, {"x": torch.tensor([-0.1, 0.5]), "y": unit(2)})

# ---- classification

cross_entropy = call(F.cross_entropy, "x", "target", "weight")
nll_loss = call(F.nll_loss, "x", "target", "weight")
for i, (shape, places) in enumerate([([5, 3], [5]), ([1, 4], [1]), ([3], []), ([2, 3, 4], [2, 4]), ([2, 4, 1, 3], [2, 1, 3]), ([2, 2, 2, 1, 2], [2, 2, 1, 2]), ([3, 1], [3])]):
    axis = 0 if len(shape) == 1 else 1
    classes = shape[axis]
    target = torch.tensor(random.Random(i).randrange(classes)) if not places else labels(classes, *places)
    for reduction in ["mean", "sum", "none"]:
        some = {"reduction": reduction}
        weight = unit(classes)
        ignored = {**some, "ignore_index": classes - 1}
        case("cross_entropy", cross_entropy, {"x": normal(*shape), "target": target, "weight": weight}, some, constants=["weight"], tag="weight")
        case("cross_entropy", cross_entropy, {"x": normal(*shape), "target": target}, ignored, tag="ignore")
        both = {**ignored, "label_smoothing": 0.25}
        case("cross_entropy", cross_entropy, {"x": normal(*shape), "target": target, "weight": weight}, both, constants=["weight"], tag="all")
        inputs = {"x": normal(*shape), "target": probabilities(shape, axis), "weight": weight}
        soft = {**some, "label_smoothing": [0.0, 0.3, 1.0][i % 3]}
        case("cross_entropy", cross_entropy, inputs, soft, constants=["weight"], tag="prob-target")
        if i < 5:
            logs = torch.log_softmax(normal(*shape), axis)
            case("nll_loss", nll_loss, {"x": logs, "target": target, "weight": weight}, ignored, constants=["weight"])
for reduction in ["mean", "sum", "none"]:
    some = {"reduction": reduction}
    gone = {"x": normal(3, 4), "target": torch.full((3,), -100)}
    case("cross_entropy", cross_entropy, gone, some, tag="all-ignored", reliable=False)
    case("nll_loss", nll_loss, gone, some, tag="all-ignored", reliable=False)
    case("cross_entropy", cross_entropy, gone, {**some, "label_smoothing": 0.1}, tag="all-ignored", reliable=False)
    zero = {"x": normal(3, 3), "target": torch.tensor([0, 1, -1]), "weight": torch.tensor([0.0, 1.0, 1.0])}
    case("cross_entropy", cross_entropy, zero, {**some, "ignore_index": -1}, constants=["weight"], tag="zero-weight")
    case("cross_entropy", cross_entropy, {"x": normal(0, 3), "target": labels(3, 0)}, some, tag="empty", reliable=False)
    case("cross_entropy", cross_entropy, {"x": normal(2, 3, 0), "target": labels(3, 2, 0)}, some, tag="empty", reliable=False)
big = torch.tensor([[1e4, 0.0, -1e4], [800.0, 799.0, -math.inf]])
case("cross_entropy", cross_entropy, {"x": big, "target": torch.tensor([1, 0])}, {}, tag="stability", reliable=False)
for op, function in [("cross_entropy", cross_entropy), ("nll_loss", nll_loss)]:
    refused(op, function, {"x": normal(2, 3), "target": torch.tensor([0, 3])})
    refused(op, function, {"x": normal(2, 3), "target": torch.tensor([-1, 0])})
    refused(op, function, {"x": normal(2, 3), "target": labels(3, 3)})
    refused(op, function, {"x": normal(2, 3), "target": labels(3, 2, 1)})
    refused(op, function, {"x": normal(2, 3), "target": labels(3, 2), "weight": unit(2)})
    refused(op, function, {"x": normal(2, 3, 4), "target": labels(3, 2, 3)})
    refused(op, function, {"x": normal(2, 3), "target": unit(2)})
refused("cross_entropy", cross_entropy, {"x": normal(2, 3), "target": labels(3, 2)}, {"label_smoothing": 1.5})
refused("cross_entropy", cross_entropy, {"x": normal(2, 3), "target": probabilities([2, 3], 1)}, {"ignore_index": 0})

# ---- normalisation

layer_norm = call(lambda x, w, b, normalized_shape, **more: F.layer_norm(x, normalized_shape, w, b, **more), "x", "weight", "bias")
for shape, rank, weight, bias, eps in [([5], 1, True, True, 1e-5), ([2, 3, 4], 2, True, True, 1e-5), ([2, 3, 4], 3, False, False, 0.1), ([2, 1, 2, 3], 1, True, False, 1e-3), ([3, 1, 5], 2, True, True, 1e-5), ([0, 3], 1, True, True, 1e-5), ([2, 2, 5], 1, False, True, 1e-8)]:
    last = shape[len(shape) - rank:]
    inputs = {"x": normal(*shape)}
    if weight:
        inputs["weight"] = normal(*last)
    if bias:
        inputs["bias"] = normal(*last)
    case("layer_norm", layer_norm, inputs, {"normalized_shape": last, "eps": eps})
refused("layer_norm", layer_norm, {"x": normal(2, 3)}, {"normalized_shape": [2]})
refused("layer_norm", layer_norm, {"x": normal(2, 3), "weight": normal(2)}, {"normalized_shape": [3]})
refused("layer_norm", layer_norm, {"x": normal(2, 3)}, {"normalized_shape": []})

batch_norm = call(lambda x, w, b, **more: F.batch_norm(x, None, None, w, b, training=True, **more), "x", "weight", "bias")
for shape, weight, bias, eps in [([4, 2], False, False, 1e-5), ([2, 1], True, True, 1e-3), ([1, 3, 4], True, True, 1e-5), ([3, 2, 2, 3], True, False, 0.1), ([2, 2, 1, 2, 2], True, True, 1e-5), ([3, 2, 2], False, True, 1e-5)]:
    inputs = {"x": normal(*shape)}
    if weight:
        inputs["weight"] = normal(shape[1])
    if bias:
        inputs["bias"] = normal(shape[1])
    case("batch_norm_train", batch_norm, inputs, {"eps": eps})
refused("batch_norm_train", batch_norm, {"x": normal(1, 3)})
refused("batch_norm_train", batch_norm, {"x": normal(4)})
refused("batch_norm_train", batch_norm, {"x": normal(4, 3), "weight": normal(4)})

group_norm = call(lambda x, w, b, num_groups, **more: F.group_norm(x, num_groups, w, b, **more), "x", "weight", "bias")
for shape, groups, weight, bias, eps in [([2, 6], 3, True, True, 1e-5), ([2, 4], 2, False, False, 1e-3), ([1, 4, 3], 1, True, True, 1e-5), ([2, 3, 2, 2], 3, True, False, 0.1), ([2, 4, 1, 2, 1], 2, True, True, 1e-5)]:
    inputs = {"x": normal(*shape)}
    if weight:
        inputs["weight"] = normal(shape[1])
    if bias:
        inputs["bias"] = normal(shape[1])
    case("group_norm", group_norm, inputs, {"num_groups": groups, "eps": eps})
refused("group_norm", group_norm, {"x": normal(2, 5, 2)}, {"num_groups": 2})
refused("group_norm", group_norm, {"x": normal(2, 4, 2), "bias": normal(2)}, {"num_groups": 2})


def rms_norm(inputs, attrs):
    x = inputs["x"]
    y = x * torch.rsqrt((x * x).mean(-1, keepdim=True) + attrs["eps"])
    return y * inputs["weight"] if "weight" in inputs else y


for shape, weight, eps in [([4], True, 1e-6), ([2, 3, 4], True, 0.1), ([3, 2], False, 1e-6), ([0, 2], True, 1e-6)]:
    inputs = {"x": normal(*shape)}
    if weight:
        inputs["weight"] = normal(shape[-1])
    case("rms_norm", rms_norm, inputs, {"eps": eps})

# ---- convolutions

conv2d = call(F.conv2d, "x", "weight", "bias")
for x, w, bias, attrs in [
    ([1, 1, 3, 3], [1, 1, 3, 3], True, {}), ([2, 3, 4, 5], [2, 3, 2, 3], True, {"stride": [2, 1]}), ([4, 4, 4], [2, 4, 1, 1], True, {}),
    ([1, 2, 5, 4], [3, 2, 3, 2], False, {"padding": [2, 1], "stride": 3}), ([1, 1, 6, 7], [2, 1, 2, 3], True, {"dilation": [2, 3], "padding": 1}),
    ([2, 6, 3, 3], [3, 2, 2, 2], True, {"groups": 3}), ([1, 4, 4, 3], [8, 1, 2, 2], False, {"groups": 4, "stride": 2, "padding": 1}),
    ([0, 2, 4, 4], [3, 2, 2, 2], True, {}), ([1, 2, 5, 5], [2, 1, 3, 3], True, {"groups": 2, "dilation": 2, "padding": 2, "stride": 2}), ([1, 1, 1, 1], [1, 1, 1, 1], True, {"padding": 2}),
    ([1, 2, 7, 3], [1, 2, 2, 3], False, {"stride": [3, 1]}),
]:
    inputs = {"x": normal(*x), "weight": normal(*w)}
    if bias:
        inputs["bias"] = normal(w[0])
    case("conv2d", conv2d, inputs, attrs)
for x, w, attrs in [([4, 4], [1, 1, 2, 2], {}), ([1, 2, 4, 4], [1, 1, 2, 2], {}), ([1, 1, 2, 2], [1, 1, 3, 3], {}), ([1, 1, 4, 4], [1, 1, 2, 2], {"stride": 0}), ([1, 1, 4, 4], [1, 1, 2, 2], {"padding": -1}), ([1, 1, 4, 4], [1, 1, 2, 2], {"dilation": 0}), ([1, 4, 4, 4], [3, 2, 2, 2], {"groups": 2}), ([1, 3, 4, 4], [2, 2, 2, 2], {"groups": 2}), ([1, 1, 4, 4], [1, 1, 2], {}), ([1, 1, 4, 4], [1, 1, 3, 3], {"dilation": 2})]:
    refused("conv2d", conv2d, {"x": normal(*x), "weight": normal(*w)}, attrs)
refused("conv2d", conv2d, {"x": normal(1, 2, 4, 4), "weight": normal(3, 2, 2, 2), "bias": normal(2)})

conv1d = call(F.conv1d, "x", "weight", "bias")
for x, w, bias, attrs in [([1, 1, 3], [1, 1, 3], True, {}), ([2, 2, 6], [3, 2, 2], True, {"stride": 2, "padding": 1}), ([3, 5], [2, 3, 2], False, {"dilation": 2}), ([2, 4, 5], [6, 2, 3], True, {"groups": 2, "padding": 2}), ([1, 3, 4], [3, 1, 2], True, {"groups": 3, "stride": 2})]:
    inputs = {"x": normal(*x), "weight": normal(*w)}
    if bias:
        inputs["bias"] = normal(w[0])
    case("conv1d", conv1d, inputs, attrs)
refused("conv1d", conv1d, {"x": normal(5), "weight": normal(1, 1, 2)})
refused("conv1d", conv1d, {"x": normal(1, 1, 2), "weight": normal(1, 1, 3)})

conv_transpose2d = call(F.conv_transpose2d, "x", "weight", "bias")
for x, w, bias, attrs in [
    ([1, 1, 1, 1], [1, 1, 2, 2], True, {}), ([2, 3, 2, 3], [3, 2, 2, 3], True, {"stride": [2, 1]}), ([1, 2, 3, 3], [2, 1, 3, 3], False, {"padding": 1, "stride": 2, "output_padding": 1}),
    ([1, 4, 2, 2], [4, 2, 2, 2], True, {"groups": 2, "dilation": 2}), ([2, 2, 3], [2, 3, 2, 2], True, {"stride": 3, "output_padding": [2, 1]}), ([1, 1, 2, 2], [1, 1, 3, 2], True, {"dilation": [2, 3], "output_padding": [1, 2], "stride": 3}),
    ([0, 2, 2, 2], [2, 1, 2, 2], True, {}), ([1, 3, 2, 2], [3, 1, 2, 2], False, {"groups": 3, "stride": 2, "padding": 1}),
]:
    inputs = {"x": normal(*x), "weight": normal(*w)}
    if bias:
        inputs["bias"] = normal(w[1] * attrs.get("groups", 1))
    case("conv_transpose2d", conv_transpose2d, inputs, attrs)
for x, w, attrs in [([1, 2, 3, 3], [3, 2, 2, 2], {}), ([1, 2, 3, 3], [2, 3, 2, 2], {"output_padding": 1}), ([1, 2, 1, 1], [2, 3, 2, 2], {"padding": 1}), ([1, 3, 3, 3], [3, 2, 2, 2], {"groups": 2})]:
    refused("conv_transpose2d", conv_transpose2d, {"x": normal(*x), "weight": normal(*w)}, attrs)

# ---- pooling


def distinct(*shape):
    count = math.prod(shape)
    return (torch.randperm(count).double() - count / 2 + 0.5 * torch.rand(count)).reshape(shape)


max_pool2d, avg_pool2d = call(F.max_pool2d, "x"), call(F.avg_pool2d, "x")
for shape, attrs in [
    ([1, 1, 4, 4], {"kernel_size": 2}), ([2, 2, 5, 5], {"kernel_size": 2}), ([2, 5, 4], {"kernel_size": [3, 2], "stride": 1}), ([1, 2, 5, 6], {"kernel_size": 3, "stride": 2, "padding": 1}),
    ([1, 1, 5, 5], {"kernel_size": 2, "ceil_mode": True}), ([1, 2, 7, 6], {"kernel_size": 3, "stride": 2, "ceil_mode": True}), ([1, 1, 6, 5], {"kernel_size": 3, "stride": [2, 3], "padding": [1, 0], "ceil_mode": True}),
    ([1, 1, 7, 7], {"kernel_size": 2, "padding": 1, "stride": 4, "ceil_mode": True}), ([0, 2, 4, 4], {"kernel_size": 2}), ([1, 1, 2, 3], {"kernel_size": [1, 2], "stride": [2, 1]}), ([1, 1, 3, 3], {"kernel_size": 2, "stride": 3, "ceil_mode": True}),
]:
    case("max_pool2d", max_pool2d, {"x": distinct(*shape)}, attrs)
    case("avg_pool2d", avg_pool2d, {"x": normal(*shape)}, attrs)
    case("avg_pool2d", avg_pool2d, {"x": normal(*shape)}, {**attrs, "count_include_pad": False})
case("avg_pool2d", avg_pool2d, {"x": normal(1, 2, 4, 5)}, {"kernel_size": 2, "stride": 2, "padding": 1, "divisor_override": 3})
for shape, attrs in [([1, 1, 6, 6], {"kernel_size": 2, "dilation": 2}), ([1, 2, 7, 6], {"kernel_size": [2, 3], "dilation": [3, 2], "padding": 1, "stride": 2}), ([2, 6, 5], {"kernel_size": 2, "dilation": 2, "stride": 2, "ceil_mode": True})]:
    case("max_pool2d", max_pool2d, {"x": distinct(*shape)}, attrs)
case("max_pool2d", max_pool2d, {"x": torch.ones(1, 2, 4, 4)}, {"kernel_size": 2, "stride": 1, "padding": 1}, tag="ties", reliable=False)
case("max_pool2d", max_pool2d, {"x": torch.tensor([[[1.0, math.nan, 2.0], [math.nan, 0.0, 3.0], [-math.inf, -math.inf, 1.0]]])}, {"kernel_size": 2, "stride": 1}, tag="nan", reliable=False)
case("max_pool2d", max_pool2d, {"x": torch.full((1, 1, 4, 4), -math.inf)}, {"kernel_size": 2, "padding": 1}, tag="inf", reliable=False)
for op, function in [("max_pool2d", max_pool2d), ("avg_pool2d", avg_pool2d)]:
    for shape, attrs in [([4, 4], {"kernel_size": 2}), ([1, 1, 4, 4], {"kernel_size": 2, "padding": 2}), ([1, 1, 1, 1], {"kernel_size": 2}), ([1, 1, 4, 4], {"kernel_size": 2, "stride": 0})]:
        refused(op, function, {"x": normal(*shape)}, attrs)
max_pool1d, avg_pool1d = call(F.max_pool1d, "x"), call(F.avg_pool1d, "x")
for shape, attrs in [([1, 2, 6], {"kernel_size": 2}), ([2, 7], {"kernel_size": 3, "stride": 2, "padding": 1}), ([1, 1, 7], {"kernel_size": 2, "ceil_mode": True}), ([2, 1, 5], {"kernel_size": 3, "stride": 1, "padding": 1})]:
    case("max_pool1d", max_pool1d, {"x": distinct(*shape)}, attrs)
    case("avg_pool1d", avg_pool1d, {"x": normal(*shape)}, attrs)
case("avg_pool1d", avg_pool1d, {"x": normal(1, 2, 6)}, {"kernel_size": 3, "padding": 1, "count_include_pad": False})
case("max_pool1d", max_pool1d, {"x": distinct(1, 2, 9)}, {"kernel_size": 3, "dilation": 2, "stride": 2})

# ---- embedding and attention

embedding = call(F.embedding, "index", "weight")
for shape, rows, width, attrs in [([], 3, 2, {}), ([4], 3, 1, {}), ([2, 2, 3], 4, 2, {}), ([0], 2, 3, {}), ([5], 4, 2, {"padding_idx": 1}), ([2, 3], 3, 2, {"padding_idx": -1})]:
    index = torch.tensor(1) if not shape else labels(rows, *shape)
    case("embedding", embedding, {"index": index, "weight": normal(rows, width)}, attrs)
refused("embedding", embedding, {"index": torch.tensor([0, 3]), "weight": normal(3, 2)})
refused("embedding", embedding, {"index": torch.tensor([-1]), "weight": normal(3, 2)})
refused("embedding", embedding, {"index": torch.tensor([0]), "weight": normal(3, 2)}, {"padding_idx": 3})
refused("embedding", embedding, {"index": torch.tensor([0]), "weight": normal(3)})


def attention(inputs, attrs):
    q, k, v = inputs["q"], inputs["k"], inputs["v"]
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if attrs.get("causal"):
        seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
        scores = scores.masked_fill(~seen, -math.inf)
    return torch.softmax(scores, -1) @ v


for q, k, v, causal in [([3, 2], [4, 2], [4, 5], False), ([2, 3, 4, 2], [2, 3, 5, 2], [2, 3, 5, 3], False), ([1, 1], [1, 1], [1, 1], False), ([2, 5, 3], [2, 5, 3], [2, 5, 3], True), ([4, 2], [2, 2], [2, 3], True), ([2, 4], [5, 4], [5, 1], True), ([3, 1, 2, 2], [2, 4, 2], [4, 3], False)]:
    case("sdpa", attention, {"q": normal(*q), "k": normal(*k), "v": normal(*v)}, {"causal": True} if causal else {})

# ---- more linear algebra

for op, function, x, y in [("mm", torch.mm, [2, 4], [4, 3]), ("mm", torch.mm, [1, 1], [1, 2]), ("mv", torch.mv, [3, 4], [4]), ("bmm", torch.bmm, [3, 2, 4], [3, 4, 1]), ("bmm", torch.bmm, [0, 2, 3], [0, 3, 2])]:
    case(op, call(function, "x", "y"), {"x": normal(*x), "y": normal(*y)})
for op, function, x, y in [("mm", torch.mm, [2, 4], [4]), ("mv", torch.mv, [3, 4], [4, 1]), ("bmm", torch.bmm, [1, 2, 4], [3, 4, 1]), ("mm", torch.mm, [2, 3], [2, 3])]:
    refused(op, call(function, "x", "y"), {"x": normal(*x), "y": normal(*y)})
for shape in [[1, 1], [2, 2], [4, 4], [3, 2, 2], [2, 1, 3, 3]]:
    case("det", call(torch.det, "x"), {"x": normal(*shape)})
    case("inverse", call(torch.inverse, "x"), {"x": normal(*shape) + 2 * torch.eye(shape[-1])})
for op, function in [("det", torch.det), ("inverse", torch.inverse)]:
    refused(op, call(function, "x"), {"x": normal(2, 3)})
    refused(op, call(function, "x"), {"x": normal(3)})
refused("inverse", call(torch.inverse, "x"), {"x": torch.ones(2, 2)})
solve = call(torch.linalg.solve, "a", "b")
for a, b in [([3, 3], [3]), ([3, 3], [3, 4]), ([2, 3, 3], [2, 3, 1]), ([2, 3, 3], [2, 3]), ([2, 3, 3], [3, 2]), ([1, 2, 2, 2], [3, 1, 2, 2]), ([3, 3], [2, 3, 1])]:
    case("solve", solve, {"a": normal(*a) + 2 * torch.eye(a[-1]), "b": normal(*b)})
refused("solve", solve, {"a": normal(2, 3), "b": normal(2)})
refused("solve", solve, {"a": normal(3, 3), "b": normal(2)})
refused("solve", solve, {"a": torch.ones(2, 2), "b": normal(2)})

normalize = call(F.normalize, "x")
for shape, attrs in [([3, 4], {}), ([2, 3, 4], {"dim": -1, "p": 1.0}), ([4], {"dim": 0, "p": 3.0}), ([2, 3], {"eps": 50.0}), ([2, 2, 3], {"dim": 0, "p": math.inf})]:
    given = {k: "inf" if v == math.inf else v for k, v in attrs.items()}
    case("normalize", lambda inputs, _, attrs=attrs: normalize(inputs, attrs), {"x": normal(*shape)}, given)
case("normalize", normalize, {"x": torch.zeros(2, 3)}, {}, tag="zero", reliable=False)
refused("normalize", normalize, {"x": normal(4)})
cosine = call(F.cosine_similarity, "x1", "x2")
for x1, x2, attrs in [([3, 4], [3, 4], {}), ([4], [4], {"dim": 0}), ([2, 3, 4], [3, 4], {"dim": -1}), ([2, 3], [2, 3], {"dim": 0}), ([3, 4], [4], {"eps": 10.0})]:
    case("cosine_similarity", cosine, {"x1": normal(*x1), "x2": normal(*x2)}, attrs)
refused("cosine_similarity", cosine, {"x1": normal(4), "x2": normal(4)})



def write(path, doc, made):
    head = json.dumps({"about": doc.strip().split("\n")[0], "torch": torch.__version__, "n": len(made)})[:-1]
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in made)
    path.write_text(f'{head}, "cases": [\n{lines}\n]}}\n')
    print(len(made), "cases,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    write(pathlib.Path(__file__).with_name("ops_nn.json"), __doc__, cases)
