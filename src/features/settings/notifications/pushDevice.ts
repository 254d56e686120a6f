/** Push messages in this browser: whether it takes them, and its subscription. */

export type DeviceState =
  /** `insecure`: browsers allow push on pages over HTTPS and on `localhost` alone. */
  'unsupported' | 'insecure' | 'denied' | 'ready';

export function deviceState(): DeviceState {
  if (!window.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) {
    return 'unsupported';
  }
  return Notification.permission === 'denied' ? 'denied' : 'ready';
}

/**
 * Asks the person for permission, and subscribes this browser to messages of the server with this key.
 * @throws Error when the permission is not given; errors of the browser
 */
export async function subscribeDevice(publicKey: string): Promise<PushSubscriptionJSON> {
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') throw new Error('The browser was not allowed to show messages');
  const worker = await navigator.serviceWorker.register('/sw.js');
  await navigator.serviceWorker.ready;
  const key = bytesOf(publicKey);
  const subscribed = await worker.pushManager.getSubscription();
  // A subscription made for another key, such as that of a server that was set up anew, takes no message of
  // this one.
  if (subscribed !== null && !isSame(subscribed.options.applicationServerKey, key))
    await subscribed.unsubscribe();
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  });
  return subscription.toJSON();
}

export async function unsubscribeDevice(): Promise<void> {
  const worker = await navigator.serviceWorker.getRegistration();
  const subscription = await worker?.pushManager.getSubscription();
  await subscription?.unsubscribe();
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const isSame = (key: ArrayBuffer | null, other: Uint8Array): boolean =>
  key !== null && new Uint8Array(key).toString() === other.toString();

const CHANNEL_KEY = 'everbeat.push-channel';

/** The channel of this browser. Its subscription is a secret, so the server does not tell which one it is. */
export const ownChannel = {
  read: (): string | null => localStorage.getItem(CHANNEL_KEY),
  keep: (id: string): void => localStorage.setItem(CHANNEL_KEY, id),
  forget: (): void => localStorage.removeItem(CHANNEL_KEY),
};

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Mac OS X/, 'Mac'],
  [/Windows/, 'Windows'],
  [/Linux/, 'Linux'],
];
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

/** What a person calls this device: "Firefox on Android". */
export function deviceName(userAgent: string): string {
  const nameIn = (names: typeof SYSTEMS) => names.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [browser, system] = [nameIn(BROWSERS) ?? 'A browser', nameIn(SYSTEMS)];
  return system === undefined ? browser : `${browser} on ${system}`;
}
