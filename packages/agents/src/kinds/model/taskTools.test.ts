import type { RelatedTask } from '@everbeat/domain';
import { expect, test } from 'vitest';
import { taskTools } from './taskTools';

const TASK: RelatedTask = {
  id: '01900000-0000-7000-8000-000000000001',
  identifier: 'T-1',
  name: 'Count',
  status: 'paused',
  relation: 'own',
};

/** What a model reads of a task with this instruction. */
async function viewOf(instruction: string): Promise<string> {
  const nothing = { error: null, reports: [], briefs: [], comments: [], documents: [] };
  const tools = taskTools({
    related: async () => [TASK],
    view: async () => ({ ...nothing, instruction }),
    documentsOf: () => expect.fail('no document is read'),
  });
  const view = tools.find(({ name }) => name === 'view_task') ?? expect.fail('no such tool');
  const result = await view.execute(
    { task: 'T-1' },
    { occurrence: 'run:0', signal: AbortSignal.timeout(10_000) },
  );
  return typeof result === 'string' ? result : result.output;
}

test('a text of a task that is too long shows once that it was cut', async () => {
  expect(await viewOf('x'.repeat(5_000))).toContain(`\n${'x'.repeat(3_999)}…\n`);
});

test('a text of a task that fits shows no cut, whatever it must be without', async () => {
  expect(await viewOf('Count\u0000 the boats')).toContain('\nCount the boats\n');
});
