import type { AgentKind } from '@everbeat/domain';
import { Eye, type LucideIcon, Sparkles, SquareTerminal, Webhook } from 'lucide-react';

export const KIND_WORDS: Record<AgentKind, { label: string; icon: LucideIcon; lead: string }> = {
  watch: { label: 'watch', icon: Eye, lead: 'Looks at a web page and tells what changed. Needs no key.' },
  http: {
    label: 'HTTP',
    icon: Webhook,
    lead: 'Calls an agent of your own over HTTP, and waits for its answer.',
  },
  model: { label: 'model', icon: Sparkles, lead: 'Asks a language model that this server has a key for.' },
  command: {
    label: 'command',
    icon: SquareTerminal,
    lead: 'Runs a command that the operator of this server allowed.',
  },
};
