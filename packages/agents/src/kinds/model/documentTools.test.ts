import { type AgentDocument, LIMITS, type StoredDocument } from '@everbeat/domain';
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

/** The tools over these documents, and what they have collected for the end of the run. */
function toolsOver(
  ...documents: (Pick<StoredDocument, 'name' | 'version' | 'id' | 'updatedBy'> & { content: string })[]
) {
  const written: AgentDocument[] = [];
  const reader = {
    list: async () => documents.map(({ content, ...rest }) => ({ ...rest, bytes: content.length })),
    read: async (name: string) => documents.find((document) => document.name === name) ?? null,
  };
  const tools = documentTools({ documents: reader, operationId: RUN }, written);
  const of = (name: string) => tools.find((tool) => tool.name === name) ?? expect.fail(name);
  const call = async (name: string, input: unknown): Promise<string> =>
    of(name).execute(input, { occurrence: `${RUN}:0`, signal: AbortSignal.timeout(10_000) });
  const restore = (input: unknown): void => of('write_document').restore?.(input);
  return { call, restore, written };
}

describe('write_document', () => {
  it('collects the text for the end of the run, and says which version it becomes', async () => {
    const { call, written } = toolsOver(report);
    expect(await call('write_document', { name: 'Report', content: 'Four', baseVersion: 3 })).toBe(
      '"Report" becomes version 4 when this run ends',
    );
    expect(await call('write_document', { name: 'memory', content: 'Seen' })).toContain(
      '"Memory" becomes version 1',
    );
    expect(written).toMatchObject([
      { name: 'Report', content: 'Four', baseVersion: 3 },
      { name: 'Memory', content: 'Seen' },
    ]);
  });

  it('keeps of several whole texts the last, and adds to it', async () => {
    const { call, written } = toolsOver(report);
    await call('write_document', { name: 'Report', content: 'One' });
    await call('write_document', { name: 'report', content: 'Two', baseVersion: 3 });
    await call('write_document', { name: 'Report', content: 'Three', append: true });
    expect(written.map(({ content }) => content)).toEqual(['Two', 'Three']);
  });

  it.each([
    ['made from an older version', { ...report }, { baseVersion: 2 }],
    [
      'made without what a person has saved since the run began',
      { ...report, id: SINCE, updatedBy: 'user' as const },
      {},
    ],
  ])('refuses a text %s, and says what to do', async (_what, stored, input) => {
    const { call, written } = toolsOver(stored);
    await expect(call('write_document', { name: 'Report', content: 'Mine', ...input })).rejects.toThrow(
      /at version 3, .* write again with baseVersion 3/,
    );
    expect(written).toEqual([]);
    await call('write_document', { name: 'Report', content: 'Both', baseVersion: 3 });
    expect(written).toMatchObject([{ content: 'Both' }]);
  });

  it.each([
    [{ content: 'x' }, /no name/],
    [{ name: '../x', content: 'x' }, /no name/],
    [{ name: 'Report' }, /no content/],
    [{ name: 'Report', content: 'x'.repeat(LIMITS.documentBytesMax + 1) }, /larger than/],
    [{ name: 'Report', content: 'x'.repeat(LIMITS.documentBytesMax), append: true }, /at most 200000 bytes/],
  ])('refuses %j', async (input, why) => {
    const { call, written } = toolsOver(report);
    await expect(call('write_document', input)).rejects.toThrow(why);
    expect(written).toEqual([]);
  });

  it('is noted again in a process that takes the run over', () => {
    const { restore, written } = toolsOver(report);
    restore({ name: 'Report', content: 'One' });
    restore({ name: 'Report', content: 'Two' });
    expect(written).toMatchObject([{ name: 'Report', content: 'Two' }]);
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
    expect(first.length).toBeLessThan(LIMITS.toolResultCharsMax);
    expect(await call('read_document', { name: 'Report', from: 40_000 })).toMatch(/a{10000}END$/);
    await expect(call('read_document', { name: 'Report', from: 60_000 })).rejects.toThrow(
      'ends at character 50003',
    );
  });
});

it('list_documents shows what there is, and what this run has written', async () => {
  const { call } = toolsOver(report);
  await call('write_document', { name: 'Prices', content: '10' });
  expect(await call('list_documents', {})).toBe(
    '- Report: version 3, 11 bytes, by an agent\nWritten in this run: Prices',
  );
  expect(await toolsOver().call('list_documents', {})).toBe('There are none yet.');
});
