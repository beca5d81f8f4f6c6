/** Which key does what on a drawing. Knows nothing of the drawing. */
import type { Point } from "./drawing";
import type { Step } from "./walk";

export type StageCommand =
  | { readonly kind: "walk"; readonly step: Step }
  | { readonly kind: "pan"; readonly by: Point }
  | { readonly kind: "zoom"; readonly factor: number }
  | { readonly kind: "first" | "last" | "fit" | "open" | "toggle" }
  | { readonly kind: "ask"; readonly what: "ancestors" | "descendants" | "everything" | "search" };

const panStep = 60;
const zoomStep = 1.25;

const commands: Readonly<Record<string, StageCommand>> = {
  ArrowUp: { kind: "walk", step: "up" },
  ArrowDown: { kind: "walk", step: "down" },
  ArrowLeft: { kind: "walk", step: "left" },
  ArrowRight: { kind: "walk", step: "right" },
  "Shift+ArrowUp": { kind: "pan", by: { x: 0, y: panStep } },
  "Shift+ArrowDown": { kind: "pan", by: { x: 0, y: -panStep } },
  "Shift+ArrowLeft": { kind: "pan", by: { x: panStep, y: 0 } },
  "Shift+ArrowRight": { kind: "pan", by: { x: -panStep, y: 0 } },
  "+": { kind: "zoom", factor: zoomStep },
  "=": { kind: "zoom", factor: zoomStep },
  "-": { kind: "zoom", factor: 1 / zoomStep },
  "0": { kind: "fit" },
  Home: { kind: "first" },
  End: { kind: "last" },
  Enter: { kind: "open" },
  " ": { kind: "toggle" },
  "[": { kind: "ask", what: "ancestors" },
  "]": { kind: "ask", what: "descendants" },
  Escape: { kind: "ask", what: "everything" },
  "/": { kind: "ask", what: "search" },
};

/** Null for a key of somebody else's. */
export function commandOf(event: {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): StageCommand | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const isArrow = event.key.startsWith("Arrow");
  return commands[event.shiftKey && isArrow ? `Shift+${event.key}` : event.key] ?? null;
}
