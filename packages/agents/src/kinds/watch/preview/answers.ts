import type { Answer } from '../reading/readPage';

/** What a preview was made from, so that another selector can be tried without asking the site again. */
export interface KeptAnswer {
  answer: Answer;
  reachedUrl: string;
  isRendered: boolean;
}

const KEPT_MS = 60_000;
const BYTES_MAX = 16_000_000;

/** The answers of the last minute, oldest first. */
const kept = new Map<string, KeptAnswer>();

export const recallAnswer = (key: string): KeptAnswer | undefined => kept.get(key);

/** The oldest give way to it where there is no room for all. */
export function keepAnswer(key: string, answer: KeptAnswer): void {
  kept.delete(key);
  kept.set(key, answer);
  const forget = () => {
    if (kept.get(key) === answer) kept.delete(key);
  };
  setTimeout(forget, KEPT_MS).unref();
  for (const [oldest] of kept) {
    if (bytesOf(kept.values()) <= BYTES_MAX) return;
    kept.delete(oldest);
  }
}

const bytesOf = (answers: Iterable<KeptAnswer>): number =>
  [...answers].reduce((sum, { answer }) => sum + answer.bytes.byteLength, 0);
