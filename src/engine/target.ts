/**
 * One executed run, op or net: its machine, its record, and what the panel may ask of it afterwards.
 * It owns its graph and values until it is forgotten.
 */
import type { Module, RunRecord } from "../language/check";
import type { BackwardPass, JvpPass, Node } from "../runtime/graph";
import { full, isFloat, type Tensor } from "../runtime/tensor";
import type {
  GradcheckReport,
  NodeSummary,
  SliceReply,
  SliceRequest,
  Status,
  TargetReport,
  TensorRef,
} from "../protocol";
import type { Place } from "../language/check";
import { noDimensionNames, type DimensionNames } from "./dimension-names";
import { Places } from "./places";
import { RootPasses, type Row } from "./root-passes";
import type { RunMachine } from "./run-machine";
import { cutSlice } from "./slices";
import { summarize } from "./summaries";
import { trainingReport } from "./training-reports";
import { pathOf } from "./values";

export interface TargetParts {
  readonly kind: TargetReport["kind"];
  readonly name: string;
  readonly place: Place;
  readonly module: Module;
  readonly machine: RunMachine;
  readonly record: RunRecord;
  /** Those of the record, where some have been made already. */
  readonly roots?: RootPasses;
  readonly report: Pick<TargetReport, "run" | "sampled" | "gradchecks" | "status" | "milliseconds">;
}

/** Node ids of a session: each target has a range of its own, so that an id alone says which target is meant. */
const idsPerTarget = 1_000_000;
/** Ids of gradchecks' error maps come after those of nodes. */
const firstErrorMap = 500_000;
/** Then those of tensors that are no node's, made for an answer. */
const firstHeld = 700_000;
/** And those of passes that the panel began come last: they stand where a root's id does. */
const firstPass = 900_000;

export class Target {
  readonly name: string;
  readonly #parts: TargetParts;
  readonly #places: Places;
  readonly #roots: RootPasses;
  readonly #begun: (BackwardPass | JvpPass)[] = [];
  readonly #begunKeys: string[] = [];
  readonly #held: Tensor[] = [];
  readonly #heldIds = new Map<string, number>();
  #first = 0;
  #dims: DimensionNames = noDimensionNames;

  constructor(parts: TargetParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.#places = new Places(parts.module);
    this.#roots = parts.roots ?? new RootPasses(parts.record, parts.machine.graph);
  }

  get status(): Status {
    return this.#parts.report.status;
  }

  /** Takes its place among the targets of a session, which gives its nodes their ids and its dimensions their names. */
  join(position: number, dims: DimensionNames): this {
    this.#first = position * idsPerTarget;
    this.#dims = dims;
    return this;
  }

  owns(id: number): boolean {
    return Math.floor(id / idsPerTarget) * idsPerTarget === this.#first;
  }

  get machine(): RunMachine {
    return this.#parts.machine;
  }

  get record(): RunRecord {
    return this.#parts.record;
  }

  get places(): Places {
    return this.#places;
  }

  /** Its named nodes, in order of making. */
  get rows(): readonly Row[] {
    return this.#roots.rows;
  }

  /** The row of an id; undefined where it is none of this target's. */
  row(id: number | null): Row | undefined {
    return id === null ? undefined : this.rows[id - this.#first];
  }

  /** The id of the row at that position. */
  idAt(position: number): number {
    return this.#first + position;
  }

  /** The id of a node that has a name. */
  idOf(node: Node): number | undefined {
    return this.#ids().get(node);
  }

  /** The path of a row as written: `m.z[1]`. */
  nameOf({ named }: Row): string {
    return pathOf(named.name, named.owner);
  }

  /** Summaries of every named node, with the gradients of the root (the best one where it is left out). */
  report(chosen?: number): TargetReport {
    const roots = this.#rootsOfReport();
    const root = chosen ?? roots[0]?.id ?? null;
    const { kind, name, place, report } = this.#parts;
    return {
      kind,
      name,
      range: this.#places.rangeOf(place),
      ...report,
      gradchecks: this.#gradchecks().map(({ report: gradcheck }) => gradcheck),
      trainings: this.machine.trainings.map((training, index) =>
        trainingReport(training, { target: name, index, places: this.#places }),
      ),
      nodes: this.rows.map((row, index) => this.#summary(row, this.#first + index, root)),
      roots,
      root,
    };
  }

  slice(request: SliceRequest): SliceReply | undefined {
    const value = this.tensor(request);
    return value === undefined ? undefined : cutSlice(value, request);
  }

  /** A node's value or gradient; undefined where it has none. */
  tensor({ node, of, root }: TensorRef): Tensor | undefined {
    const row = this.row(node);
    if (row === undefined) return this.#nodeless(node - this.#first);
    const source = of === "value" ? row.node : this.#gradient(root, row.node);
    if (source === "pending") return undefined;
    // A structural zero has no node, but every element of it can be read.
    if (source === undefined) return full("float64", row.node.shape, 0);
    const value = this.evaluate(source);
    return typeof value === "string" ? undefined : value;
  }

  #nodeless(id: number): Tensor | undefined {
    return id < firstHeld ? this.#errorMaps()[id - firstErrorMap] : this.#held[id - firstHeld];
  }

  /** The node behind a value or gradient; undefined where there is none, as for a structural zero. */
  source({ node, of, root }: TensorRef): Node | undefined {
    const row = this.row(node);
    const source = of === "value" ? row?.node : row && this.#gradient(root, row.node);
    return source === "pending" ? undefined : source;
  }

  /** Gradchecks whose leaves say by which id their errors can be read. */
  #gradchecks(): readonly { readonly report: GradcheckReport; readonly errors: readonly Tensor[] }[] {
    let next = this.#first + firstErrorMap;
    return this.#parts.report.gradchecks.map((report) => {
      const all: Tensor[] = [];
      const withErrors = (each: GradcheckReport): GradcheckReport => {
        const errors = this.#parts.machine.errorMaps.get(each.leaves) ?? [];
        all.push(...errors);
        const leaves = each.leaves.map((leaf, i) => (i < errors.length ? { ...leaf, errors: next++ } : leaf));
        const { secondOrder } = each;
        return {
          ...each,
          leaves,
          ...(secondOrder === undefined ? {} : { secondOrder: withErrors(secondOrder) }),
        };
      };
      return { report: withErrors(report), errors: all };
    });
  }

