export * from './keyFile';
export * from './keyRing';
export * from './vault';
