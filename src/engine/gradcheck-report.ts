/** Gradchecks: what they are of and with respect to, and their outcome as a report. */
import {
  parametersOf,
  type Diagnostic,
  type GradcheckPlan,
  type LayerValue,
  type NamedValue,
  type RunRecord,
  type TensorValue,
  type Value,
} from "../language/check";
import { worstStatus, type GradcheckReport, type Range } from "../protocol";
import type { ThreadHost } from "../runtime/compile";
import { gradcheck, gradgradcheck, type GradcheckInput, type GradcheckOutcome } from "../runtime/gradcheck";
import { backward, type Node } from "../runtime/graph";
import { full, isFloat, tensor, type Tensor } from "../runtime/tensor";
import { BlameReporter } from "./blame-report";
import { gradientIn } from "./gradient-of";
import { originPlace, type Places } from "./places";
import type { RunMachine } from "./run-machine";
import { NodeNames } from "./node-names";
import { membersOf, pathOf, turnOf } from "./values";

export interface GradcheckContext {
  readonly now: () => number;
  readonly poll: (done: number, total: number, what: string) => void;
  /** Whether every entry is compared, whatever that costs. */
  readonly full?: boolean;
  /** Threads that help with what takes long. */
  readonly threads?: ThreadHost | undefined;
  /** Whether the gradients are differentiated again as well. */
  readonly secondOrder?: boolean;
  /** What has been found wrong so far: a rule is elaborated when it is used. */
  readonly errors?: () => readonly Diagnostic[];
}

type Leaf = GradcheckInput["leaves"][number];

/** Carries out one `gradcheck` statement. */
export function runGradcheck(
  context: GradcheckContext,
  machine: RunMachine,
  record: RunRecord,
  plan: GradcheckPlan,
  places: Places,
): GradcheckReport {
  const range = places.rangeOf(plan.place);
  const of = plan.text;
  const at = turnOf(plan.turn);
  const root = rootOf(plan.of);
  if (root === "pending") return blankReport(of, range, at, "pending", "It depends on a hole.");
  if (root?.node === undefined)
    return blankReport(
      of,
      range,
      at,
      "undecided",
      "It has no value: it depends on something that has an error.",
    );
  const wrong = plan.wrt.find(({ value }) => value.kind === "unknown");
  if (wrong !== undefined) return blankReport(of, range, at, "undecided", `\`${wrong.name}\` has an error.`);
  const leaves = plan.wrt.length > 0 ? plan.wrt.flatMap(leavesOf) : defaultLeaves(record, root.node, places);
  if (leaves.length === 0)
    return blankReport(of, range, at, "undecided", "It depends on no float parameter or source.");
  const tolerance = plan.tolerance === undefined ? {} : { tolerance: plan.tolerance };
  return checkGradients(context, machine, record, {
    of,
    range,
    at,
    root: root.node,
    leaves,
    places,
    ...tolerance,
  });
}

export interface GradientsInput {
  readonly of: string;
  readonly range: Range;
  readonly at: GradcheckReport["at"];
  readonly root: Node;
  readonly leaves: readonly Leaf[];
  readonly places: Places;
  readonly tolerance?: { readonly absolute: number; readonly relative: number };
}

export function checkGradients(
  context: GradcheckContext,
  machine: RunMachine,
  record: RunRecord,
  input: GradientsInput,
): GradcheckReport {
  const started = context.now();
  const names = new NodeNames(record);
  const fault = machine.evaluator.evaluate(input.root);
  if ("fault" in fault)
    return blankReport(
      input.of,
      input.range,
      input.at,
      "undecided",
      `It has no value: ${fault.fault.message}.`,
    );
  const asked = (of: string): GradcheckInput => ({
    graph: machine.graph,
    root: input.root,
    leaves: input.leaves,
    ...(input.tolerance === undefined ? {} : { tolerance: input.tolerance }),
    ...(context.full === true ? { effort: "full" } : {}),
    threads: context.threads,
    poll: (done, total) => {
      context.poll(done, total, `Gradcheck of ${of}`);
    },
    nameOf: (node) => names.of(node),
    namesOf: (node) => names.allOf(node),
    definedAt: (node, name) => names.placeOf(node, name),
    writtenAt: ({ origin }) => input.places.textAt(origin),
  });
  const outcome = gradcheck({ ...asked(input.of), ...derivedTruth(machine, record, input.root) });
  const first = withErrors(report(outcome, input, names), machine, context.errors?.() ?? []);
  keepErrors(machine, input, outcome, first);
  const between = context.now();
  const second = context.secondOrder === true ? secondOrder(asked, machine, input, names) : undefined;
  const end = context.now();
  const milliseconds = end - started;
  if (second === undefined || outcome.verdict === "failed") return { ...first, milliseconds };
  const verdict = worstStatus([first.verdict, second.verdict]) as GradcheckReport["verdict"];
  const reason =
    verdict === first.verdict ? first.reason : `second order: ${second.reason ?? second.verdict}`;
  return { ...first, verdict, reason, secondOrder: { ...second, milliseconds: end - between }, milliseconds };
}

