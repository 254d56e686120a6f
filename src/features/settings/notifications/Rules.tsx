'use client';

import { type ChannelView, type NewsKind, RULE_VALUES } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';
import { RuleTable } from './RuleTable';

/** What a channel sends. Each choice is saved as it is made. */
export function Rules({ channel }: { channel: ChannelView }) {
  const trpc = useTRPC();
  const update = useMutation(
    trpc.channel.update.mutationOptions({ meta: { failed: `The rules of ${channel.name} were not saved` } }),
  );
  const rules = update.isPending ? { ...channel.rules, ...update.variables.rules } : channel.rules;
  const choose = (kind: NewsKind, chosen: string) => {
    const value = RULE_VALUES.find((candidate) => candidate === chosen);
    if (value !== undefined) update.mutate({ id: channel.id, rules: { [kind]: value } });
  };
  return (
    <RuleTable caption={`What ${channel.name} sends`} ruleOf={(kind) => rules[kind]} onChoose={choose} />
  );
}
