/** Trainings that are followed: curves come in pieces that fit together, a stop keeps what was trained, and it can go on. */
import assert from "node:assert/strict";
import { execute, type Session } from "../../src/engine";
import type { TrainingProgress } from "../../src/protocol";
import { hostFor } from "./run-text";

const spec = `
net Line(n)(x: [N, n], y: [N, 1]) -> [] {
  param W: [n, 1] = zeros()
  return mean((x @ W - y)^2)
}
run r {
  seed torch 0
  x = randn([64, 3])
  y = x @ [[1.0], [2.0], [-1.0]]
  fit = train(Line(3), batches(x, y, size = 8, shuffle = true), sgd(0.05), epochs = 20)
  after = randn([2])
  loss = fit.loss
  show fit.loss
}
`;

interface Followed {
  readonly session: Session;
  readonly told: readonly TrainingProgress[];
}

/** A clock that runs a tenth of a second at every look, so that every step is told. */
async function follow(more: { readonly stopAt?: number; readonly resume?: Session } = {}): Promise<Followed> {
  const told: TrainingProgress[] = [];
  let time = 0;
  let asked = 0;
  const session = await execute(
    { ...hostFor(), now: () => (time += 100) },
    { id: "a.nnspec", text: spec, version: 1 },
    {
      action: "run",
      target: undefined,
      onTraining: (progress) => told.push(progress),
      trainingStopped: () => asked++ === more.stopAt,
      resume: more.resume,
    },
  );
  return { session, told };
}

function valueOf(session: Session, name: string): readonly number[] {
  const node = session.outcome.targets[0]!.nodes.find((each) => each.name === name)!;
  const columns = { from: 0, to: 1e6 };
  const slice = session.slice({
    node: node.id,
    of: "value",
    root: null,
    leading: [],
    rows: { from: 0, to: 1 },
    columns,
    limit: 1e6,
  });
  return [...(slice?.data ?? [])];
}

suite("followed trainings", () => {
  test("the pieces of a curve are the losses of the run, without a gap", async () => {
    const { session, told } = await follow();
    const pieces = told.flatMap(({ losses }) => [...losses]);
    assert.ok(told.length > 10);
    let at = 0;
    for (const { first, losses } of told) {
      assert.equal(first, at);
      at += losses.length;
    }
    assert.deepEqual(pieces, valueOf(session, "loss"));
    const last = told.at(-1)!;
    assert.deepEqual(
      [
        last.state,
        last.done,
        last.total,
        last.stepsPerEpoch,
        last.batch,
        last.examples,
        last.range.start.line,
      ],
      ["finished", 160, 160, 8, 8, 64, 9],
    );
    const answer = session.answer({ kind: "training", target: "r" });
    assert.deepEqual([...(answer?.curves[0]?.losses ?? [])], pieces);
    assert.ok((answer?.curves[0]?.norms.length ?? 0) > 0);
  });

  test("the gradient's norm of the first step is that of a closed form", async () => {
    const { told } = await follow();
    // With W = 0 the loss is mean(y²); its gradient is -2/n Σ y x, and so no smaller than what the loss and x allow.
    const [norm = 0] = told.flatMap(({ norms }) => [...norms]);
    const [loss = 0] = told.flatMap(({ losses }) => [...losses]);
    assert.ok(norm > 0 && Number.isFinite(norm));
    // Cauchy-Schwarz: ‖∇‖ ≤ 2 √loss √mean‖x‖²; three normal entries seldom exceed a mean square of 9.
    assert.ok(norm <= 2 * Math.sqrt(loss) * 3, `${String(norm)} for a loss of ${String(loss)}`);
  });

  test("a stop keeps what was trained so far, and going on ends where an unbroken run ends", async () => {
    const whole = await follow();
    const stopped = await follow({ stopAt: 45 });
    assert.equal(stopped.told.at(-1)?.state, "stopped");
    assert.equal(stopped.session.outcome.targets[0]?.trainings?.[0]?.done, 45);
    assert.deepEqual(valueOf(stopped.session, "loss"), valueOf(whole.session, "loss").slice(0, 45));
    const resumed = await follow({ resume: stopped.session });
    assert.equal(resumed.told[0]?.first, 0, "the whole curve is told again");
    assert.deepEqual(valueOf(resumed.session, "loss"), valueOf(whole.session, "loss"));
    assert.deepEqual(
      valueOf(resumed.session, "after"),
      valueOf(whole.session, "after"),
      "later draws as well",
    );
    const again = await follow({ resume: stopped.session });
    assert.deepEqual(valueOf(again.session, "loss"), valueOf(whole.session, "loss"), "taken up once: anew");
  });
});
