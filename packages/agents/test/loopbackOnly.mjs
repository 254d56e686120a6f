// Loaded before a server from the registry that would listen on every address of the machine.
import net from 'node:net';

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function listenOnLoopback(port, ...rest) {
  return Reflect.apply(listen, this, [{ port: Number(port), host: '127.0.0.1' }, ...rest]);
};
