import ssh2 from "ssh2";

/**
 * A new ed25519 key pair in OpenSSH's form. ssh2 1.17 writes about one private key in 230 in a form that its own
 * parser then refuses ("Malformed OpenSSH private key"): such a pair is thrown away.
 */
export function newKeys(comment: string): { private: string; public: string } {
  for (;;) {
    const made = ssh2.utils.generateKeyPairSync("ed25519", { comment });
    if (!(ssh2.utils.parseKey(made.private) instanceof Error)) return made;
  }
}
