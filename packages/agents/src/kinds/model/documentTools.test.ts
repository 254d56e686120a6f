import { LIMITS, type StoredDocument } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { documentTools } from './documentTools';

const RUN = '01900000-0000-7000-8000-000000000005';
const BEFORE = '01900000-0000-7000-8000-000000000001';
const SINCE = '01900000-0000-7000-8000-000000000009';

const report = {
  name: 'Report',
  version: 3,
  content: 'Three boats',
  id: BEFORE,
  updatedBy: 'agent',
} as const;

/** The tools over these documents, which stay as they are: what is written is only shown. */
function toolsOver(
  ...documents: (Pick<StoredDocument, 'name' | 'version' | 'id' | 'updatedBy'> & { content: string })[]
) {
  const reader = {
    list: async () => documents.map(({ content, ...rest }) => ({ ...rest, bytes: content.length })),
    read: async (name: string) => documents.find((document) => document.name === name) ?? null,
  };
  const tools = documentTools({ documents: reader, operationId: RUN }, { count: 0 });
  const of = (name: string) => tools.find((tool) => tool.name === name) ?? expect.fail(name);
  const call = async (name: string, input: unknown) =>
    of(name).execute(input, { occurrence: `${RUN}:0`, signal: AbortSignal.timeout(10_000) });
  const restore = (input: unknown): void => of('write_document').restore?.(input);
  return { call, restore };
}

describe('write_document', () => {
  it('makes the next version, and says which', async () => {
    const { call } = toolsOver(report);
    expect(await call('write_document', { name: 'report', content: 'Four', baseVersion: 3 })).toEqual({
      output: '"Report" is stored, as version 4 if that changes its text',
      document: { name: 'Report', version: 4, content: 'Four', append: false },
    });
    expect(await call('write_document', { name: 'memory', content: 'Seen' })).toMatchObject({
      document: { name: 'Memory', version: 1 },
    });
    expect(await call('write_document', { name: 'Report', content: 'More', append: true })).toMatchObject({
      document: { version: 4, content: 'More', append: true },
    });
  });

  it.each([
    ['made from an older version', { ...report }, { baseVersion: 2 }],
    [
      'made without what a person has saved since the run began',
      { ...report, id: SINCE, updatedBy: 'user' as const },
      {},
    ],
  ])('refuses a text %s, and says what to do', async (_what, stored, input) => {
    const { call } = toolsOver(stored);
    await expect(call('write_document', { name: 'Report', content: 'Mine', ...input })).rejects.toThrow(
      /at version 3, .* write again with baseVersion 3/,
    );
    expect(await call('write_document', { name: 'Report', content: 'Both', baseVersion: 3 })).toMatchObject({
      document: { content: 'Both', version: 4 },
    });
  });

  it.each([
    [{ content: 'x' }, /no name/],
    [{ name: '../x', content: 'x' }, /no name/],
    [{ name: 'Report' }, /no content/],
    [{ name: 'Report', content: 'x'.repeat(LIMITS.documentBytesMax + 1) }, /larger than/],
    [{ name: 'Report', content: 'x'.repeat(LIMITS.documentBytesMax), append: true }, /at most 200000 bytes/],
  ])('refuses %j', async (input, why) => {
    await expect(toolsOver(report).call('write_document', input)).rejects.toThrow(why);
  });

  it('is called so often in a run, also by several processes, and no more', async () => {
    const { call, restore } = toolsOver(report);
    const write = { name: 'Report', content: 'One' };
    for (let count = 1; count < LIMITS.documentsPerRunMax; count += 1) restore(write);
    expect(await call('write_document', write)).toMatchObject({ document: { version: 4 } });
    restore(write);
    await expect(call('write_document', write)).rejects.toThrow('20 times; this text was not stored');
  });
});

describe('read_document', () => {
  it('shows a document with its version, whatever the capital letters of its name', async () => {
    const { call } = toolsOver(report);
    expect(await call('read_document', { name: 'REPORT' })).toBe('Report, version 3:\n\nThree boats');
    await expect(call('read_document', { name: 'None' })).rejects.toThrow('There is no document "None"');
    await expect(call('read_document', {})).rejects.toThrow('Name the document');
  });

  it('shows a long document in parts that fit into a result', async () => {
    const content = `${'a'.repeat(50_000)}END`;
    const { call } = toolsOver({ ...report, content });
    const first = await call('read_document', { name: 'Report' });
    expect(first).toContain('(It goes on: read from 40000.)');
    expect(String(first).length).toBeLessThan(LIMITS.toolResultCharsMax);
    expect(await call('read_document', { name: 'Report', from: 40_000 })).toMatch(/a{10000}END$/);
    await expect(call('read_document', { name: 'Report', from: 60_000 })).rejects.toThrow(
      'ends at character 50003',
    );
  });
});

it('list_documents shows what there is', async () => {
  expect(await toolsOver(report).call('list_documents', {})).toBe(
    '- Report: version 3, 11 bytes, by an agent',
  );
  expect(await toolsOver().call('list_documents', {})).toBe('There are none yet.');
});
