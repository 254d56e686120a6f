import { type Check, type Mutant, unit } from '../mutant';

const KINDS = 'packages/agents/src/kinds';
const SHARED = 'packages/agents/src/shared';

const ANSWERS: Check[] = [unit(`${SHARED}/answer.test.ts`)];
const WAITS: Check[] = [unit(`${SHARED}/retryAfter.test.ts`)];
const HTTP: Check[] = [unit(`${KINDS}/http`)];
const MODEL: Check[] = [unit(`${KINDS}/model`)];
const COMMAND: Check[] = [unit(`${KINDS}/command`)];

/** What the kinds of agent guard: file, name, text to find, its replacement, the checks that must fail. */
const GUARDS: [string, string, string, string, Check[]][] = [
  [
    `${SHARED}/answer.ts`,
    "an agent's own failure is its own, whatever it calls its code",
    "?? known?.failureClass ?? 'agent'",
    '?? known?.failureClass',
    ANSWERS,
  ],
  [
    `${SHARED}/answer.ts`,
    'an option has a key of its own',
    'others.some((other) =>',
    'others.every((other) =>',
    ANSWERS,
  ],
  [`${SHARED}/answer.ts`, 'the size of a memory', '<= LIMITS.memoryBytesMax', '<= Infinity', ANSWERS],
  [
    `${SHARED}/fieldReader.ts`,
    'the length of a list',
    'if (taken.length === countMax) {',
    'if (false) {',
    ANSWERS,
  ],
  [`${SHARED}/fieldReader.ts`, 'the number of notes', 'if (this.count <= NOTES_MAX)', 'if (true)', ANSWERS],
  [
    `${SHARED}/retryAfter.ts`,
    'the longest wait that a far side can ask for',
    'Math.min(whole, LIMITS.heartbeatSecondsMax)',
    'whole',
    WAITS,
  ],
  [
    `${SHARED}/retryAfter.ts`,
    'the reset of a limit counts only where the limit is the reason',
    'return isLimited ? resetOf(headers, sentAt) : undefined;',
    'return resetOf(headers, sentAt);',
    WAITS,
  ],
  [
    `${KINDS}/http/signature.ts`,
    'the time in a signature',
    '`${id}.${timestamp}.${body}`',
    '`${id}.${body}`',
    HTTP,
  ],
  [
    `${KINDS}/http/httpKind.ts`,
    'a configured header cannot replace the key of an occurrence',
    '[...Object.entries(config.headers), ...Object.entries(own)]',
    '[...Object.entries(own), ...Object.entries(config.headers)]',
    HTTP,
  ],
  [
    `${KINDS}/model/modelFetch.ts`,
    'a provider is not called again within the wait it asks for',
    'if (retryAfterSeconds > WAIT_IN_RUN_SECONDS_MAX)',
    'if (false)',
    MODEL,
  ],
  [
    `${KINDS}/model/modelKind.ts`,
    'a model that has begun is not asked anew without tools',
    'if (conversation.hasBegun || signal.aborted || !isRefusalOfTools(error)) throw error;',
    'if (signal.aborted) throw error;',
    MODEL,
  ],
  [
    `${KINDS}/command/reportFile.ts`,
    'the report of a command is no link, nor behind one',
    'if ((await realpath(file)) !== file)',
    'if (false)',
    COMMAND,
  ],
  [
    `${KINDS}/command/reportFile.ts`,
    'the size of a report of a command',
    'bytes > REPORT_BYTES_MAX ? null',
    'bytes > Infinity ? null',
    COMMAND,
  ],
  [
    `${KINDS}/command/runCommand.ts`,
    'the end of an output that has none',
    'if (output.chars > OUTPUT_CHARS_MAX) onOverflow();',
    '',
    COMMAND,
  ],
  [
    `${KINDS}/command/workFolder.ts`,
    'the folder of a trial is removed',
    'if (isTrial) await rm(',
    'if (!isTrial) await rm(',
    COMMAND,
  ],
];

export const AGENT_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `agents: ${name}`,
  ...{ file, find, replace, checks },
}));
