/** Sums of products by an equation of index letters, as PyTorch's `einsum`. Knows nothing of graphs or text. */
import { compareSizes, promote, tensor, type Dim } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { many, numeric, text, type OperandType } from "../parameters";
import { reject, type DimRef, type Rejected } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { readEquation, type EinsumEquation } from "./einsum-equation";
import { evaluateEinsum, labelSizes } from "./einsum-kernel";

export const einsum = defineOp({
  name: "einsum",
  inputs: { operands: many(numeric()) },
  attributes: { equation: text() },
  callOrder: ["equation", "operands"],
  doc:
    'The sum of products that an equation says: `einsum("bij,bjk->bik", x, y)`. A letter that is not in the result is summed over, ' +
    "one repeated in an operand takes its diagonal, `...` stands for further dimensions; without `->` the result has " +
    "the letters that occur once, in order.",
  formula: "z[result] = Σ over the other letters of x₁[…] · x₂[…] · …",
  derivative: "x̄ₚ = einsum of z̄ and the other operands, with the letters of xₚ as result",

  shape({ inputs: { operands }, attributes }) {
    if (operands.length === 0) {
      return reject({ kind: "other", input: "operands", message: "`einsum` needs at least one operand." });
    }
    const equation = readEquation(
      attributes.equation,
      operands.map(({ shape }) => shape.length),
    );
    if (typeof equation === "string") {
      return reject({ kind: "attribute", attribute: "equation", message: equation });
    }
    const joined = joinLabels(equation, operands);
    if ("rejected" in joined) return joined;
    const dtype = operands.map((operand) => operand.dtype).reduce(promote);
    return { shape: [...equation.result].map((label) => joined.get(label)!.dim), dtype };
  },

  forward({ inputs: { operands }, attributes, output }) {
    const values = operands.map((value) => ({ shape: value.shape, data: doublesOf(value) }));
    return roundedTo(output, evaluateEinsum(equationOf(attributes.equation, operands), values).slice());
  },

  vjp: {
    operands({ build, inputs: { operands }, attributes, cotangent }) {
      const equation = equationOf(attributes.equation, operands);
      return operands.map((_, p) => operandCotangent(build, equation, operands, p, cotangent));
    },
  },

  // The sum is linear in each operand: ż = Σₚ einsum(…, ẋₚ, …)
  jvp: {
    operands({ build, inputs: { operands }, attributes, tangent }) {
      const moved = tangent.map((direction, p) =>
        build.apply("einsum", operands.with(p, direction), { equation: attributes.equation }),
      );
      return moved.reduce((total, part) => build.add(total, part));
    },
  },

  samples: [
    { inputs: { operands: [{ shape: [2, 3] }, { shape: [3, 4] }] }, attributes: { equation: "ij,jk->ik" } },
    { inputs: { operands: [{ shape: [2, 3] }, { shape: [3, 4] }] }, attributes: { equation: "kb, ba" } },
    { inputs: { operands: [{ shape: [3, 3] }] }, attributes: { equation: "ii->i" } },
    { inputs: { operands: [{ shape: [3, 3] }] }, attributes: { equation: "ii" } },
    { inputs: { operands: [{ shape: [2, 3, 2] }] }, attributes: { equation: "iji->j" } },
    { inputs: { operands: [{ shape: [2, 3, 4] }] }, attributes: { equation: "...i->i..." } },
    {
      inputs: { operands: [{ shape: [2, 1, 3, 4] }, { shape: [5, 4, 2] }] },
      attributes: { equation: "...ij,...jk->...ik" },
    },
    {
      inputs: { operands: [{ shape: [2, 3] }, { shape: [4] }, { shape: [3, 5] }] },
      attributes: { equation: "ij,k,jl->li" },
    },
    { inputs: { operands: [{ shape: [2, 3] }, { shape: [1, 4] }] }, attributes: { equation: "ij,ik->jk" } },
  ],
  refused: [
    { inputs: { operands: [{ shape: [2, 3] }, { shape: [2, 3] }] }, attributes: { equation: "ij,jk->ik" } },
    { inputs: { operands: [{ shape: [2, 3] }] }, attributes: { equation: "ii->i" } },
    { inputs: { operands: [{ shape: [2, 3] }] }, attributes: { equation: "ij->k" } },
    { inputs: { operands: [{ shape: [2, 3] }] }, attributes: { equation: "ijk->k" } },
    { inputs: { operands: [{ shape: [2, 3] }] }, attributes: { equation: "ij,jk->k" } },
    { inputs: { operands: [{ shape: [2, 3] }] }, attributes: { equation: "i1->i" } },
    { inputs: { operands: [{ shape: [2, 3] }] }, attributes: { equation: "ij->ii" } },
  ],
});

