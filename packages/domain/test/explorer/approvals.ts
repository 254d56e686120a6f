import type { TaskState } from '../../src/taskState';
import { decideTick } from '../../src/tickDecision';
import { decideGoOn, decidePark } from '../../src/waitingRun';
import { ended } from '../completions';
import { frozen, OTHER_TOKEN, USER } from '../taskStates';
import { isHeld, type Model, must, type Step } from './model';
import { settled } from './settling';

/** A run that comes to a call which a person must approve, and what ends its wait (PROTOCOL §9). */

const asksFirst: Step = (model) => {
  const { operation } = model.state;
  const scheduler = decidePark(model.state);
  if (operation === null || scheduler === null || model.isAbandoned) return null;
  const parked: Partial<TaskState> = { scheduler, operation: { ...operation, isWaiting: true } };
  return changed(model, { tool: true }, parked);
};

/** The person answers, or their time is over. */
const answered: Step = (model) => {
  const { operation } = model.state;
  if (!model.open.tool || operation === null) return null;
  const scheduler = decideGoOn(model.state);
  must(scheduler !== null, 'an answer to a run that waits led to nothing');
  const next = changed(model, { tool: false }, { scheduler, operation: { ...operation, isWaiting: false } });
  must(decideGoOn(next.state) === null, 'a second answer lets the run go on once more');
  return next;
};

/** No message starts anything beside a run that waits. */
const ticksWhileWaiting: Step = ({ state, now }) => {
  if (state.operation?.isWaiting !== true) return null;
  const decision = decideTick(state, { userId: USER, tickToken: OTHER_TOKEN }, now);
  must(!decision.run && decision.reason === 'human-waiting', 'a tick came past a run that waits');
  return null;
};

/** Its run waits on, and goes on with nobody to go on. */
const agentDeleted: Step = (model) =>
  model.state.operation?.isWaiting === true && model.state.agentKind !== null
    ? changed(model, {}, { agentId: null, agentKind: null })
    : null;

const AGENT_MISSING = ended({ status: 'error', errorCode: 'agent_missing', errorMessage: 'No agent' });

const missed: Step = (model) =>
  model.state.agentKind === null && model.state.operation?.isWaiting === false && !model.isAbandoned
    ? settled(model, AGENT_MISSING)
    : null;

function changed(model: Model, opened: Partial<Model['open']>, changes: Partial<TaskState>): Model {
  const open = { ...model.open, ...opened };
  const state = frozen({ ...model.state, ...changes, humanWaiting: isHeld(open) });
  return { ...model, open, state };
}

export const APPROVALS: Record<string, Step> = {
  'asks first': asksFirst,
  'answer whether it may call': answered,
  'ticks while it waits': ticksWhileWaiting,
  'the agent is deleted while it waits': agentDeleted,
  'no agent to go on': missed,
};
