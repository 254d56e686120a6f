import {
  BRIEF_PRIORITIES,
  BRIEF_PURPOSES,
  BRIEF_TYPES,
  inboxKindOf,
  isBlocking,
  needsAnswer,
  waitsForPerson,
} from '@everbeat/domain';
import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocks, kindOf, needsAnswer as needsAnswerSql, waits } from './inbox';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('SQL and the domain agree on what each kind of brief is', async () => {
  const all = BRIEF_TYPES.flatMap((type) =>
    BRIEF_PRIORITIES.flatMap((priority) =>
      [null, ...BRIEF_PURPOSES].map((purpose) => ({ type, priority, purpose })),
    ),
  );
  const { rows } = await database.database.pool.query(
    `select ${kindOf('b')} as kind, ${waits('b')} as waits, ${needsAnswerSql('b')} as asks, ${blocks('b')} as blocks
     from jsonb_to_recordset($1::jsonb) as b(type text, priority text, purpose text)`,
    [JSON.stringify(all)],
  );
  expect(rows).toEqual(
    all.map((brief) => ({
      kind: inboxKindOf(brief),
      waits: waitsForPerson(brief),
      asks: needsAnswer(brief),
      blocks: isBlocking(brief),
    })),
  );
});
