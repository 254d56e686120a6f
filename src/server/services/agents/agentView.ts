import { type AgentView, cannotRun, cureLink, type ReadinessView, type StoredAgent } from '@everbeat/domain';

/**
 * An agent as clients may see it. `problem` is what stands in its way as this server is set up now, which is
 * known without asking anybody; null: nothing.
 */
export function agentView(masked: StoredAgent, problem: string | null): AgentView {
  const { checkVerdict, checkProblem, checkCure, checkedAt, ...agent } = masked;
  const readiness = readinessView(masked, problem);
  const isBlocked = readiness.verdict !== null && cannotRun(readiness.verdict);
  return { ...agent, problem: isBlocked ? readiness.problem : null, readiness };
}

function readinessView(
  { id, checkVerdict, checkProblem, checkCure, checkedAt }: StoredAgent,
  problem: string | null,
): ReadinessView {
  const cure = checkCure && cureLink(checkCure, { agentId: id, identifier: null });
  if (problem !== null && checkProblem?.includes(problem) !== true)
    return { verdict: 'misconfigured', problem, cure: null, checkedAt };
  if (checkedAt === null) return { verdict: null, problem: null, cure: null, checkedAt };
  return { verdict: checkVerdict, problem: checkProblem, cure, checkedAt };
}
