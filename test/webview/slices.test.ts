/** Asking for slices: which windows, how many at a time, what is remembered. */
import assert from "node:assert/strict";
import type { SliceReply, SliceRequest } from "../../src/protocol";
import { numberAt } from "../../src/hosts/webview/tensor/slice-lookup";
import {
  exactRequest,
  overviewRequest,
  sliceKey,
  type SliceSubject,
  tileRequests,
} from "../../src/hosts/webview/tensor/slice-requests";
import { SliceStore } from "../../src/hosts/webview/tensor/slice-store";
import { copyTensor } from "../../src/hosts/webview/tensor/tensor-copy";
import { fit } from "../../src/hosts/webview/tensor/viewport";
import { sliceOf, summaryOf, tensorOf } from "./fixture-tensors";

const subject: SliceSubject = { node: 3, of: "value", root: null, leading: [] };
const huge = { rows: 4096, columns: 4096 };
const space = { width: 600, height: 600 };
const tensor = tensorOf([4096, 4096], (i) => i, "float64");

suite("slice requests", () => {
  test("where the overview is as fine as the screen, it is enough", () => {
    const small = { rows: 200, columns: 300 };
    const view = fit(small, space);
    const none = tileRequests(subject, {
      grid: small,
      space,
      view,
      pixelRatio: 1,
      overviewStep: { row: 1, column: 1 },
    });
    assert.deepEqual(none, []);
  });

  test("tiles cover what is in view, at no more than one element a pixel and 65,536 a tile", () => {
    const view = { left: 1000.5, top: 2000.25, cellWidth: 0.4, cellHeight: 0.4 };
    const tiles = tileRequests(subject, {
      grid: huge,
      space,
      view,
      pixelRatio: 1,
      overviewStep: { row: 16, column: 16 },
    });
    assert.ok(tiles.length > 0 && tiles.length <= 16, `${String(tiles.length)} tiles`);
    const covered = (row: number, column: number): boolean =>
      tiles.some(
        ({ rows, columns }) =>
          rows.from <= row && row < rows.to && columns.from <= column && column < columns.to,
      );
    for (const row of [2000, 2700, 3500])
      for (const column of [1000, 1700, 2500]) assert.ok(covered(row, column));
    for (const tile of tiles) {
      assert.ok(tile.limit <= 65_536);
      assert.ok(tile.rows.from % 512 === 0 && tile.columns.from % 512 === 0, "tiles lie on a fixed grid");
    }
  });

  test("panning within a tile asks for the same tiles", () => {
    const look = (left: number): readonly string[] =>
      tileRequests(subject, {
        grid: huge,
        space,
        view: { left, top: 512, cellWidth: 4, cellHeight: 4 },
        pixelRatio: 1,
        overviewStep: { row: 16, column: 16 },
      })
        .map(sliceKey)
        .sort();
    assert.deepEqual(look(600), look(605));
    assert.notDeepEqual(look(600), look(900));
  });

  test("keys tell nodes, sides, roots, places and windows apart; a value does not depend on the root", () => {
    const base = overviewRequest(subject, huge);
    const others: readonly SliceRequest[] = [
      { ...base, node: 4 },
      { ...base, of: "gradient", root: 1 },
      { ...base, of: "gradient", root: 2 },
      { ...base, leading: [1] },
      { ...base, rows: { from: 1, to: 4096 } },
      { ...base, limit: 5 },
      { ...base, pooled: false },
    ];
    assert.equal(new Set([base, ...others].map(sliceKey)).size, 8);
    assert.equal(sliceKey({ ...base, root: 9 }), sliceKey(base));
  });
});

suite("slice lookup", () => {
  test("only elements that thinning kept are known, and finer slices decide", () => {
    const overview = { ...overviewRequest(subject, huge), limit: 256 * 256, pooled: false };
    const coarse = { request: overview, reply: sliceOf(tensor, overview) };
    assert.equal(coarse.reply.rowStep, 16);
    assert.equal(numberAt([coarse], { row: 32, column: 48 }), 32 * 4096 + 48);
    assert.equal(numberAt([coarse], { row: 33, column: 48 }), undefined);
    const extremes = { request: { ...overview, pooled: true }, reply: coarse.reply };
    assert.equal(numberAt([extremes], { row: 32, column: 48 }), undefined, "an extreme has no place");
    const one = exactRequest(subject, { fromRow: 33, toRow: 34, fromColumn: 48, toColumn: 50 });
    assert.equal(
      numberAt([coarse, { request: one, reply: sliceOf(tensor, one) }], { row: 33, column: 49 }),
      33 * 4096 + 49,
    );
    assert.equal(numberAt([], { row: 0, column: 0 }), undefined);
  });
});

/** A store whose waiting and posting the test holds in its hands. */
function heldStore(): { store: SliceStore; sent: { id: number; request: SliceRequest }[]; wake: () => void } {
  const sent: { id: number; request: SliceRequest }[] = [];
  const waiting: (() => void)[] = [];
  const store = new SliceStore(
    (id, request) => sent.push({ id, request }),
    (work) => waiting.push(work),
  );
  const wake = (): void => {
    for (const work of waiting.splice(0)) work();
  };
  return { store, sent, wake };
}

