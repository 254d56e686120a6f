'use client';

import type { ChannelView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Field, Select } from '@/components/ui/field';
import { formatDuration } from '@/lib/format/duration';
import { useTRPC } from '@/lib/trpc/client';

const MINUTES = [0, 5, 10, 30, 60, 240, 1_440];

/** How long a channel is silent about a task of which it has just told. The choice is saved as it is made. */
export function CoolDown({ channel }: { channel: ChannelView }) {
  const trpc = useTRPC();
  const update = useMutation(
    trpc.channel.update.mutationOptions({ meta: { failed: `The pause of ${channel.name} was not saved` } }),
  );
  const minutes =
    (update.isPending ? update.variables.coolDownMinutes : undefined) ?? channel.coolDownMinutes;
  const choices = [...new Set([...MINUTES, minutes])].toSorted((a, b) => a - b);
  return (
    <Field
      label="Pause between two messages about one task"
      hint="What comes meanwhile is told together. What needs you comes at once."
    >
      <Select
        className="w-52"
        value={minutes}
        onChange={({ target }) => update.mutate({ id: channel.id, coolDownMinutes: Number(target.value) })}
      >
        {choices.map((each) => (
          <option key={each} value={each}>
            {each === 0 ? 'None' : formatDuration(each * 60)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
