//! What one event must be by itself: its columns, its body, its hash and its sealed content say the same.

use super::chain::{self, FORMAT};
use super::model::{Event, EventSealed};
use crate::platform::error::Result;
use crate::platform::key::Keyring;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// What an event turned out to be.
#[derive(Debug, Default)]
pub(super) struct Examined {
    /// What is wrong, in words.
    pub wrong: Vec<String>,
    /// Its details, where the body can be read.
    pub data: Option<Value>,
    /// Whether its sealed content is gone, as the law may demand.
    pub erased: bool,
}

/// Examines one event apart from its neighbours.
///
/// # Errors
/// Internal only.
pub(super) fn examine(event: &Event, sealed: Option<&EventSealed>, keys: &Keyring) -> Result<Examined> {
    let mut examined = Examined::default();
    if Sha256::digest(event.body.as_bytes()).as_slice() != event.hash {
        examined.wrong.push("its hash is not that of its body".to_owned());
    }
    if event.format == FORMAT {
        match serde_json::from_str(&event.body) {
            Ok(Value::Object(mut body)) => {
                let data = body.get_mut("data").map(Value::take).unwrap_or_default();
                let rebuilt = chain::body(event, data.clone())?;
                if rebuilt != event.body {
                    examined.wrong.extend(differences(&event.body, &rebuilt));
                }
                examined.data = Some(data);
            }
            _ => examined.wrong.push("its body is no JSON object".to_owned()),
        }
    } else {
        examined.wrong.push(format!("its format {} is unknown", event.format));
    }
    match (&event.sealed_hash, sealed) {
        (None, None) => {}
        (Some(_), None) => examined.erased = true,
        (None, Some(_)) => examined.wrong.push("it has sealed content that it does not vouch for".to_owned()),
        (Some(hash), Some(sealed)) => examined.wrong.extend(unsealed(hash, sealed, keys)),
    }
    Ok(examined)
}

fn unsealed(hash: &[u8], sealed: &EventSealed, keys: &Keyring) -> Option<String> {
    match keys.unseal(chain::sealed_place(sealed.event_id).as_bytes(), &sealed.content) {
        Err(e) => Some(format!("its sealed content can't be opened ({e})")),
        Ok(plain) if chain::commitment(&sealed.salt, &plain) != hash => Some("its sealed content is not what it vouches for".to_owned()),
        Ok(_) => None,
    }
}

/// Why a body is not what its columns make of it.
fn differences(body: &str, rebuilt: &str) -> Vec<String> {
    let object = |text| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let (said, columns) = (object(body), object(rebuilt));
    let mut wrong: Vec<String> = columns
        .iter()
        .filter(|(name, value)| said.get(*name) != Some(value))
        .map(|(name, value)| match said.get(name) {
            Some(said) => format!("`{name}` is {value}, but its body says {said}"),
            None => format!("its body says no `{name}`"),
        })
        .collect();
    wrong.extend(said.keys().filter(|name| !columns.contains_key(*name)).map(|name| format!("its body says `{name}`, which is no column")));
    if wrong.is_empty() {
        wrong.push("its body is not in canonical form (RFC 8785)".to_owned());
    }
    wrong
}
