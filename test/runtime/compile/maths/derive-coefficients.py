"""Derives the polynomials of src/runtime/compile/maths and prints them with their errors: weighted least squares at
Chebyshev nodes in 50 digits (near minimax), coefficients rounded one after the other, lowest first, with the rest fitted
again after each. Needs mpmath and numpy. Run: python3 derive-coefficients.py"""
import mpmath as mp
import numpy as np

mp.mp.dps = 50


def single(value):
    return mp.mpf(float(np.float32(float(value))))


def double(value):
    return mp.mpf(float(value))


def fit(name, f, powers, a, b, weight, rounded):
    a, b, n = mp.mpf(a), mp.mpf(b), len(powers)
    count = max(4 * n, 60)
    xs = [(a + b) / 2 + (b - a) / 2 * mp.cos(mp.pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    ws = [weight(x) for x in xs]
    fs = [f(x) for x in xs]
    fixed = {}

    def solve():
        free = [i for i in range(n) if i not in fixed]
        matrix, right = mp.matrix(count, len(free)), mp.matrix(count, 1)
        for k, x in enumerate(xs):
            for j, i in enumerate(free):
                matrix[k, j] = ws[k] * x ** powers[i]
            right[k] = ws[k] * (fs[k] - sum(c * x ** powers[i] for i, c in fixed.items()))
        solution = mp.qr_solve(matrix, right)[0]
        return {i: solution[j] for j, i in enumerate(free)}

    for i in range(n):
        fixed[i] = rounded(solve()[i])
    worst = mp.mpf(0)
    for k in range(2001):
        x = a + (b - a) * (k + mp.mpf(1) / 3) / 2001
        worst = max(worst, abs(weight(x) * (f(x) - sum(fixed[i] * x ** powers[i] for i in range(n)))))
    print(name, "error 2^%.2f" % float(mp.log(worst, 2)))
    print("   [" + ", ".join(repr(float(fixed[i])) for i in range(n)) + "],")


def odd(g, z):
    """g(x)/x - 1 as a function of z = x²."""
    x = mp.sqrt(z)
    return g(x) / x - 1


def relative(g):
    return lambda z: mp.sqrt(z) / g(mp.sqrt(z))


def main():
    half = mp.log(2) / 2 * mp.mpf("1.01")
    tiny = mp.mpf(10) ** -9
    low, high = mp.sqrt(mp.mpf(1) / 2) - 1, mp.sqrt(2) - 1
    for width, rounded, pick in (("f32", single, 0), ("f64", double, 1)):
        fit(width + " exp: e^r - 1 - r from r^2", lambda r: mp.expm1(r) - r, range(2, (7, 13)[pick]), -half, half, lambda r: mp.exp(-r), rounded)
        fit(width + " expm1, the same relative to expm1", lambda r: mp.expm1(r) - r, range(2, (8, 14)[pick]), -half, half, lambda r: 1 / r, rounded)
        terms = (5, 11)[pick]
        fit(width + " tanh", lambda z: odd(mp.tanh, z), range(1, terms + 1), tiny, mp.mpf("0.56") ** 2, relative(mp.tanh), rounded)
        fit(width + " sinh", lambda z: odd(mp.sinh, z), range(1, (5, 8)[pick]), tiny, 1, relative(mp.sinh), rounded)
        quarter = mp.pi / 4 * mp.mpf("1.01")
        fit(width + " sin", lambda z: odd(mp.sin, z), range(1, (4, 7)[pick]), tiny, quarter**2, relative(mp.sin), rounded)
        fit(width + " cos: from z^2", lambda z: mp.cos(mp.sqrt(z)) - 1 + z / 2, range(2, (5, 8)[pick]), tiny, quarter**2, lambda z: 1, rounded)
        eighth = (mp.sqrt(2) - 1) * mp.mpf("1.001")
        fit(width + " atan", lambda z: odd(mp.atan, z), range(1, (6, 13)[pick]), tiny, eighth**2, relative(mp.atan), rounded)
        edge = (mp.mpf("0.921875"), mp.mpf(1))[pick]
        fit(width + " erf near 0", lambda z: odd(mp.erf, z), range(0, (7, 13)[pick]), tiny, edge**2, relative(mp.erf), rounded)
    fit("f32 log(erfc)", lambda x: mp.log(mp.erfc(x)), range(0, 8), mp.mpf("0.921875"), 4, lambda x: mp.erfc(x) / mp.erf(x), single)
    for a, b, center in ((1, 2.25, 1.625), (2.25, 6, 4)):
        fit("f64 log(erfc) around %s" % center, lambda u: mp.log(mp.erfc(u + center)), range(0, 15), mp.mpf(a) - center, mp.mpf(b) - center, lambda u: mp.erfc(u + center) / mp.erf(u + center), double)
    fit("f32 log: from f^3", lambda f: mp.log1p(f) - f + f * f / 2, range(3, 12), low, high, lambda f: 1 / mp.log1p(f), single)
    width = high / (2 + high) * mp.mpf("1.001")
    fit("f64 log: 2 atanh(s)/s - 2", lambda z: 2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2, range(1, 8), tiny, width**2, lambda z: 1, double)
    fit("f64 pow: (atanh(s)/s - 1 - z/3)/z^2", lambda z: (mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 1 - z / 3) / z**2, range(0, 8), mp.mpf(10) ** -6, width**2, lambda z: z**2, double)


main()
