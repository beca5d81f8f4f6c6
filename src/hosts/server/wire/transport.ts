/** What carries messages between server and client: a pair of streams, a process's channel, a worker's port. */
export interface Transport {
  /** Sends one message; what cannot be sent any more, because nobody is there, is dropped. */
  readonly send: (message: object) => void;
  /** Calls with each value that arrives; `fault` with what could not be read as one. */
  readonly listen: (arrived: (value: unknown) => void, fault: (reason: string) => void) => void;
  /** Calls soon, after what has arrived meanwhile has been taken in. */
  readonly soon: (work: () => void) => void;
}
