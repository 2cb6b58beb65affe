//! What the fields of a registration are called at the desk: a page that says what is wrong names them in words, not by their pointers.

use crate::platform::error::{Error, Result, Text};
use crate::platform::web::Lang;
use std::collections::HashMap;

const NAMES: &str = include_str!("../../data/registration-fields.json");
const BETWEEN: Text = Text { zh: "：", en: ": " };

/// The fields by name.
pub struct FieldNames(HashMap<String, (String, String)>);

impl FieldNames {
    /// As they are shipped.
    ///
    /// # Errors
    /// Internal only.
    pub fn shipped() -> Result<Self> {
        serde_json::from_str(NAMES).map(Self).map_err(|e| Error::Internal(Box::new(e)))
    }

    /// What a pointer (RFC 6901) points to: `/parties/0/name` is the name of person 1. A member nobody knows is called as it was sent.
    pub fn of(&self, pointer: &str, lang: Lang) -> String {
        let (mut path, mut words) = (String::new(), Vec::<String>::new());
        for segment in pointer.split('/').skip(1) {
            if let (Ok(place), Some(last)) = (segment.parse::<usize>(), words.last_mut()) {
                *last += &format!(" {}", place + 1);
                continue;
            }
            path += if path.is_empty() { "" } else { "/" };
            path += segment;
            words.push(match (self.0.get(&path), lang) {
                (Some((zh, _)), Lang::Zh) => zh.clone(),
                (Some((_, en)), Lang::En) => en.clone(),
                (None, _) => segment.to_owned(),
            });
        }
        words.join(lang.of(BETWEEN))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::petition::own_will::ConfirmOwnWill;
    use crate::petition::party::NewParty;
    use crate::petition::registration::RegisterPetition;
    use std::collections::BTreeSet;
    use utoipa::PartialSchema;

    #[test]
    fn a_pointer_is_told_in_words() {
        let names = FieldNames::shipped().unwrap();
        assert_eq!(names.of("/title", Lang::Zh), "事由");
        assert_eq!(names.of("/parties/1/own_will/how", Lang::Zh), "人员 2：本人意愿：确认方式");
        assert_eq!(names.of("/parties/0/name", Lang::En), "Person 1: Name");
        assert_eq!((names.of("/nonsense", Lang::Zh), names.of("", Lang::En)), ("nonsense".into(), String::new()));
    }

    #[test]
    fn every_member_has_a_name() {
        let names = FieldNames::shipped().unwrap();
        let members = |schema: serde_json::Value, under: &str| -> Vec<String> {
            schema["properties"].as_object().unwrap().keys().map(|member| format!("{under}{member}")).collect()
        };
        let schema = |of: utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>| serde_json::to_value(of).unwrap();
        let mut all: BTreeSet<String> = members(schema(RegisterPetition::schema()), "").into_iter().collect();
        all.extend(members(schema(NewParty::schema()), "parties/"));
        all.extend(members(schema(ConfirmOwnWill::schema()), "parties/own_will/"));
        let missing: Vec<_> = all.iter().filter(|member| !names.0.contains_key(*member)).collect();
        assert!(missing.is_empty(), "without a name: {missing:?}");
    }
}
