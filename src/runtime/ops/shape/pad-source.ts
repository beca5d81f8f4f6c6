/** Where each element along a padded dimension comes from. Knows no operator. */

export type PadMode = "constant" | "reflect" | "replicate" | "circular";

/** What is added, or cut where negative, before and after the elements of one axis. */
export interface AxisPad {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

/** PyTorch's list, which begins with the last dimension, axis by axis. */
export function axisPads(pad: readonly number[], rank: number): AxisPad[] {
  return Array.from({ length: pad.length / 2 }, (_, k) => ({
    axis: rank - 1 - k,
    before: pad[2 * k] ?? 0,
    after: pad[2 * k + 1] ?? 0,
  }));
}

/** For each position along a padded axis of `size` elements the one it is read from, or -1 for the constant. */
export function padSources(size: number, { before, after }: AxisPad, mode: PadMode): Int32Array {
  const sources = new Int32Array(size + before + after);
  // Wrapping goes around what cutting leaves; reflecting and replicating see the elements that were cut.
  const first = Math.max(0, -before);
  const left = size - first - Math.max(0, -after);
  for (let i = 0; i < sources.length; i++) {
    const position = i - before;
    switch (mode) {
      case "constant":
        sources[i] = position >= 0 && position < size ? position : -1;
        break;
      case "reflect":
        sources[i] = position < 0 ? -position : position >= size ? 2 * (size - 1) - position : position;
        break;
      case "replicate":
        sources[i] = Math.min(Math.max(position, 0), size - 1);
        break;
      case "circular":
        sources[i] = first + ((((position - first) % left) + left) % left);
        break;
    }
  }
  return sources;
}
