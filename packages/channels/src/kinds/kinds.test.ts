import { readdirSync } from 'node:fs';
import { CHANNEL_KINDS, NEWS_KINDS } from '@everbeat/domain';
import { expect, it } from 'vitest';
import { exampleMessage } from '../../test/examples';
import { aboutOf } from '../text/parts';

it('has a folder for each kind of channel', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(folders.map(({ name }) => name).toSorted()).toEqual([...CHANNEL_KINDS].toSorted());
});

it.each(NEWS_KINDS)('says in words what kind of news a message is: %s', (kind) => {
  expect(aboutOf(exampleMessage({ kind }))).toMatch(/^[A-Z][a-z ]+ · T-12 Release$/);
});
