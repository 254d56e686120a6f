import {
  type BudgetWait,
  type CapUse,
  findBrief,
  isDatabaseUnavailable,
  perRunCaps,
  readBudgetWaits,
  readCapUses,
  readOpenBudgetBriefs,
  readScopesOfAll,
  type ScopeOfRun,
  spendScopesAt,
} from '@everbeat/database';
import {
  type CapRaise,
  decideBriefResolution,
  decideRoomMade,
  errorMessage,
  isRoomMade,
  RECOVERED_ACTION,
} from '@everbeat/domain';
import { decideUnlessDeleted, type LifecycleDeps } from './decideAndCommit';
import { bumpRevision, planWrite } from './planWrite';

/**
 * After a person has changed a budget, or what counts against one: closes the questions of the user's tasks
 * about caps that have room now, and lets these tasks go on, with those that wait until such a cap counts
 * from nothing again (PROTOCOL §10). Each by itself: a task whose row is held does not stop the others. Never
 * throws: the change is saved already, and a question that could not be closed is still asked.
 */
export async function goOnWithinBudgets(deps: LifecycleDeps, userId: string): Promise<void> {
  try {
    const open = await readOpenBudgetBriefs(deps.db, userId);
    const waits = [...open, ...(await readBudgetWaits(deps.db, userId))];
    for (const wait of await thoseWithRoom(deps, waits)) await goOnWithRoom(deps, userId, wait);
  } catch (error) {
    deps.logger.warn({ userId, reason: errorMessage(error) }, 'Not every task could go on within its budget');
  }
}

/** @throws database errors, when the database is unavailable */
async function goOnWithRoom(deps: LifecycleDeps, userId: string, wait: BudgetWait): Promise<void> {
  try {
    await goOn(deps, userId, wait);
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    const { taskId } = wait;
    deps.logger.warn({ taskId, reason: errorMessage(error) }, 'A task could not go on within its budget');
  }
}

/**
 * Two statements, however many tasks wait: their scopes, and what is used of them. @throws database errors
 */
async function thoseWithRoom(
  { db, clock }: LifecycleDeps,
  waits: readonly BudgetWait[],
): Promise<BudgetWait[]> {
  const asking = waits
    .map((wait) => ({ wait, asked: wait.actions.flatMap(({ raises = [] }) => raises) }))
    .filter(({ asked }) => asked.length > 0);
  if (asking.length === 0) return [];
  const scopes = await readScopesOfAll(
    db,
    asking.map(({ wait, asked }) => ({ taskId: wait.taskId, agentId: agentAskedAbout(wait, asked) })),
  );
  const distinct = [...new Map(scopes.flat().map((scope) => [keyOf(scope), scope])).values()];
  const used = new Map<string, CapUse[]>();
  for (const use of await readCapUses(db, distinct, spendScopesAt(distinct, clock.now())))
    used.set(keyOf(use), [...(used.get(keyOf(use)) ?? []), use]);
  return asking
    .filter(({ asked }, index) => {
      const own = scopes[index] ?? [];
      return isRoomMade(asked, [...own.flatMap((scope) => used.get(keyOf(scope)) ?? []), ...perRunCaps(own)]);
    })
    .map(({ wait }) => wait);
}

const keyOf = ({ scope, scopeId }: Pick<ScopeOfRun, 'scope' | 'scopeId'>): string => `${scope} ${scopeId}`;

/** The caps of an agent that works for the task no more do not hold for it. */
function agentAskedAbout(wait: BudgetWait, asked: readonly CapRaise[]): string | null {
  const named = asked.find(({ scope }) => scope === 'agent')?.scopeId;
  const agentId = [wait.agentId, wait.reviewerId].find((id) => id === named) ?? null;
  return agentId;
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
