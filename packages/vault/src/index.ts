export * from './keyFile';
export * from './keyRing';
export * from './secretHash';
export * from './vault';
