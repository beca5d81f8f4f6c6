/** Readers of passes that the panel began, and of gradients' summands. */
import type { ContributionPart, ContributionsReport, DerivedRow, DeriveReport } from "../../../protocol";
import { count, list, nullable, numeric, type Reader, record, text } from "./decode";
import { tensorSummary } from "./read-reports";
import { equation, picture } from "./read-step-answer";

export const derive: Reader<DeriveReport> = record<DeriveReport>({
  pass: nullable(count),
  problem: nullable(text),
  seed: nullable(picture),
  rows: list(
    record<DerivedRow>({
      node: count,
      value: (value, path) => (value === "pending" ? "pending" : tensorSummary(value, path)),
    }),
  ),
  line: nullable(text),
});

export const contributions: Reader<ContributionsReport> = record<ContributionsReport>({
  total: nullable(picture),
  parts: list(
    record<ContributionPart>({
      through: nullable(text),
      rule: nullable(text),
      equation,
      value: nullable(picture),
      tensor: nullable(count),
      share: nullable(numeric),
      rest: nullable(picture),
    }),
  ),
});
