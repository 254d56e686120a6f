import type { AgentView } from '@everbeat/domain';
import type { FieldPath } from 'react-hook-form';
import { textOf } from '@/features/agents/kindForm';
import { KIND_FORMS } from '@/features/agents/kinds';
import type { TaskFields } from './taskFields';

/** A field that a person has to fill in or change, and why. */
export class FormProblem extends Error {
  constructor(
    readonly field: FieldPath<TaskFields>,
    message: string,
  ) {
    super(message);
  }
}

/** The agent's own value of the main setting that tasks have for its kind; empty where there is none. */
export function ownSetting({ kind, config }: Pick<AgentView, 'kind' | 'config'>): string {
  const { taskSettings } = KIND_FORMS[kind];
  return taskSettings === undefined ? '' : textOf(config[taskSettings.mainField]);
}

/**
 * @throws FormProblem when neither the task nor its agent says what the agent needs to know, such as its page
 */
export function assertSettings(agent: AgentView, settings: TaskFields['settings']): void {
  const { taskSettings } = KIND_FORMS[agent.kind];
  if (taskSettings?.mainMissing === undefined || ownSetting(agent) !== '') return;
  const { mainField, mainMissing } = taskSettings;
  if ((settings[agent.kind]?.[mainField] ?? '').trim() === '') {
    throw new FormProblem(`settings.${agent.kind}.${mainField}`, mainMissing);
  }
}

/** @throws FormProblem when a run would have to fail: without an agent, or with one that cannot run */
export function assertRunnable(agent: AgentView | undefined): void {
  if (agent === undefined) {
    throw new FormProblem('agentId', 'Choose the agent that does the work, or only create the task for now');
  }
  if (agent.problem !== null) {
    throw new FormProblem(
      'agentId',
      'This agent cannot run yet. Choose another, or only create the task for now',
    );
  }
}
