'use client';

import type { ChannelView, QuietHours as Hours } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, FormError, Input } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';

const NIGHT: Hours = { from: '22:00', to: '07:00', urgentPasses: true };

/** When a channel is quiet. What comes then is sent when the hours end. */
export function QuietHours({ channel }: { channel: ChannelView }) {
  const trpc = useTRPC();
  const [hours, setHours] = useState<Hours | null>(channel.quietHours);
  const save = useMutation(
    trpc.channel.update.mutationOptions({ meta: { done: 'The quiet hours are saved' } }),
  );
  const isChanged = JSON.stringify(hours) !== JSON.stringify(channel.quietHours);
  const set = (part: Partial<Hours>) => setHours((before) => ({ ...(before ?? NIGHT), ...part }));
  return (
    <Form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ id: channel.id, quietHours: hours });
      }}
    >
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={hours !== null}
          onChange={({ target }) => setHours(target.checked ? NIGHT : null)}
        />
        Quiet hours
      </label>
      {hours !== null && (
        <>
          <div className="flex gap-3">
            <Field label="From" className="w-32">
              <Input
                type="time"
                value={hours.from}
                onChange={({ target }) => set({ from: target.value })}
                required
              />
            </Field>
            <Field label="Until" className="w-32">
              <Input
                type="time"
                value={hours.to}
                onChange={({ target }) => set({ to: target.value })}
                required
              />
            </Field>
          </div>
          <label className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={hours.urgentPasses}
              onChange={({ target }) => set({ urgentPasses: target.checked })}
            />
            What needs me comes nevertheless
          </label>
        </>
      )}
      {save.error !== null && <FormError>{messageOf(save.error)}</FormError>}
      {isChanged && (
        <Button type="submit" size="small" variant="primary" busy={save.isPending}>
          Save the quiet hours
        </Button>
      )}
    </Form>
  );
}
