import { describe, expect, it } from 'vitest';
import { commandLineFor, programOf } from './program';

const ID = '0199a213-81c0-7800-8aa1-bbab2a035a53';
const fresh = { session: null, budgetUsd: null };
const resuming = { session: { id: ID }, budgetUsd: null };

/** What is started for a command line. */
const started = (
  line: string,
  wishes: Parameters<typeof commandLineFor>[1] = fresh,
  chosen?: 'claude' | 'codex' | 'none',
) => commandLineFor(programOf(line, chosen), wishes);

describe('the command line of claude', () => {
  const EVENTS = '--output-format stream-json --verbose';

  it.each([
    ['claude -p', `claude -p ${EVENTS}`],
    ['/opt/bin/claude --print --model opus ', `/opt/bin/claude --print --model opus ${EVENTS}`],
    ['DEBUG=1 npx -y @anthropic-ai/claude-code -p', `DEBUG=1 npx -y @anthropic-ai/claude-code -p ${EVENTS}`],
    [`claude -p --allowedTools 'Bash(git log:*)'`, `claude -p --allowedTools 'Bash(git log:*)' ${EVENTS}`],
    ['claude -p --output-format=json', 'claude -p --output-format=json'],
    ['claude -p --output-format text', 'claude -p --output-format text'],
  ])('prints events where it does not say otherwise: %s', (line, expected) =>
    expect(started(line)).toBe(expected),
  );

  it('goes on with a session, unless it names one itself', () => {
    expect(started('claude -p', resuming)).toBe(`claude -p ${EVENTS} --resume ${ID}`);
    for (const own of ['--continue', '-c', `--resume=${ID}`, '--no-session-persistence']) {
      expect(started(`claude -p ${own}`, resuming)).toBe(`claude -p ${own} ${EVENTS}`);
    }
  });

  it('is told what it may spend, rounded down, unless its own limit is lower', () => {
    const limited = { session: null, budgetUsd: 1.23459 };
    expect(started('claude -p', limited)).toBe(`claude -p ${EVENTS} --max-budget-usd 1.2345`);
    expect(started('claude -p --max-budget-usd 5', limited)).toContain('--max-budget-usd 5 ');
    expect(started('claude -p --max-budget-usd 5', limited)).toMatch(/--max-budget-usd 1\.2345$/);
    expect(started('claude -p --max-budget-usd 1', limited)).toBe(`claude -p --max-budget-usd 1 ${EVENTS}`);
  });
});

describe('the command line of codex', () => {
  const EVENTS = '--json --skip-git-repo-check';

  it.each([
    ['codex exec', `codex exec ${EVENTS}`],
    ['npx @openai/codex exec --json', 'npx @openai/codex exec --json --skip-git-repo-check'],
  ])('prints events: %s', (line, expected) => expect(started(line)).toBe(expected));

  it('goes on with a session, and reads its prompt from standard input', () => {
    expect(started('codex exec --sandbox workspace-write -', resuming)).toBe(
      `codex exec --sandbox workspace-write ${EVENTS} resume ${ID} -`,
    );
    expect(started('codex exec --ephemeral', resuming)).toBe(`codex exec --ephemeral ${EVENTS}`);
  });
});

it.each([
  'claude -p | tee log',
  'cd /srv/shop && claude -p',
  'claude -p > log',
  'claude -p # for the shop',
  'for i in 1 2; do claude -p; done',
  'claude -p "$(cat prompt)"; true',
  `claude -p 'unfinished`,
])('nothing is added to what is more than one command: %s', (line) =>
  expect(started(line, resuming)).toBe(line),
);

it.each(['node review.mjs', 'claude mcp list', 'codex login', 'claude', './my-claude -p', 'echo claude -p'])(
  'nothing is added to another command: %s',
  (line) => expect(started(line, resuming)).toBe(line),
);

it('goes by what the agent says where that is set', () => {
  expect(started('review.sh', resuming, 'claude')).toMatch(/^review\.sh .*--resume/);
  expect(started('claude -p', resuming, 'none')).toBe('claude -p');
});
