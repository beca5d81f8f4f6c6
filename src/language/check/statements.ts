/** The meaning of each statement: names bound, parameters drawn, rules and checks noted. */
import { dim, formatDims, type Dim } from "../../runtime/tensor";
import type { Assignment, Expression, For, Param, Sample, Seed, Statement, Target, Type } from "../syntax";
import { bindTarget, targetText } from "./bindings";
import { planCheck, planGradcheck, planPlot, planShow } from "./checks";
import { reportNotCompileTime, wholeNumber } from "./compile-time-values";
import { contradicts, elementType, evaluateType, evaluateTypeAround, refine } from "./declared-types";
import { formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { bindParameter } from "./given-parameters";
import { iterate } from "./iterate";
import { planParameter } from "./drawing";
import { loopValues, someIndex, turnFrame } from "./loops";
import { isPath } from "./paths";
import { collectReturn, collectRule } from "./rules";
import { toTensor } from "./tensors";
import { unknown, type TensorValue, type Value } from "./value";

/** Where a statement may stand, and what to write anywhere else. */
interface Place {
  readonly in: readonly Frame["kind"][];
  readonly instead: Readonly<Partial<Record<Frame["kind"], string>>>;
}

const inRunsAlone = (instead: string): Place => ({ in: ["run"], instead: { op: instead, net: instead } });

const places: Readonly<Partial<Record<Statement["kind"], Place>>> = {
  return: { in: ["op", "net"], instead: { run: "name the value, or `show` it" } },
  iterate: { in: ["net", "run"], instead: { op: "the rules of an op hold for one fixed path; write a net" } },
  rule: { in: ["op", "net"], instead: { run: "a rule belongs to the op or net that it differentiates" } },
  sample: { in: ["op", "net"], instead: { run: "name the value itself, as in `x = randn([3, 4])`" } },
  param: {
    in: ["net"],
    instead: {
      op: "make it an argument of the op",
      run: "name the value, as in `W = randn([3, 4])`, or write a net",
    },
  },
  seed: { in: ["net", "run"], instead: { op: "ops draw nothing" } },
  dtype: inRunsAlone("a run says it for all that it executes"),
  check: inRunsAlone("write it in a run"),
  gradcheck: inRunsAlone("write it in a run"),
  show: inRunsAlone("write it in a run"),
  plot: inRunsAlone("write it in a run"),
};

const placeNames: Readonly<Record<Frame["kind"], string>> = {
  op: "an op",
  net: "a net",
  run: "a run",
  file: "a file",
};

export function executeStatements(e: Elaboration, frame: Frame, statements: readonly Statement[]): void {
  // Rules see every name of the body, so they wait for its end.
  const later: Statement[] = [];
  for (const statement of statements) {
    if (!e.spend(frame, statement)) return;
    if (statement.kind === "rule") later.push(statement);
    else executeStatement(e, frame, statement);
  }
  for (const statement of later) executeStatement(e, frame, statement);
}

function executeStatement(e: Elaboration, frame: Frame, statement: Statement): void {
  const place = places[statement.kind];
  if (place?.in.includes(frame.kind) === false) {
    const word = statement.kind === "rule" ? statement.mode : statement.kind;
    const instead = place.instead[frame.kind] ?? "";
    e.report(frame, problems.notHere(word, placeNames[frame.kind], instead), statement);
    bindMisplaced(e, frame, statement);
    return;
  }
  switch (statement.kind) {
    case "assignment":
      assign(e, frame, statement);
      return;
    case "param":
      declareParameter(e, frame, statement);
      return;
    case "iterate":
      iterate(e, frame, statement);
      return;
    case "return":
      if (frame.layer?.phase === "plan")
        e.evaluate(frame, statement.value); // layers made in it are drawn
      else collectReturn(e, frame, statement);
      return;
    case "rule":
      if (frame.layer?.phase !== "plan") collectRule(e, frame, statement);
      return;
    case "sample":
      sample(e, frame, statement);
      return;
    case "for":
      loop(e, frame, statement);
      return;
    case "seed":
      seed(e, frame, statement);
      return;
    case "dtype": // read before the run begins
      if (frame.scope.turn) e.report(frame, problems.dtypeLate(), statement);
      return;
    case "check":
      planCheck(e, frame, statement);
      return;
    case "gradcheck":
      planGradcheck(e, frame, statement);
      return;
    case "show":
      planShow(e, frame, statement);
      return;
    case "plot":
      planPlot(e, frame, statement);
  }
}

/** A name that stands in the wrong place is a name all the same. */
function bindMisplaced(e: Elaboration, frame: Frame, statement: Statement): void {
  if (statement.kind === "param") bindTarget(e, frame, statement.target, unknown, "parameter");
  else if (statement.kind === "iterate" || statement.kind === "sample") {
    const { name } = statement;
    bindTarget(e, frame, { name, indices: [], start: name.start, end: name.end }, unknown, "value");
  }
}

function assign(e: Elaboration, frame: Frame, statement: Assignment): void {
  const { target, type } = statement;
  const text = targetText(e, frame, target);
  const shape = type === undefined ? undefined : evaluateType(e, frame, type, text);
  const inner: Frame = {
    ...frame,
    assigning: text,
    annotated: shape,
    expectedShape: statement.value.kind === "hole" ? shape : undefined,
  };
  const value = e.evaluate(inner, statement.value);
  if (statement.constant) {
    bindTarget(e, frame, target, constant(e, frame, value, statement), "constant");
    return;
  }
  const settled = settle(e, frame, value, statement, type, shape, text);
  if (settled.kind === "instance" && settled.state.name === undefined) settled.state.name = text;
  const lost = settled.kind === "unknown" && !mayBeInstance(e, frame, statement.value);
  bindTarget(e, frame, target, lost ? { kind: "unknown", instance: false } : settled, "value");
}

/** Whether an expression that has failed may have been meant as an instance. */
function mayBeInstance(e: Elaboration, frame: Frame, expression: Expression): boolean {
  switch (expression.kind) {
    case "parenthesized":
      return mayBeInstance(e, frame, expression.inner);
    case "number":
    case "string":
    case "unary":
    case "binary":
    case "comparison":
      return false;
    case "call": {
      if (expression.callee.kind !== "name") return true;
      const callee = e.evaluate({ ...frame, silent: true }, expression.callee);
      if (callee.kind === "builtin") return ["update", "train"].includes(callee.builtin.name);
      return callee.kind !== "operator" && callee.kind !== "op";
    }
    case "name":
    case "member":
    case "indexing": {
      if (!isPath(expression)) return true;
      const from = expression.kind === "name" ? expression : expression.base;
      const value = e.evaluate({ ...frame, silent: true, record: undefined }, from);
      if (value.kind === "unknown") return value.instance !== false;
      return !["pass", "tensor", "record"].includes(value.kind);
    }
    default:
      return true;
  }
}

/** A constant keeps a value known before anything runs; tensors are not. */
function constant(e: Elaboration, frame: Frame, value: Value, statement: Assignment): Value {
  if (value.kind !== "tensor" && value.kind !== "instance") return value;
  reportNotCompileTime(e, frame, value, statement.value, `The constant \`${statement.target.name.name}\``);
  return unknown;
}

/** What a plain assignment binds: numbers and lists of numbers become nodes; functions, layers, instances and passes stay. */
function settle(
  e: Elaboration,
  frame: Frame,
  value: Value,
  statement: Assignment,
  type: Type | undefined,
  shape: readonly Dim[] | undefined,
  text: string,
): Value {
  const numeric =
    value.kind === "number" ||
    value.kind === "boolean" ||
    (value.kind === "list" && !isCompileTimeList(value));
  if (!numeric && type === undefined)
    return value.kind === "tensor" ? withOrigin(frame, value, statement.target, text) : value;
  if (value.kind === "pending") return { kind: "pending", shape: shape ?? value.shape };
  const wanted = type?.element ?? (value.kind === "boolean" ? "bool" : "any");
  const tensor = toTensor(e, frame, value, statement.value, wanted);
  if (tensor.kind !== "tensor") return tensor;
  if (type === undefined || tensor.shape === undefined) {
    if (type !== undefined && shape !== undefined) return named(tensor, shape, elementType(frame, type));
    return withOrigin(frame, tensor, statement.target, text);
  }
  const meant = shape ?? evaluateTypeAround(e, frame, type, text, tensor.shape);
  if (meant === "short" || contradicts(meant, tensor.shape)) {
    const related = [{ place: placeOf(frame, type), message: "Declared here" }];
    const written = textOf(frame, type);
    const known = meant === "short" || written.endsWith(formatDims(meant)) ? "" : ` = ${formatDims(meant)}`;
    const declared = `${written}${known}`;
    e.report(frame, problems.annotation(text, declared, formatType(tensor)), statement.value, { related });
    return unknown;
  }
  const kept = value.kind === "instance" ? value : named(tensor, refine(meant, tensor.shape), tensor.dtype);
  return kept;
}

/** The same node with a better known shape. */
function named(value: TensorValue, shape: readonly Dim[], dtype: TensorValue["dtype"]): TensorValue {
  return { ...value, shape, dtype, parents: [value] };
}

/** Whether a list holds functions, layers or strings, and so stays a list. */
function isCompileTimeList(value: Value): boolean {
  if (value.kind !== "list")
    return !["number", "boolean", "tensor", "instance", "opaque"].includes(value.kind);
  return value.items.some(isCompileTimeList);
}

/** Dimensions without a known origin come from this name. */
function withOrigin(frame: Frame, value: TensorValue, target: Target, text: string): TensorValue {
  const { shape } = value;
  if (shape?.some(({ origin }) => origin === undefined) !== true) return value;
  const origin = { name: text, place: placeOf(frame, target) };
  // Shapes are fixed but where their dimensions come from is learnt here: the value keeps its identity.
  Object.assign(value, {
    shape: shape.map((each) => (each.origin === undefined ? dim(each.size, origin) : each)),
  });
  return value;
}

function declareParameter(e: Elaboration, frame: Frame, statement: Param): void {
  const key = targetText(e, frame, statement.target);
  const body = frame.layer;
  if (body === undefined) return;
  if (body.phase === "plan") {
    if (body.plan !== undefined)
      bindTarget(e, frame, statement.target, planParameter(e, frame, statement, key, body.plan), "parameter");
    return;
  }
  if (statement.type === undefined && statement.value === undefined)
    e.report(frame, problems.cannotInferShape(key), statement);
  const value = bindParameter(e, frame, statement, key, body);
  if (frame.machine === undefined && statement.value !== undefined)
    checkInitialiser(e, frame, statement, key);
  if (value.kind === "tensor") frame.owner?.state.parameters.set(key, { value, layer: body.layer, key });
  bindTarget(e, frame, statement.target, value, "parameter");
}

/** While checking: the initialiser's names and shape, which planning was silent about. */
function checkInitialiser(e: Elaboration, frame: Frame, statement: Param, key: string): void {
  if (statement.value === undefined) return;
  const shape = statement.type === undefined ? undefined : evaluateType(e, frame, statement.type, key);
  const value = toTensor(
    e,
    frame,
    e.evaluate({ ...frame, expectedShape: shape, assigning: key }, statement.value),
    statement.value,
    "float",
  );
  if (value.kind !== "tensor" || shape === undefined || value.shape === undefined || value.shape.length === 0)
    return;
  if (!contradicts(shape, value.shape)) return;
  const declared = statement.type === undefined ? "" : textOf(frame, statement.type);
  e.report(frame, problems.annotation(key, declared, formatType(value)), statement.value);
}

function sample(e: Elaboration, frame: Frame, statement: Sample): void {
  const binding = frame.scope.lookup(statement.name.name);
  const known = binding?.role === "input" || binding?.role === "hyperparameter" || binding?.role === "size";
  if (!known) {
    e.report(frame, problems.sampleTarget(statement.name.name), statement.name);
    return;
  }
  const { role, place, value } = binding;
  e.facts.refer({
    name: statement.name.name,
    place: placeOf(frame, statement.name),
    definition: { kind: "binding", role, place, value },
  });
  // Samples are drawn only when the declaration is checked alone; here their names and shapes are checked.
  if (frame.machine === undefined && frame.appliedAt === undefined)
    e.evaluate({ ...frame, kind: "run", layer: undefined }, statement.value);
}

function loop(e: Elaboration, frame: Frame, statement: For): void {
  const values = loopValues(e, frame, statement.over);
  if (values === undefined) {
    const plan = frame.layer?.phase === "plan" ? frame.layer.plan : undefined;
    const before = plan?.steps.length;
    e.execute(
      turnFrame(e, frame, statement.over, someIndex(frame, statement.over)),
      statement.body.statements,
    );
    // How many turns will draw is not known yet.
    if (plan !== undefined && plan.steps.length !== before) plan.ready = false;
    return;
  }
  for (const value of values) {
    if (!e.spend(frame, statement)) return;
    e.execute(turnFrame(e, frame, statement.over, value), statement.body.statements);
  }
}

function seed(e: Elaboration, frame: Frame, statement: Seed): void {
  const value = e.evaluate(frame, statement.value);
  const list =
    value.kind === "list"
      ? value.items.map((item) => wholeNumber(e, frame, item, statement.value, "A seed"))
      : undefined;
  const number = list === undefined ? wholeNumber(e, frame, value, statement.value, "A seed") : undefined;
  const words = list?.filter((each) => each !== undefined);
  const given = words !== undefined && words.length === list?.length ? words : number;
  if (given === undefined) return;
  const problem = seedProblem(statement.generator, given);
  if (problem !== undefined) {
    e.report(frame, problems.attribute(problem), statement.value);
    return;
  }
  const { layer } = frame;
  if (layer === undefined) frame.machine?.seed(statement.generator, given);
  else if (layer.phase === "plan")
    layer.plan?.steps.push(() => layer.plan?.machine?.seed(statement.generator, given));
}

/** What `torch.manual_seed` and `numpy.random.seed` refuse, and what cannot be told apart in a number of 53 bits. */
function seedProblem(generator: Seed["generator"], given: number | readonly number[]): string | undefined {
  if (typeof given !== "number") {
    if (generator === "torch") return "`seed torch` takes one whole number";
    const fits = given.length > 0 && given.every((word) => word >= 0 && word < 2 ** 32);
    return fits ? undefined : "`seed numpy` takes whole numbers from 0 to below 2^32";
  }
  if (generator === "numpy")
    return given >= 0 && given < 2 ** 32
      ? undefined
      : "`seed numpy` takes a whole number from 0 to below 2^32";
  return Number.isSafeInteger(given) ? undefined : "`seed torch` takes a whole number below 2^53";
}
