import { expect, test } from 'vitest';
import { type Identity, type OwnerPlace, pidViewOf, placeOf, readIdentity } from './identity';

const FIRST = '4026531836';
const machine: Identity = {
  platform: 'linux',
  host: 'home',
  machine: 'm1',
  boot: 'b1',
  pidNamespace: FIRST,
};
const container: Identity = { ...machine, host: 'c1', machine: null, pidNamespace: '4026532555' };
const mac: Identity = { platform: 'darwin', host: 'mac', machine: null, boot: null, pidNamespace: null };

test.each<[string, Identity, Identity, OwnerPlace]>([
  ['two processes of a machine', machine, machine, 'here'],
  ['two processes of a container', container, container, 'here'],
  ['another container', { ...container, pidNamespace: '4026532777' }, container, 'other-container'],
  ['a container with the same host name', { ...container, pidNamespace: '1' }, container, 'other-container'],
  ['the machine around the container', machine, container, 'other-container'],
  [
    'an unknown namespace',
    { ...container, pidNamespace: null },
    { ...container, pidNamespace: null },
    'other-container',
  ],
  ['the machine before its restart', { ...machine, boot: 'b0' }, machine, 'before-restart'],
  ['another machine of the same name', { ...machine, machine: 'm2', boot: 'b2' }, machine, 'other-machine'],
  ['a container of the same name, perhaps moved', { ...container, boot: 'b2' }, container, 'other-machine'],
  ['no boot id', { ...container, boot: null }, { ...container, boot: null }, 'other-machine'],
  ['another system on the same folder', mac, container, 'other-machine'],
  ['macOS', mac, mac, 'here'],
  ['another Mac', { ...mac, host: 'mac-2' }, mac, 'other-machine'],
])('%s', (_name, owner, own, place) => {
  expect(placeOf(owner, own)).toBe(place);
});

test('a process is in the same place as itself', async () => {
  const self = await readIdentity();
  expect(self.platform).toBe(process.platform);
  expect(placeOf(self, self)).toBe('here');
});

test('only outside of containers do pids name all processes of the machine', () => {
  expect([machine, container, mac].map(pidViewOf)).toEqual(['machine', 'container', 'no-namespaces']);
});
