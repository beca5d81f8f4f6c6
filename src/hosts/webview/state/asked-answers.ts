/**
 * Answers of the engine that a view shows as soon as they are there: each question is asked once, and again after a new
 * run. Owns the answers; tells its owner when one has come.
 */
import type { AnswerOf, Question, QuestionKind } from "../../../protocol";
import type { Ask } from "./questions";

export class AskedAnswers<K extends QuestionKind> {
  private readonly answers = new Map<string, AnswerOf<K> | null | "asked">();
  private generation = 0;
  private readonly changed: () => void;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** Null: there is no answer. Undefined: not yet. */
  get(ask: Ask, question: Question<K>): AnswerOf<K> | null | undefined {
    const key = JSON.stringify(question);
    const known = this.answers.get(key);
    if (known !== undefined) return known === "asked" ? undefined : known;
    this.answers.set(key, "asked");
    const { generation } = this;
    void ask(question).then((answer) => {
      if (generation !== this.generation) return;
      this.answers.set(key, answer);
      this.changed();
    });
    return undefined;
  }

  /** A new run: every answer is out of date. */
  clear(): void {
    this.generation += 1;
    this.answers.clear();
  }
}
