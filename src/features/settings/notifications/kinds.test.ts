import { readdirSync } from 'node:fs';
import path from 'node:path';
import { CHANNEL_KINDS } from '@everbeat/domain';
import { expect, it } from 'vitest';
import { CHANNEL_LOOKS } from './channelLooks';
import { CHANNEL_FORMS } from './kinds';

it('has a file for each kind of channel', () => {
  const files = readdirSync(path.join(import.meta.dirname, 'kinds')).filter((file) => file !== 'index.ts');
  expect(files.sort()).toEqual(CHANNEL_KINDS.map((kind) => `${kind}.ts`).sort());
});

it.each(CHANNEL_KINDS)('keeps the secrets of %s out of its summary', (kind) => {
  const { fields } = CHANNEL_FORMS[kind];
  const { summarize } = CHANNEL_LOOKS[kind];
  const config = Object.fromEntries(Object.keys(fields).map((name) => [name, `value of ${name}`]));
  for (const [name, { isSecret }] of Object.entries(fields)) {
    if (isSecret) expect(summarize(config)).not.toContain(`value of ${name}`);
  }
});
