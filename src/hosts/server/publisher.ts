/**
 * Owns when diagnostics are sent: shortly after the last keystroke, with the version they belong to, for the changed
 * file and every open one that depends on it. What has become stale meanwhile is dropped.
 */
import type { Diagnostic as LspDiagnostic } from "vscode-languageserver-protocol";
import type { CheckedModule, Diagnostic, Severity } from "../../language/check";
import type { Analyses } from "./analyses";
import { linesOf, toLocation, toRange } from "./positions";
import type { Sources } from "./sources";
import { DiagnosticSeverity, DiagnosticTag, type Connection } from "./wire";

/** Long enough for a burst of keystrokes to count as one change, too short to be seen. */
const quietMilliseconds = 15;

export class DiagnosticsPublisher {
  readonly #connection: Connection;
  readonly #sources: Sources;
  readonly #analyses: Analyses;
  readonly #published: () => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** `published` is told after diagnostics have been sent. */
  constructor(connection: Connection, sources: Sources, analyses: Analyses, published: () => void) {
    this.#published = published;
    this.#connection = connection;
    this.#sources = sources;
    this.#analyses = analyses;
  }

  /** A file's text changed: it and the open files that depend on it are checked again. */
  changed(id: string): void {
    this.#schedule(id);
    for (const open of this.#sources.openIds()) if (this.#analyses.dependsOn(open, id)) this.#schedule(open);
  }

  /** A data file's header has come, or is another: the open files that ask for it are checked again. */
  dataChanged(key: string): void {
    for (const open of this.#sources.openIds()) if (this.#analyses.usesData(open, key)) this.#schedule(open);
  }

  closed(uri: string, id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#connection.tell("textDocument/publishDiagnostics", { uri, diagnostics: [] });
    this.changed(id); // those that import it go back to the file on disk
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #schedule(id: string): void {
    clearTimeout(this.#timers.get(id));
    const send = (): void => {
      this.#timers.delete(id);
      this.#publish(id).catch((error: unknown) => this.#connection.error(String(error)));
    };
    this.#timers.set(id, setTimeout(send, quietMilliseconds));
  }

  async #publish(id: string): Promise<void> {
    const version = this.#sources.version(id);
    if (version === undefined) return;
    const checked = await this.#analyses.of(id);
    if (checked === undefined || this.#sources.version(id) !== version) return;
    const diagnostics = toLspDiagnostics(this.#sources, checked);
    this.#connection.tell("textDocument/publishDiagnostics", {
      uri: this.#sources.clientUri(id),
      version,
      diagnostics,
    });
    this.#published();
  }
}

const severities: Readonly<Record<Severity, 1 | 2 | 3 | 4>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The codes of names and imports that are never used: shown faded. */
const unusedCodes: ReadonlySet<string> = new Set(["NN301", "NN307"]);

function toLspDiagnostics(sources: Sources, checked: CheckedModule): LspDiagnostic[] {
  return checked.diagnostics.map((diagnostic) => toLspDiagnostic(sources, checked, diagnostic));
}

export function toLspDiagnostic(
  sources: Sources,
  { module }: CheckedModule,
  { code, severity, message, place, related }: Diagnostic,
): LspDiagnostic {
  return {
    code,
    source: "nnspec",
    severity: severities[severity],
    message,
    range: toRange(linesOf(module.file), place),
    relatedInformation: related.flatMap((each) => {
      const location = toLocation(sources, each.place);
      return location === undefined ? [] : [{ location, message: each.message }];
    }),
    ...(unusedCodes.has(code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  };
}
