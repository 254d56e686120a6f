import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/**
 * knip finds exports that nobody imports, but it has no rule for members of classes that nobody calls. A
 * member that is called by tests alone does nothing for anyone.
 */

const ROOT = path.resolve(import.meta.dirname, '..');

/** Programs and tests may need a member that the product does not; only calls of these folders count. */
const CALLERS = ['packages', 'src', 'scripts'];

const isTest = (file: string): boolean =>
  /\.test\.tsx?$|^packages\/([^/]+\/test|testkit)\//.test(file) || file.includes('node_modules');

const sources = CALLERS.flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/'))),
)
  .filter((file) => !isTest(file))
  .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));

/**
 * A method, getter, or field of a class, at the indentation of a member: `run(`, `async run(`, `get size(`,
 * `readonly kind =`. Private and protected ones belong to the compiler, which reports those that nobody uses.
 */
const MEMBER = /^ {2}(?:override |readonly |static |async |get )*(\w+)(?:<[^>]*>)?(?:\(|\??: | = )/;

function membersOf(text: string): string[] {
  const members: string[] = [];
  let isInClass = false;
  for (const line of text.split('\n')) {
    if (/^(?:export )?(?:abstract )?class \w+/.test(line)) isInClass = true;
    else if (line.startsWith('}')) isInClass = false;
    const name = isInClass ? MEMBER.exec(line)?.[1] : undefined;
    if (name !== undefined && !KEYWORDS.has(name)) members.push(name);
  }
  return members;
}

const KEYWORDS = new Set(['constructor', 'if', 'for', 'while', 'switch', 'return', 'private', 'protected']);

/** Every name that is used as a member somewhere: `x.run`, `{ run }`, `{ run: y }`, `'run'`. */
const USE = /[.?]\s*(\w+)|[{,]\s*(\w+)(?=\s*[,:}])|['"](\w+)['"]/g;
const usedNames = new Set(
  sources.flatMap(({ text }) => [...text.matchAll(USE)].map((match) => match[1] ?? match[2] ?? match[3])),
);

/** Members that only a library calls, on objects of ours that it is given. */
const CALLED_BY_LIBRARIES = new Set([
  'packages/agents/src/kinds/watch/reading/xpathParts.ts: namespaceURI',
  'src/components/ui/textBoundary.tsx: componentDidUpdate',
  'src/components/ui/textBoundary.tsx: getDerivedStateFromError',
  'src/components/ui/textBoundary.tsx: render',
]);

test('every public member of a class is used outside of tests', () => {
  const unused = sources.flatMap(({ file, text }) =>
    membersOf(text)
      .filter((name) => !usedNames.has(name))
      .map((name) => `${file}: ${name}`),
  );
  expect(new Set(unused)).toEqual(CALLED_BY_LIBRARIES);
});

test('members are recognised (or the rule above would hold of anything)', () => {
  const runner = sources.find(({ file }) => file.endsWith('taskRunner/TaskRunnerService.ts'));
  expect(membersOf(runner?.text ?? '')).toEqual(expect.arrayContaining(['runTick', 'run', 'idle', 'stop']));
  expect(usedNames.has('aMemberThatDoesNotExist')).toBe(false);
  expect(membersOf('export class A {\n  readonly size = 1;\n  get last(): number {\n')).toEqual([
    'size',
    'last',
  ]);
});
