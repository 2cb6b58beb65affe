//! Making, changing and closing categories, and the ones every new database gets.

use super::model::{Category, CategoryChange, NewCategory};
use super::{repo, rules};
use crate::audit::{Draft, Head, SubjectKind, append};
use crate::auth::{Context, Permission};
use crate::codes;
use crate::platform::db::{Conn, alone};
use crate::platform::error::{Error, Refusal, Result};
use serde_json::{Map, Value, json};

/// The categories of the product.
const SHIPPED: &str = include_str!("../../data/categories.json");
/// Places left between two, so that one can be put there.
const STEP: i32 = 10;

/// Fills an empty table with the shipped categories; says how many.
///
/// # Errors
/// Database, or internal when the shipped list can't be read.
pub fn load_shipped(c: &mut Conn, cx: &mut Context) -> Result<usize> {
    alone(c)?;
    if repo::last_position(c)?.is_some() {
        return Ok(0);
    }
    let shipped: Vec<NewCategory> = serde_json::from_str(SHIPPED).map_err(|e| Error::Internal(Box::new(e)))?;
    for (place, new) in (1..).zip(&shipped) {
        add(c, cx, new, new.position.unwrap_or(place * STEP), Draft::by_system("category_created"))?;
    }
    Ok(shipped.len())
}

/// The category a caller is about to change, at the version they have seen.
///
/// # Errors
/// NotFound, VersionRequired, Stale.
pub fn open(c: &mut Conn, cx: &Context, code: &str) -> Result<Category> {
    let category = repo::find(c, code)?.ok_or(Error::NotFound)?;
    cx.expect_version(category.version, &category.clone().view()?.etag)?;
    Ok(category)
}

/// Makes a category.
///
/// # Errors
/// Invalid for an unknown parent or a third level; Conflict when the code is in use.
pub fn create(c: &mut Conn, cx: &mut Context, new: &NewCategory) -> Result<Category> {
    if let Some(parent) = &new.parent {
        check_parent(c, &new.code, parent, false)?;
    }
    let position = match new.position {
        Some(position) => position,
        None => repo::last_position(c)?.unwrap_or(0).saturating_add(STEP),
    };
    let draft = draft(cx, "category_created");
    add(c, cx, new, position, draft)
}

/// Changes a category that [`open`] gave; a change of nothing is no event.
///
/// # Errors
/// Invalid for an unknown parent or a third level.
pub fn change(c: &mut Conn, cx: &mut Context, category: Category, change: &CategoryChange) -> Result<Category> {
    let mut next = category.clone();
    next.name = change.name.as_deref().map(|n| n.trim().to_owned()).unwrap_or(next.name);
    next.name_en = change.name_en.as_deref().map(|n| n.trim().to_owned()).unwrap_or(next.name_en);
    next.parent = change.parent.clone().unwrap_or(next.parent);
    next.position = change.position.unwrap_or(next.position);
    next.closed_on = change.closed_on.unwrap_or(next.closed_on);
    if next == category {
        return Ok(category);
    }
    if let Some(parent) = next.parent.as_ref().filter(|parent| category.parent.as_ref() != Some(*parent)) {
        let has_children = repo::has_children(c, &category.code)?;
        check_parent(c, &category.code, parent, has_children)?;
    }
    // names of categories are nobody's: they stand in the open part
    let mut draft =
        draft(cx, if next.closed_on.is_some() && category.closed_on.is_none() { "category_closed" } else { "category_changed" });
    draft.data = differences(&category, &next);
    draft.sealed = change.reason.as_ref().map(|reason| json!({ "reason": reason })).into();
    let head = append(c, cx, SubjectKind::Category, next.id, &Head { n: next.event_n, hash: next.event_hash.clone() }, draft)?;
    repo::update(c, &next, &head)
}

fn add(c: &mut Conn, cx: &mut Context, new: &NewCategory, position: i32, draft: Draft) -> Result<Category> {
    let mut category = Category {
        id: cx.draw.id(),
        code: new.code.clone(),
        name: new.name.trim().to_owned(),
        name_en: new.name_en.trim().to_owned(),
        parent: new.parent.clone(),
        unit_kind: new.unit_kind.clone(),
        petition_kind: new.petition_kind,
        position,
        closed_on: None,
        version: 1,
        event_n: 0,
        event_hash: Vec::new(),
    };
    let draft = draft
        .with("code", &category.code)
        .with("name", &category.name)
        .with("name_en", &category.name_en)
        .with("parent", &category.parent)
        .with("unit_kind", &category.unit_kind)
        .with("petition_kind", category.petition_kind)
        .with("position", position);
    let head = append(c, cx, SubjectKind::Category, category.id, &Head::none(), draft)?;
    (category.event_n, category.event_hash) = (head.n, head.hash);
    if repo::insert(c, &category)? {
        return Ok(category);
    }
    Err(Error::Conflict(Refusal { args: vec![category.code], ..Refusal::new(codes::CODE_TAKEN) }))
}

fn check_parent(c: &mut Conn, code: &str, parent: &str, has_children: bool) -> Result<()> {
    let Some(above) = repo::find(c, parent)? else {
        return Err(Error::fault("/parent", codes::UNKNOWN_PARENT));
    };
    if rules::too_deep(code, parent, above.parent.is_some(), has_children) {
        return Err(Error::fault("/parent", codes::CATEGORY_TOO_DEEP));
    }
    Ok(())
}

fn draft(cx: &Context, act: &'static str) -> Draft {
    Draft::new(act, cx.actor.role_among(Permission::AdministerCategories.roles()))
}

fn differences(before: &Category, after: &Category) -> Map<String, Value> {
    let pairs = [
        ("name", json!(before.name), json!(after.name)),
        ("name_en", json!(before.name_en), json!(after.name_en)),
        ("parent", json!(before.parent), json!(after.parent)),
        ("position", json!(before.position), json!(after.position)),
        ("closed_on", json!(before.closed_on), json!(after.closed_on)),
    ];
    pairs
        .into_iter()
        .filter(|(_, from, to)| from != to)
        .map(|(name, from, to)| (name.to_owned(), json!({ "from": from, "to": to })))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn the_shipped_categories_are_two_levels_in_order() {
        let shipped: Vec<NewCategory> = serde_json::from_str(SHIPPED).unwrap();
        let mut seen: HashMap<&str, bool> = HashMap::new();
        for category in &shipped {
            assert!(rules::code_fits(&category.code), "{}", category.code);
            if let Some(parent) = &category.parent {
                assert_eq!(seen.get(parent.as_str()), Some(&true), "{}: its parent comes first and has none itself", category.code);
            }
            assert!(seen.insert(&category.code, category.parent.is_none()).is_none(), "{} stands twice", category.code);
            if let Some(kind) = &category.unit_kind {
                assert!(crate::unit::UnitKind::parse(kind).is_some(), "{}: no unit is of kind {kind}", category.code);
            }
        }
    }

    #[test]
    fn the_kinds_of_unit_a_category_takes_are_those_there_are() {
        use utoipa::PartialSchema;
        let schema = serde_json::to_value(NewCategory::schema()).unwrap();
        let kinds: Vec<_> = crate::unit::UnitKind::ALL.iter().map(|k| k.as_str()).collect();
        let pattern = schema.pointer("/properties/unit_kind/pattern").unwrap();
        assert_eq!(pattern, &serde_json::json!(format!("^({})$", kinds.join("|"))));
    }
}
