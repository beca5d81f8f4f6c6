/**
 * Owns the questions that wait for an answer from the engine. A new run leaves them unanswered: their numbers would be
 * of another run than what is shown. Knows neither the DOM nor the editor: it is handed a way to post.
 */
import type { AnswerOf, Question, QuestionKind } from "../../../protocol";
import { Malformed, type Reader } from "./decode";
import { answerReaders } from "./read-answers";

/** Asks the engine; null where there is no answer, or none any more. */
export type Ask = <K extends QuestionKind>(question: Question<K>) => Promise<AnswerOf<K> | null>;

interface Waiting {
  readonly kind: QuestionKind;
  readonly settle: (answer: unknown) => void;
}

export class QuestionDesk {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private readonly post: (requestId: number, question: Question) => void;
  private readonly warn: (problem: string) => void;

  constructor(post: (requestId: number, question: Question) => void, warn: (problem: string) => void) {
    this.post = post;
    this.warn = warn;
  }

  readonly ask: Ask = <K extends QuestionKind>(question: Question<K>): Promise<AnswerOf<K> | null> => {
    const requestId = this.nextId++;
    const { kind } = question;
    // The row of a kind reads that kind's answer.
    const read = answerReaders[kind] as Reader<AnswerOf<K>>;
    const answered = new Promise<AnswerOf<K> | null>((resolve) => {
      const settle = (answer: unknown): void =>
        resolve(answer === null ? null : this.read(read, answer, kind));
      this.waiting.set(requestId, { kind, settle });
    });
    // A question of one kind is a question.
    this.post(requestId, question as unknown as Question);
    return answered;
  };

  receive(requestId: number, answer: unknown): void {
    const asked = this.waiting.get(requestId);
    this.waiting.delete(requestId);
    asked?.settle(answer);
  }

  /** A new run: nothing that was asked before is answered any more. */
  reset(): void {
    const unanswered = [...this.waiting.values()];
    this.waiting.clear();
    for (const { settle } of unanswered) settle(null);
  }

  private read<T>(read: Reader<T>, answer: unknown, kind: string): T | null {
    try {
      return read(answer, kind);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.warn(error.message);
      return null;
    }
  }
}
