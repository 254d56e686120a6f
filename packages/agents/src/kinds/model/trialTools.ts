import type { AgentTool } from '../../tools/port';

/**
 * The tools of a trial, which changes nothing and asks nobody: what only looks is called, and of everything
 * else the model and the transcript are told what a run would do. What notes something for the report counts
 * as looking, because nothing of the report is kept.
 */
export const inTrial = ({ asks, ...tool }: AgentTool): AgentTool => {
  if (asks !== undefined) {
    return {
      ...tool,
      execute(input) {
        const { title, actions } = asks.question(input, 'It');
        const options = actions.map(({ label }) => label).join(', ');
        return `This is a trial, so nobody is asked. A run would wait here for the person: ${title} (${options})`;
      },
    };
  }
  if (tool.policy === 'allow' && tool.readOnly) return tool;
  if (tool.policy === 'deny') return tool;
  const { restore: _, policy, ...rest } = tool;
  const would = policy === 'ask' ? 'would ask the person first' : 'would make it at once';
  return {
    ...rest,
    policy: 'allow',
    execute: () => `This is a trial, so this call was not made. A run ${would}.`,
  };
};