  #errorMaps(): readonly Tensor[] {
    return this.#gradchecks().flatMap(({ errors }) => errors);
  }

  #rootsOfReport(): { readonly id: number; readonly name: string }[] {
    return this.#roots.positions.map((position) => ({
      id: this.#first + position,
      name: this.nameOf(this.rows[position]!),
    }));
  }

  /** The backward pass from a named node: the spec's own where it has one, else with a cotangent of ones. */
  pass(root: number | null): BackwardPass | undefined {
    if (root === null) return undefined;
    const begun = this.#begun[root - this.#first - firstPass];
    if (begun !== undefined) return "gradient" in begun ? begun : undefined;
    const row = this.row(root);
    return row && this.#roots.from(row);
  }

  /** A pass that the panel began, made once for a key; its gradients or tangents are read by the id, as a root's are. */
  keep<Pass extends BackwardPass | JvpPass>(
    key: string,
    make: () => Pass,
  ): { readonly id: number; readonly pass: Pass } {
    const known = this.#begunKeys.indexOf(key);
    // The key says which kind of pass it is.
    if (known >= 0) return { id: this.#first + firstPass + known, pass: this.#begun[known] as Pass };
    const pass = make();
    this.#begunKeys.push(key);
    return { id: this.#first + firstPass + this.#begun.push(pass) - 1, pass };
  }

  /** Keeps a tensor that is no node's; the same key is the same tensor. It is read by the id, as a value. */
  hold(key: string, tensor: Tensor): number {
    const id = this.#heldIds.get(key) ?? this.#first + firstHeld + this.#held.push(tensor) - 1;
    this.#heldIds.set(key, id);
    return id;
  }

  /** The id of the root that is taken where none is chosen. */
  get defaultRoot(): number | null {
    return this.#rootsOfReport()[0]?.id ?? null;
  }

  /** Its value, or the sentence of the fault that it has none. */
  evaluate(node: Node): Tensor | string {
    const value = this.#parts.machine.evaluator.evaluate(node);
    return "fault" in value ? value.fault.message : value;
  }

  #gradient(root: number | null, node: Node): Node | "pending" | undefined {
    const begun = root === null ? undefined : this.#begun[root - this.#first - firstPass];
    if (begun !== undefined && "tangentOf" in begun) return begun.tangentOf(node);
    const pass = this.pass(root);
    return pass === undefined ? "pending" : pass.gradient(node);
  }

  #summary(row: Row, id: number, root: number | null): NodeSummary {
    const { node, named } = row;
    const value = this.evaluate(node);
    const turn = Object.keys(named.turn).length === 0 ? null : named.turn;
    return {
      id,
      name: pathOf(named.name, named.owner),
      group: named.owner === undefined ? "" : pathOf("", named.owner).slice(0, -1),
      role: named.role,
      op: node.kind === "apply" ? node.op.name : "",
      parents: this.#parents(node),
      range: this.#places.rangeOf(named.place),
      file: this.#places.otherFile(named.place),
      at: turn,
      dims: this.#dims(row.named),
      value: typeof value === "string" ? null : summarize(value),
      gradient: this.#gradientSummary(root, node),
      fault: typeof value === "string" ? value : null,
    };
  }

  #gradientSummary(root: number | null, node: Node): NodeSummary["gradient"] {
    if (root === null || !isFloat(node.dtype)) return null;
    const gradient = this.#gradient(root, node);
    if (gradient === undefined) return "zero";
    if (gradient === "pending") return "pending";
    const value = this.evaluate(gradient);
    return typeof value === "string" ? null : summarize(value);
  }

  /** The nearest named nodes that a node was computed from. */
  #parents(node: Node): number[] {
    const ids = this.#ids();
    const found = new Set<number>();
    const seen = new Set<Node>();
    const stack = [...node.inputs];
    for (let input = stack.pop(); input !== undefined; input = stack.pop()) {
      if (seen.has(input)) continue;
      seen.add(input);
      const id = ids.get(input);
      if (id !== undefined) found.add(id);
      else stack.push(...input.inputs);
    }
    return [...found].sort((a, b) => a - b);
  }

  #cachedIds: Map<Node, number> | undefined;

  #ids(): ReadonlyMap<Node, number> {
    this.#cachedIds ??= new Map(this.rows.map(({ node }, index) => [node, this.#first + index]));
    return this.#cachedIds;
  }
}
