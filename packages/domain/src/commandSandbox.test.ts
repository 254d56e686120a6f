import { expect, it } from 'vitest';
import { describeCommandSandbox } from './commandSandbox';

it.each([
  ['run in a sandbox each (bubblewrap)', { kind: 'bubblewrap', exposed: [], problem: null, refuses: false }],
  [
    'run as a user without rights, another one for each task, and can read its .env files (bubblewrap: it is not installed)',
    { kind: 'user', exposed: ['settings'], problem: 'bubblewrap: it is not installed', refuses: false },
  ],
  [
    "not run, because no sandbox hides everything: they could read this server's environment, its data folder",
    { kind: 'none', exposed: ['environment', 'data'], problem: null, refuses: true },
  ],
] as const)('says what commands are: %s', (words, { exposed, ...view }) => {
  expect(describeCommandSandbox({ ...view, exposed: [...exposed] })).toBe(words);
});
