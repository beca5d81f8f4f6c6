/**
 * Owns the derived equations of one checked file: graphs are made without numbers when an equation is first asked for,
 * and kept. Bounded in time. Knows no editor.
 */
import type { Library, Module, Place } from "../../language/check";
import type { Declaration, Net, Op, Run } from "../../language/syntax";
import {
  backward,
  jvp,
  writtenName,
  type BackwardPass,
  type Node,
  type WrittenEquation,
} from "../../runtime/graph";
import { isFloat } from "../../runtime/tensor";
import { placeholder } from "./equation-machine";
import { gradientEquation, type GradientEquation, type NamedGradients } from "./gradient-equation";
import { lowerDeclaration, lowerRun, type Lowered, type LoweredDeclaration } from "./lowering";
import { nameNodes, namedPlaces, namesInOps, placesOf, type NamedPlace } from "./node-names";
import { runGradient, runTangent, type RunTangent } from "./run-gradients";
import { tangentEquation } from "./tangent-equation";
import { inTurn } from "./turns";

export interface EquationsContext {
  readonly module: Module;
  readonly library: Library;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  /** What making one graph may take. */
  readonly milliseconds?: number;
}

/** An equation as it is shown: `left = right`, and what the right side is made of. */
export interface ShownEquation {
  readonly kind: GradientEquation["kind"];
  readonly left: WrittenEquation;
  readonly right: WrittenEquation;
  readonly unfolded: WrittenEquation | undefined;
  readonly contributions: GradientEquation["contributions"];
}

/** What an equation is asked of: the name defined at `place`, as written from inside of a declaration. */
export interface EquationQuestion {
  readonly place: Place;
  /** As in `m.W1` or `dJ.W1`. */
  readonly path: string;
  /** Whether the name is being defined there: a family's members are made at several places. */
  readonly defines: boolean;
  readonly within: Declaration;
}

class TooLong extends Error {}

export class Equations {
  readonly #context: EquationsContext;
  readonly #lowered = new Map<Declaration, Lowered | LoweredDeclaration | undefined>();
  readonly #answers = new Map<string, readonly ShownEquation[]>();
  #deadline = 0;

  constructor(context: EquationsContext) {
    this.#context = context;
  }

  /** The equations of a name: its gradient, or the rules of an op's input; none where there is nothing to derive. */
  of(question: EquationQuestion): readonly ShownEquation[] {
    const { place, path, within } = question;
    const key = [within.start, place.file, place.start, path, question.defines].join(" ");
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      this.#deadline = this.#context.now() + (this.#context.milliseconds ?? 250);
      answer = bounded(() => this.#derive(question)) ?? [];
      this.#answers.set(key, answer);
    }
    return answer;
  }