type Unmeasured = Omit<GradcheckReport, "milliseconds">;

/** A rule that has an error gives nothing, as a hole does; but nobody will fill it in. */
function withErrors(report: Unmeasured, machine: RunMachine, diagnostics: readonly Diagnostic[]): Unmeasured {
  if (report.verdict !== "pending" || errorsInRules(machine, diagnostics).length === 0) return report;
  return {
    ...report,
    verdict: "undecided",
    reason: report.reason?.replaceAll("is a hole", "has an error") ?? null,
    leaves: report.leaves.map((leaf) =>
      leaf.verdict === "pending" ? { ...leaf, verdict: "undecided" } : leaf,
    ),
  };
}

/** Errors that stand in the rules that have been applied. */
export function errorsInRules(machine: RunMachine, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const origins = machine.graph.applications.flatMap(({ ruleOrigins }) => [...(ruleOrigins?.values() ?? [])]);
  const rules = origins.flatMap((origin) => originPlace(origin) ?? []);
  return diagnostics.filter(
    ({ severity, place: { file, start, end } }) =>
      severity === "error" &&
      rules.some((rule) => rule.file === file && rule.start <= start && end <= rule.end),
  );
}

/** The derivatives of the gradients; undefined where there are none to differentiate. */
function secondOrder(
  asked: (of: string) => GradcheckInput,
  machine: RunMachine,
  input: GradientsInput,
  names: NodeNames,
): Unmeasured | undefined {
  const of = `the gradients of ${input.of}`;
  const outcome = gradgradcheck(asked(of));
  if (outcome === undefined) return undefined;
  if (outcome === "pending")
    return blankReport(of, input.range, input.at, "pending", "It depends on a hole.");
  const second = report(outcome, { ...input, of }, names);
  keepErrors(machine, input, outcome, second);
  return second;
}

/** A gradient that hand rules give is held against the one that plain autodiff gives. */
function derivedTruth(machine: RunMachine, record: RunRecord, root: Node): { readonly truth?: Node } {
  const found = gradientIn(record, root);
  if (found === undefined) return {};
  const { pass, at } = found;
  const derived = backward(machine.graph, pass.root, pass.cotangent, { rules: "derived" }).gradient(at);
  return typeof derived === "object" ? { truth: derived } : {};
}

/** The error at each entry of each leaf, for whoever looks closer. */
function keepErrors(
  machine: RunMachine,
  { leaves }: GradientsInput,
  outcome: GradcheckOutcome,
  report: Pick<GradcheckReport, "leaves">,
): void {
  machine.errorMaps.set(
    report.leaves,
    leaves.map(({ node: { shape } }, i) => errorMap(outcome.leaves[i], shape)),
  );
}

/** NaN where an entry was not compared with differences. */
function errorMap(leaf: GradcheckOutcome["leaves"][number] | undefined, shape: readonly number[]): Tensor {
  return leaf?.errors === undefined ? full("float64", shape, NaN) : tensor("float64", shape, leaf.errors);
}

function report(
  outcome: GradcheckOutcome,
  { of, range, at, places }: GradientsInput,
  names: NodeNames,
): Unmeasured {
  const reporter = new BlameReporter(names, places, range);
  return {
    of,
    range,
    at,
    verdict: outcome.verdict,
    reason: outcome.reason,
    entries: outcome.entries,
    worstError: outcome.worstError,
    leaves: outcome.leaves.map(({ name, verdict, entries, worst }) => ({ name, verdict, entries, worst })),
    adjoint: outcome.adjoint.map(({ application, rule, error }) => ({ op: application.name, rule, error })),
    slope: outcome.slope,
    kinks: outcome.kinks.map(({ node, op, index }) => ({
      node: names.of(node) ?? op,
      op,
      range: reporter.rangeHere(node.origin),
      index,
    })),
    blame: outcome.blame.map((each) => reporter.report(each)),
  };
}

