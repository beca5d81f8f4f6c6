/** Gradient checks as text: the verdict, what is blamed, and the answers at each leaf's worst entry. */
import { formatNumber } from "../../../runtime/tensor";
import {
  blamedBecause,
  type BlameReport,
  type GradcheckReport,
  type LeafReport,
  type ValueReport,
} from "../../../protocol";
import { leafKey, type ErrorMap } from "../error-maps";
import { errorMapText } from "./error-map-text";
import { explanationText } from "./explanation-text";
import type { Page } from "./page";
import { plain, type Paint } from "./paint";
import { plotText } from "./plot-text";
import { tableText, type Cell, type Column } from "./table-text";
import { cutTo, indented, printable, textWidth, wrapWords } from "./text-width";
import { durationText, indexText, inks, marks, placeText, plural, turnText } from "./wording";

/** What was asked for: a gradcheck lists every leaf, a run only those of gradient checks that did not pass. */
export interface ReportOptions {
  readonly action: "run" | "check" | "gradcheck";
  /** The errors by entry of leaves that failed. */
  readonly errorMaps?: readonly ErrorMap[];
}

const leafColumns: readonly Column[] = [
  { title: "leaf", align: "left" },
  { title: "entries", align: "right" },
  { title: "worst at", align: "right" },
  { title: "rule", align: "right" },
  { title: "autodiff", align: "right" },
  { title: "forward", align: "right" },
  { title: "differences", align: "right" },
];

/** Kinks and rule pairs that are listed one by one. */
const listed = 5;

export function gradcheckText(
  page: Page,
  file: string,
  report: GradcheckReport,
  options: ReportOptions,
): string[] {
  const { paint, width } = page;
  const { verdict, of, at, reason, entries, worstError, milliseconds, range } = report;
  const turn = at === null ? "" : `  ${turnText(at)}`;
  const measured = `${plural(entries, "entry", "entries")}, worst error ${formatNumber(worstError, 2)}, ${durationText(milliseconds)}`;
  const place = verdict === "failed" ? `  ${placeText(file, range)}` : "";
  const facts = verdict === "pending" || entries === 0 ? "" : `  ${measured}`;
  const head = `${paint(inks[verdict], marks[verdict])} gradcheck ${printable(of)}${verdict === "passed" ? "" : ` ${verdict}`}`;
  const lines = [head + paint("faint", turn + facts + place)];
  if (reason !== null) lines.push(...indented(wrapWords(printable(reason), width - 8), 2));
  for (const blame of report.blame) lines.push(...indented(blameText(page, file, blame), 2));
  if (options.action === "gradcheck" || verdict === "failed" || verdict === "undecided") {
    lines.push(...indented(leafTable(page, report.leaves), 2));
    lines.push(...indented(errorMapsText(page, report, options), 2));
    lines.push(...indented(adjointText(page, report), 2), ...indented(kinkText(page, file, report), 2));
    lines.push(...indented(slopeText(page, report, options), 2));
  }
  if (report.secondOrder !== undefined)
    lines.push(...indented(gradcheckText(page, file, report.secondOrder, options), 2));
  return lines;
}

function blameText(page: Page, file: string, blame: BlameReport): string[] {
  const { paint, width, source } = page;
  const { rule, op, node, index, range, ruleRange, explanation } = blame;
  const entry = index.length === 0 ? "" : `, entry ${indexText(index)}`;
  const where = node === "" ? "" : ` at ${printable(node)}${entry}`;
  const ruled = `${paint("failed", printable(rule))} of ${paint("strong", printable(op))}`;
  const head =
    ruleRange === undefined
      ? ruled + where
      : `${paint("failed", printable(node))}${entry}, in ${printable(rule)} of ${paint("strong", printable(op))}`;
  const place = placeText(blame.file ?? file, range);
  const line = source(blame.file ?? file)?.split(/\r\n|\r|\n/)[range.start.line];
  const quoted = line === undefined ? [] : [paint("faint", cutTo(printable(line).trim(), width - 10))];
  const because = explanationText(page, { ...explanation, message: blamedBecause(blame) }, 10);
  return [head + paint("faint", `  ${place}`), ...indented([...quoted, ...because], 2)];
}

