/**
 * The threads that help with the steps of one compiled graph. Where one cannot be started, or is lost, the others and the thread
 * that runs do all the work: results do not depend on who helps. Knows nothing of steps.
 */
import type { WasmMemory, WasmModule } from "../emit";
import { helperProgram } from "./helper-program";

/** Where threads come from: the host's port. */
export interface ThreadHost {
  /** How many may be started at a time, besides the one that asks. */
  readonly count: number;
  /** Starts a thread with a script. Throws where the host cannot. */
  readonly start: (script: string) => HelperThread;
}

export interface HelperThread {
  readonly post: (message: unknown) => void;
  readonly end: () => void;
}

export class Team {
  readonly #threads: HelperThread[] = [];

  constructor(host: ThreadHost, module: WasmModule, memory: WasmMemory) {
    try {
      for (let index = 0; index < host.count; index++) {
        const thread = host.start(helperProgram);
        this.#threads.push(thread);
        thread.post({ module, memory });
      }
    } catch {
      // Fewer threads are slower and give the same.
    }
  }

  end(): void {
    for (const thread of this.#threads.splice(0)) thread.end();
  }
}
