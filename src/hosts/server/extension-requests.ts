/** Answers what the extension asks beyond LSP: the texts of a run, the node and the declaration under a cursor. */
import {
  canonicalUri,
  equationQuestionAt,
  followedAt,
  lensesOf,
  outlineOf,
  targetAt,
  type LensTarget,
  type OutlineItem,
} from "../../language/features";
import { standardLibrary } from "../../language/std";
import type { Span } from "../../language/syntax";
import {
  serverRequests,
  type CursorParams,
  type EquationReply,
  type NodeReply,
  type SourcesParams,
  type SourcesReply,
  type TargetReply,
  type TargetsReply,
} from "../../protocol";
import { mayShow, readWanted } from "./derivations";
import { linesOf, toLocation, toOffset, toRange } from "./positions";
import type { Serving } from "./serve";

export function answerExtension({ connection, sources, analyses, derivations, setting }: Serving): void {
  connection.onRequest(
    serverRequests.sources,
    async ({ uri }: SourcesParams): Promise<SourcesReply | null> => {
      const id = canonicalUri(uri);
      for (;;) {
        const version = sources.version(id);
        const files = version === undefined ? undefined : await analyses.closure(id);
        if (version === undefined || files === undefined) return null;
        // The text may have changed while an import was read.
        if (sources.version(id) === version)
          return { uri: id, version, files: Object.fromEntries(files), data: analyses.dataFilesOf(id) };
      }
    },
  );
  connection.onRequest(
    serverRequests.nodeAt,
    async ({ uri, position }: CursorParams): Promise<NodeReply | null> => {
      const checked = await analyses.of(canonicalUri(uri));
      const found = checked && followedAt(checked, toOffset(linesOf(checked.module.file), position));
      const location = found && toLocation(sources, found.place);
      if (found === undefined || location === undefined) return null;
      return { path: found.path, name: found.name, file: found.place.file, range: location.range };
    },
  );
  connection.onRequest(
    serverRequests.targets,
    async ({ uri, position }: CursorParams): Promise<TargetsReply | null> => {
      const file = (await analyses.of(canonicalUri(uri)))?.module.file;
      if (file === undefined) return null;
      const lines = linesOf(file);
      const outline = outlineOf(file);
      const reply = ({ kind, name }: LensTarget, span: Span): TargetReply => {
        const item = outline.find((each) => each.kind === kind && each.name === name);
        const tests = kind === "run" ? testsIn(item?.children ?? []) : [];
        return {
          kind,
          name,
          range: toRange(lines, span),
          tests: tests.map((test) => ({ label: test.name, range: toRange(lines, test.span) })),
        };
      };
      const around = targetAt(file, toOffset(lines, position));
      const lenses = lensesOf(file).filter(({ action }) => action === "inspect");
      return {
        at: around === undefined ? null : reply(around, around.span),
        all: lenses.map(({ target, span }) => reply(target, span)),
      };
    },
  );
  connection.onRequest(
    serverRequests.equations,
    async ({ uri, position }: CursorParams): Promise<readonly EquationReply[]> => {
      const checked = await analyses.of(canonicalUri(uri));
      const question =
        checked && equationQuestionAt(checked, toOffset(linesOf(checked.module.file), position));
      if (checked === undefined || question === undefined) return [];
      const wanted = readWanted(await setting(uri, "nnspec.hover.equations"));
      if (!mayShow(checked, wanted === "never" ? "always" : wanted)) return [];
      return derivations.of(checked, question).map(({ left, right }) => ({
        text: `${left.text} = ${right.text}`,
        tex: `${left.tex} = ${right.tex}`,
      }));
    },
  );
  connection.onRequest(serverRequests.standardLibrary, (): string => standardLibrary());
}

function testsIn(items: readonly OutlineItem[]): readonly OutlineItem[] {
  return items.flatMap((item) => {
    if (item.kind === "check" || item.kind === "gradcheck") return [item];
    return item.kind === "loop" ? testsIn(item.children) : [];
  });
}
