/** How far a gradcheck is, and whether it goes on: its caller may throw to cancel whenever it is told. */

/** Equal parts of many steps do not always add up to whole ones. */
const slack = 1e-6;

export class Progress {
  readonly #poll: ((done: number, total: number) => void) | undefined;
  #done = 0;
  #total = 0;

  constructor(poll: ((done: number, total: number) => void) | undefined) {
    this.#poll = poll;
  }

  /** Says how many steps there will be. */
  plan(total: number): void {
    this.#total = total;
  }

  /** Another step is done. */
  readonly step = (): void => {
    this.#done = Math.min(this.#done + 1, this.#total);
    this.stay();
  };

  /** A part of many steps is done: what of them is not done yet is still to come as steps of their own. */
  advance(steps: number): void {
    this.#done = Math.min(this.#done + steps, this.#total);
    this.stay();
  }

  /** Work that counts as no step goes on. */
  readonly stay = (): void => this.#poll?.(Math.floor(this.#done + slack), this.#total);
}
