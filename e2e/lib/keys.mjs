// The keys of the course: private PKCS#8 DER and public SPKI DER, both in hex.

/** @typedef {{ privateKey: string, publicKey: string }} Key */

const PRIVATE = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420";
const POINT = "a144034200";
const PUBLIC = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

/** @param {string} secret @param {string} point @returns {Key} */
const key = (secret, point) => ({ privateKey: PRIVATE + secret + POINT + point, publicKey: PUBLIC + point });

/** Owns the 50 FED of the genesis block. */
export const GENESIS = key(
  "12bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0",
  "043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e",
);

export const A = key(
  "75189dae1d094c49143d0773fd8860bab4d012112e3da1e9628bd9c0f4d50bef",
  "04a557c098f9fd58388690eb4633bc81f2a4e2ae341f2b81dbaef27f8aef686fb793632412ad7d557d8f5d57077d59b9491997cbf4480dabf980f675a29a3ce370",
);
