import { rm } from 'node:fs/promises';
import type { ProgramSession } from '@everbeat/domain';
import { createFakePrograms, createTempFolder } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostEnv, titleOf, WAYS } from '../../../test/confinements';
import { exampleRequest } from '../../../test/contract';
import type { AgentRequest, SessionKeeper } from '../../port';
import { commandKind } from './commandKind';

/** Keeps sessions as the database does, for one task whose runs have a topic each. */
function createSessions() {
  const kept: { topic: number; occurrence: string; session: ProgramSession }[] = [];
  return {
    kept,
    ofRun: (topic: number, occurrence: string): SessionKeeper => ({
      async find(program, { ofTask }) {
        const found = kept.findLast(
          (one) =>
            one.session.program === program &&
            (ofTask || one.topic === topic || one.occurrence === occurrence),
        );
        return found === undefined ? null : { session: found.session, number: found.topic };
      },
      async keep(session) {
        kept.push({ topic, occurrence, session });
      },
    }),
  };
}

describe.each(WAYS.map((way) => [titleOf(way), way] as const))(
  'coding agents %s',
  (_title, { make, skip }) => {
    describe.skipIf(skip !== null)('', () => {
      let programs: Awaited<ReturnType<typeof createFakePrograms>>;
      let workspaces: string;
      let sessions: ReturnType<typeof createSessions>;
      beforeEach(async () => {
        programs = await createFakePrograms();
        workspaces = await createTempFolder('workspaces');
        sessions = createSessions();
      });
      afterEach(async () => {
        await programs.close();
        await rm(workspaces, { recursive: true });
      });

      /** Runs an agent whose command is the program, as the run of a topic. */
      async function run(
        program: 'claude' | 'codex',
        fields: Partial<AgentRequest> & { topic?: number; config?: object } = {},
      ) {
        const { topic = 1, config, ...rest } = fields;
        const runtime = commandKind.createRuntime({
          command: {
            commands: { it: programs[program] },
            enabled: true,
            env: hostEnv,
            workspaces,
            graceMs: 100,
            sandbox: { confinement: async () => make(workspaces, { open: [programs.folder] }) },
          },
        });
        const request = exampleRequest({
          occurrence: `occurrence_${topic}`,
          sessions: sessions.ofRun(topic, rest.occurrence ?? `occurrence_${topic}`),
          ...rest,
          config: { command: 'it', ...config },
        });
        const outcome = await runtime.run(request);
        return { outcome, transcript: request.transcript.map(({ content }) => content) };
      }

      it('show their steps, and report their last words with what they cost', async () => {
        const claude = await run('claude');
        expect(claude.outcome).toEqual({
          kind: 'done',
          content: 'Two tests fail.',
          usage: { inputTokens: 103, outputTokens: 42, costUsd: 0.02 },
        });
        expect(claude.transcript).toEqual([
          'I look at the tests.',
          'Bash: npm test',
          'Bash failed: 2 tests failed',
          'Two tests fail.',
        ]);
        const codex = await run('codex', { taskId: 'task_2' });
        expect(codex.outcome).toMatchObject({ content: 'There is a README.', usage: { inputTokens: 100 } });
        expect(codex.transcript).toEqual(['Command: ls', 'There is a README.']);
      });

      it('show each step while they work on', async () => {
        await programs.next({
          prints: [
            { type: 'thread.started', thread_id: '<session>' },
            { type: 'turn.started' },
            { type: 'item.completed', item: { id: '1', type: 'agent_message', text: 'First' } },
            { type: 'item.completed', item: { id: '2', type: 'agent_message', text: 'Second' } },
            { type: 'turn.completed', usage: {} },
          ],
          holdsAfter: 3,
        });
        const shown: string[] = [];
        let sawFirst = () => {};
        const first = new Promise<void>((resolve) => {
          sawFirst = resolve;
        });
        const emit: AgentRequest['emit'] = ({ content }) => {
          shown.push(content);
          sawFirst();
        };
        const ended = run('codex', { emit });
        await first;
        expect(shown).toEqual(['First']);
        await programs.release();
        expect((await ended).outcome).toMatchObject({ kind: 'done', content: 'Second' });
        expect(shown).toEqual(['First', 'Second']);
      });

      it('go on with the session of the same occurrence, and not with that of another', async () => {
        await run('claude', { topic: 1 });
        const again = { topic: 2, attempt: 2, occurrence: 'occurrence_1' };
        await run('claude', again);
        await run('claude', { topic: 3 });
        const [first, second, third] = await programs.seen();
        const [began] = sessions.kept;
        expect(first?.args).not.toContain('--resume');
        expect(second?.args.slice(-2)).toEqual(['--resume', began?.session.id]);
        expect(second?.env).toMatchObject({
          EVERBEAT_OCCURRENCE: 'occurrence_1',
          EVERBEAT_SESSION: began?.session.id,
        });
        expect(third?.args).not.toContain('--resume');
        expect(sessions.kept.map(({ topic, session }) => [topic, session.resumes])).toEqual([
          [1, null],
          [2, 1],
          [3, null],
        ]);
      });

      it('go on with the session of the run before where they are told to', async () => {
        await run('codex', { topic: 1, config: { session: 'resume' } });
        const { outcome } = await run('codex', { topic: 2, config: { session: 'resume' } });
        const [, second] = await programs.seen();
        expect(second?.args.slice(-3)).toEqual(['resume', sessions.kept[0]?.session.id, '-']);
        // Codex counts what the whole session has used.
        expect(outcome).toMatchObject({ usage: { inputTokens: 150, outputTokens: 20 } });
        await run('codex', { topic: 3, config: { session: 'resume' }, settings: { session: 'fresh' } });
        expect((await programs.seen())[2]?.args).not.toContain('resume');
      });

      it('begin a new session, and say so, when theirs is gone', async () => {
        const gone = '0199a213-81c0-7800-8aa1-000000000000';
        await sessions.ofRun(1, 'occurrence_1').keep({ program: 'claude', id: gone, resumes: null });
        const { outcome, transcript } = await run('claude', { topic: 2, config: { session: 'resume' } });
        expect(outcome).toMatchObject({ kind: 'done', content: 'Two tests fail.' });
        expect(transcript[0]).toMatch(/session of #1 could not be gone on with.*No conversation found/);
        expect(sessions.kept.at(-1)).toMatchObject({ topic: 2, session: { resumes: null } });
      });

      it('check the work of a run in a context of their own', async () => {
        await run('claude', { topic: 1 });
        const review = { requirement: 'All tests pass', iteration: 1, maxIterations: 3, report: 'Done' };
        await run('claude', { topic: 1, review: { ...review, documents: [], steps: [] } });
        expect((await programs.seen())[1]?.args).not.toContain('--resume');
        expect(sessions.kept).toHaveLength(1);
      });

      it('never start with a session that is no UUID', async () => {
        const hostile = { program: 'claude', id: '$(touch hacked)', resumes: null } as const;
        await sessions.ofRun(1, 'occurrence_1').keep(hostile);
        await run('claude', { topic: 1 });
        expect((await programs.seen())[0]?.args).not.toContain('--resume');
      });

      it('are not started again after they began to work', async () => {
        await run('claude', { topic: 1 });
        const { outcome } = await run('claude', { topic: 1 }).then(async () => {
          await programs.next({
            prints: [{ type: 'assistant', session_id: '<session>', message: { content: [] } }],
            exitCode: 1,
          });
          return run('claude', { topic: 1 });
        });
        expect(outcome).toMatchObject({ kind: 'error', errorCode: 'command_exit_1' });
        expect(await programs.seen()).toHaveLength(3);
      });

      it.each([
        ['needs-person', 'Invalid API key · Please run /login'],
        ['rate-limit', 'API Error: 429 rate_limit_error'],
        ['transient', 'API Error: 529 overloaded'],
      ])('fail with class %s when they say so on standard error', async (failureClass, stderr) => {
        await programs.next({ prints: [], stderr, exitCode: 1 });
        const { outcome } = await run('claude');
        expect(outcome).toMatchObject({ kind: 'error', failureClass });
        const waits = failureClass === 'transient' || failureClass === 'rate-limit';
        expect(outcome).toHaveProperty('farSide', waits ? 'claude' : undefined);
      });

      it('are not at fault when their time is over because their model cannot be reached', async () => {
        const retry = {
          type: 'system',
          subtype: 'api_retry',
          session_id: '<session>',
          error: 'server_error',
        };
        await programs.next({ prints: [retry, retry], holdsAfter: 1 });
        const { outcome, transcript } = await run('claude', { config: { timeoutSeconds: 1.5 } });
        expect(outcome).toMatchObject({ errorCode: 'command_timeout', failureClass: 'transient' });
        expect(transcript).toEqual([expect.stringContaining('tries again')]);
      });

      describe('that are cut off have used what their events told', () => {
        const answer = (id: string, output_tokens: number) => ({
          type: 'assistant',
          session_id: '<session>',
          message: {
            id,
            content: [{ type: 'text', text: 'I look around.' }],
            usage: { input_tokens: 100, cache_read_input_tokens: 50, output_tokens },
          },
        });
        const prints = [answer('msg_1', 1), answer('msg_1', 20), answer('msg_2', 5)];
        const usage = { inputTokens: 300, outputTokens: 25 };

        it('by their time limit', async () => {
          await programs.next({ prints: [...prints, answer('msg_3', 1)], holdsAfter: 3 });
          const { outcome } = await run('claude', { config: { timeoutSeconds: 1.5 } });
          expect(outcome).toMatchObject({ errorCode: 'command_timeout', usage });
        });

        it('by a crash', async () => {
          await programs.next({ prints, exitCode: 1 });
          expect((await run('claude')).outcome).toMatchObject({ errorCode: 'command_exit_1', usage });
        });
      });

      it.each([
        ['what was left of a budget', { leftUsd: 0.5 }, true],
        ['a limit of their own command line', {}, undefined],
      ])('say so when they stop at %s', async (_what, budget, isOverBudget) => {
        const over = { type: 'result', subtype: 'error_max_budget_usd', is_error: true, num_turns: 1 };
        await programs.next({ prints: [{ ...over, session_id: '<session>' }], exitCode: 1 });
        const { outcome } = await run('claude', { budget });
        expect(outcome).toMatchObject({ kind: 'error', errorCode: 'command_over_budget' });
        expect(outcome).toHaveProperty('isOverBudget', isOverBudget);
      });

      it('report what was printed, with a note, when the format is one that is not known', async () => {
        await programs.next({ prints: [{ type: 'greeting', words: 'All well' }] });
        const { outcome, transcript } = await run('claude');
        expect(outcome).toMatchObject({ kind: 'done', content: '{"type":"greeting","words":"All well"}' });
        expect(transcript).toEqual([expect.stringContaining('format may have changed')]);
      });
    });
  },
);
