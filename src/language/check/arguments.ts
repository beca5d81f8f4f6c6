/** Matching the arguments of a call with what the callee takes, by position and by name. */
import type { Span } from "../syntax";
import type { CallArgument, CallSite } from "./call-site";
import { problems } from "./diagnostics/catalogue";
import { textOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { nearestName } from "./module";

export interface Formal {
  readonly name: string;
  readonly required: boolean;
}

/** The arguments by name; undefined where the call does not fit (reported). Arguments with longer paths are left to `extra`. */
export function bindArguments(
  e: Elaboration,
  frame: Frame,
  site: CallSite,
  callee: string,
  formals: readonly Formal[],
  extra?: (argument: CallArgument) => boolean,
): ReadonlyMap<string, CallArgument> | undefined {
  const bound = new Map<string, CallArgument>();
  const names = formals.map(({ name }) => name);
  let fits = true;
  let position = 0;
  for (const argument of site.arguments) {
    if (argument.path === undefined) {
      const formal = formals[position++];
      if (formal !== undefined) bound.set(formal.name, argument);
      else if (fits) fits = reportCount(e, frame, callee, formals, site, argument.span);
      continue;
    }
    const { name } = argument.path.name;
    const plain = argument.path.steps.length === 0;
    if (plain && names.includes(name)) {
      if (bound.has(name)) {
        e.report(frame, problems.duplicateArgument(name), argument.path);
        fits = false;
      } else bound.set(name, argument);
    } else if (extra?.(argument) !== true) {
      const nearest = nearestName(name, names);
      const fixes =
        nearest === undefined
          ? []
          : [
              {
                title: `Rename to \`${nearest}\``,
                edits: [{ start: argument.path.start, end: argument.path.name.end, newText: nearest }],
              },
            ];
      e.report(frame, problems.unknownArgument(callee, name, listNames(names)), argument.path, { fixes });
      fits = false;
    }
  }
  const missing = formals.filter(({ name, required }) => required && !bound.has(name));
  if (fits && missing.length > 0) {
    if (site.arguments.length === 0 && missing.length > 1)
      reportCount(e, frame, callee, formals, site, site.span);
    else reportMissing(e, frame, callee, missing[0]?.name ?? "", site);
    fits = false;
  }
  return fits ? bound : undefined;
}

/** The last dimension is the one that a missing `dim` means most often: it is offered. */
function reportMissing(e: Elaboration, frame: Frame, callee: string, name: string, site: CallSite): void {
  const { end } = site.span;
  const closed = textOf(frame, { start: end - 1, end }) === ")";
  const newText = `${site.arguments.length === 0 ? "" : ", "}dim = -1`;
  const fixes =
    name === "dim" && closed
      ? [{ title: "Take the last dimension: `dim = -1`", edits: [{ start: end - 1, end: end - 1, newText }] }]
      : [];
  e.report(frame, problems.missingArgument(callee, name), site.span, { fixes });
}

function reportCount(
  e: Elaboration,
  frame: Frame,
  callee: string,
  formals: readonly Formal[],
  site: CallSite,
  span: Span,
): false {
  const positional = site.arguments.filter(({ path }) => path === undefined);
  if (formals.at(-1)?.name === "shape" && positional.length > formals.length)
    return reportLooseSizes(e, frame, callee, positional.slice(formals.length - 1));
  const required = formals.filter((formal) => formal.required).length;
  const counts =
    required === formals.length ? String(required) : `${String(required)} to ${String(formals.length)}`;
  const given = positional.length;
  const needs = `${counts} argument${counts === "1" ? "" : "s"} (${formals.map(({ name }) => name).join(", ")})`;
  e.report(
    frame,
    problems.argumentCount(
      callee,
      formals.length === 0 ? "no arguments" : needs,
      `${String(given)} ${given === 1 ? "is" : "are"} given`,
    ),
    span,
  );
  return false;
}

/** `randn(3, 4)`, as other libraries allow it. */
function reportLooseSizes(
  e: Elaboration,
  frame: Frame,
  callee: string,
  sizes: readonly CallArgument[],
): false {
  const [first] = sizes;
  const last = sizes.at(-1);
  if (first === undefined || last === undefined) return false;
  const span = { start: first.span.start, end: last.span.end };
  const list = `[${textOf(frame, span)}]`;
  const fixes = [{ title: `Write \`${list}\``, edits: [{ ...span, newText: list }] }];
  e.report(frame, problems.looseSizes(callee, list), span, { fixes });
  return false;
}

function listNames(names: readonly string[]): string {
  return names.length === 0 ? "no arguments" : names.map((name) => `\`${name}\``).join(", ");
}
