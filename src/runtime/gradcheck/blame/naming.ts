/** What values are called where a hypothesis is about: inside of an application, or in a run. Knows nothing of hypotheses. */
import type { Application, Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { ellipsis, printNode } from "../explain/print-node";
import type { ApplicationCheck } from "./rule-check";

export type Naming = (node: Node) => string | undefined;

export interface NamesInput {
  readonly application: Application;
  readonly check: ApplicationCheck;
  readonly nameOf: Naming;
  /** All names, in the order of their definition. */
  readonly namesOf?: ((node: Node) => readonly string[]) | undefined;
}

/** Names as they are inside of the application: its inputs', those of the instance's own values, u and v. */
export function namesIn({ application, check, nameOf }: NamesInput): Naming {
  const names = new Map<Node, string>();
  for (const [name, node] of application.inputs) if (!names.has(node)) names.set(node, name);
  const prefix = prefixOf(application, nameOf);
  for (const [node, name] of application.names ?? []) if (!names.has(node)) names.set(node, name);
  const movedName = (rule: string): string | undefined => application.movedNames?.get(rule.split(", ")[0]!);
  const [cotangent] = check.tests.flatMap(({ mode, rule }) =>
    mode === "vjp" ? (movedName(rule) ?? []) : [],
  );
  names.set(check.cotangent, cotangent ?? "u");
  for (const { mode, input, rule } of check.tests)
    if (mode === "jvp") names.set(check.tangentOf(input), movedName(rule) ?? `d${names.get(input) ?? "x"}`);
  const named = (node: Node): string | undefined => {
    const known = names.get(node) ?? rootOfSize(node, application);
    if (known !== undefined || application.kind === "op") return known;
    const full = nameOf(node);
    return full !== undefined && prefix !== "" && full.startsWith(prefix) ? full.slice(prefix.length) : full;
  };
  return named;
}

/** `sqrt(d)`, which is a number where it is used. */
function rootOfSize(node: Node, { sizes = new Map<string, number>() }: Application): string | undefined {
  if (node.kind !== "source" || node.shape.length > 0) return undefined;
  const value = node.value.data[0]!;
  if (Number.isInteger(value)) return undefined;
  const [name] =
    [...sizes].find(([, size]) => Math.abs(Math.sqrt(size) - value) <= float32Rounding * value) ?? [];
  return name === undefined ? undefined : `sqrt(${name})`;
}

const float32Rounding = 1e-7;

/** All that a value is called inside of the application. */
export function allNamesIn(input: NamesInput): (node: Node) => readonly string[] {
  const { application, nameOf, namesOf } = input;
  const named = namesIn(input);
  const prefix = prefixOf(application, nameOf);
  return (node) => {
    const name = named(node);
    if (application.kind === "op") {
      const others = (application.otherNames?.get(node) ?? [])
        .map((other) => other.name)
        .filter((each) => each !== name);
      return name === undefined ? others : [name, ...others];
    }
    const others = namesOf?.(node) ?? [];
    const inner = others.flatMap((each) => (each.startsWith(prefix) ? [each.slice(prefix.length)] : []));
    return name === undefined || inner.includes(name) ? inner : [name, ...inner];
  };
}

/** What the names of a net's own values begin with in the run: `m.`. */
function prefixOf({ kind, name: net, inputs, first, end, result }: Application, nameOf: Naming): string {
  // A program of a run has no name of its own: its values are called as they are in the run.
  if (kind !== "net" || net === "") return "";
  for (const [name, node] of inputs) {
    const full = nameOf(node);
    if (full?.endsWith(`.${name}`) === true) return full.slice(0, full.length - name.length);
  }
  // Without parameters: those of instances inside of it are longer.
  const prefixes = coneOf([result]).flatMap((node) => {
    const full = node.id >= first && node.id < end ? nameOf(node) : undefined;
    return full === undefined ? [] : [full.slice(0, full.lastIndexOf(".") + 1)];
  });
  const [shortest] = prefixes.sort((a, b) => a.length - b.length);
  return shortest ?? "";
}

/** The name, else the expression in the body that gives the value, as a unit. */
export function describedBy(named: Naming): Naming {
  return (node) => {
    const name = named(node);
    if (name !== undefined || (node.kind === "source" && node.shape.length === 0)) return name;
    const text = printNode(node, named, 4);
    if (text.includes(ellipsis) || text.length > 40) return undefined;
    return /^[\w.[\]']+$|^\w+\([^()]*\)$|^\[[^()]*\]$/u.test(text) ? text : `(${text})`;
  };
}
