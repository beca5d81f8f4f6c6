/** One contestant as a process of its own: asked in lines of JSON, one question at a time. Knows no workload. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import type { Workload } from "./workloads";

type Question =
  | { readonly action: "prepare"; readonly workload: Workload }
  | { readonly action: "run"; readonly repetitions: number };

interface Answer {
  /** "no" to a workload that this contestant has no means for. */
  readonly status: "ok" | "no" | "error";
  readonly message?: string;
  readonly numbers?: readonly number[];
  readonly milliseconds?: number;
}

export class Contestant {
  readonly name: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: ((answer: Answer) => void)[] = [];
  #errors = "";

  constructor(name: string, program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.name = name;
    this.#process = spawn(program, args, { env: { ...process.env, ...environment } });
    createInterface(this.#process.stdout).on("line", (line) => {
      // Libraries greet on the standard output; answers begin with a brace.
      if (line.startsWith("{")) this.#answers.shift()?.(JSON.parse(line) as Answer);
    });
    this.#process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-2000);
    });
    const gone = (reason: string): void => {
      for (const answer of this.#answers.splice(0))
        answer({ status: "error", message: `${reason}\n${this.#errors}` });
    };
    this.#process.once("exit", (code) => gone(`it ended with ${String(code)}`));
    this.#process.once("error", (error) => gone(error.message));
  }

  /** The numbers to agree on; undefined where it cannot do this. */
  async prepare(workload: Workload): Promise<readonly number[] | undefined> {
    const answer = await this.#ask({ action: "prepare", workload }, 120_000);
    if (answer.status === "error") throw new Error(`${this.name}, ${workload.name}: ${answer.message ?? ""}`);
    return answer.status === "ok" ? answer.numbers : undefined;
  }

  /** Milliseconds of all repetitions together. */
  async run(repetitions: number): Promise<number> {
    const answer = await this.#ask({ action: "run", repetitions }, 300_000);
    if (answer.milliseconds === undefined) throw new Error(`${this.name}: ${answer.message ?? "no time"}`);
    return answer.milliseconds;
  }

  end(): void {
    this.#process.kill("SIGKILL");
  }

  #ask(question: Question, limit: number): Promise<Answer> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.end();
        resolve({ status: "error", message: `no answer within ${limit / 1000} s` });
      }, limit);
      this.#answers.push((answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#process.stdin.write(`${JSON.stringify(question)}\n`);
    });
  }
}
