/** What the program may write to, and how: colours, width, whether somebody watches. Knows nothing of what is written. */
import { colored, plain, type Paint } from "./report/paint";

export interface Terminal {
  /** Resolves when the text is on its way; a reader that has gone away (`| head`) is no error. */
  readonly write: (text: string) => Promise<void>;
  readonly warn: (text: string) => void;
  readonly paint: Paint;
  readonly errorPaint: Paint;
  readonly width: number;
  /** The stream for a progress bar; undefined where nobody watches. */
  readonly progress: NodeJS.WriteStream | undefined;
}

/** The width of a report that no terminal limits. */
const defaultWidth = 100;

export function openTerminal(color: boolean | undefined): Terminal {
  const { stdout, stderr } = process;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
  const columns = stdout.isTTY ? stdout.columns : 0;
  return {
    write: (text) =>
      new Promise((resolve) => {
        stdout.write(text, () => resolve());
      }),
    warn: (text) => {
      stderr.write(`${text}\n`);
    },
    paint: paintFor(stdout, color),
    errorPaint: paintFor(stderr, color),
    width: columns > 0 ? Math.max(40, columns) : defaultWidth,
    progress: stderr.isTTY && process.env["TERM"] !== "dumb" ? stderr : undefined,
  };
}

/** What is asked for; else NO_COLOR and FORCE_COLOR (no-color.org, force-color.org); else whether it is a terminal. */
function paintFor(stream: NodeJS.WriteStream, color: boolean | undefined): Paint {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (color !== undefined) return color ? colored : plain;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return plain;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0") return colored;
  return stream.isTTY && TERM !== "dumb" ? colored : plain;
}
