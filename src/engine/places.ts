/** From offsets in texts to the ranges of reports. */
import type { Diagnostic, Edit, Module, Place } from "../language/check";
import { lineMap, type LineMap } from "../language/syntax";
import type { DiagnosticReport, Range } from "../protocol";

/** Knows the texts of a file and of all that it imports. */
export class Places {
  readonly #maps = new Map<string, LineMap>();
  readonly #texts = new Map<string, string>();
  readonly file: string;

  constructor(module: Module) {
    this.file = module.id;
    this.#add(module);
  }

  #add(module: Module): void {
    if (this.#texts.has(module.id)) return;
    this.#texts.set(module.id, module.file.text);
    for (const imported of module.imports.values()) if (imported !== undefined) this.#add(imported.module);
  }

  rangeOf(place: Place): Range {
    let map = this.#maps.get(place.file);
    if (map === undefined) {
      map = lineMap(this.#texts.get(place.file) ?? "");
      this.#maps.set(place.file, map);
    }
    return { start: map.positionAt(place.start), end: map.positionAt(place.end) };
  }

  textOf(place: Place): string {
    return (this.#texts.get(place.file) ?? "").slice(place.start, place.end);
  }

  /** What is written where a graph node was recorded. */
  textAt(origin: unknown): string | undefined {
    const place = originPlace(origin);
    return place && this.textOf(place);
  }

  /** The file where it is another than this. */
  otherFile(place: Place): string | null {
    return place.file === this.file ? null : place.file;
  }

  report(diagnostic: Diagnostic): DiagnosticReport {
    const { code, severity, message, place, related, fixes } = diagnostic;
    const edited = ({ start, end, newText }: Edit) => ({
      range: this.rangeOf({ file: place.file, start, end }),
      newText,
    });
    return {
      code,
      severity,
      message,
      range: this.rangeOf(place),
      related: related.map((each) => ({
        range: this.rangeOf(each.place),
        file: each.place.file,
        message: each.message,
      })),
      ...(fixes.length === 0
        ? {}
        : { fixes: fixes.map(({ title, edits }) => ({ title, edits: edits.map(edited) })) }),
    };
  }
}

/** The origin of a graph node: the language puts places there, and nothing else. */
export function originPlace(origin: unknown): Place | undefined {
  return typeof origin === "object" && origin !== null && "file" in origin ? (origin as Place) : undefined;
}
