/**
 * The value of a printed equation: its own small parser and its own arithmetic over row-major arrays, so that what is
 * printed is judged by what a reader would compute from it.
 */
import assert from "node:assert/strict";

export interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export function valueOf(text: string, values: ReadonlyMap<string, Values>): Values {
  const parser = new Parser(text, values);
  const value = parser.sum();
  assert.equal(parser.rest(), "", text);
  return value;
}

const tokenPattern =
  /\s*(\d+(?:\.\d+)?(?:e-?\d+)?|(?!ᵀ)[\p{L}_](?:(?!ᵀ)[\p{L}\p{M}\w.])*(?:\[\d+\])*′?|[()[\],+\-·⊙⊗/ᵀ²³=<>≠≤≥^])/uy;

class Parser {
  readonly #tokens: string[] = [];
  readonly #values: ReadonlyMap<string, Values>;
  #at = 0;

  constructor(text: string, values: ReadonlyMap<string, Values>) {
    this.#values = values;
    tokenPattern.lastIndex = 0;
    while (tokenPattern.lastIndex < text.length) {
      const found = tokenPattern.exec(text);
      assert.ok(found, `no token in ${text}`);
      this.#tokens.push(found[1]!);
    }
  }

  rest(): string {
    return this.#tokens.slice(this.#at).join(" ");
  }

