"""Writes torch_layers.json beside this file: what PyTorch's modules draw and compute, for the standard library's tests.

Run with a Python that has PyTorch (Debian: python3-torch, run as /usr/bin/python3). Each case is the body of a run up to an instance `m`,
and the values that PyTorch gives for expressions about it; `d` is the backward pass of the sum of squares of the result.
"""

import json
import pathlib

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
cases = []


def add(name, imports, body, values):
    stored = {k: v.detach().tolist() for k, v in values.items()}
    cases.append({"name": name, "imports": imports, "body": body, "values": stored})


def layer(name, module, construction, draws, call=None):
    """Draws the inputs after the layer, applies it, and takes the gradients of the sum of squares."""
    torch.manual_seed(7)
    made = module()
    inputs = {k: draw() for k, (_, draw) in draws.items()}
    for value in inputs.values():
        if value.is_floating_point():
            value.requires_grad_()
    result = (call or (lambda m, *xs: m(*xs)))(made, *inputs.values())
    (result**2).sum().backward()
    body = ["seed torch 7", f"layer = {construction}"]
    body += [f"{k} = {text}" for k, (text, _) in draws.items()]
    body += [f"m = layer({', '.join(draws)})", "d = backward(sum(m^2))"]
    values = {"m": result}
    for path, parameter in made.named_parameters():
        values[f"m.{path}"] = parameter
        values[f"d[m.{path}]"] = parameter.grad
    for k, value in inputs.items():
        if value.requires_grad:
            values[f"d.{k}"] = value.grad
    add(name, [construction.split("(")[0]], body, values)


def normal(*shape):
    return (f"randn({list(shape)})", lambda: torch.randn(*shape))


layer("Linear", lambda: nn.Linear(3, 4), "Linear(3, 4)", {"x": normal(2, 3)})
layer("Linear over leading dimensions", lambda: nn.Linear(3, 2), "Linear(3, 2)", {"x": normal(2, 4, 3)})
layer("Embedding", lambda: nn.Embedding(5, 3), "Embedding(5, 3)", {"index": ("randint(5, [2, 4])", lambda: torch.randint(5, (2, 4)))})
layer("Conv1d", lambda: nn.Conv1d(2, 3, 2, stride=2, padding=1), "Conv1d(2, 3, 2, stride = 2, padding = 1)", {"x": normal(2, 2, 5)})
layer("Conv2d", lambda: nn.Conv2d(2, 3, 3, padding=1), "Conv2d(2, 3, 3, padding = 1)", {"x": normal(1, 2, 4, 3)})
layer("Conv2d in groups", lambda: nn.Conv2d(4, 2, 2, dilation=2, groups=2), "Conv2d(4, 2, 2, dilation = 2, groups = 2)", {"x": normal(2, 4, 4, 3)})
layer(
    "ConvTranspose2d",
    lambda: nn.ConvTranspose2d(2, 4, 2, stride=2, output_padding=1, groups=2),
    "ConvTranspose2d(2, 4, 2, stride = 2, output_padding = 1, groups = 2)",
    {"x": normal(1, 2, 2, 3)},
)
layer("MaxPool2d", lambda: nn.MaxPool2d(2), "MaxPool2d(2)", {"x": normal(1, 2, 4, 4)})
layer("AvgPool2d", lambda: nn.AvgPool2d(2), "AvgPool2d(2)", {"x": normal(1, 2, 4, 4)})
layer("LayerNorm", lambda: nn.LayerNorm(4), "LayerNorm(4)", {"x": normal(2, 3, 4)})
layer("BatchNorm of rows", lambda: nn.BatchNorm1d(3), "BatchNorm(3)", {"x": normal(4, 3)})
layer("BatchNorm of images", lambda: nn.BatchNorm2d(2), "BatchNorm(2)", {"x": normal(2, 2, 2, 3)})
layer("GroupNorm", lambda: nn.GroupNorm(2, 4), "GroupNorm(2, 4)", {"x": normal(2, 4, 3)})
layer("RNNCell", lambda: nn.RNNCell(3, 2), "RNNCell(3, 2)", {"x": normal(4, 3), "h": normal(4, 2)})
layer("GRUCell", lambda: nn.GRUCell(3, 2), "GRUCell(3, 2)", {"x": normal(4, 3), "h": normal(4, 2)})
layer(
    "LSTMCell",
    lambda: nn.LSTMCell(3, 2),
    "LSTMCell(3, 2)",
    {"x": normal(4, 3), "h": normal(4, 2), "c": normal(4, 2)},
    lambda m, x, h, c: m(x, (h, c))[0],
)
heads = {"query": normal(2, 3, 4), "key": normal(2, 5, 4), "value": normal(2, 5, 4)}
attend = lambda m, q, k, v: m(q, k, v, need_weights=False)[0]
layer("MultiHeadAttention", lambda: nn.MultiheadAttention(4, 2, batch_first=True), "MultiHeadAttention(4, 2)", heads, attend)
same = {"query": normal(2, 3, 4), "key": normal(2, 3, 4), "value": normal(2, 3, 4)}
mask = torch.ones(3, 3, dtype=torch.bool).triu(1)
layer(
    "MultiHeadAttention that is causal",
    lambda: nn.MultiheadAttention(4, 2, batch_first=True),
    "MultiHeadAttention(4, 2, causal = true)",
    same,
    lambda m, q, k, v: m(q, k, v, attn_mask=mask, need_weights=False)[0],
)


