/** Other inputs for a run, as changes of its text: other draws, other numbers for literals, sizes that differ. */
import {
  children,
  visitOf,
  type Edit,
  type Expression,
  type Run,
  type Statement,
  type Visit,
} from "../../language/syntax";
import { placedStatements } from "../rewriting";

export interface Variation {
  /** "with random inputs". */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** At most so many places whose size is changed; their subsets are tried. */
const mostSizes = 6;

/** The gentlest first. */
export function* variationsOf(run: Run): Generator<Variation> {
  const random = randomEdits(run);
  const reseeded = seedEdits(run);
  yield { title: "with another seed", edits: reseeded };
  // One at a time: what other checks expect of the others stays true.
  for (const edit of random) yield { title: "with random inputs", edits: [edit] };
  if (random.length > 1) yield { title: "with random inputs", edits: random };
  for (const sizes of sizeEdits(run)) {
    yield { title: "with sizes that differ", edits: sizes };
    if (random.length > 0)
      yield {
        title: "with random inputs and sizes that differ",
        edits: [...sizes, ...withoutOverlap(random, sizes)],
      };
  }
}

function seedEdits(run: Run): Edit[] {
  const [first] = run.body.statements;
  const seeds = run.body.statements.filter(({ kind }) => kind === "seed");
  if (seeds.length > 0) return seeds.map(({ start, end }) => ({ start, end, newText: "seed torch 7" }));
  return first === undefined ? [] : [{ start: first.start, end: first.start, newText: "seed torch 7\n  " }];
}

/** Literal tensors, `ones`, `zeros`, `eye` and `linspace` of data, drawn instead. */
function randomEdits(run: Run): Edit[] {
  return dataOf(run).flatMap((expression): Edit[] => {
    const shape = literalShape(expression);
    const { start, end } = expression;
    return shape === undefined ? [] : [{ start, end, newText: `randn([${shape}])` }];
  });
}

/** The expressions of data: values of assignments and arguments of applications, checks left out. */
function dataOf(run: Run): Expression[] {
  return placedStatements(run.body).flatMap(({ statement }) =>
    valueOf(statement).flatMap((value) => outermost(value)),
  );
}

function valueOf(statement: Statement): Expression[] {
  return statement.kind === "assignment" && !statement.constant ? [statement.value] : [];
}

/** The literals in an expression that are not inside of another one. */
function outermost(expression: Expression): Expression[] {
  if (literalShape(expression) !== undefined) return [expression];
  return children(visitOf(expression)).flatMap((child): Expression[] => {
    if (child.kind === "argument") return outermost(child.node.value);
    return isExpression(child) ? outermost(child.node) : [];
  });
}

function isExpression(visit: Visit): visit is Visit & { readonly node: Expression } {
  return ["binary", "unary", "parenthesized", "call", "list", "member", "indexing"].includes(visit.kind);
}

/** The shape of a literal tensor of decimal numbers, or of one that is filled with one number, as it is written. */
function literalShape(expression: Expression): string | undefined {
  if (expression.kind === "list") return listShape(expression)?.join(", ");
  return undefined;
}

function listShape(expression: Expression): number[] | undefined {
  if (expression.kind === "number") return [];
  if (expression.kind === "unary") return listShape(expression.operand);
  if (expression.kind !== "list") return undefined;
  const [first, ...others] = expression.items.map(listShape);
  if (first === undefined || others.some((other) => other?.join() !== first.join())) return undefined;
  return [expression.items.length, ...first];
}

/** Whole numbers above 1 in the lists of arguments, shapes and sizes mostly, one more in every way of choosing some of them. */
function* sizeEdits(run: Run): Generator<Edit[]> {
  const places = sizesIn(run).slice(0, mostSizes);
  const all = 2 ** places.length;
  for (let chosen = 1; chosen < all; chosen++)
    yield places.flatMap(({ start, end, value }, i) =>
      Math.floor(chosen / 2 ** i) % 2 === 1 ? [{ start, end, newText: String(value + 1) }] : [],
    );
}

function sizesIn(run: Run): { readonly start: number; readonly end: number; readonly value: number }[] {
  return placedStatements(run.body)
    .flatMap(({ statement }) => (statement.kind === "assignment" ? [statement.value] : []))
    .flatMap((value) => numbersIn(value, undefined));
}

/** Of calls: `randn([3, 4])`, `Net(3, 4)`, `Net([2, 3, 2])`. */
function numbersIn(
  expression: Expression,
  call: string | undefined,
): { readonly start: number; readonly end: number; readonly value: number }[] {
  if (expression.kind === "number")
    return call !== undefined && expression.whole && expression.value > 1
      ? [{ start: expression.start, end: expression.end, value: expression.value }]
      : [];
  if (expression.kind === "call") {
    const name = expression.callee.kind === "name" ? expression.callee.name : "";
    return [
      ...numbersIn(expression.callee, undefined),
      ...expression.arguments.flatMap(({ value, path }) =>
        path === undefined ? numbersIn(value, name) : [],
      ),
    ];
  }
  if (expression.kind === "list") return expression.items.flatMap((item) => numbersIn(item, call));
  return children(visitOf(expression)).flatMap((child) =>
    isExpression(child) ? numbersIn(child.node, undefined) : [],
  );
}

function withoutOverlap(edits: readonly Edit[], others: readonly Edit[]): Edit[] {
  return edits.filter(({ start, end }) => others.every((other) => other.end <= start || other.start >= end));
}
