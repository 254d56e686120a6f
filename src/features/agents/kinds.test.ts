import { readdirSync } from 'node:fs';
import path from 'node:path';
import { AGENT_KINDS } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { KIND_LOOKS } from './kindLooks';
import { KIND_FORMS } from './kinds';
import { SECRETS_FIELD } from './requestFields';

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

describe('the secrets of an agent, as they are typed', () => {
  it.each([
    ['GITHUB@localhost:8080: ••••', { 'GITHUB@localhost:8080': '••••' }],
    ['GITHUB@localhost:8080:ghp', { 'GITHUB@localhost:8080': 'ghp' }],
    ['GITHUB@[::1]:8080: a:b: c', { 'GITHUB@[::1]:8080': 'a:b: c' }],
    ['GITHUB@api.github.com:ghp_1', { 'GITHUB@api.github.com': 'ghp_1' }],
    ['GITHUB@api.github.com: 8080: a', { 'GITHUB@api.github.com': '8080: a' }],
    ['PIN@localhost:8080', { 'PIN@localhost': '8080' }],
    ['A@a.example: 1\n\n B@b.example:2', { 'A@a.example': '1', 'B@b.example': '2' }],
  ])('%j are %j', (text, secrets) => {
    expect(SECRETS_FIELD.schema.parse(text)).toEqual(secrets);
    expect(SECRETS_FIELD.schema.parse(SECRETS_FIELD.format(secrets))).toEqual(secrets);
  });

  it('need a colon', () => expect(SECRETS_FIELD.schema.safeParse('GITHUB').success).toBe(false));
});