function replyTo(request: SliceRequest): SliceReply {
  return sliceOf(tensor, request);
}

function cell(row: number): SliceRequest {
  return exactRequest(subject, { fromRow: row, toRow: row + 1, fromColumn: 0, toColumn: 1 });
}

suite("slice store", () => {
  test("wishes go out together, a few at a time, and each arrival makes room", () => {
    const { store, sent, wake } = heldStore();
    store.want(
      "map",
      Array.from({ length: 10 }, (_, i) => cell(i)),
    );
    assert.equal(sent.length, 0, "it gathers first");
    wake();
    assert.deepEqual(
      sent.map(({ request }) => request.rows.from),
      [0, 1, 2, 3, 4, 5],
    );
    store.receive(sent[0]!.id, replyTo(cell(0)));
    assert.equal(sent.at(-1)?.request.rows.from, 6);
    const arrived = store.get(cell(0));
    assert.ok(arrived !== undefined && arrived !== "unavailable" && arrived.data[0] === 0);
  });

  test("a new wish list replaces what was not sent yet, and nothing is asked twice", () => {
    const { store, sent, wake } = heldStore();
    store.want(
      "map",
      Array.from({ length: 10 }, (_, i) => cell(i)),
    );
    wake();
    store.want("map", [cell(3), cell(20)]);
    wake();
    for (const { id, request } of [...sent]) store.receive(id, replyTo(request));
    assert.deepEqual(
      sent.map(({ request }) => request.rows.from),
      [0, 1, 2, 3, 4, 5, 20],
    );
    store.want("map", [cell(3)]);
    wake();
    assert.equal(sent.length, 7, "what is kept is not asked for again");
  });

  test("answers to questions from before a reset are ignored", () => {
    const { store, sent, wake } = heldStore();
    let arrivals = 0;
    const end = store.onDidArrive(() => arrivals++);
    store.want("map", [cell(1)]);
    wake();
    store.reset();
    store.receive(sent[0]!.id, replyTo(cell(1)));
    assert.deepEqual([store.get(cell(1)), arrivals], [undefined, 0]);
    store.want("map", [cell(1)]);
    wake();
    store.receive(sent[1]!.id, null);
    assert.deepEqual([store.get(cell(1)), arrivals], ["unavailable", 1]);
    end();
    store.receive(99, null);
    assert.equal(arrivals, 1);
  });

  test("memory is bounded: the least recently used goes first", () => {
    const { store, sent, wake } = heldStore();
    const request = (node: number): SliceRequest => ({ ...cell(0), node });
    const large: SliceReply = {
      rowStep: 1,
      columnStep: 1,
      rows: 2000,
      columns: 1000,
      data: new Float64Array(2_000_000),
    };
    for (let node = 0; node < 9; node++) {
      store.want("map", [request(node)]);
      wake();
      store.receive(sent.at(-1)!.id, large);
      store.get(request(0));
    }
    assert.notEqual(store.get(request(0)), undefined);
    assert.equal(store.get(request(1)), undefined);
    assert.notEqual(store.get(request(8)), undefined);
  });

  test("a single fetch resolves with its answer, or with unavailable when the run is over", async () => {
    const { store, sent } = heldStore();
    const first = store.fetch(cell(5));
    store.receive(sent[0]!.id, replyTo(cell(5)));
    const got = await first;
    assert.ok(got !== "unavailable" && got.data[0] === 5 * 4096);
    const second = store.fetch(cell(6));
    store.reset();
    assert.equal(await second, "unavailable");
  });
});

suite("copying a tensor", () => {
  const cube = tensorOf([2, 3, 4], (i) => i, "int");
  const options = {
    name: "x",
    summary: summaryOf(cube),
    subject: { ...subject, leading: [1] },
    visible: { fromRow: 0, toRow: 2, fromColumn: 1, toColumn: 3 },
    fetch: (request: SliceRequest) => Promise.resolve(sliceOf(cube, request)),
  };

  test("NumPy takes the whole tensor, CSV the matrix in view", async () => {
    const numpy = await copyTensor({ ...options, format: "numpy" });
    assert.equal(numpy?.what, "x [2, 3, 4]");
    // np.arange(24).reshape(2, 3, 4)
    assert.match(numpy.text, /\[20, 21, 22, 23\]\]\], dtype=np\.int64/);
    const csv = await copyTensor({ ...options, format: "csv" });
    assert.deepEqual([csv?.text, csv?.what], ["12,13,14,15\n16,17,18,19\n20,21,22,23\n", "x[1]"]);
  });

  test("of a tensor too large for text only what is in view is copied, and that is said", async () => {
    const copied = await copyTensor({
      ...options,
      format: "numpy",
      summary: { ...summaryOf(tensor), dtype: "int" },
      subject,
      fetch: (request) => Promise.resolve(sliceOf(tensor, request)),
    });
    assert.equal(copied?.text, "np.array([[1, 2],\n          [4097, 4098]], dtype=np.int64)");
    assert.equal(copied.what, "x, rows 0 to 1 and columns 1 to 2");
  });

  test("without an answer there is no copy", async () => {
    assert.equal(
      await copyTensor({ ...options, format: "csv", fetch: () => Promise.resolve("unavailable") }),
      null,
    );
  });
});
