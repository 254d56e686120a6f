'use client';

import { type ChannelView, NEWS_KINDS, type NewsKind, RULE_VALUES } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import { Select } from '@/components/ui/field';
import { useTRPC } from '@/lib/trpc/client';
import { NEWS_LABELS, RULE_LABELS } from './labels';

/** What a channel sends. Each choice is saved as it is made. */
export function Rules({ channel }: { channel: ChannelView }) {
  const trpc = useTRPC();
  const id = useId();
  const update = useMutation(
    trpc.channel.update.mutationOptions({ meta: { failed: `The rules of ${channel.name} were not saved` } }),
  );
  const rules = update.isPending ? { ...channel.rules, ...update.variables.rules } : channel.rules;
  const choose = (kind: NewsKind, chosen: string) => {
    const value = RULE_VALUES.find((candidate) => candidate === chosen);
    if (value !== undefined) update.mutate({ id: channel.id, rules: { [kind]: value } });
  };
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">What {channel.name} sends</caption>
      <tbody className="divide-y">
        {NEWS_KINDS.map((kind) => {
          const { label, hint } = NEWS_LABELS[kind];
          return (
            <tr key={kind}>
              <th scope="row" className="py-2 pr-4 text-left font-normal" id={`${id}-${kind}`}>
                {label}
                <span className="block text-[0.8125rem] text-muted">{hint}</span>
              </th>
              <td className="w-52 max-w-[50%] py-2">
                <Select
                  aria-labelledby={`${id}-${kind}`}
                  value={rules[kind]}
                  onChange={({ target }) => choose(kind, target.value)}
                >
                  {RULE_VALUES.map((value) => (
                    <option key={value} value={value}>
                      {RULE_LABELS[value]}
                    </option>
                  ))}
                </Select>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
