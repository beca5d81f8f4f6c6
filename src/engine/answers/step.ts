/** One step of a backward pass: what arrives at a node, what it is multiplied with, and what that adds to. */
import type { Picture, Question, StepEquation, StepReport, StepTensor, StepTerm } from "../../protocol";
import {
  equationOfSum,
  writtenName,
  type BackwardPass,
  type Contribution,
  type Node,
} from "../../runtime/graph";
import { isFloat } from "../../runtime/tensor";
import type { Target } from "../target";
import { originPlace } from "../places";
import { drawnNodes, namedRows, oneLine } from "./graph";
import { pictureOf, sumOf, type Numbers } from "./picture";

export function answerStep(
  target: Target,
  { root, node: position, through }: Question<"step">,
): StepReport | undefined {
  const chosen = root ?? target.defaultRoot;
  const pass = target.pass(chosen);
  const { nodes } = drawnNodes(target);
  const node = nodes[position];
  if (pass === undefined || node === undefined) return undefined;
  return new StepAnswer(target, pass, nodes).report(node, new Set(through.map((each) => nodes[each])));
}

class StepAnswer {
  readonly #target: Target;
  readonly #pass: BackwardPass;
  readonly #nodes: readonly Node[];
  readonly #names = new Map<Node, string>();
  readonly #gradients = new Map<Node, string>();
  /** The root's name. */
  readonly #top: string;

  constructor(target: Target, pass: BackwardPass, nodes: readonly Node[]) {
    this.#target = target;
    this.#pass = pass;
    this.#nodes = nodes;
    const rows = namedRows(target);
    const counts = new Map<string, number>();
    for (const { named } of rows.values()) counts.set(named.name, (counts.get(named.name) ?? 0) + 1);
    // A name that several bodies have is told with its path.
    for (const [node, row] of rows)
      this.#names.set(node, counts.get(row.named.name) === 1 ? row.named.name : target.nameOf(row));
    this.#top = this.#names.get(pass.root) ?? "out";
    for (const [node, name] of this.#names) {
      const gradient = isFloat(node.dtype) ? pass.gradient(node) : undefined;
      if (typeof gradient === "object" && !this.#gradients.has(gradient))
        this.#gradients.set(gradient, `∂${this.#top}/∂${name}`);
    }
  }

  /** The shares of all inputs that come by way of `through`, the node itself and the nameless steps of its making. */
  report(node: Node, through: ReadonlySet<Node | undefined>): StepReport {
    const cotangent = this.#pass.gradient(node);
    const arriving = typeof cotangent === "object" ? cotangent : undefined;
    return {
      cotangent: { name: shown(this.#gradientText(node)), picture: this.#picture(arriving) },
      terms: this.#nodes
        .filter((input) => !through.has(input) && isFloat(input.dtype))
        .flatMap((input) => this.#term(node, input, through)),
    };
  }

  #term(node: Node, input: Node, through: ReadonlySet<Node | undefined>): readonly StepTerm[] {
    const all = this.#pass.contributions(input);
    const isOurs = ({ through: way }: Contribution): boolean => way !== undefined && through.has(way);
    const shares = all.filter(isOurs);
    if (shares.length === 0) return [];
    const first = all.findIndex(isOurs);
    const last = all.findLastIndex(isOurs);
    const values = (contributions: readonly Contribution[]): Numbers | null =>
      this.#sum(contributions.map(({ value }) => value));
    const earlier = all.slice(0, first);
    const { equation, factors } = this.#equation(node, shares);
    return [
      {
        to: this.#nodes.indexOf(input),
        gradient: this.#gradientName(input),
        share: equation,
        rule: shares.find(({ rule }) => rule !== undefined)?.rule ?? null,
        factors,
        value: small(values(shares)),
        before: earlier.length === 0 ? null : small(values(earlier)),
        after: small(values(all.slice(0, last + 1))),
        isComplete: last === all.length - 1,
      },
    ];
  }

  #equation(
    node: Node,
    shares: readonly Contribution[],
  ): { readonly equation: StepEquation; readonly factors: readonly StepTensor[] } {
    const used = new Map<Node, string>();
    const arriving = this.#pass.gradient(node);
    const nameOf = (each: Node): string | undefined => {
      // Other gradients may be the same node by chance; this one is what the step is about.
      if (each === arriving) return this.#gradientText(node);
      const gradient = this.#gradients.get(each);
      if (gradient !== undefined && !shares.some(({ value }) => value === each)) return gradient;
      const name = this.#names.get(each);
      if (name !== undefined) used.set(each, name);
      return name;
    };
    const { text, tex } = equationOfSum(
      shares.map(({ value }) => value),
      { nameOf },
    );
    const factors = [...used].map(([each, name]) => ({ name: shown(name), picture: this.#picture(each) }));
    return { equation: { text, tex }, factors };
  }

  /** What the cotangent of a node is called in equations: that of a nameless step is the vector u. */
  #gradientText(node: Node): string {
    const name = this.#names.get(node);
    return name === undefined ? "u" : `∂${this.#top}/∂${name}`;
  }

  /** With the text of a step that has no name in the name's place. */
  #gradientName(node: Node): StepEquation {
    if (this.#names.has(node)) return shown(this.#gradientText(node));
    const place = originPlace(node.origin);
    const text = place === undefined ? "…" : oneLine(this.#target.places.textOf(place));
    const top = writtenName(this.#top);
    return {
      text: `∂${top.text}/∂(${text})`,
      tex: `\\frac{\\partial ${top.tex}}{\\partial \\left(${verbatim(text)}\\right)}`,
    };
  }

  #sum(nodes: readonly Node[]): Numbers | null {
    const values = nodes.map((node) => this.#target.evaluate(node));
    return values.some((value) => typeof value === "string")
      ? null
      : sumOf(values.filter((value) => typeof value !== "string"));
  }

  #picture(node: Node | undefined): Picture | null {
    return node === undefined ? null : small(this.#sum([node]));
  }
}

function small(numbers: Numbers | null): Picture | null {
  return numbers === null ? null : pictureOf(numbers);
}

function shown(name: string): StepEquation {
  const { text, tex } = writtenName(name);
  return { text, tex };
}

/** A text as it is, in TeX's typewriter letters. */
function verbatim(text: string): string {
  const special: Readonly<Record<string, string>> = { "\\": "\\backslash ", "^": "\\hat{}", "~": "\\sim " };
  const escaped = [...text].map((letter) => {
    if (letter === " ") return "\\ ";
    const known = special[letter];
    return known ?? (/[#$%&_{}]/.test(letter) ? `\\${letter}` : letter);
  });
  return `\\mathtt{${escaped.join("")}}`;
}
