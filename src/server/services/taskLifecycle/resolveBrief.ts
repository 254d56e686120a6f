import { type BriefRef, findBrief } from '@everbeat/database';
import { AppError, type BriefAction, decideBriefResolution } from '@everbeat/domain';
import { decideAndCommit, type LifecycleDeps } from './decideAndCommit';
import { bumpRevision, planWrite, type TaskWrite } from './planWrite';

/**
 * Resolves a brief and changes its task accordingly, in one commit. Returns the write, or null when the brief
 * was resolved already and nothing changed.
 * @throws AppError `brief-not-found`, `action-not-offered`
 */
export async function resolveBrief(
  deps: LifecycleDeps,
  userId: string,
  resolution: { id: string; action: BriefAction; comment: string | null },
): Promise<TaskWrite | null> {
  const { taskId } = await requireBrief(deps, userId, resolution.id);
  const resolved = [{ id: resolution.id, action: resolution.action, comment: resolution.comment }];
  const target = { taskId, userId, assuming: { resolvedBriefId: resolution.id } };
  return decideAndCommit(deps, target, async (state, now) => {
    // Read after the state: resolving it from here on would change the revision, and nothing would be
    // written.
    const brief = await requireBrief(deps, userId, resolution.id);
    if (brief.isResolved) return null;
    if (!brief.actions.includes(resolution.action)) {
      throw new AppError(
        'action-not-offered',
        `This brief can be answered with: ${brief.actions.join(', ')}`,
      );
    }
    const plan = decideBriefResolution(state, brief, resolution.action, now);
    return plan === null
      ? bumpRevision(state, { resolved })
      : planWrite(state, plan, { ...deps, now }, { resolved });
  });
}

async function requireBrief(deps: LifecycleDeps, userId: string, briefId: string): Promise<BriefRef> {
  const brief = await findBrief(deps.db, userId, briefId);
  if (brief === null) throw new AppError('brief-not-found', 'There is no such brief');
  return brief;
}