function equationOf(text: string, operands: readonly Ref[]): EinsumEquation {
  const equation = readEquation(
    text,
    operands.map(({ shape }) => shape.length),
  );
  if (typeof equation === "string") throw new Error(`einsum: ${equation}`);
  return equation;
}

/** The dimension of each label, where all its occurrences agree (a size of 1 broadcasts between operands). */
function joinLabels(
  { operands: terms }: EinsumEquation,
  operands: readonly OperandType[],
): ReadonlyMap<string, DimRef> | Rejected {
  const joined = new Map<string, DimRef>();
  for (const [item, labels] of terms.entries()) {
    for (const [axis, label] of [...labels].entries()) {
      const here: DimRef = { input: "operands", item, axis, dim: operands[item]!.shape[axis]! };
      const there = joined.get(label);
      const isDiagonal = labels.indexOf(label) < axis;
      if (there !== undefined && conflict(there.dim, here.dim, isDiagonal)) {
        const rule = `\`${label}\` stands for dimensions of one size`;
        return reject({ kind: "unequal-dimensions", rule, left: there, right: here });
      }
      if (there === undefined || there.dim.size === 1) joined.set(label, here);
    }
  }
  return joined;
}

function conflict(a: Dim, b: Dim, isDiagonal: boolean): boolean {
  if (!isDiagonal && (a.size === 1 || b.size === 1)) return false;
  return compareSizes(a.size, b.size) === "different";
}

/**
 * x̄ₚ: z̄ and the other operands give the letters of xₚ that they know; what only xₚ knew was summed over, so the
 * cotangent is repeated along it; a repeated letter puts the cotangent on the diagonal.
 */
function operandCotangent(
  build: Builder,
  { operands: terms, result }: EinsumEquation,
  operands: readonly Ref[],
  p: number,
  cotangent: Ref,
): Ref {
  const { shape } = operands[p]!;
  const sizes = labelSizes(terms, operands);
  const own = [...new Set(terms[p])];
  const others = terms.filter((_, q) => q !== p);
  const isStretched = (label: string): boolean => shape[terms[p]!.indexOf(label)] !== sizes.get(label);
  const known = own.filter((label) => (result + others.join("")).includes(label) && !isStretched(label));
  const equation = `${[result, ...others].join(",")}->${known.join("")}`;
  let gradient = build.apply("einsum", [cotangent, ...operands.filter((_, q) => q !== p)], { equation });
  for (const [axis, label] of own.entries())
    if (!known.includes(label)) gradient = build.unsqueeze(gradient, axis);
  gradient = build.expand(
    gradient,
    own.map((label) => shape[terms[p]!.indexOf(label)]!),
  );
  return ontoDiagonals(build, gradient, own, terms[p]!, shape);
}

/** A value over distinct letters, placed at equal indices of the repeated ones and zero elsewhere. */
function ontoDiagonals(
  build: Builder,
  value: Ref,
  own: readonly string[],
  term: string,
  shape: readonly number[],
): Ref {
  if (own.length === term.length) return value;
  const firsts = [...term].map((label, axis) => term.indexOf(label) === axis);
  const spread = build.reshape(
    value,
    shape.map((size, axis) => (firsts[axis] ? size : 1)),
  );
  let placed = build.expand(spread, shape);
  for (const [axis, label] of [...term].entries()) {
    if (firsts[axis]) continue;
    const onDiagonal = build.tensor(equalIndices(shape, term.indexOf(label), axis));
    placed = build.where(onDiagonal, placed, build.full(0, { shape: [], dtype: value.dtype }));
  }
  return placed;
}

/** True where the indices of two dimensions of one size are equal; of shape 1 in the others. */
function equalIndices(shape: readonly number[], first: number, second: number): ReturnType<typeof tensor> {
  const size = shape[first]!;
  const data = new Uint8Array(size * size);
  for (let i = 0; i < size; i++) data[i * size + i] = 1;
  return tensor(
    "bool",
    shape.map((length, axis) => (axis === first || axis === second ? length : 1)),
    data,
  );
}
