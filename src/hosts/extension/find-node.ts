/** Which node of a run's results the cursor's name means. Knows no editor. */
import type { NodeReply, NodeSummary, TargetReport } from "../../protocol";

/** The node in the given targets, the target in view first; undefined where none of them has it. */
export function findNode(
  reply: NodeReply,
  uri: string,
  targets: readonly TargetReport[],
  inView: string | null,
): { readonly target: string; readonly node: number } | undefined {
  const ordered = [...targets].sort((a, b) => Number(b.name === inView) - Number(a.name === inView));
  for (const matches of [isNamed, isGradientOf, isDefinedThere]) {
    for (const target of ordered) {
      const node = target.nodes.find((candidate) => matches(candidate, reply, uri));
      if (node !== undefined) return { target: target.name, node: node.id };
    }
  }
  return undefined;
}

type Matches = (node: NodeSummary, reply: NodeReply, uri: string) => boolean;

/** `m.o` as it stands in the run. */
const isNamed: Matches = (node, reply, uri) => node.name === reply.path && isDefinedThere(node, reply, uri);

/** `dJ.W2` is a gradient at the node `m.W2`. */
const isGradientOf: Matches = (node, reply, uri) => {
  const rest = reply.path.slice(reply.path.indexOf(".") + 1);
  return (
    rest !== reply.path &&
    (node.name === rest || node.name.endsWith(`.${rest}`)) &&
    isDefinedThere(node, reply, uri)
  );
};

const isDefinedThere: Matches = (node, reply, uri) => {
  const { start } = node.range;
  return (
    (node.file ?? uri) === reply.file &&
    start.line === reply.range.start.line &&
    start.character === reply.range.start.character
  );
};
