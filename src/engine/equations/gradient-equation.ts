/**
 * The equation of one gradient: `∂J/∂W1 = Xᵀ · ∂J/∂z + λ · W1`, cut at nodes with names, with its summands, and written
 * out further where that stays short. Knows graphs and names, not where they come from.
 */
import {
  equationOfSum,
  type BackwardPass,
  type Contribution,
  type EquationNames,
  type Node,
  type WrittenEquation,
} from "../../runtime/graph";
import { inTurn, overTurns, type TurnOfLoop } from "./turns";

export interface NamedGradients extends EquationNames {
  /** What a node of the forward computation is called; undefined for one without a name. */
  readonly nameOf: (node: Node) => string | undefined;
  /** What the gradient at a named node is called: `∂J/∂W`, `dJ.W`. */
  readonly gradientName: (name: string) => string;
  /** Every node with a name, in any order. */
  readonly named: readonly Node[];
  readonly pass: BackwardPass;
  /** What the cotangent of the root is called, where not as a gradient. */
  readonly cotangentName?: string;
  /** The index of the loop that makes a member of a family, by the member's name. */
  readonly indexOf?: (name: string) => string | undefined;
  /** Names inside of ops, for what would be long without them. */
  readonly innerName?: (node: Node) => string | undefined;
  /** How long an unfolded equation may be. */
  readonly longest?: number;
  /** Called often; throws where it takes too long. */
  readonly poll?: () => void;
}

/** One summand of a gradient. */
export interface ContributionEquation {
  /** The named node that it comes through; undefined for the cotangent that the pass begins with. */
  readonly through: string | undefined;
  /** The hand-written rule that gives it, as in "vjp W". */
  readonly rule: string | undefined;
  readonly equation: WrittenEquation;
  /** What adds up to it. */
  readonly values: readonly Node[];
}

export interface GradientEquation {
  /** The left side. */
  readonly name: string;
  /** Undefined where the gradient is a structural zero or pending. */
  readonly kind: "equation" | "zero" | "pending";
  readonly equation: WrittenEquation;
  /** The same with the gradients in it written out, where that is still short. */
  readonly unfolded: WrittenEquation | undefined;
  /** In the order of the text; one where there is nothing to add up. */
  readonly contributions: readonly ContributionEquation[];
}

/** An unfolded equation is no longer than this, if not told otherwise. */
const longestUnfolded = 64;

const nothing: WrittenEquation = { text: "0", tex: "0", isWhole: true };

/** A longer equation takes names from inside of ops. */
const comfortable = 72;

/** The equation of the gradient at `node`, which is called `name`. */
export function gradientEquation(gradients: NamedGradients, node: Node, name: string): GradientEquation {
  const plain = writeGradient(gradients, node, name);
  const { innerName, nameOf } = gradients;
  if (plain.equation.text.length <= comfortable) return plain;
  const shorter = { ...gradients, nameOf: (each: Node) => nameOf(each) ?? innerName?.(each) };
  const named = writeGradient(shorter, node, name);
  return named.equation.text.length <= 1.5 * comfortable
    ? named
    : writeGradient({ ...shorter, brief: true }, node, name);
}

function writeGradient(gradients: NamedGradients, node: Node, name: string): GradientEquation {
  const { pass, gradientName } = gradients;
  const total = pass.gradient(node);
  const left = gradientName(name);
  if (typeof total !== "object") {
    const kind = total === "pending" ? "pending" : "zero";
    return { name: left, kind, equation: nothing, unfolded: undefined, contributions: [] };
  }
  const cut = new Cut(gradients, node);
  const contributions = [...pass.contributions(node)].reverse();
  const terms = contributions.map(({ value }) => value);
  const folded = foldedOverTurns(gradients, cut, summands(gradients, cut, contributions));
  const equation = folded.equation ?? cut.write(terms);
  return {
    name: left,
    kind: "equation",
    equation,
    unfolded: folded.equation === undefined ? cut.unfold(terms, equation) : undefined,
    contributions: folded.contributions,
  };
}

/** Contributions of many turns of a loop as one, and the equation where there are such. */
function foldedOverTurns(
  { indexOf }: NamedGradients,
  cut: Cut,
  contributions: readonly ContributionEquation[],
): {
  readonly contributions: readonly ContributionEquation[];
  readonly equation: WrittenEquation | undefined;
} {
  const parts = overTurns(contributions, ({ through, values }) => {
    const [, family, key] = /^(.*)\[(-?\d+)\]$/.exec(through ?? "") ?? [];
    const index = through && indexOf?.(through);
    if (family === undefined || index === undefined || index === "") return undefined;
    return { family, index, equation: cut.write(values, new Set(), { [index]: Number(key) }) };
  });
  const folded = parts.map((part): ContributionEquation =>
    "one" in part
      ? part.one
      : {
          through: part.through,
          rule: undefined,
          equation: part.equation,
          values: part.all.flatMap(({ values }) => values),
        },
  );
  if (folded.length === contributions.length) return { contributions, equation: undefined };
  const sum = {
    text: folded.map(({ equation }) => equation.text).join(" + "),
    tex: folded.map(({ equation }) => equation.tex).join(" + "),
    isWhole: true,
  };
  return { contributions: folded, equation: sum };
}

