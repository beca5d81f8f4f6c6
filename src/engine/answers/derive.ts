/** Begins a pass that the spec does not have: backward from any named node, or forward, with what the panel chose. */
import type { DerivedRow, DeriveReport, Question, SeedChoice } from "../../protocol";
import { backward, jvp, type Node } from "../../runtime/graph";
import { elementCount, fromArray, full, isFloat, torchGenerator, type Tensor } from "../../runtime/tensor";
import { summarize } from "../summaries";
import type { Target } from "../target";
import { pictureOf } from "./picture";
import { literalOf, readNumbers } from "./seed-numbers";

type Direction = Question<"derive">["direction"];

interface Seed {
  readonly value: Tensor;
  /** As the language writes it. */
  readonly text: string | undefined;
}

export function answerDerive(
  target: Target,
  { direction, node: id, seed: choice }: Question<"derive">,
): DeriveReport | undefined {
  const row = target.row(id);
  if (row === undefined) return undefined;
  const { node } = row;
  const name = target.nameOf(row);
  if (!isFloat(node.dtype)) return refused(`${name} holds whole numbers: nothing is differentiated there.`);
  const seed = seedOf(target, node, choice, direction);
  if (typeof seed === "string") return refused(seed);
  const { graph } = target.machine;
  const rules = { rules: "hand" } as const;
  const { id: root, pass } = target.keep(JSON.stringify([direction, id, choice]), () => {
    const source = graph.source(seed.value);
    return direction === "backward" ? backward(graph, node, source, rules) : jvp(graph, node, source, rules);
  });
  const told = new Set<Node>();
  const rows = target.rows.flatMap(({ node: each }): readonly DerivedRow[] => {
    const reached = target.idOf(each);
    if (reached === undefined || !isFloat(each.dtype) || told.has(each)) return [];
    told.add(each);
    const found = "gradient" in pass ? pass.gradient(each) : pass.tangentOf(each);
    if (found === undefined) return [];
    if (found === "pending") return [{ node: reached, value: "pending" }];
    const value = target.evaluate(found);
    return typeof value === "string" ? [] : [{ node: reached, value: summarize(value) }];
  });
  return {
    pass: root,
    problem: null,
    seed: pictureOf(seed.value),
    rows,
    line: lineOf(direction, name, node, seed.text),
  };
}

function refused(problem: string): DeriveReport {
  return { pass: null, problem, seed: null, rows: [], line: null };
}

function lineOf(direction: Direction, name: string, node: Node, seed: string | undefined): string | null {
  if (seed === undefined) return null;
  if (direction === "forward") return `jvp(${name}, ${seed})`;
  return elementCount(node.shape) === 1 && seed === "1" ? `backward(${name})` : `backward(${name}, ${seed})`;
}

/** A tensor of the node's shape, or the sentence that says why there is none. */
function seedOf(target: Target, node: Node, choice: SeedChoice, direction: Direction): Seed | string {
  const { shape, dtype } = node;
  const count = elementCount(shape);
  const written = (value: Tensor): Seed => ({ value, text: literalOf(value) });
  switch (choice.kind) {
    case "ones": {
      const text = shape.length === 0 ? "1" : `ones([${shape.join(", ")}])`;
      return { value: full(dtype, shape, 1), text };
    }
    case "one-hot": {
      const { index } = choice;
      const inside = index.length === shape.length && index.every((i, axis) => i >= 0 && i < shape[axis]!);
      if (!inside) return `[${index.join(", ")}] is no index of a tensor of shape [${shape.join(", ")}].`;
      const position = index.reduce((at, i, axis) => at * shape[axis]! + i, 0);
      return written(
        fromArray(
          dtype,
          shape,
          Array.from({ length: count }, (_, i) => Number(i === position)),
        ),
      );
    }
    case "random": {
      const float = dtype === "float32" ? "float32" : "float64";
      return written(torchGenerator(choice.seed).normal(0, 1, shape, float));
    }
    case "upstream": {
      if (direction === "forward") return "A tangent has no upstream: choose ones, one element, or numbers.";
      const gradient = target.source({ node: target.idOf(node) ?? -1, of: "gradient", root: choice.root });
      if (gradient === undefined)
        return "The chosen root does not depend on it, or a hole stands in the way.";
      const value = target.evaluate(gradient);
      if (typeof value === "string") return value;
      const root = target.row(choice.root);
      const row = target.row(target.idOf(node) ?? null);
      const text = root && row && `backward(${target.nameOf(root)})[${target.nameOf(row)}]`;
      return { value, text };
    }
    case "numbers": {
      const numbers = readNumbers(choice.text, shape);
      if (typeof numbers === "string") return numbers;
      if (numbers.shape.join() !== shape.join())
        return `The numbers have shape [${numbers.shape.join(", ")}], not [${shape.join(", ")}].`;
      return written(fromArray(dtype, shape, Array.from(numbers.data)));
    }
  }
}
