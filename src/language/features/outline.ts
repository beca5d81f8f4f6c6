/** A file's outline: declarations, and in them inputs, parameters, nodes and checks. From the tree alone. */
import type { Declaration, File, Identifier, Input, Span, Statement, Target, Type } from "../syntax";

export type OutlineKind =
  | "op"
  | "net"
  | "run"
  | "constant"
  | "input"
  | "hyperparameter"
  | "parameter"
  | "node"
  | "rule"
  | "check"
  | "gradcheck"
  | "loop";

export interface OutlineItem {
  readonly kind: OutlineKind;
  readonly name: string;
  /** The type as written, or what a check says. */
  readonly detail: string;
  readonly span: Span;
  /** The part to select; inside `span`. */
  readonly selection: Span;
  readonly children: readonly OutlineItem[];
}

export function outlineOf(file: File): readonly OutlineItem[] {
  return file.declarations.flatMap((declaration) => declared(file.text, declaration));
}

function declared(text: string, declaration: Declaration): readonly OutlineItem[] {
  switch (declaration.kind) {
    case "import":
      return [];
    case "const":
      return named("constant", declaration.name, "", declaration, []);
    case "run":
      return named("run", declaration.name, "", declaration, statements(text, declaration.body.statements));
    case "op":
      return named("op", declaration.name, typeText(text, declaration.result, "-> "), declaration, [
        ...declaration.inputs.flatMap((input) => inputItem(text, input)),
        ...statements(text, declaration.body.statements),
      ]);
    case "net":
      return named("net", declaration.name, typeText(text, declaration.result, "-> "), declaration, [
        ...[...(declaration.hyperparameters ?? []), ...declaration.inputs].flatMap((input) =>
          inputItem(text, input),
        ),
        ...statements(text, declaration.body.statements),
      ]);
  }
}

function inputItem(text: string, input: Input): readonly OutlineItem[] {
  const kind = input.type === undefined ? "hyperparameter" : "input";
  return named(kind, input.name, typeText(text, input.type), input, []);
}

function statements(text: string, body: readonly Statement[]): readonly OutlineItem[] {
  return body.flatMap((statement) => stated(text, statement));
}

function stated(text: string, statement: Statement): readonly OutlineItem[] {
  switch (statement.kind) {
    case "assignment": {
      const kind = statement.constant ? "constant" : "node";
      return target(text, kind, statement.target, typeText(text, statement.type), statement);
    }
    case "param":
      return target(text, "parameter", statement.target, typeText(text, statement.type), statement);
    case "iterate":
      return named("node", statement.name, "", statement, []);
    case "rule": {
      const { mode, target: of, argument } = statement;
      const name = `${mode} ${text.slice(of.start, of.end)}(${argument.name})`;
      return [item("rule", name, "", statement, of, [])];
    }
    case "for": {
      const { over } = statement;
      const inner = statements(text, statement.body.statements);
      return [item("loop", `for ${oneLine(text.slice(over.start, over.end))}`, "", statement, over, inner)];
    }
    case "check": {
      const condition = oneLine(text.slice(statement.condition.start, statement.condition.end));
      const label = statement.label?.value;
      const at = statement.label ?? statement.condition;
      return [item("check", label ?? condition, label === undefined ? "" : condition, statement, at, [])];
    }
    case "gradcheck": {
      const { of } = statement;
      return [item("gradcheck", `gradcheck ${oneLine(text.slice(of.start, of.end))}`, "", statement, of, [])];
    }
    case "return":
    case "sample":
    case "seed":
    case "dtype":
    case "show":
    case "plot":
      return [];
  }
}

function target(
  text: string,
  kind: OutlineKind,
  written: Target,
  detail: string,
  span: Span,
): readonly OutlineItem[] {
  if (written.name.name === "") return [];
  return [item(kind, text.slice(written.start, written.end), detail, span, written, [])];
}

/** Nothing where the name is not typed yet. */
function named(
  kind: OutlineKind,
  name: Identifier,
  detail: string,
  span: Span,
  children: readonly OutlineItem[],
): readonly OutlineItem[] {
  return name.name === "" ? children : [item(kind, name.name, detail, span, name, children)];
}

function item(
  kind: OutlineKind,
  name: string,
  detail: string,
  span: Span,
  selection: Span,
  children: readonly OutlineItem[],
): OutlineItem {
  return {
    kind,
    // A half-typed check has no words of its own, and an outline no nameless items.
    name: name.trim() === "" ? kind : name,
    detail,
    span: { start: span.start, end: span.end },
    selection: { start: selection.start, end: selection.end },
    children,
  };
}

function typeText(text: string, type: Type | undefined, before = ""): string {
  return type === undefined ? "" : `${before}${text.slice(type.start, type.end)}`;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
