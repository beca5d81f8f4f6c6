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

/** Without the silenced warnings, and with what is wrong with the silencing. Errors cannot be silenced. */
export function applySilencing(module: Module, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const silencers = findSilencers(module);
  if (silencers.length === 0) return [...diagnostics];
  const kept = diagnostics.filter((diagnostic) => {
    if (diagnostic.severity === "error" || diagnostic.place.file !== module.id) return true;
    const silencer = silencers.find(
      ({ code, lineStart, end }) =>
        code === diagnostic.code && diagnostic.place.end > lineStart && diagnostic.place.start < end,
    );
    if (silencer === undefined) return true;
    silencer.used = true;
    return silencer.reason === "";
  });
  for (const { code, reason, start, end, used } of silencers) {
    const problem =
      reason === "" ? problems.reasonMissing(code) : used ? undefined : problems.nothingSilenced(code);
    if (problem !== undefined)
      kept.push({ ...problem, place: { file: module.id, start, end }, related: [], fixes: [] });
  }
  return kept;
}

function findSilencers(module: Module): Silencer[] {
  const { tokens, text } = module.file;
  return tokens.flatMap((token) => {
    if (token.kind !== "comment") return [];
    const match = /^#\s*ok\s+(NN\d{3})\s*(?::\s*(.*))?$/u.exec(token.text);
    if (match?.[1] === undefined) return [];
    const lineStart = text.lastIndexOf("\n", token.start) + 1;
    return [
      {
        code: match[1],
        reason: match[2]?.trim() ?? "",
        start: token.start,
        end: token.end,
        lineStart,
        used: false,
      },
    ];
  });
}
