/**
 * A certificate that nobody trusts unless it is given to them, for `unknown.example` and until 2126, with its
 * key. Made for the tests; it protects nothing.
 */
export const unknownCertificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBmF4EJ1F0g0wOn6S
PhxTHI+9KplDCs5rXg5ZJU0pOz+hRANCAAQwXUmygeQTtbHvwGUgUt7ccKzZKNnb
VpJH+YOJfvi+VylcXs1bpvaCqS9vq/YSdn3lveIVYwHGE65XI4OXKDOl
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBizCCATGgAwIBAgIUKVFsGvwvUBfeH2YIxjnXQrwx9EQwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPdW5rbm93bi5leGFtcGxlMCAXDTI2MTEyODEyNDM1M1oYDzIx
MjYxMTA0MTI0MzUzWjAaMRgwFgYDVQQDDA91bmtub3duLmV4YW1wbGUwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAAQwXUmygeQTtbHvwGUgUt7ccKzZKNnbVpJH+YOJ
fvi+VylcXs1bpvaCqS9vq/YSdn3lveIVYwHGE65XI4OXKDOlo1MwUTAdBgNVHQ4E
FgQUVYltJK1HJ5jb+cusS10PrrmA+tIwHwYDVR0jBBgwFoAUVYltJK1HJ5jb+cus
S10PrrmA+tIwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAnpOa
AiOWPkH+jZfWBz/MZ8qQChQ+SW9zHHXVZotYGM4CIFUHsO84Cmwoh25i1UyGTFZn
MEb5qQHtEQ/gWkEmNV14
-----END CERTIFICATE-----`,
};
