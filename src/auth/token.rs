//! Access tokens: JWTs signed with EdDSA (RFC 8037), 15 minutes, checked against the product's own clock.

use super::model::{Actor, Role};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::key::Keyring;
use crate::platform::web::codes;
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::jwk::{Jwk, JwkSet, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// How long an access token lives.
pub const LIFETIME: Duration = Duration::minutes(15);

const ISSUER: &str = "xinfang";
const AUDIENCE: &str = "xinfang-api";
/// PKCS#8 v1 wrapping of an Ed25519 seed (RFC 8410).
const PKCS8: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
/// Verified tokens remembered; checking a signature costs more than most reads.
const REMEMBERED: usize = 4096;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Id,
    unit: Id,
    roles: Vec<Role>,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Id,
}

#[derive(Clone)]
struct Verified {
    actor: Arc<Actor>,
    not_before: DateTime<Utc>,
    expires: DateTime<Utc>,
}

/// Signs and checks access tokens.
pub struct Tokens {
    signing: (String, EncodingKey),
    verifying: HashMap<String, DecodingKey>,
    published: JwkSet,
    remembered: RwLock<HashMap<[u8; 32], Verified>>,
}

impl Tokens {
    /// From the keyring: its first token key signs, all verify.
    ///
    /// # Errors
    /// Internal, when there is no key.
    pub fn new(keys: &Keyring) -> Result<Self> {
        let internal = |e: jsonwebtoken::errors::Error| Error::Internal(Box::new(e));
        let mut signing = None;
        let mut verifying = HashMap::new();
        let mut published = Vec::new();
        for key in keys.tokens() {
            let encoding = EncodingKey::from_ed_der(&[&PKCS8[..], key.seed.expose()].concat());
            let mut jwk = Jwk::from_encoding_key(&encoding, Algorithm::EdDSA).map_err(internal)?;
            let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(internal)?;
            jwk.common.key_id = Some(kid.clone());
            verifying.insert(kid.clone(), DecodingKey::from_jwk(&jwk).map_err(internal)?);
            published.push(jwk);
            signing.get_or_insert((kid, encoding));
        }
        Ok(Self {
            signing: signing.ok_or_else(|| Error::internal("no token key"))?,
            verifying,
            published: JwkSet { keys: published },
            remembered: RwLock::default(),
        })
    }

    /// The public keys (RFC 7517).
    pub fn jwks(&self) -> &JwkSet {
        &self.published
    }

    /// Signs a token for an account.
    ///
    /// # Errors
    /// Internal only.
    pub fn sign(&self, actor: &Actor, jti: Id, now: DateTime<Utc>) -> Result<String> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: actor.id(),
            unit: actor.unit_id,
            roles: actor.roles.iter().collect(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
            jti,
        };
        let header = Header { kid: Some(self.signing.0.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.signing.1).map_err(|e| Error::Internal(Box::new(e)))
    }

    /// Checks a token: signature by a published key, issuer, audience, times against `now`.
    ///
    /// # Errors
    /// Unauthenticated, saying whether it expired or is none of ours.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Actor>> {
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let known = self.remembered.read().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned();
        let verified = match known {
            Some(verified) => verified,
            None => self.verify(token, hash)?,
        };
        if now < verified.not_before {
            return Err(Error::Unauthenticated(codes::TOKEN_INVALID));
        }
        if now >= verified.expires {
            return Err(Error::Unauthenticated(codes::TOKEN_EXPIRED));
        }
        Ok(verified.actor)
    }

    fn verify(&self, token: &str, hash: [u8; 32]) -> Result<Verified> {
        let invalid = || Error::Unauthenticated(codes::TOKEN_INVALID);
        let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
        let key = header.kid.and_then(|kid| self.verifying.get(&kid)).ok_or_else(invalid)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        // the system's clock would be read here; ours is checked by the caller
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &validation).map_err(|_| invalid())?.claims;
        let time = |seconds| DateTime::from_timestamp(seconds, 0).ok_or_else(invalid);
        let actor = Actor::staff(claims.sub, claims.unit, claims.roles.into_iter().collect());
        let verified = Verified { actor: Arc::new(actor), not_before: time(claims.nbf)?, expires: time(claims.exp)? };
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        remembered.insert(hash, verified.clone());
        Ok(verified)
    }
}
