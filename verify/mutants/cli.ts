import { parseArgs } from 'node:util';
import { fail } from '../../scripts/lib/project';
import { abortOnInterruption } from '../support/interruption';
import { readOptions } from '../support/options';
import { judgeAll } from './judgeAll';
import { MUTANTS } from './list';
import { describeVerdict, printSummary } from './report';

const USAGE = `npm run mutants -- [--only PATTERN] [--unchecked] [--list]
  Removes one guard after another in a copy of the project; for each of them, a test must fail.

  --only PATTERN  only mutants whose name or file matches, such as '^claim|leases.ts'
  --unchecked     skip the first run, which verifies that all tests pass without a mutant
  --list          print the names and exit`;

function parseOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      unchecked: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  const pattern = new RegExp(values.only, 'i');
  const mutants = MUTANTS.filter(({ name, file }) => pattern.test(name) || pattern.test(file));
  if (mutants.length === 0) throw new Error(`No mutant matches "${values.only}".`);
  return { mutants, isList: values.list, isUnchecked: values.unchecked };
}

const options = readOptions(USAGE, parseOptions);
if (options.isList) {
  for (const { name, file } of options.mutants) console.log(`${name}  (${file})`);
} else {
  const interruption = abortOnInterruption();
  try {
    const judged = await judgeAll(options, {
      signal: interruption,
      onStart: (count) => console.log(`First all checks of ${count} mutants, without any mutant ...`),
      onJudged: (one, number) => {
        const progress = `[${number}/${options.mutants.length}]`;
        console.log(
          `${progress} ${one.mutant.name} (${one.seconds.toFixed(0)} s)\n    ${describeVerdict(one)}`,
        );
      },
    });
    process.exitCode = printSummary(judged) ? 0 : 1;
  } catch (error) {
    if (!interruption.aborted) fail(error instanceof Error ? error.message : String(error));
    console.error('Interrupted. The copy of the project and its database server have been removed.');
    process.exitCode = 130;
  }
}
