import type { AgentRequest } from '@everbeat/agents';
import { describe, expect, it } from 'vitest';
import { createScriptedAgent } from './scriptedAgent';

const request = (fields: Partial<AgentRequest> = {}): AgentRequest => ({
  operationId: 'op_1',
  taskId: 'task_1',
  taskIdentifier: 'T-1',
  topicId: 'topic_1',
  userId: 'user_1',
  trigger: 'manual',
  instruction: '',
  isInstructionTyped: true,
  prompt: async () => '',
  config: {},
  settings: undefined,
  memory: null,
  occurrence: 'occurrence_1',
  attempt: 1,
  callbackUrl: '',
  signal: new AbortController().signal,
  emit: () => {},
  ...fields,
});

describe('a scripted agent', () => {
  it('returns the queued outcomes, then the default', async () => {
    const agent = createScriptedAgent();
    agent.next({ kind: 'error', errorCode: 'e', errorMessage: 'm' });
    agent.next(({ taskIdentifier }) => ({ kind: 'done', content: `ran ${taskIdentifier}` }));
    expect(await agent.run(request())).toMatchObject({ kind: 'error' });
    expect(await agent.run(request())).toEqual({ kind: 'done', content: 'ran T-1' });
    expect(await agent.run(request())).toEqual({ kind: 'done', content: 'ok' });
    expect(agent.calls).toHaveLength(3);
  });

  it('reports that a run has started, and holds it until the release', async () => {
    const agent = createScriptedAgent();
    agent.hold();
    let ended = false;
    const second = agent.started(2);
    const outcomes = Promise.all([agent.run(request()), agent.run(request({ operationId: 'op_2' }))]).finally(
      () => {
        ended = true;
      },
    );
    expect((await second).operationId).toBe('op_2');
    expect(ended).toBe(false);
    agent.release();
    expect(await outcomes).toHaveLength(2);
  });

  it('ends a held run as canceled when it is aborted', async () => {
    const agent = createScriptedAgent();
    agent.hold();
    const stop = new AbortController();
    const outcome = agent.run(request({ signal: stop.signal }));
    await agent.started(1);
    stop.abort();
    expect(await outcome).toEqual({ kind: 'canceled' });
  });
});
