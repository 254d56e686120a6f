import { ANSWER_TIMES, AppError, LIMITS } from '@everbeat/domain';
import type { Random } from '../support/random';
import type { RunningServer } from './cluster';
import type { Coverage } from './coverage';
import type { BriefRow } from './snapshot';

/** What a person was told about an answer of theirs. */
export interface AcknowledgedAnswer {
  taskId: string;
  briefId: string;
  action: string;
  /** False: the question had been answered before. */
  isFirst: boolean;
}

export interface AnswersParts {
  coverage: Coverage;
  acknowledged: AcknowledgedAnswer[];
  /** What the last message about a brief offers. */
  optionsOf(briefId: string): readonly { token: string }[];
}

/** How long a user thinks at most before an answer is taken back: also longer than that is possible. */
export const THINKS_SECONDS_MAX = LIMITS.undoSeconds + 2;

type Server = Pick<RunningServer, 'container' | 'process'>;

/**
 * How people answer what they are asked: on the page or by a message, once or twice, and some think better of
 * it.
 */
export class SimulatedAnswers {
  constructor(private readonly parts: AnswersParts) {}

  async give(
    { container, process }: Server,
    { id: briefId, task_id: taskId, user_id: userId, actions }: BriefRow,
    { pending, random }: { pending: { isUndo?: boolean }; random: Random },
  ): Promise<void> {
    const options = this.parts.optionsOf(briefId);
    if (options.length > 0 && random.chance(0.4))
      return this.answerTwice({ container, process }, { briefId, taskId, options }, random);
    const action = random.pick(actions).key;
    const when = random.pick(ANSWER_TIMES);
    const { undoToken, noUndoReason } = await container.lifecycle.resolveBrief(userId, {
      id: briefId,
      action,
      when,
    });
    const isFirst = noUndoReason !== 'answered-before';
    if (process.isAlive) this.parts.acknowledged.push({ taskId, briefId, action, isFirst });
    const waitSeconds = random.int(0, THINKS_SECONDS_MAX);
    if (undoToken === null || !random.chance(0.3)) return;
    pending.isUndo = true;
    await new Promise<void>((resolve) => container.clock.after(waitSeconds * 1_000, resolve));
    return this.takeBack(container, userId, undoToken);
  }

  /** Two options of a message at the same moment, perhaps different ones: at most one takes effect. */
  private async answerTwice(
    { container, process }: Server,
    { briefId, taskId, options }: { briefId: string; taskId: string; options: readonly { token: string }[] },
    random: Random,
  ): Promise<void> {
    const said = { action: undefined, comment: undefined };
    const both = [random.pick(options), random.pick(options)].map(({ token }) =>
      container.answers.answer(token, said),
    );
    for (const ended of await Promise.allSettled(both)) {
      if (ended.status === 'rejected') throw ended.reason;
      this.parts.coverage.count('option of a message', ended.value?.state ?? 'unknown');
      const { resolvedAction: action = null, resolvedEffect = null } = ended.value?.link ?? {};
      // The page says which answer holds, whichever of the two that is.
      const isFirst = resolvedEffect?.isUnanswered !== true;
      if (action !== null && process.isAlive)
        this.parts.acknowledged.push({ taskId, briefId, action, isFirst });
    }
  }

  /** An answer is taken back about as its tick fires: one of the two holds. */
  private async takeBack({ inbox }: Server['container'], userId: string, undoToken: string): Promise<void> {
    const { coverage } = this.parts;
    try {
      await inbox.apply(userId, { act: 'undo', undoToken });
      coverage.count('answer', 'taken back');
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'undo-expired') throw error;
      coverage.count('answer', 'too late to take back');
    }
  }
}