  #derive(question: EquationQuestion): readonly ShownEquation[] {
    const { place, path, within } = question;
    switch (within.kind) {
      case "net":
        return this.#inNet(within, question);
      case "op":
        return this.#inOp(within, place);
      case "run":
        return this.#inRun(within, place, path);
      default:
        return [];
    }
  }

  #inNet(net: Net, question: EquationQuestion): readonly ShownEquation[] {
    const lowered = this.#declaration(net);
    if (lowered?.instance === undefined) return [];
    const definitions = lowered.elaborator.facts.definitions.values();
    const places = namedPlaces(lowered.record, lowered.instance, definitions);
    const at = chosenOf(places, question);
    const root = lowered.result.node;
    if (at === undefined || root === undefined || !isFloat(at.node.dtype)) return [];
    const nameOf = this.#naming(lowered, places, at.turn, new Map([[root, net.name.name]]));
    const scalars = places.filter(
      ({ node }) => node.shape.length === 0 && isFloat(node.dtype) && node !== root,
    );
    for (const chosen of [root, ...scalars.map(({ node }) => node).reverse()]) {
      const pass = onesPass(lowered, chosen, chosen === root);
      if (chosen !== at.node && pass.gradient(at.node) === undefined && scalars.length > 0) continue;
      const top = chosen.shape.length === 0 ? (nameOf(chosen) ?? net.name.name) : freeName(places, "J");
      const gradientName = (name: string): string => `∂${top}/∂${name}`;
      return this.#gradient(lowered, places, pass, at, { nameOf, gradientName });
    }
    return [];
  }

  #inOp(op: Op, place: Place): readonly ShownEquation[] {
    const lowered = this.#declaration(op);
    const root = lowered?.result.node;
    if (lowered === undefined || root === undefined) return [];
    const inside = [...lowered.elaborator.facts.definitions.values()].filter(
      (each) => each.place.file === place.file && each.place.start >= op.start && each.place.end <= op.end,
    );
    const places = placesOf(inside);
    const at = places.find((each) => isSame(each.place, place));
    if (at === undefined || !isFloat(at.node.dtype)) return [];
    const nameOf = this.#naming(lowered, places, {}, new Map([[root, op.name.name]]));
    const u = freeName(places, "u");
    const pass = onesPass(lowered, root, false);
    const isInput = lowered.inputs.some(({ value }) => value.node === at.node);
    const gradientName = (name: string): string =>
      isInput && name === at.name ? `vjp ${name}(${u})` : `${name}\u0304`;
    const gradients = { nameOf, gradientName, cotangentName: u, longest: 120 };
    const shown = this.#gradient(lowered, places, pass, at, gradients);
    if (!isInput) return shown;
    const { graph } = lowered.machine;
    const tangent = graph.source(placeholder(at.node.dtype, at.node.shape));
    const moved = jvp(graph, at.node, tangent, { rules: "derived" });
    const pushed = tangentEquation(
      { nameOf: this.#naming(lowered, places, {}, new Map()), numberOf: lowered.numberOf },
      { pass: moved, of: root, start: `d${at.name}` },
    );
    const left = writtenName(`jvp ${at.name}(d${at.name})`);
    return pushed === undefined
      ? shown
      : [...shown, { kind: "equation", left, right: pushed, unfolded: undefined, contributions: [] }];
  }

  #inRun(run: Run, place: Place, path: string): readonly ShownEquation[] {
    const lowered = this.#run(run);
    if (lowered === undefined) return [];
    const places = namedPlaces(lowered.record, undefined, lowered.elaborator.facts.definitions.values());
    const nameOf = this.#naming(lowered, places, {}, new Map());
    const moved = runTangent(lowered, places, place, path);
    if (moved !== undefined) return this.#tangent(lowered, places, nameOf, moved);
    const chosen = runGradient(lowered, places, place, path);
    if (chosen === undefined || !isFloat(chosen.at.node.dtype)) return [];
    const { pass, at, gradientName } = chosen;
    // A run has numbers: its loops' turns are meant as they are.
    return this.#gradient(lowered, places, pass, { ...at, turn: {} }, { nameOf, gradientName });
  }

  #tangent(
    { numberOf }: Lowered,
    places: readonly NamedPlace[],
    nameOf: (node: Node) => string | undefined,
    { pass, at, tangentName }: RunTangent,
  ): readonly ShownEquation[] {
    if (at.node === pass.moved) return [];
    // Cut at the tangents of other names; its own is what is written.
    const names = new Map<Node, string>();
    for (const { node, name } of places) {
      const tangent = node.id < at.node.id ? pass.tangentOf(node) : undefined;
      if (typeof tangent === "object" && !names.has(tangent)) names.set(tangent, tangentName(name));
    }
    const start = tangentName(nameOf(pass.moved) ?? "x");
    const naming = { nameOf: (node: Node) => names.get(node) ?? nameOf(node), numberOf };
    const right = tangentEquation(naming, { pass, of: at.node, start });
    const left = writtenName(tangentName(at.name));
    return right === undefined
      ? []
      : [{ kind: "equation", left, right, unfolded: undefined, contributions: [] }];
  }

  #gradient(
    { numberOf, elaborator }: Lowered,
    places: readonly NamedPlace[],
    pass: BackwardPass,
    at: NamedPlace,
    naming: Pick<NamedGradients, "nameOf" | "gradientName" | "cotangentName" | "longest">,
  ): readonly ShownEquation[] {
    const innerName = namesInOps(elaborator.facts.definitions.values(), this.#context.module);
    const named = [...new Set([...places.map(({ node }) => node), pass.root])];
    const poll = (): void => this.#poll();
    const indices = new Map(places.map(({ name, turn }) => [name, Object.keys(turn).at(-1)]));
    const indexOf = (name: string): string | undefined => indices.get(name);
    const gradients: NamedGradients = { ...naming, innerName, indexOf, numberOf, named, pass, poll };
    if (at.node === pass.root) return [];
    if (pass.gradient(at.node) === undefined && at.node.inputs.length > 0) return [];
    return [shownEquation(gradientEquation(gradients, at.node, inTurn(at.name, at.turn)))];
  }

  #naming(
    { record }: Lowered,
    places: readonly NamedPlace[],
    turn: NamedPlace["turn"],
    fallback: ReadonlyMap<Node, string>,
  ): (node: Node) => string | undefined {
    const { module } = this.#context;
    const textOf = (place: Place): string | undefined => {
      const text = place.file === module.id ? module.file.text.slice(place.start, place.end) : "";
      return text !== "" && text.length <= 24 && !text.includes("\n") ? text : undefined;
    };
    const gradients = new Set(
      record.named.flatMap(({ role, value }) => (role === "gradient" ? [value.node] : [])),
    );
    const nameOf = nameNodes(
      places.filter(({ node }) => !gradients.has(node)),
      textOf,
    );
    return (node) => {
      const name = nameOf(node) ?? fallback.get(node);
      return name === undefined ? undefined : inTurn(name, turn);
    };
  }

  #declaration(declaration: Op | Net): LoweredDeclaration | undefined {
    // What is kept under an op or net is the graph of that.
    return this.#once(declaration, (context) => lowerDeclaration(context, declaration)) as
      LoweredDeclaration | undefined;
  }

  #run(run: Run): Lowered | undefined {
    return this.#once(run, (context) => lowerRun(context, run));
  }

  #once(
    declaration: Declaration,
    lower: (context: {
      readonly module: Module;
      readonly library: Library;
      readonly poll: () => void;
    }) => Lowered | undefined,
  ): Lowered | undefined {
    if (!this.#lowered.has(declaration)) {
      const { module, library } = this.#context;
      const lowered = bounded(() => lower({ module, library, poll: () => this.#poll() }));
      this.#lowered.set(declaration, lowered);
    }
    return this.#lowered.get(declaration);
  }

  #poll(): void {
    if (this.#context.now() > this.#deadline) throw new TooLong();
  }
}

function bounded<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof TooLong) return undefined;
    throw error;
  }
}

