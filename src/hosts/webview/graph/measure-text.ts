/** How wide texts are in the editor's font for code. */
import { graphLook } from "./graph-look";

let context: CanvasRenderingContext2D | null = null;

export function measureText(text: string, size: number): number {
  context ??= document.createElement("canvas").getContext("2d");
  if (context === null) return text.length * size * 0.6;
  context.font = `${String(size)}px ${graphLook().family}`;
  return context.measureText(text).width;
}
