import { decideLook } from '../../src/commandDecisions';
import { isDueTooFar } from '../../src/planRest';
import { frozen } from '../taskStates';
import { act, type Model, must, type Step } from './model';

/** What its person does about a task at which nobody has looked for long (PROTOCOL §4.5). */

const isAbout = ({ state }: Model): boolean => state.scheduler.absence !== undefined;

/** The look is recorded, and a decision arms the task anew, or the process dies in between. */
const seen = (model: Model): Model => ({ ...model, state: frozen({ ...model.state, seenAt: model.now }) });

const look: Step = (model) => {
  if (!isAbout(model)) return null;
  const looked = act('look', decideLook)(seen(model)) ?? seen(model);
  must(!isDueTooFar(looked.state, looked.now), '18: it is late although its person has looked');
  return looked;
};

/** Nothing lies unread any more, because what was told is over by itself. */
const isOver: Step = (model) =>
  isAbout(model) && model.state.hasUnread
    ? { ...model, state: frozen({ ...model.state, hasUnread: false }) }
    : null;

export const ABSENCES: Record<string, Step> = { 'a look': look, 'what lay unread is over': isOver };
