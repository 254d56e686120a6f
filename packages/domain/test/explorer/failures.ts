import { decideBriefResolution } from '../../src/briefResolution';
import { decideStart } from '../../src/commandDecisions';
import { NETWORK } from '../../src/farSide';
import { ended } from '../completions';
import { inSeconds } from '../taskStates';
import { act, carryOut, decide, type Model, type Step } from './model';
import { settle } from './settling';

/** Failures of every class but the agent's own (PROTOCOL §4.1), and what people do about them. */

const AWAY = { status: 'error', errorCode: 'agent_unreachable', errorMessage: 'Nobody answered' } as const;
const LIMITED = { status: 'error', errorCode: 'agent_http_429', errorMessage: 'Too often' } as const;
const REFUSED = { status: 'error', errorCode: 'agent_http_401', errorMessage: 'Refused' } as const;
export const LEASE_LOST = ended({
  status: 'timeout',
  errorCode: 'lease_lost',
  errorMessage: 'No sign of life',
});

/** A far side is tried again for as long as it is away, and all attempts of a day were in vain. */
const dayPasses: Step = (model) => {
  const { status, scheduler } = model.state;
  const isTriedAgain = scheduler.retry !== undefined && (scheduler.streak?.count ?? 0) > 0;
  return status === 'scheduled' && isTriedAgain ? { ...model, now: inSeconds(86_400, model.now) } : null;
};

/** The person answers the brief that tells of the outage. It stays away, but is not told of again. */
const answerOutage =
  (action: string): Step =>
  (model) => {
    if (model.outage === null) return null;
    const closed: Model = { ...model, outage: null };
    const brief = { purpose: null, type: 'error', topicId: null } as const;
    const plan = decide(() =>
      decideBriefResolution(closed.state, brief, { action, when: 'now' }, closed.now),
    );
    return carryOut(closed, 'resolve-brief', plan) ?? closed;
  };

/** `task.resumeAll`, as its statement chooses the tasks. */
const resumeAll =
  (isMeant: (model: Model) => boolean): Step =>
  (model) =>
    model.state.status === 'paused' && isMeant(model)
      ? act('resume', (state, now) => decideStart(state, now, 'resume'))(model)
      : null;

export const FAILURES: Record<string, Step> = {
  'far side away': settle({ ...AWAY, farSide: 'a.example.com' }),
  'another far side away': settle({ ...AWAY, farSide: 'b.example.com' }),
  'network away': settle({ ...AWAY, farSide: NETWORK }),
  'limit reached': settle({ ...LIMITED, farSide: 'a.example.com', retryAfterSeconds: 900 }),
  'key refused': settle(REFUSED),
  'error after a question': settle({ status: 'error', errorMessage: 'It broke', bringsUrgentBrief: true }),
  'server stopped': settle({ status: 'error', errorCode: 'server_stopped', errorMessage: 'Stopped' }),
  'a day passes': dayPasses,
  'dismiss the outage': answerOutage('dismiss'),
  'retry the outage': answerOutage('retry'),
  'resume all: fuse': resumeAll(({ state }) => state.scheduler.blockedBy === 'fuse'),
  'resume all: needs-person': resumeAll(({ state }) => state.scheduler.needsPerson === true),
};
