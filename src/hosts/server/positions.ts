/** Spans to LSP ranges and back, and module ids to uris. Knows no feature. */
import type { Location, Position, Range, TextEdit } from "vscode-languageserver-protocol";
import type { Place } from "../../language/check";
import { lineMap, type File, type LineMap, type Span } from "../../language/syntax";
import { standardLibraryUri } from "../../protocol";
import { standardLibraryId, type Sources } from "./sources";

const maps = new WeakMap<File, LineMap>();

/** The line map of a file, made once. */
export function linesOf(file: File): LineMap {
  let lines = maps.get(file);
  if (lines === undefined) {
    lines = lineMap(file.text);
    maps.set(file, lines);
  }
  return lines;
}

export function toRange(lines: LineMap, { start, end }: Span): Range {
  return { start: lines.positionAt(start), end: lines.positionAt(end) };
}

export function toSpan(lines: LineMap, { start, end }: Range): Span {
  return { start: lines.offsetAt(start), end: lines.offsetAt(end) };
}

export function toOffset(lines: LineMap, position: Position): number {
  return lines.offsetAt(position);
}

export function toEdit(lines: LineMap, edit: Span & { readonly newText: string }): TextEdit {
  return { range: toRange(lines, edit), newText: edit.newText };
}

/** The uri by which the client knows a module. */
export function toUri(sources: Sources, id: string): string {
  return id === standardLibraryId ? standardLibraryUri : sources.clientUri(id);
}

/** A place in any known file; undefined where its text is gone. */
export function toLocation(sources: Sources, place: Place): Location | undefined {
  const text = sources.text(place.file);
  if (text === undefined) return undefined;
  return { uri: toUri(sources, place.file), range: toRange(linesOfText(text), place) };
}

/** The line map of the text that was last asked for: places are asked for in rows of one file. */
function linesOfText(text: string): LineMap {
  if (lastLines?.text !== text) lastLines = { text, lines: lineMap(text) };
  return lastLines.lines;
}

let lastLines: { readonly text: string; readonly lines: LineMap } | undefined;
