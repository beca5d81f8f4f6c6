/** The inks of the terminal report. Knows nothing of what is written with them. */

export type Ink =
  | "passed"
  | "failed"
  | "undecided"
  | "pending"
  | "warning"
  | "note"
  | "faint"
  | "strong"
  | "place"
  | `series ${0 | 1 | 2 | 3 | 4 | 5}`;

/** Gives a text its ink; without colours the text itself. The text must not contain line breaks. */
export type Paint = (ink: Ink, text: string) => string;

/** Select Graphic Rendition parameters (ECMA-48, 8.3.117); none sets a background, so that any theme stays readable. */
const parameters: Readonly<Record<Ink, string>> = {
  passed: "32",
  failed: "31",
  undecided: "33",
  pending: "36",
  warning: "33",
  note: "36",
  faint: "2",
  strong: "1",
  place: "34",
  "series 0": "36",
  "series 1": "35",
  "series 2": "33",
  "series 3": "32",
  "series 4": "34",
  "series 5": "31",
};

export const colored: Paint = (ink, text) =>
  text === "" ? "" : `\u001b[${parameters[ink]}m${text}\u001b[0m`;

export const plain: Paint = (_ink, text) => text;

export const seriesInks = ["series 0", "series 1", "series 2", "series 3", "series 4", "series 5"] as const;
