import { type Check, database, type Mutant } from '../mutant';

const RUNNER = 'src/server/services/taskRunner';
const CHECKS: Check[] = [database('tests/loop/lateStart.db.test.ts')];

/**
 * A process that stood still calls no agent for a run that is over (PROTOCOL §3.2): file, name, find,
 * replace.
 */
const GUARDS: [string, string, string, string][] = [
  [
    `${RUNNER}/execution.ts`,
    'the lease is looked at before the agent is called',
    '    await context.confirmLease();\n',
    '',
  ],
  [
    `${RUNNER}/agentRequest.ts`,
    'the lease is looked at when the prompt is there',
    '    await confirmLease();\n',
    '',
  ],
  [
    `${RUNNER}/agentRequest.ts`,
    'a run that is over is given no prompt',
    '    signal.throwIfAborted();\n',
    '',
  ],
  [
    `${RUNNER}/leaseKeeper.ts`,
    'a lease that cannot be renewed is over',
    '    if (this.isOver(operation)) this.abortHeld(operation);\n',
    '',
  ],
];

export const STOOD_STILL_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace]) => ({
  name: `stood still: ${name}`,
  file,
  find,
  replace,
  checks: CHECKS,
}));
