/** Where the mistake that an explanation tells of may stand in the text. */
import { type Module } from "../../language/check";
import {
  children,
  visitOf,
  type Expression,
  type Net,
  type Op,
  type Run,
  type Visit,
} from "../../language/syntax";
import {
  definitionsIn,
  forwardOf,
  isRule,
  madeOf,
  placedStatements,
  statementAt,
  type Definition,
  type Placed,
} from "../rewriting";
import type { Site } from "./site";

type Body = Op | Net | Run;

export function bodiesOf(module: Module): Body[] {
  return module.file.declarations.filter(
    (each): each is Body => each.kind === "op" || each.kind === "net" || each.kind === "run",
  );
}

/**
 * Sites of a blamed rule, given an offset in it and where the value that is wrong first is defined: that definition, the rule, and
 * the hand-derived values that it uses.
 */
export function sitesOfRule(module: Module, offset: number, wrongValue: number | undefined): Site[] {
  const found = statementAt(bodiesOf(module), offset);
  if (found === undefined || found.declaration.kind === "run") return [];
  const { declaration, placed } = found;
  const { statement } = placed;
  if (!isRule(statement) && statement.kind !== "assignment") return [];
  const forward = new Set([...forwardOf(declaration)].map((each) => each.statement));
  const used = [...madeOf(declaration.body, statement.value)].filter((each) => !forward.has(each.statement));
  const first = used.filter(
    ({ statement: each }) => wrongValue !== undefined && each.start <= wrongValue && wrongValue < each.end,
  );
  const moved = isRule(statement) ? statement.argument.name : undefined;
  const own = siteOf(module, declaration, placed, statement.value, {
    name: null,
    index: null,
    moved,
    prefix: "",
  });
  const site = (definition: Definition): Site => siteOfDefinition(module, declaration, definition, "");
  return [...first.map(site), own, ...used.filter((each) => !first.includes(each)).map(site)];
}

const sideKinds: ReadonlySet<Expression["kind"]> = new Set([
  "binary",
  "unary",
  "call",
  "parenthesized",
  "name",
  "member",
]);

/** The sites of a failed check: its sides, then the definitions at the given offsets. */
export function sitesOfCheck(
  module: Module,
  sides: readonly Expression[],
  definitions: readonly { readonly offset: number; readonly prefix: string }[],
): Site[] {
  const bodies = bodiesOf(module);
  const [first] = sides;
  const at = first && statementAt(bodies, first.start);
  const siteOfSide = (side: Expression): Site =>
    siteOf(module, at!.declaration, at!.placed, side, {
      name: null,
      index: null,
      moved: undefined,
      prefix: "",
    });
  const written = at === undefined ? [] : sides.filter(({ kind }) => sideKinds.has(kind));
  const own = written.filter(({ kind }) => kind !== "name").map(siteOfSide);
  const others = definitions.flatMap(({ offset, prefix }) => {
    const found = statementAt(bodies, offset);
    if (found?.placed.statement.kind !== "assignment" || found.placed.statement.constant) return [];
    const { statement, loops } = found.placed;
    return [siteOfDefinition(module, found.declaration, { statement, loops }, prefix)];
  });
  // A name is mended where it is defined, unless nobody has derived it.
  const names = written
    .filter((side) => side.kind === "name" && !others.some(({ name }) => name === side.name))
    .map(siteOfSide);
  const known = new Set<Expression>();
  return [...own, ...others, ...names].filter(({ root }) => !known.has(root) && known.add(root));
}

function siteOfDefinition(module: Module, declaration: Body, definition: Definition, prefix: string): Site {
  const { name, indices } = definition.statement.target;
  const [index] = indices;
  return siteOf(module, declaration, definition, definition.statement.value, {
    name: name.name,
    index:
      index === undefined ? null : module.file.text.slice(index.start, index.end).replaceAll(/^\[|\]$/gu, ""),
    moved: undefined,
    prefix,
  });
}

function siteOf(
  module: Module,
  declaration: Body,
  { loops }: Placed,
  root: Expression,
  { name, index, moved, prefix }: Pick<Site, "name" | "index" | "moved" | "prefix">,
): Site {
  const constants = definitionsIn(declaration.body).flatMap(({ statement }) =>
    statement.constant ? [statement.target.name.name] : [],
  );
  return {
    name,
    index,
    text: module.file.text,
    root,
    moved,
    prefix,
    indexNames: [...loops, ...turnsIn(root), ...constants],
    constantNames: [...constants, ...hyperparametersOf(declaration)].slice(0, mostNames),
    sizeNames: sizesOf(declaration),
    valueNames: valuesOf(declaration),
    numbers: numbersIn(module, declaration),
  };
}

/** What comprehensions in an expression call their turns. */
function turnsIn(root: Expression): string[] {
  const names: string[] = [];
  const visits: Visit[] = [visitOf(root)];
  for (let visit = visits.pop(); visit !== undefined; visit = visits.pop()) {
    if (visit.kind === "comprehension") names.push(visit.node.over.name.name);
    visits.push(...children(visit));
  }
  return names;
}

function hyperparametersOf(declaration: Body): string[] {
  if (declaration.kind === "run") return [];
  const own = declaration.kind === "net" ? (declaration.hyperparameters ?? []) : [];
  const untyped = declaration.inputs.filter(({ type }) => type === undefined);
  return [...own, ...untyped].map(({ name }) => name.name);
}

function sizesOf(declaration: Body): string[] {
  if (declaration.kind === "run") return [];
  const dims = declaration.inputs.flatMap(({ type }) => type?.dims ?? []);
  return [...new Set(dims.flatMap((item) => (item.kind === "name" ? [item.name] : [])))];
}

function valuesOf(declaration: Body): string[] {
  const named = placedStatements(declaration.body).flatMap(({ statement, loops }) =>
    (statement.kind === "assignment" || statement.kind === "param") &&
    loops.length === 0 &&
    statement.target.indices.length === 0
      ? [statement.target.name.name]
      : [],
  );
  const inputs =
    declaration.kind === "run"
      ? []
      : declaration.inputs.flatMap(({ name, type }) => (type === undefined ? [] : [name.name]));
  return [...inputs, ...named].slice(0, mostNames);
}

const mostNames = 8;

/** Decimal fractions; whole numbers are mostly sizes and exponents. */
function numbersIn(module: Module, declaration: Body): string[] {
  const numbers = new Set<string>();
  const visits: Visit[] = [{ kind: "block", node: declaration.body }];
  for (let visit = visits.pop(); visit !== undefined; visit = visits.pop()) {
    if (visit.kind === "number" && !visit.node.whole)
      numbers.add(module.file.text.slice(visit.node.start, visit.node.end));
    visits.push(...children(visit));
  }
  return [...numbers].slice(0, mostNumbers);
}

const mostNumbers = 4;
