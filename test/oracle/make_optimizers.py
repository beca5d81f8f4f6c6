"""Makes optimizers.json: 20 steps of PyTorch's optimizers, each with its options, in both widths.

Run from anywhere:  python3 make_optimizers.py
The reference run uses PyTorch's portable kernels (ATEN_CPU_CAPABILITY=default), which round after every operation;
"fused" is the same run on kernels with fused multiply-add, which skip some roundings. The gradients are given, not derived
from the parameters, so that a step's error does not feed the next step's gradient.
"""
import json
import os
import subprocess
import sys

STEPS = 20
CASES = {
    "sgd": [
        {"lr": 0.1},
        {"lr": 0.1, "weight_decay": 0.05},
        {"lr": 0.1, "momentum": 0.9},
        {"lr": 0.1, "momentum": 0.9, "dampening": 0.3},
        {"lr": 0.1, "momentum": 0.9, "nesterov": True},
        {"lr": 0.01, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1},
        {"lr": 0.03, "momentum": 0.95, "dampening": 0.1, "weight_decay": 0.01},
    ],
    "adam": [
        {},
        {"lr": 0.05, "beta1": 0.8, "beta2": 0.99, "eps": 1e-6},
        {"lr": 0.01, "weight_decay": 0.1},
        {"lr": 0.01, "amsgrad": True},
        {"lr": 0.02, "amsgrad": True, "weight_decay": 0.02, "beta1": 0.5},
        {"lr": 0.02, "beta1": 0.0, "beta2": 0.0},
    ],
    "adamw": [
        {},
        {"lr": 0.05, "beta1": 0.8, "beta2": 0.99, "eps": 1e-6},
        {"lr": 0.01, "weight_decay": 0.1},
        {"lr": 0.01, "weight_decay": 0.0},
        {"lr": 0.01, "amsgrad": True},
        {"lr": 0.02, "amsgrad": True, "weight_decay": 0.3, "beta1": 0.5},
    ],
    "rmsprop": [
        {},
        {"lr": 0.02, "alpha": 0.9, "eps": 1e-5},
        {"lr": 0.02, "weight_decay": 0.1},
        {"lr": 0.02, "momentum": 0.9},
        {"lr": 0.02, "centered": True},
        {"lr": 0.02, "alpha": 0.9, "eps": 1e-4, "weight_decay": 0.05, "momentum": 0.7, "centered": True},
    ],
}


def run():
    import numpy as np
    import torch

    classes = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "rmsprop": torch.optim.RMSprop}
    rng = np.random.RandomState(2024)
    shapes = [(3, 11), (5,)]
    start = [rng.standard_normal(s) for s in shapes]
    # Steps of different size, one gradient that is always zero, and one parameter with a tiny gradient.
    gradients = [[rng.standard_normal(s) * 10 ** rng.uniform(-3, 1) for s in shapes] for _ in range(STEPS)]
    for turn in gradients:
        turn[1][0] = 0.0
        turn[1][1] *= 1e-9
    results = []
    for name, options in CASES.items():
        for given in options:
            for dtype in ("float64", "float32"):
                kind = getattr(torch, dtype)
                p = [torch.tensor(s, dtype=kind).requires_grad_() for s in start]
                keywords = dict(given)
                if "beta1" in keywords or "beta2" in keywords:
                    keywords["betas"] = (keywords.pop("beta1", 0.9), keywords.pop("beta2", 0.999))
                optimizer = classes[name](p, **keywords)
                steps = []
                for turn in gradients:
                    for q, g in zip(p, turn):
                        q.grad = torch.tensor(g, dtype=kind)
                    optimizer.step()
                    steps.append([q.detach().flatten().tolist() for q in p])
                results.append({"optimizer": name, "arguments": given, "dtype": dtype, "steps": steps})
    return {
        "torch": torch.__version__,
        "shapes": shapes,
        "start": [s.flatten().tolist() for s in start],
        "gradients": [[g.flatten().tolist() for g in turn] for turn in gradients],
        "cases": results,
    }


def with_kernels(capability):
    environment = dict(os.environ, ATEN_CPU_CAPABILITY=capability)
    return json.loads(subprocess.check_output([sys.executable, __file__, "--run"], env=environment))


if "--run" in sys.argv:
    json.dump(run(), sys.stdout)
else:
    result, fused = with_kernels("default"), with_kernels("avx2")
    for case, other in zip(result["cases"], fused["cases"]):
        assert (case["optimizer"], case["arguments"], case["dtype"]) == (other["optimizer"], other["arguments"], other["dtype"])
        case["fused"] = other["steps"][-1]
    result["defaults"] = None
    import torch

    def defaults(cls):
        values = dict(cls([torch.zeros(1, requires_grad=True)], lr=0.125).defaults)
        values.pop("lr")
        if "betas" in values:
            values["beta1"], values["beta2"] = values.pop("betas")
        return {k: v for k, v in values.items() if k not in ("maximize", "foreach", "capturable", "differentiable", "fused")}

    def default_rate(cls):
        try:
            return cls([torch.zeros(1, requires_grad=True)]).defaults["lr"]
        except (TypeError, ValueError):
            return None

    classes = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "rmsprop": torch.optim.RMSprop}
    result["defaults"] = {name: dict(defaults(cls), lr=default_rate(cls)) for name, cls in classes.items()}
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "optimizers.json"), "w") as f:
        json.dump(result, f, separators=(",", ":"))
        f.write("\n")
