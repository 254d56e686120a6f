import { findBrief } from '@everbeat/database';
import { AppError, decideBriefResolution } from '@everbeat/domain';
import { orThrow } from '../reads/ReadService';
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
  resolution: { id: string; action: string; comment: string | null },
): Promise<TaskWrite | null> {
  const requireBrief = async () =>
    orThrow(await findBrief(deps.db, userId, resolution.id), 'brief-not-found');
  const { taskId } = await requireBrief();
  const resolved = [{ id: resolution.id, action: resolution.action, comment: resolution.comment }];
  const target = { taskId, userId, assuming: { resolvedBriefId: resolution.id } };
  return decideAndCommit(deps, target, async (state, now) => {
    // Read after the state: resolving it from here on would change the revision, and nothing would be
    // written.
    const brief = await requireBrief();
    if (brief.isResolved) return null;
    if (!brief.actions.some(({ key }) => key === resolution.action)) {
      const keys = brief.actions.map(({ key }) => key).join(', ');
      throw new AppError('action-not-offered', `This brief can be answered with: ${keys}`);
    }
    const plan = decideBriefResolution(state, brief, resolution.action, now);
    return plan === null
      ? bumpRevision(state, { resolved })
      : planWrite(state, plan, { ...deps, now }, { resolved });
  });
}
