/** An explanation with its evidence, as text. */
import type { Explanation, FixReport } from "../../../protocol";
import type { Page } from "./page";
import { printable, wrapWords } from "./text-width";
import { evidenceText } from "./wording";

/** Lines for a page that is indented by `indent` columns. */
export function explanationText({ paint, width }: Page, explanation: Explanation, indent: number): string[] {
  const message = wrapWords(printable(explanation.message), width - indent);
  const evidence = evidenceText(explanation);
  const { fix, otherFix } = explanation;
  return [
    ...message,
    ...(evidence === null ? [] : [paint("faint", evidence)]),
    ...(fix === undefined ? [] : wrapWords(fixText(fix), width - indent)),
    ...(otherFix === undefined ? [] : wrapWords(`or ${fixText(otherFix)}`, width - indent)),
  ];
}

function fixText({ title, file }: FixReport): string {
  return `fix${file === undefined ? "" : ` in ${printable(file)}`}: ${printable(title)}`;
}
