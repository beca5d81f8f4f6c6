"""Writes ops_nn_random.json beside this file: PyTorch's numbers and refusals at random shapes and attributes.

Run with a Python that has PyTorch, with a seed and a number of rounds where others than the committed ones are wanted:
`make_ops_nn_random.py [seed [rounds [file]]]`. The cases have the format of make_ops_nn.py, which makes each of them.
"""

import pathlib
import random
import sys

import torch
import torch.nn.functional as F

import make_ops_nn as made
from make_ops_nn import call, normal, unit, labels, probabilities, distinct

seed, rounds = (int(text) for text in (sys.argv[1:3] + ["1", "8"][len(sys.argv[1:3]) :]))
chance = random.Random(seed)
torch.manual_seed(seed)
made.cases.clear()
made.counts.clear()


def whole(low, high):
    return chance.randint(low, high)


def often(probability=0.5):
    return chance.random() < probability


def attempt(op, function, inputs, attrs=None, constants=()):
    """A case, or a refusal where PyTorch refuses."""
    attrs = attrs or {}
    try:
        function(inputs, attrs)
    except (RuntimeError, ValueError, IndexError, AssertionError):
        made.refused(op, function, inputs, attrs)
        return
    try:
        made.case(op, function, inputs, attrs, constants)
    except RuntimeError as problem:
        print(f"{op} {attrs} has no derivative in PyTorch: {str(problem)[:60]}")


def options(**makers):
    """Some of the attributes, each made by its function."""
    return {name: make() for name, make in makers.items() if often()}


def pair(low, high):
    return lambda: [whole(low, high), whole(low, high)] if often() else whole(low, high)


def first_of(attrs):
    return {name: value[0] if isinstance(value, list) else value for name, value in attrs.items()}


def shaped(make, shape):
    return make(*shape) if shape else make(1).reshape(())


