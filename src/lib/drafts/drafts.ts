/**
 * What a person has typed into a form and not saved, in the browser's storage, so that a reload or a closed
 * tab loses nothing. Forms leave secrets out. Where the browser stores nothing, there are no drafts.
 */

const PREFIX = 'everbeat:draft:';
const KEPT_MS = 30 * 24 * 3_600_000;

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** What reads a stored draft: any schema of zod. */
export interface DraftSchema<Draft> {
  safeParse(stored: unknown): { success: true; data: Draft } | { success: false };
}

/** Of a form with one field. */
export const textDraft: DraftSchema<string> = {
  safeParse: (stored) => (typeof stored === 'string' ? { success: true, data: stored } : { success: false }),
};

/** The draft under this key, or null: there is none, or it does not fit the form any more. */
export function readDraft<Draft>(storage: Storage, key: string, schema: DraftSchema<Draft>): Draft | null {
  return attempt(() => {
    const parsed = schema.safeParse(JSON.parse(storage.getItem(PREFIX + key) ?? 'null')?.draft);
    return parsed.success ? parsed.data : null;
  });
}

export function writeDraft(storage: Storage, key: string, draft: unknown, now: number): void {
  attempt(() => {
    storage.setItem(PREFIX + key, JSON.stringify({ at: now, draft }));
    return null;
  });
}

export function removeDraft(storage: Storage, key: string): void {
  attempt(() => {
    storage.removeItem(PREFIX + key);
    return null;
  });
}

/** Removes the drafts that nobody has come back to for 30 days. */
export function removeOldDrafts(storage: Storage, now: number): void {
  attempt(() => {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    for (const key of keys.filter((candidate) => candidate.startsWith(PREFIX))) {
      const at: unknown = attempt(() => JSON.parse(storage.getItem(key) ?? 'null')?.at);
      if (typeof at !== 'number' || now - at > KEPT_MS) storage.removeItem(key);
    }
    return null;
  });
}

/** Null when the browser refuses: storage may be full or forbidden, and what it holds anything. */
function attempt<Result>(act: () => Result | null): Result | null {
  try {
    return act();
  } catch {
    return null;
  }
}
