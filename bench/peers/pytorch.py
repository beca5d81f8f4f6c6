"""PyTorch on one thread, as Debian packages it, with whatever BLAS the machine has."""

import json
import sys
import time

import numpy as np
import torch

torch.set_num_threads(1)
LEARNING_RATE = 0.1


def stream(seed, count, scale=1.0, dtype=np.float32):
    """The same numbers as `element` of workloads.ts."""
    value = np.arange(count, dtype=np.uint32) + np.uint32(seed * 7919 + 1)
    value = value * np.uint32(0x9E3779B1)
    value ^= value >> np.uint32(15)
    value = value * np.uint32(0x85EBCA77)
    value ^= value >> np.uint32(13)
    return torch.from_numpy(((value / 2.0**32 - 0.5) * scale).astype(dtype))


def parameters_of(sizes, dtype=np.float32):
    made = []
    for layer, width in enumerate(sizes[1:]):
        inputs = sizes[layer]
        made.append(stream(10 + layer, inputs * width, 4 / inputs**0.5, dtype).reshape(inputs, width))
        made.append(stream(50 + layer, width, 0.1, dtype))
    return [each.requires_grad_() for each in made]


def forward(parameters, h, activation):
    for i in range(0, len(parameters), 2):
        h = torch.addmm(parameters[i + 1], h, parameters[i])
        if i + 2 < len(parameters):
            h = activation(h)
    return h


def labels_of(batch, classes):
    return torch.tensor([(i * 7) % classes for i in range(batch)])


def net(workload):
    sizes, batch = workload["sizes"], workload["batch"]
    x = stream(1, batch * sizes[0], 2).reshape(batch, sizes[0])
    targets = labels_of(batch, sizes[-1])
    parameters = parameters_of(sizes)
    activation = getattr(torch, workload["activation"])

    def step():
        loss = torch.nn.functional.cross_entropy(forward(parameters, x, activation), targets)
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            torch._foreach_add_(parameters, gradients, alpha=-LEARNING_RATE)
        return loss

    return [step().item() for _ in range(3)], step


def product(workload):
    size = workload["size"]
    a, b = stream(1, size * size).reshape(size, size), stream(2, size * size).reshape(size, size)
    c = a @ b
    return [c[0, 0].item(), c[-1, -1].item()], lambda: a @ b


def chain(workload):
    x = stream(3, workload["count"], 4)

    def step():
        return torch.tanh(2 * x + 1) * torch.exp(-(x * x)) + torch.sigmoid(x)

    y = step()
    return [y[0].item(), y[1].item(), y[-1].item()], step


def gradcheck(workload):
    sizes, batch = workload["sizes"], workload["batch"]
    x = stream(1, batch * sizes[0], 2, np.float64).reshape(batch, sizes[0])
    targets = labels_of(batch, sizes[-1])
    parameters = parameters_of(sizes, np.float64)
    fast = sys.argv[1:] == ["fast"]

    def loss(*given):
        return torch.nn.functional.cross_entropy(forward(list(given), x, torch.tanh), targets)

    def step():
        return torch.autograd.gradcheck(loss, parameters, fast_mode=fast)

    return [float(step())], step


KINDS = {"net": net, "product": product, "chain": chain, "gradcheck": gradcheck}


def main():
    step = None
    for line in sys.stdin:
        question = json.loads(line)
        try:
            if question["action"] == "prepare":
                workload = question["workload"]
                only = sys.argv[1:] == ["fast"] and workload["kind"] != "gradcheck"
                if only:
                    answer = {"status": "no"}
                else:
                    numbers, step = KINDS[workload["kind"]](workload)
                    answer = {"status": "ok", "numbers": numbers}
            else:
                start = time.perf_counter()
                for _ in range(question["repetitions"]):
                    step()
                answer = {"status": "ok", "milliseconds": (time.perf_counter() - start) * 1000}
        except Exception as error:  # the other side prints it
            answer = {"status": "error", "message": repr(error)}
        print(json.dumps(answer), flush=True)


main()
