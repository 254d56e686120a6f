import { readdirSync } from 'node:fs';
import path from 'node:path';
import { AGENT_KINDS } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { KIND_LOOKS } from './kindLooks';
import { KIND_FORMS } from './kinds';

describe('the web interface of the kinds of agent', () => {
  it('has a file for each of them', () => {
    const files = readdirSync(path.join(import.meta.dirname, 'kinds')).filter((file) => file !== 'index.ts');
    expect(files.sort()).toEqual(AGENT_KINDS.map((kind) => `${kind}.tsx`).sort());
  });

  it.each(AGENT_KINDS)('names the main field and the facts of %s after fields that exist', (kind) => {
    const { fields = {}, mainField } = KIND_FORMS[kind].taskSettings ?? {};
    if (mainField !== undefined) expect(Object.keys(fields)).toContain(mainField);
    expect(Object.keys(KIND_LOOKS[kind].facts)).toEqual(Object.keys(fields));
  });
});
