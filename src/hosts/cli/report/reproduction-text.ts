/** Minimal reproductions as text: each a spec that can be copied, under a line that tells what it shows. */
import type { FileReproductions, Reproduction } from "../../../protocol";
import type { Page } from "./page";
import { printable, wrapWords } from "./text-width";
import { placeText, plural } from "./wording";

export function reproductionText(page: Page, { file, reproductions, errors }: FileReproductions): string[] {
  const { paint } = page;
  if (reproductions.length === 0) {
    const told = errors > 0 ? paint("failed", plural(errors, "error")) : paint("passed", "✓ nothing fails");
    return [`${paint("strong", printable(file))}  ${told}`];
  }
  return reproductions.flatMap((each) => oneReproduction(page, file, each));
}

/** The head is a comment, so that the whole output is a spec where there is one reproduction. */
function oneReproduction({ paint, width }: Page, file: string, each: Reproduction): string[] {
  const { title, range, text, message, lines, selfContained } = each;
  const head = [
    `${placeText(file, range)}: ${printable(title)}`,
    ...wrapWords(printable(message), width - 2),
    ...(text === null ? [] : [`${plural(lines.after, "line")} of ${String(lines.before)}`]),
    ...(text === null || selfContained ? [] : ["It needs the files that it names."]),
  ].map((line) => paint("faint", `# ${line}`));
  return [...head, ...(text === null ? [] : [text.trimEnd()]), ""];
}
