/** What "expand selection" goes through: the nodes around an offset, innermost first. From the tree alone. */
import { nodeAt, type File, type Span } from "../syntax";

export function selectionsAt(file: File, offset: number): readonly Span[] {
  const spans: Span[] = [];
  for (const { node } of nodeAt(file, offset)) {
    const last = spans.at(-1);
    if (last?.start === node.start && last.end === node.end) continue;
    spans.push({ start: node.start, end: node.end });
  }
  return spans;
}
