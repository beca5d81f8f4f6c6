/** How long work is told to stop. */

/** Thrown from a poll when the run was cancelled; caught at the request's boundary and nowhere else. */
export class CancelledError extends Error {
  constructor() {
    super("cancelled");
    this.name = "CancelledError";
  }
}
