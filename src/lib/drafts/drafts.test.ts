import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readDraft, removeDraft, removeOldDrafts, writeDraft } from './drafts';

const schema = z.object({ text: z.string() });
const DAY_MS = 24 * 3_600_000;

/** A browser's storage; `refuses` as one that is full or forbidden. */
function storage({ refuses = false } = {}) {
  const items = new Map<string, string>();
  const unlessRefused = <Result>(act: () => Result): Result => {
    if (refuses) throw new DOMException('The quota has been exceeded', 'QuotaExceededError');
    return act();
  };
  return {
    items,
    get length() {
      return unlessRefused(() => items.size);
    },
    key: (index: number) => [...items.keys()][index] ?? null,
    getItem: (key: string) => unlessRefused(() => items.get(key) ?? null),
    setItem: (key: string, value: string) => unlessRefused(() => void items.set(key, value)),
    removeItem: (key: string) => unlessRefused(() => void items.delete(key)),
  };
}

describe('a draft', () => {
  it('is there again after it was written, each form its own', () => {
    const store = storage();
    writeDraft(store, 'new-task', { text: 'Count the boats' }, 0);
    expect(readDraft(store, 'new-task', schema)).toEqual({ text: 'Count the boats' });
    expect(readDraft(store, 'new-agent', schema)).toBeNull();
    removeDraft(store, 'new-task');
    expect(readDraft(store, 'new-task', schema)).toBeNull();
  });

  it('is none when it does not fit the form any more, or is no draft at all', () => {
    const store = storage();
    writeDraft(store, 'new-task', { words: 1 }, 0);
    store.items.set('everbeat:draft:new-agent', '{"at":');
    expect(readDraft(store, 'new-task', schema)).toBeNull();
    expect(readDraft(store, 'new-agent', schema)).toBeNull();
  });

  it('is removed after 30 days, and nothing else is', () => {
    const store = storage();
    writeDraft(store, 'old', { text: 'a' }, 0);
    writeDraft(store, 'newer', { text: 'b' }, 2 * DAY_MS);
    store.items.set('everbeat:draft:broken', '?');
    store.items.set('theme', 'dark');
    removeOldDrafts(store, 31 * DAY_MS);
    expect([...store.items.keys()]).toEqual(['everbeat:draft:newer', 'theme']);
  });

  it('is not kept where the browser refuses, and nothing fails', () => {
    const store = storage({ refuses: true });
    writeDraft(store, 'new-task', { text: 'a' }, 0);
    expect(readDraft(store, 'new-task', schema)).toBeNull();
    removeDraft(store, 'new-task');
    removeOldDrafts(store, 0);
  });
});
