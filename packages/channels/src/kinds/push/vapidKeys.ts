import webPush from 'web-push';

/** A new pair of keys with which a server signs its push messages (RFC 8292), each as base64url. */
export const makeVapidKeys = (): { publicKey: string; privateKey: string } => webPush.generateVAPIDKeys();
