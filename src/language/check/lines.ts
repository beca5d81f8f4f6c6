/** Lines of places, for messages. */
import type { Place } from "./diagnostics/diagnostic";
import type { Frame } from "./frame";
import type { Module } from "./module";

/** "line 4", or "line 4 of lib.nnspec" where the place is in another file. */
export function lineIn(frame: Frame, place: Place): string {
  const module = moduleOf(frame.module, place.file);
  if (module === undefined) return "another file";
  const line = `line ${String(lineNumber(module.file.text, place.start))}`;
  return place.file === frame.module.id ? line : `${line} of ${baseName(place.file)}`;
}

export function baseName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

function lineNumber(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

function moduleOf(module: Module, id: string): Module | undefined {
  if (module.id === id) return module;
  for (const imported of module.imports.values()) {
    const found = imported && moduleOf(imported.module, id);
    if (found !== undefined) return found;
  }
  return undefined;
}
