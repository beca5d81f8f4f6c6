// LEAD to 7b: please read LEAD-NOTE-7b-read-me.md in the repository root before going on (use vscode-jsonrpc instead of this file).
/**
 * Owns the talk with one client: requests are answered in the order in which they came, one a turn, so that a request that is
 * cancelled while it waits costs nothing; what the server asks is answered when its turn comes. Knows no feature and no transport.
 */
import { Failure, failureCodes, readMessage, written, type Message, type RequestMessage } from "./messages";
import type { Notifications, Requests, Tellings } from "./methods";
import { MessageType } from "./numbers";
import type { Transport } from "./transport";

type Answer = (params: unknown) => unknown;

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Connection {
  readonly #transport: Transport;
  readonly #answers = new Map<string, Answer>();
  readonly #listeners = new Map<string, (params: unknown) => unknown>();
  readonly #asked = new Map<number, Pending>();
  #waiting: Exclude<Message, { kind: "response" }>[] = [];
  #scheduled = false;
  #questions = 0;
  #state: "new" | "open" | "shut" = "new";

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One answer for each method. The client's parameters are what the protocol says: what they are not fails the request alone. */
  onRequest<Method extends keyof Requests>(
    method: Method,
    answer: (
      params: Requests[Method]["params"],
    ) => Requests[Method]["result"] | Promise<Requests[Method]["result"]>,
  ): void {
    this.#answers.set(method, answer as Answer);
  }

  onNotification<Method extends keyof Notifications>(
    method: Method,
    listener: (params: Notifications[Method]) => void,
  ): void {
    this.#listeners.set(method, listener as Answer);
  }

  tell<Method extends keyof Tellings>(method: Method, params: Tellings[Method]): void {
    this.#transport.send(written({ kind: "notification", method, params }));
  }

  /** Asks the client; fails where it does. */
  ask<Result>(method: string, params?: object): Promise<Result> {
    const id = ++this.#questions;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#transport.send(written({ kind: "request", id, method, params }));
    });
  }

  warn(message: string): void {
    this.tell("window/logMessage", { type: MessageType.Warning, message });
  }

  error(message: string): void {
    this.tell("window/logMessage", { type: MessageType.Error, message });
  }

  /** Whether the client has said that it is going. */
  get isShut(): boolean {
    return this.#state === "shut";
  }

  listen(): void {
    this.#transport.listen(
      (value) => this.#take(value),
      (reason) => {
        const error = { code: failureCodes.parseError, message: reason };
        this.#transport.send(written({ kind: "response", id: null, error }));
      },
    );
  }

  #take(value: unknown): void {
    // Batches are not part of the language server protocol, but of JSON-RPC.
    if (Array.isArray(value)) {
      for (const each of value) this.#take(each);
      return;
    }
    const message = readMessage(value);
    if (message === undefined) return;
    if (message.kind === "response") {
      const pending = typeof message.id === "number" ? this.#asked.get(message.id) : undefined;
      if (typeof message.id === "number") this.#asked.delete(message.id);
      if (message.error === undefined) pending?.resolve(message.result);
      else pending?.reject(new Failure(message.error.code, message.error.message));
      return;
    }
    if (message.method === "$/cancelRequest") {
      this.#cancel(message.params);
      return;
    }
    this.#waiting.push(message);
    this.#schedule();
  }

  #cancel(params: unknown): void {
    const { id }: { readonly id?: unknown } = typeof params === "object" && params !== null ? params : {};
    const found = this.#waiting.find((each) => each.kind === "request" && each.id === id);
    if (found?.kind !== "request") return; // it is being answered, or has been
    this.#waiting = this.#waiting.filter((each) => each !== found);
    this.#refuse(found, failureCodes.cancelled, "The request was cancelled.");
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    this.#transport.soon(() => {
      this.#scheduled = false;
      const message = this.#waiting.shift();
      this.#schedule();
      if (message?.kind === "request") void this.#answer(message);
      else if (message !== undefined) this.#hear(message.method, message.params);
    });
  }

  #hear(method: string, params: unknown): void {
    try {
      this.#listeners.get(method)?.(params);
    } catch (error) {
      this.error(`${method}: ${described(error)}`);
    }
  }

  async #answer(request: RequestMessage): Promise<void> {
    const { id, method, params } = request;
    try {
      const result = await this.#answerTo(method)(params);
      this.#transport.send(written({ kind: "response", id, result }));
    } catch (error) {
      if (error instanceof Failure) this.#refuse(request, error.code, error.message);
      else this.#refuse(request, failureCodes.internalError, `${method} failed: ${described(error)}`);
    }
  }

  /** Fails where the method, or its time, is wrong. */
  #answerTo(method: string): Answer {
    const answer = this.#answers.get(method);
    if (this.#state === "new" && method !== "initialize")
      throw new Failure(failureCodes.notInitialized, "The server was not initialized.");
    if (this.#state === "shut")
      throw new Failure(failureCodes.invalidRequest, "The server has been shut down.");
    if (answer === undefined) throw new Failure(failureCodes.methodNotFound, `There is no method ${method}.`);
    if (method === "initialize") this.#state = "open";
    if (method === "shutdown") this.#state = "shut";
    return answer;
  }

  #refuse({ id }: RequestMessage, code: number, message: string): void {
    this.#transport.send(written({ kind: "response", id, error: { code, message } }));
  }
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
