import type { SessionKeeper } from '@everbeat/agents';
import { type ClaimedRun, findSession, isTransient, keepSession } from '@everbeat/database';
import { AppError, errorMessage } from '@everbeat/domain';
import type { RunnerDeps } from './ports';
import { whenDatabaseAnswers } from './whenDatabaseAnswers';

const databaseAway = (cause: unknown): AppError =>
  new AppError('unavailable', 'The session of the program could not be read from the database', { cause });

/** The sessions of the programs of one run's task. */
export function sessionsOf(deps: RunnerDeps, run: ClaimedRun, signal: AbortSignal): SessionKeeper {
  const { operationId, topicId, occurrence, state } = run;
  const of = { taskId: state.id, userId: state.userId, topicId, occurrence };
  return {
    find: (program, { ofTask }) =>
      whenDatabaseAnswers(deps, run, signal, {
        failed: 'The session of a run could not be read yet',
        run: () => findSession(deps.db, { ...of, program, ofTask }),
      }).catch((error: unknown) => {
        throw isTransient(error) ? databaseAway(error) : error;
      }),
    async keep(session) {
      try {
        await keepSession(deps.db, { operationId, session });
      } catch (error) {
        deps.logger.warn(
          { operationId, reason: errorMessage(error) },
          'The session of a run could not be kept',
        );
      }
    },
  };
}
