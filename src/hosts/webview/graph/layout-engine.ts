/**
 * Owns the worker that lays graphs out: started when the first is wanted, from this page's own folder and no other place.
 * Knows nothing of what is laid out.
 */
import ElkApi, { type ELK, type ElkNode } from "elkjs/lib/elk-api";
import { partUrl } from "../state/page-parts";

let engine: Promise<ELK> | undefined;

/** The graph with places. */
export async function layOut(graph: ElkNode): Promise<ElkNode> {
  engine ??= start();
  return (await engine).layout(graph);
}

async function start(): Promise<ELK> {
  // The page and its files have different origins, so that a worker can only be started from a copy.
  const answer = await fetch(partUrl("graph-layout.js"));
  if (!answer.ok) throw new Error(`The layout engine could not be loaded (${String(answer.status)}).`);
  const url = URL.createObjectURL(new Blob([await answer.text()], { type: "text/javascript" }));
  return new ElkApi({ workerFactory: () => new Worker(url) });
}
