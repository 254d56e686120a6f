import { SquareTerminal } from 'lucide-react';
import { type KindForm, type Option, textOf } from '../kindForm';

export const command: KindForm = {
  label: 'command',
  icon: SquareTerminal,
  lead: 'Runs a command that the operator of this server allowed.',
  fields: {
    command: {
      label: 'Command',
      hint: 'It gets the prompt on its standard input; its output is the report.',
      control: {
        options: (status) => [
          ['', 'Choose one'],
          ...(status?.commands ?? []).map((name): Option => [name, name]),
        ],
      },
      required: 'Choose a command',
    },
  },
  timeoutSecondsDefault: 600,
  summarize: ({ command }) => textOf(command),
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
