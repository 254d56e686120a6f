import { BRIEF_PRIORITIES, BRIEF_PURPOSES, BRIEF_TYPES, newsKindOf } from '@everbeat/domain';
import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('the database tells briefs of every type, priority and purpose as the domain does', async () => {
  const briefs = BRIEF_TYPES.flatMap((type) =>
    BRIEF_PRIORITIES.flatMap((priority) =>
      [null, ...BRIEF_PURPOSES].map((purpose) => ({ type, priority, purpose })),
    ),
  );
  const { rows } = await database.database.pool.query<{ kind: string }>(
    `select everbeat.news_kind(brief ->> 'type', brief ->> 'priority', brief ->> 'purpose') as kind
     from jsonb_array_elements($1::jsonb) with ordinality as b(brief, number) order by number`,
    [JSON.stringify(briefs)],
  );
  expect(rows.map(({ kind }) => kind)).toEqual(briefs.map(newsKindOf));
});
