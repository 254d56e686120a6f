import {
  type BudgetWait,
  findBrief,
  isDatabaseUnavailable,
  perRunCaps,
  readBudgetWaits,
  readCapUses,
  readOpenBudgetBriefs,
  readScopes,
  spendScopesAt,
} from '@everbeat/database';
import {
  decideBriefResolution,
  decideRoomMade,
  errorMessage,
  isRoomMade,
  RECOVERED_ACTION,
} from '@everbeat/domain';
import { decideUnlessDeleted, type LifecycleDeps } from './decideAndCommit';
import { bumpRevision, planWrite } from './planWrite';

/**
 * After a person has changed a budget, or what counts against one: closes the questions of the user's tasks about caps
 * that have room now, and lets these tasks go on, with those that wait until such a cap counts from nothing again
 * (PROTOCOL §10). Each by itself: a task whose row is held does not stop the others. Never throws: the change is saved
 * already, and a question that could not be closed is still asked.
 */
export async function goOnWithinBudgets(deps: LifecycleDeps, userId: string): Promise<void> {
  try {
    const open = await readOpenBudgetBriefs(deps.db, userId);
    for (const wait of [...open, ...(await readBudgetWaits(deps.db, userId))])
      await goOnWithRoom(deps, userId, wait);
  } catch (error) {
    deps.logger.warn({ userId, reason: errorMessage(error) }, 'Not every task could go on within its budget');
  }
}

/** @throws database errors, when the database is unavailable */
async function goOnWithRoom(deps: LifecycleDeps, userId: string, wait: BudgetWait): Promise<void> {
  try {
    if (await hasRoom(deps, wait)) await goOn(deps, userId, wait);
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    const { taskId } = wait;
    deps.logger.warn({ taskId, reason: errorMessage(error) }, 'A task could not go on within its budget');
  }
}

async function hasRoom({ db, clock }: LifecycleDeps, wait: BudgetWait): Promise<boolean> {
  const asked = wait.actions.flatMap(({ raises = [] }) => raises);
  if (asked.length === 0) return false;
  const named = asked.find(({ scope }) => scope === 'agent')?.scopeId;
  // The caps of an agent that works for the task no more do not hold for it.
  const agentId = [wait.agentId, wait.reviewerId].find((id) => id === named) ?? null;
  const scopes = await readScopes(db, { taskId: wait.taskId, agentId });
  const uses = await readCapUses(db, scopes, spendScopesAt(scopes, clock.now()));
  return isRoomMade(asked, [...uses, ...perRunCaps(scopes)]);
}

async function goOn(
  deps: LifecycleDeps,
  userId: string,
  { taskId, briefId, isOpen }: BudgetWait,
): Promise<void> {
  if (!isOpen) {
    await decideUnlessDeleted(deps, { taskId, userId }, (state, now) => {
      const plan = decideRoomMade(state, now);
      return plan === null ? null : planWrite(state, plan, { ...deps, now });
    });
    return;
  }
  const target = { taskId, userId, assuming: { resolvedBriefId: briefId } };
  await decideUnlessDeleted(deps, target, async (state, now) => {
    const brief = await findBrief(deps.db, userId, briefId);
    if (brief === null || brief.isResolved) return null;
    const plan = decideBriefResolution(state, brief, { action: RECOVERED_ACTION, when: 'now' }, now);
    const extras = { recover: ['budget' as const] };
    return plan === null ? bumpRevision(state, extras) : planWrite(state, plan, { ...deps, now }, extras);
  });
}
