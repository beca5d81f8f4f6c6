/** Checks a whole file: syntax, imports, every declaration by itself with symbolic sizes, every run. */
import type { Span } from "../syntax";
import { CheckMemory, type Verdict } from "./check-memory";
import type { Diagnostic } from "./diagnostics/diagnostic";
import { FileFacts } from "./file-facts";
import { fileProblems } from "./file-problems";
import type { Library } from "./machine";
import { missingRuleProblems } from "./missing-rules";
import type { Module } from "./module";
import { Purse } from "./purse";
import { applySilencing } from "./silencing";
import { unused } from "./unused";

export interface CheckedModule {
  readonly module: Module;
  /** Of this file, in order of place. */
  readonly diagnostics: readonly Diagnostic[];
  readonly facts: FileFacts;
}

export interface CheckOptions {
  readonly library?: Library;
  /** Units of work before loops are no longer unrolled. */
  readonly budget?: number;
  /** What was found when the file was last checked: declarations that nothing has changed for are not checked again. */
  readonly memory?: CheckMemory;
}

/** Never throws: whatever the text, there are diagnostics and facts. */
export function checkModule(module: Module, options: CheckOptions = {}): CheckedModule {
  const { library, budget = 200_000, memory = new CheckMemory() } = options;
  const purse = new Purse(library, budget);
  const found = new Map<string, Diagnostic>();
  const keep = (diagnostics: readonly Diagnostic[]) => {
    for (const diagnostic of diagnostics) {
      const { file, start } = diagnostic.place;
      // A problem in another file is shown where this file leads to it.
      const shown = file === module.id ? diagnostic : elsewhere(module, diagnostic);
      if (shown !== undefined)
        found.set(`${shown.code} ${file} ${String(start)} ${String(shown.place.start)}`, shown);
    }
  };
  keep(fileProblems(module));
  memory.begin(module);
  // Runs first: what a net's own names are, its body's symbols say, not the last application's numbers.
  const own = module.file.declarations.filter((each) => each.kind === "op" || each.kind === "net");
  const others = module.file.declarations.filter((each) => each.kind === "run" || each.kind === "const");
  const verdicts = [...others, ...own].map((declaration): Verdict => {
    const verdict = memory.recall(declaration, purse) ?? memory.check(declaration, purse);
    keep(verdict.diagnostics);
    return verdict;
  });
  memory.end(verdicts);
  keep(unused(module));
  keep(missingRuleProblems(module));
  const untold = [...found.values()].filter((each) => !isToldBySyntax(module, each));
  const diagnostics = applySilencing(module, untold);
  return {
    module,
    diagnostics: diagnostics.sort((a, b) => a.place.start - b.place.start || a.place.end - b.place.end),
    facts: new FileFacts(module, library, verdicts),
  };
}

/** Whether what is wrong is within the words of a syntax error, which has told of it. */
export function isToldBySyntax(module: Module, { code, place }: Diagnostic): boolean {
  if (place.file !== module.id) return false;
  return module.file.errors.some((error) => {
    // `x += 1` gives `x` a second value, as its operator has been told to.
    if (error.code === "NN112" && code === "NN213" && isJustBefore(module, place, error)) return true;
    const within = error.start <= place.start && place.end <= error.end;
    return within && code !== error.code && place.end > place.start && !isSyntaxCode(code);
  });
}

function isJustBefore({ file }: Module, { end }: Span, { start }: Span): boolean {
  return end <= start && file.text.slice(end, start).trim() === "";
}

function isSyntaxCode(code: string): boolean {
  return code.startsWith("NN1");
}

function elsewhere(module: Module, diagnostic: Diagnostic): Diagnostic | undefined {
  const here = diagnostic.related.find(({ place }) => place.file === module.id);
  if (here === undefined || diagnostic.severity !== "error") return undefined;
  const related = [
    { place: diagnostic.place, message: "Found here" },
    ...diagnostic.related.filter((each) => each !== here),
  ];
  return { ...diagnostic, place: here.place, related, fixes: [] };
}
