// Sealing a file under a passphrase, in the age format: any age tool opens it. The package is bundled in here
// (see xtask/src/site/minify.rs); copy.js loads it where a passphrase is used, and nowhere else.
export { Decrypter, Encrypter } from 'age-encryption';
