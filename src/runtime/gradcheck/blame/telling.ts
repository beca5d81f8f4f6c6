/**
 * What has been found wrong with rules, put in order and in words: one mistake is told once with all its places, and what has a mistake
 * of its own does not "only inherit" another. Knows nothing of how mistakes are found.
 */
import type { Blame, BlamedPlace, GradcheckInput } from "../outcome";

/** The parts of a message. */
export interface Statement {
  /** The rule or the value that is wrong. */
  readonly subject: string;
  /** Whether that is a named value inside of the rules; other subjects are written as they are. */
  readonly isValue: boolean;
  readonly said: string;
  /** What is right again once this is. */
  readonly heirs: readonly string[];
  readonly afterwards: string;
}

/** With its place in the order from the root backwards. */
export interface PlacedBlame extends Blame {
  readonly position: number;
  readonly statement: Statement;
}

/** In the order in which the error spreads; `definedAt` tells where a value gets a name. */
export function told(found: readonly PlacedBlame[], definedAt: GradcheckInput["definedAt"]): Blame[] {
  const isAlone = ({ statement: { subject } }: PlacedBlame): boolean =>
    found.filter(({ statement }) => statement.subject === subject).length === 1;
  const isSame = (a: PlacedBlame, b: PlacedBlame): boolean =>
    isAlike(a, b, isAlone(a) && isAlone(b)) && isSameOrigin(originOf(a, definedAt), originOf(b, definedAt));
  const groups: [PlacedBlame, ...PlacedBlame[]][] = [];
  for (const blame of [...found].sort((a, b) => a.position - b.position)) {
    const same = groups.find(([first]) => isSame(first, blame));
    if (same === undefined) groups.push([blame]);
    else same.push(blame);
  }
  const blamed = new Set(found.map(({ statement }) => statement.subject));
  const before = new Set<string>();
  return groups.map((group): Blame => {
    const [first, ...others] = group;
    const { said, afterwards } = first.statement;
    const heirs = new Set(group.flatMap(({ statement }) => statement.heirs));
    for (const each of blamed) heirs.delete(each);
    const head = headOf(first.statement, before);
    const again = others.map(({ statement }) => statement);
    const message = `${head}: ${said}${repeated(again)}${inherited([...heirs])}${afterwards}`;
    const { application, rule, node, value, index, explanation } = first;
    return {
      application,
      rule,
      node,
      ...(value === undefined ? {} : { value }),
      index,
      explanation: { ...explanation, message },
      ...(others.length === 0 ? {} : { also: others.map(placeOf) }),
    };
  });
}

/** After the subjects that have been told `before`, to which this one is added. */
function headOf({ subject, isValue }: Statement, before: Set<string>): string {
  if (!isValue) return inCode(subject);
  const how =
    before.size === 0
      ? "is the first value that is wrong"
      : before.has(subject)
        ? "has another mistake"
        : "is wrong in itself as well";
  before.add(subject);
  return `\`${subject}\` ${how}`;
}

/** With the places where the same rule is wrong in other applications. */
export function withPlaces(blame: Blame, places: readonly BlamedPlace[]): Blame {
  if (places.length === 0) return blame;
  const count = new Set(places.map(({ application }) => application)).size;
  const { explanation, also = [] } = blame;
  const message = `${explanation.message}. The rule is as wrong in ${count} more ${count === 1 ? "application" : "applications"}`;
  return { ...blame, also: [...also, ...places], explanation: { ...explanation, message } };
}

/** Two members of a family, or their rules, that are wrong in the same way; where each has one mistake alone, whatever the words. */
function isAlike(a: PlacedBlame, b: PlacedBlame, areAlone: boolean): boolean {
  // Where all should be zero, as what comes from a state of zeros, no more than that can be told.
  const isNothing = [a, b].some(({ explanation }) => explanation.factor === 0);
  if (a.application !== b.application) return false;
  if (a.explanation.kind !== b.explanation.kind && !(areAlone && isNothing)) return false;
  if (a.statement.isValue !== b.statement.isValue) return false;
  if (familyOf(a.statement.subject) !== familyOf(b.statement.subject)) return false;
  if (a.explanation.kind === "unknown" || pattern(a.statement) === pattern(b.statement)) return true;
  return areAlone && a.statement.subject !== b.statement.subject;
}

function originOf(
  { application, rule, node, value, statement }: PlacedBlame,
  definedAt: GradcheckInput["definedAt"],
): unknown {
  if (!statement.isValue) return application?.ruleOrigins?.get(rule);
  return (value === undefined ? undefined : definedAt?.(node, value)) ?? node.origin;
}

/** Origins are plain data, whatever they are. */
export function isSameOrigin(a: unknown, b: unknown): boolean {
  if (a === b) return a !== undefined;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [one, other] = [Object.entries(a), new Map(Object.entries(b))];
  return one.length === other.size && one.every(([key, value]) => other.get(key) === value);
}

/** What is said, whatever the numbers in it. */
function pattern({ said, afterwards }: Statement): string {
  return (said + afterwards).replaceAll(/\d+(?:\.\d+)?/gu, "#");
}

/** `dz` of `dz[2]`, "vjp W" of "vjp W[2]". */
function familyOf(subject: string): string {
  return subject.replaceAll(/\[[^\]]*\]/gu, "");
}

function placeOf({ application, rule, node, value, index }: PlacedBlame): BlamedPlace {
  return { application, rule, node, ...(value === undefined ? {} : { value }), index };
}

/** Names are written as code; rules, as in "vjp W", are not. */
function inCode(label: string): string {
  return label.includes(" ") ? label : `\`${label}\``;
}

function repeated(statements: readonly Statement[]): string {
  if (statements.length === 0) return "";
  const names = statements.map(({ subject, isValue }) => (isValue ? `\`${subject}\`` : subject));
  return `; the same mistake is in ${listed(names)}`;
}

function inherited(heirs: readonly string[]): string {
  if (heirs.length === 0) return "";
  return `; ${listed(heirs)} only ${heirs.length === 1 ? "inherits" : "inherit"} it`;
}

const mostListed = 6;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostListed).join(", ");
  return names.length > mostListed ? `${shown} and more` : shown;
}
