'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Smartphone } from 'lucide-react';
import { type ReactNode, useSyncExternalStore } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { useTRPC, useTRPCClient } from '@/lib/trpc/client';
import {
  type DeviceState,
  deviceName,
  deviceState,
  ownChannel,
  subscribeDevice,
  unsubscribeDevice,
} from './pushDevice';
import { keepTimezone } from './timezone';

const NOT_READY: Readonly<Record<Exclude<DeviceState, 'ready'>, string>> = {
  unsupported:
    'This browser cannot show messages of a page that is closed. On an iPhone, add Everbeat to the home screen first, and open it there.',
  insecure: 'Browsers show messages only of pages over HTTPS, and of localhost.',
  denied: 'This browser was told not to show messages of Everbeat. Allow them in its settings for this page.',
};

const never = () => () => undefined;

function useDevice() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const state = useSyncExternalStore(never, deviceState, () => null);
  const { data: channels } = useQuery(trpc.channel.list.queryOptions());
  const kept = state === null ? null : ownChannel.read();
  const channel = channels?.find(({ id }) => id === kept) ?? null;
  const turnOn = useMutation({
    mutationFn: async () => {
      const { publicKey } = await client.channel.pushKey.mutate();
      const { endpoint = '', expirationTime = null, keys = {} } = await subscribeDevice(publicKey);
      const config = { subscription: { endpoint, expirationTime, keys } };
      const made = await client.channel.create.mutate({
        kind: 'push',
        name: deviceName(navigator.userAgent),
        config,
      });
      ownChannel.keep(made.id);
      await keepTimezone(client);
      return await client.channel.test.mutate({ id: made.id });
    },
    onSuccess: ({ ok, problem }) => {
      if (ok) toast.success('This device is told from now on');
      else toast.error('This device did not take the trial message', { description: problem });
    },
    meta: { failed: 'This device could not be told' },
  });
  const turnOff = useMutation({
    mutationFn: async (id: string) => {
      await client.channel.delete.mutate({ id });
      ownChannel.forget();
      await unsubscribeDevice();
    },
    meta: { done: 'This device is not told any more', failed: 'This device is told still' },
  });
  return { state, isLoaded: channels !== undefined, channel, turnOn, turnOff };
}

function Row({ children, button }: { children: ReactNode; button?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-2xl border bg-surface p-4 text-sm sm:px-5">
      <Smartphone aria-hidden className="size-5 shrink-0 text-accent" />
      <p className="min-w-0 flex-1 basis-48">{children}</p>
      {button}
    </div>
  );
}

/** Switches push messages to this browser on and off. */
export function ThisDevice() {
  const { state, isLoaded, channel, turnOn, turnOff } = useDevice();
  if (state === null || !isLoaded) return <div className="h-18" />;
  if (channel !== null) {
    return (
      <Row
        button={
          <Button size="small" busy={turnOff.isPending} onClick={() => turnOff.mutate(channel.id)}>
            Do not tell this device
          </Button>
        }
      >
        This device is told, also while Everbeat is closed.
      </Row>
    );
  }
  if (state !== 'ready') return <Row>{NOT_READY[state]}</Row>;
  return (
    <Row
      button={
        <Button variant="primary" size="small" busy={turnOn.isPending} onClick={() => turnOn.mutate()}>
          Tell me on this device
        </Button>
      }
    >
      Be told here what needs you and what failed, also while Everbeat is closed.
    </Row>
  );
}

/** The same as an offer beside something else: nothing where the browser cannot, or is told already. */
export function OfferThisDevice() {
  const { state, isLoaded, channel, turnOn } = useDevice();
  if (state !== 'ready' || !isLoaded || channel !== null) return null;
  return (
    <Button size="small" busy={turnOn.isPending} onClick={() => turnOn.mutate()}>
      <Smartphone aria-hidden /> Tell me on this device
    </Button>
  );
}
