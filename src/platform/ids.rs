//! Ids and random bytes, handed in, so that the same seed gives the same data and a write can run again with the same outcome.

use crate::platform::db::types::Id;
use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// The source of randomness. Cheap to clone; clones share a seeded source.
#[derive(Clone)]
pub enum Ids {
    /// The operating system's randomness.
    Random,
    /// A seeded sequence (demo, tests).
    Seeded(Arc<Mutex<StdRng>>),
}

impl Ids {
    /// A sequence that is the same for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Fresh random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        match self {
            Self::Random => rand::rng().fill_bytes(&mut out),
            Self::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut out),
        }
        out
    }

    /// The moment of one write.
    pub fn moment(&self, now: DateTime<Utc>) -> Moment {
        Moment { now, seed: self.bytes(), secret: Self::Random.bytes() }
    }
}

/// The time and the randomness of one write: however often its closure runs, it draws the same ids and codes.
#[derive(Clone)]
pub struct Moment {
    /// When the write happens, UTC.
    pub now: DateTime<Utc>,
    seed: [u8; 32],
    secret: [u8; 32],
}

impl Moment {
    /// Draws from the beginning; call it once at the top of the closure.
    pub fn draw(&self) -> Draw {
        Draw { now: self.now, rng: StdRng::from_seed(self.seed), secret: StdRng::from_seed(self.secret), n: 0 }
    }

    /// Draws for what is prepared before the closure runs: nothing that [`Moment::draw`] gives is given here.
    pub fn draw_aside(&self) -> Draw {
        let other = |seed: &[u8; 32]| StdRng::from_seed(Sha256::new().chain_update(b"aside").chain_update(seed).finalize().into());
        Draw { now: self.now, rng: other(&self.seed), secret: other(&self.secret), n: 0 }
    }
}

/// What a write draws its ids and codes from.
pub struct Draw {
    /// When the write happens, UTC.
    pub now: DateTime<Utc>,
    rng: StdRng,
    secret: StdRng,
    n: u16,
}

impl Draw {
    /// A UUIDv7 (RFC 9562, 5.7) of this write's time; those of one write are in drawing order.
    pub fn id(&mut self) -> Id {
        self.n = self.n.wrapping_add(1);
        let mut bytes: [u8; 16] = self.bytes();
        let ms = u64::try_from(self.now.timestamp_millis()).unwrap_or(0);
        bytes[..6].copy_from_slice(&ms.to_be_bytes()[2..]);
        let n = self.n.to_be_bytes();
        bytes[6] = 0x70 | (n[0] & 0x0f);
        bytes[7] = n[1];
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        Id(Uuid::from_bytes(bytes))
    }

    /// Random bytes, the same for the same seed.
    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.rng.fill_bytes(&mut out);
        out
    }

    /// A source of its own beside this one: what it gives is never given here again, and ids drawn here stay the same.
    pub fn branch(&mut self) -> Self {
        Self { now: self.now, rng: StdRng::from_seed(self.secret()), secret: StdRng::from_seed(self.secret()), n: 0 }
    }

    /// Random bytes never given before, not to an earlier run either: nonces and salts. What a closure encrypts may have changed
    /// when it runs again, and two texts under one nonce are as good as open.
    pub fn nonce<const N: usize>(&mut self) -> [u8; N] {
        Ids::Random.bytes()
    }

    /// Random bytes nobody can guess, even where ids are seeded, the same in every run: query codes, refresh tokens.
    pub fn secret<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.secret.fill_bytes(&mut out);
        out
    }
}

/// Whether an id is a UUIDv7, the only kind a client may make.
pub fn is_v7(id: Uuid) -> bool {
    id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_draws_the_ids_and_codes_of_the_one_before_and_never_its_nonces() {
        let moment = Ids::seeded(1).moment(DateTime::UNIX_EPOCH);
        let run = || {
            let mut draw = moment.draw();
            let nonce: [u8; 24] = draw.nonce();
            (draw.id(), draw.secret::<8>(), draw.branch().secret::<8>(), nonce)
        };
        let (first, second) = (run(), run());
        assert_eq!((first.0, first.1, first.2), (second.0, second.1, second.2));
        assert_ne!(first.3, second.3);
        let mut draw = moment.draw();
        assert_ne!(draw.nonce::<24>(), draw.nonce::<24>());
        let (mut aside, mut again) = (moment.draw_aside(), moment.draw_aside());
        let prepared = (aside.id(), aside.secret::<8>());
        assert_eq!(prepared, (again.id(), again.secret::<8>()));
        assert!(prepared.0 != first.0 && prepared.1 != first.1);
    }
}
