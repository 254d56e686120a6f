import { mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ifThere } from './errors';

/** How a server is reached: by the socket in its data folder, or on a port of the loopback interface. */
export type Address = { kind: 'socket' } | { kind: 'tcp'; port: number };

export const DATABASE_USER = 'everbeat';

/** Part of a socket's file name. */
const SOCKET_PORT = 5432;
export const SOCKET_NAME = `.s.PGSQL.${SOCKET_PORT}`;
/** Paths of sockets are limited by the system: to 107 bytes on Linux, 103 on macOS. */
const SOCKET_PATH_BYTES_MAX = process.platform === 'linux' ? 107 : 103;

export const isSameAddress = (one: Address, other: Address): boolean => portOf(one) === portOf(other);

function portOf(address: Address): number | undefined {
  return address.kind === 'tcp' ? address.port : undefined;
}

/** The settings of a server that listens there. Its working directory is its data folder. */
export function listenSettings(address: Address): Record<string, string | number> {
  return address.kind === 'socket'
    ? { port: SOCKET_PORT, listen_addresses: '', unix_socket_directories: '.' }
    : { port: address.port, listen_addresses: '127.0.0.1', unix_socket_directories: '' };
}

/** `socketFolder` is the path by which this process reaches the data folder (`openSocketPath`). */
export function urlOf(address: Address, { socketFolder, password }: Reach): string {
  const user = `${DATABASE_USER}:${password}`;
  return address.kind === 'socket'
    ? `postgres://${user}@localhost:${SOCKET_PORT}/postgres?host=${encodeURIComponent(socketFolder)}`
    : `postgres://${user}@127.0.0.1:${address.port}/postgres`;
}

export interface Reach {
  socketFolder: string;
  password: string;
}

/** A path of the data folder that is short enough for sockets. */
export interface SocketPath {
  folder: string;
  /** Makes the short path again if something that cleans the temporary folder has removed it. */
  keep(): Promise<void>;
  remove(): Promise<void>;
}

/** The folder itself, or a link to it in the system's temporary folder where its own path is too long. */
export async function openSocketPath(cluster: string): Promise<SocketPath> {
  const nothing = async () => undefined;
  if (Buffer.byteLength(path.join(cluster, SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX) {
    return { folder: cluster, keep: nothing, remove: nothing };
  }
  const parent = await mkdtemp(path.join(tmpdir(), 'everbeat-'));
  const folder = path.join(parent, 'db');
  await symlink(cluster, folder);
  return {
    folder,
    async keep() {
      if ((await ifThere(stat(folder))) !== undefined) return;
      await mkdir(parent, { mode: 0o700 });
      await symlink(cluster, folder);
    },
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}