export function blankReport(
  of: string,
  range: Range,
  at: GradcheckReport["at"],
  verdict: "undecided" | "pending",
  reason: string,
): GradcheckReport {
  return {
    of,
    range,
    at,
    verdict,
    reason,
    entries: 0,
    worstError: 0,
    milliseconds: 0,
    leaves: [],
    adjoint: [],
    slope: null,
    kinks: [],
    blame: [],
  };
}

function rootOf(value: Value): TensorValue | "pending" | undefined {
  switch (value.kind) {
    case "tensor":
      return value;
    case "instance":
      return rootOf(value.state.result);
    case "pending":
      return "pending";
    default:
      return undefined;
  }
}

/** `wrt` takes nodes, families, layers or instances (all their parameters). */
function leavesOf({ name, value }: NamedValue): Leaf[] {
  if (value.kind === "instance")
    return named([...parametersOf(value)].map(([path, parameter]) => [`${name}.${path}`, parameter.value]));
  if (value.kind === "layer") return named(parametersOfLayer(name, value));
  return named(
    membersOf({ name, value }).flatMap((member) =>
      member.value.kind === "tensor" ? [[member.name, member.value] as const] : [],
    ),
  );
}

/** A layer's own parameters and those of the layers in it. */
function parametersOfLayer(name: string, { state, chain }: LayerValue): (readonly [string, TensorValue])[] {
  const own = [...state.parameters].map(([key, parameter]) => [`${name}.${key}`, parameter] as const);
  const parts = (chain ?? []).map((part, index) => [`layers[${String(index)}]`, part] as const);
  const nested = [...state.nested].map(
    ([site, layer]) => [site.slice(site.lastIndexOf(" ") + 1), layer] as const,
  );
  const inner = [...parts, ...nested].flatMap(([path, part]) =>
    part.kind === "layer" ? parametersOfLayer(`${name}.${path}`, part) : [],
  );
  const seen = new Set<TensorValue>();
  return [...own, ...inner].filter(([, parameter]) => !seen.has(parameter) && seen.add(parameter));
}

function named(entries: readonly (readonly [string, TensorValue])[]): Leaf[] {
  return entries.flatMap(([name, { node, dtype }]) =>
    node === undefined || !isFloat(dtype) ? [] : [{ name, node }],
  );
}

/** The parameters that the root depends on; where there are none, every float source with a name. */
function defaultLeaves(record: RunRecord, root: Node, places: Places): Leaf[] {
  const reached = ancestors(root);
  const pick = (wanted: (entry: RunRecord["named"][number]) => boolean): Leaf[] => {
    const leaves = new Map<Node, string>();
    for (const entry of record.named) {
      const { node, dtype } = entry.value;
      if (node === undefined || !isFloat(dtype) || !reached.has(node) || leaves.has(node) || !wanted(entry))
        continue;
      leaves.set(node, pathOf(entry.name, entry.owner));
    }
    return [...leaves].map(([node, name]) => ({ name, node }));
  };
  const parameters = pick(({ role }) => role === "parameter");
  if (parameters.length > 0) return parameters;
  const sources = pick(({ value }) => value.node?.kind === "source");
  return sources.length > 0 ? sources : unnamedSources(reached, places);
}

/** Tensors that stand in the expression itself, as in `gradcheck f(randn([3]))`; single numbers are constants. */
function unnamedSources(reached: ReadonlySet<Node>, places: Places): Leaf[] {
  return [...reached].flatMap((node) => {
    if (node.kind !== "source" || !isFloat(node.dtype) || node.shape.length === 0) return [];
    const place = originPlace(node.origin);
    return [{ name: place === undefined ? "a source" : places.textOf(place), node }];
  });
}

function ancestors(root: Node): ReadonlySet<Node> {
  const seen = new Set<Node>();
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push(...node.inputs);
  }
  return seen;
}
