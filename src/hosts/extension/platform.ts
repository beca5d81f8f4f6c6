/** What differs between the Node and the web extension host; everything else is shared. */
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import type { WorkerPort } from "./worker-port";

export interface Platform {
  /** The server in its own process or web worker, not started yet. The client's library is read for it: it is most of our code. */
  readonly createClient: (options: LanguageClientOptions) => Promise<BaseLanguageClient>;
  readonly startWorker: () => WorkerPort;
  /** Whether server and engine open files of this machine by themselves. */
  readonly opensFiles: boolean;
}
