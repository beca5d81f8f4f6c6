/**
 * How threads share the steps of a run, as code. The thread that runs opens a job: a step and one of its rounds, with so many shares.
 * Every thread claims shares until none is left, so that nobody waits for a thread that is not there or late; the opener
 * then waits for what others have claimed. Knows no steps.
 */
import type { FunctionBuilder, FunctionRef, Local, ModuleBuilder } from "../emit";

/** What threads tell each other: addresses of i32 words. */
const words = {
  /** Counts jobs in its upper bits, claimed shares in its lowest 8: 255 while a job is not open. */
  ticket: 12,
  step: 16,
  round: 20,
  parts: 24,
  /** Shares of the job that are done. */
  done: 28,
  /** Threads that wait for a job. */
  sleepers: 32,
  /** Whether the opener waits for shares to be done. */
  isWaiting: 36,
} as const;

/** Turns of looking before a thread waits: some tens of microseconds. */
const looks = 30_000;

/** How long a helper waits for a job before it lets its host have a turn, in nanoseconds. */
const patience = 100_000_000n;

/**
 * How long the opener waits for shares that other threads have claimed, in seconds in which none is done: a share takes some
 * hundredths of a second, on a machine that is busy some tenths.
 */
const longestWait = 3;

export interface TeamCode {
  /** (step, round, parts) → i32: 1 where another thread has claimed a share and is gone. */
  readonly job: FunctionRef;
  /** () → (): does shares of jobs until there has been none for a while. */
  readonly help: FunctionRef;
}

/** `perform` does one share: (step, share, round). */
export function teamCode(module: ModuleBuilder, perform: FunctionRef): TeamCode {
  const job = module.function({ parameters: ["i32", "i32", "i32"], results: ["i32"] });
  writeJob(job, perform);
  const help = module.function({ parameters: [], results: [] });
  writeHelp(help, perform);
  return { job, help };
}

function writeJob(code: FunctionBuilder, perform: FunctionRef): void {
  const [step, round, parts] = code.parameters as [Local, Local, Local];
  const open = code.define("i32", () => {
    code.op("i32.or", () => load(code, "ticket"), constant(code, 255));
  });
  store(code, "ticket", open);
  store(code, "step", step);
  store(code, "round", round);
  store(code, "parts", parts);
  store(code, "done", constant(code, 0));
  store(code, "ticket", () => {
    code.op("i32.add", open, constant(code, 1));
  });
  load(code, "sleepers");
  code.if(() => {
    code.atomic("memory.atomic.notify", words.ticket, constant(code, 0), constant(code, 2 ** 30));
    code.op("drop");
  });
  code.block((claimed) => {
    code.loop((again) => {
      const ticket = code.define("i32", () => load(code, "ticket"));
      code.brIf(claimed, () => {
        code.op("i32.ge_u", () => shareOf(code, ticket), parts);
      });
      claim(code, ticket, () => {
        code.call(perform, step, () => shareOf(code, ticket), round);
        addTo(code, "done", 1);
        code.op("drop");
      });
      code.release(ticket);
      code.br(again);
    });
  });
  const isDone = (): void => code.op("i32.eq", () => load(code, "done"), parts);
  lookFor(code, isDone, () => {
    code.return(constant(code, 0));
  });
  // Seconds that are left.
  const left = code.define("i32", constant(code, longestWait));
  store(code, "isWaiting", constant(code, 1));
  code.block((over) => {
    code.loop((again) => {
      const done = code.define("i32", () => load(code, "done"));
      code.brIf(over, () => code.op("i32.eq", done, parts));
      code.atomic("memory.atomic.wait32", words.done, constant(code, 0), done, () => {
        code.i64(1_000_000_000n);
      });
      // 2: the time is up.
      code.op("i32.eq", constant(code, 2));
      code.if(
        () => {
          code.set(left, () => {
            code.op("i32.add", left, constant(code, -1));
          });
        },
        () => {
          code.set(left, constant(code, longestWait));
        },
      );
      code.brIf(again, left);
      code.release(done);
    });
  });
  store(code, "isWaiting", constant(code, 0));
  code.op("i32.eqz", left);
}

function writeHelp(code: FunctionBuilder, perform: FunctionRef): void {
  code.loop((again) => {
    const ticket = code.define("i32", () => load(code, "ticket"));
    code.op(
      "i32.lt_u",
      () => shareOf(code, ticket),
      () => load(code, "parts"),
    );
    code.if(() => {
      const [step, share, round] = [
        code.define("i32", () => load(code, "step")),
        code.define("i32", () => shareOf(code, ticket)),
        code.define("i32", () => load(code, "round")),
      ];
      claim(code, ticket, () => {
        code.call(perform, step, share, round);
        addTo(code, "done", 1);
        code.op("i32.add", constant(code, 1));
        code.op("i32.eq", () => load(code, "parts"));
        code.op("i32.and", () => load(code, "isWaiting"));
        code.if(() => {
          code.atomic("memory.atomic.notify", words.done, constant(code, 0), constant(code, 1));
          code.op("drop");
        });
      });
      code.br(again);
      code.release(step, share, round);
    });
    const hasNews = (): void => code.op("i32.ne", () => load(code, "ticket"), ticket);
    lookFor(code, hasNews, () => {
      code.br(again);
    });
    addTo(code, "sleepers", 1);
    code.op("drop");
    const outcome = code.define("i32", () => {
      code.atomic("memory.atomic.wait32", words.ticket, constant(code, 0), ticket, () => {
        code.i64(patience);
      });
    });
    addTo(code, "sleepers", -1);
    code.op("drop");
    // All but 2, the time is up, are news.
    code.brIf(again, () => code.op("i32.ne", outcome, constant(code, 2)));
    code.release(ticket, outcome);
  });
}

/** What follows where nobody else has claimed a share meanwhile: the job is then the one that was read, and stays open. */
function claim(code: FunctionBuilder, ticket: Local, then: () => void): void {
  code.atomic("i32.atomic.rmw.cmpxchg", words.ticket, constant(code, 0), ticket, () => {
    code.op("i32.add", ticket, constant(code, 1));
  });
  code.op("i32.eq", ticket);
  code.if(then);
}

/** Looks for a condition for a while; `then` leaves. */
function lookFor(code: FunctionBuilder, condition: () => void, then: () => void): void {
  const left = code.define("i32", constant(code, looks));
  code.loop((again) => {
    condition();
    code.if(then);
    code.tee(left, () => {
      code.op("i32.add", left, constant(code, -1));
    });
    code.brIf(again);
  });
  code.release(left);
}

function shareOf(code: FunctionBuilder, ticket: Local): void {
  code.op("i32.and", ticket, constant(code, 255));
}

function load(code: FunctionBuilder, word: keyof typeof words): void {
  code.atomic("i32.atomic.load", words[word], constant(code, 0));
}

function store(code: FunctionBuilder, word: keyof typeof words, value: Local | (() => void)): void {
  code.atomic("i32.atomic.store", words[word], constant(code, 0), value);
}

/** Leaves the word's value before. */
function addTo(code: FunctionBuilder, word: keyof typeof words, value: number): void {
  code.atomic("i32.atomic.rmw.add", words[word], constant(code, 0), constant(code, value));
}

function constant(code: FunctionBuilder, value: number): () => void {
  return () => {
    code.i32(value);
  };
}
