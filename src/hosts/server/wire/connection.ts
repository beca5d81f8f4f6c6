/**
 * Owns the talk with one client: its methods by their types, and when the server may be asked. The messages themselves, their order,
 * and what is cancelled while it waits are vscode-jsonrpc's. Knows no feature.
 */
import {
  ErrorCodes,
  Message,
  ResponseError,
  type ConnectionOptions,
  type GenericRequestHandler,
  type MessageConnection,
} from "vscode-jsonrpc";
import type { Notifications, Requests, Tellings } from "./methods";
import { MessageType } from "./numbers";

/** The protocol's own codes, beside those of JSON-RPC. */
const requestCancelled = -32800;
const requestFailed = -32803;

/** A refusal with words for the user: thrown by an answer, it is the answer. */
export class Failure extends ResponseError<undefined> {
  constructor(message: string) {
    super(requestFailed, message);
  }
}

/** What is cancelled while it waits costs nothing. */
export const connectionOptions: ConnectionOptions = {
  connectionStrategy: {
    cancelUndispatched: (message) =>
      Message.isRequest(message)
        ? {
            jsonrpc: "2.0",
            id: message.id,
            error: { code: requestCancelled, message: "The request was cancelled." },
          }
        : undefined,
  },
};

export class Connection {
  readonly #messages: MessageConnection;
  #state: "new" | "open" | "shut" = "new";

  /** `messages` are made with `connectionOptions`. */
  constructor(messages: MessageConnection) {
    this.#messages = messages;
  }

  /** One answer for each method. The client's parameters are what the protocol says: what they are not fails the request alone. */
  onRequest<Method extends keyof Requests>(
    method: Method,
    answer: (
      params: Requests[Method]["params"],
    ) => Requests[Method]["result"] | Promise<Requests[Method]["result"]>,
  ): void {
    // Where a request has no parameters, the library's token comes first.
    const handler: GenericRequestHandler<unknown, unknown> = (...given: unknown[]) => {
      this.#enter(method);
      const [params] = given.length > 1 ? given : [];
      return answer(params as Requests[Method]["params"]);
    };
    this.#messages.onRequest(method, handler);
  }

  onNotification<Method extends keyof Notifications>(
    method: Method,
    listener: (params: Notifications[Method]) => void,
  ): void {
    this.#messages.onNotification(method, (params: unknown) => {
      try {
        listener(params as Notifications[Method]);
      } catch (error) {
        this.error(`${method}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    });
  }

  tell<Method extends keyof Tellings>(method: Method, params: Tellings[Method]): void {
    // Whoever is gone hears nothing more.
    void this.#messages.sendNotification(method, params).catch(() => undefined);
  }

  /** Asks the client; fails where it does. */
  ask<Result>(method: string, params?: object): Promise<Result> {
    return params === undefined
      ? this.#messages.sendRequest<Result>(method)
      : this.#messages.sendRequest<Result>(method, params);
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
    this.#messages.listen();
  }

  /** Fails where it is not the method's time. */
  #enter(method: keyof Requests): void {
    if (this.#state === "new" && method !== "initialize")
      throw new ResponseError(ErrorCodes.ServerNotInitialized, "The server was not initialized.");
    if (this.#state === "shut")
      throw new ResponseError(ErrorCodes.InvalidRequest, "The server has been shut down.");
    if (this.#state === "open" && method === "initialize")
      throw new ResponseError(ErrorCodes.InvalidRequest, "The server has been initialized already.");
    if (method === "initialize") this.#state = "open";
    if (method === "shutdown") this.#state = "shut";
  }
}
