/**
 * Normalisations written as folds and elementwise expressions, so that they fuse and share means and variances with their
 * derivatives. Everything up to the result is in float64, as in their references.
 */
import { scalarBuilder as s, variable, type ScalarExpression } from "../../ops";
import type { Shape } from "../../tensor";
import type { Access } from "./access";
import type { ExpandedCall, Expansion } from "./expansions";

const number = (value: number): ScalarExpression => s.constant(value);

/** How the elements fall into groups: `shape` is x's in the form in which whole axes, those of `folded`, are a group. */
interface Grouping {
  readonly shape: Shape;
  readonly folded: readonly boolean[];
  /** The shape, in that form, that weight and bias have. */
  readonly parameters: Shape;
}

function layerGroups({ operands, attributes }: ExpandedCall): Grouping {
  const { shape } = operands.x!;
  const normalized = typeof attributes.normalized_shape === "object" ? attributes.normalized_shape : [];
  const first = shape.length - normalized.length;
  return { shape, folded: shape.map((_, axis) => axis >= first), parameters: shape.slice(first) };
}

function batchGroups({ operands }: ExpandedCall): Grouping {
  const { shape } = operands.x!;
  const parameters = shape.slice(1).map((size, axis) => (axis === 0 ? size : 1));
  return { shape, folded: shape.map((_, axis) => axis !== 1), parameters };
}

function channelGroups({ operands, attributes }: ExpandedCall): Grouping {
  const [batch, channels, ...spatial] = operands.x!.shape as readonly [number, number, ...number[]];
  const groups = Number(attributes.num_groups);
  const places = spatial.reduce((product, size) => product * size, 1);
  const shape = [batch, groups, channels / groups, places];
  return { shape, folded: [false, false, true, true], parameters: [groups, channels / groups, 1] };
}

function rootGroups({ operands }: ExpandedCall): Grouping {
  const { shape } = operands.x!;
  return { shape, folded: shape.map((_, axis) => axis === shape.length - 1), parameters: shape.slice(-1) };
}

function count({ shape, folded }: Grouping): number {
  return shape.reduce((product, size, axis) => product * (folded[axis]! ? size : 1), 1);
}

/** (x − mean)/√(variance + ε) · weight + bias */
function standardized(grouping: (call: ExpandedCall) => Grouping): Expansion {
  return (call) => {
    const groups = grouping(call);
    const { record } = call;
    const x = record.reshape(call.operands.x!, groups.shape);
    const wide = { shape: groups.shape, dtype: "float64" } as const;
    const mean = record.fold("mean", x, groups.folded, "float64");
    const centered = s.sub(variable(0), variable(1));
    const squares = record.elementwise(s.square(centered), [x, mean], wide);
    const total = record.fold("sum", squares, groups.folded, "float64");
    return scaled(
      call,
      groups,
      [x, mean, total],
      (sum) => s.mul(centered, inverseRoot(call, groups, sum)),
      2,
    );
  };
}

/** x/√(mean of squares + ε) · weight */
const rootMeanSquare: Expansion = (call) => {
  const groups = rootGroups(call);
  const { record } = call;
  const x = call.operands.x!;
  const wide = { shape: groups.shape, dtype: "float64" } as const;
  const squares = record.elementwise(s.square(variable(0)), [x], wide);
  const total = record.fold("sum", squares, groups.folded, "float64");
  return scaled(call, groups, [x, total], (sum) => s.mul(variable(0), inverseRoot(call, groups, sum)), 1);
};

/** 1/√(sum/n + ε) */
function inverseRoot(call: ExpandedCall, groups: Grouping, sum: ScalarExpression): ScalarExpression {
  const mean = s.div(sum, number(count(groups)));
  return s.reciprocal(s.sqrt(s.add(mean, number(Number(call.attributes.eps)))));
}

/** The values times the weight plus the bias, where there are such, in the result's shape; `sum` is a variable's number. */
function scaled(
  { record, operands, shape, dtype }: ExpandedCall,
  groups: Grouping,
  given: readonly Access[],
  values: (sum: ScalarExpression) => ScalarExpression,
  sum: number,
): Access {
  const all = [...given];
  const parameter = (access: Access): ScalarExpression =>
    variable(all.push(record.reshape(access, groups.parameters)) - 1);
  const { weight, bias } = operands;
  let expression = values(variable(sum));
  if (weight !== undefined) expression = s.mul(expression, parameter(weight));
  if (bias !== undefined) expression = s.add(expression, parameter(bias));
  const wide = record.elementwise(expression, all, { shape: groups.shape, dtype: "float64" });
  const own = record.reshape(wide, shape);
  return dtype === "float64" ? own : record.elementwise(variable(0), [own], { shape, dtype });
}

export const normalizations: Readonly<Record<string, Expansion>> = {
  layer_norm: standardized(layerGroups),
  batch_norm: standardized(batchGroups),
  group_norm: standardized(channelGroups),
  rms_norm: rootMeanSquare,
};
