/** A progress bar on one line of a terminal, gone without a trace when it ends. */
import type { Paint } from "./report/paint";
import { cutTo, printable } from "./report/text-width";

export interface Progress {
  readonly file: string;
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

const barWidth = 24;
/** Work that ends sooner shows no bar. */
const patienceMilliseconds = 300;
const refreshMilliseconds = 60;
const clearLine = "\r\u001b[2K";

export function progressLine(paint: Paint, { file, what, done, total }: Progress, width: number): string {
  const part = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const filled = Math.round(part * barWidth);
  const bar =
    total > 0
      ? `${"━".repeat(filled)}${paint("faint", "─".repeat(barWidth - filled))} ${String(Math.floor(part * 100)).padStart(3)} %  `
      : "";
  const barColumns = total > 0 ? barWidth + 8 : 0;
  const room = width - barColumns - 1;
  const words = printable(what === "" ? file : `${file}  ${what}`);
  return bar + (room < 8 ? "" : cutTo(words, room));
}

export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #paint: Paint;
  readonly #started = performance.now();
  #drawn = -Infinity;
  #visible = false;

  constructor(stream: NodeJS.WriteStream, paint: Paint) {
    this.#stream = stream;
    this.#paint = paint;
  }

  show(progress: Progress): void {
    const now = performance.now();
    if (now - this.#started < patienceMilliseconds || now - this.#drawn < refreshMilliseconds) return;
    this.#drawn = now;
    this.#visible = true;
    this.#stream.write(clearLine + progressLine(this.#paint, progress, this.#stream.columns || 80));
  }

  /** Before anything else is written, and at the end. */
  clear(): void {
    if (this.#visible) this.#stream.write(clearLine);
    this.#visible = false;
    this.#drawn = -Infinity;
  }
}
