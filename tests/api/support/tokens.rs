//! Tokens of the tests' own making, good ones and forged ones.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaEncoding, RsaKeyPair,
};
use serde_json::{Value, json};

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// As the parts of a token are written.
pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token of a header and claims, signed by whoever `sign` is.
pub fn token(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    raw(header.to_string().as_bytes(), claims.to_string().as_bytes(), sign)
}

/// As [`token`], of any bytes.
pub fn raw(header: &[u8], claims: &[u8], sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let signed = format!("{}.{}", base64(header), base64(claims));
    let signature = base64(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// Somebody with a private key.
pub struct Signer {
    pub kid: String,
    key: Key,
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
}

impl Signer {
    /// With an RSA key of `tests/fixtures/keys`.
    pub fn rsa(kid: &str, file: &str) -> Self {
        let path = format!("{}/tests/fixtures/keys/{file}.pem", env!("CARGO_MANIFEST_DIR"));
        let pem = std::fs::read_to_string(path).unwrap();
        let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(text).unwrap()).unwrap();
        Self { kid: kid.to_owned(), key: Key::Rsa(Box::new(key)) }
    }

    /// With a new P-256 key.
    pub fn ec(kid: &str) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        Self { kid: kid.to_owned(), key: Key::Ec(Box::new(key)) }
    }

    /// The one algorithm that its key is for.
    pub fn algorithm(&self) -> &'static str {
        match self.key {
            Key::Rsa(_) => "RS256",
            Key::Ec(_) => "ES256",
        }
    }

    /// The public key, as an issuer publishes it.
    pub fn jwk(&self) -> Value {
        let key = match &self.key {
            Key::Rsa(key) => {
                let public: ring::rsa::PublicKeyComponents<Vec<u8>> = key.public().into();
                json!({"kty": "RSA", "n": base64(public.n), "e": base64(public.e)})
            }
            Key::Ec(key) => {
                let point = key.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "x": base64(&point[1..33]), "y": base64(&point[33..])})
            }
        };
        let mut all = json!({"kid": self.kid, "use": "sig", "alg": self.algorithm()});
        all.as_object_mut().unwrap().extend(key.as_object().unwrap().clone());
        all
    }

    /// The public key's bytes, as one that mistakes it for a secret would have them.
    pub fn public(&self) -> Vec<u8> {
        match &self.key {
            Key::Rsa(key) => key.public_key().as_ref().to_vec(),
            Key::Ec(key) => key.public_key().as_ref().to_vec(),
        }
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Rsa(_) => self.sign_rsa(&RSA_PKCS1_SHA256, message),
            Key::Ec(key) => key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
        }
    }

    pub fn sign_rsa(&self, how: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
        let Key::Rsa(key) = &self.key else { panic!("no RSA key") };
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(how, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    }

    pub fn header(&self) -> Value {
        json!({"alg": self.algorithm(), "kid": self.kid, "typ": "JWT"})
    }

    /// A token as it should be.
    pub fn token(&self, claims: &Value) -> String {
        token(&self.header(), claims, |message| self.sign(message))
    }
}
