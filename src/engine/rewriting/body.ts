/** The statements of a declaration with the loops around them, and which of them its result is made of. Knows the tree and names alone. */
import {
  children,
  visitOf,
  type Assignment,
  type Block,
  type Expression,
  type Net,
  type Op,
  type Rule,
  type Run,
  type Statement,
} from "../../language/syntax";

export interface Placed {
  readonly statement: Statement;
  /** The variables of the loops around it, the innermost first. */
  readonly loops: readonly string[];
}

export function placedStatements({ statements }: Block, loops: readonly string[] = []): Placed[] {
  return statements.flatMap((statement): Placed[] => {
    if (statement.kind !== "for") return [{ statement, loops }];
    return placedStatements(statement.body, [statement.over.name.name, ...loops]);
  });
}

export interface Definition extends Placed {
  readonly statement: Assignment;
}

export function definitionsIn(body: Block): Definition[] {
  return placedStatements(body).flatMap(({ statement, loops }) =>
    statement.kind === "assignment" ? [{ statement, loops }] : [],
  );
}

/** The names that an expression uses. */
export function namesIn(expression: Expression): Set<string> {
  const names = new Set<string>();
  const visits = [visitOf(expression)];
  for (let visit = visits.pop(); visit !== undefined; visit = visits.pop()) {
    if (visit.kind === "name") names.add(visit.node.name);
    visits.push(...children(visit));
  }
  return names;
}

/** The definitions that an expression is made of, its own first. */
export function madeOf(body: Block, expression: Expression): Set<Definition> {
  const definitions = definitionsIn(body);
  const found = new Set<Definition>();
  const wanted = namesIn(expression);
  for (const name of wanted) {
    for (const definition of definitions) {
      if (definition.statement.target.name.name !== name || found.has(definition)) continue;
      found.add(definition);
      for (const used of namesIn(definition.statement.value)) wanted.add(used);
    }
  }
  return found;
}

/** What the returned value is made of: no place for a mistake in a derivative. */
export function forwardOf({ body }: Op | Net): Set<Definition> {
  const found = new Set<Definition>();
  for (const { statement } of placedStatements(body))
    if (statement.kind === "return")
      for (const definition of madeOf(body, statement.value)) found.add(definition);
  // Sets of definitions made apart hold objects of their own.
  return new Set(
    definitionsIn(body).filter((each) => [...found].some((other) => other.statement === each.statement)),
  );
}

/** The rule or assignment whose text holds an offset, with its declaration. */
export function statementAt(
  declarations: readonly (Op | Net | Run)[],
  offset: number,
): { readonly declaration: Op | Net | Run; readonly placed: Placed } | undefined {
  for (const declaration of declarations) {
    if (offset < declaration.start || offset >= declaration.end) continue;
    const placed = placedStatements(declaration.body).find(
      ({ statement }) => statement.start <= offset && offset < statement.end,
    );
    return placed && { declaration, placed };
  }
  return undefined;
}

export function isRule(statement: Statement): statement is Rule {
  return statement.kind === "rule";
}
