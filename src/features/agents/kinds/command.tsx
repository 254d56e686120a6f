import type { KindField, KindForm, Option } from '../kindForm';

const repositoryField = (none: string): KindField => ({
  label: 'Repository',
  hint: 'Each task works in a worktree of its own, on its own branch. The operator names repositories in AGENT_WORKSPACES.',
  control: {
    options: (status) => [['', none], ...(status?.repositories ?? []).map((name): Option => [name, name])],
  },
});

const sessionField = (unset: string): KindField => ({
  label: 'Session',
  hint: 'The conversation of Claude Code or Codex. A run that was cut off goes on in its own in any case.',
  control: {
    options: () => [
      ['', unset],
      ['fresh', 'Fresh for each run'],
      ['resume', 'Goes on with that of the run before'],
    ],
  },
  isRare: true,
});

export const command: KindForm = {
  lead: 'Runs a command that the operator of this server allowed.',
  fields: {
    command: {
      label: 'Command',
      hint: 'It gets the prompt on its standard input; its output is the report. A coding agent cannot ask while it works: its command line allows the tools it needs, such as claude -p --allowedTools Edit,Bash.',
      control: {
        options: (status) => [
          ['', 'Choose one'],
          ...(status?.commands ?? []).map((name): Option => [name, name]),
        ],
      },
      required: 'Choose a command',
    },
    repository: repositoryField('None: an empty folder for each task'),
    session: sessionField('Each run begins a new one'),
    adapter: {
      label: 'Program',
      hint: 'Whose steps, cost and session are read from the output.',
      control: {
        options: () => [
          ['', 'As the command line tells'],
          ['claude', 'Claude Code'],
          ['codex', 'Codex'],
          ['none', 'Another one: its output is text'],
        ],
      },
      isRare: true,
    },
  },
  taskSettings: {
    label: 'Coding agent',
    fields: {
      repository: repositoryField('As its agent says'),
      session: sessionField('As its agent says'),
    },
    mainField: 'repository',
  },
  timeoutSecondsDefault: 600,
  notice: ({ commands }) =>
    commands.length > 0
      ? null
      : {
          text: (
            <>
              This server allows no commands yet, so there is none to choose. Name them in its environment,
              such as <code>{'AGENT_COMMANDS={"review":"claude -p"}'}</code>, and start it again.
            </>
          ),
          replacesFields: true,
        },
};
