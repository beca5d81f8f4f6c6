"""Second-order results and training runs of whole nets, by PyTorch: whole_specs.json.

Every number that a case needs stands in it, so that a spec can be written from it without a random generator.
"""
import json
import os
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


def numbers(tensor):
    return json.loads(json.dumps(tensor.detach().double().tolist()))


def second_order(name, dtype, inputs, forward, seed):
    """The gradient, Hessian and Hessian-vector product of a scalar function with respect to each input."""
    torch.manual_seed(seed)
    tensors = {key: (0.5 * torch.randn(shape)).double().to(dtype) for key, shape in inputs.items()}
    case = {"name": name, "dtype": str(dtype).split(".")[1], "inputs": {k: numbers(v) for k, v in tensors.items()}}
    case["value"] = numbers(forward(**tensors))
    case["wrt"] = {}
    for key in inputs:
        def of(x, key=key):
            return forward(**{**tensors, key: x})
        v = torch.randn(inputs[key]).to(dtype)
        case["wrt"][key] = {
            "gradient": numbers(torch.autograd.functional.jacobian(of, tensors[key])),
            "hessian": numbers(torch.autograd.functional.hessian(of, tensors[key])),
            "v": numbers(v),
            "hvp": numbers(torch.autograd.functional.hvp(of, tensors[key], v)[1]),
        }
    return case


LABELS = torch.tensor([0, 2, 1])


def classifier(X, W1, b1, W2):
    h = torch.tanh(X @ W1 + b1)
    return F.cross_entropy(h @ W2, LABELS) + 0.1 * (W1**2).sum()


def normed(x, g, b, w):
    return (F.softplus(F.layer_norm(x, (4,), g, b, 1e-5)) @ w).pow(2).mean()


def attention(q, k, v):
    return (torch.softmax(q @ k.T / 2, dim=-1) @ v).pow(3).sum()


def convolution(x, w, b):
    return F.gelu(F.conv2d(x, w, b, stride=1, padding=1)).pow(2).mean()


def logs(x, w):
    return torch.logsumexp(torch.sigmoid(x @ w), dim=0).sum() + F.binary_cross_entropy_with_logits(x @ w, torch.full((3, 2), 0.25, dtype=x.dtype))


SECOND_ORDER = [
    ("classifier", {"X": [3, 2], "W1": [2, 3], "b1": [3], "W2": [3, 3]}, classifier),
    ("normed", {"x": [3, 4], "g": [4], "b": [4], "w": [4]}, normed),
    ("attention", {"q": [3, 2], "k": [3, 2], "v": [3, 2]}, attention),
    ("convolution", {"x": [1, 2, 3, 3], "w": [2, 2, 2, 2], "b": [2]}, convolution),
    ("logs", {"x": [3, 2], "w": [2, 2]}, logs),
]


def jacobians():
    torch.manual_seed(5)
    x = torch.randn(2, 3).double()
    w = torch.randn(3, 2).double()

    def of(a, b):
        return torch.softmax(a @ b, dim=-1)

    jx, jw = torch.autograd.functional.jacobian(of, (x, w))
    return {"x": numbers(x), "w": numbers(w), "jx": numbers(jx), "jw": numbers(jw)}


OPTIMIZERS = {
    "sgd(0.1)": lambda p: torch.optim.SGD(p, 0.1),
    "sgd(0.05, momentum = 0.9, nesterov = true, weight_decay = 0.01)": lambda p: torch.optim.SGD(
        p, 0.05, momentum=0.9, nesterov=True, weight_decay=0.01
    ),
    "adam(0.05)": lambda p: torch.optim.Adam(p, 0.05),
    "adam(0.05, beta1 = 0.8, amsgrad = true, weight_decay = 0.1)": lambda p: torch.optim.Adam(
        p, 0.05, betas=(0.8, 0.999), amsgrad=True, weight_decay=0.1
    ),
    "adamw(0.05, weight_decay = 0.1)": lambda p: torch.optim.AdamW(p, 0.05, weight_decay=0.1),
    "rmsprop(0.02, alpha = 0.9, momentum = 0.5, centered = true)": lambda p: torch.optim.RMSprop(
        p, 0.02, alpha=0.9, momentum=0.5, centered=True
    ),
}


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(3, 4)
        self.out = torch.nn.Linear(4, 3)

    def forward(self, X, y):
        return F.cross_entropy(self.out(torch.tanh(self.fc(X))), y)


def training(text, make, dtype, shuffle):
    """Five epochs over seven examples in batches of two: twenty steps, every fourth on a short batch."""
    torch.set_default_dtype(dtype)
    torch.manual_seed(11)
    X = torch.randn(7, 3)
    y = torch.randint(3, (7,))
    net = Net()
    optimizer = make(net.parameters())
    losses = []
    for _ in range(5):
        order = torch.randperm(7) if shuffle else torch.arange(7)
        for at in range(0, 7, 2):
            batch = order[at : at + 2]
            optimizer.zero_grad()
            loss = net(X[batch], y[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    result = {
        "optimizer": text,
        "dtype": str(dtype).split(".")[1],
        "shuffle": shuffle,
        "losses": losses,
        "final": {name: numbers(value) for name, value in net.named_parameters()},
    }
    torch.set_default_dtype(torch.float32)
    return result


def main():
    cases = {
        "torch": torch.__version__,
        "second_order": [
            second_order(name, dtype, inputs, forward, 3)
            for name, inputs, forward in SECOND_ORDER
            for dtype in (torch.float64, torch.float32)
        ],
        "jacobians": jacobians(),
        "training": [
            training(text, make, dtype, shuffle)
            for text, make in OPTIMIZERS.items()
            for dtype, shuffle in ((torch.float64, False), (torch.float32, True))
        ],
    }
    with open(os.path.join(HERE, "whole_specs.json"), "w") as file:
        json.dump(cases, file)
        file.write("\n")


if __name__ == "__main__":
    main()