  sum(): Values {
    let value = this.#take("-") ? scale(this.#product(), -1) : this.#product();
    for (;;) {
      if (this.#take("+")) value = zip(value, this.#product(), (a, b) => a + b);
      else if (this.#take("-")) value = zip(value, this.#product(), (a, b) => a - b);
      else return value;
    }
  }

  #product(): Values {
    let value = this.#postfix();
    for (;;) {
      if (this.#take("⊙")) value = zip(value, this.#postfix(), (a, b) => a * b);
      else if (this.#take("⊗")) value = outer(value, this.#postfix());
      else if (this.#take("·")) value = dot(value, this.#postfix());
      else if (this.#take("/")) value = zip(value, this.#postfix(), (a, b) => a / b);
      else if (this.#beginsOperand()) value = zip(value, this.#postfix(), (a, b) => a * b);
      else return value;
    }
  }

  #beginsOperand(): boolean {
    const next = this.#tokens[this.#at];
    return next !== undefined && /^[\p{L}_∂([]/u.test(next) && next !== "ᵀ";
  }

  #postfix(): Values {
    let value = this.#atom();
    for (;;) {
      if (this.#take("ᵀ")) value = transpose(value);
      else if (this.#take("²")) value = map(value, (x) => x * x);
      else if (this.#take("³")) value = map(value, (x) => x * x * x);
      else return value;
    }
  }

  #atom(): Values {
    const token = this.#tokens[this.#at++];
    assert.ok(token !== undefined, "an operand is missing");
    if (token === "(" || token === "[") {
      const value = this.#condition();
      assert.ok(this.#take(token === "(" ? ")" : "]"));
      return value;
    }
    if (/^\d/.test(token)) return { shape: [], data: [Number(token)] };
    const known = this.#values.get(token);
    if (known !== undefined) return known;
    assert.ok(this.#take("("), `${token} has no value`);
    return this.#call(token);
  }

  #condition(): Values {
    const left = this.sum();
    for (const [sign, holds] of Object.entries(comparisons)) {
      if (this.#take(sign)) return zip(left, this.sum(), (a, b) => Number(holds(a, b)));
    }
    return left;
  }

  #call(name: string): Values {
    const operands: Values[] = [];
    const options = new Map<string, number>();
    while (!this.#take(")")) {
      const [option, sign] = this.#tokens.slice(this.#at, this.#at + 2);
      if (sign === "=") {
        this.#at += 2;
        const negative = this.#take("-");
        options.set(option!, Number(this.#tokens[this.#at++]) * (negative ? -1 : 1));
      } else if (option === "keepdim") {
        this.#at++;
        options.set("keepdim", 1);
      } else operands.push(this.#condition());
      this.#take(",");
    }
    return callFunction(name, operands, options);
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "≠": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "≤": (a, b) => a <= b,
  ">": (a, b) => a > b,
  "≥": (a, b) => a >= b,
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const elementwise: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  sign: Math.sign,
  not: (x) => Number(x === 0),
  "relu′": (x) => Number(x > 0),
  "tanh′": (x) => 1 - Math.tanh(x) ** 2,
  "sigmoid′": (x) => sigmoid(x) * (1 - sigmoid(x)),
  "softplus′": sigmoid,
};

function callFunction(
  name: string,
  operands: readonly Values[],
  options: ReadonlyMap<string, number>,
): Values {
  const [x] = operands;
  assert.ok(x, name);
  const simple = elementwise[name];
  if (simple !== undefined) return map(x, simple);
  const axis = axisOf(x, options.get("dim"));
  switch (name) {
    case "sum":
    case "mean": {
      const summed = axis === undefined ? total(x) : reduce(x, axis, options.has("keepdim"));
      return name === "sum" ? summed : scale(summed, summed.data.length / x.data.length);
    }
    case "softmax": {
      const powers = map(x, Math.exp);
      return zip(powers, reduce(powers, axis ?? 0, true), (a, b) => a / b);
    }
    case "one_hot": {
      const classes = Math.max(...x.data) + 1;
      const data = x.data.flatMap((at) =>
        Array.from({ length: classes }, (_, index) => Number(index === at)),
      );
      return { shape: [...x.shape, classes], data };
    }
    case "maximum":
      return zip(x, operands[1]!, Math.max);
    default:
      return assert.fail(`${name} is not known to the test`);
  }
}

function axisOf({ shape }: Values, dim: number | undefined): number | undefined {
  return dim === undefined ? undefined : (dim + shape.length) % shape.length;
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function map({ shape, data }: Values, f: (x: number) => number): Values {
  return { shape, data: data.map(f) };
}

function scale(x: Values, factor: number): Values {
  return map(x, (value) => value * factor);
}

function total({ data }: Values): Values {
  return { shape: [], data: [data.reduce((sum, value) => sum + value, 0)] };
}

function zip(x: Values, y: Values, f: (a: number, b: number) => number): Values {
  const rank = Math.max(x.shape.length, y.shape.length);
  const padded = (shape: readonly number[]): number[] => [
    ...new Array<number>(rank - shape.length).fill(1),
    ...shape,
  ];
  const [a, b] = [padded(x.shape), padded(y.shape)];
  const shape = a.map((size, axis) => {
    assert.ok(size === b[axis] || size === 1 || b[axis] === 1, `${String(x.shape)} with ${String(y.shape)}`);
    return Math.max(size, b[axis]!);
  });
  const data = Array.from({ length: count(shape) }, (_, flat) => {
    const index = unravel(flat, shape);
    return f(x.data[ravel(index, a)]!, y.data[ravel(index, b)]!);
  });
  return { shape, data };
}

function unravel(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let left = flat;
  for (const size of [...shape].reverse()) {
    index.unshift(left % size);
    left = Math.floor(left / size);
  }
  return index;
}

/** Dimensions of size 1 are stretched. */
function ravel(index: readonly number[], shape: readonly number[]): number {
  return shape.reduce((flat, size, axis) => flat * size + (size === 1 ? 0 : index[axis]!), 0);
}

function reduce(x: Values, axis: number, keep: boolean): Values {
  const kept = x.shape.map((size, at) => (at === axis ? 1 : size));
  const data = new Array<number>(count(kept)).fill(0);
  x.data.forEach((value, flat) => {
    const at = ravel(unravel(flat, x.shape), kept);
    data[at] = data[at]! + value;
  });
  return { shape: keep ? kept : x.shape.filter((_, at) => at !== axis), data };
}

function transpose({ shape, data }: Values): Values {
  if (shape.length < 2) return { shape, data };
  const [rows = 0, columns = 0] = shape;
  assert.equal(shape.length, 2);
  const turned = Array.from({ length: rows * columns }, (_, flat) => {
    return data[(flat % rows) * columns + Math.floor(flat / rows)]!;
  });
  return { shape: [columns, rows], data: turned };
}

function outer(x: Values, y: Values): Values {
  return { shape: [x.data.length, y.data.length], data: x.data.flatMap((a) => y.data.map((b) => a * b)) };
}

/** A product with a scalar, or of matrices and vectors as NumPy's `@`. */
function dot(x: Values, y: Values): Values {
  if (x.data.length === 1 || y.data.length === 1) return zip(x, y, (a, b) => a * b);
  const [m, k] = x.shape.length === 1 ? [1, x.shape[0]!] : [x.shape[0]!, x.shape[1]!];
  const [inner, n] = y.shape.length === 1 ? [y.shape[0]!, 1] : [y.shape[0]!, y.shape[1]!];
  assert.equal(k, inner, `[${String(x.shape)}] · [${String(y.shape)}]`);
  const data = Array.from({ length: m * n }, (_, flat) => {
    let sum = 0;
    for (let at = 0; at < k; at++)
      sum += x.data[Math.floor(flat / n) * k + at]! * y.data[at * n + (flat % n)]!;
    return sum;
  });
  const shape = [...(x.shape.length === 1 ? [] : [m]), ...(y.shape.length === 1 ? [] : [n])];
  return { shape, data };
}