/** What comes through one named node is one summand. */
function summands(
  gradients: NamedGradients,
  cut: Cut,
  contributions: readonly Contribution[],
): readonly ContributionEquation[] {
  const groups = new Map<string, { through: string | undefined; rule: string | undefined; values: Node[] }>();
  for (const { through, rule, value } of contributions) {
    const name = through && firstNamed(gradients, through);
    const key = JSON.stringify([name, rule]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { through: name, rule, values: [value] });
    else group.values.push(value);
  }
  return [...groups.values()].map((group) => ({ ...group, equation: cut.write(group.values) }));
}

/** The first named node that `node` is or leads to. */
function firstNamed({ nameOf, named, pass }: NamedGradients, node: Node): string | undefined {
  const later = named.filter(({ id }) => id >= node.id && id <= pass.root.id).sort((a, b) => a.id - b.id);
  const found = later.find((candidate) => leadsTo(node, candidate)) ?? pass.root;
  return nameOf(found);
}

function leadsTo(from: Node, to: Node): boolean {
  const seen = new Set<Node>();
  const stack: Node[] = [to];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === from) return true;
    if (node.id < from.id || seen.has(node)) continue;
    seen.add(node);
    stack.push(...node.inputs);
  }
  return false;
}

/** The cotangent that a pass from a scalar begins with. */
function isOne(node: Node): boolean {
  return node.kind === "source" && node.shape.length === 0 && node.value.data[0] === 1;
}

/** Writes what makes up the gradient at one node, in the names of what lies between it and the root. */
class Cut {
  readonly #gradients: NamedGradients;
  /** For each gradient the named node nearest to the one in question. */
  readonly #names = new Map<Node, string>();
  readonly #used = new Set<Node>();
  #open: ReadonlySet<Node> = new Set();

  constructor(gradients: NamedGradients, of: Node) {
    this.#gradients = gradients;
    const { pass, named, nameOf, gradientName } = gradients;
    const between = named.filter((each) => each.id > of.id && each.id < pass.root.id);
    for (const each of [...between].sort((a, b) => a.id - b.id)) {
      gradients.poll?.();
      const gradient = pass.gradient(each);
      const name = nameOf(each);
      if (
        typeof gradient === "object" &&
        !isOne(gradient) &&
        name !== undefined &&
        !this.#names.has(gradient)
      )
        this.#names.set(gradient, gradientName(name));
    }
    const root = nameOf(pass.root);
    const seed = gradients.cotangentName ?? (root && gradientName(root));
    if (seed !== undefined && !isOne(pass.cotangent)) this.#names.set(pass.cotangent, seed);
  }

  write(terms: readonly Node[], open: ReadonlySet<Node> = new Set(), turn: TurnOfLoop = {}): WrittenEquation {
    this.#used.clear();
    this.#open = open;
    const nameOf = (node: Node): string | undefined => {
      const name = this.#nameOf(node);
      return name === undefined ? undefined : inTurn(name, turn);
    };
    return equationOfSum(terms, { ...this.#gradients, nameOf });
  }

  /** Opens the gradients in an equation, then those in these, as long as it stays short. */
  unfold(terms: readonly Node[], folded: WrittenEquation): WrittenEquation | undefined {
    let best: WrittenEquation | undefined;
    let open = new Set<Node>();
    let before = folded.text;
    this.write(terms);
    for (let level = 0; level < 8 && this.#used.size > 0; level++) {
      open = new Set([...open, ...this.#used]);
      const next = this.write(terms, open);
      if (!next.isWhole || next.text.length > (this.#gradients.longest ?? longestUnfolded)) break;
      if (next.text !== before) best = next;
      before = next.text;
    }
    return best;
  }

  #nameOf(node: Node): string | undefined {
    const gradient = this.#names.get(node);
    if (gradient === undefined) return this.#gradients.nameOf(node);
    if (this.#open.has(node) && node !== this.#gradients.pass.cotangent) return undefined;
    if (node !== this.#gradients.pass.cotangent) this.#used.add(node);
    return gradient;
  }
}
