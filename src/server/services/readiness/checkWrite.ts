import type { AgentCheckWrite, AgentToCheck } from '@everbeat/database';
import {
  type AgentReadiness,
  actionsOf,
  cureLink,
  decideReadinessBrief,
  type Ids,
  LIMITS,
  nextCheckAt,
  storableText,
} from '@everbeat/domain';

/**
 * What is written of a check: the verdict, when the next one is due, and what becomes of the agent's brief.
 */
export function checkWrite(
  agent: AgentToCheck,
  readiness: AgentReadiness,
  { ids, now }: { ids: Ids; now: Date },
): AgentCheckWrite {
  const { verdict } = readiness;
  const since = agent.checkVerdict === verdict ? (agent.checkSince ?? now) : now;
  const decided = decideReadinessBrief({ verdict, since, now });
  const brief = decided.act === 'open' ? { ...decided, ...briefOf(agent, readiness, ids) } : decided;
  return { agent, readiness, since, nextAt: nextCheckAt(verdict, now, agent.id), brief };
}

function briefOf({ id: agentId, name }: AgentToCheck, { verdict, problem, cure }: AgentReadiness, ids: Ids) {
  const title =
    verdict === 'unavailable'
      ? `What the agent ${name} needs is away`
      : `The agent ${name} cannot run: its next runs would fail`;
  const closing = 'It is checked every day. This brief closes by itself when nothing is wrong any more.';
  return {
    id: ids.row(),
    title: storableText(title, LIMITS.briefTitleCharsMax),
    summary: storableText(`${problem ?? ''}\n\n${closing}`, LIMITS.briefSummaryCharsMax),
    actions: [
      ...(cure === null ? [] : [cureLink(cure, { agentId, identifier: null })]),
      ...actionsOf('acknowledge', 'dismiss'),
    ],
  };
}
