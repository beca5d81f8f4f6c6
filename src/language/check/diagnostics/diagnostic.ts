/** A diagnostic as data: what is wrong, where, since what, and a way out. Knows nothing of how it was found. */
import type { Span } from "../../syntax";

export type Severity = "error" | "warning" | "information" | "hint";

/** A place in a file. */
export interface Place extends Span {
  readonly file: string;
}

export interface Related {
  readonly place: Place;
  readonly message: string;
}

export interface Edit extends Span {
  readonly newText: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** What a catalogue entry makes: everything but the place. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
}

export interface Diagnostic extends Problem {
  readonly place: Place;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
}
