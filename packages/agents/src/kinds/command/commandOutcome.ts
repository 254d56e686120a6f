import type { AnswerDefaults } from '../../shared/answer';
import { failureBy } from './adapters/failureWords';
import { adapterOf, type Program } from './program';
import type { ProgramEnd } from './programRun';
import { type CommandResult, STDERR_CHARS_MAX } from './runCommand';
import type { User } from './sandbox/user';

/**
 * What is known of a run beside the report in its file: its output, and how it ended. `notes` are for the
 * transcript.
 */
export function commandOutcome(
  { result, report, usage, isToldBudget }: ProgramEnd & { isToldBudget: boolean },
  { runsAs, program }: { runsAs: User | undefined; program: Program },
): { known: AnswerDefaults; notes: string[] } {
  const adapter = adapterOf(program);
  const { content = result.stdout.content, failure: told } = report ?? {};
  if (result.exitCode === 0 && told === undefined) {
    const isUnread = adapter !== null && report === null && content !== '';
    return { known: { content, usage }, notes: isUnread ? [notUnderstood(adapter.name)] : [] };
  }
  const ending = endingOf(result);
  // What a known program could not put into its events, such as that nobody is signed in, it says there.
  const failure = told ?? (adapter === null ? undefined : failureBy(result.stderr));
  const said = saidOfFailure({ result, report });
  const errorMessage = [
    ending.sentence,
    said === '' ? 'It wrote nothing to standard error.' : said,
    ...(runsAs !== undefined && NOT_FOUND.includes(result.exitCode) ? [OTHER_USER_HINT] : []),
  ].join(' ');
  const { failureClass, retryAfterSeconds, isOverBudget = false } = failure ?? {};
  const known = {
    failureClass,
    retryAfterSeconds,
    errorMessage,
    errorCode: isOverBudget ? 'command_over_budget' : ending.code,
    // A limit of the operator's own command line is none of the budgets that a person could raise.
    ...(isOverBudget && isToldBudget && { isOverBudget }),
  };
  return { known: { content, usage, failure: known }, notes: [] };
}

/** What the program said of its failure: as its report, or at the end of its standard error. */
export function saidOfFailure({ result, report }: Pick<ProgramEnd, 'result' | 'report'>): string {
  if (report?.failure !== undefined) return report.failure.errorMessage.trim();
  return result.stderr.trim().slice(-STDERR_CHARS_MAX);
}

const notUnderstood = (program: string): string =>
  `The output has no end as ${program} writes it, so the report is what was printed. Its format may have changed.`;

/** What a shell ends with when a program is not there, or may not be run. */
export const NOT_FOUND: readonly (number | null)[] = [126, 127];
const OTHER_USER_HINT =
  "Commands of this server run as a user without root's rights: put the program where every user can run it, install bubblewrap, or set COMMAND_SANDBOX=off.";

function endingOf({ exitCode, exitSignal }: CommandResult): { code: string; sentence: string } {
  if (exitCode === null)
    return { code: 'command_killed', sentence: `The command was ended by ${exitSignal ?? 'a signal'}.` };
  if (exitCode === 0) return { code: 'command_reported_error', sentence: 'The command reported an error.' };
  return { code: `command_exit_${exitCode}`, sentence: `The command ended with status ${exitCode}.` };
}
