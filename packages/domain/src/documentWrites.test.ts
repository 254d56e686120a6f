import { describe, expect, test } from 'vitest';
import { type AgentDocument, appended, decideDocuments, type StoredDocument } from './documentWrites';
import { LIMITS } from './limits';

const RUN = '01900000-0000-7000-8000-000000000005';
const BEFORE = '01900000-0000-7000-8000-000000000001';
const SINCE = '01900000-0000-7000-8000-000000000009';

const stored = (changes: Partial<StoredDocument> = {}): StoredDocument => ({
  id: BEFORE,
  name: 'Report',
  version: 3,
  bytes: 10,
  updatedBy: 'agent',
  ...changes,
});
const write = (changes: Partial<AgentDocument> = {}): AgentDocument => ({
  name: 'Report',
  content: 'New',
  ...changes,
});
const decide = (documents: StoredDocument[], ...writes: AgentDocument[]) =>
  decideDocuments(documents, writes, RUN);

describe('a text of a run', () => {
  test('is the first version of a document that is new, and the next one of another', () => {
    const { versions, refused } = decide([stored()], write(), write({ name: 'Prices', append: true }));
    expect(versions).toEqual([
      { name: 'Report', version: 4, content: 'New', append: false },
      { name: 'Prices', version: 1, content: 'New', append: false },
    ]);
    expect(refused).toEqual([]);
  });

  test('makes one version, however often the run writes the document', () => {
    const { versions } = decide(
      [stored()],
      write({ content: 'One' }),
      write({ content: 'Two', append: true }),
      write({ name: 'Prices', content: 'a', append: true }),
      write({ name: 'Prices', content: 'b', append: true }),
    );
    expect(versions.map(({ name, version, content }) => [name, version, content])).toEqual([
      ['Report', 4, 'One\nTwo'],
      ['Prices', 1, 'a\nb'],
    ]);
  });

  test('goes to the document whose name has other capital letters', () => {
    expect(decide([stored()], write({ name: 'REPORT' })).versions).toMatchObject([
      { name: 'Report', version: 4 },
    ]);
    expect(decide([], write({ name: 'Prices' }), write({ name: 'prices' })).versions).toHaveLength(1);
  });

  test('goes to the document of exactly its name, where two differ in capital letters alone', () => {
    const twins = [stored({ name: 'report' }), stored({ name: 'Report', version: 8 })];
    expect(decide(twins, write()).versions).toMatchObject([{ name: 'Report', version: 9 }]);
  });

  test('is added at the end of what is there, on a line of its own', () => {
    expect(decide([stored()], write({ append: true })).versions).toMatchObject([
      { version: 4, append: true },
    ]);
    expect([appended('', 'b'), appended('a', 'b'), appended('a\n', 'b')]).toEqual(['b', 'a\nb', 'a\nb']);
  });
});

describe('a text made from another version than the newest', () => {
  test.each([
    ['an older version', stored(), write({ baseVersion: 2 })],
    ['no version, where there is one', stored(), write({ baseVersion: 0 })],
    [
      'an unknown version, where a person has saved since the run began',
      stored({ id: SINCE, updatedBy: 'user' }),
      write(),
    ],
  ])('is refused: %s', (_what, document, text) => {
    expect(decide([document], text)).toEqual({
      versions: [],
      refused: [{ write: text, why: 'conflict', currentVersion: 3 }],
    });
  });

  test('is refused together with what the run writes into the document later', () => {
    const { versions, refused } = decide([stored()], write({ baseVersion: 2 }), write({ baseVersion: 3 }));
    expect(versions).toEqual([]);
    expect(refused.map(({ why }) => why)).toEqual(['conflict', 'conflict']);
  });

  test.each([
    ['the newest version', stored(), write({ baseVersion: 3 })],
    ['a version that a person saved before the run', stored({ updatedBy: 'user' }), write()],
    ['a version that another run saved', stored({ id: SINCE }), write()],
    [
      'whatever is there, if it is only added to',
      stored({ id: SINCE, updatedBy: 'user' }),
      write({ append: true, baseVersion: 1 }),
    ],
  ])('is not one that is made from %s', (_what, document, text) => {
    expect(decide([document], text)).toMatchObject({ versions: [{ version: 4 }], refused: [] });
  });

  test('is not one that is made from what the same run has written before', () => {
    const { versions } = decide(
      [stored()],
      write({ baseVersion: 3 }),
      write({ content: 'B', baseVersion: 4 }),
    );
    expect(versions).toMatchObject([{ version: 4, content: 'B' }]);
  });
});

describe('the limits', () => {
  const full = Array.from({ length: LIMITS.documentsPerTaskMax }, (_, index) =>
    stored({ name: `N${index}` }),
  );

  test('refuse a document more than a task may have, and no change of those it has', () => {
    const { versions, refused } = decide(full, write(), write({ name: 'N0' }));
    expect(versions).toMatchObject([{ name: 'N0', version: 4 }]);
    expect(refused).toMatchObject([{ why: 'too-many', currentVersion: 0 }]);
    expect(decide(full.slice(1), write(), write({ name: 'Further' }))).toMatchObject({
      versions: [{ name: 'Report' }],
      refused: [{ why: 'too-many' }],
    });
    const more = write({ content: 'More', append: true });
    expect(decide(full.slice(1), write(), more).versions).toMatchObject([{ content: 'New\nMore' }]);
  });

  test('refuse a text that would make a document too large', () => {
    const bytes = LIMITS.documentBytesMax - 4;
    expect(decide([stored({ bytes })], write({ append: true })).versions).toHaveLength(1);
    expect(decide([stored({ bytes: bytes + 1 })], write({ append: true })).refused).toMatchObject([
      { why: 'too-large' },
    ]);
    const long = write({ content: 'ü'.repeat(LIMITS.documentBytesMax / 2) });
    expect(decide([], long).versions).toHaveLength(1);
    expect(decide([], long, write({ append: true })).refused).toMatchObject([{ why: 'too-large' }]);
  });
});