def convolutions():
    groups = chance.choice([1, 1, 1, 2, 3])
    channels, filters = groups * whole(1, 2), groups * whole(1, 2) + often(0.05)
    attrs = options(stride=pair(1, 3), padding=pair(0, 2), dilation=pair(1, 2))
    if groups > 1:
        attrs["groups"] = groups
    batch = [] if often(0.2) else [whole(1, 2)]
    bias = {"bias": normal(filters)} if often() else {}
    x, weight = [*batch, channels, whole(2, 6), whole(2, 6)], [filters, channels // groups, whole(1, 3), whole(1, 3)]
    attempt("conv2d", made.conv2d, {"x": normal(*x), "weight": normal(*weight), **bias}, attrs)
    attempt("conv1d", made.conv1d, {"x": normal(*x[:-1]), "weight": normal(*weight[:-1]), **bias}, first_of(attrs))
    x, weight = [*batch, channels, whole(1, 4), whole(1, 4)], [channels, whole(1, 2), whole(1, 3), whole(1, 3)]
    more = {**attrs, **options(output_padding=pair(0, 2))}
    attempt("conv_transpose2d", made.conv_transpose2d, {"x": normal(*x), "weight": normal(*weight)}, more)


def poolings():
    attrs = {"kernel_size": pair(1, 4)(), **options(stride=pair(1, 4), padding=pair(0, 2), ceil_mode=lambda: True)}
    x = [whole(1, 2), whole(1, 8), whole(1, 8)] if often(0.2) else [whole(1, 2), whole(1, 2), whole(1, 8), whole(1, 8)]
    counting = options(count_include_pad=lambda: False)
    attempt("avg_pool2d", made.avg_pool2d, {"x": normal(*x)}, {**attrs, **counting})
    attempt("avg_pool1d", made.avg_pool1d, {"x": normal(*x[:-1])}, {**first_of(attrs), **counting})
    dilated = {**attrs, **options(dilation=pair(1, 2))}
    attempt("max_pool2d", made.max_pool2d, {"x": distinct(*x)}, dilated)


def products():
    batch = [whole(1, 3) for _ in range(whole(0, 3))]

    def operand(*last):
        return [size if often() else 1 for size in batch][whole(0, len(batch)) :] + list(last)

    inner = whole(0, 4)
    x = [inner] if often(0.15) else operand(whole(1, 3), inner)
    y = [inner] if often(0.15) else operand(inner, whole(1, 3) + often(0.1))
    attempt("matmul", made.matmul, {"x": normal(*x), "y": normal(*y)})
    attempt("einsum", made.einsum, *random_einsum())


def random_einsum():
    sizes = {letter: whole(1, 3) for letter in "abcde"}
    hidden = [whole(1, 2) for _ in range(whole(0, 2))]
    dotted = often(0.3)
    terms, shapes = [], []
    for _ in range(whole(1, 3)):
        letters = "".join(chance.choice("abcde") for _ in range(whole(0, 4)))
        shape = [sizes[letter] for letter in letters]
        place = whole(0, len(letters))
        if dotted and often(0.7):
            terms.append(f"{letters[:place]}...{letters[place:]}")
            shape[place:place] = [size if often(0.7) else 1 for size in hidden[whole(0, len(hidden)) :]]
        else:
            terms.append(letters)
        shapes.append(shape)
    equation = ",".join(terms)
    if often(0.8):
        result = [letter for letter in sorted(set("".join(terms)) - {"."}) if often()]
        chance.shuffle(result)
        place = whole(0, len(result))
        dots = ["..."] if dotted and often(0.7) else []
        equation += "->" + "".join(result[:place] + dots + result[place:])
    return {chr(97 + i): shaped(normal, shape) for i, shape in enumerate(shapes)}, {"equation": equation}


def classification():
    classes = whole(1, 4)
    shape = [classes] if often(0.15) else [whole(1, 3), classes] + [whole(1, 2) for _ in range(chance.choice([0, 0, 1, 2, 3]))]
    axis = 0 if len(shape) == 1 else 1
    places = [size for i, size in enumerate(shape) if i != axis]
    target = labels(classes, *places) if places else torch.tensor(whole(0, classes - 1))
    target = target + classes * often(0.06)
    attrs = {"reduction": chance.choice(["mean", "sum", "none"])}
    smooth = options(label_smoothing=lambda: chance.choice([0.0, 0.1, 0.5, 1.0]))
    ignored = options(ignore_index=lambda: chance.choice([0, classes - 1, -100]))
    weight = {"weight": unit(classes)} if often() else {}
    attempt("cross_entropy", made.cross_entropy, {"x": normal(*shape), "target": target, **weight}, {**attrs, **smooth, **ignored}, ["weight"])
    attempt("nll_loss", made.nll_loss, {"x": normal(*shape), "target": target, **weight}, {**attrs, **ignored}, ["weight"])
    soft = {"x": normal(*shape), "target": probabilities(shape, axis), **weight}
    attempt("cross_entropy", made.cross_entropy, soft, {**attrs, **smooth}, ["weight"])


def pair_losses():
    attrs = {"reduction": chance.choice(["mean", "sum", "none"])}
    x = [whole(1, 3) for _ in range(whole(0, 3))]
    y = [size if often(0.7) else 1 for size in x][whole(0, len(x)) if often(0.3) else 0 :]
    for op, function, some in [
        ("mse_loss", F.mse_loss, {}),
        ("l1_loss", F.l1_loss, {}),
        ("smooth_l1_loss", F.smooth_l1_loss, {"beta": chance.choice([0.0, 0.3, 1.0, 2.0])}),
        ("huber_loss", F.huber_loss, {"delta": chance.choice([0.3, 1.0, 2.0])}),
    ]:
        attempt(op, call(function, "x", "y"), {"x": shaped(normal, x), "y": shaped(normal, y)}, {**attrs, **some})
    divergence = {"reduction": chance.choice([attrs["reduction"], "batchmean"]), "log_target": often()}
    attempt("kl_div", call(F.kl_div, "x", "y"), {"x": shaped(normal, x), "y": shaped(unit, y)}, divergence)
    weights = {name: shaped(unit, y) for name in ["weight", "pos_weight"] if often()}
    logits = {"x": shaped(normal, x), "y": shaped(unit, x), **weights}
    attempt("bce_with_logits", made.with_logits, logits, attrs, list(weights))
    weight = {"weight": shaped(unit, y)} if often() else {}
    attempt("bce", made.bce, {"x": shaped(unit, x), "y": shaped(unit, x), **weight}, attrs, ["weight"])


def normalisations():
    eps = {"eps": chance.choice([1e-5, 1e-3, 0.1])}
    affine = often()

    def parameters(*shape):
        return {"weight": normal(*shape), "bias": normal(*shape)} if affine else {}

    x = [whole(1, 3) for _ in range(whole(0, 2))] + [whole(3, 5)]
    last = x[len(x) - whole(1, len(x)) :]
    last[-1] += often(0.1)
    attempt("layer_norm", made.layer_norm, {"x": normal(*x), **parameters(*last)}, {"normalized_shape": last, **eps})
    x = [whole(2, 4), whole(1, 3)] + [whole(2, 3) for _ in range(whole(0, 3))]
    attempt("batch_norm_train", made.batch_norm, {"x": normal(*x), **parameters(x[1])}, eps)
    groups = whole(1, 3)
    x = [whole(1, 3), groups * whole(1, 2), whole(2, 4)] + [whole(1, 3) for _ in range(whole(0, 2))]
    attempt("group_norm", made.group_norm, {"x": normal(*x), **parameters(x[1])}, {"num_groups": groups, **eps})


def attention():
    batch = [whole(1, 2) for _ in range(whole(0, 2))]
    width, queries, keys = whole(1, 3), whole(1, 4), whole(1, 4)
    inputs = {"q": normal(*batch, queries, width), "k": normal(*batch, keys, width), "v": normal(*batch, keys, whole(1, 3))}
    attempt("sdpa", made.attention, inputs, options(causal=lambda: True))
    rows = whole(1, 4)
    index = labels(rows, *[whole(1, 3) for _ in range(whole(1, 3))])
    attempt("embedding", made.embedding, {"index": index, "weight": normal(rows, whole(1, 3))}, options(padding_idx=lambda: whole(-rows, rows - 1)))


if __name__ == "__main__":
    for _ in range(rounds):
        for part in [convolutions, poolings, products, classification, pair_losses, normalisations, attention]:
            part()
    path = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else pathlib.Path(__file__).with_name("ops_nn_random.json")
    made.write(path, __doc__, made.cases)