/** In six digits, or in four where the page is narrow. */
function leafTable({ paint, width }: Page, leaves: readonly LeafReport[]): string[] {
  if (leaves.every(({ worst }) => worst === null)) return [];
  const tableOf = (ink: Paint, digits: number): string[] =>
    tableText(
      ink,
      leafColumns,
      leaves.map((leaf) => leafRow(leaf, digits)),
    );
  const fits = tableOf(plain, 6).every((line) => textWidth(line) <= width - 4);
  return tableOf(paint, fits ? 6 : 4);
}

function leafRow({ name, verdict, entries, worst }: LeafReport, digits: number): readonly Cell[] {
  const leaf: Cell = { text: `${marks[verdict]} ${printable(name)}`, ink: inks[verdict] };
  const count: Cell = { text: String(entries) };
  if (worst === null) return [leaf, count, { text: verdict === "pending" ? "pending" : "–", ink: "faint" }];
  const { index, rule, autodiff, forward, finiteDifference } = worst;
  const answer = (value: number): Cell => {
    const text = formatNumber(value, digits);
    return verdict !== "passed" && apart(value, finiteDifference) ? { text, ink: inks[verdict] } : { text };
  };
  const reference = { text: formatNumber(finiteDifference, digits) };
  return [
    leaf,
    count,
    { text: indexText(index) },
    answer(rule),
    answer(autodiff),
    answer(forward),
    reference,
  ];
}

/** Whether an answer is visibly another than the finite difference; for ink only, the verdict is the engine's. */
function apart(answer: number, reference: number): boolean {
  return !(Math.abs(answer - reference) <= 1e-5 * Math.max(1, Math.abs(reference)));
}

function adjointText({ paint }: Page, { adjoint }: GradcheckReport): string[] {
  if (adjoint.length === 0) return [];
  const worst = adjoint.filter(({ error }) => !(error <= 1e-6));
  if (worst.length === 0)
    return [paint("faint", `⟨u, J v⟩ = ⟨Jᵀ u, v⟩ holds for ${plural(adjoint.length, "pair")} of rules`)];
  const lines = worst.slice(0, listed).map(({ op, rule, error }) => {
    const pair = `the rules of ${printable(op)} for ${printable(rule)}`;
    return `${paint("failed", "✗")} ${pair} are not adjoint: ⟨u, J v⟩ and ⟨Jᵀ u, v⟩ differ by ${formatNumber(error, 2)}`;
  });
  return worst.length > listed
    ? [...lines, paint("faint", `and ${String(worst.length - listed)} more`)]
    : lines;
}

function kinkText({ paint }: Page, file: string, { kinks }: GradcheckReport): string[] {
  const lines = kinks.slice(0, listed).map(({ node, op, index, range }) => {
    const element = index.length === 0 ? "" : indexText(index);
    return paint(
      "faint",
      `${printable(node)}${element} stands on a kink of ${printable(op)}  ${placeText(file, range)}`,
    );
  });
  return kinks.length > listed
    ? [...lines, paint("faint", `and ${String(kinks.length - listed)} more elements on kinks`)]
    : lines;
}

function errorMapsText(page: Page, report: GradcheckReport, { errorMaps = [] }: ReportOptions): string[] {
  return report.leaves.flatMap((leaf) => {
    const key = leafKey(report, leaf);
    const map = errorMaps.find(({ leaf: of }) => of === key);
    return map === undefined ? [] : errorMapText(page, leaf.name, map);
  });
}

/** The slope; of a check that failed, where it was asked for, the curve as well. */
function slopeText(
  page: Page,
  { slope, range, verdict }: GradcheckReport,
  { action }: ReportOptions,
): string[] {
  if (slope === null) return [];
  const sentence = `Taylor remainder falls with step^${formatNumber(slope.value, 3)} (2 is right, 1 is wrong)`;
  const said = page.paint("faint", sentence);
  if (verdict !== "failed" || action !== "gradcheck") return [said];
  const series = (name: string, values: readonly number[]): ValueReport => {
    const data = values.map((value) => Math.log10(value));
    return { name, shape: [data.length], dtype: "float64", data, range };
  };
  const curve = [series("log10 step", slope.steps), series("log10 remainder", slope.remainders)];
  return [said, ...indented(plotText(page, { range, at: null, series: curve }), 2)];
}