def perceptron():
    torch.manual_seed(7)
    made = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2))
    x = torch.randn(6, 3)
    target = torch.randint(2, (6,))
    loss = nn.CrossEntropyLoss()(made(x), target)
    loss.backward()
    values = {"loss": loss}
    for i, part in enumerate([made[0], made[2], made[4]], 1):
        values[f"m.fc[{i}].weight"] = part.weight
        values[f"d[m.fc[{i}].weight]"] = part.weight.grad
        values[f"d[m.fc[{i}].bias]"] = part.bias.grad
    body = ["seed torch 7", "layer = MLP([3, 4, 5, 2])", "x = randn([6, 3])", "target = randint(2, [6])", "m = layer(x)"]
    body += ["loss = CrossEntropyLoss()(m, target)", "d = backward(loss)"]
    add("MLP", ["MLP", "CrossEntropyLoss"], body, values)


perceptron()


def loss(name, module, construction, draws):
    torch.manual_seed(7)
    inputs = [draw() for _, draw in draws.values()]
    inputs[0].requires_grad_()
    value = module()(*inputs)
    value.backward()
    first = next(iter(draws))
    body = ["seed torch 7"] + [f"{k} = {text}" for k, (text, _) in draws.items()]
    body += [f"m = {construction}({', '.join(draws)})", "d = backward(m)"]
    add(name, [name], body, {"m": value, f"d.{first}": inputs[0].grad})


def unit(*shape):
    return (f"rand({list(shape)})", lambda: torch.rand(*shape))


def labels(n, *shape):
    return (f"randint({n}, {list(shape)})", lambda: torch.randint(n, shape))


pair = {"x": normal(3, 2), "y": normal(3, 2)}
loss("CrossEntropyLoss", lambda: nn.CrossEntropyLoss(label_smoothing=0.1, ignore_index=1), "CrossEntropyLoss(label_smoothing = 0.1, ignore_index = 1)", {"x": normal(5, 3), "target": labels(3, 5)})
loss("NLLLoss", lambda: nn.NLLLoss(), "NLLLoss()", {"x": normal(5, 3), "target": labels(3, 5)})
loss("MSELoss", lambda: nn.MSELoss(), "MSELoss()", pair)
loss("L1Loss", lambda: nn.L1Loss(reduction="sum"), 'L1Loss("sum")', pair)
loss("SmoothL1Loss", lambda: nn.SmoothL1Loss(beta=0.5), "SmoothL1Loss(beta = 0.5)", pair)
loss("HuberLoss", lambda: nn.HuberLoss(delta=0.5), "HuberLoss(delta = 0.5)", pair)
loss("KLDivLoss", lambda: nn.KLDivLoss(reduction="batchmean"), 'KLDivLoss("batchmean")', {"x": normal(3, 2), "y": unit(3, 2)})
loss("BCELoss", lambda: nn.BCELoss(), "BCELoss()", {"x": unit(3, 2), "y": unit(3, 2)})
loss("BCEWithLogitsLoss", lambda: nn.BCEWithLogitsLoss(), "BCEWithLogitsLoss()", {"x": normal(3, 2), "y": unit(3, 2)})

path = pathlib.Path(__file__).with_name("torch_layers.json")
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
path.write_text(f'{{"torch": "{torch.__version__}", "cases": [\n{lines}\n]}}\n')
print(len(cases), "cases,", path.stat().st_size, "bytes")
