import { type Check, type Mutant, unit } from '../mutant';

const KINDS = 'packages/agents/src/kinds';
const SHARED = 'packages/agents/src/shared';

const ANSWERS: Check[] = [unit(`${SHARED}/answer.test.ts`)];
const WAITS: Check[] = [unit('packages/outgoing/src/retryAfter.test.ts')];
const HTTP: Check[] = [unit(`${KINDS}/http`)];
const MODEL: Check[] = [unit(`${KINDS}/model`)];
const COMMAND: Check[] = [unit(`${KINDS}/command`)];
const CHANGES: Check[] = [unit(`${KINDS}/watch/changes.test.ts`)];
const ODD_SERVERS: Check[] = [unit(`${KINDS}/watch/oddServers.test.ts`)];
const FAULTS: Check[] = [unit(`${KINDS}/watch/faults.test.ts`)];
const NOISE: Check[] = [unit(`${KINDS}/watch/noise.test.ts`)];

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
    `${SHARED}/readBrief.ts`,
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
    `${KINDS}/watch/compare/lines.ts`,
    'the number of an entry counts unless others came before it',
    'if (old === now || moved === shift || !NUMBERED.test(now))',
    'if (true)',
    CHANGES,
  ],
  [
    `${KINDS}/watch/compare/feed.ts`,
    'an item that has left a feed and comes back is no news',
    '...items.map(({ id }) => id), ...seen]',
    '...items.map(({ id }) => id)]',
    CHANGES,
  ],
  [
    `${KINDS}/watch/compare/jsonTree.ts`,
    'numbers of JSON are compared as written',
    "stringify(sorted(value)) ?? ''",
    'JSON.stringify(JSON.parse(stringify(sorted(value)) ?? "0"))',
    CHANGES,
  ],
  [
    `${KINDS}/watch/pageFault.ts`,
    'an answer without text is no change',
    'if (!isBlank(text)) return;',
    'return;',
    FAULTS,
  ],
  [
    `${KINDS}/watch/compare/noise.ts`,
    'what changes once is no noise',
    '[first, second].every(',
    '[first, second].some(',
    NOISE,
  ],
  [
    `${KINDS}/watch/watchKind.ts`,
    'a page is not compared with what scripts made of it',
    'before?.kind === page.kind && before.isRendered === page.isRendered',
    'before?.kind === page.kind',
    [unit(`${KINDS}/watch/memory.test.ts`)],
  ],
  [
    `${KINDS}/watch/refresh.ts`,
    'a page that loads itself anew now and then is read',
    'Number(seconds) > DELAY_SECONDS_MAX ||',
    '',
    ODD_SERVERS,
  ],
  [
    `${SHARED}/safeFetch.ts`,
    'pages that lead on in a circle are read',
    'target === null || visited.has(visitOf(new URL(target), cookies))',
    'target === null',
    ODD_SERVERS,
  ],
  [
    `${SHARED}/safeFetch.ts`,
    'a POST is never made twice',
    "request.method !== 'GET' || !isOddAnswer(error)",
    '!isOddAnswer(error)',
    [unit(`${SHARED}/safeFetch.test.ts`)],
  ],
  [
    `${KINDS}/watch/looks.ts`,
    'a number is compared with the one that was reported',
    'const memory = { ...before, number };',
    'const memory = { ...now.memory, number };',
    NOISE,
  ],
  [
    'packages/outgoing/src/retryAfter.ts',
    'the longest wait that a far side can ask for',
    'Math.min(whole, LIMITS.heartbeatSecondsMax)',
    'whole',
    WAITS,
  ],
  [
    'packages/outgoing/src/retryAfter.ts',
    'the reset of a limit counts only where the limit is the reason',
    'return isLimited ? resetOf(headers, sentAt) : undefined;',
    'return resetOf(headers, sentAt);',
    WAITS,
  ],
  [
    'packages/outgoing/src/signature.ts',
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
    `${KINDS}/model/callModel.ts`,
    'a model that has begun is not asked anew without tools',
    '!reader.hasBegun && isRefusalOfTools(error) && this.mayTakeNoTools(steps)',
    'this.mayTakeNoTools(steps)',
    MODEL,
  ],
  [
    `${KINDS}/model/callModel.ts`,
    'a model that had tools is not asked without them for another refusal',
    ' && this.mayTakeNoTools(steps)',
    '',
    MODEL,
  ],
  [
    `${KINDS}/model/answeringModel.ts`,
    'a model that takes no tools is passed over while another is left',
    "if (!isOwnChoice && this.askNext('takes no tools')) return;",
    '',
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
    `${KINDS}/command/untrustedFile.ts`,
    'the size of a report of a command',
    'bytes > bytesMax ? null',
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
    'if (of.isTrial) await removeFolder(',
    'if (!of.isTrial) await removeFolder(',
    COMMAND,
  ],
];

export const AGENT_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `agents: ${name}`,
  file,
  find,
  replace,
  checks,
}));
