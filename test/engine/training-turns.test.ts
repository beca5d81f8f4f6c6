/** Trainings that give way to a host which hears nothing meanwhile: the same numbers as without, and words are heard in time. */
import assert from "node:assert/strict";
import { CancelledError, execute, type ExecuteOptions, type Session } from "../../src/engine";
import { hostFor } from "./run-text";

const spec = `
net Line(n)(x: [N, n], y: [N, 1]) -> [] {
  param W: [n, 1] = zeros()
  return mean((dropout(x, 0.1) @ W - y)^2)
}
run r {
  seed torch 0
  x = randn([64, 3])
  y = x @ [[1.0], [2.0], [-1.0]]
  one = train(Line(3), batches(x, y, size = 8, shuffle = true), sgd(0.05), epochs = 20)
  between = randn([2])
  two = train(Line(3), batches(x, y, size = 24, shuffle = true), sgd(0.05), epochs = 30)
  after = randn([3])
  show one.loss
  show two.loss
  show between
  show after
}
`;

interface Followed {
  readonly session: Session;
  readonly breaths: number;
  /** How many steps each message told of, in order. */
  readonly told: readonly { readonly training: number; readonly done: number; readonly state: string }[];
}

/** A clock that runs ten milliseconds at every look. */
async function follow(
  options: Partial<ExecuteOptions> = {},
  onBreath: (breaths: number) => void = () => undefined,
): Promise<Followed> {
  let time = 0;
  let breaths = 0;
  const told: { training: number; done: number; state: string }[] = [];
  const session = await execute(
    { ...hostFor(), now: () => (time += 10) },
    { id: "a.nnspec", text: spec, version: 1 },
    {
      action: "run",
      target: undefined,
      onTraining: ({ index, done, state }) => told.push({ training: index, done, state }),
      breathe: () => {
        onBreath(++breaths);
        return Promise.resolve();
      },
      ...options,
    },
  );
  return { session, breaths, told };
}

function shown({ session }: Followed): readonly (readonly [string, readonly number[]])[] {
  const [run] = session.outcome.report.runs ?? [];
  assert.equal(run?.error, null);
  return run.shown.map(({ name, data }) => [name, Array.from(data)]);
}

suite("trainings in turns", () => {
  test("the numbers of a run are the same, those of later draws and trainings too", async () => {
    const whole = await follow();
    const turns = await follow({ breathesToHear: true });
    assert.ok(turns.breaths > whole.breaths + 10, `${turns.breaths} breaths, not ${whole.breaths}`);
    assert.deepEqual(shown(turns), shown(whole));
    const finished = ({ told }: Followed) => told.filter(({ state }) => state === "finished");
    assert.deepEqual(finished(turns), finished(whole));
    assert.deepEqual(
      finished(turns).map(({ training, done }) => [training, done]),
      [
        [0, 160],
        [1, 90],
      ],
    );
  });

  test("a word that is heard between turns stops the training, and another run goes on from there", async () => {
    const whole = await follow();
    let stops = false;
    const stopped = await follow(
      {
        breathesToHear: true,
        trainingStopped: () => {
          const now = stops;
          stops = false;
          return now;
        },
      },
      (breaths) => {
        if (breaths === 2) stops = true;
      },
    );
    const last = stopped.told.findLast(({ training }) => training === 0);
    assert.equal(last?.state, "stopped");
    assert.ok(last.done > 0 && last.done < 160, `${last.done} steps`);
    const resumed = await follow({ breathesToHear: true, resume: stopped.session });
    const lossesOf = (followed: Followed) => shown(followed).find(([name]) => name === "one.loss")?.[1];
    assert.deepEqual(lossesOf(resumed), lossesOf(whole));
    assert.deepEqual(lossesOf(stopped), lossesOf(whole)?.slice(0, last.done));
  });

  test("a cancellation that is heard between turns ends the run", async () => {
    let cancelled = false;
    const run = follow({ breathesToHear: true, cancelled: () => cancelled }, (breaths) => {
      if (breaths === 3) cancelled = true;
    });
    await assert.rejects(run, CancelledError);
  });
});
