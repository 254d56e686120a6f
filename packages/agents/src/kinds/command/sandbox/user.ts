/** An account of the host. */
export interface User {
  uid: number;
  gid: number;
}
