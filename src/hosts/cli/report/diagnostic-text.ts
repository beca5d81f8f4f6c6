/** A diagnostic as text: what is wrong, the line with the place underlined, related places, and the fix. */
import type { DiagnosticReport, Range, Severity } from "../../../protocol";
import type { Page } from "./page";
import type { Ink } from "./paint";
import { cutTo, printable, textWidth, wrapWords } from "./text-width";
import { placeText } from "./wording";

const severityInks: Readonly<Record<Severity, Ink>> = {
  error: "failed",
  warning: "warning",
  information: "note",
  hint: "note",
};

export function diagnosticText(page: Page, file: string, diagnostic: DiagnosticReport): string[] {
  const { paint, width } = page;
  const { severity, code, message, range, related, fixes = [] } = diagnostic;
  const ink = severityInks[severity];
  const head = `${severity}[${code}]`;
  const [first = "", ...rest] = wrapWords(`${head}: ${printable(message)}`, width);
  const places = [{ file, range }, ...related];
  const gutter = Math.max(...places.map((place) => String(place.range.end.line + 1).length));
  const lines = [
    paint(ink, head) + paint("strong", first.slice(head.length)),
    ...rest.map((line) => paint("strong", line)),
  ];
  lines.push(...excerpt(page, { file, range, ink, underline: "^", message: "", gutter, arrow: "-->" }));
  let shown = `${file} ${range.start.line}`;
  for (const place of related) {
    const isShown = shown === `${place.file} ${place.range.start.line}`;
    shown = `${place.file} ${place.range.start.line}`;
    const arrow = place.file === file ? undefined : ":::";
    lines.push(
      ...excerpt(page, {
        ...place,
        message: printable(place.message),
        ink: "note",
        underline: "-",
        gutter,
        arrow,
        isShown,
      }),
    );
  }
  for (const { title } of fixes)
    lines.push(`${" ".repeat(gutter)} ${paint("place", "=")} fix: ${printable(title)}`);
  return lines;
}

interface Excerpt {
  readonly file: string;
  readonly range: Range;
  readonly ink: Ink;
  readonly underline: string;
  /** What is said beside the underline. */
  readonly message: string;
  readonly gutter: number;
  /** What comes before the place, where the place is told. */
  readonly arrow: string | undefined;
  /** Whether its line stands right above. */
  readonly isShown?: boolean;
}

/** The first line of a range, underlined. */
function excerpt({ paint, width, source }: Page, wanted: Excerpt): string[] {
  const { file, range, ink, underline, message, gutter, arrow, isShown = false } = wanted;
  const space = " ".repeat(gutter);
  const bar = paint("place", "|");
  const line = source(file)?.split(/\r\n|\r|\n/)[range.start.line];
  const head = arrow === undefined ? [] : [`${space}${paint("place", arrow)} ${placeText(file, range)}`];
  if (line === undefined)
    return message === "" ? head : [...head, `${space} ${paint("place", "=")} ${message}`];
  const end = range.end.line === range.start.line ? range.end.character : line.length;
  const before = textWidth(printable(line.slice(0, range.start.character)));
  const marked = Math.max(1, textWidth(printable(line.slice(range.start.character, end))));
  // A long line is shown from where its underlined part fits.
  const room = Math.max(20, width - gutter - 3);
  const skip = before + marked <= room ? 0 : Math.max(0, before - Math.floor(room / 4));
  const shown = cutTo((skip > 0 ? "…" : "") + dropColumns(printable(line), skip + (skip > 0 ? 1 : 0)), room);
  const marks = underline.repeat(Math.min(marked, Math.max(1, room - (before - skip))));
  const number = paint("place", String(range.start.line + 1).padStart(gutter));
  const under = " ".repeat(before - skip) + paint(ink, message === "" ? marks : `${marks} ${message}`);
  const below = `${space} ${bar} ${under}`;
  // A line that is cut stands as it is cut for each place.
  if (isShown && textWidth(printable(line)) <= room) return [below];
  const gap = arrow === undefined ? [`${space} ${paint("place", "…")}`] : [`${space} ${bar}`];
  return [...head, ...gap, `${number} ${bar} ${shown}`, below];
}

function dropColumns(text: string, columns: number): string {
  let dropped = 0;
  let rest = text;
  for (const character of text) {
    if (dropped >= columns) break;
    dropped += textWidth(character);
    rest = rest.slice(character.length);
  }
  return rest;
}
