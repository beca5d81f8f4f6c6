/** `# ok NN203: reason` at a line's end silences that warning there; the reason is required. */
import { problems } from "./diagnostics/catalogue";
import type { Diagnostic } from "./diagnostics/diagnostic";
import type { Module } from "./module";

interface Silencer {
  readonly code: string;
  readonly reason: string;
  readonly start: number;
  readonly end: number;
  readonly lineStart: number;
  used: boolean;
}

/** Without the warnings that a comment silences with a reason. Errors cannot be silenced. */
export function withoutSilenced(module: Module, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return filterSilenced(module, diagnostics, findSilencers(module));
}

/** Without the silenced warnings, and with what is wrong with the silencing. */
export function applySilencing(module: Module, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const silencers = findSilencers(module);
  const kept = filterSilenced(module, diagnostics, silencers);
  for (const { code, reason, start, end, used } of silencers) {
    const problem =
      reason === "" ? problems.reasonMissing(code) : used ? undefined : problems.nothingSilenced(code);
    if (problem !== undefined)
      kept.push({ ...problem, place: { file: module.id, start, end }, related: [], fixes: [] });
  }
  return kept;
}

function filterSilenced(
  module: Module,
  diagnostics: readonly Diagnostic[],
  silencers: readonly Silencer[],
): Diagnostic[] {
  return diagnostics.filter(({ severity, code, place }) => {
    if (severity === "error" || place.file !== module.id) return true;
    const silencer = silencers.find(
      (each) => each.code === code && place.end > each.lineStart && place.start < each.end,
    );
    if (silencer === undefined) return true;
    silencer.used = true;
    return silencer.reason === "";
  });
}

function findSilencers(module: Module): Silencer[] {
  const { tokens, text } = module.file;
  const silencers: Silencer[] = [];
  for (const { kind, text: comment, start, end } of tokens) {
    const match = kind === "comment" ? /^#\s*ok\s+(NN\d{3})\s*(?::\s*(.*))?$/u.exec(comment) : null;
    if (match?.[1] === undefined) continue;
    const lineStart = text.lastIndexOf("\n", start) + 1;
    silencers.push({ code: match[1], reason: match[2]?.trim() ?? "", start, end, lineStart, used: false });
  }
  return silencers;
}
