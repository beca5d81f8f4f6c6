/** How wide a text stands in a terminal, and fitting it into a width. Knows nothing of colours. */

const zeroWidth = /^[\p{M}\p{Cf}]$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;

/** Columns that a text takes: combining marks none, East Asian wide characters two. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

/**
 * A text on one line that cannot steer the terminal: tabs are four spaces, other control characters (escape sequences
 * in a hostile file among them) are shown as pictures.
 */
export function printable(text: string): string {
  return text
    .replaceAll("\t", "    ")
    .replace(/\p{Cc}/gu, (control) =>
      control < " " ? String.fromCharCode(0x2400 + control.charCodeAt(0)) : "�",
    )
    .replace(/[\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "�");
}

/** Cut to a width, with … for what is missing. */
export function cutTo(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = "";
  let used = 0;
  for (const character of text) {
    used += textWidth(character);
    if (used > width - 1) break;
    cut += character;
  }
  return `${cut}…`;
}

/** Broken at spaces, code in backticks aside, into lines of at most `width` columns; a word that never fits stands alone. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/(?:`[^`\n]*`|[^ \n])+/g) ?? []) {
    if (line === "") line = word;
    else if (textWidth(line) + 1 + textWidth(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

export function indented(lines: readonly string[], by: number): string[] {
  const space = " ".repeat(by);
  return lines.map((line) => (line === "" ? "" : space + line));
}
