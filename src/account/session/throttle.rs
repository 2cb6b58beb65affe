//! Failures by user name and by address, in memory.

use super::rules::{ADDRESS, Failures, Patience, USERNAME};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Doors remembered; beyond, the one that failed longest ago is forgotten.
const REMEMBERED: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Door {
    Username(String),
    Address(String),
}

impl Door {
    fn patience(&self) -> Patience {
        match self {
            Self::Username(_) => USERNAME,
            Self::Address(_) => ADDRESS,
        }
    }
}

/// Counts failures and says who must wait.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<HashMap<Door, Failures>>);

impl Throttle {
    /// How long this user name or this address must wait, the longer of both.
    pub(super) fn wait(&self, username: &str, address: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
        let doors = self.doors();
        both(username, address).iter().filter_map(|door| door.patience().wait(*doors.get(door)?, now)).max()
    }

    /// Counts a failure.
    pub(super) fn failed(&self, username: &str, address: &str, now: DateTime<Utc>) {
        let mut doors = self.doors();
        for door in both(username, address) {
            make_room(&mut doors, now);
            let failures = Failures::another(doors.get(&door).copied(), now);
            doors.insert(door, failures);
        }
    }

    /// Forgets the user name's failures; the address's stay, or an account of one's own would be a key to all others.
    pub(super) fn succeeded(&self, username: &str) {
        self.doors().remove(&Door::Username(username.to_owned()));
    }

    fn doors(&self) -> MutexGuard<'_, HashMap<Door, Failures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn both(username: &str, address: &str) -> [Door; 2] {
    [Door::Username(username.to_owned()), Door::Address(address.to_owned())]
}

fn make_room(doors: &mut HashMap<Door, Failures>, now: DateTime<Utc>) {
    if doors.len() < REMEMBERED {
        return;
    }
    doors.retain(|_, failures| !failures.is_forgotten(now));
    while doors.len() >= REMEMBERED {
        let Some(oldest) = doors.iter().min_by_key(|(_, failures)| failures.last).map(|(door, _)| door.clone()) else { return };
        doors.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_shut_the_door_for_the_name_alone() {
        let (throttle, now) = (Throttle::default(), DateTime::UNIX_EPOCH);
        for _ in 0..4 {
            throttle.failed("desk", "10.0.0.1", now);
        }
        assert_eq!(throttle.wait("desk", "10.0.0.1", now), None);
        throttle.failed("desk", "10.0.0.1", now);
        assert_eq!(throttle.wait("desk", "10.0.0.2", now), Some(TimeDelta::seconds(1)));
        assert_eq!(throttle.wait("head", "10.0.0.1", now), None);
        throttle.succeeded("desk");
        assert_eq!(throttle.wait("desk", "10.0.0.1", now), None);
    }

    #[test]
    fn an_address_that_tries_many_names_waits_for_all() {
        let (throttle, now) = (Throttle::default(), DateTime::UNIX_EPOCH);
        for n in 0..21 {
            throttle.failed(&format!("name{n}"), "10.0.0.1", now);
        }
        throttle.succeeded("name0");
        assert_eq!(throttle.wait("desk", "10.0.0.1", now), Some(TimeDelta::seconds(2)));
        assert_eq!(throttle.wait("desk", "10.0.0.2", now), None);
    }

    #[test]
    fn memory_is_bounded() {
        let (throttle, now) = (Throttle::default(), DateTime::UNIX_EPOCH);
        let mut doors = throttle.doors();
        for n in 0..REMEMBERED as i64 {
            doors.insert(Door::Address(n.to_string()), Failures { count: 1, last: now + TimeDelta::milliseconds(n) });
        }
        drop(doors);
        throttle.failed("desk", "10.0.0.1", now + TimeDelta::minutes(1));
        let doors = throttle.doors();
        assert_eq!(doors.len(), REMEMBERED);
        assert!(!doors.contains_key(&Door::Address("0".into())) && doors.contains_key(&Door::Username("desk".into())));
    }
}