export function shownEquation({
  name,
  kind,
  equation,
  unfolded,
  contributions,
}: GradientEquation): ShownEquation {
  return { kind, left: writtenName(name), right: equation, unfolded, contributions };
}

function onesPass({ machine: { graph } }: Lowered, root: Node, scalarOnes: boolean): BackwardPass {
  const cotangent =
    scalarOnes && root.shape.length === 0
      ? graph.builder(undefined, root.dtype === "float32" ? "float32" : "float64").onesLike(root)
      : graph.source(placeholder(root.dtype, root.shape));
  return backward(graph, root, cotangent, { rules: "derived" });
}

function isSame(a: Place, b: Place): boolean {
  return a.file === b.file && a.start === b.start;
}

/** The named place that is meant; of the turns of a loop one that has others before and after it. */
function chosenOf(
  places: readonly NamedPlace[],
  { place, path, defines }: EquationQuestion,
): NamedPlace | undefined {
  const here = places.filter((each) => isSame(each.place, place));
  const family = here.find(({ name }) => name.includes("["))?.name.replace(/\[.*/, "");
  if (defines || family === undefined) return middleOf(here);
  // A member that is read may be made at another place than the first.
  const members = places.filter(({ name }) => name.startsWith(`${family}[`));
  return members.find(({ name }) => name === path) ?? middleOf(members);
}

function middleOf(places: readonly NamedPlace[]): NamedPlace | undefined {
  return places[Math.floor((places.length - 1) / 2)];
}

/** A name that the body does not use. */
function freeName(places: readonly NamedPlace[], wanted: string): string {
  const taken = new Set(places.map(({ name }) => name));
  const found = [wanted, wanted === "u" ? "v" : "ℓ", `${wanted}'`, `${wanted}''`].find(
    (name) => !taken.has(name),
  );
  return found ?? wanted;
}
