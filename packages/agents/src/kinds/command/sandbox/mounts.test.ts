import { expect, it } from 'vitest';
import { mountArguments } from './mounts';

/** Without the view of the host that they all begin with. */
const mounts = (...places: Parameters<typeof mountArguments>[0]) =>
  mountArguments(places).join(' ').replace('--ro-bind / / --dev /dev --proc /proc', '').trim();

it('mounts a place after those that it lies in, whatever their order', () => {
  expect(
    mounts(
      { path: '/home/me/app/data/1', as: 'writable' },
      { path: '/home/me/app', as: 'hidden' },
      { path: '/home/me', as: 'writable' },
      { path: '/tmp', as: 'scratch' },
    ),
  ).toBe(
    '--tmpfs /tmp --dev-bind /home/me /home/me --tmpfs /home/me/app --dev-bind /home/me/app/data/1 /home/me/app/data/1 --remount-ro /home/me/app',
  );
});

it('lets the later one of two places with the same path count', () => {
  expect(mounts({ path: '/home/me', as: 'writable' }, { path: '/home/me', as: 'hidden' })).toBe(
    '--tmpfs /home/me --remount-ro /home/me',
  );
});

it('leaves the root as it is', () => expect(mounts({ path: '/', as: 'writable' })).toBe(''));
