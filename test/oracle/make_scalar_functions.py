"""Writes scalar_functions.json: erf and sigmoid at many points, correctly rounded from 60-digit arithmetic.

Run with any Python 3: python3 test/oracle/make_scalar_functions.py
"""
import json
import os
import random
from decimal import Decimal, getcontext

getcontext().prec = 60
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")


def erf(x):
    """2/√π Σ (-1)ⁿ x^(2n+1) / (n! (2n+1)), with enough digits for the cancellation up to |x| = 6."""
    getcontext().prec = 110
    x = Decimal(x)
    term, total, n = x, Decimal(0), 0
    while abs(term) > Decimal(10) ** -80:
        total += term / (2 * n + 1)
        n += 1
        term *= -x * x / n
    result = 2 / PI.sqrt() * total
    getcontext().prec = 60
    return float(result)


def sigmoid(x):
    return float(1 / (1 + (-Decimal(x)).exp()))


random.seed(1)
points = [random.uniform(-6, 6) for _ in range(200)] + [random.uniform(-1, 1) * 10 ** random.uniform(-20, 0) for _ in range(60)]
points += [0.84375, 1.25, 1 / 0.35, 5.9999, -0.84374999, -1.2499999, -2.857, 2.0 ** -28, 0.5, -0.5]
wide = [random.uniform(-40, 40) for _ in range(100)] + [random.uniform(-700, 700) for _ in range(60)]
data = {
    "about": "Made by make_scalar_functions.py: [x, f(x)] with f(x) correctly rounded",
    "erf": [[x, erf(x)] for x in points],
    "sigmoid": [[x, sigmoid(x)] for x in wide],
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scalar_functions.json")
with open(path, "w") as file:
    json.dump(data, file)
    file.write("\n")
